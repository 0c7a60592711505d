//! StartQuery: checks a statement, queues it, and answers the id by which its result is asked for.
//!
//! - Documented: a statement of at most 10,000 characters reads event data stores by their ids; ten queries of an account are queued or
//!   running in a Region at most; a bucket for the result is checked at once; a store of another account is read when its policy
//!   allows `cloudtrail:StartQuery` and `EventDataStoreOwnerAccountId` names the account.
//! - Ours: log files as tables, `"s3://bucket/prefix"`, read with the caller's rights (docs/query.md); the messages about
//!   statements, which tell line and column; a store in another status than pending deletion can be queried. An alias without a
//!   statement is that of a dashboard's widget, whose `?` are replaced by the parameters in order.

use opentrail_blob::{OnBehalf, split_s3_uri};
use opentrail_catalog::{Query, QueryCost, QueryDelivery, QueryStatus};
use opentrail_model::{AccountId, EventDataStore};
use opentrail_wire::shapes::{StartQueryRequest, StartQueryResponse};

use crate::dashboards::fill;
use crate::destinations::{check_bucket_name, check_prefix};
use crate::error::{LakeError, QueryError};
use crate::{Api, Caller, Error};

/// How many queries of an account may be queued or running in a Region.
const ACTIVE_MAX: u64 = 10;

pub(crate) async fn start_query(
    api: &Api,
    caller: &Caller,
    input: StartQueryRequest,
) -> Result<StartQueryResponse, Error> {
    let statement = statement(api, caller, &input).await?;
    let owner = owner(caller, input.event_data_store_owner_account_id.as_deref())?;
    let stores = api.stores_of(caller, &owner, &statement).await?;
    if let Some(uri) = &input.delivery_s3_uri {
        check_delivery(api, caller, stores.first(), uri).await?;
    }
    let query = Query {
        number: 0,
        id: api.entropy.uuid(),
        account: caller.account().clone(),
        region: caller.region.clone(),
        statement,
        alias: input.query_alias,
        refresh_id: None,
        stores: stores.iter().map(|store| store.arn.to_string()).collect(),
        status: QueryStatus::Queued,
        error: None,
        created_at: api.clock.now(),
        cost: QueryCost::default(),
        rows: 0,
        delivery: input.delivery_s3_uri.as_ref().map(|_| QueryDelivery::Pending),
        delivery_uri: input.delivery_s3_uri,
    };
    insert(api, &query).await?;
    let answer = StartQueryResponse {
        query_id: Some(query.id.clone()),
        event_data_store_owner_account_id: input.event_data_store_owner_account_id,
    };
    api.queries.begin(query, caller);
    Ok(answer)
}

async fn statement(api: &Api, caller: &Caller, input: &StartQueryRequest) -> Result<String, Error> {
    let parameter = |message: String| Err(LakeError::Parameter(message).into());
    match (&input.query_statement, &input.query_alias, &input.query_parameters) {
        (Some(statement), _, None) => Ok(statement.clone()),
        (Some(_), _, Some(_)) => {
            parameter("QueryParameters belong to a QueryAlias; write the values into the QueryStatement.".to_owned())
        }
        (None, Some(alias), values) => match api.widget_of_alias(caller, alias).await? {
            Some(widget) => Ok(fill(&widget.statement, values.as_deref().unwrap_or_default())?),
            None => parameter(format!("The query alias {alias} does not exist.")),
        },
        (None, None, _) => parameter("You must specify a QueryStatement or a QueryAlias.".to_owned()),
    }
}

/// The account whose stores the statement names.
pub(crate) fn owner(caller: &Caller, asked: Option<&str>) -> Result<AccountId, Error> {
    let Some(asked) = asked else { return Ok(caller.account().clone()) };
    asked.parse().map_err(|_| LakeError::Parameter(format!("{asked} is not the id of an account.")).into())
}

/// `s3://bucket[/prefix]`, of a bucket that the result can go to.
async fn check_delivery(api: &Api, caller: &Caller, store: Option<&EventDataStore>, uri: &str) -> Result<(), Error> {
    let Some((bucket, prefix)) = split_uri(uri) else {
        return Err(LakeError::Parameter(format!("{uri} is not of the form s3://bucket/prefix.")).into());
    };
    check_bucket_name(bucket)?;
    check_prefix(prefix.unwrap_or_default())?;
    let on_behalf = OnBehalf {
        trail_arn: store.map_or_else(String::new, |store| store.arn.to_string()),
        account: caller.account().to_string(),
        region: caller.region.to_string(),
    };
    let Err(source) = api.buckets.get_acl(bucket, &on_behalf).await else { return Ok(()) };
    let bucket = bucket.to_owned();
    Err(match &*source.code {
        "NoSuchBucket" => Error::BucketNotFound(bucket),
        _ if source.is_transient() => Error::BucketUnavailable { bucket, source },
        _ => Error::BucketRefuses { bucket, source },
    })
}

/// Bucket and prefix.
fn split_uri(uri: &str) -> Option<(&str, Option<&str>)> {
    let (bucket, prefix) = split_s3_uri(uri)?;
    Some((bucket, Some(prefix.trim_end_matches('/')).filter(|prefix| !prefix.is_empty())))
}

async fn insert(api: &Api, query: &Query) -> Result<(), Error> {
    let mut transaction = api.catalog.begin().await?;
    if transaction.active_queries(&query.account, &query.region).await? >= ACTIVE_MAX {
        return Err(QueryError::TooMany { max: ACTIVE_MAX }.into());
    }
    transaction.insert_query(query).await?;
    // Commit point: from here on the query is listed. A crash before it has run makes it FAILED at the next start.
    Ok(transaction.commit().await?)
}
