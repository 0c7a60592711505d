//! GetQueryResults: a page of a query's result, or how far the query is while there is none.
//!
//! - Documented: at most 1000 rows a page; a row is a list of maps of one column each, all values texts; a query that took
//!   too long has a result in part.
//! - Ours: NULL is an empty map in its column's place, so that it differs from the empty text; a page ends before 1000 rows when it grows
//!   too large, which its token tells.

use std::collections::BTreeMap;

use opentrail_catalog::QueryStatus;
use opentrail_lake::Place;
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{GetQueryResultsRequest, GetQueryResultsResponse, QueryStatistics};

use crate::error::QueryError;
use crate::page_token::Binding;
use crate::queries::{ResultPage, int, long, status};
use crate::{Api, Caller, Error};

/// Rows of a page when the caller doesn't say; also the most that the model lets him ask for.
const PAGE: usize = 1000;

pub(crate) async fn get_query_results(
    api: &Api,
    caller: &Caller,
    input: GetQueryResultsRequest,
) -> Result<GetQueryResultsResponse, Error> {
    let query = api.with_cost(api.find_query(caller, &input.query_id).await?);
    let parameters = [Some(caller.account().as_str()), Some(caller.region.as_str()), Some(query.id.as_str())];
    let binding = Binding::new("GetQueryResults", &parameters);
    let first = match &input.next_token {
        Some(token) => binding.place(token).ok_or(Error::NextToken)?.position,
        None => 0,
    };
    let count = input.max_query_results.and_then(|max| usize::try_from(max).ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let page = match query.status {
        QueryStatus::Finished | QueryStatus::TimedOut if first < query.rows => {
            api.queries.rows(&query.id, first, count).await.map_err(QueryError::Result)?
        }
        _ => ResultPage { is_end: true, ..ResultPage::default() },
    };
    let next = first + page.rows.len() as u64;
    let place = Place { time: Timestamp::EPOCH, position: next };
    Ok(GetQueryResultsResponse {
        query_status: Some(status(&query)),
        query_statistics: Some(QueryStatistics {
            results_count: Some(int(page.rows.len() as u64)),
            total_results_count: Some(int(query.rows)),
            bytes_scanned: Some(long(query.cost.bytes_scanned)),
        }),
        next_token: (!page.is_end).then(|| binding.token(place)),
        query_result_rows: Some(show(page)),
        error_message: query.error,
    })
}

fn show(page: ResultPage) -> Vec<Vec<BTreeMap<String, String>>> {
    let columns = page.columns;
    let cell = |(title, cell): (&String, Option<String>)| cell.map(|cell| (title.clone(), cell)).into_iter().collect();
    page.rows.into_iter().map(|row| columns.iter().zip(row).map(cell).collect()).collect()
}
