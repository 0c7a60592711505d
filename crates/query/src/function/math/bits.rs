//! Bits of whole numbers.

use super::super::adapt::{binary, unary};
use super::super::native::I64;
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("bitwise_and(bigint, bigint) -> bigint", binary::<I64, I64, _>(|a, b| a & b));
    to.add("bitwise_or(bigint, bigint) -> bigint", binary::<I64, I64, _>(|a, b| a | b));
    to.add("bitwise_xor(bigint, bigint) -> bigint", binary::<I64, I64, _>(|a, b| a ^ b));
    to.add("bitwise_not(bigint) -> bigint", unary::<I64, _>(|a| !a));
    to.add(
        "bitwise_left_shift(bigint, bigint) -> bigint",
        binary::<I64, I64, _>(|a, b| u32::try_from(b).ok().and_then(|b| a.checked_shl(b)).unwrap_or(0)),
    );
    to.add(
        "bitwise_right_shift(bigint, bigint) -> bigint",
        binary::<I64, I64, _>(|a, b| {
            u32::try_from(b).ok().and_then(|b| a.cast_unsigned().checked_shr(b)).unwrap_or(0).cast_signed()
        }),
    );
    to.add(
        "bitwise_right_shift_arithmetic(bigint, bigint) -> bigint",
        binary::<I64, I64, _>(|a, b| u32::try_from(b).ok().and_then(|b| a.checked_shr(b)).unwrap_or(a >> 63)),
    );
    to.add("bit_count(bigint, bigint) -> bigint", binary::<I64, I64, _>(|number, bits| {
        if !(2..=64).contains(&bits) {
            return Err(fault::argument("Bits specified in bit_count must be between 2 and 64"));
        }
        let most = i64::MAX >> (64 - bits);
        if number > most || number < -most - 1 {
            return Err(fault::argument(format!("Number must be representable with the bits specified. {number} cannot be represented with {bits} bits")));
        }
        let mask = u64::MAX >> (64 - bits);
        Ok(i64::from((number.cast_unsigned() & mask).count_ones()))
    }));
}
