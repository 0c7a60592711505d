//! What was read of log files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// How many damaged files are remembered by name.
const NAMED_MAX: usize = 20;

/// What was read of log files. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct LogCounts(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    files: AtomicU64,
    bytes: AtomicU64,
    records: AtomicU64,
    listed: AtomicU64,
    damaged: AtomicU64,
    /// The first damaged files, and what is wrong with each.
    named: Mutex<Vec<String>>,
}

impl LogCounts {
    /// Files that were read.
    pub fn files(&self) -> u64 {
        self.0.files.load(Ordering::Relaxed)
    }

    /// Their bytes, as they are stored.
    pub fn bytes(&self) -> u64 {
        self.0.bytes.load(Ordering::Relaxed)
    }

    /// Their records up to now.
    pub fn records(&self) -> u64 {
        self.0.records.load(Ordering::Relaxed)
    }

    /// How often a listing was asked for.
    pub fn listings(&self) -> u64 {
        self.0.listed.load(Ordering::Relaxed)
    }

    /// What was found that is no record, where damage doesn't fail the query.
    pub fn damaged(&self) -> u64 {
        self.0.damaged.load(Ordering::Relaxed)
    }

    /// The first of that, each with its file and place.
    pub fn damage(&self) -> Vec<String> {
        self.0.named.lock().clone()
    }

    pub(super) fn add_file(&self, bytes: u64) {
        self.0.files.fetch_add(1, Ordering::Relaxed);
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn add_record(&self) {
        self.0.records.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_listing(&self) {
        self.0.listed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_damage(&self, what: String) {
        self.0.damaged.fetch_add(1, Ordering::Relaxed);
        let mut named = self.0.named.lock();
        if named.len() < NAMED_MAX {
            named.push(what);
        }
    }
}
