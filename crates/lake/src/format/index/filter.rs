//! Which identities a segment doesn't have, in memory, for those who ask about many records.

/// Bits for each identity: about one question in fifty is answered with "perhaps" where it is "no".
const BITS_EACH: usize = 10;

/// A Bloom filter of the parts of hashes that an index keeps. The bits of each lie in one word.
#[derive(Debug)]
pub(super) struct IdentityFilter {
    words: Vec<u64>,
}

impl IdentityFilter {
    /// A filter for so many.
    pub(super) fn for_rows(rows: u32) -> Self {
        Self { words: vec![0; (rows as usize * BITS_EACH).div_ceil(64).max(1)] }
    }

    pub(super) fn insert(&mut self, kept: u64) {
        let (word, bits) = self.place(kept);
        self.words[word] |= bits;
    }

    /// Whether it may have been inserted.
    pub(super) fn may_have(&self, kept: u64) -> bool {
        let (word, bits) = self.place(kept);
        self.words[word] & bits == bits
    }

    /// Hashes are even already; the multiplication spreads their 40 bits over 64.
    fn place(&self, kept: u64) -> (usize, u64) {
        let mixed = kept.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let word = ((mixed >> 32) * self.words.len() as u64) >> 32;
        let bits = [0, 6, 12, 18].iter().fold(0, |bits, shift| bits | 1 << (mixed >> shift & 63));
        (usize::try_from(word).expect("less than the words that are in memory"), bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_denied_and_most_of_the_rest_is() {
        let kept = |number: u32| xxhash_rust::xxh3::xxh3_64(&number.to_le_bytes()) >> 24;
        let mut filter = IdentityFilter::for_rows(10_000);
        (0..10_000).for_each(|number| filter.insert(kept(number)));
        assert!((0..10_000).all(|number| filter.may_have(kept(number))));
        let wrong = (10_000..60_000).filter(|number| filter.may_have(kept(*number))).count();
        assert!(wrong < 2_500, "{wrong} of 50,000");
    }
}
