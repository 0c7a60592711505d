//! What a store is made of: rows in memory and in segments, both found by the same questions.

mod columns;
mod count;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod index;
mod memory;
mod plan;
mod row;
mod rows;
mod segment;
mod terms;
#[cfg(test)]
mod testing;
mod varint;

pub(crate) use self::columns::{BatchBuilder, CHECKSUM, JSON, LogFileColumns, POSITION, TIME, Table};
pub(crate) use self::count::{CountQuestion, Tally, ValueCounts};
pub(crate) use self::error::FormatError;
pub(crate) use self::memory::MemorySegment;
pub use self::row::Place;
pub(crate) use self::row::{Hit, Row, SegmentFacts, TimeRange, describe, identity_hash, identity_of};
pub(crate) use self::segment::{
    ChunkCache, ColumnRows, ColumnsWanted, Segment, SegmentOptions, Stay, is_about_checksums, orc_metadata,
    rebuild_index, write_segment,
};
