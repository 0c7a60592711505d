//! From the journal to signed log files and digests in buckets.
//!
//! [`Delivery`] does five things in turn, each of which can stop anywhere and go on later: *stage* writes the journal's
//! next records to compressed log files on disk, *publish* puts them into their buckets, *seal* lists them in signed
//! digests, *publish* delivers those, *forget* drops what nobody needs any more. One owner calls [`Delivery::tick`] again
//! and again.
//!
//! Exactly once: the journal's cursor moves in the catalog transaction that adds the staged log files, which are on disk
//! by then; a put is repeated with the same key and bytes until it succeeds; a digest is signed and stored in the
//! transaction that moves its chain's head and takes the log files it lists out of the catalog. After a failure nothing
//! is assumed: the next tick reads the catalog again and removes staged files that it doesn't know.
//!
//! Bounds: the journal is read [`Options::read_bytes_max`] at a time; at most [`Options::open_files_max`] log files are
//! open, in which [`Options::waiting_bytes_max`] wait to be compressed; at most [`Options::upload_bytes_max`] of compressed
//! log files are in memory, or one file if that is larger. On disk, a bucket that refuses lets its staged files pile up,
//! compressed, until it takes them or [`Options::retry_for`] is over.
//!
//! An [`Error`] means that the step will be tried again by the next tick; a bucket that refuses is no error but a state
//! of its trail, which GetTrailStatus shows. This crate knows no wire and no HTTP.

mod delivery;
mod error;
mod forget;
mod keys;
mod metrics;
mod options;
mod publish;
mod seal;
mod stage;

pub use delivery::{Delivery, DeliveryParts, TickReport};
pub use error::Error;
pub use keys::{Chosen, FreshKeys, KeyRings, KeySource, PooledKeys};
pub use metrics::{Metrics, Snapshot};
pub use options::Options;

/// The name of delivery's cursor in the catalog.
pub const PRODUCT: &str = "delivery";
