//! `=` in three-valued logic, down into arrays, maps and rows.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use datafusion::common::ScalarValue;

use super::super::lists::range;

/// Is the value in `a` at `i` equal to that in `b` at `j`? `None`: not known, because of a NULL.
pub(in super::super) fn equal_rows(a: &ArrayRef, i: usize, b: &ArrayRef, j: usize) -> Option<bool> {
    // An array without type has no bits that tell it is NULL.
    let is_null = |array: &ArrayRef, row: usize| array.is_null(row) || *array.data_type() == DataType::Null;
    if is_null(a, i) || is_null(b, j) {
        return None;
    }
    match (a.data_type(), b.data_type()) {
        (DataType::List(_), DataType::List(_)) => {
            let (a, b) = (a.as_list::<i32>(), b.as_list::<i32>());
            let (x, y) = (range(a.offsets(), i), range(b.offsets(), j));
            if x.len() != y.len() {
                return Some(false);
            }
            all(x.zip(y).map(|(x, y)| equal_rows(a.values(), x, b.values(), y)))
        }
        (DataType::Struct(_), DataType::Struct(_)) => {
            let (a, b) = (a.as_struct(), b.as_struct());
            all(a.columns().iter().zip(b.columns()).map(|(a, b)| equal_rows(a, i, b, j)))
        }
        (DataType::Map(..), DataType::Map(..)) => equal_maps(a, i, b, j),
        (DataType::Float64, DataType::Float64) => {
            Some(a.as_primitive::<Float64Type>().value(i) == b.as_primitive::<Float64Type>().value(j))
        }
        (DataType::Float32, DataType::Float32) => {
            Some(a.as_primitive::<Float32Type>().value(i) == b.as_primitive::<Float32Type>().value(j))
        }
        (DataType::Utf8, DataType::Utf8) => Some(a.as_string::<i32>().value(i) == b.as_string::<i32>().value(j)),
        _ => {
            let (a, b) = (ScalarValue::try_from_array(a, i).ok()?, ScalarValue::try_from_array(b, j).ok()?);
            Some(a.partial_cmp(&b).map_or(a == b, std::cmp::Ordering::is_eq))
        }
    }
}

/// The conjunction; `None` only if nothing is false.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => answer = None,
            Some(true) => {}
        }
    }
    answer
}

fn equal_maps(a: &ArrayRef, i: usize, b: &ArrayRef, j: usize) -> Option<bool> {
    let (a, b) = (a.as_map(), b.as_map());
    let (x, y) = (range(a.offsets(), i), range(b.offsets(), j));
    if x.len() != y.len() {
        return Some(false);
    }
    all(x.map(|x| {
        let other = y.clone().find(|y| equal_rows(a.keys(), x, b.keys(), *y) == Some(true));
        other.map_or(Some(false), |y| equal_rows(a.values(), x, b.values(), y))
    }))
}
