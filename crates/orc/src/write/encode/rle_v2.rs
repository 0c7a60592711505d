//! Integer run-length encoding, version 2: short repeats, direct, patched base and delta, whichever is shortest.

use super::pack::{aligned, bits, pack, width_code};
use super::patched;
use super::varint::{self, zigzag};

const SECTION_MAX: usize = 512;
const REPEAT_MIN: usize = 3;
const SHORT_REPEAT_MAX: usize = 10;
/// What it costs to end a section and begin another, bits.
const BREAK_BITS: usize = 40;
/// Fewer bits than this are not worth the search for patches.
const PATCH_GAIN_BYTES_MIN: usize = 8;

/// Appends the encoding of `values`. Those of an unsigned stream must not be negative.
pub(in crate::write) fn encode(values: &[i64], signed: bool, out: &mut Vec<u8>) {
    let mut at = 0;
    while at < values.len() {
        let repeat = repeat_length(&values[at..]);
        if repeat >= REPEAT_MIN {
            put_repeat(values[at], repeat, signed, out);
            at += repeat;
        } else {
            let length = section_length(&values[at..], signed);
            put_section(&values[at..at + length], signed, out);
            at += length;
        }
    }
}

/// How often the first value repeats at once.
fn repeat_length(values: &[i64]) -> usize {
    values.iter().take(SECTION_MAX).take_while(|value| **value == values[0]).count()
}

/// The values until a repeat that is worth a section of its own.
fn section_length(values: &[i64], signed: bool) -> usize {
    let end = values.len().min(SECTION_MAX);
    let mut widest = 0;
    let mut repeat = 1;
    for index in 0..end {
        widest |= unsigned(values[index], signed);
        repeat = if index > 0 && values[index] == values[index - 1] { repeat + 1 } else { 1 };
        if repeat >= REPEAT_MIN && repeat * bits(widest) as usize > BREAK_BITS {
            return index + 1 - repeat;
        }
    }
    end
}

fn unsigned(value: i64, signed: bool) -> u64 {
    if signed { zigzag(value) } else { value as u64 }
}

fn put_repeat(value: i64, count: usize, signed: bool, out: &mut Vec<u8>) {
    let value = unsigned(value, signed);
    if count <= SHORT_REPEAT_MAX {
        let width = (bits(value) as usize).div_ceil(8);
        out.push((((width - 1) << 3) | (count - REPEAT_MIN)) as u8);
        out.extend_from_slice(&value.to_be_bytes()[8 - width..]);
    } else {
        put_header(3, 0, count, out);
        varint::put(value, out);
        out.push(0);
    }
}

/// The two bytes of direct and delta sections.
fn put_header(encoding: u8, width_code: u8, count: usize, out: &mut Vec<u8>) {
    let length = count - 1;
    out.push((encoding << 6) | (width_code << 1) | (length >> 8) as u8);
    out.push(length as u8);
}

/// Appends 1 to 512 values in the shortest way.
fn put_section(values: &[i64], signed: bool, out: &mut Vec<u8>) {
    let width = aligned(bits(values.iter().fold(0, |all, value| all | unsigned(*value, signed))));
    let direct_bytes = 2 + (values.len() * width as usize).div_ceil(8);
    if let Some(delta) = Delta::plan(values, signed).filter(|delta| delta.bytes < direct_bytes) {
        return delta.put(values, signed, out);
    }
    if direct_bytes > PATCH_GAIN_BYTES_MIN {
        let patched = patched::plan(values).filter(|plan| plan.bytes < direct_bytes);
        if patched.is_some_and(|plan| patched::encode(values, &plan, out)) {
            return;
        }
    }
    put_header(1, width_code(width), values.len(), out);
    pack(values.iter().map(|value| unsigned(*value, signed)), width, out);
}

/// A section that only rises or only falls: its first value, its first step, and the sizes of the other steps.
struct Delta {
    first_step: i64,
    /// Of the other steps; 0 when all are like the first.
    width: u32,
    bytes: usize,
}

impl Delta {
    fn plan(values: &[i64], signed: bool) -> Option<Self> {
        let [first, second, ..] = *values else { return None };
        // The first step's sign tells the direction, so it can't be 0.
        let first_step = second.checked_sub(first).filter(|step| *step != 0)?;
        let mut widest = 0;
        let mut equal = true;
        for pair in values[1..].windows(2) {
            let step = pair[1].checked_sub(pair[0])?;
            if step != 0 && (step < 0) != (first_step < 0) {
                return None;
            }
            equal &= step == first_step;
            widest |= step.unsigned_abs();
        }
        // A width of 1 has the code of 0, which says that all steps are equal.
        let width = if equal { 0 } else { aligned(bits(widest)).max(2) };
        let steps_bytes = (values.len().saturating_sub(2) * width as usize).div_ceil(8);
        let bytes = 2 + varint::bytes(unsigned(first, signed)) + varint::bytes(zigzag(first_step)) + steps_bytes;
        Some(Self { first_step, width, bytes })
    }

    fn put(&self, values: &[i64], signed: bool, out: &mut Vec<u8>) {
        put_header(3, if self.width == 0 { 0 } else { width_code(self.width) }, values.len(), out);
        varint::put(unsigned(values[0], signed), out);
        varint::put(zigzag(self.first_step), out);
        if self.width > 0 {
            let steps = values[1..].windows(2);
            pack(steps.map(|pair| pair[1].abs_diff(pair[0])), self.width, out);
        }
    }
}

#[cfg(test)]
#[path = "rle_v2_tests.rs"]
mod tests;
