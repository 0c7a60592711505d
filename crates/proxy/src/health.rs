//! Whether an upstream was there when it was last asked for.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What is known of an upstream's health; a mark for people and metrics. Requests are tried all the same, so that
/// the mark goes as soon as one gets through.
#[derive(Debug)]
pub struct Health {
    is_up: AtomicBool,
    connections: AtomicU64,
    failures: AtomicU64,
}

impl Default for Health {
    fn default() -> Self {
        Self { is_up: AtomicBool::new(true), connections: AtomicU64::new(0), failures: AtomicU64::new(0) }
    }
}

impl Health {
    /// Did the last attempt to reach it succeed? True until there was one.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// Connections that came about.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Requests that got no answer: unreachable, silent or cut.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// A connection came about; answers whether that is news.
    pub(crate) fn connected(&self) -> bool {
        self.connections.fetch_add(1, Ordering::Relaxed);
        !self.is_up.swap(true, Ordering::Relaxed)
    }

    /// No connection came about; answers whether that is news.
    pub(crate) fn unreachable(&self) -> bool {
        self.is_up.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }
}
