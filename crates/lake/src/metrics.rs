//! What the engine has done, and how far behind it is.

use std::sync::Arc;

use opentrail_stdx::{Tally, Timestamp};
use parking_lot::Mutex;

/// What the engine has done since it started, what it holds, and how far behind it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// All records before this journal position are in segments.
    pub cursor: u64,
    /// All records before this journal position can be found.
    pub consumed: u64,
    /// Records of the journal that can't be found yet.
    pub lag_records: u64,
    /// When the first of them reached the journal.
    pub oldest_unconsumed_at: Option<Timestamp>,
    /// When the engine took in the oldest record that is in no segment yet.
    pub oldest_unflushed_at: Option<Timestamp>,
    /// Records in the hot tail.
    pub tail_records: u64,
    /// Bytes of the hot tail in memory, about.
    pub tail_bytes: u64,
    /// Stores.
    pub stores: u64,
    /// Segments that answer.
    pub segments: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes of those records' own texts.
    pub record_bytes: u64,
    /// Bytes of their files.
    pub file_bytes: u64,
    /// The names of segments that can't be read, `STORE/day=DAY/NAME`.
    pub damaged: Vec<String>,
    /// Flushes of the hot tail.
    pub flushes: u64,
    /// Merges of segments.
    pub merges: u64,
    /// Segments that were dropped because all their records are past their time.
    pub expired_segments: u64,
    /// Segments that were mended.
    pub repaired_segments: u64,
    /// Steps that failed; each is tried again.
    pub failures: u64,
    /// Imported records that the store had already.
    pub duplicates: u64,
    /// Imported records whose event id another record has, with other content: both are kept.
    pub colliding: Tally,
    /// Records whose time can't be read: they are kept by the time they arrived.
    pub undated: Tally,
    /// Members of an unexpected type, in what was flushed: null in their column, whole in the record's text.
    pub mistyped: u64,
    /// Imported records that were past their time when they came: they are not kept.
    pub expired_on_arrival: u64,
    /// Records that no store can hold, because they are no JSON objects or name no account.
    pub unstorable: Tally,
}

/// A look at the engine from outside, while its owner is busy. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Mutex<Snapshot>>);

impl Metrics {
    /// How things stood when last looked at.
    pub fn snapshot(&self) -> Snapshot {
        self.0.lock().clone()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Snapshot)) {
        change(&mut self.0.lock());
    }
}
