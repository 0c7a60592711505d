//! Reading a received file into the journal.

use std::time::Duration;

use opentrail_intake::IntakeError;
use opentrail_intake::import::{Item, LogFile, Prepared, Rejection, prepare};
use opentrail_journal::{AppendError, Position};
use opentrail_lake::Asked;
use opentrail_model::AccountId;
use tokio::runtime::Handle;

use super::recent::Recent;
use super::spool::Spool;
use super::{ImportError, Imports, REJECTIONS_MAX};

/// Bytes of records that are asked about and appended together.
const BATCH_BYTES: usize = 4 << 20;
/// How far the store may be behind, in records, while a file is read.
const BEHIND_RECORDS_MAX: u64 = 200_000;
/// How long the store may take to catch up before the file is given up.
const BEHIND_TIME_MAX: Duration = Duration::from_secs(60);
/// How long the answer waits until the file's records can be found.
const FOUND_TIME_MAX: Duration = Duration::from_secs(10);
/// How often, and how long each time, an append waits for the journal's queue.
const BUSY_TRIES: u32 = 200;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

fn asked(record: &Prepared) -> Asked<'_> {
    let Prepared { text, region, time, event_id, .. } = record;
    Asked { record: text, time: *time, event_id: event_id.as_deref(), region }
}

/// What was in a file.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) records: u64,
    /// Of the records, those that were there already.
    pub(super) duplicates: u64,
    /// What was no record.
    pub(super) rejected: u64,
    /// The first of those.
    pub(super) rejections: Vec<Rejection>,
}

impl Counts {
    fn reject(&mut self, rejection: Rejection) {
        self.rejected += 1;
        if self.rejections.len() < REJECTIONS_MAX {
            self.rejections.push(rejection);
        }
    }
}

impl Imports {
    /// Appends a file's records. Blocks; `runtime` is where the journal lives.
    pub(super) fn read(&self, account: &AccountId, spool: &Spool, runtime: &Handle) -> Result<Counts, ImportError> {
        let (mut counts, mut batch, mut bytes) = (Counts::default(), Vec::new(), 0);
        let mut end = None;
        for item in LogFile::new(spool.reader()) {
            let found = match item {
                Item::Record(found) => found,
                Item::Rejected(rejection) => {
                    counts.reject(rejection);
                    continue;
                }
            };
            match prepare(found.text) {
                Ok(record) => {
                    bytes += record.text.len();
                    batch.push(record);
                }
                Err(problem) => counts.reject(Rejection { index: found.index, offset: found.offset, problem }),
            }
            if bytes >= BATCH_BYTES {
                end = self.append(account, std::mem::take(&mut batch), &mut counts, runtime)?.or(end);
                bytes = 0;
                self.wait_until_behind_by(end, BEHIND_RECORDS_MAX, BEHIND_TIME_MAX, runtime)
                    .map_err(|_| ImportError::Behind)?;
            }
        }
        end = self.append(account, batch, &mut counts, runtime)?.or(end);
        // Whoever has the answer finds the records. They are safe in any case.
        if self.wait_until_behind_by(end, 0, FOUND_TIME_MAX, runtime).is_err() {
            tracing::info!("an import is answered before all its records can be found");
        }
        Ok(counts)
    }

    /// Appends those records that the account doesn't have; returns the journal's end after them.
    fn append(
        &self,
        account: &AccountId,
        batch: Vec<Prepared>,
        counts: &mut Counts,
        runtime: &Handle,
    ) -> Result<Option<Position>, ImportError> {
        // First: what is consumed after this is remembered, and what was before is in the store.
        let consumed = *self.lake.consumed().borrow();
        let is_known = self.lake.is_known(account, batch.iter().map(asked))?;
        let records = batch.len() as u64;
        counts.records += records;
        let new: Vec<Prepared> =
            batch.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|it| it.0).collect();
        let hashes: Vec<u128> = new.iter().map(|record| Recent::hash(account, &record.text)).collect();
        let is_recent = self.recent.meet(&hashes, consumed);
        let again = is_recent.iter().filter(|is_recent| **is_recent).count();
        counts.duplicates += records - (new.len() - again) as u64;
        // Those on their way are appended again all the same: the first might not arrive. The store keeps one.
        match runtime.block_on(self.append_patiently(account, new)) {
            Ok(end) => {
                self.recent.appended(&hashes, end.unwrap_or_default());
                Ok(end)
            }
            Err(error) => {
                self.recent.forget(&hashes);
                Err(error)
            }
        }
    }

    /// Waits while the journal's queue is full, as it is when several files come in at once.
    async fn append_patiently(&self, account: &AccountId, new: Vec<Prepared>) -> Result<Option<Position>, ImportError> {
        let mut tries = 0;
        loop {
            match self.recorder.import(account, new.clone()).await {
                Err(IntakeError::Journal(AppendError::Busy { .. })) if tries < BUSY_TRIES => tries += 1,
                other => return Ok(other?.map(|durable| Position(durable.into_inner().end))),
            }
            tokio::time::sleep(BUSY_PAUSE).await;
        }
    }

    /// Waits until the store has come to within `records` of `end`.
    fn wait_until_behind_by(
        &self,
        end: Option<Position>,
        records: u64,
        time_max: Duration,
        runtime: &Handle,
    ) -> Result<(), tokio::time::error::Elapsed> {
        let Some(end) = end else { return Ok(()) };
        let mut consumed = self.lake.consumed();
        let is_near = move |consumed: &Position| consumed.0.saturating_add(records) >= end.0;
        runtime.block_on(async {
            // An engine that is gone consumes no more; the process is stopping.
            tokio::time::timeout(time_max, async { consumed.wait_for(is_near).await.map(|_| ()).unwrap_or_default() })
                .await
        })
    }
}
