//! Integers packed at a fixed width, most significant bit first.

/// How many bytes `count` integers of `width` bits take.
pub(crate) fn packed_bytes(count: usize, width: usize) -> usize {
    (count * width).div_ceil(8)
}

/// Fills `out` with integers of `width` (1 to 64) bits from `packed`, which has at least [`packed_bytes`] of them.
pub(crate) fn unpack(packed: &[u8], width: usize, out: &mut [i64]) {
    macro_rules! widths {
        ($($width:literal)*) => {
            match width {
                $($width => unpack_by::<$width>(packed, out),)*
                _ => unreachable!("the format has widths of 1 to 64 bits"),
            }
        };
    }
    widths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
            33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64);
}

/// Eight integers of W bits are W whole bytes: a step whose shifts the compiler knows.
fn unpack_by<const W: usize>(packed: &[u8], out: &mut [i64]) {
    let mut steps = out.chunks_exact_mut(8);
    let mut from = 0;
    for step in &mut steps {
        let eight: &[u8] = &packed[from..from + W];
        let mut bytes = [0u8; 80];
        bytes[..W].copy_from_slice(eight);
        for (i, value) in step.iter_mut().enumerate() {
            *value = one::<W>(&bytes, i * W) as i64;
        }
        from += W;
    }
    let rest = steps.into_remainder();
    let length = packed_bytes(rest.len(), W);
    let mut bytes = [0u8; 80];
    bytes[..length].copy_from_slice(&packed[from..from + length]);
    for (i, value) in rest.iter_mut().enumerate() {
        *value = one::<W>(&bytes, i * W) as i64;
    }
}

/// The integer of W bits at `bit`.
#[inline(always)]
fn one<const W: usize>(bytes: &[u8; 80], bit: usize) -> u64 {
    let from = bit / 8;
    let shift = bit % 8;
    let mut word = [0u8; 8];
    word.copy_from_slice(&bytes[from..from + 8]);
    let high = u64::from_be_bytes(word) << shift;
    // Up to seven bits of a wide integer are in a ninth byte.
    let low = if W > 57 { u64::from(bytes[from + 8]) >> (8 - shift) } else { 0 };
    (high | low) >> (64 - W)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_unpacks_what_a_bit_by_bit_packer_packed() {
        for width in 1..=64 {
            for count in [1, 7, 8, 9, 31, 512] {
                let mask = u64::MAX >> (64 - width);
                let values: Vec<i64> =
                    (1..=count as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask) as i64).collect();
                let mut packed = vec![0u8; packed_bytes(count, width)];
                for (i, value) in values.iter().enumerate() {
                    for bit in 0..width {
                        let at = i * width + bit;
                        packed[at / 8] |= (((value >> (width - 1 - bit)) & 1) as u8) << (7 - at % 8);
                    }
                }
                let mut out = vec![0; count];
                unpack(&packed, width, &mut out);
                assert_eq!(out, values, "width {width}, {count} values");
            }
        }
    }
}
