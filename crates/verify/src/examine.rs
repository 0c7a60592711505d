//! Judging.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use opentrail_seal::digest::{BACKFILL_METADATA, LogFileEntry, SIGNATURE_METADATA};
use opentrail_seal::name::{ChainName, DigestName};
use opentrail_seal::verify::{
    self, Coverage, DigestObject, Member, Problem, PublicKeys, Range, check_digest, check_log_file, link,
};
use opentrail_stdx::{Clock, SystemClock, Timestamp};

use crate::inventory::{Area, Inventory};
use crate::survey::{Survey, area};
use crate::{Error, Finding, KeySource, Kind, Place, Progress, Report, Scope, UNCOVERED, Verdict};

/// A log file's stamp lies at most this much after its delivery.
const STAMP_AHEAD_MAX: Duration = Duration::from_secs(5 * 60);
/// The windows of CloudTrail's digests, where a chain doesn't tell its own.
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// Judges all that the scope holds.
pub async fn examine(
    place: &Place,
    keys: &dyn KeySource,
    scope: &Scope,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let began = SystemClock.now();
    let Survey { chains, mut logs, moved } = Survey::of(place, scope, progress).await?;
    let keys = keys.load(&times(&chains)).await?;
    let ends = Ends::of(&chains, &logs, scope, began).await?;
    progress.judging(chains.values().map(Vec::len).sum());
    let mut report = Report {
        place: place.name().to_owned(),
        trail: scope.trail.as_ref().map(|trail| trail.arn.clone()),
        start: scope.start,
        end: scope.end,
        is_verbose: scope.is_verbose,
        ..Report::default()
    };
    for (chain, key) in moved {
        let kind = kind_of(&chain);
        report.add(Finding::judged(&chain, kind, Some(&Problem::Moved)).at(place.bucket_name(), key));
    }
    let mut proven: HashMap<Area, Proven> = HashMap::new();
    for (chain, digests) in chains {
        let work = Work { place, chain: &chain, keys: keys.of(&chain.region), scope, progress };
        let members = work.read_digests(digests).await?;
        let range = Range { start: scope.start, end: ends.of_chain(&chain, &members) };
        let (members, findings) = work.link(members, range).await?;
        let bucket = place.bucket_name().or_else(|| bucket_of(&members)).map(str::to_owned);
        work.tell(&members, findings, bucket.as_deref(), &mut report);
        proven.entry(area(&chain)).or_default().add(&chain, &members, bucket);
        let entries: Vec<LogFileEntry> = members
            .into_iter()
            .filter_map(|member| member.result.ok())
            .flat_map(|checked| checked.digest.log_files)
            .collect();
        for entry in &entries {
            logs.strike(&entry.s3_object);
        }
        work.judge_logs(entries, &mut report).await?;
    }
    ends.absent(&proven, scope, &mut report);
    tell_rest(logs, &proven, place, &mut report);
    Ok(report)
}

/// The time of each Region's digests.
fn times(chains: &BTreeMap<ChainName, Vec<DigestName>>) -> BTreeMap<String, (Timestamp, Timestamp)> {
    let mut times: BTreeMap<String, (Timestamp, Timestamp)> = BTreeMap::new();
    for (chain, digests) in chains {
        for name in digests {
            let (from, to) = times.entry(chain.region.clone()).or_insert((name.end, name.end));
            *from = (*from).min(name.end);
            *to = (*to).max(name.end);
        }
    }
    times
}

fn kind_of(chain: &ChainName) -> Kind {
    if chain.is_backfill { Kind::BackfillDigest } else { Kind::Digest }
}

fn bucket_of(members: &[Member]) -> Option<&str> {
    let mut valid = members.iter().filter_map(|member| member.result.as_ref().ok());
    valid.next().map(|checked| checked.digest.digest_s3_bucket.as_str())
}

/// By when digests must have been delivered.
struct Ends {
    /// What the user says.
    told: Option<Timestamp>,
    /// When the listing began: what was delivered later may not be in it.
    began: Timestamp,
    /// When the server delivered each Region's newest digest.
    by_region: BTreeMap<String, Timestamp>,
    /// The newest digest of each trail, in any Region: a trail's chains go on side by side.
    trails: HashMap<(String, String, String), Timestamp>,
    /// The newest log file of each area.
    logs: HashMap<Area, Timestamp>,
}

impl Ends {
    async fn of(
        chains: &BTreeMap<ChainName, Vec<DigestName>>,
        logs: &Inventory,
        scope: &Scope,
        began: Timestamp,
    ) -> Result<Self, Error> {
        let mut trails: HashMap<_, Timestamp> = HashMap::new();
        for (chain, digests) in chains.iter().filter(|(chain, _)| !chain.is_backfill) {
            if let Some(newest) = digests.last() {
                let end = trails.entry(trail_of(chain)).or_insert(newest.end);
                *end = (*end).max(newest.end);
            }
        }
        let newest = logs.areas().filter_map(|area| Some((area.clone(), logs.newest(area)?)));
        let logs = newest.collect();
        let by_region = match &scope.trail {
            Some(trail) => {
                let found = chains.keys().map(|chain| chain.region.clone());
                trail.delivered_by(found.chain(scope.regions.iter().cloned()).collect()).await?
            }
            None => BTreeMap::new(),
        };
        Ok(Self { told: scope.end, began, by_region, trails, logs })
    }

    /// What the other chains and the log files tell is believed only where neither user nor server knows better.
    fn of_chain(&self, chain: &ChainName, members: &[Member]) -> Option<Timestamp> {
        let checked = members.iter().filter_map(|member| member.result.as_ref().ok());
        let window = checked.map(|checked| checked.end.since(checked.start)).max().unwrap_or(WINDOW);
        if let Some(&delivered) = self.by_region.get(&chain.region) {
            let end = if delivered <= self.began { delivered } else { self.began.minus(window) };
            return Some(self.told.map_or(end, |told| told.min(end)));
        }
        if self.told.is_some() {
            return self.told;
        }
        let trail = self.trails.get(&trail_of(chain)).map(|end| end.minus(window));
        let log = self.logs.get(&area(chain)).map(|stamp| stamp.minus(STAMP_AHEAD_MAX).minus(window));
        trail.max(log)
    }

    /// Regions that have no digest at all though the server delivered some.
    fn absent(&self, proven: &HashMap<Area, Proven>, scope: &Scope, report: &mut Report) {
        let Some(trail) = &scope.trail else { return };
        for (region, delivered) in &self.by_region {
            let is_there = proven.keys().any(|area| area.region == *region);
            if is_there || !scope.has_region(region) || scope.start.is_some_and(|start| *delivered < start) {
                continue;
            }
            let chain = ChainName {
                root: String::new(),
                account: trail.account.clone().unwrap_or_default(),
                region: region.clone(),
                trail: trail.name.clone(),
                home_region: trail.home_region.clone(),
                is_backfill: false,
            };
            report.add(missing(&chain, scope.start, *delivered));
        }
    }
}

fn trail_of(chain: &ChainName) -> (String, String, String) {
    (chain.root.clone(), chain.trail.clone(), chain.home_region.clone())
}

/// What an area's digests prove.
#[derive(Debug, Default)]
struct Proven {
    coverages: Vec<Coverage>,
    bucket: Option<String>,
}

impl Proven {
    fn add(&mut self, chain: &ChainName, members: &[Member], bucket: Option<String>) {
        if !chain.is_backfill {
            self.coverages.push(Coverage::of(members.iter().filter_map(|member| member.result.as_ref().ok())));
        }
        self.bucket = self.bucket.take().or(bucket);
    }

    fn must_list(&self, stamp: Timestamp) -> bool {
        self.coverages.iter().any(|coverage| coverage.must_list(stamp))
    }
}

fn missing(chain: &ChainName, from: Option<Timestamp>, to: Timestamp) -> Finding {
    Finding {
        problem: Some("not_found"),
        message: "not found".to_owned(),
        ..Finding::of(chain, Kind::MissingDigests, Verdict::Invalid).between(from, Some(to))
    }
}

/// Log files that no digest lists.
fn tell_rest(logs: Inventory, proven: &HashMap<Area, Proven>, place: &Place, report: &mut Report) {
    for (area, stamp, key) in logs.into_rest() {
        let proven = proven.get(&area);
        let must_list = proven.is_some_and(|proven| proven.must_list(stamp));
        let (verdict, problem, message) = if must_list {
            (Verdict::Invalid, "unlisted", Problem::Unlisted.to_string())
        } else {
            (Verdict::Note, UNCOVERED, "not covered by any digest yet".to_owned())
        };
        report.add(Finding {
            kind: Kind::LogFile,
            verdict,
            problem: Some(problem),
            message,
            bucket: place.bucket_name().or_else(|| proven?.bucket.as_deref()).map(str::to_owned),
            key: Some(key),
            account: area.account,
            region: area.region,
            trail: None,
            from: None,
            to: None,
        });
    }
}

/// The work on one chain.
struct Work<'a> {
    place: &'a Place,
    chain: &'a ChainName,
    keys: Arc<PublicKeys>,
    scope: &'a Scope,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    async fn read_digests(&self, digests: Vec<DigestName>) -> Result<Vec<Member>, Error> {
        let mut members = Vec::with_capacity(digests.len());
        let reading = digests.into_iter().map(|name| self.read_digest(name));
        let mut reading = futures::stream::iter(reading).buffer_unordered(self.scope.jobs);
        while let Some(member) = reading.next().await {
            members.push(member?);
            self.progress.judged();
        }
        Ok(members)
    }

    async fn read_digest(&self, name: DigestName) -> Result<Member, Error> {
        let key = name.to_string();
        let object = match self.place.read(&key).await {
            Ok(object) => object,
            Err(problem) => return Ok(Member { key, name, result: Err(problem) }),
        };
        let (bucket, keys) = (self.place.bucket_name().map(str::to_owned), Arc::clone(&self.keys));
        let judged = tokio::task::spawn_blocking(move || {
            let digest = DigestObject {
                bucket: bucket.as_deref(),
                key: &key,
                body: &object.body,
                signature: object.metadata(SIGNATURE_METADATA),
                backfilled_at: object.metadata(BACKFILL_METADATA),
            };
            let result = check_digest(&digest, &keys);
            Member { key, name, result }
        });
        Ok(judged.await?)
    }

    async fn link(&self, mut members: Vec<Member>, range: Range) -> Result<(Vec<Member>, Vec<verify::Finding>), Error> {
        let (bucket, keys) = (self.place.bucket_name().map(str::to_owned), Arc::clone(&self.keys));
        let linked = tokio::task::spawn_blocking(move || {
            let findings = link(&mut members, bucket.as_deref(), range, &keys);
            (members, findings)
        });
        Ok(linked.await?)
    }

    fn tell(&self, members: &[Member], findings: Vec<verify::Finding>, bucket: Option<&str>, report: &mut Report) {
        let kind = kind_of(self.chain);
        for finding in findings {
            report.add(match finding {
                verify::Finding::Valid { key } => Finding::judged(self.chain, kind, None).at(bucket, key),
                verify::Finding::Invalid { key, problem } => {
                    Finding::judged(self.chain, kind, Some(&problem)).at(bucket, key)
                }
                verify::Finding::Missing { from, to } => missing(self.chain, from, to),
                verify::Finding::Gap { from, to } => Finding {
                    message: "no log files were delivered".to_owned(),
                    ..Finding::of(self.chain, Kind::Gap, Verdict::Note).between(Some(from), Some(to))
                },
            });
        }
        for checked in members.iter().filter_map(|member| member.result.as_ref().ok()) {
            report.prove(checked.start, checked.end);
            if let (Some(other), Some(key)) =
                (&checked.digest.previous_digest_s3_bucket, &checked.digest.previous_digest_s3_object)
                && self.place.bucket_name().is_some_and(|here| here != other)
            {
                report.add(Finding {
                    message: "the chain's older digests are in another bucket; verify that one, too".to_owned(),
                    ..Finding::of(self.chain, Kind::OtherBucket, Verdict::Note).at(Some(other), key)
                });
            }
        }
    }

    async fn judge_logs(&self, entries: Vec<LogFileEntry>, report: &mut Report) -> Result<(), Error> {
        self.progress.more(entries.len());
        let judging = entries.into_iter().map(|entry| self.judge_log(entry));
        let mut judging = futures::stream::iter(judging).buffered(self.scope.jobs);
        while let Some(judged) = judging.next().await {
            let (entry, result) = judged?;
            let finding = Finding::judged(self.chain, Kind::LogFile, result.err().as_ref());
            report.add(finding.at(Some(&entry.s3_bucket), entry.s3_object));
            self.progress.judged();
        }
        Ok(())
    }

    async fn judge_log(&self, entry: LogFileEntry) -> Result<(LogFileEntry, Result<(), Problem>), Error> {
        if self.place.bucket_name().is_some_and(|here| here != entry.s3_bucket) {
            let elsewhere = Problem::Unreadable(format!("it is in the bucket `{}`", entry.s3_bucket));
            return Ok((entry, Err(elsewhere)));
        }
        let object = match self.place.read(&entry.s3_object).await {
            Ok(object) => object,
            Err(problem) => return Ok((entry, Err(problem))),
        };
        let judged = tokio::task::spawn_blocking(move || {
            let result = check_log_file(&entry, &object.body);
            (entry, result)
        });
        Ok(judged.await?)
    }
}
