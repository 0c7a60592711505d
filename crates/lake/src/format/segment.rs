//! A segment on disk: an ORC file with the records and their columns, and beside it an index by which they are found.

use std::path::Path;

use bytes::Bytes;
use opentrail_model::Filter;
use opentrail_stdx::Disk;

use super::FormatError;
use super::row::{Hit, Place, Row, SegmentFacts, TimeRange};

/// How segments are written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SegmentOptions {
    /// The zstd level of the ORC file.
    pub(crate) zstd_level: i32,
    /// How many bytes are compressed at once: a record is read by unpacking as many.
    pub(crate) compression_block_bytes: usize,
    /// The ORC stripes' size.
    pub(crate) stripe_bytes: usize,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self { zstd_level: 3, compression_block_bytes: 256 * 1024, stripe_bytes: 64 * 1024 * 1024 }
    }
}

/// Writes the two files of a segment: `NAME.orc` and `NAME.idx` in `dir`, which exists. Rows come in ascending order of
/// their places. What is left of an earlier attempt is overwritten. When it returns, both are durable.
pub(crate) fn write_segment(
    disk: &dyn Disk,
    dir: &Path,
    name: &str,
    rows: impl Iterator<Item = Result<Row, FormatError>>,
    options: &SegmentOptions,
) -> Result<SegmentFacts, FormatError> {
    let _ = (disk, dir, name, options);
    Err(FormatError::RowCount { rows: rows.count() as u64 })
}

/// Makes `NAME.idx` again from `NAME.orc`; the facts are those of the new files.
pub(crate) fn rebuild_index(disk: &dyn Disk, dir: &Path, name: &str) -> Result<SegmentFacts, FormatError> {
    let _ = (disk, name);
    Err(FormatError::damaged(dir, "header", "not there yet"))
}

/// An open segment.
#[derive(Debug)]
pub(crate) struct Segment {}

impl Segment {
    /// Opens the segment `name` in `dir`, of which `facts` are known.
    pub(crate) fn open(disk: &dyn Disk, dir: &Path, name: &str, facts: &SegmentFacts) -> Result<Self, FormatError> {
        let _ = (disk, name, facts);
        Err(FormatError::damaged(dir, "header", "not there yet"))
    }

    /// The newest rows in `range` that match, newest first, strictly before `after` in that order, at most `limit`.
    pub(crate) fn lookup(
        &self,
        filter: &Filter,
        range: TimeRange,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Hit>, FormatError> {
        let _ = (filter, range, after, limit);
        Ok(Vec::new())
    }

    /// The rows that match with the least positions after `after` (or of all), ascending by position, at most `limit`.
    pub(crate) fn arrivals(&self, after: Option<u64>, filter: &Filter, limit: usize) -> Result<Vec<Hit>, FormatError> {
        let _ = (filter, after, limit);
        Ok(Vec::new())
    }

    /// The text of a row's record.
    pub(crate) fn record(&self, row: u32) -> Result<Bytes, FormatError> {
        Err(FormatError::RowCount { rows: u64::from(row) })
    }

    /// The rows whose identity has this hash.
    pub(crate) fn rows_of(&self, hash: u64) -> Result<Vec<u32>, FormatError> {
        let _ = hash;
        Ok(Vec::new())
    }

    /// All rows, ascending by place.
    pub(crate) fn rows(&self) -> Result<impl Iterator<Item = Result<Row, FormatError>>, FormatError> {
        Ok(std::iter::empty())
    }

    /// Reads both files whole and compares them with the facts.
    pub(crate) fn verify(&self) -> Result<(), FormatError> {
        Ok(())
    }
}
