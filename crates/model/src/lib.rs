//! The nouns: who calls, what a trail is, which records it wants, and what a record looks like.
//!
//! A [`Trail`] owns [`Selectors`]; a [`Routed`] is a borrowed view of one record's own bytes; [`Trail::wants`] brings
//! them together. A [`Record`] is one that we make ourselves, printed in CloudTrail's key order. [`Policy`] decides
//! what the policy of a bucket (or another resource) allows.
//!
//! ```
//! use opentrail_model::{Routed, Selectors};
//!
//! let text = br#"{"eventVersion":"1.11","eventName":"GetTrail","managementEvent":true,"eventCategory":"Management"}"#;
//! let event = Routed::parse(text)?;
//! assert!(Selectors::default().matches(&event));
//! # Ok::<(), opentrail_model::RecordError>(())
//! ```
//!
//! Types are born valid: whoever holds a [`TrailName`] needs no check. An error tells the caller what to mend, in
//! CloudTrail's own words where they are known. A record is never re-serialised here, and [`Routed::parse`] forgives
//! all but bytes that are no JSON object, since a record that we can't read well must still be kept.
//!
//! This crate is plain and synchronous. It knows no wire, no storage and no clock: time and ids are arguments.

pub mod account;
pub mod channel;
pub mod client_file;
pub mod dashboard;
pub mod event_data_store;
pub mod filter;
pub mod lake_arn;
pub mod lookup;
pub mod policy;
pub mod principal;
pub mod record;
pub mod selectors;
pub mod tag;
pub mod trail;
mod uuid;

pub use account::{AccountId, InvalidAccountId, InvalidRegion, Region};
pub use channel::Channel;
pub use dashboard::{Dashboard, RefreshEvery, RefreshSchedule, Widget};
pub use event_data_store::{
    BillingMode, ContextKeyKind, ContextKeys, EventDataStore, EventDataStoreCategory, EventDataStoreStatus,
    MaxEventSize, StoreInsights,
};
pub use filter::{Attribute, Filter, FilterTooLarge, Terms};
pub use lake_arn::{
    ChannelArn, DashboardArn, EventDataStoreArn, InvalidChannelArn, InvalidDashboardArn, InvalidEventDataStoreArn,
};
pub use policy::{Decision, MalformedPolicy, Policy, PolicyPrincipal, PolicyRequest};
pub use principal::{Principal, PrincipalKind};
pub use record::routed::Routed;
pub use record::{
    EventCategory, Record, RecordError, RecordKey, Resource, RoutedIdentity, RoutedResource, SessionAttributes,
    SessionContext, SessionIssuer, TlsDetails, UserIdentity, View,
};
pub use selectors::{
    AdvancedEventSelector, AdvancedEventSelectorInput, DataResource, DataResourceInput, EventSelector,
    EventSelectorInput, Field, FieldSelector, FieldSelectorInput, InvalidEventSelectors, ReadWriteType,
    SelectorSubject, Selectors, SelectorsInput,
};
pub use tag::{Tag, TagError};
pub use trail::{
    Aggregation, AggregationTemplate, CloudWatchLogs, InsightCategory, InsightSelector, InsightType, InvalidTrailArn,
    InvalidTrailName, SnsTopic, Trail, TrailArn, TrailName, TrailRef, TrailRefError,
};
pub use uuid::{uuid_number, uuid_text};
