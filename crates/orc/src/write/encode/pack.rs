//! Bit packing: values of one width, the highest bit first.

/// The widths that `rle_v2` chooses from: readers unpack them without shifting across bytes, and what they cost in
/// bits the codec behind wins back.
const ALIGNED: [u32; 11] = [1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64];

/// The bits of a value; 1 at least.
pub(super) fn bits(value: u64) -> u32 {
    64 - (value | 1).leading_zeros()
}

/// The least aligned width that holds `bits`.
pub(super) fn aligned(bits: u32) -> u32 {
    ALIGNED.into_iter().find(|width| *width >= bits).expect("no value has more than 64 bits")
}

/// The least width of the format that holds `bits`.
pub(super) fn closest(bits: u32) -> u32 {
    match bits {
        0 => 1,
        1..=24 => bits,
        25..=26 => 26,
        27..=28 => 28,
        29..=30 => 30,
        31..=32 => 32,
        33..=40 => 40,
        41..=48 => 48,
        49..=56 => 56,
        _ => 64,
    }
}

/// The five-bit code of a width of the format.
pub(super) fn width_code(width: u32) -> u8 {
    match width {
        1..=24 => width as u8 - 1,
        26 => 24,
        28 => 25,
        30 => 26,
        32 => 27,
        40 => 28,
        48 => 29,
        56 => 30,
        64 => 31,
        other => unreachable!("{other} is no width of the format"),
    }
}

/// Appends values of `width` bits each, the last byte padded with zeros.
pub(super) fn pack(values: impl ExactSizeIterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    out.reserve((values.len() * width as usize).div_ceil(8));
    match width {
        8 => out.extend(values.map(|value| value as u8)),
        16 => values.for_each(|value| out.extend_from_slice(&(value as u16).to_be_bytes())),
        24 => values.for_each(|value| out.extend_from_slice(&value.to_be_bytes()[5..])),
        32 => values.for_each(|value| out.extend_from_slice(&(value as u32).to_be_bytes())),
        64 => values.for_each(|value| out.extend_from_slice(&value.to_be_bytes())),
        _ => pack_bits(values, width, out),
    }
}

fn pack_bits(values: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    let (mut word, mut used) = (0u128, 0);
    for value in values {
        word = (word << width) | u128::from(value);
        used += width;
        while used >= 8 {
            used -= 8;
            out.push((word >> used) as u8);
        }
    }
    if used > 0 {
        out.push((word << (8 - used)) as u8);
    }
}
