//! The stores as readers see them at one moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opentrail_catalog::{Segment as SegmentRow, SegmentOrigin, SegmentState, StoreKind};
use opentrail_model::AccountId;
use opentrail_stdx::Timestamp;
use parking_lot::Mutex;

use crate::format::{MemorySegment, SegmentFacts};

/// Which store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StoreKey {
    /// Whose it is.
    pub(crate) account: AccountId,
    pub(crate) kind: StoreKind,
}

impl StoreKey {
    /// The Event history of an account.
    pub(crate) fn history(account: &AccountId) -> Self {
        Self { account: account.clone(), kind: StoreKind::History }
    }

    /// The name of its folder.
    fn folder(&self) -> String {
        match self.kind {
            StoreKind::History => format!("history-{}", self.account.as_str()),
            kind @ StoreKind::EventDataStore(_) => kind.name(),
        }
    }
}

/// What the folders of stores begin with.
pub(crate) const FOLDERS: [&str; 2] = ["history-", "eds-"];

/// A part of the hot tail: records of one store and origin, found in memory.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    /// Which tail it belongs to: a tail is flushed as a whole.
    pub(crate) generation: u64,
    pub(crate) origin: SegmentOrigin,
    pub(crate) memory: Arc<MemorySegment>,
}

/// A segment on disk. Its files stay for as long as something holds this.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) row: SegmentRow,
    pub(crate) facts: SegmentFacts,
    /// The folder of its day.
    pub(crate) dir: PathBuf,
    /// What is wrong with it, from when somebody noticed until the engine has looked into it.
    suspicion: Mutex<Option<String>>,
}

impl Stored {
    pub(crate) fn new(row: SegmentRow, facts: SegmentFacts, dir: PathBuf) -> Self {
        Self { row, facts, dir, suspicion: Mutex::new(None) }
    }

    /// Keeps lookups from it until the engine has looked into it.
    pub(crate) fn suspect(&self, why: &dyn std::error::Error) {
        self.suspicion.lock().get_or_insert_with(|| with_sources(why));
    }

    /// What somebody noticed.
    pub(crate) fn suspicion(&self) -> Option<String> {
        self.suspicion.lock().clone()
    }

    pub(crate) fn is_damaged(&self) -> bool {
        self.row.state == SegmentState::Damaged
    }

    /// Whether lookups ask it.
    pub(crate) fn is_readable(&self) -> bool {
        !self.is_damaged() && self.suspicion.lock().is_none()
    }

    /// How people find it: its path in the lake's folder without an ending.
    pub(crate) fn label(&self) -> String {
        let parts: Vec<_> =
            self.dir.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy()).collect();
        let folders = parts.iter().rev().fold(String::new(), |path, part| format!("{path}{part}/"));
        format!("{folders}{}", self.row.name)
    }
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// A store at one moment: each of its records is in one chunk or one segment.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoreView {
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) segments: Arc<Vec<Arc<Stored>>>,
}

/// All stores at one moment.
pub(crate) type Stores = BTreeMap<StoreKey, Arc<StoreView>>;

/// Where the lake's files are: `<lake>/<store>/day=YYYY-MM-DD/<name>.orc` and `_<name>.idx`.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) dir: PathBuf,
}

impl Layout {
    /// The folder of a store.
    pub(crate) fn store(&self, key: &StoreKey) -> PathBuf {
        self.dir.join(key.folder())
    }

    /// The folder of one of its days.
    pub(crate) fn day(&self, key: &StoreKey, day: &str) -> PathBuf {
        self.store(key).join(format!("day={day}"))
    }
}

/// The day of a time, `YYYY-MM-DD`.
pub(crate) fn day_of(time: Timestamp) -> String {
    time.iso().chars().take(10).collect()
}

/// The ORC file of a segment.
pub(crate) fn orc_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.orc"))
}

/// The index of a segment.
pub(crate) fn index_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("_{name}.idx"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_utc() {
        assert_eq!(day_of(Timestamp::parse_iso("2026-11-22T23:59:59.999Z").unwrap()), "2026-11-22");
        assert_eq!(day_of(Timestamp::from_ms(-1)), "1969-12-31");
    }
}
