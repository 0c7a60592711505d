//! Reading: lookups, arrivals, and whether a record is known.

mod arrivals;
mod holdings;
mod known;
mod log_rows;
mod lookup;
mod scan;
mod source;
mod summary;

use std::sync::Arc;

use bytes::Bytes;
use opentrail_catalog::{SegmentOrigin, StoreKind};
use opentrail_journal::Position;
use opentrail_model::{AccountId, Filter};
use opentrail_stdx::Timestamp;
use tokio::sync::watch;

pub use self::holdings::Holding;
use self::known::Acquaintance;
pub(crate) use self::known::{Candidate, Known, Sameness, Sources, compare};
pub use self::log_rows::LogRows;
pub use self::lookup::{Lookup, Page};
pub use self::scan::{Scan, ScanCounts, ScanPart, ScanRows, StoreSnapshot};
use self::source::Source;
pub use self::summary::{Bucket, Facet, Summarize, Summary};
use crate::format::Place;
use crate::shared::Shared;
use crate::{Error, Metrics};

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub place: Place,
    /// Its own text, byte for byte.
    pub record: Bytes,
}

/// A record that may be in a store already.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its own text.
    pub record: &'a Bytes,
    /// When its event took place, if it tells.
    pub time: Option<Timestamp>,
    /// Its `eventID`, if it has one.
    pub event_id: Option<&'a str>,
    /// The Region under which it is kept.
    pub region: &'a str,
}

/// The stores, for those who ask. Cheap to clone; its questions block, for as long as the disk takes.
///
/// A segment that can't be read is left out of the answers and looked into by the engine.
#[derive(Debug, Clone)]
pub struct Lake(pub(crate) Arc<Shared>);

impl Lake {
    /// The records of an account's Event history that match, newest first. What is past its time is not found.
    ///
    /// Pages stay valid while records arrive: a page begins after a place, and places don't move.
    pub fn lookup(&self, account: &AccountId, lookup: &Lookup) -> Result<Page, Error> {
        Ok(lookup::lookup(&self.0, account, lookup))
    }

    /// How many records match, over time and by their values. Counting stops at `until`: then the newest are counted.
    pub fn summarize(&self, account: &AccountId, question: &Summarize, until: Timestamp) -> Result<Summary, Error> {
        Ok(summary::summarize(&self.0, account, question, until))
    }

    /// The records that match and whose journal position is greater than `after` (all, when there is none), those that
    /// arrived first, first.
    pub fn arrivals(
        &self,
        account: &AccountId,
        after: Option<u64>,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        Ok(arrivals::arrivals(&self.0, account, after, filter, limit))
    }

    /// What each store of an account holds: Event history first, then the event data stores.
    pub fn holdings(&self, account: &AccountId) -> Vec<Holding> {
        holdings::holdings(&self.0, account)
    }

    /// Tells how far the journal can be found: every record before this position is in all answers that it belongs to.
    pub fn consumed(&self) -> watch::Receiver<Position> {
        self.0.consumed.subscribe()
    }

    /// Whether the account's Event history and each event data store that wants it have each record already, as importing
    /// it would find. Records that arrived after [`Lake::consumed`] are not known yet; whether they come twice is decided
    /// when the engine takes them in.
    pub fn is_known<'a>(
        &self,
        account: &AccountId,
        records: impl ExactSizeIterator<Item = Asked<'a>>,
    ) -> Result<Vec<bool>, Error> {
        let registry = self.0.registry();
        let mut acquaintance = Acquaintance::new(&self.0, &registry, account);
        records.map(|asked| acquaintance.has(asked)).collect()
    }

    /// A handle to look at the engine while its owner is busy.
    pub fn metrics(&self) -> Metrics {
        self.0.metrics.clone()
    }

    /// The earliest time of recorded events that Event history shows now.
    pub fn kept_since(&self) -> Timestamp {
        self.0.cutoff(StoreKind::History, SegmentOrigin::Recorded)
    }
}
