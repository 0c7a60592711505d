//! The texts of records, read from the ORC file through the index: one chunk is unpacked, not the column.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use opentrail_orc::proto::CompressionKind;
use opentrail_orc::{Chunk, read_chunk};

use super::cache::ChunkCache;
use super::file::FileIn;
use crate::format::FormatError;
use crate::format::index::{self, Index, ValuePlace};

/// A segment that nobody gave a larger cache keeps the chunk that it reads from, and the next.
const OWN_CACHE_BYTES: usize = 512 * 1024;

/// The texts of an open segment.
#[derive(Debug)]
pub(super) struct Texts {
    orc: FileIn,
    /// Tells the chunks of this segment from those of others.
    number: u64,
    chunks: Arc<ChunkCache>,
}

impl Texts {
    pub(super) fn new(orc: FileIn) -> Self {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        Self { orc, number, chunks: Arc::new(ChunkCache::new(OWN_CACHE_BYTES)) }
    }

    pub(super) fn share(&mut self, chunks: &Arc<ChunkCache>) {
        self.chunks = Arc::clone(chunks);
    }

    pub(super) fn orc(&self) -> &FileIn {
        &self.orc
    }

    /// The text of a row's record, which lies there.
    pub(super) fn text(&self, index: &Index, row: u32, value: ValuePlace) -> Result<Bytes, FormatError> {
        let damaged = || self.orc.damaged(format!("the text of row {row}"), "its chunks are shorter than it");
        let (mut chunk, mut offset, mut left) = (value.chunk, value.offset as usize, value.bytes as usize);
        let mut text = Vec::new();
        loop {
            let unpacked = self.chunk(index, chunk)?.ok_or_else(damaged)?;
            let rest = unpacked.get(offset..).ok_or_else(damaged)?;
            let taken = &rest[..rest.len().min(left)];
            // The chunk is not kept alive by those who keep the text.
            if text.is_empty() && taken.len() == left {
                return Ok(Bytes::copy_from_slice(taken));
            }
            text.extend_from_slice(taken);
            left -= taken.len();
            if left == 0 {
                return Ok(Bytes::from(text));
            }
            (chunk, offset) = (chunk.checked_add(1).ok_or_else(damaged)?, 0);
        }
    }

    /// An unpacked chunk; nothing when there are not so many.
    fn chunk(&self, index: &Index, number: u32) -> Result<Option<Bytes>, FormatError> {
        let key = (self.number, number);
        if let Some(unpacked) = self.chunks.get(key) {
            return Ok(Some(unpacked));
        }
        let Some(chunk) = index.chunk(number)? else { return Ok(None) };
        let stored = read_stored(&self.orc, chunk.offset, chunk.stored_bytes)?;
        if index::crc(&stored) != chunk.crc {
            return Err(self.orc.damaged(place(chunk.offset), "the bytes are not what was written"));
        }
        let chunk = Chunk { offset: 0, stored_bytes: chunk.stored_bytes, is_original: chunk.is_original };
        let unpacked = read_chunk(&stored, CompressionKind::Zstd, &chunk, index.orc().block_bytes as usize)
            .map_err(|error| self.orc.damaged(place(chunk.offset), error.to_string()))?;
        let unpacked = Bytes::from(unpacked);
        self.chunks.put(key, unpacked.clone());
        Ok(Some(unpacked))
    }
}

fn place(offset: u64) -> String {
    format!("the chunk at byte {offset}")
}

/// The stored bytes of a chunk.
pub(super) fn read_stored(orc: &FileIn, offset: u64, bytes: u32) -> Result<Vec<u8>, FormatError> {
    let fits = offset.checked_add(u64::from(bytes)).is_some_and(|end| orc.len().is_ok_and(|length| end <= length));
    if !fits {
        return Err(orc.damaged(place(offset), "the file is shorter"));
    }
    let mut stored = vec![0; bytes as usize];
    opentrail_orc::ReadAt::read_at(orc, offset, &mut stored).map_err(|error| orc.failed(error))?;
    Ok(stored)
}
