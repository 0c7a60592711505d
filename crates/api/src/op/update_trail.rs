//! UpdateTrail: changes what is given, keeps what isn't, in the home Region only.
//!
//! - Seen: every update checks the bucket again, even an empty one, and a refused one may leave marker objects. Empty
//!   text removes the key, the topic (the answer then shows both topic members empty) or, given for either of them,
//!   both log group and role. Enabling validation writes the digest marker.
//! - Documented: single to multi-Region turns global service events on, back turns them off.
//! - Ours: an empty prefix removes it, too. With validation enabled while the trail logs, a digest chain starts; with
//!   validation disabled it ends. Topics, log groups, keys and organizations: as in CreateTrail.

use opentrail_model::{Trail, TrailRef};
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{UpdateTrailRequest, UpdateTrailResponse};

use crate::destinations::{Asked, asked, check_bucket_name, check_logs, check_prefix, check_topic};
use crate::find::at_home;
use crate::preflight::Added;
use crate::{Api, Caller, Error, view};

pub(crate) async fn update_trail(
    api: &Api,
    caller: &Caller,
    input: UpdateTrailRequest,
) -> Result<UpdateTrailResponse, Error> {
    let reference = TrailRef::parse(&input.name)?;
    let trail = match try_update(api, caller, &reference, &input).await {
        Err(Error::Conflict) => try_update(api, caller, &reference, &input).await?,
        done => done?,
    };
    let mut answer = view::updated(&trail);
    if input.sns_topic_name.as_deref() == Some("") {
        answer.sns_topic_name = Some(String::new());
        answer.sns_topic_arn = Some(String::new());
    }
    Ok(answer)
}

async fn try_update(
    api: &Api,
    caller: &Caller,
    reference: &TrailRef,
    input: &UpdateTrailRequest,
) -> Result<Trail, Error> {
    let mut stored = at_home(api.catalog.trails_of_account(caller.account()).await?, caller, reference)?;
    let before = stored.trail.clone();
    let added = apply(&mut stored.trail, input, api.clock.now())?;
    api.check_destinations(&stored.trail, &added).await?;
    if stored.trail != before {
        api.swap(&stored).await?;
    }
    Ok(stored.trail)
}

/// Lays the request over the trail and answers which destinations it adds.
fn apply(trail: &mut Trail, input: &UpdateTrailRequest, now: Timestamp) -> Result<Added, Error> {
    if input.is_organization_trail == Some(true) {
        return Err(Error::NoOrganization);
    }
    apply_coverage(trail, input)?;
    let logs =
        check_logs(input.cloud_watch_logs_log_group_arn.clone(), input.cloud_watch_logs_role_arn.clone(), &trail.arn)?;
    if logs == Asked::Removed {
        trail.cloudwatch_logs = None;
    }
    let topic = asked(input.sns_topic_name.clone());
    match &topic {
        Asked::Kept => {}
        Asked::Removed => trail.sns_topic = None,
        Asked::Set(topic) => check_topic(topic)?,
    }
    let key = asked(input.kms_key_id.clone());
    if key == Asked::Removed {
        trail.kms_key_id = None;
    }
    apply_bucket(trail, input)?;
    apply_validation(trail, input, now);
    trail.recursive_logging = input.recursive_logging.unwrap_or(trail.recursive_logging);
    Ok(Added { key, topic, logs })
}

fn apply_coverage(trail: &mut Trail, input: &UpdateTrailRequest) -> Result<(), Error> {
    let is_multi_region = input.is_multi_region_trail.unwrap_or(trail.is_multi_region);
    let default =
        if is_multi_region == trail.is_multi_region { trail.include_global_service_events } else { is_multi_region };
    trail.is_multi_region = is_multi_region;
    trail.include_global_service_events = input.include_global_service_events.unwrap_or(default);
    let is_contradiction = trail.is_multi_region && !trail.include_global_service_events;
    if is_contradiction { Err(Error::GlobalServiceEventsRequired) } else { Ok(()) }
}

fn apply_bucket(trail: &mut Trail, input: &UpdateTrailRequest) -> Result<(), Error> {
    if let Some(bucket) = &input.s3_bucket_name {
        check_bucket_name(bucket)?;
        trail.bucket.clone_from(bucket);
    }
    match asked(input.s3_key_prefix.clone()) {
        Asked::Kept => {}
        Asked::Removed => trail.prefix = None,
        Asked::Set(prefix) => {
            check_prefix(&prefix)?;
            trail.prefix = Some(prefix);
        }
    }
    Ok(())
}

fn apply_validation(trail: &mut Trail, input: &UpdateTrailRequest, now: Timestamp) {
    let Some(is_wanted) = input.enable_log_file_validation else { return };
    if is_wanted == trail.log_file_validation {
        return;
    }
    trail.log_file_validation = is_wanted;
    trail.chain_started_at = (is_wanted && trail.is_logging).then(|| now.floor_to_second());
}
