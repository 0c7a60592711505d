//! Arrays as sets: NULL equals NULL here.

use std::collections::HashSet;

use arrow_array::{Array, ArrayRef};
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys;
use super::super::lists::{Builder, Lists};

pub(super) fn register(to: &mut Registry) {
    to.add("array_distinct(array(C)) -> array(C)", Kernel::total(distinct));
    to.add("array_union(array(C), array(C)) -> array(C)", Kernel::total(union));
    to.add("array_intersect(array(C), array(C)) -> array(C)", Kernel::total(|call| filtered(call, true)));
    to.add("array_except(array(C), array(C)) -> array(C)", Kernel::total(|call| filtered(call, false)));
    to.add("arrays_overlap(array(C), array(C)) -> boolean", Kernel::total(overlap));
}

fn distinct(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let keys = keys(&[lists.values()])?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match lists.get(row) {
            Some(range) => {
                let mut seen = HashSet::new();
                builder.items(0, range.filter(|index| seen.insert(keys[0].row(*index).data())));
                builder.end();
            }
            None => builder.end_null(),
        }
    }
    builder.finish(&[lists.values()], call.shape)
}

fn union(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (a, b) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let keys = keys(&[a.values(), b.values()])?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match (a.get(row), b.get(row)) {
            (Some(first), Some(second)) => {
                let mut seen = HashSet::new();
                let first: Vec<usize> = first.filter(|index| seen.insert(keys[0].row(*index).data())).collect();
                builder.items(0, first);
                let second: Vec<usize> = second.filter(|index| seen.insert(keys[1].row(*index).data())).collect();
                builder.items(1, second);
                builder.end();
            }
            _ => builder.end_null(),
        }
    }
    builder.finish(&[a.values(), b.values()], call.shape)
}

/// Different items of the first array that are, or are not, in the second.
fn filtered(call: &Call<'_>, is_in: bool) -> Result<ArrayRef, SqlError> {
    let (a, b) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let keys = keys(&[a.values(), b.values()])?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match (a.get(row), b.get(row)) {
            (Some(first), Some(second)) => {
                let other: HashSet<&[u8]> = second.map(|index| keys[1].row(index).data()).collect();
                let mut seen = HashSet::new();
                builder.items(
                    0,
                    first.filter(|index| {
                        let key = keys[0].row(*index).data();
                        other.contains(key) == is_in && seen.insert(key)
                    }),
                );
                builder.end();
            }
            _ => builder.end_null(),
        }
    }
    builder.finish(&[a.values(), b.values()], call.shape)
}

/// Is an item in both? NULL if not, but a NULL is in one.
fn overlap(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (a, b) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let keys = keys(&[a.values(), b.values()])?;
    collect(call, |row| {
        let (first, second) = (a.get(row)?, b.get(row)?);
        let is_unclear = !first.is_empty()
            && !second.is_empty()
            && (first.clone().any(|index| a.values().is_null(index))
                || second.clone().any(|index| b.values().is_null(index)));
        let other: HashSet<&[u8]> =
            second.filter(|index| b.values().is_valid(*index)).map(|index| keys[1].row(index).data()).collect();
        let mut known = first.filter(|index| a.values().is_valid(*index));
        if known.any(|index| other.contains(keys[0].row(index).data())) {
            return Some(true);
        }
        (!is_unclear).then_some(false)
    })
}
