//! The index file of a segment: how its rows are found without reading its ORC file. `docs/formats/segment.md` draws it.
//!
//! A small *root* at the end says where everything is; it is read when the segment is opened. All else is in blocks of
//! some kilobytes, each with its checksum, that are read when a question needs them.

mod blocks;
mod filter;
mod identities;
mod leaf;
mod open;
mod places;
mod postings;
mod root;
mod take;
mod values;
mod write;

pub(super) use self::blocks::crc;
pub(super) use self::open::Index;
pub(super) use self::values::{ValueChunk, ValuePlace};
pub(super) use self::write::{IndexWriter, Orc, Totals};

/// First and last in the file.
const MAGIC: &[u8; 8] = b"OTLAKEIX";

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

#[cfg(test)]
mod tests;
