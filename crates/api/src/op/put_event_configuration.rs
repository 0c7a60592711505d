//! PutEventConfiguration: how large the records of an event data store may be and what they are enriched with, or which
//! aggregated events a trail logs.
//!
//! - Documented: a trail or a store must be named, not both; keys need large events; each kind of keys once; an empty list
//!   removes what was there; only stores of CloudTrail events; aggregated events need a trail that logs data events, in its home Region.
//! - Ours: the texts, and that the answer shows all settings as they are then. What isn't given stays. Settings are kept and shown;
//!   OpenTrail neither enriches nor aggregates events yet.

use opentrail_model::{
    ContextKeyKind, ContextKeys, EventDataStore, EventDataStoreCategory, EventDataStoreStatus, MaxEventSize, Trail,
};
use opentrail_wire::shapes::{ContextKeySelector, PutEventConfigurationRequest, PutEventConfigurationResponse};

use crate::error::LakeError;
use crate::find::Effective;
use crate::{Api, Caller, Error, aggregation, insights, stores};

pub(crate) async fn put_event_configuration(
    api: &Api,
    caller: &Caller,
    input: PutEventConfigurationRequest,
) -> Result<PutEventConfigurationResponse, Error> {
    match (input.trail_name.clone(), input.event_data_store.clone()) {
        (Some(trail), None) => put_on_trail(api, caller, &trail, input).await,
        (None, Some(store)) => put_on_store(api, caller, &store, input).await,
        (Some(_), Some(_)) => {
            Err(Error::Combination("You can specify either TrailName or EventDataStore, but not both."))
        }
        (None, None) => Err(Error::Parameter("You must specify either TrailName or EventDataStore.")),
    }
}

async fn put_on_trail(
    api: &Api,
    caller: &Caller,
    reference: &str,
    input: PutEventConfigurationRequest,
) -> Result<PutEventConfigurationResponse, Error> {
    if input.max_event_size.is_some() || input.context_key_selectors.is_some() {
        return Err(Error::Combination(
            "MaxEventSize and ContextKeySelectors can be specified for event data stores only.",
        ));
    }
    let wanted = input.aggregation_configurations.map(aggregation::read).transpose()?;
    let put = |trail: &mut Trail| {
        let Some(wanted) = wanted.clone() else { return Ok(()) };
        if !wanted.is_empty() && !insights::logs_data(&trail.selectors) {
            return Err(Error::Parameter("To log aggregated events, the trail must log data events."));
        }
        trail.aggregations = wanted;
        Ok(())
    };
    let trail = api.change(caller, reference, Effective::Now, put).await?;
    Ok(PutEventConfigurationResponse {
        trail_arn: Some(trail.arn.to_string()),
        aggregation_configurations: Some(aggregation::show(&trail.aggregations)),
        ..PutEventConfigurationResponse::default()
    })
}

async fn put_on_store(
    api: &Api,
    caller: &Caller,
    reference: &str,
    input: PutEventConfigurationRequest,
) -> Result<PutEventConfigurationResponse, Error> {
    if input.aggregation_configurations.is_some() {
        return Err(Error::Combination("AggregationConfigurations can be specified for trails only."));
    }
    let keys = input.context_key_selectors.map(read_keys).transpose()?;
    let size = input.max_event_size.and_then(|size| MaxEventSize::from_name(size.as_str()));
    let mut change = api.store_change(caller, reference).await?;
    let store = change.active()?;
    check_configurable(store)?;
    store.max_event_size = size.unwrap_or(store.max_event_size);
    store.context_keys = keys.unwrap_or_else(|| store.context_keys.clone());
    if store.max_event_size != MaxEventSize::Large && !store.context_keys.is_empty() {
        return Err(Error::Combination("ContextKeySelectors can be used only when MaxEventSize is Large."));
    }
    let store = change.save(api, Effective::Now).await?;
    Ok(PutEventConfigurationResponse {
        trail_arn: None,
        event_data_store_arn: Some(store.arn.to_string()),
        max_event_size: Some(store.max_event_size.as_str().into()),
        context_key_selectors: Some(stores::view::context_keys(&store)),
        aggregation_configurations: None,
    })
}

/// Only CloudTrail's own events can be configured so.
pub(super) fn check_configurable(store: &EventDataStore) -> Result<(), LakeError> {
    let arn = store.arn.clone();
    if store.status() == EventDataStoreStatus::PendingDeletion {
        let needed = "ENABLED or STOPPED_INGESTION";
        return Err(LakeError::StoreStatus { arn, status: store.status(), needed });
    }
    if store.category() == EventDataStoreCategory::Events {
        return Ok(());
    }
    Err(LakeError::StoreCategory { arn, needed: "management or data events" })
}

fn read_keys(selectors: Vec<ContextKeySelector>) -> Result<Vec<ContextKeys>, Error> {
    let mut read: Vec<ContextKeys> = Vec::new();
    for selector in selectors {
        let kind = ContextKeyKind::from_name(selector.r#type.as_str())
            .ok_or(Error::Parameter("The type of a context key selector must be TagContext or RequestContext."))?;
        if read.iter().any(|earlier| earlier.kind == kind) {
            return Err(Error::Parameter("Specify each type of context key selector at most once."));
        }
        read.push(ContextKeys { kind, keys: selector.equals });
    }
    Ok(read)
}
