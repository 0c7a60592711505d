//! Sums and averages, and what else adds numbers up.

use arrow_array::{Array, ArrayRef, Decimal128Array, Float32Array, Float64Array, Int64Array};
use opentrail_trino::{DECIMAL_PRECISION_MAX, SqlError, Type};

use super::super::native::{F32, F64, I64, Native, Unscaled};
use super::super::signature::Binding;
use super::super::{Registry, fault, operator};
use super::tally::{Tallied, Tally, bytes, count, double};
use super::{Types, first};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("sum(bigint) -> bigint", Tallied::<SumWhole>::new());
    to.add_aggregate("sum(double) -> double", Tallied::<SumDouble<false>>::new());
    to.add_aggregate("sum(real) -> real", Tallied::<SumReal<false>>::new());
    to.add_aggregate_adjusted("sum(decimal) -> decimal", sum_type, Tallied::<SumDecimal<false>>::new());
    to.add_aggregate("avg(bigint) -> double", Tallied::<AvgWhole>::new());
    to.add_aggregate("avg(double) -> double", Tallied::<SumDouble<true>>::new());
    to.add_aggregate("avg(real) -> real", Tallied::<SumReal<true>>::new());
    to.add_aggregate_adjusted("avg(decimal) -> decimal", operator::same_type, Tallied::<SumDecimal<true>>::new());
    to.add_aggregate("bitwise_and_agg(bigint) -> bigint", Tallied::<Bits<0>>::new());
    to.add_aggregate("bitwise_or_agg(bigint) -> bigint", Tallied::<Bits<1>>::new());
    to.add_aggregate("bitwise_xor_agg(bigint) -> bigint", Tallied::<Bits<2>>::new());
    to.add_aggregate("geometric_mean(double) -> double", Tallied::<Geometric>::new());
}

fn sum_type(binding: Binding) -> Option<Binding> {
    let returns = match binding.parameters.first()? {
        Type::Decimal { scale, .. } => Type::Decimal { precision: DECIMAL_PRECISION_MAX, scale: *scale },
        _ => return None,
    };
    Some(Binding { returns, ..binding })
}

/// A sum of whole numbers; it may leave 64 bits in between, not in the end.
#[derive(Default, Clone)]
struct SumWhole {
    sum: i128,
    count: u64,
}

impl Tally for SumWhole {
    type Columns<'a> = &'a Int64Array;
    type Out = i64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        I64::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.sum += i128::from(columns.value(row));
            self.count += 1;
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.sum += other.sum;
        self.count += other.count;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<i64>, SqlError> {
        let sum = i64::try_from(self.sum).map_err(|_| fault::range("bigint addition overflow"))?;
        Ok((self.count > 0).then_some(sum))
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.sum.to_le_bytes());
        to.extend(self.count.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        Some(Self { sum: i128::from_le_bytes(bytes(from)?), count: count(from)? })
    }
}

/// The average of whole numbers is a double.
#[derive(Default, Clone)]
struct AvgWhole(SumWhole);

impl Tally for AvgWhole {
    type Columns<'a> = &'a Int64Array;
    type Out = f64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        SumWhole::columns(columns)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        self.0.add(columns, row)
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0.merge(other.0)
    }

    fn answer(&self, _: &Types) -> Result<Option<f64>, SqlError> {
        Ok((self.0.count > 0).then(|| self.0.sum as f64 / self.0.count as f64))
    }

    fn save(&self, to: &mut Vec<u8>) {
        self.0.save(to);
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        SumWhole::load(from).map(Self)
    }
}

macro_rules! floats {
    ($($(#[doc = $doc:literal])+ $name:ident, $array:ty, $marker:ty, $out:ty;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Default, Clone)]
        struct $name<const MEAN: bool> {
            sum: f64,
            count: u64,
        }

        impl<const MEAN: bool> Tally for $name<MEAN> {
            type Columns<'a> = &'a $array;
            type Out = $out;

            fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
                <$marker>::column(first(columns)?)
            }

            fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
                if columns.is_valid(row) {
                    self.sum += f64::from(columns.value(row));
                    self.count += 1;
                }
                Ok(())
            }

            fn merge(&mut self, other: Self) -> Result<(), SqlError> {
                self.sum += other.sum;
                self.count += other.count;
                Ok(())
            }

            #[allow(clippy::cast_possible_truncation, reason = "a real is a rounded double")]
            fn answer(&self, _: &Types) -> Result<Option<$out>, SqlError> {
                let answer = if MEAN { self.sum / self.count as f64 } else { self.sum };
                Ok((self.count > 0).then_some(answer as $out))
            }

            fn save(&self, to: &mut Vec<u8>) {
                to.extend(self.sum.to_le_bytes());
                to.extend(self.count.to_le_bytes());
            }

            fn load(from: &mut &[u8]) -> Option<Self> {
                Some(Self { sum: double(from)?, count: count(from)? })
            }
        }
    )+};
}

floats! {
    /// The sum or mean of doubles.
    SumDouble, Float64Array, F64, f64;
    /// The sum or mean of reals.
    SumReal, Float32Array, F32, f32;
}

/// The sum or, rounded half up, the mean of decimals.
#[derive(Default, Clone)]
struct SumDecimal<const MEAN: bool> {
    sum: i128,
    count: u64,
}

impl<const MEAN: bool> Tally for SumDecimal<MEAN> {
    type Columns<'a> = &'a Decimal128Array;
    type Out = i128;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        Unscaled::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.merge(Self { sum: columns.value(row), count: 1 })?;
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.sum = self.sum.checked_add(other.sum).ok_or_else(|| fault::range("Decimal overflow"))?;
        self.count += other.count;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<i128>, SqlError> {
        if self.count == 0 {
            return Ok(None);
        }
        if !MEAN {
            let fits = self.sum.unsigned_abs() < operator::ten(38).unsigned_abs();
            return if fits { Ok(Some(self.sum)) } else { Err(fault::range("Decimal overflow")) };
        }
        let count = i128::from(self.count);
        let (quotient, rest) = (self.sum / count, self.sum % count);
        let up = i128::from(rest.abs() * 2 >= count) * self.sum.signum();
        Ok(Some(quotient + up))
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.sum.to_le_bytes());
        to.extend(self.count.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        Some(Self { sum: i128::from_le_bytes(bytes(from)?), count: count(from)? })
    }
}

/// And, or, exclusive or.
#[derive(Default, Clone)]
struct Bits<const HOW: u8>(Option<i64>);

impl<const HOW: u8> Tally for Bits<HOW> {
    type Columns<'a> = &'a Int64Array;
    type Out = i64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        I64::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.merge(Self(Some(columns.value(row))))?;
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => Some(match HOW {
                0 => a & b,
                1 => a | b,
                _ => a ^ b,
            }),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<i64>, SqlError> {
        Ok(self.0)
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.push(u8::from(self.0.is_some()));
        to.extend(self.0.unwrap_or(0).to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        let [is_some] = bytes(from)?;
        let value = i64::from_le_bytes(bytes(from)?);
        Some(Self((is_some == 1).then_some(value)))
    }
}

/// The mean of logarithms.
#[derive(Default, Clone)]
struct Geometric(SumDouble<true>);

impl Tally for Geometric {
    type Columns<'a> = &'a Float64Array;
    type Out = f64;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        F64::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.0.sum += columns.value(row).ln();
            self.0.count += 1;
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0.merge(other.0)
    }

    fn answer(&self, of: &Types) -> Result<Option<f64>, SqlError> {
        Ok(self.0.answer(of)?.map(f64::exp))
    }

    fn save(&self, to: &mut Vec<u8>) {
        self.0.save(to);
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        SumDouble::load(from).map(Self)
    }
}
