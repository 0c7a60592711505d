//! Chance from a seed: small, quick, and the same on every machine and in every year.

/// A xoshiro256++ generator. Written out here because a library's generator may change with its version, and a seed
/// must always mean the same events.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: [u64; 4],
}

/// One step of SplitMix64, which spreads seeds.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Random {
    /// The generator of one thing, named by numbers: the same parts always give the same sequence.
    pub(super) fn of(parts: &[u64]) -> Self {
        let mut seed = 0;
        for part in parts {
            seed = split_mix(&mut seed) ^ part.wrapping_mul(0xff51_afd7_ed55_8ccd);
        }
        Self { state: std::array::from_fn(|_| split_mix(&mut seed)) }
    }

    /// 64 random bits.
    pub(super) fn next(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number below `bound`, which is not zero; all equally likely.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(bound)) >> 64).expect("less than `bound`")
    }

    /// A number below `bound` where small ones are far more frequent: a few things are busy, most are rare.
    pub(super) fn rank(&mut self, bound: u64) -> u64 {
        let unit = self.next() >> 43;
        let cubed = u128::from(unit * unit * unit);
        u64::try_from((cubed * u128::from(bound)) >> 63).expect("less than `bound`")
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `all`, which is not empty; all equally likely.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).expect("an index")]
    }

    /// Appends `count` letters of a power-of-two sized `alphabet`.
    pub(super) fn letters(&mut self, alphabet: &[u8], count: usize, out: &mut Vec<u8>) {
        let (mut bits, mut left) = (0, 0);
        for _ in 0..count {
            if left == 0 {
                (bits, left) = (self.next(), 8);
            }
            out.push(alphabet[usize::try_from(bits & 0xff).expect("a byte") * alphabet.len() / 256]);
            bits >>= 8;
            left -= 1;
        }
    }

    /// Appends a version 4 UUID.
    pub(super) fn uuid(&mut self, out: &mut Vec<u8>) {
        let (high, low) = (self.next(), self.next());
        let bits = (u128::from(high) << 64 | u128::from(low)) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        for nibble in 0..32 {
            if matches!(nibble, 8 | 12 | 16 | 20) {
                out.push(b'-');
            }
            out.push(HEX[usize::try_from(bits >> (124 - 4 * nibble) & 0xf).expect("a nibble")]);
        }
    }
}

/// Lower-case hexadecimal digits.
pub(super) const HEX: &[u8; 16] = b"0123456789abcdef";
/// Lower-case letters and digits.
pub(super) const LOWER: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Upper-case letters and digits of AWS identifiers.
pub(super) const UPPER: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Letters of both cases and digits.
pub(super) const MIXED: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// Decimal digits.
pub(super) const DIGITS: &[u8; 10] = b"0123456789";
/// The alphabet of base64 for URLs.
pub(super) const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Things chosen by weight.
#[derive(Debug)]
pub(super) struct Weighted {
    /// Sums of the weights up to and including each.
    sums: Vec<u64>,
}

impl Weighted {
    /// Chooses an index of `weights`, whose sum is not zero.
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let mut sum = 0;
        let sums = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        Self { sums: sums.collect() }
    }

    /// One index.
    pub(super) fn pick(&self, random: &mut Random) -> usize {
        let ticket = random.below(*self.sums.last().expect("something to choose from"));
        self.sums.partition_point(|sum| *sum <= ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_for_ever() {
        let mut random = Random::of(&[7, 1]);
        let mut uuid = Vec::new();
        random.uuid(&mut uuid);
        assert_eq!(String::from_utf8(uuid).unwrap(), "79139574-9a0d-4e58-8172-d46ba48cf6cb");
        assert_eq!(random.below(1_000), 806);
    }

    #[test]
    fn weights_and_ranks_are_kept() {
        let (mut random, weighted) = (Random::of(&[1]), Weighted::new([1, 0, 9]));
        let mut seen = [0; 3];
        for _ in 0..10_000 {
            seen[weighted.pick(&mut random)] += 1;
        }
        assert!(seen[1] == 0 && (800..1_200).contains(&seen[0]), "{seen:?}");
        let low = (0..10_000).filter(|_| random.rank(1_000) < 125).count();
        assert!((4_800..5_200).contains(&low), "half of all are the first eighth: {low}");
    }
}
