//! An event data store: a collection of records that can be queried, and which records it takes in.

mod kinds;

use std::time::Duration;

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

pub use kinds::{BillingMode, ContextKeyKind, EventDataStoreCategory, EventDataStoreStatus, MaxEventSize};

use crate::lake_arn::EventDataStoreArn;
use crate::principal::timestamp_ms;
use crate::record::routed::Routed;
use crate::selectors::{AdvancedEventSelector, Selectors};
use crate::tag::Tag;
use crate::trail::InsightSelector;

/// For how long a deleted store can be brought back, in days (CloudTrail user guide, "Event data store lifecycle").
pub const DELETION_WAIT_DAYS: i64 = 7;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// All settings of an event data store, as the catalog keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDataStore {
    /// Id, owner and Region.
    pub arn: EventDataStoreArn,
    /// A name for people, unique in the account and Region.
    pub name: String,
    /// Which records it wants: always the advanced family, as submitted.
    pub selectors: Selectors,
    /// Takes in records of every Region?
    pub is_multi_region: bool,
    /// Takes in records of all accounts of the organization?
    pub is_organization: bool,
    /// How long records are kept, in days from their `eventTime`.
    pub retention_days: u32,
    /// Which bounds retention has.
    pub billing_mode: BillingMode,
    /// Must protection be lifted before it can be deleted?
    pub is_termination_protected: bool,
    /// ARN of the key that encrypts it.
    #[serde(default)]
    pub kms_key_id: Option<String>,
    /// Has ingestion not been stopped? It rests all the same while deletion is pending.
    pub is_ingesting: bool,
    /// When it will be gone, once it has been deleted.
    #[serde(default, with = "timestamp_ms::option")]
    pub gone_at: Option<Timestamp>,
    /// The role that lets others query it, while federated.
    #[serde(default)]
    pub federation_role: Option<String>,
    /// The Insights that it asks for.
    #[serde(default)]
    pub insights: Option<StoreInsights>,
    /// The greatest size of its records.
    #[serde(default)]
    pub max_event_size: MaxEventSize,
    /// What its records are enriched with; each kind once.
    #[serde(default)]
    pub context_keys: Vec<ContextKeys>,
    /// Tags, in the order in which they were added.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// When it was created.
    #[serde(with = "timestamp_ms")]
    pub created_at: Timestamp,
    /// When its settings or its status last changed.
    #[serde(with = "timestamp_ms")]
    pub updated_at: Timestamp,
}

/// The Insights of a store, and the store that they go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreInsights {
    /// Kinds of Insights; never empty.
    pub selectors: Vec<InsightSelector>,
    /// A store of Insights events.
    pub destination: EventDataStoreArn,
}

/// Keys whose values are put into the records of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextKeys {
    /// Tags, or condition keys of the request.
    pub kind: ContextKeyKind,
    /// The keys.
    pub keys: Vec<String>,
}

impl EventDataStore {
    /// A store as CreateEventDataStore makes it when nothing but these is said (CloudTrail API reference): of every Region,
    /// protected, taking in, with the retention of the one-year extendable mode.
    pub fn new(arn: EventDataStoreArn, name: &str, selectors: Selectors, at: Timestamp) -> Self {
        let billing_mode = BillingMode::Extendable;
        Self {
            arn,
            name: name.to_owned(),
            selectors,
            is_multi_region: true,
            is_organization: false,
            retention_days: billing_mode.retention_days_default(),
            billing_mode,
            is_termination_protected: true,
            kms_key_id: None,
            is_ingesting: true,
            gone_at: None,
            federation_role: None,
            insights: None,
            max_event_size: MaxEventSize::default(),
            context_keys: Vec::new(),
            tags: Vec::new(),
            created_at: at,
            updated_at: at,
        }
    }

    /// What it is answered to be in. The transitional statuses of the model are over before an answer is given.
    pub fn status(&self) -> EventDataStoreStatus {
        match (self.gone_at, self.is_ingesting) {
            (Some(_), _) => EventDataStoreStatus::PendingDeletion,
            (None, true) => EventDataStoreStatus::Enabled,
            (None, false) => EventDataStoreStatus::StoppedIngestion,
        }
    }

    /// Does it take records in now?
    pub fn takes_in(&self) -> bool {
        self.status() == EventDataStoreStatus::Enabled
    }

    /// The earliest time of events that it keeps.
    pub fn kept_since(&self, now: Timestamp) -> Timestamp {
        now.minus(DAY * self.retention_days)
    }

    /// Its advanced selectors.
    pub fn advanced_selectors(&self) -> &[AdvancedEventSelector] {
        match &self.selectors {
            Selectors::Advanced(selectors) => selectors,
            Selectors::Basic(_) => &[],
        }
    }

    /// What kind of records it holds.
    pub fn category(&self) -> EventDataStoreCategory {
        EventDataStoreCategory::of(self.advanced_selectors())
    }

    /// Does this store, as it is set now, take in `event`, which arrived for `account` in `region`?
    ///
    /// Only CloudTrail's own events come this way; Insights, configuration items and the records of channels are put
    /// into their stores by those who make them.
    pub fn wants_at(&self, account: &str, region: &str, event: &Routed<'_>) -> bool {
        self.takes_in()
            && self.category() == EventDataStoreCategory::Events
            && self.arn.account.as_str() == account
            && (self.is_multi_region || self.arn.region.as_str() == region)
            && self.selectors.matches(event)
    }
}

#[cfg(test)]
mod tests;
