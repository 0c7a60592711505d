//! GenerateQuery: would write a query from a prompt. OpenTrail doesn't do that yet; it says so, and which sample may fit.
//!
//! - Documented: one event data store of CloudTrail events; a prompt that no query can be made of is `GenerateResponseException`.
//! - Ours: the store is looked up as if the query were made; then the answer is `UnsupportedOperationException` with the name of the sample query
//!   that fits the prompt best, which SearchSampleQueries finds.

use opentrail_model::EventDataStoreCategory;
use opentrail_wire::shapes::{GenerateQueryRequest, GenerateQueryResponse};

use crate::error::{LakeError, QueryError};
use crate::{Api, Caller, Error};

pub(crate) async fn generate_query(
    api: &Api,
    caller: &Caller,
    input: GenerateQueryRequest,
) -> Result<GenerateQueryResponse, Error> {
    let [reference] = &input.event_data_stores[..] else {
        return Err(LakeError::Parameter("Specify exactly one event data store.".to_owned()).into());
    };
    let store = api.find_store(caller, reference, "cloudtrail:GenerateQuery").await?.store;
    if store.gone_at.is_some() {
        return Err(LakeError::StoreInactive(store.arn).into());
    }
    if store.category() != EventDataStoreCategory::Events {
        let text = format!("The event data store {} does not hold CloudTrail events.", store.arn);
        return Err(LakeError::Parameter(text).into());
    }
    let nearest = opentrail_samples::search(&input.prompt).first().map(|found| found.question.name);
    Err(QueryError::NoGenerator { nearest }.into())
}
