//! A trail: where records of one account go, and which of them.

mod arn;
mod coverage;
mod name;

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

pub use arn::{InvalidTrailArn, TrailArn, TrailRef, TrailRefError};
pub use name::{InvalidTrailName, TrailName};

use crate::principal::timestamp_ms;
use crate::selectors::Selectors;
use crate::tag::Tag;

/// All settings of a trail, as the catalog keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Name, owner and home Region.
    pub arn: TrailArn,
    /// The bucket that log files go to.
    pub bucket: String,
    /// What stands before `AWSLogs/` in each key; `None` when nothing.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Whom to tell about each log file.
    #[serde(default)]
    pub sns_topic: Option<SnsTopic>,
    /// Deliver records of global services?
    pub include_global_service_events: bool,
    /// Deliver records of every Region?
    pub is_multi_region: bool,
    /// Seal log files with digests?
    pub log_file_validation: bool,
    /// Send each record to a log group, too.
    #[serde(default)]
    pub cloudwatch_logs: Option<CloudWatchLogs>,
    /// ARN of the key that encrypts what is delivered.
    #[serde(default)]
    pub kms_key_id: Option<String>,
    /// Deliver records of all accounts of the organization?
    pub is_organization: bool,
    /// Deliver the records of the trail's own deliveries?
    pub recursive_logging: bool,
    /// Which records it wants.
    pub selectors: Selectors,
    /// Have selectors other than the default been put?
    pub has_custom_event_selectors: bool,
    /// Kinds of Insights that it asks for; none when empty.
    #[serde(default)]
    pub insight_selectors: Vec<InsightSelector>,
    /// Aggregated events that it asks for; none when empty.
    #[serde(default)]
    pub aggregations: Vec<Aggregation>,
    /// Tags, in the order in which they were added.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Does it log now?
    pub is_logging: bool,
    /// The last start of logging.
    #[serde(default, with = "timestamp_ms::option")]
    pub started_at: Option<Timestamp>,
    /// The last stop of logging.
    #[serde(default, with = "timestamp_ms::option")]
    pub stopped_at: Option<Timestamp>,
    /// The instant at which the current digest chain starts; `None` while not logging, or without validation.
    #[serde(default, with = "timestamp_ms::option")]
    pub chain_started_at: Option<Timestamp>,
    /// When it was created.
    #[serde(with = "timestamp_ms")]
    pub created_at: Timestamp,
}

/// An SNS topic, as given and in full.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SnsTopic {
    /// The caller's spelling: a name or an ARN.
    pub name: String,
    /// The topic's ARN.
    pub arn: String,
}

/// A log group and the role that may write into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CloudWatchLogs {
    /// ARN of the log group, ending in `:*`.
    pub group_arn: String,
    /// ARN of the role.
    pub role_arn: String,
}

/// One kind of Insights, and the categories of records that it watches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InsightSelector {
    /// What is watched.
    pub insight_type: InsightType,
    /// `Management`, `Data`, or both; empty when the caller named none, which means `Management`.
    #[serde(default)]
    pub event_categories: Vec<InsightCategory>,
}

/// What Insights watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InsightType {
    /// Calls per minute.
    ApiCallRateInsight,
    /// Errors per minute.
    ApiErrorRateInsight,
}

/// Data events that are summed up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Aggregation {
    /// By what they are summed up; each once.
    pub templates: Vec<AggregationTemplate>,
}

/// By what data events can be summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AggregationTemplate {
    /// By operation.
    #[serde(rename = "API_ACTIVITY")]
    ApiActivity,
    /// By resource.
    #[serde(rename = "RESOURCE_ACCESS")]
    ResourceAccess,
    /// By user.
    #[serde(rename = "USER_ACTIONS")]
    UserActions,
}

impl AggregationTemplate {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiActivity => "API_ACTIVITY",
            Self::ResourceAccess => "RESOURCE_ACCESS",
            Self::UserActions => "USER_ACTIONS",
        }
    }

    /// The value of that name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::ApiActivity, Self::ResourceAccess, Self::UserActions].into_iter().find(|it| it.as_str() == name)
    }
}

/// The categories of records that Insights can watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InsightCategory {
    /// Management events.
    Management,
    /// Data events.
    Data,
}

macro_rules! wire_names {
    ($name:ty, $($variant:ident),+) => {
        impl $name {
            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }

            /// The value of that name on the wire.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($variant) => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

wire_names!(InsightType, ApiCallRateInsight, ApiErrorRateInsight);
wire_names!(InsightCategory, Management, Data);
