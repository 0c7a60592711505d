//! Decimals: the precision and scale of answers by Trino's rules, rounding half up.

use arrow_buffer::i256;
use opentrail_trino::{DECIMAL_PRECISION_MAX, SqlError, Type};

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::native::{Reader, Unscaled};
use super::super::signature::Binding;
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add_adjusted("$operator$add(decimal, decimal) -> decimal", sum_type, arithmetic(add));
    to.add_adjusted("$operator$subtract(decimal, decimal) -> decimal", sum_type, arithmetic(subtract));
    to.add_adjusted("$operator$multiply(decimal, decimal) -> decimal", product_type, arithmetic(multiply));
    to.add_adjusted("$operator$divide(decimal, decimal) -> decimal", quotient_type, arithmetic(divide));
    to.add_adjusted("$operator$modulus(decimal, decimal) -> decimal", remainder_type, arithmetic(modulus));
    to.add_adjusted("mod(decimal, decimal) -> decimal", remainder_type, arithmetic(modulus));
    to.add_adjusted("$operator$negation(decimal) -> decimal", same_type, unscaled(|a| -a));
    to.add_adjusted("abs(decimal) -> decimal", same_type, unscaled(i128::abs));
    to.add_adjusted("sign(decimal) -> decimal", sign_type, unscaled(i128::signum));
}

/// Precision and scale.
fn digits(of: &Type) -> (i32, i32) {
    match of {
        Type::Decimal { precision, scale } => (i32::from(*precision), i32::from(*scale)),
        _ => (1, 0),
    }
}

fn decimal(precision: i32, scale: i32) -> Option<Type> {
    let precision = u8::try_from(precision.clamp(1, i32::from(DECIMAL_PRECISION_MAX))).ok()?;
    let scale = u8::try_from(scale).ok()?;
    (scale <= precision).then_some(Type::Decimal { precision, scale })
}

fn with(binding: Binding, returns: impl FnOnce((i32, i32), (i32, i32)) -> Option<Type>) -> Option<Binding> {
    let first = binding.parameters.first().map(digits)?;
    let second = binding.parameters.get(1).map_or((1, 0), digits);
    Some(Binding { returns: returns(first, second)?, ..binding })
}

fn sum_type(binding: Binding) -> Option<Binding> {
    with(binding, |(p1, s1), (p2, s2)| {
        let scale = s1.max(s2);
        decimal((p1 - s1).max(p2 - s2) + scale + 1, scale)
    })
}

fn product_type(binding: Binding) -> Option<Binding> {
    with(binding, |(p1, s1), (p2, s2)| decimal(p1 + p2, s1 + s2))
}

fn quotient_type(binding: Binding) -> Option<Binding> {
    with(binding, |(p1, s1), (_, s2)| decimal(p1 + s2 + (s2 - s1).max(0), s1.max(s2)))
}

fn remainder_type(binding: Binding) -> Option<Binding> {
    with(binding, |(p1, s1), (p2, s2)| decimal((p2 - s2).min(p1 - s1) + s1.max(s2), s1.max(s2)))
}

/// The answer has the argument's type.
pub(in super::super) fn same_type(binding: Binding) -> Option<Binding> {
    with(binding, |(p, s), _| decimal(p, s))
}

fn sign_type(binding: Binding) -> Option<Binding> {
    with(binding, |_, _| decimal(1, 0))
}

/// Scales of both arguments and of the answer.
struct Scales {
    a: u32,
    b: u32,
    answer: u32,
    precision: u32,
}

fn scales(call: &Call<'_>) -> Scales {
    let scale = |of: Option<&Type>| match of {
        Some(Type::Decimal { scale, .. }) => u32::from(*scale),
        _ => 0,
    };
    let precision = match call.returns {
        Type::Decimal { precision, .. } => u32::from(*precision),
        _ => 38,
    };
    Scales {
        a: scale(call.parameters.first()),
        b: scale(call.parameters.get(1)),
        answer: scale(Some(call.returns)),
        precision,
    }
}

type Operation = fn(i128, i128, &Scales) -> Result<i256, SqlError>;

fn arithmetic(operation: Operation) -> Kernel {
    Kernel::partial(move |call| {
        let (a, b) = (Reader::<Unscaled>::new(input(call, 0)?)?, Reader::<Unscaled>::new(input(call, 1)?)?);
        let scales = scales(call);
        collect(call, |row| {
            let (a, b) = (a.get(row)?, b.get(row)?);
            Some(operation(a, b, &scales).and_then(|answer| fit(answer, scales.precision)))
        })
    })
}

fn unscaled(operation: fn(i128) -> i128) -> Kernel {
    Kernel::total(move |call| {
        let a = Reader::<Unscaled>::new(input(call, 0)?)?;
        collect(call, |row| a.get(row).map(operation))
    })
}

/// The number, if it has at most `precision` digits.
fn fit(number: i256, precision: u32) -> Result<i128, SqlError> {
    let number = number.to_i128().filter(|number| number.unsigned_abs() < 10_u128.pow(precision));
    number.ok_or_else(|| fault::range("Decimal overflow"))
}

/// A power of ten.
fn power(exponent: u32) -> i256 {
    i256::from_i128(10).wrapping_pow(exponent)
}

/// A power of ten; saturates beyond 38 digits.
pub(in super::super) fn ten(exponent: u32) -> i128 {
    10_i128.checked_pow(exponent).unwrap_or(i128::MAX)
}

fn aligned(a: i128, b: i128, scales: &Scales) -> (i256, i256) {
    let common = scales.a.max(scales.b);
    let a = i256::from_i128(a).wrapping_mul(power(common - scales.a));
    (a, i256::from_i128(b).wrapping_mul(power(common - scales.b)))
}

fn add(a: i128, b: i128, scales: &Scales) -> Result<i256, SqlError> {
    let (a, b) = aligned(a, b, scales);
    Ok(a.wrapping_add(b))
}

fn subtract(a: i128, b: i128, scales: &Scales) -> Result<i256, SqlError> {
    let (a, b) = aligned(a, b, scales);
    Ok(a.wrapping_sub(b))
}

fn multiply(a: i128, b: i128, _: &Scales) -> Result<i256, SqlError> {
    Ok(i256::from_i128(a).wrapping_mul(i256::from_i128(b)))
}

fn divide(a: i128, b: i128, scales: &Scales) -> Result<i256, SqlError> {
    if b == 0 {
        return Err(fault::division());
    }
    // The dividend has at most 38 digits and the factor at most 76; only their sum beyond 76 cannot be held.
    let factor = scales.answer + scales.b - scales.a;
    let dividend = i256::from_i128(a).checked_mul(power(factor)).ok_or_else(|| fault::range("Decimal overflow"))?;
    Ok(divide_half_up(dividend, i256::from_i128(b)))
}

fn modulus(a: i128, b: i128, scales: &Scales) -> Result<i256, SqlError> {
    if b == 0 {
        return Err(fault::division());
    }
    let (a, b) = aligned(a, b, scales);
    Ok(a.wrapping_rem(b))
}

/// Division that rounds half away from zero.
fn divide_half_up(a: i256, b: i256) -> i256 {
    let (quotient, rest) = (a.wrapping_div(b), a.wrapping_rem(b));
    let twice = rest.wrapping_abs().wrapping_mul(i256::from_i128(2));
    if twice < b.wrapping_abs() {
        return quotient;
    }
    let is_negative = a.is_negative() != b.is_negative();
    if is_negative { quotient.wrapping_sub(i256::ONE) } else { quotient.wrapping_add(i256::ONE) }
}

/// The number with another scale, rounded half up, if it then has at most `precision` digits.
pub(in super::super) fn rescale(number: i128, from: u8, to: u8, precision: u8) -> Option<i128> {
    let number = i256::from_i128(number);
    let number = if to >= from {
        number.checked_mul(power(u32::from(to - from)))?
    } else {
        divide_half_up(number, power(u32::from(from - to)))
    };
    number.to_i128().filter(|number| number.unsigned_abs() < ten(u32::from(precision)).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(rescale(125, 2, 1, 38), Some(13));
        assert_eq!(rescale(-125, 2, 1, 38), Some(-13));
        assert_eq!(rescale(124, 2, 1, 38), Some(12));
        assert_eq!(rescale(12, 1, 3, 38), Some(1200));
        assert_eq!(rescale(999, 2, 0, 1), None);
    }
}
