//! PutInsightSelectors: which Insights a trail shall log. An empty list disables them.
//!
//! - Documented: home Region only; the call rate of management events needs a trail that logs their writes, the error
//!   rate any of them, Insights on data events a trail that logs those; the bucket is checked for Insights objects.
//! - Ours: the texts. Selectors are kept and shown; OpenTrail detects no Insights yet. Categories that weren't given are
//!   shown as `Management`. Event data stores are not built yet: asking for one is refused and says so.

use opentrail_model::{InsightSelector, Trail, TrailRef};
use opentrail_wire::shapes::{PutInsightSelectorsRequest, PutInsightSelectorsResponse};

use crate::find::at_home;
use crate::{Api, Caller, Error, insights};

pub(crate) async fn put_insight_selectors(
    api: &Api,
    caller: &Caller,
    input: PutInsightSelectorsRequest,
) -> Result<PutInsightSelectorsResponse, Error> {
    let reference = TrailRef::parse(&trail_name(&input)?)?;
    let selectors = insights::read(input.insight_selectors)?;
    let trail = match try_put(api, caller, &reference, &selectors).await {
        Err(Error::Conflict) => try_put(api, caller, &reference, &selectors).await?,
        done => done?,
    };
    Ok(PutInsightSelectorsResponse {
        trail_arn: Some(trail.arn.to_string()),
        insight_selectors: Some(insights::show(&trail.insight_selectors)),
        event_data_store_arn: None,
        insights_destination: None,
    })
}

/// A trail, or an event data store with a destination, must be named.
fn trail_name(input: &PutInsightSelectorsRequest) -> Result<String, Error> {
    match (&input.trail_name, &input.event_data_store, &input.insights_destination) {
        (Some(name), None, None) => Ok(name.clone()),
        (Some(_), _, _) => Err(Error::Combination(
            "You can specify either TrailName, or EventDataStore and InsightsDestination, but not both.",
        )),
        (None, Some(_), Some(_)) => Err(Error::NotBuiltYet("Event data stores are not built in OpenTrail yet.")),
        (None, _, _) => {
            Err(Error::Parameter("You must specify either TrailName, or EventDataStore and InsightsDestination."))
        }
    }
}

async fn try_put(
    api: &Api,
    caller: &Caller,
    reference: &TrailRef,
    selectors: &[InsightSelector],
) -> Result<Trail, Error> {
    let mut stored = at_home(api.catalog.trails_of_account(caller.account()).await?, caller, reference)?;
    if stored.trail.insight_selectors == selectors {
        return Ok(stored.trail);
    }
    stored.trail.insight_selectors = selectors.to_vec();
    if !selectors.is_empty() {
        insights::check_logged(&stored.trail)?;
        api.put_marker(&stored.trail, "CloudTrail-Insight").await?;
    }
    api.swap(&stored).await?;
    Ok(stored.trail)
}
