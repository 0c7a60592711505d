//! A dashboard: queries that are asked together, and how their answers are drawn.

use std::collections::BTreeMap;

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

use crate::lake_arn::DashboardArn;
use crate::principal::timestamp_ms;
use crate::tag::Tag;

/// What the names of CloudTrail's own dashboards begin with.
pub const MANAGED_PREFIX: &str = "AWSCloudTrail-";

/// The dashboard that a customer makes and CloudTrail fills.
pub const HIGHLIGHTS: &str = "AWSCloudTrail-Highlights";

/// The dashboards that are always there (CloudTrail user guide, "Managed dashboards"), by name. Of these names the first
/// is known from the service's answers; the others follow its manner.
pub const MANAGED: [&str; 15] = [
    "AWSCloudTrail-Overview",
    "AWSCloudTrail-ManagementEvents",
    "AWSCloudTrail-SecurityMonitoring",
    "AWSCloudTrail-IAMActivity",
    "AWSCloudTrail-UserActivity",
    "AWSCloudTrail-EnrichedEvents",
    "AWSCloudTrail-ErrorAnalysis",
    "AWSCloudTrail-EC2Activity",
    "AWSCloudTrail-OrganizationsActivity",
    "AWSCloudTrail-ResourceChanges",
    "AWSCloudTrail-DataEventsOverview",
    "AWSCloudTrail-LambdaDataEvents",
    "AWSCloudTrail-DynamoDBDataEvents",
    "AWSCloudTrail-S3DataEvents",
    "AWSCloudTrail-InsightsEvents",
];

/// A dashboard that a customer made, as the catalog keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Name, owner and Region.
    pub arn: DashboardArn,
    /// What it shows, in this order.
    #[serde(default)]
    pub widgets: Vec<Widget>,
    /// When it is refreshed by itself.
    #[serde(default)]
    pub schedule: Option<RefreshSchedule>,
    /// Must protection be lifted before it can be deleted?
    pub is_termination_protected: bool,
    /// Tags, in the order in which they were added.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The latest refresh.
    #[serde(default)]
    pub last_refresh_id: Option<String>,
    /// Why the latest scheduled refresh failed.
    #[serde(default)]
    pub last_refresh_failure: Option<String>,
    /// When it was created.
    #[serde(with = "timestamp_ms")]
    pub created_at: Timestamp,
    /// When it was last updated.
    #[serde(with = "timestamp_ms")]
    pub updated_at: Timestamp,
}

/// One query of a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// What the query is called when it is asked; unique.
    pub alias: String,
    /// The query, with a `?` for each parameter.
    pub statement: String,
    /// What stands for each `?`, in this order; `None` when the caller gave no list.
    #[serde(default)]
    pub parameters: Option<Vec<String>>,
    /// How the answer is drawn.
    #[serde(default)]
    pub view: BTreeMap<String, String>,
}

/// When a dashboard is refreshed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshSchedule {
    /// How often.
    pub every: RefreshEvery,
    /// Is it in force?
    pub is_enabled: bool,
    /// At which time of the day in UTC, `HH:MM`; only the minutes count when it is refreshed by the hour.
    pub time_of_day: String,
}

/// How often a dashboard is refreshed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefreshEvery {
    /// Every 1, 6, 12 or 24 hours.
    Hours(u8),
    /// Once a day.
    Day,
}

/// The parameters that a widget's statement can have.
pub const WIDGET_PARAMETERS: [&str; 3] = ["$StartTime$", "$EndTime$", "$Period$"];
