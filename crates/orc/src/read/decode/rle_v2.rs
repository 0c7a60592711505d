//! The second run-length encoding of integers: short repeats, packed, packed with patches, and deltas.

use crate::Error;
use crate::read::decode::unpack::{packed_bytes, unpack};
use crate::read::decode::varint::{self, unzigzag};
use crate::read::stream::Stream;

/// The most integers that a run can have.
pub(crate) const RUN_MAX: usize = 512;

/// Decodes the next run into the begin of `out` (at least [`RUN_MAX`] long) and says how many integers it had.
pub(crate) fn read_run(stream: &mut Stream, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    let first = stream.byte()?;
    match first >> 6 {
        0 => short_repeat(stream, first, is_signed, out),
        1 => direct(stream, first, is_signed, out),
        2 => patched_base(stream, first, out),
        _ => delta(stream, first, is_signed, out),
    }
}

fn short_repeat(stream: &mut Stream, first: u8, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    let width = usize::from((first >> 3) & 7) + 1;
    let length = usize::from(first & 7) + 3;
    let value = big_endian(stream.take(width)?);
    out[..length].fill(if is_signed { unzigzag(value) } else { value as i64 });
    Ok(length)
}

fn direct(stream: &mut Stream, first: u8, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    let length = run_length(stream, first)?;
    packed(stream, width(first), &mut out[..length])?;
    if is_signed {
        out[..length].iter_mut().for_each(|value| *value = unzigzag(*value as u64));
    }
    Ok(length)
}

fn patched_base(stream: &mut Stream, first: u8, out: &mut [i64]) -> Result<usize, Error> {
    let length = run_length(stream, first)?;
    let width = width(first);
    let (third, fourth) = (stream.byte()?, stream.byte()?);
    let base_bytes = usize::from(third >> 5) + 1;
    let patch_width = WIDTHS[usize::from(third & 0x1f)];
    let gap_width = usize::from(fourth >> 5) + 1;
    let patches = usize::from(fourth & 0x1f);
    if patch_width + gap_width > 64 || width == 64 {
        return Err(stream.corrupt(format!("a patch of {patch_width} bits on {width} bits with a gap of {gap_width}")));
    }
    let base = signed_magnitude(stream.take(base_bytes)?);
    packed(stream, width, &mut out[..length])?;
    let mut list = [0i64; 32];
    packed(stream, closest_width(patch_width + gap_width), &mut list[..patches])?;
    let mut at = 0;
    for entry in list[..patches].iter().map(|&entry| entry as u64) {
        let (gap, patch) = ((entry >> patch_width) as usize, entry & (u64::MAX >> (64 - patch_width)));
        at += gap;
        // An empty patch only prolongs the gap of the next one.
        if patch != 0 {
            let Some(value) = out[..length].get_mut(at) else {
                return Err(stream.corrupt(format!("a patch for value {at} of {length}")));
            };
            *value |= (patch << width) as i64;
        }
    }
    out[..length].iter_mut().for_each(|value| *value = base.wrapping_add(*value));
    Ok(length)
}

fn delta(stream: &mut Stream, first: u8, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    let length = run_length(stream, first)?;
    // Here alone the width's code 0 means that there are no packed deltas.
    let width = if first & 0x3e == 0 { 0 } else { width(first) };
    let base = if is_signed { varint::signed(stream)? } else { varint::unsigned(stream)? as i64 };
    let step = varint::signed(stream)?;
    let out = &mut out[..length];
    if width == 0 {
        let mut value = base;
        for slot in out {
            *slot = value;
            value = value.wrapping_add(step);
        }
        return Ok(length);
    }
    if length < 2 {
        return Err(stream.corrupt("a run of deltas has a single value"));
    }
    packed(stream, width, &mut out[2..])?;
    let mut value = base.wrapping_add(step);
    (out[0], out[1]) = (base, value);
    for slot in &mut out[2..] {
        value = if step < 0 { value.wrapping_sub(*slot) } else { value.wrapping_add(*slot) };
        *slot = value;
    }
    Ok(length)
}

fn packed(stream: &mut Stream, width: usize, out: &mut [i64]) -> Result<(), Error> {
    let bytes = stream.take(packed_bytes(out.len(), width))?;
    unpack(bytes, width, out);
    Ok(())
}

/// The nine bits of a run's length, which begin in the first byte.
fn run_length(stream: &mut Stream, first: u8) -> Result<usize, Error> {
    Ok((usize::from(first & 1) << 8 | usize::from(stream.byte()?)) + 1)
}

/// What the five bits of a width stand for.
const WIDTHS: [usize; 32] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 40, 48, 56,
    64,
];

fn width(first: u8) -> usize {
    WIDTHS[usize::from((first >> 1) & 0x1f)]
}

/// The smallest width that the format has and that is at least `bits`.
fn closest_width(bits: usize) -> usize {
    WIDTHS.into_iter().find(|width| *width >= bits).unwrap_or(64)
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

/// A base's first bit is its sign, the others its magnitude.
fn signed_magnitude(bytes: &[u8]) -> i64 {
    let value = big_endian(bytes);
    let sign = 1u64 << (bytes.len() * 8 - 1);
    if value & sign == 0 { value as i64 } else { -((value & !sign) as i64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], is_signed: bool) -> Vec<i64> {
        let mut out = [0; RUN_MAX];
        let length = read_run(&mut Stream::plain(bytes), is_signed, &mut out).unwrap();
        out[..length].to_vec()
    }

    #[test]
    fn the_examples_of_the_specification_read() {
        assert_eq!(read(&[0x0a, 0x27, 0x10], false), [10000; 5]);
        let direct = [0x5e, 0x03, 0x5c, 0xa1, 0xab, 0x1e, 0xde, 0xad, 0xbe, 0xef];
        assert_eq!(read(&direct, false), [23713, 43806, 57005, 48879]);
        let patched = [
            0x8e, 0x13, 0x2b, 0x21, 0x07, 0xd0, 0x1e, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3c, 0x46, 0x50, 0x5a, 0x64, 0x6e,
            0x78, 0x82, 0x8c, 0x96, 0xa0, 0xaa, 0xb4, 0xbe, 0xfc, 0xe8,
        ];
        let values = [
            2030, 2000, 2020, 1000000, 2040, 2050, 2060, 2070, 2080, 2090, 2100, 2110, 2120, 2130, 2140, 2150, 2160,
            2170, 2180, 2190,
        ];
        assert_eq!(read(&patched, false), values);
        assert_eq!(
            read(&[0xc6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46], false),
            [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
        );
    }

    #[test]
    fn fixed_deltas_have_no_packed_values() {
        assert_eq!(read(&[0xc0, 0x09, 0x00, 0x02], false), (0..10).collect::<Vec<_>>());
        assert_eq!(read(&[0xc0, 0x04, 0x13, 0x01], true), [-10, -11, -12, -13, -14]);
    }

    #[test]
    fn what_cannot_be_is_an_error() {
        for bytes in [
            &[0x5e, 0x03, 0x5c][..],                                                   // cut off
            &[0xc6, 0x00, 0x02, 0x02],                                                 // one value with packed deltas
            &[0x8e, 0x00, 0x2b, 0x21, 0, 0, 0, 0xff, 0xff],                            // a patch beyond the run
            &[0xbe, 0x00, 0x1f, 0xe1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // a patch wider than an integer
            &[],
        ] {
            let mut out = [0; RUN_MAX];
            assert!(read_run(&mut Stream::plain(bytes), false, &mut out).is_err(), "{bytes:x?}");
        }
    }
}
