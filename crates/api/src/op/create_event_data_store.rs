//! CreateEventDataStore: makes a store of records in the called Region, which takes in what its selectors want from then on.
//!
//! - Documented: the defaults (all management events of all Regions, 366 days, or 2557 with fixed pricing, protected from
//!   deletion, ingesting); 7 to 3653 days, or to 2557; at most 5 selectors; ten stores in a Region, those whose deletion is pending
//!   included; names are unique in a Region; a store for events from outside of AWS has one Region; the answer's status is `CREATED`.
//! - Ours: the texts. By the time of the answer the store is `ENABLED` or `STOPPED_INGESTION`, as the next read shows.
//!   Ingestion can be left off where it could be stopped. The record of this call isn't taken in by the store that it makes, unless
//!   other selectors want it later. OpenTrail has no organizations and no KMS keys yet: each is refused as AWS refuses a missing one.

use opentrail_model::{BillingMode, EventDataStore, EventDataStoreArn, EventDataStoreCategory, Selectors, Tag};
use opentrail_wire::shapes::{
    AdvancedEventSelector, AdvancedFieldSelector, CreateEventDataStoreRequest, CreateEventDataStoreResponse,
};

use crate::error::LakeError;
use crate::find::Effective;
use crate::stores::{rules, view};
use crate::{Api, Caller, Error};

pub(crate) async fn create_event_data_store(
    api: &Api,
    caller: &Caller,
    input: CreateEventDataStoreRequest,
) -> Result<CreateEventDataStoreResponse, Error> {
    let tags = rules::new_tags(input.tags_list.clone())?;
    if input.organization_enabled == Some(true) {
        return Err(Error::NoOrganization);
    }
    let selectors = input.advanced_event_selectors.clone().unwrap_or_else(default_selectors);
    let selectors = rules::read_selectors(selectors, &caller.region)?;
    let store = new_store(api, caller, input, selectors, tags)?;
    insert(api, &store).await?;
    Ok(view::created(&store))
}

fn default_selectors() -> Vec<AdvancedEventSelector> {
    let category = AdvancedFieldSelector {
        field: "eventCategory".to_owned(),
        equals: Some(vec!["Management".to_owned()]),
        ..AdvancedFieldSelector::default()
    };
    vec![AdvancedEventSelector { name: Some("Default management events".to_owned()), field_selectors: vec![category] }]
}

fn new_store(
    api: &Api,
    caller: &Caller,
    input: CreateEventDataStoreRequest,
    selectors: Selectors,
    tags: Vec<Tag>,
) -> Result<EventDataStore, Error> {
    let arn = EventDataStoreArn::new(caller.region.clone(), caller.account().clone(), &api.entropy.uuid());
    let default = EventDataStore::new(arn.expect("a UUID names a store"), &input.name, selectors, api.clock.now());
    let mode = input.billing_mode.as_ref().and_then(|mode| BillingMode::from_name(mode.as_str()));
    let billing_mode = mode.unwrap_or(default.billing_mode);
    let days = input.retention_period.and_then(|days| u32::try_from(days).ok());
    let store = EventDataStore {
        is_multi_region: input.multi_region_enabled.unwrap_or(default.is_multi_region),
        retention_days: days.unwrap_or_else(|| billing_mode.retention_days_default()),
        billing_mode,
        is_termination_protected: input.termination_protection_enabled.unwrap_or(default.is_termination_protected),
        is_ingesting: input.start_ingestion.unwrap_or(default.is_ingesting),
        tags,
        ..default
    };
    rules::check_retention(store.retention_days, billing_mode)?;
    rules::check_reach(store.category(), store.is_multi_region)?;
    check_ingestion(store.category(), store.is_ingesting)?;
    rules::check_key(input.kms_key_id.as_deref(), &caller.region)?;
    Ok(store)
}

fn check_ingestion(category: EventDataStoreCategory, is_ingesting: bool) -> Result<(), LakeError> {
    if is_ingesting || category.can_stop() {
        return Ok(());
    }
    let text = "StartIngestion can be false only for CloudTrail events and configuration items.";
    Err(LakeError::Parameter(text.to_owned()))
}

async fn insert(api: &Api, store: &EventDataStore) -> Result<(), Error> {
    let (account, region) = (&store.arn.account, &store.arn.region);
    let mut transaction = api.catalog.begin().await?;
    let others = transaction.event_data_stores_of(account, region).await?;
    rules::check_name(&others, &store.name)?;
    if others.len() >= rules::STORES_PER_REGION_MAX {
        let (account, region) = (account.clone(), region.clone());
        return Err(LakeError::StoreQuota { account, region, max: rules::STORES_PER_REGION_MAX }.into());
    }
    transaction.insert_event_data_store(store, api.effective_from(Effective::Now)).await?;
    // Commit point: the store and the position from which it takes records in are kept together, or neither is.
    Ok(transaction.commit().await?)
}
