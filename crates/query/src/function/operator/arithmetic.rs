//! Whole numbers that fail where they overflow, and IEEE 754 numbers that never do.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, unary};
use super::super::native::{F32, F64, I8, I16, I32, I64};
use super::super::{Registry, fault};

macro_rules! integers {
    ($to:ident, $($marker:ident $native:ty, $name:literal;)+) => {$(
        $to.add(
            concat!("$operator$add(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| a.checked_add(b).ok_or_else(|| overflow($name, "addition", a, "+", b))),
        );
        $to.add(
            concat!("$operator$subtract(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| a.checked_sub(b).ok_or_else(|| overflow($name, "subtraction", a, "-", b))),
        );
        $to.add(
            concat!("$operator$multiply(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| a.checked_mul(b).ok_or_else(|| overflow($name, "multiplication", a, "*", b))),
        );
        $to.add(
            concat!("$operator$divide(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| match b {
                0 => Err(fault::division()),
                _ => a.checked_div(b).ok_or_else(|| overflow($name, "division", a, "/", b)),
            }),
        );
        $to.add(
            concat!("$operator$modulus(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| match b {
                0 => Err(fault::division()),
                _ => Ok(a.wrapping_rem(b)),
            }),
        );
        $to.add(
            concat!("mod(", $name, ", ", $name, ") -> ", $name),
            binary::<$marker, $marker, _>(|a, b| match b {
                0 => Err(fault::division()),
                _ => Ok(a.wrapping_rem(b)),
            }),
        );
        $to.add(
            concat!("$operator$negation(", $name, ") -> ", $name),
            unary::<$marker, _>(|a| a.checked_neg().ok_or_else(|| {
                fault::range(format!(concat!($name, " negation overflow: {}"), a))
            })),
        );
        $to.add(
            concat!("abs(", $name, ") -> ", $name),
            unary::<$marker, _>(|a| a.checked_abs().ok_or_else(|| {
                fault::range(format!("Value {a} is out of range for abs({})", $name))
            })),
        );
        $to.add(concat!("sign(", $name, ") -> ", $name), unary::<$marker, _>(|a| a.signum()));
    )+};
}

fn overflow(of: &str, what: &str, a: impl std::fmt::Display, symbol: &str, b: impl std::fmt::Display) -> SqlError {
    fault::range(format!("{of} {what} overflow: {a} {symbol} {b}"))
}

macro_rules! floats {
    ($to:ident, $($marker:ident, $name:literal;)+) => {$(
        $to.add(concat!("$operator$add(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a + b));
        $to.add(concat!("$operator$subtract(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a - b));
        $to.add(concat!("$operator$multiply(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a * b));
        $to.add(concat!("$operator$divide(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a / b));
        $to.add(concat!("$operator$modulus(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a % b));
        $to.add(concat!("mod(", $name, ", ", $name, ") -> ", $name), binary::<$marker, $marker, _>(|a, b| a % b));
        $to.add(concat!("$operator$negation(", $name, ") -> ", $name), unary::<$marker, _>(|a| -a));
        $to.add(concat!("abs(", $name, ") -> ", $name), unary::<$marker, _>(|a| a.abs()));
        $to.add(
            concat!("sign(", $name, ") -> ", $name),
            unary::<$marker, _>(|a| if a == 0.0 || a.is_nan() { a } else { a.signum() }),
        );
    )+};
}

pub(super) fn register(to: &mut Registry) {
    integers!(to,
        I32 i32, "integer";
        I64 i64, "bigint";
        I16 i16, "smallint";
        I8 i8, "tinyint";
    );
    floats!(to,
        F64, "double";
        F32, "real";
    );
}
