//! Keys, values and entries of maps.

use std::sync::Arc;

use arrow_array::{ArrayRef, StructArray};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::super::adapt::input;
use super::super::arrays::conform;
use super::super::kernel::{Call, Kernel};
use super::super::lists::{Flat, Maps, list};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("map_keys(map(K, V)) -> array(K)", Kernel::total(|call| parts(call, |maps, flat| flat.of(maps.keys()))));
    to.add("map_values(map(K, V)) -> array(V)", Kernel::total(|call| parts(call, |maps, flat| flat.of(maps.values()))));
    to.add(
        "map_entries(map(K, V)) -> array(row(K, V))",
        Kernel::total(|call| {
            let DataType::List(field) = call.shape else { return Err(fault::internal("an array was promised")) };
            let DataType::Struct(fields) = field.data_type() else { return Err(fault::internal("rows were promised")) };
            parts(call, |maps, flat| {
                let columns = [maps.keys(), maps.values()].into_iter().zip(fields);
                let columns = columns.map(|(column, field)| conform(&flat.of(column)?, field.data_type()));
                let rows = StructArray::try_new(fields.clone(), columns.collect::<Result<_, _>>()?, None);
                Ok(Arc::new(rows.map_err(fault::internal)?))
            })
        }),
    );
}

fn parts(
    call: &Call<'_>,
    items: impl Fn(&Maps<'_>, &Flat) -> Result<ArrayRef, SqlError>,
) -> Result<ArrayRef, SqlError> {
    let maps = Maps::new(input(call, 0)?)?;
    let flat = Flat::new(call.rows, |row| maps.get(row));
    let items = items(&maps, &flat)?;
    list(items, flat.lengths, flat.valid, call.shape)
}
