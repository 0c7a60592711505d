//! Reading log files that were written elsewhere.
//!
//! A [`LogFile`] takes any stream of bytes that holds CloudTrail records, as JSON in any of the forms in which they are
//! kept (`{"Records":[…]}`, a bare array, an object a line, one object, objects one after the other), gzip or plain,
//! and hands out each record's own bytes. What is no record is handed out as a [`Rejection`] with its place, and the
//! rest goes on. Memory is bounded by the longest record, whatever the file claims.
//!
//! ```
//! use opentrail_intake::import::{Item, LogFile};
//!
//! let text = br#"{"Records":[{"eventName":"GetTrail"}, oops, {"eventName" : "PutRule"}]}"#;
//! let items: Vec<Item> = LogFile::new(&text[..]).collect();
//! assert!(matches!(&items[0], Item::Record(record) if record.text == br#"{"eventName":"GetTrail"}"#[..]));
//! assert!(matches!(&items[1], Item::Rejected(rejection) if (rejection.index, rejection.offset) == (1, 38)));
//! assert!(matches!(&items[2], Item::Record(record) if record.text == br#"{"eventName" : "PutRule"}"#[..]));
//! ```

mod input;
mod log_file;
mod prepare;
mod walk;
mod window;

use bytes::Bytes;

pub use log_file::LogFile;
pub use prepare::{Prepared, prepare};

/// What a log file holds, one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A JSON object by its brackets; nobody has looked inside yet.
    Record(Found),
    /// Something that is no record, or the end of a file that ends too early.
    Rejected(Rejection),
}

/// A record as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place among the items of the file, from 0.
    pub index: u64,
    /// Where it begins, in bytes of the uncompressed file.
    pub offset: u64,
    /// Its own bytes, unchanged.
    pub text: Bytes,
}

/// What was no record, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Its place among the items of the file, from 0.
    pub index: u64,
    /// Where it begins, in bytes of the uncompressed file.
    pub offset: u64,
    /// What is wrong with it.
    pub problem: String,
}

#[cfg(test)]
mod tests;
