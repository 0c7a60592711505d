//! The bloom filters of a column, one for each row group, as large as its distinct values need.

use crate::hash::bloom_positions;
use crate::proto::{BloomFilter, BloomFilterIndex};

/// A filter above this many bits would no longer be worth its bytes. 8 MiB.
const BITS_MAX: f64 = 67_108_864.0;

/// Collects hashes for the current row group.
#[derive(Debug)]
pub(super) struct Bloom {
    false_positives: f64,
    hashes: Vec<u64>,
    index: BloomFilterIndex,
    bytes: usize,
}

impl Bloom {
    /// `false_positives`: the share of absent values that a filter can't tell, in (0, 1).
    pub(super) fn new(false_positives: f64) -> Self {
        Self { false_positives, hashes: Vec::new(), index: BloomFilterIndex::default(), bytes: 0 }
    }

    pub(super) fn add(&mut self, hash: u64) {
        self.hashes.push(hash);
    }

    /// Makes the filter of the row group that ends.
    pub(super) fn end_group(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        let filter = filter(&self.hashes, self.false_positives);
        self.bytes += filter.utf8bitset.as_ref().map_or(0, Vec::len);
        self.index.bloom_filter.push(filter);
        self.hashes.clear();
    }

    /// The filters of the stripe, which is complete.
    pub(super) fn take(&mut self) -> BloomFilterIndex {
        self.bytes = 0;
        std::mem::take(&mut self.index)
    }

    /// Bytes that wait to be written.
    pub(super) fn buffered_bytes(&self) -> usize {
        self.bytes + 8 * self.hashes.len()
    }
}

/// The filter's size follows the usual formulas, rounded up to a word as the Java writer does.
fn filter(hashes: &[u64], false_positives: f64) -> BloomFilter {
    let values = hashes.len().max(1) as f64;
    let ln2 = std::f64::consts::LN_2;
    let wanted = (-values * false_positives.ln() / (ln2 * ln2)).min(BITS_MAX) as u32;
    let bits = wanted + 64 - wanted % 64;
    let functions = (f64::from(bits) / values * ln2).round().clamp(1.0, 32.0) as u32;
    let mut set = vec![0u8; bits as usize / 8];
    for hash in hashes {
        for bit in bloom_positions(*hash, functions, bits) {
            // Little-endian words: bit 0 is the lowest of the first byte.
            set[bit as usize / 8] |= 1 << (bit % 8);
        }
    }
    BloomFilter { num_hash_functions: Some(functions), bitset: Vec::new(), utf8bitset: Some(set) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hash_bytes;

    #[test]
    fn as_large_as_the_java_writer_makes_it() {
        let hashes: Vec<u64> = (0..10_000u32).map(|value| hash_bytes(&value.to_le_bytes())).collect();
        let filter = filter(&hashes, 0.01);
        assert_eq!(filter.utf8bitset.as_ref().unwrap().len() * 8, 95_872);
        assert_eq!(filter.num_hash_functions, Some(7));
    }

    #[test]
    fn finds_all_that_is_in_and_little_else() {
        let mut bloom = Bloom::new(0.01);
        (0..1000u32).for_each(|value| bloom.add(hash_bytes(&value.to_le_bytes())));
        (0..1000u32).for_each(|value| bloom.add(hash_bytes(&value.to_le_bytes())));
        bloom.end_group();
        let filter = bloom.take().bloom_filter.remove(0);
        let set = filter.utf8bitset.unwrap();
        let holds = |value: u32| {
            bloom_positions(hash_bytes(&value.to_le_bytes()), 7, set.len() as u32 * 8)
                .all(|bit| set[bit as usize / 8] & (1 << (bit % 8)) != 0)
        };
        assert!((0..1000).all(holds));
        let wrong = (1000..11_000).filter(|value| holds(*value)).count();
        assert!(wrong < 200, "{wrong} of 10,000 absent values found");
        assert!(set.len() < 1300, "{} bytes for 1,000 values", set.len());
    }
}
