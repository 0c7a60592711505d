//! What an event data store can hold and be, by the names of the wire.

use serde::{Deserialize, Serialize};

use crate::selectors::{AdvancedEventSelector, Field};

/// What kind of records a store holds; it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventDataStoreCategory {
    /// Management, data and network activity events, in any mix.
    Events,
    /// Insights events.
    Insight,
    /// Configuration items of AWS Config.
    ConfigurationItem,
    /// Evidence of Audit Manager.
    Evidence,
    /// What comes through channels.
    ActivityAuditLog,
}

impl EventDataStoreCategory {
    /// The kind that selectors ask for: the odd categories stand alone, so that the first selector tells.
    pub fn of(selectors: &[AdvancedEventSelector]) -> Self {
        let fields = selectors.first().map_or(&[][..], |selector| &selector.field_selectors);
        let category = fields.iter().find(|field| field.field == Field::EventCategory);
        match category.and_then(|field| field.equals.first()).map(String::as_str) {
            Some("Insight") => Self::Insight,
            Some("ConfigurationItem") => Self::ConfigurationItem,
            Some("Evidence") => Self::Evidence,
            Some("ActivityAuditLog") => Self::ActivityAuditLog,
            _ => Self::Events,
        }
    }

    /// Can ingestion be stopped and started? (CloudTrail user guide, "Stop and start event ingestion".)
    pub fn can_stop(self) -> bool {
        matches!(self, Self::Events | Self::ConfigurationItem)
    }
}

/// Where a store is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventDataStoreStatus {
    /// It was made just now.
    Created,
    /// It takes in records.
    Enabled,
    /// It takes in no records until ingestion is started.
    StoppedIngestion,
    /// It takes in no records and answers no questions, and will be gone soon.
    PendingDeletion,
}

impl EventDataStoreStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Enabled => "ENABLED",
            Self::StoppedIngestion => "STOPPED_INGESTION",
            Self::PendingDeletion => "PENDING_DELETION",
        }
    }
}

/// The pricing option of a store, which bounds its retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BillingMode {
    /// One year, extendable to ten.
    #[serde(rename = "EXTENDABLE_RETENTION_PRICING")]
    Extendable,
    /// Seven years.
    #[serde(rename = "FIXED_RETENTION_PRICING")]
    Fixed,
}

impl BillingMode {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extendable => "EXTENDABLE_RETENTION_PRICING",
            Self::Fixed => "FIXED_RETENTION_PRICING",
        }
    }

    /// The value of that name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Extendable, Self::Fixed].into_iter().find(|mode| mode.as_str() == name)
    }

    /// Retention when the caller doesn't say, in days.
    pub fn retention_days_default(self) -> u32 {
        match self {
            Self::Extendable => 366,
            Self::Fixed => 2557,
        }
    }

    /// The longest retention, in days.
    pub fn retention_days_max(self) -> u32 {
        match self {
            Self::Extendable => 3653,
            Self::Fixed => 2557,
        }
    }
}

/// The greatest size of a store's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum MaxEventSize {
    /// 256 KB.
    #[default]
    Standard,
    /// 1 MB.
    Large,
}

impl MaxEventSize {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Large => "Large",
        }
    }

    /// The value of that name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Standard, Self::Large].into_iter().find(|size| size.as_str() == name)
    }
}

/// What records can be enriched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContextKeyKind {
    /// Tags of resources and principals.
    TagContext,
    /// IAM's global condition keys.
    RequestContext,
}

impl ContextKeyKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TagContext => "TagContext",
            Self::RequestContext => "RequestContext",
        }
    }

    /// The value of that name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::TagContext, Self::RequestContext].into_iter().find(|kind| kind.as_str() == name)
    }
}
