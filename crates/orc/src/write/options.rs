//! What a writer can be told.

use crate::compression::{BLOCK_BYTES, Compression};
use crate::{ColumnPath, Error};

/// How a file is written. The default suits files that are scanned and looked up from.
///
/// ```
/// use opentrail_orc::{Compression, WriterOptions};
///
/// let options = WriterOptions {
///     compression: Compression::Zstd { level: 1 },
///     bloom_columns: vec!["userIdentity.arn".into()],
///     ..WriterOptions::default()
/// };
/// assert_eq!(options.row_index_stride, 10_000);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WriterOptions {
    /// The codec of all streams and sections. Default: Zstandard, level 3.
    pub compression: Compression,
    /// The most bytes that a chunk decompresses to, 1 KiB to 8 MiB. Readers hold one for each stream. Default: 256 KiB.
    pub compression_block_bytes: usize,
    /// A stripe is closed once what is buffered for it takes this many bytes; it bounds the writer's memory, and by it
    /// the file's parts that readers take as one. Default: 64 MiB.
    pub stripe_bytes: usize,
    /// The rows of a row group, which have statistics and bloom filters of their own and can be skipped. 0: no row
    /// index. Default: 10,000.
    pub row_index_stride: usize,
    /// Columns with bloom filters. Default: none.
    pub bloom_columns: Vec<ColumnPath>,
    /// The share of absent values that a bloom filter doesn't tell from present ones, between 0 and 1. Default: 0.01.
    pub bloom_fpp: f64,
    /// String columns whose values are written as they are, in row order, without trying a dictionary. Default: none.
    pub direct_columns: Vec<ColumnPath>,
    /// Names and values for the file's footer. Default: none.
    pub metadata: Vec<(String, Vec<u8>)>,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            compression: Compression::default(),
            compression_block_bytes: 256 << 10,
            stripe_bytes: 64 << 20,
            row_index_stride: 10_000,
            bloom_columns: Vec::new(),
            bloom_fpp: 0.01,
            direct_columns: Vec::new(),
            metadata: Vec::new(),
        }
    }
}

impl WriterOptions {
    /// Refuses numbers out of range.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.compression.check()?;
        let refuse = |option, problem| Err(Error::InvalidOption { option, problem });
        if !BLOCK_BYTES.contains(&self.compression_block_bytes) {
            let problem = format!("must be {} to {} bytes", BLOCK_BYTES.start(), BLOCK_BYTES.end());
            return refuse("compression_block_bytes", problem);
        }
        if u32::try_from(self.row_index_stride).is_err() {
            return refuse("row_index_stride", format!("must be at most {}", u32::MAX));
        }
        if !(self.bloom_fpp > 0.0 && self.bloom_fpp < 1.0) {
            return refuse("bloom_fpp", "must be between 0 and 1".to_owned());
        }
        if self.row_index_stride == 0 && !self.bloom_columns.is_empty() {
            return refuse("bloom_columns", "bloom filters need a `row_index_stride` above 0".to_owned());
        }
        Ok(())
    }
}
