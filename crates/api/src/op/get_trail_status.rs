//! GetTrailStatus: whether a trail logs, and how its deliveries from the called Region stand.
//!
//! - Seen: the answer of a new trail to the byte (six old members are always there, empty when unset, else instants to
//!   the second); an unknown trail is told by its ARN even when asked for by name; an error is an S3 error code, goes
//!   with the next success and never takes the time of the last success with it; a stop doesn't clear the start.
//! - Documented: each Region has its own status; a shadow is asked for by ARN.
//! - Ours: nothing is told of notifications and log groups, which are not built yet.

use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{GetTrailStatusRequest, GetTrailStatusResponse};

use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn get_trail_status(
    api: &Api,
    caller: &Caller,
    input: GetTrailStatusRequest,
) -> Result<GetTrailStatusResponse, Error> {
    let stored = api.find(caller, &input.name).await?;
    let trail = stored.trail;
    let status = api.catalog.trail_status(stored.id, caller.region.as_str()).await?;
    let text = |at: Option<Timestamp>| Some(at.map(Timestamp::iso).unwrap_or_default());
    Ok(GetTrailStatusResponse {
        is_logging: Some(trail.is_logging),
        latest_delivery_error: status.latest_delivery_error,
        latest_notification_error: None,
        latest_delivery_time: status.latest_delivery_at.map(timestamp),
        latest_notification_time: None,
        start_logging_time: trail.started_at.map(timestamp),
        stop_logging_time: trail.stopped_at.map(timestamp),
        latest_cloud_watch_logs_delivery_error: None,
        latest_cloud_watch_logs_delivery_time: None,
        latest_digest_delivery_time: status.latest_digest_delivery_at.map(timestamp),
        latest_digest_delivery_error: status.latest_digest_delivery_error,
        latest_delivery_attempt_time: text(status.latest_attempt_at),
        latest_notification_attempt_time: text(None),
        latest_notification_attempt_succeeded: text(None),
        latest_delivery_attempt_succeeded: text(status.latest_attempt_succeeded_at),
        time_logging_started: text(trail.started_at),
        time_logging_stopped: text(trail.stopped_at),
    })
}
