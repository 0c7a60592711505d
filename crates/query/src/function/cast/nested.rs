//! Arrays, maps and rows, part by part.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray};
use arrow_schema::DataType;
use opentrail_trino::{SqlError, Type};

use super::super::fault;
use super::super::shape::data_type;
use super::apply::{Job, strict};

pub(super) fn cast(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    match (job.from, job.to, data_type(job.to)) {
        (Type::Array(from), Type::Array(to), DataType::List(field)) => {
            let list = job.array.as_list::<i32>();
            let items = strict(list.values(), from, to, false)?;
            let list = ListArray::try_new(field, list.offsets().clone(), items, list.nulls().cloned());
            Ok(Arc::new(list.map_err(fault::internal)?))
        }
        (Type::Map(from_key, from_value), Type::Map(to_key, to_value), DataType::Map(field, is_sorted)) => {
            let map = job.array.as_map();
            let keys = strict(map.keys(), from_key, to_key, false)?;
            if keys.null_count() > 0 {
                return Err(fault::cast("map key is null"));
            }
            let values = strict(map.values(), from_value, to_value, false)?;
            let DataType::Struct(fields) = field.data_type() else {
                return Err(fault::internal("a map type without entries"));
            };
            let entries = StructArray::try_new(fields.clone(), vec![keys, values], None).map_err(fault::internal)?;
            let map = MapArray::try_new(field, map.offsets().clone(), entries, map.nulls().cloned(), is_sorted);
            Ok(Arc::new(map.map_err(fault::internal)?))
        }
        (Type::Row(from), Type::Row(to), DataType::Struct(fields)) if from.len() == to.len() => {
            let row = job.array.as_struct();
            let columns = row.columns().iter().zip(from.iter().zip(to));
            let columns = columns.map(|(column, ((_, from), (_, to)))| strict(column, from, to, false));
            let row = StructArray::try_new(fields, columns.collect::<Result<_, _>>()?, row.nulls().cloned());
            Ok(Arc::new(row.map_err(fault::internal)?))
        }
        _ => Err(fault::internal("there is no such cast of parts")),
    }
}
