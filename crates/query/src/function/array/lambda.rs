//! Functions of arrays that take lambdas, and `try`.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, UInt32Array, new_null_array};
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::arrays::{concat, conform, interleave, take_some};
use super::super::cast::is_mendable;
use super::super::kernel::{Call, Kernel};
use super::super::lambda::Lambda;
use super::super::lists::{Builder, Flat, Lists, list};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("transform(array(T), function(T, R)) -> array(R)", Kernel::total(transform));
    to.add("filter(array(T), function(T, boolean)) -> array(T)", Kernel::total(filter));
    to.add("any_match(array(T), function(T, boolean)) -> boolean", Kernel::total(|call| matches(call, Match::Any)));
    to.add("all_match(array(T), function(T, boolean)) -> boolean", Kernel::total(|call| matches(call, Match::All)));
    to.add("none_match(array(T), function(T, boolean)) -> boolean", Kernel::total(|call| matches(call, Match::None)));
    to.add("array_first(array(T), function(T, boolean)) -> T", Kernel::total(|call| first(call, true)));
    to.add("array_last(array(T), function(T, boolean)) -> T", Kernel::total(|call| first(call, false)));
    to.add("zip_with(array(T), array(U), function(T, U, R)) -> array(R)", Kernel::total(zip_with));
    to.add("reduce(array(T), S, function(S, T, S), function(S, R)) -> R", Kernel::total(reduce));
    to.add("try(function(T)) -> T", Kernel::total(attempt));
}

/// The lambda at a position.
pub(in super::super) fn lambda<'a>(call: &Call<'a>, index: usize) -> Result<&'a Lambda, SqlError> {
    call.lambdas.get(index).ok_or_else(|| fault::internal("a function lacks its lambda"))
}

fn transform(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| lists.get(row));
    let answers = lambda(call, 0)?.evaluate(call.inputs, &[flat.of(lists.values())?], &flat.rows())?;
    list(answers, flat.lengths, flat.valid, call.shape)
}

/// Truth for each item.
fn truths(call: &Call<'_>, lists: &Lists<'_>, flat: &Flat) -> Result<BooleanArray, SqlError> {
    let answers = lambda(call, 0)?.evaluate(call.inputs, &[flat.of(lists.values())?], &flat.rows())?;
    let truths = answers.as_boolean_opt().cloned();
    truths.ok_or_else(|| fault::internal("a lambda answered something else than truth"))
}

fn filter(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| lists.get(row));
    let truths = truths(call, &lists, &flat)?;
    let mut builder = Builder::default();
    for range in flat.ranges() {
        match range {
            Some(range) => {
                let kept = range.filter(|index| truths.is_valid(*index) && truths.value(*index));
                builder.items(0, kept.map(|index| flat.items[index]));
                builder.end();
            }
            None => builder.end_null(),
        }
    }
    builder.finish(&[lists.values()], call.shape)
}

#[derive(Clone, Copy, PartialEq)]
enum Match {
    Any,
    All,
    None,
}

/// NULL where NULLs leave it open.
fn matches(call: &Call<'_>, what: Match) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| lists.get(row));
    let truths = truths(call, &lists, &flat)?;
    // What decides at once, and the answer then.
    let (deciding, decided) = match what {
        Match::Any => (true, true),
        Match::All => (false, false),
        Match::None => (true, false),
    };
    let ranges: Vec<_> = flat.ranges().collect();
    collect(call, |row| {
        let range = ranges.get(row).cloned().flatten()?;
        if range.clone().any(|index| truths.is_valid(index) && truths.value(index) == deciding) {
            return Some(decided);
        }
        if range.clone().any(|index| truths.is_null(index)) { None } else { Some(!decided) }
    })
}

fn first(call: &Call<'_>, is_first: bool) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| lists.get(row));
    let truths = truths(call, &lists, &flat)?;
    let places: Vec<Option<usize>> = flat
        .ranges()
        .map(|range| {
            let mut found = range?.filter(|index| truths.is_valid(*index) && truths.value(*index));
            let found = if is_first { found.next() } else { found.next_back() };
            found.map(|index| flat.items[index])
        })
        .collect();
    take_some(lists.values(), &places)
}

/// The shorter array is filled with NULL.
fn zip_with(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (a, b) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let (mut left, mut right, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let (mut lengths, mut valid) = (Vec::new(), Vec::new());
    for row in 0..call.rows {
        let both = a.get(row).zip(b.get(row));
        valid.push(both.is_some());
        let (x, y) = both.unwrap_or((0..0, 0..0));
        let length = x.len().max(y.len());
        lengths.push(length);
        left.extend(x.map(Some).chain(std::iter::repeat(None)).take(length));
        right.extend(y.map(Some).chain(std::iter::repeat(None)).take(length));
        rows.extend(std::iter::repeat_n(u32::try_from(row).unwrap_or(u32::MAX), length));
    }
    let items = [take_some(a.values(), &left)?, take_some(b.values(), &right)?];
    let answers = lambda(call, 0)?.evaluate(call.inputs, &items, &UInt32Array::from(rows))?;
    list(answers, lengths, valid, call.shape)
}

/// Step by step: the n-th item of every array at once.
fn reduce(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let initial = input(call, 1)?;
    let shape = call.parameters.get(1).map(super::super::shape::data_type).unwrap_or(arrow_schema::DataType::Null);
    let mut state = conform(&initial.spread(call.rows)?, &shape)?;
    let ranges: Vec<_> = (0..call.rows).map(|row| lists.get(row)).collect();
    let longest = ranges.iter().flatten().map(ExactSizeIterator::len).max().unwrap_or(0);
    for depth in 0..longest {
        let active: Vec<(usize, usize)> = ranges
            .iter()
            .enumerate()
            .filter_map(|(row, range)| range.clone()?.nth(depth).map(|item| (row, item)))
            .collect();
        let states = take_some(&state, &active.iter().map(|(row, _)| Some(*row)).collect::<Vec<_>>())?;
        let items = take_some(lists.values(), &active.iter().map(|(_, item)| Some(*item)).collect::<Vec<_>>())?;
        let rows: UInt32Array = active.iter().map(|(row, _)| u32::try_from(*row).ok()).collect();
        let next = conform(&lambda(call, 0)?.evaluate(call.inputs, &[states, items], &rows)?, &shape)?;
        if active.len() == call.rows {
            state = next;
            continue;
        }
        let mut places: Vec<Option<(usize, usize)>> = (0..call.rows).map(|row| Some((0, row))).collect();
        active.iter().enumerate().for_each(|(index, (row, _))| places[*row] = Some((1, index)));
        state = interleave(&[&state, &next], &places)?;
    }
    let rows: UInt32Array = (0..call.rows).map(|row| u32::try_from(row).ok()).collect();
    let answers = lambda(call, 1)?.evaluate(call.inputs, &[state], &rows)?;
    let places: Vec<Option<usize>> =
        ranges.iter().enumerate().map(|(row, range)| range.as_ref().map(|_| row)).collect();
    take_some(&answers, &places)
}

/// NULL instead of what fails; rows are halved until each failing one is alone.
fn attempt(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let body = lambda(call, 0)?;
    halves(call, body, 0..call.rows)
}

fn halves(call: &Call<'_>, body: &Lambda, rows: std::ops::Range<usize>) -> Result<ArrayRef, SqlError> {
    let indices: UInt32Array = rows.clone().map(|row| u32::try_from(row).ok()).collect();
    match body.evaluate(call.inputs, &[], &indices) {
        Ok(answer) => conform(&answer, call.shape),
        Err(error) if !is_mendable(&error) => Err(error),
        Err(_) if rows.len() <= 1 => Ok(new_null_array(call.shape, rows.len())),
        Err(_) => {
            let middle = rows.start + rows.len() / 2;
            let first = halves(call, body, rows.start..middle)?;
            concat(&[first, halves(call, body, middle..rows.end)?])
        }
    }
}
