//! CreateTrail: makes a trail in the called Region, which becomes its home. It doesn't log until StartLogging.
//!
//! - Seen: defaults (global service events on, the rest off, one selector for all management events), the members of
//!   the answer and their absence when unset, the preflight of the bucket with its marker objects, the texts of most
//!   errors, and that an identical repeat is refused.
//! - Documented: five trails in a Region, where a multi-Region trail counts in each; the rules of names and prefixes.
//! - Ours: the order of the checks follows what was seen and is inferred in between. There are no organizations, no
//!   SNS topics, no log groups and no KMS keys in OpenTrail yet: each is refused as AWS refuses a missing one, the
//!   organization with `OrganizationsNotInUseException`. Empty text means that a member wasn't given.

use std::collections::BTreeMap;

use opentrail_catalog::StoredTrail;
use opentrail_model::{Region, Selectors, Tag, Trail, TrailArn, TrailName, tag};
use opentrail_wire::shapes::{CreateTrailRequest, CreateTrailResponse};

use crate::destinations::{Asked, asked, check_bucket_name, check_logs, check_prefix, check_topic};
use crate::find::Effective;
use crate::preflight::Added;
use crate::tagging::read_tags;
use crate::{Api, Caller, Error, view};

/// How many trails a Region may show.
const TRAILS_PER_REGION_MAX: usize = 5;

pub(crate) async fn create_trail(
    api: &Api,
    caller: &Caller,
    input: CreateTrailRequest,
) -> Result<CreateTrailResponse, Error> {
    let name: TrailName = input.name.parse()?;
    let tags = tag::add_tags(&[], &read_tags(input.tags_list.clone().unwrap_or_default()))?;
    if input.is_organization_trail == Some(true) {
        return Err(Error::NoOrganization);
    }
    let is_multi_region = input.is_multi_region_trail.unwrap_or(false);
    if is_multi_region && input.include_global_service_events == Some(false) {
        return Err(Error::GlobalServiceEventsRequired);
    }
    let arn = caller.arn_of(name);
    let trails = api.catalog.trails_of_account(caller.account()).await?;
    check_room(&trails, &arn, is_multi_region)?;
    let added = check_parameters(&input, &arn)?;
    let trail = new_trail(api, input, arn, tags);
    api.check_destinations(&trail, &added).await?;
    insert(api, &trail).await?;
    Ok(view::created(&trail))
}

/// Is the name free, and is there room for one more in each Region where it will show?
fn check_room(trails: &[StoredTrail], arn: &TrailArn, is_multi_region: bool) -> Result<(), Error> {
    if trails.iter().any(|stored| stored.trail.arn == *arn) {
        return Err(Error::TrailExists { name: arn.name.clone(), account: arn.account.clone() });
    }
    let everywhere = trails.iter().filter(|stored| stored.trail.is_multi_region).count();
    let mut by_region: BTreeMap<&Region, usize> = BTreeMap::from([(&arn.region, everywhere)]);
    for stored in trails.iter().filter(|stored| !stored.trail.is_multi_region) {
        *by_region.entry(&stored.trail.arn.region).or_insert(everywhere) += 1;
    }
    let is_full = |region: &&Region| by_region[*region] >= TRAILS_PER_REGION_MAX;
    let others = by_region.keys().copied().filter(|_| is_multi_region);
    match std::iter::once(&arn.region).chain(others).find(is_full) {
        None => Ok(()),
        Some(region) => {
            Err(Error::TrailQuota { account: arn.account.clone(), region: region.clone(), max: TRAILS_PER_REGION_MAX })
        }
    }
}

fn check_parameters(input: &CreateTrailRequest, arn: &TrailArn) -> Result<Added, Error> {
    let logs = check_logs(input.cloud_watch_logs_log_group_arn.clone(), input.cloud_watch_logs_role_arn.clone(), arn)?;
    let topic = asked(input.sns_topic_name.clone());
    if let Asked::Set(topic) = &topic {
        check_topic(topic)?;
    }
    check_bucket_name(&input.s3_bucket_name)?;
    check_prefix(input.s3_key_prefix.as_deref().unwrap_or_default())?;
    Ok(Added { key: asked(input.kms_key_id.clone()), topic, logs })
}

fn new_trail(api: &Api, input: CreateTrailRequest, arn: TrailArn, tags: Vec<Tag>) -> Trail {
    Trail {
        arn,
        bucket: input.s3_bucket_name,
        prefix: input.s3_key_prefix.filter(|prefix| !prefix.is_empty()),
        sns_topic: None,
        include_global_service_events: input.include_global_service_events.unwrap_or(true),
        is_multi_region: input.is_multi_region_trail.unwrap_or(false),
        log_file_validation: input.enable_log_file_validation.unwrap_or(false),
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: input.recursive_logging.unwrap_or(true),
        selectors: Selectors::default(),
        has_custom_event_selectors: false,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags,
        is_logging: false,
        started_at: None,
        stopped_at: None,
        chain_started_at: None,
        created_at: api.clock.now(),
    }
}

/// Inserts the trail, looking once more at what others made while the bucket was checked.
async fn insert(api: &Api, trail: &Trail) -> Result<(), Error> {
    let mut transaction = api.catalog.begin().await?;
    let trails = transaction.trails_of_account(&trail.arn.account).await?;
    check_room(&trails, &trail.arn, trail.is_multi_region)?;
    transaction.insert_trail(trail, api.effective_from(Effective::Now)).await?;
    // Commit point: a crash before leaves no trail, only its markers in the bucket.
    Ok(transaction.commit().await?)
}
