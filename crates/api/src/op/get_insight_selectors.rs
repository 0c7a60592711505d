//! GetInsightSelectors: which Insights a trail logs.
//!
//! - Seen: the text for a trail without Insights.
//! - Documented: a trail or an event data store must be named, not both.
//! - Ours: event data stores are not built yet: asking for one is refused and says so.

use opentrail_wire::shapes::{GetInsightSelectorsRequest, GetInsightSelectorsResponse};

use crate::{Api, Caller, Error, insights};

pub(crate) async fn get_insight_selectors(
    api: &Api,
    caller: &Caller,
    input: GetInsightSelectorsRequest,
) -> Result<GetInsightSelectorsResponse, Error> {
    let name = match (input.trail_name, input.event_data_store) {
        (Some(name), None) => name,
        (Some(_), Some(_)) => {
            return Err(Error::Combination("You can specify either TrailName or EventDataStore, but not both."));
        }
        (None, Some(_)) => return Err(Error::NotBuiltYet("Event data stores are not built in OpenTrail yet.")),
        (None, None) => return Err(Error::Parameter("You must specify either TrailName or EventDataStore.")),
    };
    let trail = api.find(caller, &name).await?.trail;
    if trail.insight_selectors.is_empty() {
        return Err(Error::InsightsNotEnabled(trail.arn));
    }
    Ok(GetInsightSelectorsResponse {
        trail_arn: Some(trail.arn.to_string()),
        insight_selectors: Some(insights::show(&trail.insight_selectors)),
        event_data_store_arn: None,
        insights_destination: None,
    })
}
