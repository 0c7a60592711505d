//! Functions of maps that take lambdas.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, UInt32Array};
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::arrays::{interleave, take_some};
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys;
use super::super::lambda::Lambda;
use super::super::lists::{self, Flat, Maps};
use super::super::{Registry, fault};
use super::make::check;

pub(super) fn register(to: &mut Registry) {
    to.add("map_filter(map(K, V), function(K, V, boolean)) -> map(K, V)", Kernel::total(filter));
    to.add(
        "transform_values(map(K, V), function(K, V, R)) -> map(K, R)",
        Kernel::total(|call| {
            let maps = Maps::new(input(call, 0)?)?;
            let flat = Flat::new(call.rows, |row| maps.get(row));
            let values = over(call, &maps, &flat)?;
            lists::map(&flat.of(maps.keys())?, &values, flat.lengths, flat.valid, call.shape)
        }),
    );
    to.add(
        "transform_keys(map(K, V), function(K, V, C)) -> map(C, V)",
        Kernel::partial(|call| {
            let maps = Maps::new(input(call, 0)?)?;
            let flat = Flat::new(call.rows, |row| maps.get(row));
            let keys = over(call, &maps, &flat)?;
            check(&keys, &flat.lengths)?;
            lists::map(&keys, &flat.of(maps.values())?, flat.lengths, flat.valid, call.shape)
        }),
    );
    to.add("map_zip_with(map(K, T), map(K, U), function(K, T, U, R)) -> map(K, R)", Kernel::total(zip));
}

fn lambda<'a>(call: &Call<'a>) -> Result<&'a Lambda, SqlError> {
    call.lambdas.first().ok_or_else(|| fault::internal("a function lacks its lambda"))
}

/// The lambda's answers for all entries.
fn over(call: &Call<'_>, maps: &Maps<'_>, flat: &Flat) -> Result<ArrayRef, SqlError> {
    lambda(call)?.evaluate(call.inputs, &[flat.of(maps.keys())?, flat.of(maps.values())?], &flat.rows())
}

fn filter(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let maps = Maps::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| maps.get(row));
    let answers = over(call, &maps, &flat)?;
    let truths = answers.as_boolean_opt().ok_or_else(|| fault::internal("a lambda answered no truth"))?;
    let (mut places, mut lengths) = (Vec::new(), Vec::new());
    for range in flat.ranges() {
        let begin = places.len();
        let kept = range.into_iter().flatten().filter(|index| truths.is_valid(*index) && truths.value(*index));
        places.extend(kept.map(|index| Some(flat.items[index])));
        lengths.push(places.len() - begin);
    }
    lists::map(&take_some(maps.keys(), &places)?, &take_some(maps.values(), &places)?, lengths, flat.valid, call.shape)
}

/// Over the keys of both maps; a value that is missing is NULL.
fn zip(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (a, b) = (Maps::new(input(call, 0)?)?, Maps::new(input(call, 1)?)?);
    let bytes = keys(&[a.keys(), b.keys()])?;
    let (mut names, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
    let (mut rows, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let both = a.get(row).zip(b.get(row));
        valid.push(both.is_some());
        let (x, y) = both.unwrap_or((0..0, 0..0));
        let begin = names.len();
        for index in x.clone() {
            names.push(Some((0, index)));
            left.push(Some(index));
            right.push(y.clone().find(|other| bytes[1].row(*other) == bytes[0].row(index)));
        }
        for index in y.filter(|index| !x.clone().any(|other| bytes[0].row(other) == bytes[1].row(*index))) {
            names.push(Some((1, index)));
            left.push(None);
            right.push(Some(index));
        }
        lengths.push(names.len() - begin);
        rows.extend(std::iter::repeat_n(u32::try_from(row).unwrap_or(u32::MAX), names.len() - begin));
    }
    let names = interleave(&[a.keys(), b.keys()], &names)?;
    let items = [ArrayRef::clone(&names), take_some(a.values(), &left)?, take_some(b.values(), &right)?];
    let answers = lambda(call)?.evaluate(call.inputs, &items, &UInt32Array::from(rows))?;
    lists::map(&names, &answers, lengths, valid, call.shape)
}
