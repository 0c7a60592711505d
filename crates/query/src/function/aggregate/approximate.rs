//! Aggregates whose answers may be near the truth.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_schema::DataType;
use datafusion::arrow::row::Rows as Keys;
use opentrail_trino::SqlError;
use xxhash_rust::xxh3::xxh3_64;

use super::super::arrays::take_some;
use super::super::keys::keys_of;
use super::super::lists::{self, Builder};
use super::super::native::{F64, I64, Native};
use super::super::{Registry, fault};
use super::gather::{Gathered, Gathering};
use super::tally::{Tallied, Tally, bytes, count};
use super::{Types, first};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("approx_distinct(C) -> bigint", Tallied::<Distinct>::new());
    to.add_aggregate("approx_distinct(C, double) -> bigint", Tallied::<Distinct>::new());
    to.add_aggregate("checksum(C) -> varbinary", Tallied::<Checksum>::new());
    for signature in [
        "approx_percentile(bigint, double) -> bigint",
        "approx_percentile(double, double) -> double",
        "approx_percentile(real, double) -> real",
        "approx_percentile(bigint, array(double)) -> array(bigint)",
        "approx_percentile(double, array(double)) -> array(double)",
        "approx_percentile(real, array(double)) -> array(real)",
    ] {
        to.add_aggregate(signature, Gathering::new(|rows, types| percentile(rows, &types.shape(), false)));
    }
    for signature in [
        "approx_percentile(bigint, double, double) -> bigint",
        "approx_percentile(double, double, double) -> double",
        "approx_percentile(real, double, double) -> real",
        "approx_percentile(bigint, double, array(double)) -> array(bigint)",
        "approx_percentile(double, double, array(double)) -> array(double)",
        "approx_percentile(real, double, array(double)) -> array(real)",
    ] {
        to.add_aggregate(signature, Gathering::new(|rows, types| percentile(rows, &types.shape(), true)));
    }
    for signature in [
        "numeric_histogram(bigint, double) -> map(double, double)",
        "numeric_histogram(bigint, double, double) -> map(double, double)",
    ] {
        to.add_aggregate(signature, Gathering::new(|rows, types| super::buckets::histogram(rows, &types.shape())));
    }
    to.add_aggregate(
        "approx_most_frequent(bigint, K, bigint) -> map(K, bigint)",
        Gathering::new(|rows, types| most_frequent(rows, &types.shape())),
    );
}

/// Hashes are kept up to this many; then registers are.
const EXACT_MAX: usize = 4_096;
/// The number of registers is 2 to this power; the standard error is 0.8 %.
const REGISTER_BITS: u32 = 14;

/// Different values, counted exactly while few.
#[derive(Clone)]
enum Distinct {
    Few(BTreeSet<u64>),
    Many(Vec<u8>),
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Few(BTreeSet::new())
    }
}

impl Distinct {
    fn note(&mut self, hash: u64) {
        match self {
            Self::Few(hashes) => {
                hashes.insert(hash);
                if hashes.len() > EXACT_MAX {
                    let hashes = std::mem::take(hashes);
                    *self = Self::Many(vec![0; 1 << REGISTER_BITS]);
                    hashes.into_iter().for_each(|hash| self.note(hash));
                }
            }
            Self::Many(registers) => {
                let index = usize::try_from(hash >> (64 - REGISTER_BITS)).unwrap_or(0);
                let rank = (hash << REGISTER_BITS | 1 << (REGISTER_BITS - 1)).leading_zeros() + 1;
                let register = &mut registers[index];
                *register = (*register).max(u8::try_from(rank).unwrap_or(u8::MAX));
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an estimate is rounded to a count")]
fn estimate(registers: &[u8]) -> i64 {
    let m = registers.len() as f64;
    let sum: f64 = registers.iter().map(|register| 0.5_f64.powi(i32::from(*register))).sum();
    let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
    let empty = registers.iter().filter(|register| **register == 0).count();
    if raw <= 2.5 * m && empty > 0 { (m * (m / empty as f64).ln()).round() as i64 } else { raw.round() as i64 }
}

impl Tally for Distinct {
    type Columns<'a> = (Keys, &'a ArrayRef);
    type Out = i64;
    const IS_NEVER_NULL: bool = true;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        let column = first(columns)?;
        Ok((keys_of(column)?, column))
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.1.is_valid(row) {
            self.note(xxh3_64(columns.0.row(row).data()));
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        match other {
            Self::Few(hashes) => hashes.into_iter().for_each(|hash| self.note(hash)),
            Self::Many(theirs) => match self {
                Self::Many(own) => own.iter_mut().zip(theirs).for_each(|(own, theirs)| *own = (*own).max(theirs)),
                Self::Few(hashes) => {
                    let hashes = std::mem::take(hashes);
                    *self = Self::Many(theirs);
                    hashes.into_iter().for_each(|hash| self.note(hash));
                }
            },
        }
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<i64>, SqlError> {
        Ok(Some(match self {
            Self::Few(hashes) => i64::try_from(hashes.len()).unwrap_or(i64::MAX),
            Self::Many(registers) => estimate(registers),
        }))
    }

    fn save(&self, to: &mut Vec<u8>) {
        match self {
            Self::Few(hashes) => {
                to.push(0);
                to.extend((hashes.len() as u64).to_le_bytes());
                hashes.iter().for_each(|hash| to.extend(hash.to_le_bytes()));
            }
            Self::Many(registers) => {
                to.push(1);
                to.extend(registers);
            }
        }
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        let [kind] = bytes(from)?;
        if kind == 1 {
            return (from.len() == 1 << REGISTER_BITS).then(|| Self::Many(from.to_vec()));
        }
        let hashes = (0..count(from)?).map(|_| count(from));
        hashes.collect::<Option<BTreeSet<u64>>>().map(Self::Few)
    }

    fn heap(&self) -> usize {
        match self {
            Self::Few(hashes) => hashes.len() * 16,
            Self::Many(registers) => registers.len(),
        }
    }
}

/// A sum of hashes, which no order of rows changes.
#[derive(Default, Clone)]
struct Checksum(Option<u64>);

/// What a NULL adds.
const NULL_HASH: u64 = 0x9e37_79b9_7f4a_7c15;

impl Tally for Checksum {
    type Columns<'a> = (Keys, &'a ArrayRef);
    type Out = Vec<u8>;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        Distinct::columns(columns)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        let hash = if columns.1.is_valid(row) { xxh3_64(columns.0.row(row).data()) } else { NULL_HASH };
        self.merge(Self(Some(hash)))
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => Some(a.wrapping_add(b)),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<Vec<u8>>, SqlError> {
        Ok(self.0.map(|sum| sum.to_le_bytes().to_vec()))
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.push(u8::from(self.0.is_some()));
        to.extend(self.0.unwrap_or(0).to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        let [is_some] = bytes(from)?;
        let sum = count(from)?;
        Some(Self((is_some == 1).then_some(sum)))
    }
}

/// The least values that at least such a part of all (by weight) does not exceed.
fn percentile(rows: &Gathered, shape: &DataType, has_weights: bool) -> Result<ArrayRef, SqlError> {
    let values = &rows.columns[0];
    let weights = if has_weights { Some(F64::column(&rows.columns[1])?) } else { None };
    let wanted = &rows.columns[if has_weights { 2 } else { 1 }];
    let is_list = matches!(shape, DataType::List(_));
    let keys = keys_of(values)?;
    let mut builder = Builder::default();
    let mut places = Vec::with_capacity(rows.groups.len());
    for range in &rows.groups {
        let parts = range.clone().find(|row| wanted.is_valid(*row)).map(|row| parts(wanted, row)).transpose()?;
        let weight =
            |row: usize| weights.map_or(1.0, |weights| if weights.is_valid(row) { weights.value(row) } else { 0.0 });
        let mut order: Vec<usize> = range.clone().filter(|row| values.is_valid(*row) && weight(*row) > 0.0).collect();
        order.sort_unstable_by(|a, b| keys.row(*a).cmp(&keys.row(*b)));
        let Some(parts) = parts.filter(|_| !order.is_empty()) else {
            builder.end_null();
            places.push(None);
            continue;
        };
        let found: Vec<usize> = parts.iter().filter_map(|part| at_part(&order, *part, weight)).collect();
        places.push(found.first().copied());
        builder.items(0, found);
        builder.end();
    }
    if is_list { builder.finish(&[values], shape) } else { take_some(values, &places) }
}

fn parts(wanted: &ArrayRef, row: usize) -> Result<Vec<f64>, SqlError> {
    let parts: Vec<f64> = match wanted.as_list_opt::<i32>() {
        Some(list) => {
            let items = list.value(row);
            items.as_primitive_opt::<Float64Type>().map(|items| items.values().to_vec()).unwrap_or_default()
        }
        None => vec![F64::column(wanted)?.value(row)],
    };
    if parts.iter().any(|part| !(0.0..=1.0).contains(part)) {
        return Err(fault::argument("percentile must be between 0 and 1"));
    }
    Ok(parts)
}

fn at_part(order: &[usize], part: f64, weight: impl Fn(usize) -> f64) -> Option<usize> {
    let total: f64 = order.iter().map(|row| weight(*row)).sum();
    let mut passed = 0.0;
    order
        .iter()
        .copied()
        .find(|row| {
            passed += weight(*row);
            passed >= part * total
        })
        .or_else(|| order.last().copied())
}

/// The most frequent values with their counts.
fn most_frequent(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let (buckets, values) = (I64::column(&rows.columns[0])?, &rows.columns[1]);
    let keys = keys_of(values)?;
    let (mut places, mut counts, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for range in &rows.groups {
        let wanted = range.clone().find(|row| buckets.is_valid(*row)).map_or(0, |row| buckets.value(row));
        let mut seen: HashMap<&[u8], (i64, usize)> = HashMap::new();
        for row in range.clone().filter(|row| values.is_valid(*row)) {
            seen.entry(keys.row(row).data()).or_insert((0, row)).0 += 1;
        }
        let mut best: Vec<(i64, usize)> = seen.into_values().collect();
        best.sort_by_key(|(count, row)| (std::cmp::Reverse(*count), *row));
        best.truncate(usize::try_from(wanted).unwrap_or(0));
        lengths.push(best.len());
        places.extend(best.iter().map(|(_, row)| Some(*row)));
        counts.extend(best.iter().map(|(count, _)| *count));
    }
    let valid = lengths.iter().map(|length| *length > 0).collect();
    let counts: ArrayRef = Arc::new(Int64Array::from(counts));
    lists::map(&take_some(values, &places)?, &counts, lengths, valid, shape)
}
