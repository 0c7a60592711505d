//! The owner of all steps.

mod check;
mod consume;
mod expire;
mod flush;
mod job;
mod merge;
mod open;
mod registry;
mod repair;
mod sweep;
mod tail;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentrail_catalog::Catalog;
use opentrail_journal::JournalReader;
use opentrail_stdx::{Clock, Disk, Timestamp};

use self::check::Checked;
use self::flush::Flushed;
use self::job::Slot;
use self::merge::Merged;
use self::repair::Mended;
use self::tail::{Frozen, Tail};
use crate::shared::Shared;
use crate::store::{StoreView, Stored};
use crate::{Error, Lake, Metrics, Options};

/// How often segments are looked through.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the engine works with. All of time and disk comes in here.
#[derive(Debug)]
pub struct LakeParts {
    /// Where records come from.
    pub journal: Arc<dyn JournalReader>,
    /// Which segments there are, and how far the engine has come.
    pub catalog: Catalog,
    /// The disk of the lake's folder.
    pub disk: Arc<dyn Disk>,
    /// The lake's folder, the engine's own.
    pub dir: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The numbers to go by.
    pub options: Options,
}

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    /// Records of the journal that were looked at.
    pub consumed: u64,
    /// Segments that were flushed.
    pub flushed: u64,
    /// Segments that were merged into one.
    pub merged: u64,
    /// Segments that were dropped because all their records are past their time.
    pub expired: u64,
    /// Segments that were mended.
    pub repaired: u64,
    /// There is more to consume at once.
    pub is_behind: bool,
}

/// Turns the journal into stores. Has one owner, who calls [`Engine::tick`] when the journal has grown, when
/// [`Engine::built`] says so, and about every second.
#[derive(Debug)]
pub struct Engine {
    journal: Arc<dyn JournalReader>,
    catalog: Catalog,
    shared: Arc<Shared>,
    /// The next journal position to consume.
    next: u64,
    tail: Tail,
    frozen: VecDeque<Frozen>,
    flush: Slot<Flushed>,
    upkeep: Slot<Upkeep>,
    /// The segments that `upkeep` works on.
    busy: Vec<Arc<Stored>>,
    /// Told to upkeep that it should give up.
    is_stopping: Arc<AtomicBool>,
    /// Segments that no store has any more; their files go when nobody reads them.
    graveyard: Vec<Arc<Stored>>,
    /// Segments whose files nobody has checked since the start.
    unchecked: VecDeque<Arc<Stored>>,
    /// Whether the folder may hold files that the catalog doesn't know: at first, and after any failure.
    is_unclean: bool,
    /// The number that the next build's files are named by.
    serial: u64,
    /// When segments were last looked through for what is past its time, damaged or to be merged.
    looked_at: Option<Timestamp>,
    /// When to look for segments to merge again.
    merge_look_at: Timestamp,
    /// Until when few segments are not merged.
    merge_rest_until: Timestamp,
    behind_since: Option<Timestamp>,
}

/// What was done beside consuming and flushing.
#[derive(Debug)]
enum Upkeep {
    Merged(Box<Merged>),
    Mended(Mended),
    Checked(Checked),
}

impl Engine {
    /// The stores, for those who ask.
    pub fn lake(&self) -> Lake {
        Lake(Arc::clone(&self.shared))
    }

    /// A handle to look at the engine while its owner is busy.
    pub fn metrics(&self) -> Metrics {
        self.shared.metrics.clone()
    }

    /// Does what is due: consume, flush, merge, expire, mend. A step that fails doesn't keep the others from being
    /// done; the first error is returned, and the next tick takes all steps up again.
    pub async fn tick(&mut self) -> Result<TickReport, Error> {
        let mut report = TickReport::default();
        let mut steps = Steps::default();
        steps.note("sweep", self.sweep().await);
        steps.note("consume", self.consume(&mut report).await);
        self.freeze_when_due();
        steps.note("flush", self.flush(&mut report).await);
        steps.note("upkeep", self.settle_upkeep(&mut report).await);
        if self.is_look_due() {
            steps.note("refresh", self.refresh().await);
            steps.note("upkeep", self.keep_up(&mut report).await);
            steps.note("remove", self.remove_stores().await);
            steps.note("expire", self.expire(&mut report).await);
            steps.note("forget", self.forget_stores().await);
        }
        self.bury().await;
        self.measure(&mut report, steps.failures);
        steps.first_error.map_or(Ok(report), Err)
    }

    /// Waits until something that is built beside the ticks is finished, so that a tick should follow; for ever when
    /// nothing is being built.
    pub async fn built(&mut self) {
        tokio::select! {
            () = self.flush.ended() => {}
            () = self.upkeep.ended() => {}
        }
    }

    /// Before a shutdown: brings all that is in the journal to segments, and gives up merges. What fails is in the
    /// journal for the next start.
    pub async fn drain(&mut self) -> Result<TickReport, Error> {
        self.is_stopping.store(true, Ordering::SeqCst);
        let mut report = TickReport::default();
        self.upkeep.ended_now().await;
        if let Err(error) = self.settle_upkeep(&mut report).await {
            tracing::debug!(%error, "upkeep was given up for the stop");
        }
        loop {
            self.sweep().await?;
            self.consume(&mut report).await?;
            if self.next >= self.journal.end().0 {
                self.freeze();
            } else {
                self.freeze_when_due();
            }
            self.flush.ended_now().await;
            self.flush(&mut report).await?;
            if self.frozen.is_empty() && self.tail.from == self.next && self.next >= self.journal.end().0 {
                break;
            }
        }
        self.bury().await;
        self.measure(&mut report, 0);
        Ok(report)
    }

    /// Whether segments are to be looked through: that takes time, so it is done once a second, or when upkeep has
    /// nothing to do any more.
    fn is_look_due(&mut self) -> bool {
        let now = self.shared.clock.now();
        let is_fresh = self.looked_at.is_some_and(|last| last <= now && now.since(last) < LOOK_EVERY);
        if !is_fresh {
            self.looked_at = Some(now);
        }
        !is_fresh
    }

    /// Begins what is most urgent: mending, merging, checking.
    async fn keep_up(&mut self, report: &mut TickReport) -> Result<(), Error> {
        if !self.upkeep.is_idle() || self.is_unclean || self.is_stopping.load(Ordering::SeqCst) {
            return Ok(());
        }
        if !self.begin_repair().await? && !self.begin_merge() {
            self.begin_check();
        }
        if !self.shared.options.in_background {
            self.upkeep.ended_now().await;
            self.settle_upkeep(report).await?;
        }
        Ok(())
    }

    async fn settle_upkeep(&mut self, report: &mut TickReport) -> Result<(), Error> {
        self.upkeep.poll().await;
        let settled = match self.upkeep.outcome() {
            None => return Ok(()),
            Some(Err(error)) => {
                self.is_unclean = true;
                Err(error)
            }
            Some(Ok(Upkeep::Merged(merged))) => self.commit_merge(merged, report).await,
            Some(Ok(Upkeep::Mended(mended))) => self.commit_repair(mended, report).await,
            Some(Ok(Upkeep::Checked(checked))) => self.commit_check(checked).await,
        };
        if self.upkeep.is_idle() {
            self.busy.clear();
            self.looked_at = None;
        }
        settled
    }

    /// The numbers of what holds still between commits are counted when that changes.
    fn measure(&mut self, report: &mut TickReport, failures: u64) {
        let end = self.journal.end().0;
        let now = self.shared.clock.now();
        report.is_behind = self.next < end && !self.is_tail_full();
        self.behind_since = if self.next < end { self.behind_since.or(Some(now)) } else { None };
        let oldest = self.frozen.front().map_or(self.tail.since, |frozen| Some(frozen.since));
        let (next, behind_since) = (self.next, self.behind_since);
        let frozen = self.frozen.iter().map(|frozen| (frozen.records, frozen.bytes));
        let (records, bytes) = frozen.fold((self.tail.records, self.tail.bytes), |(a, b), (c, d)| (a + c, b + d));
        self.shared.metrics.update(|snapshot| {
            snapshot.consumed = next;
            snapshot.lag_records = end.saturating_sub(next);
            snapshot.oldest_unconsumed_at = behind_since;
            snapshot.oldest_unflushed_at = oldest;
            (snapshot.tail_records, snapshot.tail_bytes) = (records, bytes);
            snapshot.expired_segments += report.expired;
            snapshot.repaired_segments += report.repaired;
            snapshot.failures += failures;
        });
    }

    /// Counts the segments, after they have changed.
    fn count_segments(&self) {
        let stores = self.shared.stores();
        let all = || stores.values().flat_map(|view: &Arc<StoreView>| view.segments.iter());
        let live = || all().filter(|stored| !stored.is_damaged());
        let sum = |of: fn(&Stored) -> u64| live().map(|stored| of(stored)).sum::<u64>();
        self.shared.metrics.update(|snapshot| {
            snapshot.stores = stores.len() as u64;
            snapshot.segments = live().count() as u64;
            snapshot.records = sum(|stored| stored.row.records);
            snapshot.record_bytes = sum(|stored| stored.row.record_bytes);
            snapshot.file_bytes = sum(|stored| stored.row.file_bytes);
            snapshot.damaged = all().filter(|stored| !stored.is_readable()).map(|stored| stored.label()).collect();
        });
    }

    /// A number for the files of one build; never used twice while a file of it may exist.
    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}

/// Keeps the first error of a tick; the others are told to the log.
#[derive(Default)]
struct Steps {
    first_error: Option<Error>,
    failures: u64,
}

impl Steps {
    fn note(&mut self, step: &'static str, result: Result<(), Error>) {
        let Err(error) = result else { return };
        self.failures += 1;
        match &self.first_error {
            None => self.first_error = Some(error),
            Some(_) => tracing::warn!(step, %error, "another step of the lake stopped"),
        }
    }
}
