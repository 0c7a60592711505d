//! `reduce_agg`: an aggregate made of lambdas.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt32Array};
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::arrays::{interleave, take_some};
use super::Types;
use super::gather::{Gathered, Gathering};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("reduce_agg(T, S, function(S, T, S), function(S, S, S)) -> S", Gathering::new(reduce));
}

/// Step by step: the n-th value of every group at once.
fn reduce(rows: &Gathered, types: &Types) -> Result<ArrayRef, SqlError> {
    let [step, ..] = &*types.lambdas else { return Err(super::super::fault::internal("`reduce_agg` lacks a lambda")) };
    let (values, initial) = (&rows.columns[0], &rows.columns[1]);
    let groups: Vec<Vec<usize>> =
        rows.groups.iter().map(|range| range.clone().filter(|row| values.is_valid(*row)).collect()).collect();
    let firsts: Vec<Option<usize>> = groups.iter().map(|rows| rows.first().copied()).collect();
    let mut state = take_some(initial, &firsts)?;
    for depth in 0..groups.iter().map(Vec::len).max().unwrap_or(0) {
        let active: Vec<usize> = (0..groups.len()).filter(|group| groups[*group].len() > depth).collect();
        let states = take_some(&state, &active.iter().map(|group| Some(*group)).collect::<Vec<_>>())?;
        let items = active.iter().map(|group| Some(groups[*group][depth])).collect::<Vec<_>>();
        let zeros = UInt32Array::from(vec![0; active.len()]);
        let next = step.evaluate(&[], &[states, take_some(values, &items)?], &zeros)?;
        let mut places: Vec<Option<(usize, usize)>> = (0..groups.len()).map(|group| Some((0, group))).collect();
        active.iter().enumerate().for_each(|(index, group)| places[*group] = Some((1, index)));
        let next = super::super::arrays::conform(&next, state.data_type())?;
        state = interleave(&[&state, &next], &places)?;
    }
    Ok(Arc::clone(&state))
}
