//! The patched base of `rle_v2`: a narrow width for most values, and the high bits of the few wide ones in a list.

use super::pack::{aligned, bits, closest, pack, width_code};

const PATCHES_MAX: usize = 31;
const GAP_MAX: usize = 255;
/// Gap and patch together have 64 bits at most, and a gap may have 8.
const PATCH_BITS_MAX: u32 = 56;
/// Readers keep the base in at most 7 bytes and a sign.
const BASE_MAX: u64 = 1 << 55;
const HEADER_BYTES: usize = 4;

/// How to encode a section.
#[derive(Debug)]
pub(super) struct Plan {
    base: i64,
    /// Of the values without patches.
    width: u32,
    /// Of the values with patches.
    full_width: u32,
    pub(super) bytes: usize,
}

/// The cheapest plan, if there is any with at most 31 patches. `values` are 1 to 512.
pub(super) fn plan(values: &[i64]) -> Option<Plan> {
    let (base, greatest) = values.iter().fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    if base.unsigned_abs() >= BASE_MAX {
        return None;
    }
    let full_width = bits(greatest.abs_diff(base));
    let mut wider_than = [0usize; 65];
    for value in values {
        wider_than[bits(value.abs_diff(base)) as usize] += 1;
    }
    let mut best: Option<Plan> = None;
    let mut patches = 0;
    for width in (1..full_width).rev() {
        patches += wider_than[width as usize + 1];
        if patches > PATCHES_MAX {
            break;
        }
        let patch_bits = full_width - width;
        if width != aligned(width) || patch_bits > PATCH_BITS_MAX {
            continue;
        }
        // Gaps are not known yet: eight bits each is the most.
        let list_bits = patches * closest(closest(patch_bits) + 8) as usize;
        let bytes =
            HEADER_BYTES + base_bytes(base) + (values.len() * width as usize).div_ceil(8) + list_bits.div_ceil(8);
        if best.as_ref().is_none_or(|best| bytes < best.bytes) {
            best = Some(Plan { base, width, full_width, bytes });
        }
    }
    best
}

/// The bytes of the base, one bit being its sign.
fn base_bytes(base: i64) -> usize {
    (bits(base.unsigned_abs()) as usize + 1).div_ceil(8)
}

/// Appends the section. False, and nothing appended, when its gaps need more patches than a list has.
pub(super) fn encode(values: &[i64], plan: &Plan, out: &mut Vec<u8>) -> bool {
    let Some(patches) = patches(values, plan) else { return false };
    let gap_bits = patches.iter().map(|(gap, _)| bits(*gap as u64)).max().unwrap_or(1);
    let patch_bits = closest(plan.full_width - plan.width);
    let length = values.len() - 1;
    let base_bytes = base_bytes(plan.base);
    out.push(0x80 | (width_code(plan.width) << 1) | (length >> 8) as u8);
    out.push(length as u8);
    out.push(((base_bytes as u8 - 1) << 5) | width_code(patch_bits));
    out.push(((gap_bits as u8 - 1) << 5) | patches.len() as u8);
    let sign = if plan.base < 0 { 1u64 << (base_bytes * 8 - 1) } else { 0 };
    out.extend_from_slice(&(plan.base.unsigned_abs() | sign).to_be_bytes()[8 - base_bytes..]);
    let low = u64::MAX >> (64 - plan.width);
    pack(values.iter().map(|value| value.abs_diff(plan.base) & low), plan.width, out);
    let entries = patches.iter().map(|(gap, patch)| ((*gap as u64) << patch_bits) | patch);
    pack(entries, closest(gap_bits + patch_bits), out);
    true
}

/// The gaps and patches; a gap above 255 is stretched by patches of 0.
fn patches(values: &[i64], plan: &Plan) -> Option<Vec<(usize, u64)>> {
    let mut patches = Vec::new();
    let mut last = 0;
    for (index, value) in values.iter().enumerate() {
        let patch = value.abs_diff(plan.base) >> plan.width;
        if patch == 0 {
            continue;
        }
        let mut gap = index - last;
        while gap > GAP_MAX {
            patches.push((GAP_MAX, 0));
            gap -= GAP_MAX;
        }
        patches.push((gap, patch));
        last = index;
    }
    (patches.len() <= PATCHES_MAX).then_some(patches)
}
