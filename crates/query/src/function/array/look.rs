//! Questions to arrays: what is in them, where, how much.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::arrays::take_some;
use super::super::kernel::{Call, Kernel};
use super::super::keys::{keys, keys_of};
use super::super::lists::{Lists, Maps};
use super::super::native::{I64, Reader, Text};
use super::super::{Registry, aggregate, fault, operator};

pub(super) fn register(to: &mut Registry) {
    to.add(
        "cardinality(array(T)) -> bigint",
        Kernel::total(|call| {
            let lists = Lists::new(input(call, 0)?)?;
            collect(call, |row| i64::try_from(lists.get(row)?.len()).ok())
        }),
    );
    to.add(
        "cardinality(map(K, V)) -> bigint",
        Kernel::total(|call| {
            let maps = Maps::new(input(call, 0)?)?;
            collect(call, |row| i64::try_from(maps.get(row)?.len()).ok())
        }),
    );
    to.add("contains(array(C), C) -> boolean", Kernel::total(contains));
    to.add("array_position(array(C), C) -> bigint", Kernel::total(|call| position(call, None)));
    to.add(
        "array_position(array(C), C, bigint) -> bigint",
        Kernel::partial(|call| {
            let instance = Reader::<I64>::new(input(call, 2)?)?;
            position(call, Some(&instance))
        }),
    );
    to.add("contains_sequence(array(C), array(C)) -> boolean", Kernel::total(contains_sequence));
    to.add("array_max(array(O)) -> O", Kernel::total(|call| extreme(call, true)));
    to.add("array_min(array(O)) -> O", Kernel::total(|call| extreme(call, false)));
    to.add("array_first(array(T)) -> T", Kernel::total(|call| end(call, true)));
    to.add("array_last(array(T)) -> T", Kernel::total(|call| end(call, false)));
    to.add("array_join(array(T), varchar) -> varchar", Kernel::partial(|call| join(call, false)));
    to.add("array_join(array(T), varchar, varchar) -> varchar", Kernel::partial(|call| join(call, true)));
    to.add(
        "array_histogram(array(C)) -> map(C, bigint)",
        Kernel::total(|call| {
            let lists = Lists::new(input(call, 0)?)?;
            let ranges: Vec<_> = (0..call.rows).map(|row| lists.get(row)).collect();
            aggregate::histograms(lists.values(), &ranges, call.shape)
        }),
    );
    to.add("array_sum(array(double)) -> double", Kernel::total(|call| numbers(call, |all| all.iter().sum())));
    to.add(
        "array_average(array(double)) -> double",
        Kernel::total(|call| numbers(call, |all| all.iter().sum::<f64>() / all.len() as f64)),
    );
}

/// True if it is there; else NULL if a NULL is there.
fn contains(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (lists, wanted) = (Lists::new(input(call, 0)?)?, input(call, 1)?);
    collect(call, |row| {
        let range = lists.get(row)?;
        if wanted.is_null(row) {
            return None;
        }
        let mut answer = Some(false);
        for index in range {
            match operator::equal_rows(lists.values(), index, wanted.array(), wanted.at(row)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    })
}

/// Where the n-th occurrence is, counted from 1; 0 if nowhere.
fn position(call: &Call<'_>, instance: Option<&Reader<'_, I64>>) -> Result<ArrayRef, SqlError> {
    let (lists, wanted) = (Lists::new(input(call, 0)?)?, input(call, 1)?);
    let keys = keys(&[lists.values(), wanted.array()])?;
    collect(call, |row| {
        let range = lists.get(row)?;
        if wanted.is_null(row) {
            return None;
        }
        let nth = match instance {
            Some(instance) => instance.get(row)?,
            None => 1,
        };
        if nth == 0 {
            return Some(Err(fault::argument("array_position cannot take a 0-valued instance argument.")));
        }
        let key = keys[1].row(wanted.at(row));
        let begin = range.start;
        let skipped = usize::try_from(nth.unsigned_abs() - 1).unwrap_or(usize::MAX);
        let matches = |index: &usize| keys[0].row(*index) == key;
        let found = if nth > 0 { range.filter(matches).nth(skipped) } else { range.rev().filter(matches).nth(skipped) };
        Some(Ok(found.map_or(0, |index| i64::try_from(index - begin + 1).unwrap_or(0))))
    })
}

fn contains_sequence(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (lists, wanted) = (Lists::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let keys = keys(&[lists.values(), wanted.values()])?;
    collect(call, |row| {
        let (range, wanted) = (lists.get(row)?, wanted.get(row)?);
        let count = wanted.len();
        let mut begins = range.start..(range.end + 1).saturating_sub(count).max(range.start);
        Some(
            count <= range.len()
                && begins.any(|begin| {
                    wanted.clone().enumerate().all(|(offset, index)| keys[0].row(begin + offset) == keys[1].row(index))
                }),
        )
    })
}

/// The greatest or least item; NULL if one is NULL.
fn extreme(call: &Call<'_>, is_max: bool) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let keys = keys_of(lists.values())?;
    let place = |row: usize| {
        let range = lists.get(row)?;
        if range.clone().any(|index| lists.values().is_null(index)) {
            return None;
        }
        let order = |a: &usize, b: &usize| keys.row(*a).cmp(&keys.row(*b));
        if is_max { range.max_by(order) } else { range.min_by(order) }
    };
    take_some(lists.values(), &(0..call.rows).map(place).collect::<Vec<_>>())
}

fn end(call: &Call<'_>, is_first: bool) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let place = |row: usize| {
        let mut range = lists.get(row)?;
        if is_first { range.next() } else { range.next_back() }
    };
    take_some(lists.values(), &(0..call.rows).map(place).collect::<Vec<_>>())
}

/// Items as texts with something between them; NULLs left out, or replaced.
fn join(call: &Call<'_>, has_replacement: bool) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let item = match call.parameters.first() {
        Some(opentrail_trino::Type::Array(item)) => (**item).clone(),
        _ => opentrail_trino::Type::Unknown,
    };
    let texts = super::super::cast::column(lists.values(), &item, &opentrail_trino::Type::VARCHAR)?;
    let texts = texts.as_string::<i32>();
    let between = Reader::<Text>::new(input(call, 1)?)?;
    let replacement = if has_replacement { Some(Reader::<Text>::new(input(call, 2)?)?) } else { None };
    collect(call, |row| {
        let (range, between) = (lists.get(row)?, between.get(row)?);
        let replacement = match &replacement {
            Some(replacement) => Some(replacement.get(row)?),
            None => None,
        };
        let items: Vec<&str> = range
            .filter_map(|index| if texts.is_valid(index) { Some(texts.value(index)) } else { replacement })
            .collect();
        Some(items.join(between))
    })
}

fn numbers(call: &Call<'_>, answer: fn(&[f64]) -> f64) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let values = lists.values().as_primitive::<Float64Type>();
    collect(call, |row| {
        let range = lists.get(row)?;
        let all: Option<Vec<f64>> = range.map(|index| values.is_valid(index).then(|| values.value(index))).collect();
        all.map(|all| answer(&all))
    })
}
