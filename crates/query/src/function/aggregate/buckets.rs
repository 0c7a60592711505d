//! `numeric_histogram`: numbers in so many buckets, by Ben-Haim and Tom-Tov's "A streaming parallel decision tree algorithm".

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::super::native::{F64, I64, Native};
use super::super::{fault, lists};
use super::gather::Gathered;

/// A number that stands for those near it, and how many they are.
#[derive(Clone, Copy)]
struct Bucket {
    center: f64,
    weight: f64,
}

/// Columns: the number of buckets, the numbers, maybe their weights.
pub(super) fn histogram(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let (counts, numbers) = (I64::column(&rows.columns[0])?, F64::column(&rows.columns[1])?);
    let weights = rows.columns.get(2).map(F64::column).transpose()?;
    let (mut centers, mut sums, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for range in &rows.groups {
        let wanted = range.clone().find_map(|row| I64::get(&counts, row)).unwrap_or(2);
        let wanted = usize::try_from(wanted).ok().filter(|wanted| *wanted >= 2);
        let wanted =
            wanted.ok_or_else(|| fault::argument("numeric_histogram bucket count must be greater than one"))?;
        let bucket = |row: usize| {
            let weight = match &weights {
                Some(weights) => F64::get(weights, row)?,
                None => 1.0,
            };
            Some(Bucket { center: F64::get(&numbers, row)?, weight })
        };
        let buckets = merged(range.clone().filter_map(bucket).collect(), wanted);
        valid.push(!buckets.is_empty());
        lengths.push(buckets.len());
        centers.extend(buckets.iter().map(|bucket| bucket.center));
        sums.extend(buckets.iter().map(|bucket| bucket.weight));
    }
    let (centers, sums) = (Float64Array::from(centers), Float64Array::from(sums));
    lists::map(&(Arc::new(centers) as ArrayRef), &(Arc::new(sums) as ArrayRef), lengths, valid, shape)
}

/// Equal numbers are one bucket; then the two nearest become one until so many are left.
fn merged(mut buckets: Vec<Bucket>, wanted: usize) -> Vec<Bucket> {
    buckets.sort_by(|a, b| a.center.total_cmp(&b.center));
    buckets.dedup_by(|later, earlier| {
        let is_same = later.center == earlier.center;
        earlier.weight += if is_same { later.weight } else { 0.0 };
        is_same
    });
    while buckets.len() > wanted {
        let distance = |index: &usize| buckets[index + 1].center - buckets[*index].center;
        let nearest = (0..buckets.len() - 1).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
        let (a, b) = (buckets[nearest], buckets.remove(nearest + 1));
        let weight = a.weight + b.weight;
        buckets[nearest] = Bucket { center: (a.center * a.weight + b.center * b.weight) / weight, weight };
    }
    buckets
}
