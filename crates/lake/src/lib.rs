//! Stores of records: a hot tail in memory, ORC segments with lookup indexes below.
//!
//! [`Engine`] follows the journal and does these things in turn, each of which can stop anywhere and go on later:
//! *consume* takes the journal's next records into the hot tail, where they can be found at once; *flush* writes the tail
//! to segments, one for each store, origin and day; *merge* makes large segments of small ones; *expire* drops what is
//! past its time; *repair* mends what is damaged. One owner calls [`Engine::tick`] again and again. Others ask through a
//! [`Lake`], while it works.
//!
//! Exactly once: the journal's cursor moves in the catalog transaction that adds the flushed segments, which are on disk by
//! then, and readers see the tail's chunks go and the segments come in one step. After a crash the tail is consumed anew.
//! After a failure nothing is assumed: the engine asks the catalog what became of its transaction, and removes files that
//! it doesn't know.
//!
//! Every account has one store, its *Event history*: the management and Insights records of the account, and all that was
//! imported for it. Segments hold records of one origin (recorded or imported) and one day, so that what is past its time
//! goes by whole files.
//!
//! Bounds: one pass reads [`Options::read_bytes_max`] of the journal; the tail is at most [`Options::flush_bytes`], and
//! two more may wait for their flush, then consuming stops; a merge reads 16 segments at most, a part of each at a time;
//! [`Options::open_segments_max`] are open for lookups; a page ends at 16 MiB of texts.
//!
//! An [`Error`] means that the step will be tried again by the next tick. This crate knows no wire and no HTTP.

mod definition;
mod engine;
mod error;
mod format;
mod metrics;
mod options;
mod read;
mod recent;
mod registry;
mod shared;
mod store;

pub use engine::{Engine, LakeParts, TickReport};
pub use error::Error;
pub use format::Place;
#[cfg(feature = "fuzzing")]
pub use format::fuzzing;
pub use metrics::{Metrics, Snapshot};
pub use options::Options;
pub use read::{
    Asked, Bucket, Facet, Found, Holding, Lake, LogRows, Lookup, Page, Scan, ScanCounts, ScanPart, ScanRows,
    StoreSnapshot, Summarize, Summary,
};

/// The name of the engine's cursor in the catalog.
pub const PRODUCT: &str = "lake";
