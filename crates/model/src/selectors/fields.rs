//! The fields that advanced selectors know, and where each may be used (CloudTrail API reference,
//! `AdvancedFieldSelector`).

use serde::{Deserialize, Serialize};

/// What carries the selectors; event data stores may use more fields than trails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SelectorSubject {
    /// A trail.
    Trail,
    /// An event data store.
    EventDataStore,
}

/// A field of a record that a selector can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named like the member that it looks at")]
pub enum Field {
    #[serde(rename = "errorCode")]
    ErrorCode,
    #[serde(rename = "eventCategory")]
    EventCategory,
    #[serde(rename = "eventName")]
    EventName,
    #[serde(rename = "eventSource")]
    EventSource,
    #[serde(rename = "eventType")]
    EventType,
    #[serde(rename = "readOnly")]
    ReadOnly,
    #[serde(rename = "resources.ARN")]
    ResourcesArn,
    #[serde(rename = "resources.type")]
    ResourcesType,
    #[serde(rename = "sessionCredentialFromConsole")]
    SessionCredentialFromConsole,
    #[serde(rename = "userIdentity.arn")]
    UserIdentityArn,
    #[serde(rename = "vpcEndpointId")]
    VpcEndpointId,
}

impl Field {
    /// All fields, sorted by name.
    pub const ALL: [Self; 11] = [
        Self::ErrorCode,
        Self::EventCategory,
        Self::EventName,
        Self::EventSource,
        Self::EventType,
        Self::ReadOnly,
        Self::ResourcesArn,
        Self::ResourcesType,
        Self::SessionCredentialFromConsole,
        Self::UserIdentityArn,
        Self::VpcEndpointId,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ErrorCode => "errorCode",
            Self::EventCategory => "eventCategory",
            Self::EventName => "eventName",
            Self::EventSource => "eventSource",
            Self::EventType => "eventType",
            Self::ReadOnly => "readOnly",
            Self::ResourcesArn => "resources.ARN",
            Self::ResourcesType => "resources.type",
            Self::SessionCredentialFromConsole => "sessionCredentialFromConsole",
            Self::UserIdentityArn => "userIdentity.arn",
            Self::VpcEndpointId => "vpcEndpointId",
        }
    }

    /// The field of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}
