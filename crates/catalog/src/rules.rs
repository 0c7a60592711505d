//! The number of changes of what decides about each event that comes through a channel: channels, event data stores, policies.
//!
//! Who asks for these with every request remembers them instead, with the number that it read before it asked: they are as they
//! were for as long as the number is the same. Only one process changes them, so the number is not kept.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Catalog;

/// Counts the changes.
#[derive(Debug, Default)]
pub(crate) struct Rules(AtomicU64);

impl Rules {
    /// To be called after a commit that changed something and before anyone is told of it, so that nobody who knows of the change
    /// finds what was before.
    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Catalog {
    /// A number that another one follows when channels, event data stores or policies have changed. What is read after this
    /// call holds for as long as the number stays.
    pub fn rules_version(&self) -> u64 {
        self.rules().0.load(Ordering::SeqCst)
    }
}
