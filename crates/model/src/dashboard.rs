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

const MINUTE_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

impl RefreshSchedule {
    /// When the last refresh was due, at `now` or before: each period after a midnight, put off to the time of the day.
    pub fn last_due(&self, now: Timestamp) -> Timestamp {
        let period = HOUR_MS
            * match self.every {
                RefreshEvery::Hours(hours) => i64::from(hours.max(1)),
                RefreshEvery::Day => 24,
            };
        let number = |text: &str| text.parse::<i64>().unwrap_or(0);
        let offset = self
            .time_of_day
            .split_once(':')
            .map_or(0, |(hours, minutes)| number(hours) * HOUR_MS + number(minutes) * MINUTE_MS);
        let offset = offset % period;
        Timestamp::from_ms((now.as_ms() - offset).div_euclid(period) * period + offset)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refreshes_are_due_at_their_time_of_the_day() {
        let now = Timestamp::parse_iso("2026-09-13T17:12:18Z").expect("a time");
        for (every, time_of_day, expected) in [
            (RefreshEvery::Hours(1), "00:00", "2026-09-13T17:00:00Z"),
            (RefreshEvery::Hours(1), "08:30", "2026-09-13T16:30:00Z"),
            (RefreshEvery::Hours(6), "00:00", "2026-09-13T12:00:00Z"),
            (RefreshEvery::Hours(6), "10:30", "2026-09-13T16:30:00Z"),
            (RefreshEvery::Hours(12), "23:59", "2026-09-13T11:59:00Z"),
            (RefreshEvery::Hours(24), "17:12", "2026-09-13T17:12:00Z"),
            (RefreshEvery::Day, "17:13", "2026-09-12T17:13:00Z"),
        ] {
            let schedule = RefreshSchedule { every, is_enabled: true, time_of_day: time_of_day.to_owned() };
            assert_eq!(schedule.last_due(now).iso(), expected, "{every:?} {time_of_day}");
        }
    }
}
