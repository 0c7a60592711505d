//! The way in: what happened becomes records, and records become durable positions.
//!
//! A [`Recorder`] stamps each record with its `eventID`, prints it once, and appends it to the journal. What it
//! returns is the journal's evidence that the records are on disk; an answer of success is made from nothing less.
//!
//! An [`IntakeError`] means that nothing was acknowledged: the caller answers that the service is unavailable, and the
//! client may call again. Nothing here knows HTTP, trails or files.

pub mod audit;
pub mod import;
mod recorder;

pub use recorder::{Alone, IntakeError, Put, REGIONS_MAX, Recorder};
