//! The hashes of bloom filters: Murmur3 for bytes, Thomas Wang's for numbers, as the ORC specification says.
//!
//! Both are part of the format: a changed bit makes other readers skip rows that match.

const MURMUR_SEED: u64 = 104_729;
const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The hash of text or bytes: the 64-bit half of Murmur3 that ORC's writers use.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = MURMUR_SEED;
    let (blocks, tail) = bytes.as_chunks::<8>();
    for block in blocks {
        hash ^= mix(u64::from_le_bytes(*block));
        hash = hash.rotate_left(27).wrapping_mul(5).wrapping_add(0x52dc_e729);
    }
    if !tail.is_empty() {
        let mut word = [0; 8];
        word[..tail.len()].copy_from_slice(tail);
        hash ^= mix(u64::from_le_bytes(word));
    }
    finish(hash ^ bytes.len() as u64)
}

fn mix(word: u64) -> u64 {
    word.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn finish(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// The hash of an integer, a date (days) or a timestamp (milliseconds in UTC): Thomas Wang's for 64 bits.
///
/// The shifts keep the sign, as those of the Java reference do.
pub fn hash_long(value: i64) -> u64 {
    let mut key = (!value).wrapping_add(value << 21);
    key ^= key >> 24;
    key = key.wrapping_add(key << 3).wrapping_add(key << 8);
    key ^= key >> 14;
    key = key.wrapping_add(key << 2).wrapping_add(key << 4);
    key ^= key >> 28;
    key.wrapping_add(key << 31) as u64
}

/// The hash of a floating-point number; a float is widened first. Every NaN hashes alike.
pub fn hash_double(value: f64) -> u64 {
    let bits = if value.is_nan() { f64::NAN.to_bits() & !(1 << 63) } else { value.to_bits() };
    hash_long(bits as i64)
}

/// The bits of a filter that a hash sets, `functions` of them, each below `bits`.
///
/// `bits` must not be 0.
pub fn bloom_positions(hash: u64, functions: u32, bits: u32) -> impl Iterator<Item = u32> {
    let (low, high) = (hash as i32, (hash >> 32) as i32);
    (1..=functions as i32).map(move |round| {
        let combined = low.wrapping_add(round.wrapping_mul(high));
        let positive = if combined < 0 { !combined } else { combined };
        positive as u32 % bits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_bytes_still_mix_the_seed() {
        assert_eq!(hash_bytes(b""), finish(MURMUR_SEED));
        assert_ne!(hash_bytes(b"a"), hash_bytes(b"b"));
        assert_ne!(hash_bytes(b"12345678"), hash_bytes(b"123456789"));
    }

    #[test]
    fn positions_stay_below_the_bits() {
        for value in [0, 1, -1, i64::MIN, i64::MAX] {
            assert!(bloom_positions(hash_long(value), 7, 64).all(|bit| bit < 64));
        }
        assert_eq!(hash_double(f64::NAN), hash_double(-f64::NAN));
    }
}
