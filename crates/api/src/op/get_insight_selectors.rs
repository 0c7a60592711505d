//! GetInsightSelectors: which Insights a trail or an event data store logs.
//!
//! - Seen: the text for a trail without Insights.
//! - Documented: a trail or an event data store must be named, not both.
//! - Ours: a store that isn't there is `InvalidParameterException`, of the errors that the model gives this operation the one that fits.

use opentrail_wire::shapes::{GetInsightSelectorsRequest, GetInsightSelectorsResponse};

use crate::error::LakeError;
use crate::stores::as_parameter;
use crate::{Api, Caller, Error, insights};

pub(crate) async fn get_insight_selectors(
    api: &Api,
    caller: &Caller,
    input: GetInsightSelectorsRequest,
) -> Result<GetInsightSelectorsResponse, Error> {
    match (input.trail_name, input.event_data_store) {
        (Some(name), None) => of_trail(api, caller, &name).await,
        (None, Some(store)) => of_store(api, caller, &store).await.map_err(as_parameter),
        (Some(_), Some(_)) => {
            Err(Error::Combination("You can specify either TrailName or EventDataStore, but not both."))
        }
        (None, None) => Err(Error::Parameter("You must specify either TrailName or EventDataStore.")),
    }
}

async fn of_trail(api: &Api, caller: &Caller, name: &str) -> Result<GetInsightSelectorsResponse, Error> {
    let trail = api.find(caller, name).await?.trail;
    if trail.insight_selectors.is_empty() {
        return Err(Error::InsightsNotEnabled(trail.arn));
    }
    Ok(GetInsightSelectorsResponse {
        trail_arn: Some(trail.arn.to_string()),
        insight_selectors: Some(insights::show(&trail.insight_selectors)),
        ..GetInsightSelectorsResponse::default()
    })
}

async fn of_store(api: &Api, caller: &Caller, reference: &str) -> Result<GetInsightSelectorsResponse, Error> {
    let store = api.own_store(caller, reference).await?.store;
    let Some(wanted) = store.insights else { return Err(LakeError::StoreInsightsNotEnabled(store.arn).into()) };
    Ok(GetInsightSelectorsResponse {
        trail_arn: None,
        insight_selectors: Some(insights::show(&wanted.selectors)),
        event_data_store_arn: Some(store.arn.to_string()),
        insights_destination: Some(wanted.destination.to_string()),
    })
}
