//! What the settings of an event data store must be like.

use opentrail_catalog::StoredEventDataStore;
use opentrail_model::{
    BillingMode, EventDataStoreCategory, InvalidEventSelectors, Region, SelectorSubject, Selectors, SelectorsInput,
    Tag, TagError, tag,
};
use opentrail_wire::shapes;

use crate::destinations::is_key_reference;
use crate::error::LakeError;
use crate::tagging::read_tags;
use crate::{Error, selectors};

/// How many stores an account may have in a Region, those whose deletion is pending included.
pub(crate) const STORES_PER_REGION_MAX: usize = 10;

/// Shortest retention, in days.
const RETENTION_DAYS_MIN: u32 = 7;

/// Checks submitted selectors; only the advanced family exists for stores.
pub(crate) fn read_selectors(
    advanced: Vec<shapes::AdvancedEventSelector>,
    region: &Region,
) -> Result<Selectors, InvalidEventSelectors> {
    let SelectorsInput { advanced, .. } = selectors::read(None, Some(advanced));
    let input = SelectorsInput { basic: None, advanced };
    Selectors::validate(input, SelectorSubject::EventDataStore, region.partition())
}

/// Is the name free among the stores of the account and Region?
pub(crate) fn check_name(others: &[StoredEventDataStore], name: &str) -> Result<(), LakeError> {
    if others.iter().any(|other| other.store.name == name) {
        return Err(LakeError::StoreExists(name.to_owned()));
    }
    Ok(())
}

/// A retention period, which the billing mode bounds.
pub(crate) fn check_retention(days: u32, mode: BillingMode) -> Result<(), LakeError> {
    let max = mode.retention_days_max();
    if (RETENTION_DAYS_MIN..=max).contains(&days) {
        return Ok(());
    }
    Err(LakeError::Parameter(format!(
        "The retention period must be between {RETENTION_DAYS_MIN} and {max} days for the billing mode {}.",
        mode.as_str()
    )))
}

/// What comes through channels belongs to one Region.
pub(crate) fn check_reach(category: EventDataStoreCategory, is_multi_region: bool) -> Result<(), LakeError> {
    if category == EventDataStoreCategory::ActivityAuditLog && is_multi_region {
        return Err(LakeError::Parameter(
            "An event data store for events from outside of AWS cannot be a multi-Region event data store. \
             Set MultiRegionEnabled to false."
                .to_owned(),
        ));
    }
    Ok(())
}

/// OpenTrail keeps no keys: a well-formed reference is refused as one to a missing key is.
pub(crate) fn check_key(key: Option<&str>, region: &Region) -> Result<(), Error> {
    match key {
        None | Some("") => Ok(()),
        Some(key) if is_key_reference(key, region) => Err(LakeError::KeyRefuses(key.to_owned()).into()),
        Some(key) => Err(Error::KeyNotFound(key.to_owned())),
    }
}

/// The tags of something new, for operations that have one error for all that can be wrong with them.
pub(crate) fn new_tags(tags: Option<Vec<shapes::Tag>>) -> Result<Vec<Tag>, TagError> {
    let added = read_tags(tags.unwrap_or_default());
    tag::add_tags(&[], &added).map_err(|error| TagError::Invalid(error.to_string()))
}
