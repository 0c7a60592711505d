//! A segment on disk: an ORC file with the records and their columns, and beside it an index by which they are found.

mod cache;
mod file;
mod open;
mod rebuild;
mod texts;
mod write;

pub(crate) use self::cache::ChunkCache;
pub(crate) use self::open::Segment;
pub(crate) use self::rebuild::rebuild_index;
pub(crate) use self::write::write_segment;

use std::path::{Path, PathBuf};

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

/// The files of the segment `name` in `dir`.
struct Paths {
    orc: PathBuf,
    idx: PathBuf,
}

impl Paths {
    fn of(dir: &Path, name: &str) -> Self {
        Self { orc: dir.join(format!("{name}.orc")), idx: dir.join(format!("{name}.idx")) }
    }
}

#[cfg(test)]
mod tests;
