//! The codecs and the framing of compressed streams, in both directions.
//!
//! A compressed stream is a row of *chunks*: three header bytes, `stored length × 2 + is original` in little-endian order,
//! then the stored bytes. Each chunk decompresses alone, to at most the file's block size. A file without a codec has
//! streams without chunks.

mod codec;
mod frame;
pub(crate) mod spare;

pub(crate) use codec::{Compressor, Decompressor};
pub(crate) use frame::{CHUNK_HEADER_BYTES, ChunkHeader};

use crate::Error;
use crate::proto::CompressionKind;
use std::ops::RangeInclusive;

/// The bounds of a block, bytes: below, headers outweigh the data; above, a chunk's length no longer fits its header.
pub(crate) const BLOCK_BYTES: RangeInclusive<usize> = 1024..=(1 << 23) - 1;

/// How a file's streams are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all: the largest file, read fastest.
    None,
    /// Deflate, levels 1 to 9: understood by the oldest readers.
    Zlib {
        /// 1 is fastest, 9 smallest.
        level: u32,
    },
    /// Snappy: fast, with little effect.
    Snappy,
    /// LZ4: faster to read than Snappy.
    Lz4,
    /// Zstandard: the best ratio for its speed.
    Zstd {
        /// 1 is fast, 3 the library's choice, 19 small and slow.
        level: i32,
    },
}

impl Default for Compression {
    fn default() -> Self {
        Self::Zstd { level: 3 }
    }
}

impl Compression {
    /// The codec's number in the file.
    pub fn kind(self) -> CompressionKind {
        match self {
            Self::None => CompressionKind::None,
            Self::Zlib { .. } => CompressionKind::Zlib,
            Self::Snappy => CompressionKind::Snappy,
            Self::Lz4 => CompressionKind::Lz4,
            Self::Zstd { .. } => CompressionKind::Zstd,
        }
    }

    /// Refuses a level that the codec doesn't have.
    pub(crate) fn check(self) -> Result<(), Error> {
        let problem = match self {
            Self::Zlib { level } if !(1..=9).contains(&level) => format!("zlib has levels 1 to 9, not {level}"),
            Self::Zstd { level } if !(-7..=22).contains(&level) => format!("zstd has levels -7 to 22, not {level}"),
            _ => return Ok(()),
        };
        Err(Error::InvalidOption { option: "compression", problem })
    }
}

#[cfg(test)]
mod tests;
