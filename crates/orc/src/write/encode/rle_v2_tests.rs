use super::*;
use proptest::prelude::*;

fn encoded(values: &[i64], signed: bool) -> Vec<u8> {
    let mut out = Vec::new();
    encode(values, signed, &mut out);
    out
}

/// A plain reading of the specification, one bit at a time.
struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    signed: bool,
}

impl Decoder<'_> {
    fn byte(&mut self) -> usize {
        self.at += 1;
        self.bytes[self.at - 1].into()
    }

    fn big_endian(&mut self, bytes: usize) -> u64 {
        (0..bytes).fold(0, |value, _| (value << 8) | self.byte() as u64)
    }

    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte() as u64;
            value |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    fn packed(&mut self, count: usize, width: u32) -> Vec<u64> {
        let start = self.at;
        let bit = |index: usize| u64::from(self.bytes[start + index / 8] >> (7 - index % 8) & 1);
        let width = width as usize;
        let values =
            (0..count).map(|value| (0..width).fold(0, |all, at| (all << 1) | bit(value * width + at))).collect();
        self.at += (count * width).div_ceil(8);
        values
    }

    fn value(&self, raw: u64) -> i64 {
        if self.signed { unzigzag(raw) } else { raw as i64 }
    }

    fn section(&mut self, out: &mut Vec<i64>) {
        let head = self.byte();
        if head >> 6 == 0 {
            let raw = self.big_endian((head >> 3 & 7) + 1);
            out.extend(std::iter::repeat_n(self.value(raw), (head & 7) + 3));
            return;
        }
        let code = head >> 1 & 31;
        let count = ((head & 1) << 8 | self.byte()) + 1;
        match head >> 6 {
            1 => {
                let raw = self.packed(count, width(code));
                out.extend(raw.into_iter().map(|raw| self.value(raw)));
            }
            2 => self.patched(count, width(code), out),
            _ => self.delta(count, if code == 0 { 0 } else { width(code) }, out),
        }
    }

    fn patched(&mut self, count: usize, width_low: u32, out: &mut Vec<i64>) {
        let (third, fourth) = (self.byte(), self.byte());
        let base_bytes = (third >> 5) + 1;
        let (patch_width, gap_width) = (width(third & 31), (fourth >> 5) as u32 + 1);
        let sign = 1u64 << (base_bytes * 8 - 1);
        let base = self.big_endian(base_bytes);
        let base = if base & sign == 0 { base as i64 } else { -((base & !sign) as i64) };
        let mut values = self.packed(count, width_low);
        let mut at = 0;
        for entry in self.packed(fourth & 31, closest_width(patch_width + gap_width)) {
            at += (entry >> patch_width) as usize;
            values[at] |= (entry & (u64::MAX >> (64 - patch_width))) << width_low;
        }
        out.extend(values.into_iter().map(|value| base.wrapping_add(value as i64)));
    }

    fn delta(&mut self, count: usize, width: u32, out: &mut Vec<i64>) {
        let first = self.varint();
        let mut value = self.value(first);
        let step = unzigzag(self.varint());
        out.push(value);
        value += step;
        out.push(value);
        let steps = if width == 0 { vec![step.unsigned_abs(); count - 2] } else { self.packed(count - 2, width) };
        for size in steps {
            value = if step < 0 { value.wrapping_sub(size as i64) } else { value.wrapping_add(size as i64) };
            out.push(value);
        }
    }
}

fn unzigzag(raw: u64) -> i64 {
    (raw >> 1) as i64 ^ -((raw & 1) as i64)
}

fn width(code: usize) -> u32 {
    [26, 28, 30, 32, 40, 48, 56, 64].get(code.wrapping_sub(24)).copied().unwrap_or(code as u32 + 1)
}

fn closest_width(bits: u32) -> u32 {
    (0..32).map(width).find(|width| *width >= bits).unwrap()
}

fn decoded(bytes: &[u8], signed: bool) -> Vec<i64> {
    let mut decoder = Decoder { bytes, at: 0, signed };
    let mut out = Vec::new();
    while decoder.at < bytes.len() {
        decoder.section(&mut out);
    }
    out
}

#[test]
fn short_repeat_of_the_specification() {
    assert_eq!(encoded(&[10_000; 5], false), [0x0a, 0x27, 0x10]);
}

#[test]
fn direct_of_the_specification() {
    let bytes = [0x5e, 0x03, 0x5c, 0xa1, 0xab, 0x1e, 0xde, 0xad, 0xbe, 0xef];
    assert_eq!(encoded(&[23_713, 43_806, 57_005, 48_879], false), bytes);
}

#[test]
fn patched_base_of_the_specification() {
    let mut values = vec![2030, 2000, 2020, 1_000_000];
    values.extend((2040..=2190).step_by(10));
    let bytes = [
        0x8e, 0x13, 0x2b, 0x21, 0x07, 0xd0, 0x1e, 0x00, 0x14, 0x70, 0x28, 0x32, 0x3c, 0x46, 0x50, 0x5a, 0x64, 0x6e,
        0x78, 0x82, 0x8c, 0x96, 0xa0, 0xaa, 0xb4, 0xbe, 0xfc, 0xe8,
    ];
    assert_eq!(encoded(&values, false), bytes);
    assert_eq!(decoded(&bytes, false), values);
}

#[test]
fn delta_of_the_specification() {
    let bytes = [0xc6, 0x09, 0x02, 0x02, 0x22, 0x42, 0x42, 0x46];
    assert_eq!(encoded(&[2, 3, 5, 7, 11, 13, 17, 19, 23, 29], false), bytes);
}

#[test]
fn steps_that_are_equal_need_no_bits() {
    let values: Vec<i64> = (0..512).map(|value| 1_000_000 - 7 * value).collect();
    assert_eq!(encoded(&values, true).len(), 2 + 3 + 1);
    assert_eq!(decoded(&encoded(&values, true), true), values);
}

#[test]
fn long_repeats_are_deltas_of_nothing() {
    assert_eq!(encoded(&[7; 512], false), [0xc1, 0xff, 7, 0]);
    assert_eq!(encoded(&[7; 11], true), [0xc0, 10, 14, 0]);
}

#[test]
fn gaps_above_255_are_stretched() {
    let mut values = vec![3; 512];
    values.iter_mut().enumerate().for_each(|(index, value)| *value += index as i64 % 2);
    values[0] = 1 << 40;
    values[511] = 1 << 41;
    let bytes = encoded(&values, false);
    assert_eq!(bytes[0] >> 6, 2);
    assert!(bytes.len() < 100, "{} bytes", bytes.len());
    assert_eq!(decoded(&bytes, false), values);
}

#[test]
fn the_ends_of_64_bits() {
    for values in [
        vec![i64::MIN, i64::MAX],
        vec![i64::MAX, i64::MIN, 0, -1, 1],
        vec![i64::MIN, i64::MIN + 1, i64::MIN + 3],
        vec![i64::MIN; 3],
        vec![-(1 << 55), 1 << 60, 0, 0, 1, 2, 3],
        vec![],
    ] {
        assert_eq!(decoded(&encoded(&values, true), true), values);
    }
}

/// Sequences of the kinds that the encodings are for, one after the other.
fn sequences() -> impl Strategy<Value = Vec<i64>> {
    let piece = prop_oneof![
        (any::<i64>(), 1usize..600).prop_map(|(value, count)| vec![value; count]),
        (-1_000_000i64..1_000_000, -50i64..50, 1usize..600)
            .prop_map(|(first, step, count)| (0..count as i64).map(|index| first + step * index).collect()),
        prop::collection::vec(0i64..4, 1..600),
        prop::collection::vec(any::<i64>(), 1..40),
        prop::collection::vec(
            prop_oneof![20 => -100i64..100, 1 => any::<i32>().prop_map(i64::from), 1 => (-(1i64 << 50))..(1 << 50)],
            1..600
        ),
        prop::collection::vec(0i64..1000, 1..600).prop_map(|mut steps| {
            steps.iter_mut().fold(0, |sum, step| {
                *step += sum;
                *step
            });
            steps
        }),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn signed_values_decode_to_the_same(values in sequences()) {
        prop_assert_eq!(decoded(&encoded(&values, true), true), values);
    }

    #[test]
    fn unsigned_values_decode_to_the_same(values in sequences()) {
        let values: Vec<i64> = values.into_iter().map(|value| value & i64::MAX).collect();
        prop_assert_eq!(decoded(&encoded(&values, false), false), values);
    }
}
