//! Aggregates that make maps.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::arrays::take_some;
use super::super::keys::keys_of;
use super::super::lists::{self, list};
use super::gather::{Gathered, Gathering};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("map_agg(K, V) -> map(K, V)", Gathering::new(|rows, types| map_agg(rows, &types.shape())));
    to.add_aggregate(
        "multimap_agg(K, V) -> map(K, array(V))",
        Gathering::new(|rows, types| multimap_agg(rows, &types.shape())),
    );
    to.add_aggregate("histogram(K) -> map(K, bigint)", Gathering::new(|rows, types| histogram(rows, &types.shape())));
    to.add_aggregate(
        "map_union(map(K, V)) -> map(K, V)",
        Gathering::new(|rows, types| map_union(rows, &types.shape())),
    );
}

/// How often each item occurs in each array of a column, as `histogram` counts rows.
pub(in super::super) fn histograms(
    items: &ArrayRef,
    ranges: &[Option<std::ops::Range<usize>>],
    shape: &DataType,
) -> Result<ArrayRef, SqlError> {
    let groups: Vec<_> = ranges.iter().map(|range| range.clone().unwrap_or(0..0)).collect();
    let groups = by_key(items, &groups)?;
    let lengths = groups.iter().map(Vec::len).collect();
    counted(items, &groups, lengths, ranges.iter().map(Option::is_some).collect(), shape)
}

/// The rows of each group by key, keys in the order of their first row; rows without key left out.
fn by_key(keys: &ArrayRef, groups: &[std::ops::Range<usize>]) -> Result<Vec<Vec<Vec<usize>>>, SqlError> {
    let bytes = keys_of(keys)?;
    let groups = groups.iter().map(|range| {
        let mut places: HashMap<&[u8], usize> = HashMap::new();
        let mut rows: Vec<Vec<usize>> = Vec::new();
        for row in range.clone().filter(|row| keys.is_valid(*row)) {
            let place = *places.entry(bytes.row(row).data()).or_insert_with(|| {
                rows.push(Vec::new());
                rows.len() - 1
            });
            rows[place].push(row);
        }
        rows
    });
    Ok(groups.collect())
}

fn firsts(groups: &[Vec<Vec<usize>>]) -> Vec<Option<usize>> {
    groups.iter().flatten().map(|rows| rows.first().copied()).collect()
}

fn sizes(groups: &[Vec<Vec<usize>>]) -> (Vec<usize>, Vec<bool>) {
    groups.iter().map(|keys| (keys.len(), !keys.is_empty())).unzip()
}

fn map_agg(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let groups = by_key(&rows.columns[0], &rows.groups)?;
    let places = firsts(&groups);
    let (lengths, valid) = sizes(&groups);
    lists::map(&take_some(&rows.columns[0], &places)?, &take_some(&rows.columns[1], &places)?, lengths, valid, shape)
}

fn multimap_agg(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let groups = by_key(&rows.columns[0], &rows.groups)?;
    let (lengths, valid) = sizes(&groups);
    let places: Vec<Option<usize>> = groups.iter().flatten().flatten().map(|row| Some(*row)).collect();
    let counts: Vec<usize> = groups.iter().flatten().map(Vec::len).collect();
    let all = vec![true; counts.len()];
    let DataType::Map(entries, _) = shape else { return Err(super::super::fault::internal("a map was promised")) };
    let DataType::Struct(fields) = entries.data_type() else {
        return Err(super::super::fault::internal("a map type without entries"));
    };
    let values = list(take_some(&rows.columns[1], &places)?, counts, all, fields[1].data_type())?;
    lists::map(&take_some(&rows.columns[0], &firsts(&groups))?, &values, lengths, valid, shape)
}

fn histogram(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let groups = by_key(&rows.columns[0], &rows.groups)?;
    let (lengths, valid) = sizes(&groups);
    counted(&rows.columns[0], &groups, lengths, valid, shape)
}

fn counted(
    keys: &ArrayRef,
    groups: &[Vec<Vec<usize>>],
    lengths: Vec<usize>,
    valid: Vec<bool>,
    shape: &DataType,
) -> Result<ArrayRef, SqlError> {
    let counts: Int64Array = groups.iter().flatten().map(|rows| i64::try_from(rows.len()).ok()).collect();
    let counts: ArrayRef = Arc::new(counts);
    lists::map(&take_some(keys, &firsts(groups))?, &counts, lengths, valid, shape)
}

fn map_union(rows: &Gathered, shape: &DataType) -> Result<ArrayRef, SqlError> {
    let maps = rows.columns[0].as_map();
    let mut items = Vec::new();
    let mut groups = Vec::new();
    let mut has_map = Vec::new();
    for range in &rows.groups {
        let begin = items.len();
        has_map.push(range.clone().any(|row| maps.is_valid(row)));
        for row in range.clone().filter(|row| maps.is_valid(*row)) {
            items.extend(lists::range(maps.offsets(), row).map(Some));
        }
        groups.push(begin..items.len());
    }
    let (keys, values) = (take_some(maps.keys(), &items)?, take_some(maps.values(), &items)?);
    let groups = by_key(&keys, &groups)?;
    let places = firsts(&groups);
    let lengths = groups.iter().map(Vec::len).collect();
    lists::map(&take_some(&keys, &places)?, &take_some(&values, &places)?, lengths, has_map, shape)
}
