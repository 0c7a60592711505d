//! MurmurHash3, the variant of 128 bits for 64-bit machines (Austin Appleby's `MurmurHash3_x64_128`), seed 0.

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// The hash, each half with its least byte first.
pub(super) fn murmur3(bytes: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (0_u64, 0_u64);
    let mut blocks = bytes.chunks_exact(16);
    for block in &mut blocks {
        let (low, high) = halves(block);
        a ^= mix_low(low);
        a = a.rotate_left(27).wrapping_add(b).wrapping_mul(5).wrapping_add(0x52dc_e729);
        b ^= mix_high(high);
        b = b.rotate_left(31).wrapping_add(a).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let (low, high) = halves(blocks.remainder());
    b ^= mix_high(high);
    a ^= mix_low(low);
    let length = bytes.len() as u64;
    a ^= length;
    b ^= length;
    a = a.wrapping_add(b);
    b = b.wrapping_add(a);
    a = finish(a);
    b = finish(b);
    a = a.wrapping_add(b);
    b = b.wrapping_add(a);
    [a.to_le_bytes(), b.to_le_bytes()].concat()
}

/// Up to sixteen bytes as two numbers; what is missing is 0.
fn halves(block: &[u8]) -> (u64, u64) {
    let mut whole = [0; 16];
    whole[..block.len()].copy_from_slice(block);
    let both = u128::from_le_bytes(whole);
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    (both as u64, (both >> 64) as u64)
}

fn mix_low(half: u64) -> u64 {
    half.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix_high(half: u64) -> u64 {
    half.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn finish(mut half: u64) -> u64 {
    half ^= half >> 33;
    half = half.wrapping_mul(0xff51_afd7_ed55_8ccd);
    half ^= half >> 33;
    half = half.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    half ^ half >> 33
}
