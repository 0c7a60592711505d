//! What a segment doesn't have, in memory: for those who ask about many records, and for questions to many segments.

use opentrail_model::Attribute;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::blocks;

/// Bits for each: about one question in fifty is answered with "perhaps" where it is "no".
const BITS_EACH: usize = 10;

/// A filter of terms is no larger than this; in larger segments more questions are answered with "perhaps".
pub(super) const TERM_FILTER_BYTES_MAX: usize = 256 * 1024;

/// A Bloom filter of hashes. The bits of each lie in one word.
#[derive(Debug)]
pub(super) struct HashFilter {
    words: Vec<u64>,
}

impl HashFilter {
    /// A filter for so many.
    pub(super) fn for_count(count: usize) -> Self {
        Self { words: vec![0; (count * BITS_EACH).div_ceil(64).max(1)] }
    }

    /// A filter for so many terms.
    pub(super) fn for_terms(count: usize) -> Self {
        Self::for_count(count.min(TERM_FILTER_BYTES_MAX * 8 / BITS_EACH))
    }

    pub(super) fn insert(&mut self, hash: u64) {
        let (word, bits) = self.place(hash);
        self.words[word] |= bits;
    }

    /// Whether it may have been inserted.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.words[word] & bits == bits
    }

    /// Hashes are even already; the multiplication spreads those of 40 bits over 64.
    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let word = ((mixed >> 32) * self.words.len() as u64) >> 32;
        let bits = [0, 6, 12, 18].iter().fold(0, |bits, shift| bits | 1 << (mixed >> shift & 63));
        (usize::try_from(word).expect("less than the words that are in memory"), bits)
    }

    /// A sealed block of it. Persisted, and so are the ways to a hash and to its bits: keep stable.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut block: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        blocks::seal(&mut block);
        block
    }

    /// The way back; nothing when the bytes are no such block.
    pub(super) fn decode(block: &[u8]) -> Option<Self> {
        let (words, []) = blocks::unseal(block)?.as_chunks() else { return None };
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        (!words.is_empty()).then_some(Self { words })
    }
}

/// The hash by which a term is in a filter.
pub(super) fn term_hash(attribute: Attribute, term: &str) -> u64 {
    xxh3_64_with_seed(term.as_bytes(), attribute as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_denied_and_most_of_the_rest_is() {
        let kept = |number: u32| xxhash_rust::xxh3::xxh3_64(&number.to_le_bytes()) >> 24;
        let mut filter = HashFilter::for_count(10_000);
        (0..10_000).for_each(|number| filter.insert(kept(number)));
        assert!((0..10_000).all(|number| filter.may_have(kept(number))));
        let filter = HashFilter::decode(&filter.encode()).expect("just encoded");
        assert!((0..10_000).all(|number| filter.may_have(kept(number))));
        let wrong = (10_000..60_000).filter(|number| filter.may_have(kept(*number))).count();
        assert!(wrong < 2_500, "{wrong} of 50,000");
    }

    #[test]
    fn filters_of_terms_are_bounded_and_stable() {
        assert_eq!(HashFilter::for_terms(usize::MAX).words.len() * 8, TERM_FILTER_BYTES_MAX);
        assert_eq!(term_hash(Attribute::EventName, "GetTrail"), 0xce80_8afc_854e_2eca);
        let mut filter = HashFilter::for_terms(6);
        filter.insert(1);
        assert_eq!(filter.encode()[..8], 0x0001_0080_0024_0000_u64.to_le_bytes());
        assert!(HashFilter::decode(&[]).is_none() && HashFilter::decode(&[0; 11]).is_none());
    }
}
