//! `array_sort`, with a comparator too.

use arrow_array::{Array, ArrayRef, UInt32Array};
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::arrays::take_some;
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys_of;
use super::super::lists::{Builder, Lists};
use super::super::native::{I64, Native};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("array_sort(array(O)) -> array(O)", Kernel::total(sort));
    to.add("array_sort(array(T), function(T, T, bigint)) -> array(T)", Kernel::partial(sort_by));
}

/// Least first, NULL last.
fn sort(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let keys = keys_of(lists.values())?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match lists.get(row) {
            Some(range) => {
                let mut order: Vec<usize> = range.collect();
                order.sort_by(|a, b| keys.row(*a).cmp(&keys.row(*b)));
                builder.items(0, order);
                builder.end();
            }
            None => builder.end_null(),
        }
    }
    builder.finish(&[lists.values()], call.shape)
}

/// Two sorted runs that become one.
struct Merge {
    left: std::vec::IntoIter<usize>,
    right: std::vec::IntoIter<usize>,
    heads: Option<(usize, usize)>,
    merged: Vec<usize>,
}

impl Merge {
    fn new(left: Vec<usize>, right: Vec<usize>) -> Self {
        let mut merge = Self { left: left.into_iter(), right: right.into_iter(), heads: None, merged: Vec::new() };
        let heads = (merge.left.next(), merge.right.next());
        merge.set(heads);
        merge
    }

    fn set(&mut self, heads: (Option<usize>, Option<usize>)) {
        self.heads = match heads {
            (Some(left), Some(right)) => Some((left, right)),
            (left, right) => {
                self.merged.extend(left.into_iter().chain(self.left.by_ref()));
                self.merged.extend(right.into_iter().chain(self.right.by_ref()));
                None
            }
        };
    }

    /// Takes the right head if it is less, else the left one.
    fn decide(&mut self, is_right_less: bool) {
        let Some((left, right)) = self.heads else { return };
        if is_right_less {
            self.merged.push(right);
            let next = self.right.next();
            self.set((Some(left), next));
        } else {
            self.merged.push(left);
            let next = self.left.next();
            self.set((next, Some(right)));
        }
    }
}

/// Merge sort of all rows in step, so that the comparator is evaluated for many pairs at once.
fn sort_by(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let mut runs: Vec<Vec<Vec<usize>>> = (0..call.rows)
        .map(|row| lists.get(row).map_or_else(Vec::new, |range| range.map(|index| vec![index]).collect()))
        .collect();
    while runs.iter().any(|runs| runs.len() > 1) {
        let mut merges: Vec<(usize, Merge)> = Vec::new();
        for (row, runs) in runs.iter_mut().enumerate() {
            let mut pairs = std::mem::take(runs).into_iter();
            while let Some(left) = pairs.next() {
                merges.push((row, Merge::new(left, pairs.next().unwrap_or_default())));
            }
        }
        while let Some(decisions) = compare(call, &lists, &merges)? {
            for (merge, is_right_less) in decisions {
                merges[merge].1.decide(is_right_less);
            }
        }
        merges.into_iter().for_each(|(row, merge)| runs[row].push(merge.merged));
    }
    let mut builder = Builder::default();
    for (row, runs) in runs.into_iter().enumerate() {
        if lists.get(row).is_none() {
            builder.end_null();
            continue;
        }
        builder.items(0, runs.into_iter().flatten());
        builder.end();
    }
    builder.finish(&[lists.values()], call.shape)
}

/// Which pending pairs are in the wrong order; `None` if none is pending.
fn compare(
    call: &Call<'_>,
    lists: &Lists<'_>,
    merges: &[(usize, Merge)],
) -> Result<Option<Vec<(usize, bool)>>, SqlError> {
    let pending: Vec<(usize, usize, usize, usize)> = merges
        .iter()
        .enumerate()
        .filter_map(|(merge, (row, state))| state.heads.map(|(left, right)| (merge, *row, left, right)))
        .collect();
    if pending.is_empty() {
        return Ok(None);
    }
    let [lambda] = call.lambdas else { return Err(fault::internal("`array_sort` lacks its lambda")) };
    let side = |pick: fn(&(usize, usize, usize, usize)) -> usize| {
        take_some(lists.values(), &pending.iter().map(|pair| Some(pick(pair))).collect::<Vec<_>>())
    };
    let rows: UInt32Array = pending.iter().map(|pair| u32::try_from(pair.1).ok()).collect();
    let answers = lambda.evaluate(call.inputs, &[side(|pair| pair.2)?, side(|pair| pair.3)?], &rows)?;
    let answers = I64::column(&answers)?;
    let decisions = pending.iter().enumerate().map(|(index, pair)| {
        if answers.is_null(index) || !(-1..=1).contains(&answers.value(index)) {
            return Err(fault::argument("Lambda comparator must return either -1, 0, or 1"));
        }
        Ok((pair.0, answers.value(index) > 0))
    });
    decisions.collect::<Result<_, _>>().map(Some)
}
