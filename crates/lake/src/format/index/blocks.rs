//! Blocks of rows that follow one another in the file: where each begins is known from the lengths of those before.

use super::take::Take;
use crate::format::varint;

/// Rows, or entries, in a block.
pub(super) const BLOCK_ENTRIES: usize = 512;

/// Bytes of the checksum at the end of each block.
pub(super) const CRC_BYTES: usize = 4;

/// A checksum as every part of the file has it: CRC-32C.
pub(in crate::format) fn crc(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}

/// Have these bytes that checksum? The fuzzer looks behind checksums, which it can't guess.
pub(in crate::format) fn is_right(bytes: &[u8], expected: u32) -> bool {
    cfg!(feature = "fuzzing") || crc(bytes) == expected
}

/// Appends the checksum of a block to it.
pub(super) fn seal(block: &mut Vec<u8>) {
    block.extend_from_slice(&crc(block).to_le_bytes());
}

/// The content of a sealed block; nothing when its checksum is wrong.
pub(super) fn unseal(block: &[u8]) -> Option<&[u8]> {
    let (content, sealed) = block.split_last_chunk::<CRC_BYTES>()?;
    is_right(content, u32::from_le_bytes(*sealed)).then_some(content)
}

/// Where blocks lie that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct BlockRun {
    offset: u64,
    /// Where each ends, counted from `offset`.
    ends: Vec<u64>,
}

impl BlockRun {
    /// No blocks yet, to begin at `offset`.
    pub(super) fn at(offset: u64) -> Self {
        Self { offset, ends: Vec::new() }
    }

    /// Adds a block of so many bytes, its checksum included.
    pub(super) fn push(&mut self, bytes: usize) {
        self.ends.push(self.ends.last().copied().unwrap_or(0) + bytes as u64);
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The offset and the length of a block.
    pub(super) fn block(&self, index: usize) -> Option<(u64, u64)> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some((self.offset + start, end - start))
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        varint::put(out, self.offset);
        varint::put(out, self.ends.len() as u64);
        let mut start = 0;
        for end in &self.ends {
            varint::put(out, end - start);
            start = *end;
        }
    }

    /// The way back; all blocks lie before `file_end`.
    pub(super) fn decode(take: &mut Take<'_>, file_end: u64) -> Option<Self> {
        let mut run = Self::at(take.varint()?);
        let count = take.count()?;
        run.ends.reserve_exact(count);
        let mut end = 0_u64;
        for _ in 0..count {
            end = end.checked_add(take.varint()?)?;
            run.ends.push(end);
        }
        (run.offset.checked_add(end)? <= file_end).then_some(run)
    }
}
