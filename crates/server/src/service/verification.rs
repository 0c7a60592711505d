//! `OpenTrail.VerifyTrail`: checks what a trail delivered, hour by hour, as `opentrail verify --trail-arn` does; described
//! in `docs/extensions.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_blob::{Listed, Object, Reader, Sources};
use opentrail_catalog::{Catalog, StoredTrail};
use opentrail_model::{Region, TrailArn};
use opentrail_seal::PublicKey;
use opentrail_seal::name::{day_folders, root_folder};
use opentrail_seal::verify::PublicKeys;
use opentrail_stdx::Timestamp;
use opentrail_verify::{
    Deliveries, Error, Hour, HourStatus, KeySource, Objects, Place, RegionKeys, Report, Scope, TrailScope,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::AdminError;
use super::question::instant;
use crate::app::App;
use crate::gate::Authenticated;

/// After so long the caller is asked to be content with a shorter time.
const TIME_MAX: Duration = Duration::from_secs(60);
/// The longest time that may be asked for.
const RANGE_MAX: Duration = Duration::from_secs(31 * 24 * 60 * 60);
/// What is looked at when the caller doesn't say.
const RANGE: Duration = Duration::from_secs(24 * 60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Objects that are judged at a time.
const JOBS: usize = 8;
/// In whose name the bucket is read: a role of the trail's account.
const ROLE: &str = "OpenTrailVerify";
/// A digest is signed with a key that is valid at the time; a backfill digest long after its window.
const LATE_MAX: Duration = RANGE_MAX;

/// The request as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct VerifyTrail {
    trail_arn: String,
    start_time: Option<Value>,
    end_time: Option<Value>,
}

/// Checks a trail of the caller's account.
pub(crate) async fn answer(app: &App, body: &Bytes, caller: &Authenticated) -> Result<Value, AdminError> {
    let request: VerifyTrail = super::admin::parse(body)?;
    let (start, end) = range(request.start_time, request.end_time, app.clock.now())?;
    let unknown = || AdminError::NoTrail(request.trail_arn.clone());
    let arn: TrailArn = request.trail_arn.parse().map_err(|_| unknown())?;
    let found = app.catalog.trail_by_arn(&arn).await?;
    let stored = found.filter(|stored| stored.trail.arn.account == caller.key().principal.account);
    let stored = stored.ok_or_else(unknown)?;
    let regions = regions(app, &stored).await?;
    let place = place(app, &stored, &regions, (start, end));
    let scope = scope(app, &stored, &regions, (start, end));
    let _turn = app.verifying.acquire().await;
    let keys = SignedWith(app.catalog.clone());
    let examining = opentrail_verify::examine(&place, &keys, &scope, &());
    match tokio::time::timeout(TIME_MAX, Box::pin(examining)).await {
        Ok(report) => Ok(show(&report?, &arn, (start, end))),
        Err(_) => Err(AdminError::Invalid(format!(
            "checking took longer than {} s; ask for a shorter time, or run `opentrail verify --trail-arn {arn}`",
            TIME_MAX.as_secs()
        ))),
    }
}

fn range(from: Option<Value>, to: Option<Value>, now: Timestamp) -> Result<(Timestamp, Timestamp), AdminError> {
    let instant = |name, value| instant(name, value).map_err(|error| AdminError::Invalid(error.to_string()));
    let end = instant("EndTime", to)?.unwrap_or(now).min(now);
    let start = instant("StartTime", from)?.unwrap_or_else(|| end.minus(RANGE));
    if start > end || end.since(start) > RANGE_MAX {
        let days = RANGE_MAX.as_secs() / DAY.as_secs();
        return Err(AdminError::Invalid(format!(
            "`StartTime` must be neither after `EndTime` nor in the future, nor more than {days} days before it"
        )));
    }
    Ok((start, end))
}

/// The Regions whose records the trail may have delivered.
async fn regions(app: &App, stored: &StoredTrail) -> Result<Vec<Region>, AdminError> {
    let arn = &stored.trail.arn;
    if !stored.trail.is_multi_region {
        return Ok(vec![arn.region.clone()]);
    }
    let mut regions = app.catalog.regions_seen(&arn.account).await?;
    if !regions.contains(&arn.region) {
        regions.push(arn.region.clone());
    }
    Ok(regions)
}

/// The trail's bucket, listed only where its log files and digests of that time are.
fn place(app: &App, stored: &StoredTrail, regions: &[Region], (start, end): (Timestamp, Timestamp)) -> Place {
    let trail = &stored.trail;
    let root = &root_folder(trail.prefix.as_deref());
    // The digest that lists the last log files ends later, perhaps on the next day.
    let days = std::iter::successors(Some(start), |day| Some(day.plus(DAY))).take_while(|day| *day <= end.plus(DAY));
    let account = trail.arn.account.as_str();
    let of_day = |day| regions.iter().flat_map(move |region| day_folders(root, account, region.as_str(), day));
    let folders = days.flat_map(of_day).collect();
    let reader = Reader {
        account: account.to_owned(),
        role_arn: format!("arn:{}:iam::{account}:role/{ROLE}", trail.arn.partition),
        resource_arn: trail.arn.to_string(),
        region: trail.arn.region.to_string(),
    };
    let objects = TrailBucket { sources: Arc::clone(&app.sources), bucket: trail.bucket.clone(), reader };
    Place::below(&trail.bucket, folders, Arc::new(objects))
}

fn scope(app: &App, stored: &StoredTrail, regions: &[Region], (start, end): (Timestamp, Timestamp)) -> Scope {
    let trail = &stored.trail;
    Scope {
        trail: Some(TrailScope {
            arn: trail.arn.to_string(),
            name: trail.arn.name.to_string(),
            home_region: trail.arn.region.to_string(),
            account: Some(trail.arn.account.to_string()),
            deliveries: Arc::new(Delivered { catalog: app.catalog.clone(), stored: stored.clone() }),
        }),
        regions: regions.iter().map(Region::to_string).collect(),
        start: Some(start),
        end: Some(end),
        is_verbose: true,
        jobs: JOBS,
    }
}

/// A trail's bucket, wherever it is.
#[derive(Debug)]
struct TrailBucket {
    sources: Arc<dyn Sources>,
    bucket: String,
    reader: Reader,
}

#[async_trait]
impl Objects for TrailBucket {
    async fn get(&self, key: &str) -> Result<Option<Object>, opentrail_blob::Error> {
        self.sources.get(&self.bucket, key, &self.reader).await
    }

    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, opentrail_blob::Error> {
        self.sources.list(&self.bucket, prefix, start_after, &self.reader).await
    }
}

/// The public keys that the catalog has.
struct SignedWith(Catalog);

#[async_trait]
impl KeySource for SignedWith {
    async fn load(&self, times: &BTreeMap<String, (Timestamp, Timestamp)>) -> Result<RegionKeys, Error> {
        let mut keys = RegionKeys::default();
        for (region, (from, to)) in times {
            let found = self.0.signing_keys(region, from.minus(DAY), to.plus(LATE_MAX)).await;
            let mut of_region = PublicKeys::new();
            for key in found.map_err(|error| Error::Untold(error.into()))? {
                of_region.add(PublicKey::from_der(key.public_key));
            }
            keys = keys.with(region, of_region);
        }
        Ok(keys)
    }
}

/// What the catalog knows of a trail's deliveries.
#[derive(Debug)]
struct Delivered {
    catalog: Catalog,
    stored: StoredTrail,
}

#[async_trait]
impl Deliveries for Delivered {
    async fn delivered_by(&self, regions: BTreeSet<String>) -> Result<BTreeMap<String, Timestamp>, Error> {
        let statuses = self.catalog.trail_statuses(self.stored.id).await;
        let statuses = statuses.map_err(|error| Error::Untold(error.into()))?;
        let trail = &self.stored.trail;
        // Digests of late log files may come after the chain's end.
        let ended = trail.stopped_at.filter(|_| !trail.is_logging);
        let of = |(region, status): (String, opentrail_catalog::TrailStatus)| {
            let latest = status.latest_digest_delivery_at?;
            Some((region, ended.map_or(latest, |ended| latest.min(ended))))
        };
        Ok(statuses.into_iter().filter(|(region, _)| regions.contains(region)).filter_map(of).collect())
    }
}

fn show(report: &Report, arn: &TrailArn, (start, end): (Timestamp, Timestamp)) -> Value {
    let hours = opentrail_verify::hours(report, start, end);
    let digests = [report.digests, report.backfill_digests];
    let invalid_digests: usize = digests.iter().map(|tally| tally.invalid + tally.unproven).sum();
    json!({
        "TrailArn": arn.to_string(),
        "StartTime": start.iso_ms(),
        "EndTime": end.iso_ms(),
        "Digests": {
            "Valid": digests.iter().map(|tally| tally.valid).sum::<usize>(),
            "Invalid": invalid_digests + report.missing_digests,
        },
        "LogFiles": { "Valid": report.log_files.valid, "Invalid": report.log_files.invalid },
        "Hours": hours.iter().map(show_hour).collect::<Vec<_>>(),
    })
}

fn show_hour(hour: &Hour) -> Value {
    let status = match hour.status {
        HourStatus::Verified => "verified",
        HourStatus::Unverified => "unverified",
        HourStatus::Broken => "broken",
    };
    json!({ "Start": hour.start.iso_ms(), "Status": status, "LogFiles": hour.log_files, "Problems": hour.problems })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_bounded_and_end_now_at_the_latest() {
        let now = Timestamp::from_secs(1_000_000_000);
        let asked = |from: Option<i64>, to: Option<i64>| range(from.map(Value::from), to.map(Value::from), now);
        assert_eq!(asked(None, None).expect("a day"), (now.minus(DAY), now));
        assert_eq!(asked(Some(999_999_000), Some(2_000_000_000)).expect("up to now").1, now);
        assert!(asked(Some(999_999_000), Some(999_998_000)).is_err());
        assert!(asked(Some(1_000_000_001), None).is_err());
        assert!(asked(Some(997_000_000), None).is_err());
    }
}
