//! Of arrays and maps of numbers: `cosine_similarity`, `width_bucket` with bins.

use arrow_array::{Array, Float64Array};
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::lists::{Lists, Maps};
use super::super::native::{F64, Native, Reader, Text};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("width_bucket(double, array(double)) -> bigint", Kernel::partial(bins));
    to.add("cosine_similarity(map(varchar, double), map(varchar, double)) -> double", Kernel::total(similarity));
}

fn bins(call: &Call<'_>) -> Result<arrow_array::ArrayRef, SqlError> {
    let (value, bins) = (Reader::<F64>::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let borders: &Float64Array = F64::column(bins.values())?;
    collect(call, |row| {
        let (value, range) = (value.get(row)?, bins.get(row)?);
        if range.is_empty() || value.is_nan() {
            return Some(Err(fault::argument("Bins cannot be an empty array, and the operand must not be NaN")));
        }
        let below = range.filter(|index| borders.is_valid(*index) && borders.value(*index) <= value).count();
        Some(i64::try_from(below).map_err(fault::internal))
    })
}

fn similarity(call: &Call<'_>) -> Result<arrow_array::ArrayRef, SqlError> {
    let (a, b) = (Maps::new(input(call, 0)?)?, Maps::new(input(call, 1)?)?);
    let (names_a, names_b) = (Text::column(a.keys())?, Text::column(b.keys())?);
    let (values_a, values_b) = (F64::column(a.values())?, F64::column(b.values())?);
    let value = |values: &Float64Array, index: usize| if values.is_valid(index) { values.value(index) } else { 0.0 };
    collect(call, |row| {
        let (x, y) = (a.get(row)?, b.get(row)?);
        let norm_a: f64 = x.clone().map(|index| value(values_a, index).powi(2)).sum();
        let norm_b: f64 = y.clone().map(|index| value(values_b, index).powi(2)).sum();
        let dot: f64 = x
            .map(|index| {
                let same = y.clone().find(|other| names_b.value(*other) == names_a.value(index));
                same.map_or(0.0, |other| value(values_a, index) * value(values_b, other))
            })
            .sum();
        Some(dot / (norm_a.sqrt() * norm_b.sqrt()))
    })
}
