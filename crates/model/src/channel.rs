//! A channel: the way of events from outside of AWS into event data stores.

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

use crate::lake_arn::{ChannelArn, EventDataStoreArn};
use crate::principal::timestamp_ms;
use crate::tag::Tag;

/// Where events can come from: a customer's own applications, or a partner (CloudTrail API reference, `CreateChannel`;
/// user guide, "Additional information about integration partners").
pub const SOURCES: [&str; 16] = [
    "Custom",
    "CloudStorageSecurityConsole",
    "Clumio",
    "CrowdStrike",
    "CyberArk",
    "GitHub",
    "IBMMulticloud",
    "KongGatewayEnterprise",
    "LaunchDarkly",
    "MontyCloud",
    "NetskopeCloudExchange",
    "OktaSystemLogEvents",
    "OneLogin",
    "Shoreline",
    "Snyk",
    "WizAuditLogs",
];

/// A channel, as the catalog keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Id, owner and Region.
    pub arn: ChannelArn,
    /// A name for people, unique in the account and Region.
    pub name: String,
    /// One of [`SOURCES`]; it never changes.
    pub source: String,
    /// The stores that get the events; never empty, each once.
    pub destinations: Vec<EventDataStoreArn>,
    /// Tags, in the order in which they were added.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// When it was created.
    #[serde(with = "timestamp_ms")]
    pub created_at: Timestamp,
}
