//! Parts and rearrangements of arrays.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys;
use super::super::lists::{Builder, Lists, list, range};
use super::super::native::{I64, Reader};
use super::super::{Registry, fault};

/// The most combinations, and the most items in one.
const COMBINATIONS_MAX: usize = 100_000;

pub(super) fn register(to: &mut Registry) {
    to.add("slice(array(T), bigint, bigint) -> array(T)", Kernel::partial(slice));
    to.add("trim_array(array(T), bigint) -> array(T)", Kernel::partial(trim));
    to.add(
        "reverse(array(T)) -> array(T)",
        Kernel::total(|call| each(call, |builder, range| builder.items(0, range.rev()))),
    );
    to.add("array_remove(array(C), C) -> array(C)", Kernel::total(remove));
    to.add("flatten(array(array(T))) -> array(T)", Kernel::total(flatten));
    to.add("ngrams(array(T), bigint) -> array(array(T))", Kernel::partial(ngrams));
    to.add("combinations(array(T), bigint) -> array(array(T))", Kernel::partial(combinations));
    to.add("zip(array(A), array(B)) -> array(row(A, B))", Kernel::total(zip));
    to.add("zip(array(A), array(B), array(D)) -> array(row(A, B, D))", Kernel::total(zip));
    to.add("zip(array(A), array(B), array(D), array(E)) -> array(row(A, B, D, E))", Kernel::total(zip));
    to.add("zip(array(A), array(B), array(D), array(E), array(F)) -> array(row(A, B, D, E, F))", Kernel::total(zip));
    to.add("shuffle(array(T)) -> array(T)", Kernel::total(|call| each(call, |builder, range| builder.items(0, range))));
}

fn each(call: &Call<'_>, items: impl Fn(&mut Builder, std::ops::Range<usize>)) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match lists.get(row) {
            Some(range) => {
                items(&mut builder, range);
                builder.end();
            }
            None => builder.end_null(),
        }
    }
    builder.finish(&[lists.values()], call.shape)
}

/// From a position on (from the end if negative), so many items.
fn slice(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let (start, length) = (Reader::<I64>::new(input(call, 1)?)?, Reader::<I64>::new(input(call, 2)?)?);
    let mut builder = Builder::default();
    for row in 0..call.rows {
        let (Some(range), Some(start), Some(length)) = (lists.get(row), start.get(row), length.get(row)) else {
            builder.end_null();
            continue;
        };
        if length < 0 {
            return Err(fault::argument("length must be greater than or equal to 0"));
        }
        if start == 0 {
            return Err(fault::argument("SQL array indices start at 1"));
        }
        let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
        let skipped = if start > 0 { Some(distance - 1) } else { range.len().checked_sub(distance) };
        if let Some(skipped) = skipped {
            builder.items(0, range.skip(skipped).take(usize::try_from(length).unwrap_or(usize::MAX)));
        }
        builder.end();
    }
    builder.finish(&[lists.values()], call.shape)
}

fn trim(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let count = Reader::<I64>::new(input(call, 1)?)?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        let (Some(range), Some(count)) = (lists.get(row), count.get(row)) else {
            builder.end_null();
            continue;
        };
        let count = usize::try_from(count).map_err(|_| fault::argument("size must not be negative"))?;
        let Some(kept) = range.len().checked_sub(count) else {
            return Err(fault::argument(format!("size must not exceed array cardinality {}: {count}", range.len())));
        };
        builder.items(0, range.take(kept));
        builder.end();
    }
    builder.finish(&[lists.values()], call.shape)
}

/// All items but those equal to one; NULL items stay.
fn remove(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (lists, unwanted) = (Lists::new(input(call, 0)?)?, input(call, 1)?);
    let keys = keys(&[lists.values(), unwanted.array()])?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match lists.get(row) {
            Some(range) if !unwanted.is_null(row) => {
                let unwanted = keys[1].row(unwanted.at(row));
                builder.items(0, range.filter(|index| keys[0].row(*index) != unwanted));
                builder.end();
            }
            _ => builder.end_null(),
        }
    }
    builder.finish(&[lists.values()], call.shape)
}

/// The items of the items; NULL arrays left out.
fn flatten(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let Some(inner) = lists.values().as_list_opt::<i32>() else {
        return each(call, |_, _| {});
    };
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match lists.get(row) {
            Some(outer) => {
                for index in outer.filter(|index| inner.is_valid(*index)) {
                    builder.items(0, range(inner.offsets(), index));
                }
                builder.end();
            }
            None => builder.end_null(),
        }
    }
    builder.finish(&[inner.values()], call.shape)
}

/// Arrays of arrays: for each row the inner arrays' items.
fn nested(
    call: &Call<'_>,
    lists: &Lists<'_>,
    mut inner: impl FnMut(usize, std::ops::Range<usize>) -> Result<Option<Vec<Vec<usize>>>, SqlError>,
) -> Result<ArrayRef, SqlError> {
    let (mut items, mut lengths, mut valid) = (Builder::default(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let found = match lists.get(row) {
            Some(range) => inner(row, range)?,
            None => None,
        };
        valid.push(found.is_some());
        let found = found.unwrap_or_default();
        lengths.push(found.len());
        for inner in found {
            items.items(0, inner);
            items.end();
        }
    }
    let arrow_schema::DataType::List(field) = call.shape else { return Err(fault::internal("an array was promised")) };
    let items = items.finish(&[lists.values()], field.data_type())?;
    list(items, lengths, valid, call.shape)
}

fn ngrams(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let size = Reader::<I64>::new(input(call, 1)?)?;
    nested(call, &lists, |row, range| {
        let Some(size) = size.get(row) else { return Ok(None) };
        let size = usize::try_from(size).ok().filter(|size| *size > 0);
        let size = size.ok_or_else(|| fault::argument("N must be positive"))?;
        let items: Vec<usize> = range.collect();
        if items.len() <= size {
            return Ok(Some(vec![items]));
        }
        Ok(Some(items.windows(size).map(<[usize]>::to_vec).collect()))
    })
}

fn combinations(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let size = Reader::<I64>::new(input(call, 1)?)?;
    nested(call, &lists, |row, range| {
        let Some(size) = size.get(row) else { return Ok(None) };
        let size = usize::try_from(size).ok().filter(|size| *size <= 5);
        let size =
            size.ok_or_else(|| fault::argument("combination size must not exceed 5 and must not be negative"))?;
        let items: Vec<usize> = range.collect();
        if size > items.len() {
            return Ok(Some(Vec::new()));
        }
        let mut all = Vec::new();
        let mut chosen: Vec<usize> = (0..size).collect();
        loop {
            all.push(chosen.iter().map(|index| items[*index]).collect());
            if all.len() > COMBINATIONS_MAX {
                return Err(fault::argument(format!("combinations exceed max size: {COMBINATIONS_MAX}")));
            }
            // The last place that can still move up.
            let Some(place) = (0..size).rev().find(|place| chosen[*place] < items.len() - size + place) else {
                return Ok(Some(all));
            };
            chosen[place] += 1;
            (place + 1..size).for_each(|next| chosen[next] = chosen[next - 1] + 1);
        }
    })
}

/// Rows of the items at the same positions; the shorter arrays are filled with NULL.
fn zip(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let lists = call.inputs.iter().map(Lists::new).collect::<Result<Vec<_>, _>>()?;
    let mut columns: Vec<Vec<Option<usize>>> = vec![Vec::new(); lists.len()];
    let (mut lengths, mut valid) = (Vec::new(), Vec::new());
    for row in 0..call.rows {
        let ranges = lists.iter().map(|list| list.get(row)).collect::<Option<Vec<_>>>();
        valid.push(ranges.is_some());
        let ranges = ranges.unwrap_or_default();
        let length = ranges.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        lengths.push(length);
        for (column, range) in columns.iter_mut().zip(ranges) {
            let missing = length - range.len();
            column.extend(range.map(Some).chain(std::iter::repeat_n(None, missing)));
        }
    }
    let arrow_schema::DataType::List(field) = call.shape else { return Err(fault::internal("an array was promised")) };
    let arrow_schema::DataType::Struct(fields) = field.data_type() else {
        return Err(fault::internal("an array of rows was promised"));
    };
    let columns = columns.iter().zip(&lists).zip(fields).map(|((places, list), field)| {
        super::super::arrays::conform(&super::super::arrays::take_some(list.values(), places)?, field.data_type())
    });
    let rows = arrow_array::StructArray::try_new(fields.clone(), columns.collect::<Result<_, _>>()?, None);
    list(std::sync::Arc::new(rows.map_err(fault::internal)?), lengths, valid, call.shape)
}
