//! Of arrays and maps of numbers: vectors, `width_bucket` with bins.

use arrow_array::{Array, Float64Array};
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::lists::{Lists, Maps};
use super::super::native::{F64, Native, Reader, Text};
use super::super::{Registry, fault};

/// An answer that is made of sums.
type OfSums = fn(&Sums) -> f64;

pub(super) fn register(to: &mut Registry) {
    to.add("width_bucket(double, array(double)) -> bigint", Kernel::partial(bins));
    to.add("cosine_similarity(map(varchar, double), map(varchar, double)) -> double", of_maps(|similarity| similarity));
    to.add(
        "cosine_distance(map(varchar, double), map(varchar, double)) -> double",
        of_maps(|similarity| 1.0 - similarity),
    );
    let vectors: [(&str, OfSums); 4] = [
        ("cosine_similarity(array(double), array(double)) -> double", Sums::similarity),
        ("cosine_distance(array(double), array(double)) -> double", |sums| 1.0 - sums.similarity()),
        ("dot_product(array(double), array(double)) -> double", |sums| sums.dot),
        ("euclidean_distance(array(double), array(double)) -> double", |sums| sums.distance.sqrt()),
    ];
    for (signature, answer) in vectors {
        to.add(signature, of_vectors(answer));
    }
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

/// The similarity of two maps of weights, or what is left of it to 1.
fn of_maps(answer: fn(f64) -> f64) -> Kernel {
    Kernel::total(move |call| {
        let (a, b) = (Maps::new(input(call, 0)?)?, Maps::new(input(call, 1)?)?);
        let (names_a, names_b) = (Text::column(a.keys())?, Text::column(b.keys())?);
        let (values_a, values_b) = (F64::column(a.values())?, F64::column(b.values())?);
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
            Some(answer(dot / (norm_a.sqrt() * norm_b.sqrt())))
        })
    })
}

/// NULL counts as 0.
fn value(values: &Float64Array, index: usize) -> f64 {
    if values.is_valid(index) { values.value(index) } else { 0.0 }
}

/// Sums over two vectors of one length.
#[derive(Default)]
struct Sums {
    dot: f64,
    square_a: f64,
    square_b: f64,
    distance: f64,
}

impl Sums {
    fn similarity(&self) -> f64 {
        self.dot / (self.square_a.sqrt() * self.square_b.sqrt())
    }
}

/// A function of two vectors; NULL if one has a NULL in it.
fn of_vectors(answer: OfSums) -> Kernel {
    Kernel::partial(move |call| {
        let (a, b) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
        let (values_a, values_b) = (F64::column(a.values())?, F64::column(b.values())?);
        collect(call, |row| {
            let (x, y) = (a.get(row)?, b.get(row)?);
            if x.len() != y.len() {
                return Some(Err(fault::argument("The arguments must have the same length")));
            }
            let mut sums = Sums::default();
            for (x, y) in x.zip(y) {
                let (a, b) = (F64::get(&values_a, x)?, F64::get(&values_b, y)?);
                sums.dot += a * b;
                sums.square_a += a * a;
                sums.square_b += b * b;
                sums.distance += (a - b).powi(2);
            }
            Some(Ok(answer(&sums)))
        })
    })
}
