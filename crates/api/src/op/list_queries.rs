//! ListQueries: the queries of the last seven days that read an event data store.
//!
//! - Documented: of one event data store; from and to; one status.
//! - Ours: newest first; the queries of whoever may list them, others' among them.

use std::time::Duration;

use opentrail_catalog::{QueryList, QueryStatus};
use opentrail_lake::Place;
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{ListQueriesRequest, ListQueriesResponse, Query};

use crate::error::{LakeError, QueryError};
use crate::page_token::Binding;
use crate::queries::status;
use crate::view::timestamp;
use crate::{Api, Caller, Error};

/// Queries of a page when the caller doesn't say; also the most that the model lets him ask for.
const PAGE: u32 = 1000;

/// How long queries are listed, and their results kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(crate) async fn list_queries(
    api: &Api,
    caller: &Caller,
    input: ListQueriesRequest,
) -> Result<ListQueriesResponse, Error> {
    let stored = api.find_store(caller, &input.event_data_store, "cloudtrail:ListQueries").await?;
    if stored.store.gone_at.is_some() {
        return Err(LakeError::StoreInactive(stored.store.arn).into());
    }
    let list = list(api, caller, &input, stored.store.arn.to_string())?;
    let mut queries = api.catalog.queries(&QueryList { limit: list.limit + 1, ..list.clone() }).await?;
    let is_end = queries.len() <= list.limit as usize;
    queries.truncate(list.limit as usize);
    let last = queries.last().filter(|_| !is_end).map(|query| query.number.unsigned_abs());
    let place = |position| Place { time: Timestamp::EPOCH, position };
    let next_token = last.map(|last| binding(caller, &input, &list.store).token(place(last)));
    let show = |query: opentrail_catalog::Query| Query {
        query_status: Some(status(&query)),
        creation_time: Some(timestamp(query.created_at)),
        query_id: Some(query.id),
    };
    Ok(ListQueriesResponse { queries: Some(queries.into_iter().map(show).collect()), next_token })
}

fn list(api: &Api, caller: &Caller, input: &ListQueriesRequest, store: String) -> Result<QueryList, Error> {
    let instant = |at: opentrail_wire::Timestamp| Timestamp::from_ms(at.as_millis());
    let (from, to) = (input.start_time.map(instant), input.end_time.map(instant));
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(QueryError::Range.into());
    }
    let status = match &input.query_status {
        None => None,
        Some(asked) => {
            let known = QueryStatus::parse(asked.as_str());
            Some(known.ok_or_else(|| QueryError::Status(asked.as_str().to_owned()))?)
        }
    };
    let before = match &input.next_token {
        None => None,
        Some(token) => {
            let place = binding(caller, input, &store).place(token).ok_or(Error::NextToken)?;
            i64::try_from(place.position).ok()
        }
    };
    let oldest = api.clock.now().minus(KEPT);
    let limit = input.max_results.and_then(|max| u32::try_from(max).ok()).unwrap_or(PAGE).clamp(1, PAGE);
    Ok(QueryList { store, from: from.map_or(oldest, |from| from.max(oldest)), to, status, before, limit })
}

/// What a token is bound to: all but the size of a page.
fn binding(caller: &Caller, input: &ListQueriesRequest, store: &str) -> Binding {
    let instant = |at: Option<opentrail_wire::Timestamp>| at.map(|at| at.as_millis().to_string());
    let (from, to) = (instant(input.start_time), instant(input.end_time));
    let status = input.query_status.as_ref().map(|status| status.as_str());
    let parameters = [Some(caller.account().as_str()), Some(store), from.as_deref(), to.as_deref(), status];
    Binding::new("ListQueries", &parameters)
}
