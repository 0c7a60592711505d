//! Arrow arrays of any type: taking, joining, comparing, giving them the type that was promised.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray, UInt32Array, new_null_array};
use arrow_schema::DataType;
use datafusion::arrow::compute;
use opentrail_trino::SqlError;

use super::fault;

/// The values at these indexes; a NULL index gives NULL.
pub(super) fn take(values: &ArrayRef, indices: &UInt32Array) -> Result<ArrayRef, SqlError> {
    compute::take(values, indices, None).map_err(fault::internal)
}

/// The values at these indexes; `None` gives NULL.
pub(super) fn take_some(values: &ArrayRef, indices: &[Option<usize>]) -> Result<ArrayRef, SqlError> {
    let indices: UInt32Array = indices.iter().map(|index| index.and_then(|index| u32::try_from(index).ok())).collect();
    take(values, &indices)
}

/// Arrays one after the other.
pub(super) fn concat(arrays: &[ArrayRef]) -> Result<ArrayRef, SqlError> {
    let arrays: Vec<&dyn Array> = arrays.iter().map(|array| &**array as &dyn Array).collect();
    compute::concat(&arrays).map_err(fault::internal)
}

/// The value at `(array, index)` for each place; `None` gives NULL.
pub(super) fn interleave(arrays: &[&ArrayRef], places: &[Option<(usize, usize)>]) -> Result<ArrayRef, SqlError> {
    let Some(first) = arrays.first() else { return Err(fault::internal("nothing to choose from")) };
    let null = new_null_array(first.data_type(), 1);
    // Labels of zones may differ.
    let alike = arrays.iter().map(|array| conform(array, first.data_type())).collect::<Result<Vec<_>, _>>()?;
    let mut sources: Vec<&dyn Array> = alike.iter().map(|array| &**array as &dyn Array).collect();
    sources.push(&*null);
    let places: Vec<(usize, usize)> = places.iter().map(|place| place.unwrap_or((arrays.len(), 0))).collect();
    compute::interleave(&sources, &places).map_err(fault::internal)
}

/// The same values under the promised type. Only labels (names of fields, time zones) and widths may differ.
pub(super) fn conform(array: &ArrayRef, shape: &DataType) -> Result<ArrayRef, SqlError> {
    if array.data_type() == shape {
        return Ok(Arc::clone(array));
    }
    if *array.data_type() == DataType::Null {
        return Ok(new_null_array(shape, array.len()));
    }
    match (array.data_type(), shape) {
        (DataType::List(_), DataType::List(field)) => {
            let list = array.as_list::<i32>();
            let values = conform(list.values(), field.data_type())?;
            let list = ListArray::try_new(Arc::clone(field), list.offsets().clone(), values, list.nulls().cloned());
            Ok(Arc::new(list.map_err(fault::internal)?))
        }
        (DataType::Struct(_), DataType::Struct(fields)) if array.as_struct().num_columns() == fields.len() => {
            let row = array.as_struct();
            let columns = row.columns().iter().zip(fields).map(|(column, field)| conform(column, field.data_type()));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            if fields.is_empty() {
                return Ok(Arc::clone(array));
            }
            let row = StructArray::try_new(fields.clone(), columns, row.nulls().cloned());
            Ok(Arc::new(row.map_err(fault::internal)?))
        }
        (DataType::Map(..), DataType::Map(field, sorted)) => {
            let map = array.as_map();
            let entries: ArrayRef = Arc::new(map.entries().clone());
            let entries = conform(&entries, field.data_type())?.as_struct().clone();
            let map =
                MapArray::try_new(Arc::clone(field), map.offsets().clone(), entries, map.nulls().cloned(), *sorted);
            Ok(Arc::new(map.map_err(fault::internal)?))
        }
        _ => compute::cast(array, shape).map_err(fault::internal),
    }
}
