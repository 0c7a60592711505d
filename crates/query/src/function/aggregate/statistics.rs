//! Variance and its kin, by Welford's method; of pairs too.

use arrow_array::{Array, ArrayRef, Float64Array};
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::native::{F64, Native};
use super::tally::{Tallied, Tally, double};
use super::{Types, first};

pub(super) fn register(to: &mut Registry) {
    for name in ["stddev(double) -> double", "stddev_samp(double) -> double"] {
        to.add_aggregate(name, Tallied::<Moments<STDDEV_SAMP>>::new());
    }
    for name in ["variance(double) -> double", "var_samp(double) -> double"] {
        to.add_aggregate(name, Tallied::<Moments<VAR_SAMP>>::new());
    }
    to.add_aggregate("stddev_pop(double) -> double", Tallied::<Moments<STDDEV_POP>>::new());
    to.add_aggregate("var_pop(double) -> double", Tallied::<Moments<VAR_POP>>::new());
    to.add_aggregate("skewness(double) -> double", Tallied::<Moments<SKEWNESS>>::new());
    to.add_aggregate("kurtosis(double) -> double", Tallied::<Moments<KURTOSIS>>::new());
    to.add_aggregate("corr(double, double) -> double", Tallied::<Pairs<CORR>>::new());
    to.add_aggregate("covar_pop(double, double) -> double", Tallied::<Pairs<COVAR_POP>>::new());
    to.add_aggregate("covar_samp(double, double) -> double", Tallied::<Pairs<COVAR_SAMP>>::new());
    to.add_aggregate("regr_slope(double, double) -> double", Tallied::<Pairs<SLOPE>>::new());
    to.add_aggregate("regr_intercept(double, double) -> double", Tallied::<Pairs<INTERCEPT>>::new());
}

const STDDEV_SAMP: u8 = 0;
const VAR_SAMP: u8 = 1;
const STDDEV_POP: u8 = 2;
const VAR_POP: u8 = 3;
const SKEWNESS: u8 = 4;
const KURTOSIS: u8 = 5;

/// Count, mean, and sums of the second, third and fourth power of distances from the mean.
#[derive(Default, Clone)]
struct Moments<const WHAT: u8> {
    n: f64,
    mean: f64,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl<const WHAT: u8> Tally for Moments<WHAT> {
    type Columns<'a> = &'a Float64Array;
    type Out = f64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        F64::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.merge(Self { n: 1.0, mean: columns.value(row), ..Self::default() })?;
        }
        Ok(())
    }

    fn merge(&mut self, b: Self) -> Result<(), SqlError> {
        if b.n == 0.0 {
            return Ok(());
        }
        let a = self.clone();
        let n = a.n + b.n;
        let d = b.mean - a.mean;
        self.n = n;
        self.mean = a.mean + d * b.n / n;
        self.m2 = a.m2 + b.m2 + d * d * a.n * b.n / n;
        self.m3 = a.m3 + b.m3 + d.powi(3) * a.n * b.n * (a.n - b.n) / (n * n) + 3.0 * d * (a.n * b.m2 - b.n * a.m2) / n;
        self.m4 = a.m4
            + b.m4
            + d.powi(4) * a.n * b.n * (a.n * a.n - a.n * b.n + b.n * b.n) / n.powi(3)
            + 6.0 * d * d * (a.n * a.n * b.m2 + b.n * b.n * a.m2) / (n * n)
            + 4.0 * d * (a.n * b.m3 - b.n * a.m3) / n;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<f64>, SqlError> {
        let n = self.n;
        let (least, answer) = match WHAT {
            STDDEV_SAMP => (2.0, (self.m2 / (n - 1.0)).sqrt()),
            VAR_SAMP => (2.0, self.m2 / (n - 1.0)),
            STDDEV_POP => (1.0, (self.m2 / n).sqrt()),
            VAR_POP => (1.0, self.m2 / n),
            SKEWNESS => (3.0, n.sqrt() * self.m3 / self.m2.powf(1.5)),
            _ => {
                let spread = n * (n + 1.0) / ((n - 2.0) * (n - 3.0));
                let shift = 3.0 * (n - 1.0).powi(2) / ((n - 2.0) * (n - 3.0));
                (4.0, (n - 1.0) * spread * self.m4 / (self.m2 * self.m2) - shift)
            }
        };
        Ok((n >= least).then_some(answer))
    }

    fn save(&self, to: &mut Vec<u8>) {
        for part in [self.n, self.mean, self.m2, self.m3, self.m4] {
            to.extend(part.to_le_bytes());
        }
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        Some(Self { n: double(from)?, mean: double(from)?, m2: double(from)?, m3: double(from)?, m4: double(from)? })
    }
}

const CORR: u8 = 0;
const COVAR_POP: u8 = 1;
const COVAR_SAMP: u8 = 2;
const SLOPE: u8 = 3;
const INTERCEPT: u8 = 4;

/// Of pairs (y, x): count, means, sums of products of distances from the means.
#[derive(Default, Clone)]
struct Pairs<const WHAT: u8> {
    n: f64,
    mean_y: f64,
    mean_x: f64,
    yy: f64,
    xx: f64,
    xy: f64,
}

impl<const WHAT: u8> Tally for Pairs<WHAT> {
    type Columns<'a> = (&'a Float64Array, &'a Float64Array);
    type Out = f64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        Ok((F64::column(first(columns)?)?, F64::column(first(columns.get(1..).unwrap_or_default())?)?))
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.0.is_valid(row) && columns.1.is_valid(row) {
            let (mean_y, mean_x) = (columns.0.value(row), columns.1.value(row));
            self.merge(Self { n: 1.0, mean_y, mean_x, ..Self::default() })?;
        }
        Ok(())
    }

    fn merge(&mut self, b: Self) -> Result<(), SqlError> {
        if b.n == 0.0 {
            return Ok(());
        }
        let n = self.n + b.n;
        let (dy, dx) = (b.mean_y - self.mean_y, b.mean_x - self.mean_x);
        let weight = self.n * b.n / n;
        self.yy += b.yy + dy * dy * weight;
        self.xx += b.xx + dx * dx * weight;
        self.xy += b.xy + dx * dy * weight;
        self.mean_y += dy * b.n / n;
        self.mean_x += dx * b.n / n;
        self.n = n;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<f64>, SqlError> {
        let slope = self.xy / self.xx;
        let (least, answer) = match WHAT {
            CORR => (1.0, self.xy / (self.xx.sqrt() * self.yy.sqrt())),
            COVAR_POP => (1.0, self.xy / self.n),
            COVAR_SAMP => (2.0, self.xy / (self.n - 1.0)),
            SLOPE => (1.0, slope),
            _ => (1.0, self.mean_y - slope * self.mean_x),
        };
        Ok((self.n >= least && (WHAT == COVAR_POP || WHAT == COVAR_SAMP || answer.is_finite())).then_some(answer))
    }

    fn save(&self, to: &mut Vec<u8>) {
        for part in [self.n, self.mean_y, self.mean_x, self.yy, self.xx, self.xy] {
            to.extend(part.to_le_bytes());
        }
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        let (n, mean_y, mean_x) = (double(from)?, double(from)?, double(from)?);
        Some(Self { n, mean_y, mean_x, yy: double(from)?, xx: double(from)?, xy: double(from)? })
    }
}
