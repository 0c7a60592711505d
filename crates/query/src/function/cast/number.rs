//! Among truth, whole numbers, decimals, reals and doubles.

use arrow_array::ArrayRef;
use opentrail_trino::{SqlError, Type};

use super::super::native::{Bool, F32, F64, I8, I16, I32, I64, Unscaled};
use super::super::{fault, operator, print};
use super::apply::Job;

/// A number of any kind.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Decimal(i128, u8),
    Double(f64),
    Real(f32),
}

pub(super) fn cast(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    match job.from {
        Type::Boolean => from::<Bool>(job, |truth| Number::Whole(i64::from(truth))),
        Type::Tinyint => from::<I8>(job, |n| Number::Whole(i64::from(n))),
        Type::Smallint => from::<I16>(job, |n| Number::Whole(i64::from(n))),
        Type::Integer => from::<I32>(job, |n| Number::Whole(i64::from(n))),
        Type::Bigint => from::<I64>(job, Number::Whole),
        Type::Real => from::<F32>(job, Number::Real),
        Type::Double => from::<F64>(job, Number::Double),
        Type::Decimal { scale, .. } => {
            let scale = *scale;
            from::<Unscaled>(job, move |n| Number::Decimal(n, scale))
        }
        _ => Err(fault::internal("not a number")),
    }
}

fn from<N: super::super::native::Native>(
    job: &Job<'_>,
    number: impl for<'a> Fn(N::At<'a>) -> Number,
) -> Result<ArrayRef, SqlError> {
    let narrow = |n: i64, least: i64, most: i64| {
        if (least..=most).contains(&n) { Ok(n) } else { Err(out_of_range(job, n)) }
    };
    match job.to {
        Type::Boolean => job.each::<N, bool>(|n| Ok(truth(number(n)))),
        Type::Tinyint => job.each::<N, i8>(|n| {
            let n = narrow(whole(number(n), job)?, i8::MIN.into(), i8::MAX.into())?;
            i8::try_from(n).map_err(fault::internal)
        }),
        Type::Smallint => job.each::<N, i16>(|n| {
            let n = narrow(whole(number(n), job)?, i16::MIN.into(), i16::MAX.into())?;
            i16::try_from(n).map_err(fault::internal)
        }),
        Type::Integer => job.each::<N, i32>(|n| {
            let n = narrow(whole(number(n), job)?, i32::MIN.into(), i32::MAX.into())?;
            i32::try_from(n).map_err(fault::internal)
        }),
        Type::Bigint => job.each::<N, i64>(|n| whole(number(n), job)),
        Type::Real => job.each::<N, f32>(|n| Ok(real(number(n)))),
        Type::Double => job.each::<N, f64>(|n| Ok(double(number(n)))),
        Type::Decimal { precision, scale } => job.each::<N, i128>(|n| decimal(number(n), *precision, *scale, job)),
        _ => Err(fault::internal("not a number")),
    }
}

fn out_of_range(job: &Job<'_>, number: impl std::fmt::Display) -> SqlError {
    fault::range(format!("Out of range for {}: {number}", job.to))
}

fn truth(number: Number) -> bool {
    match number {
        Number::Whole(n) => n != 0,
        Number::Decimal(n, _) => n != 0,
        Number::Double(n) => n != 0.0,
        Number::Real(n) => n != 0.0,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole(number: Number, job: &Job<'_>) -> Result<i64, SqlError> {
    let double = match number {
        Number::Whole(n) => return Ok(n),
        Number::Decimal(n, scale) => {
            let whole = operator::rescale(n, scale, 0, 38).and_then(|n| i64::try_from(n).ok());
            return whole.ok_or_else(|| job.failure(print::decimal(n, scale)));
        }
        Number::Double(n) => n,
        Number::Real(n) => f64::from(n),
    };
    if double.is_nan() {
        return Err(fault::cast(format!("Cannot cast {} NaN to {}", job.from, job.to)));
    }
    let rounded = (double.abs() + 0.5).floor().copysign(double);
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded) {
        return Ok(rounded as i64);
    }
    if *job.to == Type::Bigint {
        return Err(fault::cast(format!("Unable to cast {} to bigint", print::java_double(double))));
    }
    Err(out_of_range(job, print::java_double(double)))
}

fn double(number: Number) -> f64 {
    match number {
        Number::Whole(n) => n as f64,
        Number::Decimal(n, scale) => print::decimal(n, scale).parse().unwrap_or(f64::NAN),
        Number::Double(n) => n,
        Number::Real(n) => f64::from(n),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a real is a rounded double")]
fn real(number: Number) -> f32 {
    match number {
        Number::Whole(n) => n as f32,
        Number::Decimal(n, scale) => print::decimal(n, scale).parse().unwrap_or(f32::NAN),
        Number::Double(n) => n as f32,
        Number::Real(n) => n,
    }
}

fn decimal(number: Number, precision: u8, scale: u8, job: &Job<'_>) -> Result<i128, SqlError> {
    let (found, text) = match number {
        Number::Whole(n) => (operator::rescale(i128::from(n), 0, scale, precision), n.to_string()),
        Number::Decimal(n, from) => (operator::rescale(n, from, scale, precision), print::decimal(n, from)),
        Number::Double(n) => (parse(&n.to_string(), precision, scale), print::java_double(n)),
        Number::Real(n) => (parse(&n.to_string(), precision, scale), print::java_real(n)),
    };
    found.ok_or_else(|| {
        let (from, to) = (job.from.to_string().to_uppercase(), job.to.to_string().to_uppercase());
        fault::cast(format!("Cannot cast {from} '{text}' to {to}"))
    })
}

/// A text as a decimal: sign, digits, a point, an exponent; rounded half up.
pub(in super::super) fn parse(text: &str, precision: u8, scale: u8) -> Option<i128> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (is_negative, digits) = match mantissa.as_bytes().first()? {
        b'-' => (true, &mantissa[1..]),
        b'+' => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let all = all.trim_start_matches('0');
    // How many of the digits stay.
    let kept = i64::try_from(all.len()).ok()? - i64::try_from(fraction.len()).ok()?
        + exponent.clamp(-10_000, 10_000)
        + i64::from(scale);
    if kept > 40 && !all.is_empty() {
        return None;
    }
    let kept = usize::try_from(kept.max(0)).ok()?;
    let is_up = kept <= all.len() && all.as_bytes().get(kept).is_some_and(|digit| *digit >= b'5') && {
        // A number far below the last digit has zeros before its first.
        let first = i64::try_from(all.len()).ok()? - i64::try_from(fraction.len()).ok()?
            + exponent.clamp(-10_000, 10_000)
            + i64::from(scale);
        first >= 0
    };
    let text: String = all.chars().chain(std::iter::repeat('0')).take(kept).collect();
    let number: i128 = if text.is_empty() { 0 } else { text.parse().ok()? };
    let number = number.checked_add(i128::from(is_up))?;
    (number < operator::ten(u32::from(precision))).then_some(if is_negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn texts_become_decimals() {
        assert_eq!(parse("12.345", 10, 2), Some(1235));
        assert_eq!(parse("-12.345", 10, 2), Some(-1235));
        assert_eq!(parse("0.004", 10, 2), Some(0));
        assert_eq!(parse("0.005", 10, 2), Some(1));
        assert_eq!(parse("0.0005", 10, 2), Some(0));
        assert_eq!(parse("1e3", 10, 0), Some(1000));
        assert_eq!(parse("1.5E-1", 10, 2), Some(15));
        assert_eq!(parse("999.995", 5, 2), None);
        assert_eq!(parse("+.5", 3, 1), Some(5));
        assert_eq!(parse("", 3, 1), None);
        assert_eq!(parse("1x", 3, 1), None);
        assert_eq!(parse("1e99999999999999999999", 3, 1), None);
        assert_eq!(parse("0e9999", 3, 1), Some(0));
    }
}
