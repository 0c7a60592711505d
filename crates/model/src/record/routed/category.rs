//! The category of records that don't name it: `eventCategory` came with version 1.07.

use super::Routed;
use crate::record::EventCategory;

/// In this order: the type of event where it leaves no choice; `managementEvent` (since 1.06); and for older records
/// the only data events that there were, calls on S3 objects (since 2016) and invocations of Lambda functions (since
/// 2017), told apart by their resources and names. All else is management.
pub(super) fn derive(event: &Routed<'_>, is_insight: bool) -> EventCategory {
    match event.event_type.as_deref() {
        _ if is_insight => return EventCategory::Insight,
        Some("AwsCloudTrailInsight") => return EventCategory::Insight,
        Some("AwsVpceEvent" | "AwsVpceEvents") => return EventCategory::NetworkActivity,
        Some("AwsAggregatedEvent") => return EventCategory::Aggregated,
        Some("ActivityLog") => return EventCategory::ActivityAuditLog,
        _ => {}
    }
    match event.management_event {
        Some(true) => EventCategory::Management,
        Some(false) => EventCategory::Data,
        None if is_old_data_event(event) => EventCategory::Data,
        None => EventCategory::Management,
    }
}

fn is_old_data_event(event: &Routed<'_>) -> bool {
    let is_about = |kind: &str| event.resources.iter().any(|resource| resource.kind.as_deref() == Some(kind));
    match event.event_source.as_deref() {
        Some("s3.amazonaws.com") => is_about("AWS::S3::Object"),
        Some("lambda.amazonaws.com") => is_about("AWS::Lambda::Function") && is_invocation(event),
        _ => false,
    }
}

fn is_invocation(event: &Routed<'_>) -> bool {
    event.event_name.as_deref().is_some_and(|name| name.starts_with("Invoke"))
}
