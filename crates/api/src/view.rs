//! Trails as the wire shows them. Text that isn't set is left out; booleans always show.

use opentrail_model::Trail;
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes;

pub(crate) fn trail(trail: &Trail) -> shapes::Trail {
    let settings = created(trail);
    shapes::Trail {
        name: settings.name,
        s3_bucket_name: settings.s3_bucket_name,
        s3_key_prefix: settings.s3_key_prefix,
        sns_topic_name: settings.sns_topic_name,
        sns_topic_arn: settings.sns_topic_arn,
        include_global_service_events: settings.include_global_service_events,
        is_multi_region_trail: settings.is_multi_region_trail,
        home_region: Some(trail.arn.region.to_string()),
        trail_arn: settings.trail_arn,
        log_file_validation_enabled: settings.log_file_validation_enabled,
        cloud_watch_logs_log_group_arn: settings.cloud_watch_logs_log_group_arn,
        cloud_watch_logs_role_arn: settings.cloud_watch_logs_role_arn,
        kms_key_id: settings.kms_key_id,
        has_custom_event_selectors: Some(trail.has_custom_event_selectors),
        has_insight_selectors: Some(!trail.insight_selectors.is_empty()),
        is_organization_trail: settings.is_organization_trail,
        recursive_logging: settings.recursive_logging,
    }
}

pub(crate) fn created(trail: &Trail) -> shapes::CreateTrailResponse {
    let topic = trail.sns_topic.as_ref();
    let logs = trail.cloudwatch_logs.as_ref();
    shapes::CreateTrailResponse {
        name: Some(trail.arn.name.to_string()),
        s3_bucket_name: Some(trail.bucket.clone()),
        s3_key_prefix: trail.prefix.clone(),
        sns_topic_name: topic.map(|topic| topic.name.clone()),
        sns_topic_arn: topic.map(|topic| topic.arn.clone()),
        include_global_service_events: Some(trail.include_global_service_events),
        is_multi_region_trail: Some(trail.is_multi_region),
        trail_arn: Some(trail.arn.to_string()),
        log_file_validation_enabled: Some(trail.log_file_validation),
        cloud_watch_logs_log_group_arn: logs.map(|logs| logs.group_arn.clone()),
        cloud_watch_logs_role_arn: logs.map(|logs| logs.role_arn.clone()),
        kms_key_id: trail.kms_key_id.clone(),
        is_organization_trail: Some(trail.is_organization),
        recursive_logging: Some(trail.recursive_logging),
    }
}

pub(crate) fn updated(trail: &Trail) -> shapes::UpdateTrailResponse {
    let settings = created(trail);
    shapes::UpdateTrailResponse {
        name: settings.name,
        s3_bucket_name: settings.s3_bucket_name,
        s3_key_prefix: settings.s3_key_prefix,
        sns_topic_name: settings.sns_topic_name,
        sns_topic_arn: settings.sns_topic_arn,
        include_global_service_events: settings.include_global_service_events,
        is_multi_region_trail: settings.is_multi_region_trail,
        trail_arn: settings.trail_arn,
        log_file_validation_enabled: settings.log_file_validation_enabled,
        cloud_watch_logs_log_group_arn: settings.cloud_watch_logs_log_group_arn,
        cloud_watch_logs_role_arn: settings.cloud_watch_logs_role_arn,
        kms_key_id: settings.kms_key_id,
        is_organization_trail: settings.is_organization_trail,
        recursive_logging: settings.recursive_logging,
    }
}

pub(crate) fn timestamp(at: Timestamp) -> opentrail_wire::Timestamp {
    opentrail_wire::Timestamp::from_millis(at.as_ms())
}
