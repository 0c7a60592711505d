//! Stage: the journal's next records into compressed log files on disk.

mod compress;
mod revisions;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use opentrail_catalog::LogFile;
use opentrail_journal::{Category, Entry, Envelope, Origin, Position};
use opentrail_model::Routed;
use opentrail_seal::name::Family;
use opentrail_stdx::{Disk, Entropy, Timestamp};

use self::revisions::Revisions;
use self::writer::{Place, Writer, flush};
use crate::{Delivery, Error, Options, PRODUCT, TickReport};

impl Delivery {
    /// Stages all that is in the journal now, a bounded part at a time.
    pub(crate) async fn stage(&mut self, report: &mut TickReport) -> Result<(), Error> {
        let now = self.clock.now();
        let end = self.journal.end();
        loop {
            let from = Position(self.catalog.cursor(PRODUCT).await?);
            if from >= end {
                break;
            }
            self.stage_pass(from, end, now, report).await?;
        }
        self.staged(now);
        Ok(())
    }

    async fn stage_pass(
        &mut self,
        from: Position,
        end: Position,
        now: Timestamp,
        report: &mut TickReport,
    ) -> Result<(), Error> {
        let revisions = Revisions::new(self.catalog.trail_revisions().await?);
        let (to, pass) = if revisions.is_nobody_logging_from(from.0) {
            (end, Pass::default())
        } else {
            self.read_pass(from, end, now, revisions).await?
        };
        let mut transaction = self.catalog.begin().await?;
        for file in &pass.finished {
            transaction.insert_log_file(file).await?;
        }
        transaction.move_cursor(PRODUCT, from.0, to.0).await?;
        // Commit point. The files are synced, their names too. A crash before this leaves files that nobody knows, which
        // the next start removes, and the cursor where it was: the same records are staged anew, under new names that
        // never reached a bucket. After it the files are owed.
        transaction.commit().await?;
        report.log_files_staged += pass.finished.len() as u64;
        report.records_staged += pass.finished.iter().map(|file| file.records).sum::<u64>();
        if pass.unreadable > 0 {
            tracing::error!(records = pass.unreadable, from = from.0, to = to.0, "records are no JSON objects");
            self.update_metrics(|snapshot| snapshot.records_unreadable.add(pass.unreadable, now));
        }
        Ok(())
    }

    async fn read_pass(
        &self,
        from: Position,
        end: Position,
        now: Timestamp,
        revisions: Revisions,
    ) -> Result<(Position, Pass), Error> {
        let mut staging = Staging {
            disk: Arc::clone(&self.disk),
            dir: Arc::clone(&self.staging_dir),
            entropy: Arc::clone(&self.entropy),
            options: self.options.clone(),
            revisions,
            now,
            from,
            named: 0,
            bytes: 0,
            waiting_bytes: 0,
            writers: BTreeMap::new(),
            pass: Pass::default(),
        };
        let mut next = from;
        while next < end && !staging.is_full() {
            let entries = self.journal.read(next, self.options.read_bytes_max).await?;
            let Some((last, _)) = entries.last() else { break };
            let after = Position(last.0 + 1);
            let (taken, result) = tokio::task::spawn_blocking(move || {
                let result = staging.take(&entries);
                (staging, result)
            })
            .await?;
            staging = taken;
            next = match result.map_err(|source| self.staging_error("write a log file", source))? {
                Some(stopped) => stopped,
                None => after,
            };
        }
        let finished = tokio::task::spawn_blocking(move || staging.finish()).await?;
        Ok((next, finished.map_err(|source| self.staging_error("finish a log file", source))?))
    }
}

/// What a pass made.
#[derive(Debug, Default)]
struct Pass {
    finished: Vec<LogFile>,
    unreadable: u64,
}

/// Which open log file a record goes to. A changed trail is another file, since its bucket may be another.
type FileKey = (usize, String, String, Family);

/// The open log files of one pass. All its work blocks.
struct Staging {
    disk: Arc<dyn Disk>,
    dir: Arc<Path>,
    entropy: Arc<dyn Entropy>,
    options: Options,
    revisions: Revisions,
    now: Timestamp,
    from: Position,
    named: u64,
    bytes: u64,
    /// What the open log files hold uncompressed, at most.
    waiting_bytes: usize,
    writers: BTreeMap<FileKey, Writer>,
    pass: Pass,
}

impl Staging {
    fn is_full(&self) -> bool {
        self.bytes >= self.options.pass_bytes_max || self.writers.len() >= self.options.open_files_max
    }

    /// Takes records in, all of them unless too many files are open: then it answers where it stopped.
    fn take(&mut self, entries: &[(Position, Entry)]) -> std::io::Result<Option<Position>> {
        for (position, entry) in entries {
            if self.is_full() {
                return Ok(Some(*position));
            }
            self.bytes += entry.record.len() as u64;
            self.take_one(*position, entry)?;
        }
        Ok(None)
    }

    fn take_one(&mut self, position: Position, entry: &Entry) -> std::io::Result<()> {
        let Some(family) = family_of(&entry.envelope) else { return Ok(()) };
        let Ok(event) = Routed::parse(&entry.record) else {
            self.pass.unreadable += 1;
            return Ok(());
        };
        let event_at = event.event_instant().unwrap_or(entry.envelope.arrived_at);
        let (account, region) = (&entry.envelope.account, &entry.envelope.region);
        let in_force = self.revisions.in_force_at(position.0).to_vec();
        for revision in in_force {
            if !self.revisions.trail(revision).is_some_and(|trail| trail.wants_at(account, region, &event)) {
                continue;
            }
            let key = (revision, account.clone(), region.clone(), family);
            self.make_room(&key, entry.record.len() as u64)?;
            let writer = match self.writers.entry(key) {
                std::collections::btree_map::Entry::Occupied(occupied) => occupied.into_mut(),
                std::collections::btree_map::Entry::Vacant(vacant) => {
                    // The name tells the range that a crash would leave it from; only its being new matters.
                    let salt = self.entropy.next_u64();
                    let name = format!("{:020}-{:06}-{salt:016x}.json.gz", self.from.0, self.named);
                    self.named += 1;
                    vacant.insert(Writer::create(&*self.disk, &self.dir, name)?)
                }
            };
            writer.push(&entry.record, event_at, entry.envelope.arrived_at);
            self.waiting_bytes += entry.record.len() + 1;
        }
        if self.waiting_bytes >= self.options.waiting_bytes_max {
            self.waiting_bytes = 0;
            flush(self.writers.values_mut(), self.options.cores)?;
        }
        Ok(())
    }

    /// Closes the log file if the record would make it too large.
    fn make_room(&mut self, key: &FileKey, record_bytes: u64) -> std::io::Result<()> {
        let is_over = |writer: &Writer| writer.bytes_with(record_bytes) > self.options.log_bytes_max;
        if self.writers.get(key).is_some_and(is_over)
            && let Some(writer) = self.writers.remove(key)
        {
            self.close(BTreeMap::from([(key.clone(), writer)]))?;
        }
        Ok(())
    }

    fn close(&mut self, mut writers: BTreeMap<FileKey, Writer>) -> std::io::Result<()> {
        writers.values_mut().for_each(Writer::end);
        flush(writers.values_mut(), self.options.cores)?;
        for ((revision, account, region, family), writer) in writers {
            let (trail_id, trail) = self.revisions.get(revision);
            let place = Place { trail_id, trail, account: &account, region: &region, family };
            let file = writer.finish(&place, self.now, &*self.entropy)?;
            self.pass.finished.push(file);
        }
        Ok(())
    }

    /// Closes all log files and makes their names durable.
    fn finish(mut self) -> std::io::Result<Pass> {
        let writers = std::mem::take(&mut self.writers);
        self.close(writers)?;
        if !self.pass.finished.is_empty() {
            self.disk.sync_dir(&self.dir)?;
        }
        Ok(self.pass)
    }
}

/// The folder for a record; none for those that go to stores only: imported ones, and those put through a channel.
fn family_of(envelope: &Envelope) -> Option<Family> {
    if envelope.origin != Origin::Call {
        return None;
    }
    match envelope.category {
        Category::Management | Category::Data => Some(Family::CloudTrail),
        Category::NetworkActivity => Some(Family::NetworkActivity),
        Category::Insight => Some(Family::Insight),
        Category::ActivityAuditLog | Category::Aggregated | Category::Other => None,
    }
}
