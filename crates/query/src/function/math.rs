//! Functions of numbers.

mod bits;
mod probability;
mod round;
mod sets;

use super::Registry;
use super::adapt::{binary, nullary, ternary, unary};
use super::fault;
use super::native::{F32, F64, I64, Text};

pub(super) fn register(to: &mut Registry) {
    round::register(to);
    bits::register(to);
    probability::register(to);
    sets::register(to);
    functions(to);
    constants(to);
    bases(to);
}

/// A function under its signature.
type Named = (&'static str, fn(f64) -> f64);

fn functions(to: &mut Registry) {
    let plain: [Named; 18] = [
        ("sqrt(double) -> double", f64::sqrt),
        ("cbrt(double) -> double", f64::cbrt),
        ("exp(double) -> double", f64::exp),
        ("ln(double) -> double", f64::ln),
        ("log2(double) -> double", f64::log2),
        ("log10(double) -> double", f64::log10),
        ("sin(double) -> double", f64::sin),
        ("cos(double) -> double", f64::cos),
        ("tan(double) -> double", f64::tan),
        ("asin(double) -> double", f64::asin),
        ("acos(double) -> double", f64::acos),
        ("atan(double) -> double", f64::atan),
        ("sinh(double) -> double", f64::sinh),
        ("cosh(double) -> double", f64::cosh),
        ("tanh(double) -> double", f64::tanh),
        ("degrees(double) -> double", f64::to_degrees),
        ("radians(double) -> double", f64::to_radians),
        ("$positive(double) -> double", |n| n),
    ];
    for (signature, function) in plain {
        to.add(signature, unary::<F64, _>(function));
    }
    for signature in ["power(double, double) -> double", "pow(double, double) -> double"] {
        to.add(signature, binary::<F64, F64, _>(f64::powf));
    }
    to.add("atan2(double, double) -> double", binary::<F64, F64, _>(f64::atan2));
    to.add("log(double, double) -> double", binary::<F64, F64, _>(|base, n| n.ln() / base.ln()));
    to.add("is_nan(double) -> boolean", unary::<F64, _>(f64::is_nan));
    to.add("is_nan(real) -> boolean", unary::<F32, _>(f32::is_nan));
    to.add("is_finite(double) -> boolean", unary::<F64, _>(f64::is_finite));
    to.add("is_infinite(double) -> boolean", unary::<F64, _>(f64::is_infinite));
    to.add(
        "width_bucket(double, double, double, bigint) -> bigint",
        super::adapt::quaternary::<F64, F64, F64, I64, _>(width_bucket),
    );
    for (signature, sign) in [
        ("wilson_interval_lower(bigint, bigint, double) -> double", -1.0),
        ("wilson_interval_upper(bigint, bigint, double) -> double", 1.0),
    ] {
        to.add(
            signature,
            ternary::<I64, I64, F64, _>(move |successes, trials, z| {
                if successes < 0 || trials <= 0 || successes > trials || z < 0.0 {
                    return Err(fault::argument(
                        "a Wilson interval wants 0 <= successes <= trials, trials > 0 and z >= 0",
                    ));
                }
                let (s, n) = (successes as f64, trials as f64);
                let (p, zz) = (s / n, z * z);
                Ok((p + zz / (2.0 * n) + sign * z * (p * (1.0 - p) / n + zz / (4.0 * n * n)).sqrt()) / (1.0 + zz / n))
            }),
        );
    }
}

/// The error function, to about 1e-15, by its series or continued fraction.
fn erf(x: f64) -> f64 {
    let a = x.abs();
    let answer = if a < 3.0 {
        let (mut term, mut sum) = (a, a);
        for n in 1..200 {
            let n = f64::from(n);
            term *= -a * a / n;
            sum += term / (2.0 * n + 1.0);
            if term.abs() < 1e-18 {
                break;
            }
        }
        sum * std::f64::consts::FRAC_2_SQRT_PI
    } else {
        let mut fraction = 0.0;
        for n in (1..60).rev() {
            fraction = f64::from(n) / 2.0 / (a + fraction);
        }
        1.0 - (-a * a).exp() / ((a + fraction) * std::f64::consts::PI.sqrt())
    };
    answer.copysign(x)
}

fn width_bucket(value: f64, low: f64, high: f64, count: i64) -> Result<i64, opentrail_trino::SqlError> {
    if count <= 0 {
        return Err(fault::argument("bucketCount must be greater than 0"));
    }
    if value.is_nan() || !low.is_finite() || !high.is_finite() || low == high {
        return Err(fault::argument("operand must not be NaN, and bounds must be finite and different"));
    }
    let (least, most) = (low.min(high), low.max(high));
    if value < least {
        return Ok(if low < high { 0 } else { count.saturating_add(1) });
    }
    if value >= most && low < high || value > most {
        return count
            .checked_add(1)
            .filter(|_| low < high)
            .or(Some(0))
            .ok_or_else(|| fault::range("Bucket is out of range"));
    }
    let distance = if low < high { value - low } else { low - value };
    #[expect(clippy::cast_possible_truncation, reason = "a bucket lies within the count")]
    Ok((count as f64 * distance / (most - least)) as i64 + 1)
}

fn constants(to: &mut Registry) {
    to.add("pi() -> double", nullary(|| std::f64::consts::PI));
    to.add("e() -> double", nullary(|| std::f64::consts::E));
    to.add("nan() -> double", nullary(|| f64::NAN));
    to.add("infinity() -> double", nullary(|| f64::INFINITY));
}

fn bases(to: &mut Registry) {
    to.add(
        "to_base(bigint, bigint) -> varchar",
        binary::<I64, I64, _>(|number, base| {
            let base = radix(base)?;
            let (mut rest, mut digits) = (number.unsigned_abs(), Vec::new());
            while rest > 0 || digits.is_empty() {
                let digit = u32::try_from(rest % u64::from(base)).unwrap_or(0);
                digits.push(char::from_digit(digit, base).unwrap_or('0'));
                rest /= u64::from(base);
            }
            let sign = if number < 0 { "-" } else { "" };
            Ok(sign.chars().chain(digits.into_iter().rev()).collect::<String>())
        }),
    );
    to.add(
        "from_base(varchar, bigint) -> bigint",
        binary::<Text, I64, _>(|text, base| {
            i64::from_str_radix(text, radix(base)?)
                .map_err(|_| fault::argument(format!("Not a valid base-{base} number: {text}")))
        }),
    );
}

fn radix(base: i64) -> Result<u32, opentrail_trino::SqlError> {
    u32::try_from(base)
        .ok()
        .filter(|base| (2..=36).contains(base))
        .ok_or_else(|| fault::argument("Radix must be between 2 and 36"))
}
