//! Imports as the wire shows them.

use opentrail_blob::split_s3_uri;
use opentrail_catalog::{FailureStatus, Import, ImportFailure, ImportStatistics};
use opentrail_wire::shapes;

use crate::queries::long;
use crate::view::timestamp;

pub(crate) fn got(import: &Import) -> shapes::GetImportResponse {
    shapes::GetImportResponse {
        import_id: Some(import.id.clone()),
        destinations: Some(vec![import.store.to_string()]),
        import_source: Some(shapes::ImportSource {
            s3: shapes::S3ImportSource {
                s3_location_uri: import.location_uri.clone(),
                s3_bucket_region: import.bucket_region.clone(),
                s3_bucket_access_role_arn: import.role_arn.clone(),
            },
        }),
        start_event_time: import.from.map(timestamp),
        end_event_time: import.to.map(timestamp),
        import_status: Some(import.status.as_str().into()),
        created_timestamp: Some(timestamp(import.created_at)),
        updated_timestamp: Some(timestamp(import.updated_at)),
        import_statistics: Some(statistics(&import.statistics)),
    }
}

pub(crate) fn started(import: &Import) -> shapes::StartImportResponse {
    let import = got(import);
    shapes::StartImportResponse {
        import_id: import.import_id,
        destinations: import.destinations,
        import_source: import.import_source,
        start_event_time: import.start_event_time,
        end_event_time: import.end_event_time,
        import_status: import.import_status,
        created_timestamp: import.created_timestamp,
        updated_timestamp: import.updated_timestamp,
    }
}

pub(crate) fn stopped(import: &Import) -> shapes::StopImportResponse {
    let import = got(import);
    shapes::StopImportResponse {
        import_id: import.import_id,
        import_source: import.import_source,
        destinations: import.destinations,
        import_status: import.import_status,
        created_timestamp: import.created_timestamp,
        updated_timestamp: import.updated_timestamp,
        start_event_time: import.start_event_time,
        end_event_time: import.end_event_time,
        import_statistics: import.import_statistics,
    }
}

pub(crate) fn listed(import: &Import) -> shapes::ImportsListItem {
    shapes::ImportsListItem {
        import_id: Some(import.id.clone()),
        import_status: Some(import.status.as_str().into()),
        destinations: Some(vec![import.store.to_string()]),
        created_timestamp: Some(timestamp(import.created_at)),
        updated_timestamp: Some(timestamp(import.updated_at)),
    }
}

pub(crate) fn failure(import: &Import, failure: ImportFailure) -> shapes::ImportFailureListItem {
    let bucket = split_s3_uri(&import.location_uri).map_or("", |(bucket, _)| bucket);
    let status = match failure.status {
        FailureStatus::Failed => shapes::ImportFailureStatus::Failed,
        FailureStatus::Retry => shapes::ImportFailureStatus::Retry,
        FailureStatus::Succeeded => shapes::ImportFailureStatus::Succeeded,
    };
    shapes::ImportFailureListItem {
        location: Some(format!("s3://{bucket}/{}", failure.key)),
        status: Some(status),
        error_type: Some(failure.error_type),
        error_message: Some(failure.error_message),
        last_updated_time: Some(timestamp(failure.updated_at)),
    }
}

fn statistics(done: &ImportStatistics) -> shapes::ImportStatistics {
    shapes::ImportStatistics {
        prefixes_found: Some(long(done.prefixes_found)),
        prefixes_completed: Some(long(done.prefixes_completed)),
        files_completed: Some(long(done.files_completed)),
        events_completed: Some(long(done.events_completed)),
        failed_entries: Some(long(done.failed_entries)),
    }
}
