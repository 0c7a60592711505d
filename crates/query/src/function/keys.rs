//! Values of any type as bytes that compare as the values do: NULL last, NaN beyond all numbers, maps without regard to
//! the order of their entries.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, SortOptions};
use datafusion::arrow::row::{RowConverter, Rows, SortField};
use opentrail_trino::SqlError;

use super::arrays::{conform, take};
use super::fault;

/// Keys of columns of one type; equal keys are values that are not distinct from each other.
pub(super) fn keys(columns: &[&ArrayRef]) -> Result<Vec<Rows>, SqlError> {
    let Some(first) = columns.first() else { return Ok(Vec::new()) };
    let shape = first.data_type();
    let options = SortOptions { descending: false, nulls_first: false };
    let field = SortField::new_with_options(shape.clone(), options);
    let converter = RowConverter::new(vec![field]).map_err(fault::internal)?;
    let rows = columns.iter().map(|column| {
        let column = canonical(&conform(column, shape)?)?;
        converter.convert_columns(&[column]).map_err(fault::internal)
    });
    rows.collect()
}

/// Keys of one column.
pub(super) fn keys_of(column: &ArrayRef) -> Result<Rows, SqlError> {
    keys(&[column])?.pop().ok_or_else(|| fault::internal("a column without keys"))
}

/// The same values, written so that equal ones have equal bytes.
fn canonical(array: &ArrayRef) -> Result<ArrayRef, SqlError> {
    if !needs_care(array.data_type()) {
        return Ok(Arc::clone(array));
    }
    match array.data_type() {
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>();
            Ok(Arc::new(numbers.unary::<_, Float64Type>(|n| if n.is_nan() { f64::NAN } else { n + 0.0 })))
        }
        DataType::Float32 => {
            let numbers = array.as_primitive::<Float32Type>();
            Ok(Arc::new(numbers.unary::<_, Float32Type>(|n| if n.is_nan() { f32::NAN } else { n + 0.0 })))
        }
        DataType::List(field) => {
            let list = array.as_list::<i32>();
            let values = canonical(list.values())?;
            let list = ListArray::try_new(Arc::clone(field), list.offsets().clone(), values, list.nulls().cloned());
            Ok(Arc::new(list.map_err(fault::internal)?))
        }
        DataType::Struct(fields) => {
            let row = array.as_struct();
            let columns = row.columns().iter().map(canonical).collect::<Result<Vec<_>, _>>()?;
            let row = StructArray::try_new(fields.clone(), columns, row.nulls().cloned());
            Ok(Arc::new(row.map_err(fault::internal)?))
        }
        DataType::Map(field, _) => sorted_map(array.as_map(), field),
        _ => Ok(Arc::clone(array)),
    }
}

fn needs_care(of: &DataType) -> bool {
    match of {
        DataType::Float32 | DataType::Float64 | DataType::Map(..) => true,
        DataType::List(field) => needs_care(field.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| needs_care(field.data_type())),
        _ => false,
    }
}

/// The map with entries in the order of their keys.
fn sorted_map(map: &MapArray, field: &Arc<arrow_schema::Field>) -> Result<ArrayRef, SqlError> {
    let names = keys_of(map.keys())?;
    let mut order: Vec<u32> = Vec::with_capacity(map.keys().len());
    let mut lengths = Vec::with_capacity(map.len());
    for row in 0..map.len() {
        let range = super::lists::range(map.offsets(), row);
        let begin = order.len();
        if map.is_valid(row) {
            order.extend(range.filter_map(|index| u32::try_from(index).ok()));
            order[begin..].sort_by(|a, b| names.row(*a as usize).cmp(&names.row(*b as usize)));
        }
        lengths.push(order.len() - begin);
    }
    let order = UInt32Array::from(order);
    let entries: ArrayRef = Arc::new(map.entries().clone());
    let entries = canonical(&take(&entries, &order)?)?.as_struct().clone();
    let offsets = OffsetBuffer::from_lengths(lengths);
    let map = MapArray::try_new(Arc::clone(field), offsets, entries, map.nulls().cloned(), false);
    Ok(Arc::new(map.map_err(fault::internal)?))
}
