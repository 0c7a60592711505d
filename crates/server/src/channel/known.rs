//! What is known of channels that are in use: their stores, whom their policy lets in.
//!
//! Each request through a channel asks for all of it, and it hardly ever changes. What was read is used for as long as the catalog
//! says that nothing has changed; then all of it is forgotten.

use std::collections::HashMap;
use std::sync::Arc;

use opentrail_catalog::{Catalog, StoreKind, StoredChannel};
use opentrail_model::{ChannelArn, EventDataStoreCategory, MalformedPolicy, Policy};
use parking_lot::RwLock;

/// A channel as it is now.
#[derive(Debug)]
pub(crate) struct KnownChannel {
    pub(crate) stored: StoredChannel,
    /// The stores that take in what comes through it.
    pub(crate) stores: Vec<u128>,
    pub(crate) policy: Option<Policy>,
}

/// The channel could not be looked up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChannelError {
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
    /// Policies are checked before they are put.
    #[error("the policy of the channel can't be read: {0}")]
    Policy(#[from] MalformedPolicy),
}

/// Channels that are in use. One that is changed or deleted is looked up anew from then on.
#[derive(Debug, Default)]
pub(crate) struct KnownChannels(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// [`Catalog::rules_version`], from before the channels were read.
    version: u64,
    channels: HashMap<ChannelArn, Arc<KnownChannel>>,
}

impl KnownChannels {
    /// The channel of that ARN; none if there is none.
    pub(crate) async fn find(
        &self,
        catalog: &Catalog,
        arn: &ChannelArn,
    ) -> Result<Option<Arc<KnownChannel>>, ChannelError> {
        let version = catalog.rules_version();
        if let Some(known) = self.known(version, arn) {
            return Ok(Some(known));
        }
        let Some(found) = read(catalog, arn).await? else { return Ok(None) };
        let found = Arc::new(found);
        self.remember(version, arn, &found);
        Ok(Some(found))
    }

    fn known(&self, version: u64, arn: &ChannelArn) -> Option<Arc<KnownChannel>> {
        let known = self.0.read();
        known.channels.get(arn).filter(|_| known.version == version).map(Arc::clone)
    }

    fn remember(&self, version: u64, arn: &ChannelArn, found: &Arc<KnownChannel>) {
        let mut known = self.0.write();
        if known.version < version {
            *known = Known { version, channels: HashMap::new() };
        }
        // What was read before a change must not stand for what is after it.
        if known.version == version {
            known.channels.insert(arn.clone(), Arc::clone(found));
        }
    }
}

async fn read(catalog: &Catalog, arn: &ChannelArn) -> Result<Option<KnownChannel>, ChannelError> {
    let Some(stored) = catalog.channel(arn).await? else { return Ok(None) };
    let policy = catalog.resource_policy(&arn.to_string()).await?;
    let policy = policy.as_deref().map(Policy::parse).transpose()?;
    let mut stores = Vec::new();
    for arn in &stored.channel.destinations {
        let found = catalog.event_data_store(arn).await?;
        let is_open = found.is_some_and(|found| {
            found.store.takes_in() && found.store.category() == EventDataStoreCategory::ActivityAuditLog
        });
        if let Some(StoreKind::EventDataStore(number)) = StoreKind::event_data_store(arn.id()).filter(|_| is_open) {
            stores.push(number);
        }
    }
    Ok(Some(KnownChannel { stored, stores, policy }))
}

#[cfg(test)]
mod tests {
    use opentrail_model::Channel;
    use opentrail_stdx::Timestamp;

    use super::*;

    const ARN: &str = "arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef";

    fn channel(name: &str) -> Channel {
        Channel {
            arn: ARN.parse().expect("an ARN"),
            name: name.to_owned(),
            source: "Custom".to_owned(),
            destinations: Vec::new(),
            tags: Vec::new(),
            created_at: Timestamp::EPOCH,
        }
    }

    async fn name(known: &KnownChannels, catalog: &Catalog) -> Option<String> {
        let found = known.find(catalog, &channel("").arn).await.expect("reads");
        found.map(|found| found.stored.channel.name.clone())
    }

    #[tokio::test]
    async fn a_channel_is_read_once_until_something_changes() {
        let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.expect("a catalog");
        let known = KnownChannels::default();
        assert_eq!(name(&known, &catalog).await, None);
        let mut transaction = catalog.begin().await.expect("begins");
        transaction.insert_channel(&channel("first")).await.expect("inserts");
        transaction.commit().await.expect("commits");
        assert_eq!(name(&known, &catalog).await.as_deref(), Some("first"));
        let find = async || known.find(&catalog, &channel("").arn).await.expect("reads").expect("is there");
        assert!(Arc::ptr_eq(&find().await, &find().await), "it is remembered");

        let mut stored = find().await.stored.clone();
        stored.channel.name = "second".to_owned();
        let mut transaction = catalog.begin().await.expect("begins");
        transaction.update_channel(&stored).await.expect("updates");
        let policy =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#;
        transaction.put_resource_policy(ARN, policy).await.expect("puts");
        transaction.commit().await.expect("commits");
        assert_eq!(name(&known, &catalog).await.as_deref(), Some("second"));
        assert!(find().await.policy.is_some());

        let mut transaction = catalog.begin().await.expect("begins");
        transaction.delete_channel(&stored).await.expect("deletes");
        transaction.commit().await.expect("commits");
        assert_eq!(name(&known, &catalog).await, None);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = KnownChannels::default();
        let found = |name: &str| {
            let stored = StoredChannel { id: 1, version: 1, channel: channel(name) };
            Arc::new(KnownChannel { stored, stores: Vec::new(), policy: None })
        };
        let arn = channel("").arn;
        known.remember(2, &arn, &found("new"));
        known.remember(1, &arn, &found("old"));
        assert_eq!(known.known(2, &arn).expect("is known").stored.channel.name, "new");
        assert!(known.known(1, &arn).is_none() && known.known(3, &arn).is_none());
        known.remember(3, &arn, &found("newer"));
        assert_eq!(known.known(3, &arn).expect("is known").stored.channel.name, "newer");
    }
}
