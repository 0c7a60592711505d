//! Where the text of each record lies in the ORC file: in which compressed chunks, and where in them.
//!
//! Texts follow one another in the ORC file, so that mostly the length is all that has to be stored.

use super::blocks::{self, BLOCK_ENTRIES, BlockRun};
use super::take::Take;
use crate::format::varint;

/// The number of a chunk.
pub(in crate::format) type ChunkPlace = u32;

/// Where one text begins, and its length. It may run over into the chunks that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) struct ValuePlace {
    pub(in crate::format) chunk: ChunkPlace,
    /// In the uncompressed chunk.
    pub(in crate::format) offset: u32,
    pub(in crate::format) bytes: u32,
}

/// A compressed chunk of the ORC file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) struct ValueChunk {
    /// Where its stored bytes begin, after its header.
    pub(in crate::format) offset: u64,
    pub(in crate::format) stored_bytes: u32,
    /// Is it stored as it is?
    pub(in crate::format) is_original: bool,
    /// CRC-32C of the stored bytes: the ORC file has no checksums of its own.
    pub(in crate::format) crc: u32,
}

/// What the root knows of the values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ValueRun {
    pub(super) values: BlockRun,
    pub(super) chunks: BlockRun,
    pub(super) chunk_count: u32,
}

impl ValueRun {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        self.values.encode(out);
        self.chunks.encode(out);
        varint::put(out, u64::from(self.chunk_count));
    }

    pub(super) fn decode(take: &mut Take<'_>, file_end: u64, rows: u32) -> Option<Self> {
        let (values, chunks) = (BlockRun::decode(take, file_end)?, BlockRun::decode(take, file_end)?);
        let chunk_count = take.varint_u32()?;
        let fits = values.len() == (rows as usize).div_ceil(BLOCK_ENTRIES)
            && chunks.len() == (chunk_count as usize).div_ceil(BLOCK_ENTRIES);
        fits.then_some(Self { values, chunks, chunk_count })
    }
}

/// A sealed block of values.
pub(super) fn encode(values: &[ValuePlace]) -> Vec<u8> {
    let mut block = Vec::new();
    let mut next = None;
    for value in values {
        let follows = next == Some((value.chunk, value.offset));
        varint::put(&mut block, u64::from(value.bytes) << 1 | u64::from(!follows));
        if !follows {
            varint::put(&mut block, u64::from(value.chunk));
            varint::put(&mut block, u64::from(value.offset));
        }
        next = value.offset.checked_add(value.bytes).map(|end| (value.chunk, end));
    }
    blocks::seal(&mut block);
    block
}

/// The values of a block; nothing when its bytes are not those of `count` values.
pub(super) fn decode(block: &[u8], count: usize) -> Option<Vec<ValuePlace>> {
    let mut take = Take(blocks::unseal(block)?);
    let mut values = Vec::with_capacity(count);
    let mut next = None;
    for _ in 0..count {
        let head = take.varint()?;
        let bytes = u32::try_from(head >> 1).ok()?;
        let (chunk, offset) = if head & 1 == 1 { (take.varint_u32()?, take.varint_u32()?) } else { next? };
        values.push(ValuePlace { chunk, offset, bytes });
        next = offset.checked_add(bytes).map(|end| (chunk, end));
    }
    take.is_empty().then_some(values)
}

/// A sealed block of chunks.
pub(super) fn encode_chunks(chunks: &[ValueChunk]) -> Vec<u8> {
    let mut block = Vec::new();
    let mut end = 0;
    for chunk in chunks {
        varint::put(&mut block, varint::zigzag(chunk.offset.wrapping_sub(end).cast_signed()));
        varint::put(&mut block, u64::from(chunk.stored_bytes) << 1 | u64::from(chunk.is_original));
        block.extend_from_slice(&chunk.crc.to_le_bytes());
        end = chunk.offset + u64::from(chunk.stored_bytes);
    }
    blocks::seal(&mut block);
    block
}

/// The chunks of a block; nothing when its bytes are not those of `count` chunks.
pub(super) fn decode_chunks(block: &[u8], count: usize) -> Option<Vec<ValueChunk>> {
    let mut take = Take(blocks::unseal(block)?);
    let mut chunks = Vec::with_capacity(count);
    let mut end = 0_u64;
    for _ in 0..count {
        let offset = end.wrapping_add(take.zigzag()?.cast_unsigned());
        let stored = take.varint()?;
        let stored_bytes = u32::try_from(stored >> 1).ok()?;
        chunks.push(ValueChunk { offset, stored_bytes, is_original: stored & 1 == 1, crc: take.u32_le()? });
        end = offset.checked_add(u64::from(stored_bytes))?;
    }
    take.is_empty().then_some(chunks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn values_lead_back(values in proptest::collection::vec((0_u32..5, any::<u32>(), any::<u32>(), any::<bool>()), 1..300)) {
            let mut places: Vec<ValuePlace> = Vec::new();
            for (chunk, offset, bytes, follows) in values {
                let end = places.last().and_then(|last| Some((last.chunk, last.offset.checked_add(last.bytes)?)));
                let (chunk, offset) = end.filter(|_| follows).unwrap_or((chunk, offset));
                places.push(ValuePlace { chunk, offset, bytes });
            }
            prop_assert_eq!(decode(&encode(&places), places.len()), Some(places));
        }

        #[test]
        fn chunks_lead_back(chunks in proptest::collection::vec((0_u64..1 << 40, any::<u32>(), any::<bool>(), any::<u32>()), 1..300)) {
            let chunk = |(offset, stored_bytes, is_original, crc)| ValueChunk { offset, stored_bytes, is_original, crc };
            let chunks: Vec<_> = chunks.into_iter().map(chunk).collect();
            prop_assert_eq!(decode_chunks(&encode_chunks(&chunks), chunks.len()), Some(chunks));
        }
    }
}
