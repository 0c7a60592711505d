//! The owner of all steps.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use opentrail_blob::Buckets;
use opentrail_catalog::{Catalog, Vault};
use opentrail_journal::{JournalReader, Position};
use opentrail_stdx::{Clock, Disk, Entropy, Timestamp};

use crate::keys::KeyRings;
use crate::{Error, KeySource, Metrics, Options, PRODUCT, Snapshot};

/// What delivery works with. All of time, chance, disk and network comes in here.
#[derive(Debug)]
pub struct DeliveryParts {
    /// Where records come from.
    pub journal: Arc<dyn JournalReader>,
    /// What is configured, and how far delivery has come.
    pub catalog: Catalog,
    /// Where log files and digests go.
    pub buckets: Arc<dyn Buckets>,
    /// The disk of the staging folder.
    pub disk: Arc<dyn Disk>,
    /// The staging folder, delivery's own.
    pub staging_dir: PathBuf,
    /// Keeps private keys.
    pub vault: Vault,
    /// Makes signing keys.
    pub keys: Arc<dyn KeySource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The numbers to go by.
    pub options: Options,
}

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    /// Records staged, counted once for each trail that wanted them.
    pub records_staged: u64,
    /// Log files staged.
    pub log_files_staged: u64,
    /// Log files delivered.
    pub log_files_delivered: u64,
    /// Digests signed.
    pub digests_sealed: u64,
    /// Digests delivered.
    pub digests_delivered: u64,
    /// Puts that failed.
    pub puts_failed: u64,
}

/// Turns the journal into log files and digests. Has one owner, who calls [`Delivery::tick`] about every second.
#[derive(Debug)]
pub struct Delivery {
    pub(crate) journal: Arc<dyn JournalReader>,
    pub(crate) catalog: Catalog,
    pub(crate) buckets: Arc<dyn Buckets>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) staging_dir: Arc<Path>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) options: Options,
    pub(crate) keys: KeyRings,
    metrics: Metrics,
    /// Whether the staging folder may hold files that the catalog doesn't know: at first, and after any failure.
    is_staging_unclean: bool,
    last_staged_at: Option<Timestamp>,
    /// Whether the catalog has delivery's cursor, so that the journal keeps what delivery has not read.
    has_cursor: bool,
    pub(crate) trimmed_to: u64,
}

impl Delivery {
    /// Puts the parts together. Nothing is read or written before the first tick.
    pub fn new(parts: DeliveryParts) -> Self {
        Self {
            journal: parts.journal,
            catalog: parts.catalog,
            buckets: parts.buckets,
            disk: parts.disk,
            staging_dir: parts.staging_dir.into(),
            clock: parts.clock,
            entropy: parts.entropy,
            options: parts.options.sane(),
            keys: KeyRings::new(parts.keys, parts.vault),
            metrics: Metrics::default(),
            is_staging_unclean: true,
            last_staged_at: None,
            has_cursor: false,
            trimmed_to: 0,
        }
    }

    /// A handle to look at delivery while its owner is busy.
    pub fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    /// How things stood after the last tick.
    pub fn snapshot(&self) -> Snapshot {
        self.metrics.snapshot()
    }

    /// Does what is due: stage, publish, seal, publish, forget. A step that fails doesn't keep the others from being
    /// done; the first error is returned, and the next tick takes all steps up again.
    pub async fn tick(&mut self) -> Result<TickReport, Error> {
        let is_due = self.is_staging_due(self.clock.now());
        self.run(is_due).await
    }

    /// Before a shutdown: stages and publishes all that is in the journal, whether due or not. What a bucket refuses
    /// stays staged for the next start.
    pub async fn drain(&mut self) -> Result<TickReport, Error> {
        self.run(true).await
    }

    async fn run(&mut self, is_staging_due: bool) -> Result<TickReport, Error> {
        let mut report = TickReport::default();
        let mut steps = Steps::default();
        // Whatever is done later, nothing is trimmed before the journal knows that delivery reads it.
        self.register().await?;
        steps.note("recover", self.recover().await);
        if is_staging_due && !self.is_staging_unclean {
            steps.note("stage", self.stage(&mut report).await);
        }
        steps.note("publish", self.publish(&mut report).await);
        steps.note("seal", self.seal(&mut report).await);
        steps.note("publish", self.publish(&mut report).await);
        steps.note("forget", self.forget().await);
        steps.note("measure", self.measure(&report).await);
        match steps.first_error {
            Some(error) => {
                self.is_staging_unclean = true;
                Err(error)
            }
            None => Ok(report),
        }
    }

    fn is_staging_due(&self, now: Timestamp) -> bool {
        let interval_ms = i64::try_from(self.options.delivery_interval.as_millis()).unwrap_or(i64::MAX).max(1);
        let turn = |at: Timestamp| at.as_ms().div_euclid(interval_ms);
        self.last_staged_at.is_none_or(|last| turn(last) != turn(now))
    }

    pub(crate) fn staged(&mut self, at: Timestamp) {
        self.last_staged_at = Some(at);
    }

    /// Makes delivery's cursor before anything else is done: other products read on their own, and what they have all
    /// read is trimmed.
    async fn register(&mut self) -> Result<(), Error> {
        if self.has_cursor {
            return Ok(());
        }
        let start = self.journal.start().0;
        let mut transaction = self.catalog.begin().await?;
        let cursor = transaction.register_cursor(PRODUCT, start).await?;
        // Commit point: a crash before leaves no cursor, and nothing trimmed on delivery's account.
        transaction.commit().await?;
        if cursor == start && start > 0 {
            tracing::info!(start, "delivery begins where the journal does");
        }
        self.has_cursor = true;
        Ok(())
    }

    /// Removes staged files that the catalog doesn't know: left by a crash before their transaction, or after the one
    /// that noted their delivery.
    async fn recover(&mut self) -> Result<(), Error> {
        if !self.is_staging_unclean {
            return Ok(());
        }
        let known = self.catalog.staged_names().await?;
        let (disk, dir) = (Arc::clone(&self.disk), Arc::clone(&self.staging_dir));
        let known: std::collections::HashSet<String> = known.into_iter().collect();
        let cleaned = tokio::task::spawn_blocking(move || clean(&*disk, &dir, |name| known.contains(name))).await?;
        cleaned.map_err(|source| self.staging_error("clean up", source))?;
        self.is_staging_unclean = false;
        Ok(())
    }

    /// Notes that the staging folder may hold files that the catalog doesn't know.
    pub(crate) fn staging_is_unclean(&mut self) {
        self.is_staging_unclean = true;
    }

    pub(crate) fn staging_error(&self, doing: &'static str, source: io::Error) -> Error {
        Error::Staging { doing, path: self.staging_dir.to_path_buf(), source }
    }

    pub(crate) fn update_metrics(&self, change: impl FnOnce(&mut Snapshot)) {
        self.metrics.update(change);
    }

    async fn measure(&mut self, report: &TickReport) -> Result<(), Error> {
        let cursor = self.catalog.cursor(PRODUCT).await?;
        let owed = self.catalog.owed().await?;
        let oldest_unstaged_at = match self.journal.end() {
            Position(end) if end > cursor => {
                let next = self.journal.read(Position(cursor), 1).await?;
                next.first().map(|(_, entry)| entry.envelope.arrived_at)
            }
            _ => None,
        };
        let end = self.journal.end().0;
        self.metrics.update(|snapshot| {
            snapshot.cursor = cursor;
            snapshot.unstaged_records = end.saturating_sub(cursor);
            snapshot.oldest_unstaged_at = oldest_unstaged_at;
            snapshot.owed = owed;
            snapshot.log_files_staged += report.log_files_staged;
            snapshot.records_staged += report.records_staged;
            snapshot.log_files_delivered += report.log_files_delivered;
            snapshot.digests_sealed += report.digests_sealed;
            snapshot.digests_delivered += report.digests_delivered;
            snapshot.puts_failed += report.puts_failed;
        });
        Ok(())
    }
}

/// Keeps the first error of a tick; the others are told to the log.
#[derive(Default)]
struct Steps {
    first_error: Option<Error>,
}

impl Steps {
    fn note(&mut self, step: &'static str, result: Result<(), Error>) {
        match (result, &self.first_error) {
            (Ok(()), _) => {}
            (Err(error), None) => self.first_error = Some(error),
            (Err(error), Some(_)) => tracing::warn!(step, %error, "another step of delivery stopped"),
        }
    }
}

fn clean(disk: &dyn Disk, dir: &Path, is_known: impl Fn(&str) -> bool) -> io::Result<()> {
    disk.create_dir_all(dir)?;
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        disk.sync_dir(parent)?;
    }
    for found in disk.list(dir)? {
        if !is_known(&found.name) {
            disk.remove(&dir.join(&found.name))?;
        }
    }
    Ok(())
}

/// A whole number of milliseconds, for arithmetic with timestamps.
pub(crate) fn whole_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
