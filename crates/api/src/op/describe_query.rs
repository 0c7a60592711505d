//! DescribeQuery: how far a query is and what it cost, by id, or the last one of an alias.
//!
//! - Documented: an id or an alias; where a result is delivered only if that was asked for; the message of a failure.
//! - Ours: a cost that grows while the query runs. With a refresh's id an alias means the query of that refresh.

use opentrail_wire::shapes::{DescribeQueryRequest, DescribeQueryResponse, QueryStatisticsForDescribeQuery};

use crate::error::{LakeError, QueryError};
use crate::queries::{int, long, status};
use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn describe_query(
    api: &Api,
    caller: &Caller,
    input: DescribeQueryRequest,
) -> Result<DescribeQueryResponse, Error> {
    let query = match (&input.query_id, &input.query_alias) {
        (Some(id), None) if input.refresh_id.is_none() => api.find_query(caller, id).await?,
        (None, Some(alias)) => {
            let found = api
                .catalog
                .query_of_alias(caller.account(), &caller.region, alias, input.refresh_id.as_deref())
                .await?;
            let query = found.ok_or_else(|| QueryError::NotFound(alias.clone()))?;
            api.check_stores(&query).await?;
            query
        }
        (Some(_), None) => return refused("You can specify a RefreshId with a QueryAlias only."),
        _ => return refused("You must specify either a QueryId or a QueryAlias."),
    };
    let query = api.with_cost(query);
    Ok(DescribeQueryResponse {
        query_status: Some(status(&query)),
        query_statistics: Some(QueryStatisticsForDescribeQuery {
            events_matched: Some(long(query.cost.events_matched)),
            events_scanned: Some(long(query.cost.events_scanned)),
            bytes_scanned: Some(long(query.cost.bytes_scanned)),
            execution_time_in_millis: Some(int(query.cost.execution_ms)),
            creation_time: Some(timestamp(query.created_at)),
        }),
        error_message: query.error,
        delivery_s3_uri: query.delivery_uri,
        delivery_status: query.delivery.map(|delivery| delivery.as_str().into()),
        prompt: None,
        event_data_store_owner_account_id: input.event_data_store_owner_account_id,
        query_string: Some(query.statement),
        query_id: Some(query.id),
    })
}

fn refused(message: &str) -> Result<DescribeQueryResponse, Error> {
    Err(LakeError::Parameter(message.to_owned()).into())
}
