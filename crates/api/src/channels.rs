//! From what a caller writes to a channel, and where channels may lead.

use opentrail_catalog::{StoredChannel, Transaction};
use opentrail_model::{ChannelArn, EventDataStoreArn, EventDataStoreCategory};
use opentrail_wire::shapes::{Destination, DestinationType};

use crate::error::LakeError;
use crate::stores::store_of;
use crate::{Api, Caller, Error};

/// The ARN of a channel of the caller's account: text that doesn't begin like an ARN is the id of one in the called
/// Region.
pub(crate) fn channel_arn(caller: &Caller, reference: &str) -> Result<ChannelArn, Error> {
    let arn = if reference.starts_with("arn:") {
        reference.parse().ok()
    } else {
        ChannelArn::new(caller.region.clone(), caller.account().clone(), reference)
    };
    let own = arn.filter(|arn: &ChannelArn| arn.account == *caller.account());
    own.ok_or_else(|| Error::InvalidChannelArn(reference.to_owned()))
}

/// A channel lives in one Region and is found in no other.
pub(crate) fn visible(found: Option<StoredChannel>, caller: &Caller, arn: &ChannelArn) -> Result<StoredChannel, Error> {
    found.filter(|_| arn.region == caller.region).ok_or_else(|| Error::ChannelNotFound(arn.to_string()))
}

impl Api {
    /// The caller's channel that a reference means.
    pub(crate) async fn find_channel(&self, caller: &Caller, reference: &str) -> Result<StoredChannel, Error> {
        let arn = channel_arn(caller, reference)?;
        visible(self.catalog.channel(&arn).await?, caller, &arn)
    }
}

/// Checks destinations: stores for events from outside of AWS, each once.
pub(crate) async fn read_destinations(
    transaction: &mut Transaction,
    caller: &Caller,
    destinations: &[Destination],
) -> Result<Vec<EventDataStoreArn>, Error> {
    let mut read = Vec::with_capacity(destinations.len());
    for destination in destinations {
        if destination.r#type != DestinationType::EventDataStore {
            return Err(Error::Parameter("The type of a destination must be EVENT_DATA_STORE."));
        }
        let store = store_of(transaction, caller, &destination.location).await?.store;
        if store.gone_at.is_some() {
            return Err(LakeError::StoreInactive(store.arn).into());
        }
        if store.category() != EventDataStoreCategory::ActivityAuditLog {
            let needed = "events from outside of AWS (ActivityAuditLog)";
            return Err(LakeError::StoreCategory { arn: store.arn, needed }.into());
        }
        if read.contains(&store.arn) {
            return Err(Error::Parameter("Specify each destination at most once."));
        }
        read.push(store.arn);
    }
    Ok(read)
}

pub(crate) fn show_destinations(destinations: &[EventDataStoreArn]) -> Vec<Destination> {
    let show =
        |arn: &EventDataStoreArn| Destination { r#type: DestinationType::EventDataStore, location: arn.to_string() };
    destinations.iter().map(show).collect()
}

/// Is the name free among the channels of the account and Region?
pub(crate) fn check_name(others: &[StoredChannel], name: &str) -> Result<(), LakeError> {
    if others.iter().any(|other| other.channel.name == name) {
        return Err(LakeError::ChannelExists(name.to_owned()));
    }
    Ok(())
}
