//! CancelQuery: calls a query off that is queued or running.
//!
//! - Documented: one that has ended can't be cancelled; what it scanned counts.
//! - Ours: it is CANCELLED at once, though the last of its work may end a moment later.

use opentrail_catalog::{QueryDelivery, QueryEnd, QueryStatus};
use opentrail_wire::shapes::{self, CancelQueryRequest, CancelQueryResponse};

use crate::error::QueryError;
use crate::{Api, Caller, Error};

pub(crate) async fn cancel_query(
    api: &Api,
    caller: &Caller,
    input: CancelQueryRequest,
) -> Result<CancelQueryResponse, Error> {
    let query = api.find_query(caller, &input.query_id).await?;
    let ended = |status| Error::from(QueryError::Ended { id: query.id.clone(), status });
    if query.status.is_end() {
        return Err(ended(query.status));
    }
    let cost = api.queries.cost(&query.id).unwrap_or_default();
    let end = QueryEnd { status: QueryStatus::Cancelled, error: None, cost, rows: 0 };
    let mut transaction = api.catalog.begin().await?;
    if !transaction.end_query(&query.id, &end).await? {
        drop(transaction);
        return Err(ended(api.find_query(caller, &query.id).await?.status));
    }
    if query.delivery.is_some() {
        transaction.set_query_delivery(&query.id, QueryDelivery::Cancelled).await?;
    }
    // Commit point: it is cancelled, whatever its run does from here on.
    transaction.commit().await?;
    api.queries.cancel(&query.id);
    Ok(CancelQueryResponse {
        query_id: query.id,
        query_status: shapes::QueryStatus::Cancelled,
        event_data_store_owner_account_id: input.event_data_store_owner_account_id,
    })
}
