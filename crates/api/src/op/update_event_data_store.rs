//! UpdateEventDataStore: changes what is given, keeps what isn't.
//!
//! - Documented: at least one setting must be given; fixed pricing can become extendable and not the other way; a key, once
//!   chosen, stays; a store keeps its kind of records; not while its deletion is pending, nor while an import writes to it; while Insights are
//!   enabled it must go on logging management events; a shorter retention removes what is older.
//! - Ours: the texts, and which error each of them is. A change of pricing keeps the retention unless a new one is given.
//!   Federation shows only while it is enabled. Organizations and keys: as in CreateEventDataStore.

use opentrail_model::{BillingMode, EventDataStore, InvalidEventSelectors};
use opentrail_wire::shapes::{UpdateEventDataStoreRequest, UpdateEventDataStoreResponse};

use crate::error::{ImportError, LakeError};
use crate::find::Effective;
use crate::stores::{rules, view};
use crate::{Api, Caller, Error, insights};

pub(crate) async fn update_event_data_store(
    api: &Api,
    caller: &Caller,
    input: UpdateEventDataStoreRequest,
) -> Result<UpdateEventDataStoreResponse, Error> {
    check_something_given(&input)?;
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    let (old_name, arn) = (change.active()?.name.clone(), change.store().arn.clone());
    if change.transaction.is_import_ongoing(&arn).await? {
        return Err(ImportError::StoreBusy(arn).into());
    }
    if let Some(name) = input.name.as_ref().filter(|name| **name != old_name) {
        let others = change.transaction.event_data_stores_of(caller.account(), &caller.region).await?;
        rules::check_name(&others, name)?;
    }
    apply(change.store(), input)?;
    Ok(view::updated(&change.save(api, Effective::Now).await?))
}

fn check_something_given(input: &UpdateEventDataStoreRequest) -> Result<(), Error> {
    let nothing = UpdateEventDataStoreRequest {
        event_data_store: input.event_data_store.clone(),
        ..UpdateEventDataStoreRequest::default()
    };
    if *input == nothing {
        return Err(Error::Parameter("You must specify at least one setting of the event data store to update."));
    }
    Ok(())
}

/// Lays the request over the store.
fn apply(store: &mut EventDataStore, input: UpdateEventDataStoreRequest) -> Result<(), Error> {
    if input.organization_enabled == Some(true) {
        return Err(Error::NoOrganization);
    }
    if let Some(name) = input.name {
        store.name = name;
    }
    if let Some(advanced) = input.advanced_event_selectors {
        let category = store.category();
        store.selectors = rules::read_selectors(advanced, &store.arn.region)?;
        if store.category() != category {
            let text = "The event category of an event data store cannot be changed.";
            return Err(InvalidEventSelectors(text.to_owned()).into());
        }
    }
    if let Some(wanted) = &store.insights {
        insights::check_logged(&wanted.selectors, &store.selectors)?;
    }
    store.is_multi_region = input.multi_region_enabled.unwrap_or(store.is_multi_region);
    rules::check_reach(store.category(), store.is_multi_region)?;
    let mode = input.billing_mode.as_ref().and_then(|mode| BillingMode::from_name(mode.as_str()));
    apply_retention(store, mode, input.retention_period)?;
    store.is_termination_protected = input.termination_protection_enabled.unwrap_or(store.is_termination_protected);
    rules::check_key(input.kms_key_id.as_deref(), &store.arn.region)
}

fn apply_retention(store: &mut EventDataStore, mode: Option<BillingMode>, days: Option<i32>) -> Result<(), LakeError> {
    if mode == Some(BillingMode::Fixed) && store.billing_mode == BillingMode::Extendable {
        let text = "The billing mode cannot be changed from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING.";
        return Err(LakeError::Parameter(text.to_owned()));
    }
    store.billing_mode = mode.unwrap_or(store.billing_mode);
    store.retention_days = days.and_then(|days| u32::try_from(days).ok()).unwrap_or(store.retention_days);
    rules::check_retention(store.retention_days, store.billing_mode)
}
