//! Appending records that were recorded elsewhere, no faster than the journal and the lake can take them.

use std::sync::Arc;
use std::time::Duration;

use opentrail_intake::import::Prepared;
use opentrail_intake::{IntakeError, Recorder};
use opentrail_journal::{AppendError, Origin, Position};
use opentrail_lake::Lake;
use opentrail_model::AccountId;
use tokio::time::error::Elapsed;

/// Bytes of records that are appended together.
pub(crate) const BATCH_BYTES: usize = 4 << 20;
/// How far the store may be behind, in records, while files are read.
const BEHIND_RECORDS_MAX: u64 = 200_000;
/// How long the store may take to catch up before they are given up.
const BEHIND_TIME_MAX: Duration = Duration::from_secs(60);
/// How often, and how long each time, an append waits for the journal's queue.
const BUSY_TRIES: u32 = 200;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// Appends patiently.
#[derive(Debug, Clone)]
pub(crate) struct Appender {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) lake: Lake,
}

impl Appender {
    /// Appends records; returns the journal's end after them. Waits while the journal's queue is full, as it is when several
    /// files come in at once.
    pub(crate) async fn append(
        &self,
        account: &AccountId,
        origin: Origin,
        records: Vec<Prepared>,
    ) -> Result<Option<Position>, IntakeError> {
        let mut tries = 0;
        loop {
            match self.recorder.import(account, origin, records.clone()).await {
                Err(IntakeError::Journal(AppendError::Busy { .. })) if tries < BUSY_TRIES => tries += 1,
                other => return Ok(other?.map(|durable| Position(durable.into_inner().end))),
            }
            tokio::time::sleep(BUSY_PAUSE).await;
        }
    }

    /// Waits while the store is too far behind `end`; an error means that it doesn't catch up.
    pub(crate) async fn keep_up(&self, end: Option<Position>) -> Result<(), Elapsed> {
        self.wait_until_behind_by(end, BEHIND_RECORDS_MAX, BEHIND_TIME_MAX).await
    }

    /// Waits until the store has come to within `records` of `end`.
    pub(crate) async fn wait_until_behind_by(
        &self,
        end: Option<Position>,
        records: u64,
        time_max: Duration,
    ) -> Result<(), Elapsed> {
        let Some(end) = end else { return Ok(()) };
        let mut consumed = self.lake.consumed();
        let is_near = move |consumed: &Position| consumed.0.saturating_add(records) >= end.0;
        // An engine that is gone consumes no more; the process is stopping.
        let near = async { consumed.wait_for(is_near).await.map(|_| ()).unwrap_or_default() };
        tokio::time::timeout(time_max, near).await
    }
}
