//! A segment on disk: an ORC file with the records and their columns, and beside it an index by which they are found.

mod cache;
mod checksums;
mod file;
mod open;
mod rebuild;
mod scan;
mod texts;
mod write;

pub(crate) use self::cache::ChunkCache;
pub(crate) use self::checksums::is_about_checksums;
pub(crate) use self::open::Segment;
pub(crate) use self::rebuild::rebuild_index;
pub(crate) use self::scan::{ColumnRows, ColumnsWanted, orc_metadata};
pub(crate) use self::write::write_segment;

use std::path::{Path, PathBuf};

use super::columns::Table;

/// How segments are written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SegmentOptions {
    /// Which columns.
    pub(crate) table: Table,
    /// The zstd level of the ORC file.
    pub(crate) zstd_level: i32,
    /// How many bytes are compressed at once: a record is read by unpacking as many.
    pub(crate) compression_block_bytes: usize,
    /// The ORC stripes' size.
    pub(crate) stripe_bytes: usize,
}

/// For how long a segment is likely to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stay {
    /// Until it is merged with others.
    Short,
    /// Until its day is quiet.
    Medium,
    /// Until its records are past their time.
    Long,
}

impl SegmentOptions {
    /// The longer a segment stays, the more work goes into making it small.
    pub(crate) fn new(table: Table, stay: Stay) -> Self {
        // Level 1 is not only faster than 2 to 4 here: in blocks of this size it also finds more of what repeats.
        let zstd_level = match stay {
            Stay::Short | Stay::Medium => 1,
            Stay::Long => 9,
        };
        let (compression_block_bytes, stripe_bytes) = (256 * 1024, 64 * 1024 * 1024);
        Self { table, zstd_level, compression_block_bytes, stripe_bytes }
    }
}

/// The files of the segment `name` in `dir`. The index begins with an underscore, so that engines that read all files of a
/// folder as ORC pass over it, as they do over all names that begin so.
struct Paths {
    orc: PathBuf,
    idx: PathBuf,
}

impl Paths {
    fn of(dir: &Path, name: &str) -> Self {
        Self { orc: dir.join(format!("{name}.orc")), idx: dir.join(format!("_{name}.idx")) }
    }
}

#[cfg(test)]
mod tests;
