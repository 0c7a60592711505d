//! Hashes of identities with their rows, in ascending order, in blocks; of each block the root knows the first.
//!
//! Of a hash 40 bits are kept. Among a million records one question in a million finds a row that it didn't ask for:
//! whoever asks compares the records themselves.

use super::blocks::{self, BLOCK_ENTRIES, BlockRun};
use super::take::Take;
use crate::format::varint;

/// A part of a hash and a row.
pub(super) type Entry = (u64, u32);

/// The part of a hash that is kept.
pub(super) fn kept(hash: u64) -> u64 {
    hash >> 24
}

/// What the root knows of the identities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct IdentityRun {
    pub(super) blocks: BlockRun,
    /// The first kept hash of each block.
    pub(super) firsts: Vec<u64>,
}

impl IdentityRun {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        self.blocks.encode(out);
        let mut last = 0;
        for first in &self.firsts {
            varint::put(out, first - last);
            last = *first;
        }
    }

    pub(super) fn decode(take: &mut Take<'_>, file_end: u64, rows: u32) -> Option<Self> {
        let blocks = BlockRun::decode(take, file_end)?;
        if blocks.len() != (rows as usize).div_ceil(BLOCK_ENTRIES) {
            return None;
        }
        let mut firsts = Vec::with_capacity(blocks.len());
        let mut first = 0_u64;
        for _ in 0..blocks.len() {
            first = first.checked_add(take.varint()?)?;
            firsts.push(first);
        }
        Some(Self { blocks, firsts })
    }

    /// The blocks that can hold a kept hash.
    pub(super) fn blocks_of(&self, hash: u64) -> std::ops::Range<usize> {
        let first = self.firsts.partition_point(|first| *first < hash).saturating_sub(1);
        first..self.firsts.partition_point(|first| *first <= hash)
    }
}

/// A sealed block of ascending entries.
pub(super) fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut block = Vec::new();
    let mut last = entries.first().map_or(0, |first| first.0);
    for (hash, row) in entries {
        varint::put(&mut block, hash - last);
        varint::put(&mut block, u64::from(*row));
        last = *hash;
    }
    blocks::seal(&mut block);
    block
}

/// The entries of a block; nothing when its bytes are not those of `count` entries of `rows` rows.
pub(super) fn decode(block: &[u8], first: u64, count: usize, rows: u32) -> Option<Vec<Entry>> {
    let mut take = Take(blocks::unseal(block)?);
    let mut entries = Vec::with_capacity(count);
    let mut hash = first;
    for _ in 0..count {
        hash = hash.checked_add(take.varint()?)?;
        entries.push((hash, take.varint_u32().filter(|row| *row < rows)?));
    }
    take.is_empty().then_some(entries)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn entries_lead_back(entries in proptest::collection::btree_set((0_u64..1 << 40, 0_u32..1000), 1..600)) {
            let entries: Vec<_> = entries.into_iter().collect();
            let block = encode(&entries);
            prop_assert_eq!(decode(&block, entries[0].0, entries.len(), 1000), Some(entries));
        }
    }

    #[test]
    fn equal_hashes_may_span_blocks() {
        let run = IdentityRun { blocks: BlockRun::default(), firsts: vec![0, 5, 9, 9, 12] };
        assert_eq!(run.blocks_of(9), 1..4);
        assert_eq!(run.blocks_of(4), 0..1);
        assert_eq!(run.blocks_of(20), 4..5);
    }
}
