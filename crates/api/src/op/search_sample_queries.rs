//! SearchSampleQueries: queries of a catalogue that a phrase may mean, the best first.
//!
//! - Documented: a phrase of 2 to 1000 characters, 1 to 50 results a page and 10 when the caller doesn't say; each with name, description, SQL
//!   and relevance.
//! - Ours: the catalogue, whose statements are about the last seven days and have `$EDS_ID` for the id of a store; the relevance is the part of
//!   the phrase that a query answers, from 0 to 1. The model lets phrases be of ASCII; `opentrail samples` takes Korean too. A bad
//!   token is `InvalidParameterException`, since the model gives this operation no error of its own for it.

use opentrail_samples::{Match, search};
use opentrail_wire::shapes::{
    SearchSampleQueriesRequest, SearchSampleQueriesResponse, SearchSampleQueriesSearchResult,
};

use crate::error::LakeError;
use crate::paging::{Paging, page};
use crate::{Api, Caller, Error};

/// Results of a page when the caller doesn't say.
const PAGE: i32 = 10;

pub(crate) async fn search_sample_queries(
    _api: &Api,
    caller: &Caller,
    input: SearchSampleQueriesRequest,
) -> Result<SearchSampleQueriesResponse, Error> {
    let found: Vec<(i64, Match)> = (1..).zip(search(&input.search_phrase)).collect();
    let limit = Some(input.max_results.unwrap_or(PAGE));
    let paging = Paging::new("SearchSampleQueries", caller, &[Some(&input.search_phrase)], input.next_token, limit);
    let (found, next_token) = page(&paging, found, |(number, _)| *number).map_err(as_parameter)?;
    let results = found.into_iter().map(|(_, found)| show(&found)).collect();
    Ok(SearchSampleQueriesResponse { search_results: Some(results), next_token })
}

fn as_parameter(error: Error) -> Error {
    match error {
        Error::NextToken => LakeError::Parameter(error.to_string()).into(),
        other => other,
    }
}

fn show(found: &Match) -> SearchSampleQueriesSearchResult {
    let question = found.question;
    SearchSampleQueriesSearchResult {
        name: Some(question.name.to_owned()),
        description: Some(question.about.to_owned()),
        sql: Some(question.sample()),
        relevance: Some(found.relevance as f32),
    }
}
