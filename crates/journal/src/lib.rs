//! The append-only log: opaque records in, durable positions out.

mod durable;
mod entry;
mod error;
mod journal;
mod log;
mod options;

pub use durable::Durable;
pub use entry::{Category, Entry, Envelope, Position};
pub use error::{AppendError, Corrupt, OpenError, ReadError, TrimError};
pub use journal::{Health, Journal, Stats};
pub use log::Log;
pub use options::Options;
