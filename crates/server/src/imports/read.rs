//! Reading a received file into the journal.

use std::time::Duration;

use opentrail_intake::import::{Item, LogFile, Prepared, Rejection, prepare};
use opentrail_journal::{Origin, Position};
use opentrail_lake::Asked;
use opentrail_model::AccountId;
use tokio::runtime::Handle;

use super::recent::Recent;
use super::spool::Spool;
use super::{ImportError, Imports, REJECTIONS_MAX};
use crate::appender::BATCH_BYTES;

/// How long the answer waits until the file's records can be found.
const FOUND_TIME_MAX: Duration = Duration::from_secs(10);

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
                runtime.block_on(self.appender.keep_up(end)).map_err(|_| ImportError::Behind)?;
            }
        }
        end = self.append(account, batch, &mut counts, runtime)?.or(end);
        // Whoever has the answer finds the records. They are safe in any case.
        if runtime.block_on(self.appender.wait_until_behind_by(end, 0, FOUND_TIME_MAX)).is_err() {
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
        let lake = &self.appender.lake;
        let consumed = *lake.consumed().borrow();
        let is_known = lake.is_known(account, batch.iter().map(asked))?;
        let records = batch.len() as u64;
        counts.records += records;
        let new: Vec<Prepared> =
            batch.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|it| it.0).collect();
        let hashes: Vec<u128> = new.iter().map(|record| Recent::hash(account, &record.text)).collect();
        let is_recent = self.recent.meet(&hashes, consumed);
        let again = is_recent.iter().filter(|is_recent| **is_recent).count();
        counts.duplicates += records - (new.len() - again) as u64;
        // Those on their way are appended again all the same: the first might not arrive. The store keeps one.
        match runtime.block_on(self.appender.append(account, Origin::Import, new)) {
            Ok(end) => {
                self.recent.appended(&hashes, end.unwrap_or_default());
                Ok(end)
            }
            Err(error) => {
                self.recent.forget(&hashes);
                Err(error.into())
            }
        }
    }
}
