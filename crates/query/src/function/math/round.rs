//! Rounding: half away from zero.

use opentrail_trino::{SqlError, Type};

use super::super::adapt::{binary, collect, input, unary};
use super::super::kernel::{Call, Kernel};
use super::super::native::{F32, F64, I8, I16, I32, I64, Reader, Unscaled};
use super::super::signature::Binding;
use super::super::{Registry, fault, operator};

pub(super) fn register(to: &mut Registry) {
    macro_rules! whole {
        ($($name:literal $marker:ty;)+) => {$(
            for function in [
                concat!("round(", $name, ") -> ", $name),
                concat!("ceil(", $name, ") -> ", $name),
                concat!("ceiling(", $name, ") -> ", $name),
                concat!("floor(", $name, ") -> ", $name),
                concat!("truncate(", $name, ") -> ", $name),
            ] {
                to.add(function, unary::<$marker, _>(|number| number));
            }
        )+};
    }
    whole! {
        "integer" I32;
        "bigint" I64;
        "smallint" I16;
        "tinyint" I8;
    }
    to.add("round(bigint, bigint) -> bigint", binary::<I64, I64, _>(round_whole));
    to.add(
        "round(integer, bigint) -> integer",
        binary::<I32, I64, _>(|number, digits| {
            i32::try_from(round_whole(i64::from(number), digits)?).map_err(|_| fault::range("integer is out of range"))
        }),
    );
    decimals(to);
    floats(to);
}

/// A function under its signature.
type Named<F> = (&'static str, fn(F) -> F);

fn floats(to: &mut Registry) {
    let plain: [Named<f64>; 5] = [
        ("round(double) -> double", |n| round_double(n, 0)),
        ("ceil(double) -> double", f64::ceil),
        ("ceiling(double) -> double", f64::ceil),
        ("floor(double) -> double", f64::floor),
        ("truncate(double) -> double", f64::trunc),
    ];
    for (signature, function) in plain {
        to.add(signature, unary::<F64, _>(function));
    }
    let plain: [Named<f32>; 5] = [
        ("round(real) -> real", |n| (n.abs() + 0.5).floor().copysign(n)),
        ("ceil(real) -> real", f32::ceil),
        ("ceiling(real) -> real", f32::ceil),
        ("floor(real) -> real", f32::floor),
        ("truncate(real) -> real", f32::trunc),
    ];
    for (signature, function) in plain {
        to.add(signature, unary::<F32, _>(function));
    }
    to.add("round(double, bigint) -> double", binary::<F64, I64, _>(round_double));
    #[expect(clippy::cast_possible_truncation, reason = "a real is a rounded double")]
    to.add("round(real, bigint) -> real", binary::<F32, I64, _>(|n, digits| round_double(f64::from(n), digits) as f32));
    to.add(
        "truncate(double, bigint) -> double",
        binary::<F64, I64, _>(|n, digits| {
            let factor = 10_f64.powi(i32::try_from(digits.clamp(-400, 400)).unwrap_or(0));
            let scaled = n * factor;
            if scaled.is_finite() && factor > 0.0 { scaled.trunc() / factor } else { n }
        }),
    );
}

/// Exactly at the decimal digit that the shortest text of the number has there.
fn round_double(number: f64, digits: i64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    let factor = 10_f64.powi(i32::try_from(digits.clamp(-400, 400)).unwrap_or(0));
    let scaled = number.abs() * factor;
    if !scaled.is_finite() || factor == 0.0 {
        return if digits < 0 { 0.0_f64.copysign(number) } else { number };
    }
    if scaled >= 9e15 {
        return number;
    }
    ((scaled + 0.5).floor() / factor).copysign(number)
}

fn round_whole(number: i64, digits: i64) -> Result<i64, SqlError> {
    if digits >= 0 {
        return Ok(number);
    }
    let Some(step) = u32::try_from(-digits).ok().and_then(|digits| 10_i128.checked_pow(digits)) else { return Ok(0) };
    let number = i128::from(number);
    let rounded = (number.abs() + step / 2) / step * step * number.signum();
    i64::try_from(rounded).map_err(|_| fault::range("bigint is out of range"))
}

fn decimals(to: &mut Registry) {
    for (signature, step) in [
        ("round(decimal) -> decimal", Step::Half),
        ("ceil(decimal) -> decimal", Step::Up),
        ("ceiling(decimal) -> decimal", Step::Up),
        ("floor(decimal) -> decimal", Step::Down),
    ] {
        to.add_adjusted(signature, whole_type, Kernel::partial(move |call| to_whole(call, step)));
    }
    to.add_adjusted("truncate(decimal) -> decimal", truncated_type, Kernel::partial(|call| to_whole(call, Step::Zero)));
    to.add_adjusted(
        "round(decimal, bigint) -> decimal",
        wider_type,
        Kernel::partial(|call| at_digit(call, Step::Half)),
    );
    to.add_adjusted(
        "truncate(decimal, bigint) -> decimal",
        operator::same_type,
        Kernel::partial(|call| at_digit(call, Step::Zero)),
    );
}

#[derive(Clone, Copy)]
enum Step {
    Half,
    Up,
    Down,
    Zero,
}

fn returning(binding: Binding, returns: impl Fn(u8, u8) -> Type) -> Option<Binding> {
    let Some(Type::Decimal { precision, scale }) = binding.parameters.first() else { return None };
    let returns = returns(*precision, *scale);
    Some(Binding { returns, ..binding })
}

fn whole_type(binding: Binding) -> Option<Binding> {
    returning(binding, |precision, scale| Type::Decimal {
        precision: (precision - scale + u8::from(scale > 0)).clamp(1, 38),
        scale: 0,
    })
}

fn truncated_type(binding: Binding) -> Option<Binding> {
    returning(binding, |precision, scale| Type::Decimal { precision: (precision - scale).max(1), scale: 0 })
}

fn wider_type(binding: Binding) -> Option<Binding> {
    returning(binding, |precision, scale| Type::Decimal { precision: (precision + 1).min(38), scale })
}

/// A multiple of `unit`.
fn step(number: i128, unit: i128, how: Step) -> i128 {
    let (quotient, rest) = (number / unit, number % unit);
    let up = match how {
        Step::Half => i128::from(rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2) && unit > 1) * number.signum(),
        Step::Up => i128::from(rest > 0),
        Step::Down => -i128::from(rest < 0),
        Step::Zero => 0,
    };
    quotient + up
}

fn scale(call: &Call<'_>) -> u8 {
    match call.parameters.first() {
        Some(Type::Decimal { scale, .. }) => *scale,
        _ => 0,
    }
}

fn to_whole(call: &Call<'_>, how: Step) -> Result<arrow_array::ArrayRef, SqlError> {
    let number = Reader::<Unscaled>::new(input(call, 0)?)?;
    let unit = operator::ten(u32::from(scale(call)));
    collect(call, |row| Some(step(number.get(row)?, unit, how)))
}

fn at_digit(call: &Call<'_>, how: Step) -> Result<arrow_array::ArrayRef, SqlError> {
    let (number, digits) = (Reader::<Unscaled>::new(input(call, 0)?)?, Reader::<I64>::new(input(call, 1)?)?);
    let scale = i64::from(scale(call));
    collect(call, |row| {
        let (number, digits) = (number.get(row)?, digits.get(row)?);
        if digits >= scale {
            return Some(Ok(number));
        }
        let Some(unit) = u32::try_from(scale - digits).ok().and_then(|away| 10_i128.checked_pow(away)) else {
            return Some(Ok(0));
        };
        let rounded =
            step(number, unit, how).checked_mul(unit).filter(|n| n.unsigned_abs() < operator::ten(38).unsigned_abs());
        Some(rounded.ok_or_else(|| fault::range("decimal is out of range")))
    })
}
