//! Distributions: normal, beta and Student's t.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, ternary};
use super::super::native::F64;
use super::super::{Registry, fault};
use super::erf;

pub(super) fn register(to: &mut Registry) {
    to.add(
        "normal_cdf(double, double, double) -> double",
        ternary::<F64, F64, F64, _>(|mean, sd, value| {
            if sd <= 0.0 {
                return Err(fault::argument("standardDeviation must be > 0"));
            }
            Ok(0.5 * (1.0 + erf((value - mean) / (sd * std::f64::consts::SQRT_2))))
        }),
    );
    to.add(
        "inverse_normal_cdf(double, double, double) -> double",
        ternary::<F64, F64, F64, _>(|mean, sd, p| {
            if !(p > 0.0 && p < 1.0) {
                return Err(fault::argument("p must be in the interval (0, 1)"));
            }
            if sd <= 0.0 {
                return Err(fault::argument("sd must be > 0"));
            }
            let standard = bisect(-40.0, 40.0, |x| 0.5 * (1.0 + erf(x / std::f64::consts::SQRT_2)) < p);
            Ok(mean + sd * standard)
        }),
    );
    to.add(
        "beta_cdf(double, double, double) -> double",
        ternary::<F64, F64, F64, _>(|a, b, value| {
            shapes(a, b)?;
            if !(0.0..=1.0).contains(&value) {
                return Err(fault::argument("value must be in the interval [0, 1]"));
            }
            Ok(beta(value, a, b))
        }),
    );
    to.add(
        "inverse_beta_cdf(double, double, double) -> double",
        ternary::<F64, F64, F64, _>(|a, b, p| {
            shapes(a, b)?;
            if !(0.0..=1.0).contains(&p) {
                return Err(fault::argument("p must be in the interval [0, 1]"));
            }
            Ok(bisect(0.0, 1.0, |x| beta(x, a, b) < p))
        }),
    );
    to.add(
        "t_cdf(double, double) -> double",
        binary::<F64, F64, _>(|x, freedom| {
            degrees(freedom)?;
            let tail = 0.5 * beta(freedom / (freedom + x * x), freedom / 2.0, 0.5);
            Ok(if x > 0.0 { 1.0 - tail } else { tail })
        }),
    );
    to.add(
        "t_pdf(double, double) -> double",
        binary::<F64, F64, _>(|x, freedom| {
            degrees(freedom)?;
            let scale = ln_gamma((freedom + 1.0) / 2.0) - ln_gamma(freedom / 2.0);
            let scale = scale - 0.5 * (freedom * std::f64::consts::PI).ln();
            Ok((scale - (freedom + 1.0) / 2.0 * (1.0 + x * x / freedom).ln()).exp())
        }),
    );
}

fn shapes(a: f64, b: f64) -> Result<(), SqlError> {
    if a > 0.0 && b > 0.0 { Ok(()) } else { Err(fault::argument("a and b must be > 0")) }
}

fn degrees(freedom: f64) -> Result<(), SqlError> {
    if freedom > 0.0 { Ok(()) } else { Err(fault::argument("df must be greater than 0")) }
}

/// Where a rising function passes a value: `is_below` tells on which side a number lies.
fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The logarithm of the gamma function for positive numbers, by Lanczos' approximation (g = 7, nine terms).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    for (index, term) in (1_u8..).zip(TERMS) {
        sum += term / (x + f64::from(index));
    }
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The regularized incomplete beta function, by Lentz' continued fraction on the side where it converges fast.
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut answer = d;
    for m in 1..500_u16 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            step = c * d;
            answer *= step;
        }
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    answer
}
