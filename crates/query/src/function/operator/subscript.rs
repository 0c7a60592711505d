//! `[ ]` and `element_at`.

use arrow_array::{Array as _, ArrayRef};
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::arrays::take_some;
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys;
use super::super::lists::{Lists, Maps};
use super::super::native::{I64, Native, Reader, Text};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("$operator$subscript(array(T), bigint) -> T", Kernel::partial(|call| array(call, strict)));
    to.add("$operator$subscript(map(K, V), K) -> V", Kernel::partial(|call| map(call, true)));
    to.add("element_at(array(T), bigint) -> T", Kernel::partial(|call| array(call, lenient)));
    to.add("element_at(map(K, V), K) -> V", Kernel::total(|call| map(call, false)));
}

/// Where the item is in an array of so many; `None` gives NULL.
type Position = fn(i64, usize) -> Result<Option<usize>, SqlError>;

fn strict(index: i64, length: usize) -> Result<Option<usize>, SqlError> {
    match usize::try_from(index) {
        Ok(0) => Err(fault::argument("SQL array indices start at 1")),
        Err(_) => Err(fault::argument(format!("Array subscript is negative: {index}"))),
        Ok(index) if index > length => Err(fault::argument(format!(
            "Array subscript must be less than or equal to array length: {index} > {length}"
        ))),
        Ok(index) => Ok(Some(index - 1)),
    }
}

fn lenient(index: i64, length: usize) -> Result<Option<usize>, SqlError> {
    if index == 0 {
        return Err(fault::argument("SQL array indices start at 1"));
    }
    let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    if distance > length {
        return Ok(None);
    }
    Ok(Some(if index > 0 { distance - 1 } else { length - distance }))
}

fn array(call: &Call<'_>, position: Position) -> Result<ArrayRef, SqlError> {
    let lists = Lists::new(input(call, 0)?)?;
    let index = Reader::<I64>::new(input(call, 1)?)?;
    let places = (0..call.rows).map(|row| match (lists.get(row), index.get(row)) {
        (Some(range), Some(index)) => Ok(position(index, range.len())?.map(|offset| range.start + offset)),
        _ => Ok(None),
    });
    take_some(lists.values(), &places.collect::<Result<Vec<_>, SqlError>>()?)
}

fn map(call: &Call<'_>, must_exist: bool) -> Result<ArrayRef, SqlError> {
    let (maps, key) = (Maps::new(input(call, 0)?)?, input(call, 1)?);
    let is_text = matches!(key.array().data_type(), arrow_schema::DataType::Utf8);
    let find = if is_text { by_text(&maps, call)? } else { by_key(&maps, call)? };
    let mut places = Vec::with_capacity(call.rows);
    for (row, place) in find.into_iter().enumerate() {
        if must_exist && place.is_none() && maps.get(row).is_some() && !key.is_null(row) {
            return Err(fault::argument(format!("Key not present in map: {}", text(key.array(), key.at(row)))));
        }
        places.push(place);
    }
    take_some(maps.values(), &places)
}

fn by_text(maps: &Maps<'_>, call: &Call<'_>) -> Result<Vec<Option<usize>>, SqlError> {
    let wanted = Reader::<Text>::new(input(call, 1)?)?;
    let keys = Text::column(maps.keys())?;
    let find = |row: usize| {
        let (mut range, wanted) = (maps.get(row)?, wanted.get(row)?);
        range.find(|index| keys.value(*index) == wanted)
    };
    Ok((0..call.rows).map(find).collect())
}

fn by_key(maps: &Maps<'_>, call: &Call<'_>) -> Result<Vec<Option<usize>>, SqlError> {
    let key = input(call, 1)?;
    let keys = keys(&[maps.keys(), key.array()])?;
    let find = |row: usize| {
        if key.is_null(row) {
            return None;
        }
        let wanted = keys[1].row(key.at(row));
        maps.get(row)?.find(|index| keys[0].row(*index) == wanted)
    };
    Ok((0..call.rows).map(find).collect())
}

/// A key as the message shows it.
fn text(keys: &ArrayRef, index: usize) -> String {
    use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
    let formatter = ArrayFormatter::try_new(keys, &FormatOptions::default());
    formatter.map(|formatter| formatter.value(index).to_string()).unwrap_or_default()
}
