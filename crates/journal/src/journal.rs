//! The journal as the rest of the system holds it: group commit on its own thread.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use opentrail_stdx::{Clock, Disk, Timestamp};
use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};

use crate::committer::{Append, Committer, Shared};
use crate::log::{check, unavailable};
use crate::payload::Payload;
use crate::{AppendError, Durable, Entry, Log, OpenError, Options, Position, ReadError, TrimError};

/// A handle on the journal; cheap to clone.
///
/// Dropping the last one commits what was accepted and waits for it; [`Journal::close`] does the same without
/// blocking.
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    options: Options,
    clock: Arc<dyn Clock>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

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
    pub fn open(disk: Arc<dyn Disk>, dir: PathBuf, options: Options, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let log = Log::open(disk, dir.clone(), options, Arc::clone(&clock))?;
        let shared = Arc::new(Shared::new(log.reader(), log.end()));
        let committer = Committer::new(log, Arc::clone(&shared), Arc::clone(&clock));
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(|| committer.run())
            .map_err(|source| OpenError::Io { dir, source })?;
        let thread = Mutex::new(Some(thread));
        Ok(Self { inner: Arc::new(Inner { shared, options, clock, thread }) })
    }

    /// Appends `entries` as one batch, all or none, and returns their positions once they are on the disk.
    ///
    /// Dropping the future takes nothing back: the records may still be kept.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<Durable<Range<u64>>, AppendError> {
        check(&self.inner.options, &entries)?;
        let mut payload = Payload::encode(&entries);
        drop(entries);
        if payload.is_slow() {
            let compressed = tokio::task::spawn_blocking(move || {
                payload.compress();
                payload
            });
            payload = compressed.await.map_err(|stopped| unavailable(io::Error::other(stopped)))?;
        } else if payload.is_large() {
            payload.compress();
        }
        let (reply, committed) = oneshot::channel();
        let since = self.inner.clock.now();
        self.inner.shared.push(Append { payload, since, reply }, self.inner.options.queue_bytes_max)?;
        committed.await.unwrap_or_else(|_| Err(unavailable(io::Error::other("the journal's thread has ended"))))
    }

    /// The position after the last durable record. Takes no lock.
    pub fn end(&self) -> Position {
        Position(self.inner.shared.reader.end())
    }

    /// The first position that can be read.
    pub fn start(&self) -> Position {
        Position(self.inner.shared.reader.start())
    }

    /// Whether the journal takes records.
    pub fn health(&self) -> Health {
        self.inner.shared.health()
    }

    /// Reads durable records from `from` on: at least one when there is one, then up to about `bytes_max` bytes.
    pub async fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        let reader = Arc::clone(&self.inner.shared.reader);
        let read = tokio::task::spawn_blocking(move || reader.read(from, bytes_max));
        read.await.unwrap_or_else(|stopped| {
            let source = io::Error::other(stopped);
            Err(ReadError::Io { file: PathBuf::new(), source })
        })
    }

    /// Forgets whole segments that lie before `before`.
    pub async fn trim(&self, before: Position) -> Result<(), TrimError> {
        let (reply, trimmed) = oneshot::channel();
        self.inner.shared.push_trim(before, reply);
        // Without an answer the journal is closed: what was not trimmed is trimmed in its next life.
        trimmed.await.unwrap_or(Ok(()))
    }

    /// Tells followers that the durable end has moved.
    pub fn changed(&self) -> watch::Receiver<Position> {
        self.inner.shared.changed()
    }

    /// What it has done and holds.
    pub fn stats(&self) -> Stats {
        self.inner.shared.stats()
    }

    /// Commits what was accepted, then stops. Later appends are `Unavailable`.
    pub async fn close(&self) {
        self.inner.shared.close();
        let thread = self.inner.thread.lock().take();
        if let Some(thread) = thread {
            // The thread's own panics have been answered by dropped replies.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("end", &self.end()).field("health", &self.health()).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.close();
        if let Some(thread) = self.thread.get_mut().take() {
            let _ = thread.join();
        }
    }
}
