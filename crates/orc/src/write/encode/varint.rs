//! Base-128 numbers: seven bits a byte, the lowest first, the high bit says that more follow.

/// Maps signed numbers to unsigned ones, small ones to small ones.
pub(in crate::write) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The same for 128 bits.
pub(in crate::write) fn zigzag_128(value: i128) -> u128 {
    ((value << 1) ^ (value >> 127)) as u128
}

/// Appends a number.
pub(in crate::write) fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a number of up to 128 bits.
pub(in crate::write) fn put_128(mut value: u128, out: &mut Vec<u8>) {
    while value > u128::from(u64::MAX) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    put(value as u64, out);
}

/// The bytes that `put` appends.
pub(super) fn bytes(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_specification() {
        let examples: [(u64, &[u8]); 6] = [
            (0, &[0]),
            (127, &[0x7f]),
            (128, &[0x80, 1]),
            (129, &[0x81, 1]),
            (16_383, &[0xff, 0x7f]),
            (16_384, &[0x80, 0x80, 1]),
        ];
        for (value, expected) in examples {
            let mut out = Vec::new();
            put(value, &mut out);
            assert_eq!(out, expected, "{value}");
            assert_eq!(bytes(value), expected.len(), "{value}");
            out.clear();
            put_128(value.into(), &mut out);
            assert_eq!(out, expected, "{value}");
        }
        assert_eq!([0, -1, 1, -2, 2].map(zigzag), [0, 1, 2, 3, 4]);
        assert_eq!(zigzag_128(i128::MIN), u128::MAX);
    }

    #[test]
    fn the_greatest_numbers() {
        let mut out = Vec::new();
        put(u64::MAX, &mut out);
        assert_eq!(out.len(), 10);
        assert_eq!(bytes(u64::MAX), 10);
        out.clear();
        put_128(u128::MAX, &mut out);
        assert_eq!(out.len(), 19);
        assert_eq!(out[18], 3);
    }
}
