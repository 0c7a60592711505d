//! PutInsightSelectors: which Insights a trail or an event data store shall log. An empty list disables them.
//!
//! - Documented: home Region only; the call rate of management events needs a trail or store that logs their writes, the error
//!   rate any of them, Insights on data events a trail that logs those; the bucket is checked for Insights objects. A
//!   store needs another as destination, which holds Insights events; only management events of a store are watched.
//! - Ours: the texts. Selectors are kept and shown; OpenTrail detects no Insights yet. Categories that weren't given are
//!   shown as `Management`. A store that isn't there, or is being deleted, is `InvalidParameterException`, of the errors that the
//!   model gives this operation the one that fits. To disable, no destination need be given.

use opentrail_model::{
    EventDataStore, EventDataStoreCategory, InsightCategory, InsightSelector, StoreInsights, Trail, TrailRef,
};
use opentrail_wire::shapes::{PutInsightSelectorsRequest, PutInsightSelectorsResponse};

use crate::error::LakeError;
use crate::find::{Effective, at_home};
use crate::stores::as_parameter;
use crate::{Api, Caller, Error, insights};

pub(crate) async fn put_insight_selectors(
    api: &Api,
    caller: &Caller,
    input: PutInsightSelectorsRequest,
) -> Result<PutInsightSelectorsResponse, Error> {
    match (&input.trail_name, &input.event_data_store) {
        (Some(name), None) if input.insights_destination.is_none() => {
            let reference = TrailRef::parse(name)?;
            put_on_trail(api, caller, &reference, insights::read(input.insight_selectors)?).await
        }
        (Some(_), _) => Err(Error::Combination(
            "You can specify either TrailName, or EventDataStore and InsightsDestination, but not both.",
        )),
        (None, Some(store)) if input.insights_destination.is_some() || input.insight_selectors.is_empty() => {
            let selectors = insights::read(input.insight_selectors)?;
            put_on_store(api, caller, store, selectors, input.insights_destination.as_deref())
                .await
                .map_err(as_parameter)
        }
        (None, _) => {
            Err(Error::Parameter("You must specify either TrailName, or EventDataStore and InsightsDestination."))
        }
    }
}

async fn put_on_trail(
    api: &Api,
    caller: &Caller,
    reference: &TrailRef,
    selectors: Vec<InsightSelector>,
) -> Result<PutInsightSelectorsResponse, Error> {
    let trail = match try_put(api, caller, reference, &selectors).await {
        Err(Error::Conflict) => try_put(api, caller, reference, &selectors).await?,
        done => done?,
    };
    Ok(PutInsightSelectorsResponse {
        trail_arn: Some(trail.arn.to_string()),
        insight_selectors: Some(insights::show(&trail.insight_selectors)),
        ..PutInsightSelectorsResponse::default()
    })
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
        insights::check_logged(selectors, &stored.trail.selectors)?;
        api.put_marker(&stored.trail, "CloudTrail-Insight").await?;
    }
    api.swap(&stored).await?;
    Ok(stored.trail)
}

async fn put_on_store(
    api: &Api,
    caller: &Caller,
    reference: &str,
    selectors: Vec<InsightSelector>,
    destination: Option<&str>,
) -> Result<PutInsightSelectorsResponse, Error> {
    let destination = match destination.filter(|_| !selectors.is_empty()) {
        Some(destination) => Some(find_destination(api, caller, destination).await?),
        None => None,
    };
    let mut change = api.store_change(caller, reference).await?;
    let store = change.active()?;
    check_source(store, &selectors)?;
    store.insights = destination.map(|it| StoreInsights { selectors, destination: it.arn });
    let store = change.save(api, Effective::Now).await?;
    let shown = store.insights.as_ref().map_or(&[][..], |insights| &insights.selectors);
    Ok(PutInsightSelectorsResponse {
        trail_arn: None,
        insight_selectors: Some(insights::show(shown)),
        event_data_store_arn: Some(store.arn.to_string()),
        insights_destination: store.insights.as_ref().map(|insights| insights.destination.to_string()),
    })
}

async fn find_destination(api: &Api, caller: &Caller, reference: &str) -> Result<EventDataStore, Error> {
    let store = api.own_store(caller, reference).await?.store;
    if store.gone_at.is_some() {
        return Err(LakeError::StoreInactive(store.arn).into());
    }
    if store.category() != EventDataStoreCategory::Insight {
        let text = "The destination of Insights events must be an event data store for Insights events.";
        return Err(Error::Parameter(text));
    }
    Ok(store)
}

fn check_source(store: &EventDataStore, selectors: &[InsightSelector]) -> Result<(), Error> {
    let watches_data = |selector: &InsightSelector| selector.event_categories.contains(&InsightCategory::Data);
    if selectors.iter().any(watches_data) {
        return Err(Error::InsightSelectors("Insights on data events can be logged by trails only."));
    }
    if store.category() != EventDataStoreCategory::Events {
        let text = format!("The event data store {} does not hold CloudTrail events.", store.arn);
        return Err(LakeError::Parameter(text).into());
    }
    insights::check_logged(selectors, &store.selectors)
}
