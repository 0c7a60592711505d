//! The append-only log: opaque records in, durable positions out.
//!
//! [`Journal`] is the handle that the system holds: appends that arrive together are committed with one fsync by a
//! thread that owns the [`Log`], the synchronous core. An append answers with a [`Durable`] range of positions, and
//! only this crate can make one: whoever asks for it can't acknowledge too early. Readers follow by [`Position`];
//! what every reader has passed is trimmed by whole segment files.
//!
//! Errors tell what became of the records: [`AppendError::Busy`] and [`AppendError::TooLarge`] wrote nothing;
//! after [`AppendError::Unavailable`] nothing is acknowledged, though a record may still be kept, at most once. A full
//! or failing disk is tried again with each append and each second, so the journal recovers by itself.
//! [`Corrupt`] names the file and the byte.
//!
//! ```
//! # use std::sync::Arc;
//! # use opentrail_journal::{Category, Entry, Envelope, Log, Options, Origin, Position};
//! # use opentrail_stdx::{ManualClock, SimDisk, Timestamp};
//! let clock = Arc::new(ManualClock::at(Timestamp::from_secs(1_800_000_000)));
//! let mut log = Log::open(Arc::new(SimDisk::new(1)), "/journal".into(), Options::default(), clock)?;
//! let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
//! let (category, origin) = (Category::Management, Origin::Call);
//! let envelope = Envelope { account, region, category, origin, arrived_at: Timestamp::EPOCH };
//! let entry = Entry { envelope, record: "{}".into() };
//! let durable = log.append(std::slice::from_ref(&entry))?;
//! assert_eq!(durable.get(), &(0..1));
//! assert_eq!(log.read(Position(0), 1 << 20)?, [(Position(0), entry)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a record says is no business of this crate: it knows neither its fields nor who wants it. The stored format
//! is described in `docs/formats/journal.md`.

mod committer;
mod durable;
mod entry;
mod error;
mod follow;
mod frame;
mod journal;
mod log;
mod memory;
mod options;
mod payload;
mod reader;
mod recover;
mod segment;
mod walk;

pub use durable::Durable;
pub use entry::{Category, Entry, Envelope, Origin, Position};
pub use error::{AppendError, Corrupt, OpenError, ReadError, TrimError};
pub use follow::{JournalReader, SharedLog};
pub use journal::{Health, Journal, Stats};
pub use log::Log;
pub use memory::MemoryJournal;
pub use options::Options;
