//! Seal: delivered log files into signed digests, one chain for each trail and Region.
//!
//! A chain begins with the trail's logging, aligned to that second, and each of its windows ends one interval after the
//! one before; a Region that is used later joins at the next of the trail's windows. A digest lists what was delivered
//! in its window. When logging or validation ends, the last digest ends at that instant and lists all that was delivered
//! since, once every record up to there is in a log file that was delivered or tried. What comes after that, or was
//! tried in a window that is sealed already, is listed by a backfill digest.

mod epoch;
mod plan;

use opentrail_catalog::digest::{Digest as StoredDigest, DigestChain, DigestLink};
use opentrail_catalog::log_file::{ChainPlace, Unsealed};
use opentrail_catalog::{LogFile, TrailRevision};
use opentrail_seal::digest::{Contents, HASH_ALGORITHM, LogFileEntry, Previous, Sealed, seal};
use opentrail_seal::name::{ChainName, DigestName, LogFileName, root_folder};
use opentrail_stdx::Timestamp;

use self::epoch::{Epoch, epochs};
use crate::keys::Chosen;
use crate::{Delivery, Error, PRODUCT, TickReport};

/// Most digests that one chain gets in one tick: after a long pause the rest comes with the next ticks.
const DIGESTS_PER_TICK_MAX: usize = 100;

/// What seal decides by, read at once at its beginning.
struct View {
    now: Timestamp,
    cursor: u64,
    revisions: Vec<TrailRevision>,
    epochs: Vec<Epoch>,
    chains: Vec<DigestChain>,
    unsealed: Vec<Unsealed>,
}

/// A digest about to be signed.
struct Draft {
    chain: DigestChain,
    /// The chain's row is new.
    is_new: bool,
    start: Timestamp,
    end: Timestamp,
    target: Target,
    logs: Vec<LogFile>,
    is_last: bool,
}

/// Where a chain's digests go.
#[derive(Debug, Clone)]
struct Target {
    bucket: String,
    root: String,
    kms_key_id: Option<String>,
}

impl Delivery {
    pub(crate) async fn seal(&mut self, report: &mut TickReport) -> Result<(), Error> {
        let view = self.view().await?;
        self.open_chains(&view, report).await?;
        let chains = self.catalog.digest_chains().await?;
        for chain in chains.into_iter().filter(|chain| !chain.is_closed && chain.started_at.is_some()) {
            self.extend_chain(&view, chain, report).await?;
        }
        self.backfill(report).await
    }

    /// Whether some chain that ought to be there must still be begun: it waits for the one before it to be closed, and
    /// the revisions that tell of it must stay until then.
    pub(crate) async fn owes_chains(&self) -> Result<bool, Error> {
        let view = self.view().await?;
        Ok(plan::wanted(&view).iter().any(|(place, epoch)| !is_begun(&view.chains, place, epoch)))
    }

    async fn view(&self) -> Result<View, Error> {
        let cursor = self.catalog.cursor(PRODUCT).await?;
        let revisions = self.catalog.trail_revisions().await?;
        let regions = self.catalog.all_regions_seen().await?;
        Ok(View {
            now: self.clock.now(),
            cursor,
            epochs: epochs(&revisions, &regions),
            revisions,
            chains: self.catalog.digest_chains().await?,
            unsealed: self.catalog.unsealed().await?,
        })
    }

    /// Begins the chains that ought to be there and aren't.
    async fn open_chains(&mut self, view: &View, report: &mut TickReport) -> Result<(), Error> {
        let mut opened: Vec<ChainPlace> = Vec::new();
        for (place, epoch) in plan::wanted(view) {
            let there: Vec<_> = view.chains.iter().filter(|c| c.place == place && c.started_at.is_some()).collect();
            let exists = is_begun(&view.chains, &place, epoch);
            let is_waiting = there.iter().any(|chain| !chain.is_closed) || opened.contains(&place);
            let Some(start) = plan::chain_start(view.now, epoch.started_at, &there, self.options.digest_interval)
            else {
                continue;
            };
            if exists || is_waiting || start > view.now {
                continue;
            }
            let chain = DigestChain {
                id: 0,
                trail_id: epoch.trail_id,
                place: place.clone(),
                started_at: Some(epoch.started_at),
                end_at: start,
                is_closed: false,
                last: None,
            };
            let target = epoch.target();
            let begin = start.minus(self.options.digest_interval);
            let draft = Draft { chain, is_new: true, start: begin, end: start, target, logs: vec![], is_last: false };
            self.sign(draft, view.now, report).await?;
            opened.push(place);
        }
        Ok(())
    }

    /// Seals the windows of a chain that are over, and its last one if it has ended.
    async fn extend_chain(
        &mut self,
        view: &View,
        mut chain: DigestChain,
        report: &mut TickReport,
    ) -> Result<(), Error> {
        let (Some(started_at), interval) = (chain.started_at, self.options.digest_interval) else { return Ok(()) };
        let state = plan::state_of(view, &chain, started_at);
        for _ in 0..DIGESTS_PER_TICK_MAX {
            let Some(window) = plan::next_window(view, &chain, &state, interval) else { break };
            let delivered = self.catalog.unsealed_log_files(&chain.place, chain.started_at).await?;
            let is_wanted = |file: &LogFile| {
                let is_late = file.first_failed_at.is_some_and(|failed| failed <= chain.end_at);
                !is_late && (window.is_last || file.delivered_at <= Some(window.end))
            };
            let logs = delivered.into_iter().filter(is_wanted).collect();
            let target = state.target.clone();
            let start = chain.end_at;
            let draft = Draft { chain, is_new: false, start, end: window.end, target, logs, is_last: window.is_last };
            chain = self.sign(draft, view.now, report).await?;
            if chain.is_closed {
                break;
            }
        }
        Ok(())
    }

    /// Lists what was delivered too late for its own digest.
    async fn backfill(&mut self, report: &mut TickReport) -> Result<(), Error> {
        let now = self.clock.now();
        let chains = self.catalog.digest_chains().await?;
        let unsealed = self.catalog.unsealed().await?;
        let mut done: Vec<ChainPlace> = Vec::new();
        for place in unsealed.iter().map(|group| &group.place) {
            if done.contains(place) {
                continue;
            }
            done.push(place.clone());
            let mut late = self.catalog.unsealed_log_files(place, None).await?;
            late.retain(|file| plan::is_late(file, &chains));
            let owed: u64 = unsealed.iter().filter(|group| group.place == *place).map(|group| group.undelivered).sum();
            let oldest = late.iter().filter_map(|file| file.delivered_at).min();
            let has_waited = oldest.is_some_and(|oldest| now.since(oldest) >= self.options.digest_interval);
            if late.is_empty() || (owed > 0 && !has_waited) {
                continue;
            }
            self.sign_backfill(place, &chains, late, now, report).await?;
        }
        Ok(())
    }

    async fn sign_backfill(
        &mut self,
        place: &ChainPlace,
        chains: &[DigestChain],
        late: Vec<LogFile>,
        now: Timestamp,
        report: &mut TickReport,
    ) -> Result<(), Error> {
        let Some(newest) = late.last() else { return Ok(()) };
        let first_failed = late.iter().filter_map(|file| file.first_failed_at).min().unwrap_or(newest.staged_at);
        let fresh = DigestChain {
            id: 0,
            trail_id: newest.trail_id,
            place: place.clone(),
            started_at: None,
            end_at: first_failed.floor_to_second(),
            is_closed: false,
            last: None,
        };
        let known = chains.iter().find(|chain| chain.place == *place && chain.started_at.is_none());
        let (chain, is_new) = known.map_or((fresh, true), |chain| (chain.clone(), false));
        let end = now.floor_to_second();
        let is_all_delivered = late.iter().all(|file| file.delivered_at <= Some(end));
        if end <= chain.end_at || !is_all_delivered {
            // A second has not passed yet; the names of digests have no finer clock.
            return Ok(());
        }
        let target = Target {
            bucket: newest.bucket.clone(),
            root: LogFileName::parse(&newest.key).map_or_else(|| root_folder(None), |name| name.root),
            kms_key_id: newest.kms_key_id.clone(),
        };
        let start = chain.end_at;
        let draft = Draft { chain, is_new, start, end, target, logs: late, is_last: false };
        self.sign(draft, now, report).await?;
        Ok(())
    }

    /// Signs a digest and makes it the head of its chain.
    async fn sign(&mut self, draft: Draft, now: Timestamp, report: &mut TickReport) -> Result<DigestChain, Error> {
        let Draft { mut chain, is_new, start, end, target, logs, is_last } = draft;
        let is_backfill = chain.started_at.is_none();
        let key = DigestName { chain: chain_name(&chain.place, &target.root, is_backfill), end }.to_string();
        let signing_at = if is_backfill { now } else { end };
        let Chosen { key: signing_key, fresh } =
            self.keys.choose(&self.catalog, &chain.place.region, signing_at).await?;
        let contents = Contents {
            account: chain.place.account.clone(),
            start,
            end,
            bucket: target.bucket.clone(),
            key: key.clone(),
            previous: chain.last.clone().map(previous),
            log_files: logs.iter().map(entry).collect(),
        };
        let (sealed, body) = tokio::task::spawn_blocking(move || {
            let sealed = seal(contents, &signing_key)?;
            let body = sealed.compressed();
            Ok::<_, opentrail_seal::KeyError>((sealed, body))
        })
        .await??;
        let last = link(&sealed, target.bucket, key);
        let digest = StoredDigest {
            id: 0,
            trail_id: chain.trail_id,
            place: chain.place.clone(),
            bucket: last.bucket.clone(),
            key: last.key.clone(),
            kms_key_id: target.kms_key_id,
            body,
            signature: last.signature.clone(),
            backfilled_at: is_backfill.then_some(now),
            sealed_at: now,
            attempts: 0,
        };
        let mut transaction = self.catalog.begin().await?;
        if let Some(fresh) = &fresh {
            transaction.insert_signing_key(fresh).await?;
        }
        if is_new {
            chain.id = transaction.insert_digest_chain(&chain).await?;
        }
        transaction.extend_digest_chain(chain.id, chain.end_at, end, &last, is_last).await?;
        transaction.insert_digest(&digest).await?;
        for file in &logs {
            transaction.log_file_sealed(file.id).await?;
        }
        // Commit point. A crash before this leaves nothing: the window is sealed anew, perhaps with another key, and no
        // digest of it was ever in a bucket. After it the digest is owed with these bytes, the log files it lists are
        // listed by no other, and the next digest quotes it.
        transaction.commit().await?;
        report.digests_sealed += 1;
        Ok(DigestChain { end_at: end, is_closed: is_last, last: Some(last), ..chain })
    }
}

/// Whether an epoch's chain at a place is there, or was there before a later one.
fn is_begun(chains: &[DigestChain], place: &ChainPlace, epoch: &Epoch) -> bool {
    chains.iter().any(|chain| chain.place == *place && chain.started_at >= Some(epoch.started_at))
}

fn chain_name(place: &ChainPlace, root: &str, is_backfill: bool) -> ChainName {
    let arn: Vec<&str> = place.trail_arn.splitn(6, ':').collect();
    let home_region = arn.get(3).copied().unwrap_or_default();
    let trail = arn.get(5).and_then(|resource| resource.strip_prefix("trail/")).unwrap_or_default();
    ChainName {
        root: root.to_owned(),
        account: place.account.clone(),
        region: place.region.clone(),
        trail: trail.to_owned(),
        home_region: home_region.to_owned(),
        is_backfill,
    }
}

fn previous(link: DigestLink) -> Previous {
    Previous { bucket: link.bucket, key: link.key, sha256: link.sha256, signature: link.signature }
}

fn link(sealed: &Sealed, bucket: String, key: String) -> DigestLink {
    DigestLink { bucket, key, sha256: sealed.sha256().to_owned(), signature: sealed.signature().to_owned() }
}

fn entry(file: &LogFile) -> LogFileEntry {
    LogFileEntry {
        s3_bucket: file.bucket.clone(),
        s3_object: file.key.clone(),
        hash_value: file.sha256.clone(),
        hash_algorithm: HASH_ALGORITHM.to_owned(),
        newest_event_time: file.newest_event_at.iso(),
        oldest_event_time: file.oldest_event_at.iso(),
    }
}
