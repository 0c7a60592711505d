//! What delivery has done, and how far behind it is.

use std::sync::Arc;

use opentrail_catalog::log_file::Owed;
use opentrail_stdx::{Tally, Timestamp};
use parking_lot::Mutex;

/// What delivery has done since it started, and how far behind it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The next journal position to be staged.
    pub cursor: u64,
    /// Records of the journal that are not staged yet.
    pub unstaged_records: u64,
    /// When the first of them reached the journal.
    pub oldest_unstaged_at: Option<Timestamp>,
    /// What is staged and not delivered, or delivered and not sealed.
    pub owed: Owed,
    /// Log files staged.
    pub log_files_staged: u64,
    /// Records in them; one for each trail that wanted it.
    pub records_staged: u64,
    /// Records that no log file can hold, because they aren't JSON objects.
    pub records_unreadable: Tally,
    /// Log files delivered.
    pub log_files_delivered: u64,
    /// Digests delivered.
    pub digests_delivered: u64,
    /// Digests signed.
    pub digests_sealed: u64,
    /// Puts that failed.
    pub puts_failed: u64,
    /// Objects given up after the last try.
    pub given_up: Tally,
}

impl Snapshot {
    /// When the oldest record that is in no bucket yet, though a trail may want it, reached the journal.
    pub fn oldest_undelivered_at(&self) -> Option<Timestamp> {
        [self.oldest_unstaged_at, self.owed.oldest_undelivered_at].into_iter().flatten().min()
    }
}

/// A look at delivery from outside, while its owner is busy. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Mutex<Snapshot>>);

impl Metrics {
    /// How things stood when last looked at.
    pub fn snapshot(&self) -> Snapshot {
        *self.0.lock()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Snapshot)) {
        change(&mut self.0.lock());
    }
}
