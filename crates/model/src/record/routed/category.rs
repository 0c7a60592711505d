//! The category of records that don't name it: `eventCategory` came with version 1.07.

use crate::record::EventCategory;

/// What tells the category of a record that doesn't name it.
pub(in crate::record) struct Clues<'c> {
    /// Is there an `insightDetails`?
    pub(in crate::record) is_insight: bool,
    /// `eventType`.
    pub(in crate::record) event_type: Option<&'c str>,
    /// `managementEvent`.
    pub(in crate::record) management_event: Option<bool>,
    /// `eventSource`.
    pub(in crate::record) event_source: Option<&'c str>,
    /// `eventName`.
    pub(in crate::record) event_name: Option<&'c str>,
}

/// In this order: the type of event where it leaves no choice; `managementEvent` (since 1.06); and for older records
/// the only data events that there were, calls on S3 objects (since 2016) and invocations of Lambda functions (since
/// 2017), told apart by their resources and names. All else is management. `is_about` tells whether one of the
/// record's resources is of a type.
pub(in crate::record) fn derive(clues: &Clues<'_>, is_about: impl Fn(&str) -> bool) -> EventCategory {
    match clues.event_type {
        _ if clues.is_insight => return EventCategory::Insight,
        Some("AwsCloudTrailInsight") => return EventCategory::Insight,
        Some("AwsVpceEvent" | "AwsVpceEvents") => return EventCategory::NetworkActivity,
        Some("AwsAggregatedEvent") => return EventCategory::Aggregated,
        Some("ActivityLog") => return EventCategory::ActivityAuditLog,
        _ => {}
    }
    match clues.management_event {
        Some(true) => EventCategory::Management,
        Some(false) => EventCategory::Data,
        None if is_old_data_event(clues, is_about) => EventCategory::Data,
        None => EventCategory::Management,
    }
}

fn is_old_data_event(clues: &Clues<'_>, is_about: impl Fn(&str) -> bool) -> bool {
    match clues.event_source {
        Some("s3.amazonaws.com") => is_about("AWS::S3::Object"),
        Some("lambda.amazonaws.com") => is_about("AWS::Lambda::Function") && is_invocation(clues),
        _ => false,
    }
}

fn is_invocation(clues: &Clues<'_>) -> bool {
    clues.event_name.is_some_and(|name| name.starts_with("Invoke"))
}
