//! What bloom filters rule out.

use super::key::Key;
use super::{CompareOp, Leaf, Test};
use crate::hash::{bloom_positions, hash_bytes, hash_long};
use crate::proto::{BloomFilter, TypeKind};

/// More hash functions than any writer uses.
const FUNCTIONS_MAX: u32 = 64;

impl Leaf {
    /// Whether the condition can be told from a bloom filter.
    pub(super) fn is_bloomable(&self) -> bool {
        let is_equality = matches!(self.test, Test::Compare(CompareOp::Eq, _) | Test::In(_));
        let is_number =
            matches!(self.kind, TypeKind::Byte | TypeKind::Short | TypeKind::Int | TypeKind::Long | TypeKind::Date);
        let is_hashed = is_number || self.is_text() || self.kind == TypeKind::Binary;
        is_equality && is_hashed
    }

    /// Whether values of text are hashed: those of filters from before ORC-101 are not UTF-8.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.kind, TypeKind::String | TypeKind::Varchar)
    }

    /// Whether the filter has one of the values.
    pub(super) fn may_be_in(&self, filter: &BloomFilter) -> bool {
        let hash = |key: &Key| match key {
            Key::Int(value) => Some(hash_long(*value)),
            Key::Bytes(bytes) => Some(hash_bytes(bytes)),
            _ => None,
        };
        let may_be = |key: &Key| hash(key).is_none_or(|hash| has(filter, hash));
        match &self.test {
            Test::Compare(_, key) => may_be(key),
            Test::In(keys) => keys.iter().any(may_be),
            Test::Like(_) | Test::IsNull | Test::IsNotNull => true,
        }
    }
}

/// Whether all bits of a hash are set. A filter that is none has everything.
fn has(filter: &BloomFilter, hash: u64) -> bool {
    let functions = filter.num_hash_functions();
    let is_set = |bit: u32| match &filter.utf8bitset {
        Some(bytes) => bytes[bit as usize / 8] >> (bit % 8) & 1 == 1,
        None => filter.bitset[bit as usize / 64] >> (bit % 64) & 1 == 1,
    };
    let bits = filter.utf8bitset.as_ref().map_or(filter.bitset.len() * 64, |bytes| bytes.len() * 8);
    match i32::try_from(bits) {
        Ok(bits) if bits > 0 && (1..=FUNCTIONS_MAX).contains(&functions) => {
            bloom_positions(hash, functions, bits as u32).all(is_set)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_bits_say_the_same() {
        let mut words = vec![0u64; 4];
        for text in ["a", "bb", "ccc"] {
            bloom_positions(hash_bytes(text.as_bytes()), 3, 256)
                .for_each(|bit| words[bit as usize / 64] |= 1 << (bit % 64));
        }
        let bytes = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let old = BloomFilter { num_hash_functions: Some(3), bitset: words, utf8bitset: None };
        let new = BloomFilter { num_hash_functions: Some(3), bitset: vec![], utf8bitset: Some(bytes) };
        for text in ["a", "bb", "ccc", "d", "ee", "fff", "g"] {
            let hash = hash_bytes(text.as_bytes());
            assert_eq!(has(&old, hash), has(&new, hash), "{text}");
        }
        assert!(has(&new, hash_bytes(b"bb")));
        assert!(!has(&new, hash_bytes(b"fff")));
    }

    #[test]
    fn filters_that_are_none_rule_nothing_out() {
        assert!(has(&BloomFilter::default(), 7));
        assert!(has(&BloomFilter { num_hash_functions: Some(u32::MAX), bitset: vec![0], utf8bitset: None }, 7));
    }
}
