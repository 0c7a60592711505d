//! `random`, `rand` and `uuid`. Each takes a seed as its last argument, which the analyzer adds: chance is an argument here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentrail_trino::SqlError;

use super::super::adapt::{binary, ternary, unary};
use super::super::native::I64;
use super::super::{Registry, fault};

/// The functions that take a seed as their last argument.
pub(crate) const SEEDED: [&str; 3] = ["random", "rand", "uuid"];

pub(super) fn register(to: &mut Registry) {
    // No number comes twice in a process, whatever the seeds.
    let count = Arc::new(AtomicU64::new(0));
    let next = move |seed: i64| Draw(seed.cast_unsigned().wrapping_add(count.fetch_add(1, Ordering::Relaxed)));
    for signature in ["random(bigint) -> double", "rand(bigint) -> double"] {
        let next = next.clone();
        to.add(signature, unary::<I64, _>(move |seed| next(seed).unit()).volatile());
    }
    for signature in ["random(bigint, bigint) -> bigint", "rand(bigint, bigint) -> bigint"] {
        let next = next.clone();
        to.add(signature, binary::<I64, I64, _>(move |bound, seed| next(seed).between(0, bound)).volatile());
    }
    for signature in ["random(bigint, bigint, bigint) -> bigint", "rand(bigint, bigint, bigint) -> bigint"] {
        let next = next.clone();
        to.add(signature, ternary::<I64, I64, I64, _>(move |from, to, seed| next(seed).between(from, to)).volatile());
    }
    to.add("uuid(bigint) -> uuid", unary::<I64, _>(move |seed| next(seed).uuid()).volatile());
}

/// One draw.
struct Draw(u64);

impl Draw {
    /// The output function of SplitMix64 at the n-th step from here: different for different draws.
    fn bits(&self, step: u64) -> u64 {
        let mut bits = self.0.wrapping_mul(2).wrapping_add(step).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    /// From 0 up to but not including 1.
    fn unit(&self) -> f64 {
        (self.bits(0) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `from` up to but not including `to`.
    fn between(&self, from: i64, to: i64) -> Result<i64, SqlError> {
        if from >= to {
            return Err(fault::argument("bound must be positive"));
        }
        let width = i128::from(to) - i128::from(from);
        let drawn = (i128::from(self.bits(0)) * width) >> 64;
        i64::try_from(i128::from(from) + drawn).map_err(fault::internal)
    }

    /// Of version 4.
    fn uuid(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.bits(0).to_be_bytes());
        bytes[8..].copy_from_slice(&self.bits(1).to_be_bytes());
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        bytes
    }
}
