//! The journal as the rest of the system holds it: group commit on its own thread.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use opentrail_stdx::{Clock, Disk, Timestamp};
use tokio::sync::watch;

use crate::{AppendError, Durable, Entry, OpenError, Options, Position, ReadError, TrimError};

/// A handle on the journal; cheap to clone.
#[derive(Debug, Clone)]
pub struct Journal {}

/// Whether the journal takes records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Ok,
    /// The disk refuses; appends are answered with `Unavailable`.
    Failing {
        /// Since when.
        since: Timestamp,
        /// What the disk says.
        message: String,
    },
}

/// What the journal has done and holds, for metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Records made durable since opening.
    pub records: u64,
    /// Their bytes, envelopes included.
    pub bytes: u64,
    /// The bytes written for them.
    pub stored_bytes: u64,
    /// How many commits (fsyncs) that took.
    pub commits: u64,
    /// How many commits and probes failed.
    pub failures: u64,
    /// Bytes waiting for the disk.
    pub queued_bytes: u64,
    /// When the oldest append that waits for the disk arrived.
    pub oldest_waiting_since: Option<Timestamp>,
    /// How many segment files there are.
    pub segments: u64,
}

impl Journal {
    /// Opens the journal in `dir`, making it when there is none, and starts its thread.
    pub fn open(
        _disk: Arc<dyn Disk>,
        _dir: PathBuf,
        _options: Options,
        _clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        unimplemented!()
    }

    /// Appends `entries` as one batch, all or none, and returns their positions once they are on the disk.
    #[allow(clippy::unused_async, reason = "awaits the commit")]
    pub async fn append(&self, _entries: Vec<Entry>) -> Result<Durable<Range<u64>>, AppendError> {
        unimplemented!()
    }

    /// The position after the last durable record. Takes no lock.
    pub fn end(&self) -> Position {
        unimplemented!()
    }

    /// The first position that can be read.
    pub fn start(&self) -> Position {
        unimplemented!()
    }

    /// Whether the journal takes records.
    pub fn health(&self) -> Health {
        unimplemented!()
    }

    /// Reads durable records from `from` on: at least one when there is one, then up to about `bytes_max` bytes.
    pub async fn read(&self, _from: Position, _bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        unimplemented!()
    }

    /// Forgets whole segments that lie before `before`.
    pub async fn trim(&self, _before: Position) -> Result<(), TrimError> {
        unimplemented!()
    }

    /// Tells followers that the durable end has moved.
    pub fn changed(&self) -> watch::Receiver<Position> {
        unimplemented!()
    }

    /// What it has done and holds.
    pub fn stats(&self) -> Stats {
        unimplemented!()
    }

    /// Commits what was accepted, then stops. Later appends are `Unavailable`.
    pub async fn close(&self) {
        unimplemented!()
    }
}
