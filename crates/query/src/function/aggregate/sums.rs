//! Sums and averages, and what else adds numbers up.

use arrow_array::{Array, ArrayRef, Int64Array};
use opentrail_trino::{DECIMAL_PRECISION_MAX, SqlError, Type};

use super::super::native::{F32, F64, I64, Native, Unscaled};
use super::super::output::Output;
use super::super::signature::Binding;
use super::super::{Registry, fault, operator};
use super::tally::{Tallied, Tally, bytes, count, double};
use super::{Types, first};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("sum(bigint) -> bigint", Tallied::<Summed<SumWhole>>::new());
    to.add_aggregate("sum(double) -> double", Tallied::<Summed<SumDouble>>::new());
    to.add_aggregate("sum(real) -> real", Tallied::<Summed<SumReal>>::new());
    to.add_aggregate_adjusted("sum(decimal) -> decimal", sum_type, Tallied::<Summed<SumDecimal>>::new());
    to.add_aggregate("avg(bigint) -> double", Tallied::<Summed<MeanWhole>>::new());
    to.add_aggregate("avg(double) -> double", Tallied::<Summed<MeanDouble>>::new());
    to.add_aggregate("avg(real) -> real", Tallied::<Summed<MeanReal>>::new());
    to.add_aggregate_adjusted("avg(decimal) -> decimal", operator::same_type, Tallied::<Summed<MeanDecimal>>::new());
    to.add_aggregate("bitwise_and_agg(bigint) -> bigint", Tallied::<Bits<0>>::new());
    to.add_aggregate("bitwise_or_agg(bigint) -> bigint", Tallied::<Bits<1>>::new());
    to.add_aggregate("bitwise_xor_agg(bigint) -> bigint", Tallied::<Bits<2>>::new());
    to.add_aggregate("geometric_mean(double) -> double", Tallied::<Summed<Geometric>>::new());
}

fn sum_type(binding: Binding) -> Option<Binding> {
    let returns = match binding.parameters.first()? {
        Type::Decimal { scale, .. } => Type::Decimal { precision: DECIMAL_PRECISION_MAX, scale: *scale },
        _ => return None,
    };
    Some(Binding { returns, ..binding })
}

/// How many values came, and what they add up to.
#[derive(Default, Clone)]
struct Total<S> {
    sum: S,
    count: u64,
}

/// What adds up.
trait Addend: Default + Clone + Send + Sync + 'static {
    fn plus(self, other: Self) -> Option<Self>;
    fn save(&self, to: &mut Vec<u8>);
    fn load(from: &mut &[u8]) -> Option<Self>;
}

impl Addend for f64 {
    fn plus(self, other: Self) -> Option<Self> {
        Some(self + other)
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        double(from)
    }
}

impl Addend for i128 {
    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        bytes(from).map(i128::from_le_bytes)
    }
}

/// What is made of a total.
trait Summing: Send + Sync + 'static {
    /// The argument's kind.
    type Of: Native;
    type Sum: Addend;
    type Out: Output;

    /// What a value adds.
    fn addend(value: <Self::Of as Native>::At<'_>) -> Self::Sum;
    /// The answer for at least one value.
    fn answer(total: &Total<Self::Sum>) -> Result<Self::Out, SqlError>;
}

/// A total on the way to its answer.
struct Summed<W: Summing>(Total<W::Sum>);

impl<W: Summing> Default for Summed<W> {
    fn default() -> Self {
        Self(Total::default())
    }
}

impl<W: Summing> Clone for Summed<W> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<W: Summing> Tally for Summed<W> {
    type Columns<'a> = <W::Of as Native>::Column<'a>;
    type Out = W::Out;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        W::Of::column(first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        W::Of::get(columns, row).map_or(Ok(()), |value| self.merge(Self(Total { sum: W::addend(value), count: 1 })))
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        let sum = std::mem::take(&mut self.0.sum).plus(other.0.sum);
        self.0.sum = sum.ok_or_else(|| fault::range("Decimal overflow"))?;
        self.0.count += other.0.count;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<W::Out>, SqlError> {
        (self.0.count > 0).then(|| W::answer(&self.0)).transpose()
    }

    fn save(&self, to: &mut Vec<u8>) {
        self.0.sum.save(to);
        to.extend(self.0.count.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        Some(Self(Total { sum: Addend::load(from)?, count: count(from)? }))
    }
}

macro_rules! summing {
    ($($(#[doc = $doc:literal])* $name:ident: $of:ty => $sum:ty => $out:ty, $answer:expr;)+) => {$(
        $(#[doc = $doc])*
        struct $name;

        impl Summing for $name {
            type Of = $of;
            type Sum = $sum;
            type Out = $out;

            fn addend(value: <$of as Native>::At<'_>) -> $sum {
                value.into()
            }

            fn answer(total: &Total<$sum>) -> Result<$out, SqlError> {
                $answer(total)
            }
        }
    )+};
}

summing! {
    /// A sum of whole numbers; it may leave 64 bits in between, not in the end.
    SumWhole: I64 => i128 => i64, |total: &Total<i128>| {
        i64::try_from(total.sum).map_err(|_| fault::range("bigint addition overflow"))
    };
    /// The average of whole numbers is a double.
    MeanWhole: I64 => i128 => f64, |total: &Total<i128>| Ok(total.sum as f64 / total.count as f64);
    SumDouble: F64 => f64 => f64, |total: &Total<f64>| Ok(total.sum);
    MeanDouble: F64 => f64 => f64, |total: &Total<f64>| Ok(mean(total));
    SumReal: F32 => f64 => f32, |total: &Total<f64>| Ok(real(total.sum));
    MeanReal: F32 => f64 => f32, |total: &Total<f64>| Ok(real(mean(total)));
    SumDecimal: Unscaled => i128 => i128, |total: &Total<i128>| {
        let fits = total.sum.unsigned_abs() < operator::ten(38).unsigned_abs();
        if fits { Ok(total.sum) } else { Err(fault::range("Decimal overflow")) }
    };
    /// Rounded half up.
    MeanDecimal: Unscaled => i128 => i128, |total: &Total<i128>| {
        let count = i128::from(total.count);
        let (quotient, rest) = (total.sum / count, total.sum % count);
        Ok(quotient + i128::from(rest.abs() * 2 >= count) * total.sum.signum())
    };
}

fn mean(total: &Total<f64>) -> f64 {
    total.sum / total.count as f64
}

#[allow(clippy::cast_possible_truncation, reason = "a real is a rounded double")]
fn real(double: f64) -> f32 {
    double as f32
}

/// The mean of logarithms.
struct Geometric;

impl Summing for Geometric {
    type Of = F64;
    type Sum = f64;
    type Out = f64;

    fn addend(value: f64) -> f64 {
        value.ln()
    }

    fn answer(total: &Total<f64>) -> Result<f64, SqlError> {
        Ok(mean(total).exp())
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
