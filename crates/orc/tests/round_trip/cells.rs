//! Values without their Arrow type, so that a view equals a string and a large list a list.

use arrow_array::cast::AsArray;
use arrow_array::types::*;
use arrow_array::*;
use arrow_schema::{DataType, TimeUnit};

#[derive(Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Boolean(bool),
    Number(i128),
    /// The bits: a NaN equals itself.
    Float(u64),
    Bytes(Vec<u8>),
    Many(Vec<Cell>),
    /// Of a union.
    Chosen(usize, Box<Cell>),
}

/// The cells of a column, over all batches.
pub(crate) fn of(batches: &[RecordBatch], column: usize) -> Vec<Cell> {
    let rows = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch.column(column), row)));
    rows.map(|(array, row)| cell(array, row)).collect()
}

fn many(array: &dyn Array) -> Cell {
    Cell::Many((0..array.len()).map(|row| cell(array, row)).collect())
}

fn number<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &dyn Array, row: usize) -> Cell {
    Cell::Number(array.as_primitive::<T>().value(row).into())
}

fn time<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, row: usize, nanos: i128) -> Cell {
    Cell::Number(i128::from(array.as_primitive::<T>().value(row)) * nanos)
}

fn cell(array: &dyn Array, row: usize) -> Cell {
    if array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
        DataType::Int8 => number::<Int8Type>(array, row),
        DataType::Int16 => number::<Int16Type>(array, row),
        DataType::Int32 => number::<Int32Type>(array, row),
        DataType::Int64 => number::<Int64Type>(array, row),
        DataType::UInt8 => number::<UInt8Type>(array, row),
        DataType::UInt16 => number::<UInt16Type>(array, row),
        DataType::UInt32 => number::<UInt32Type>(array, row),
        DataType::UInt64 => number::<UInt64Type>(array, row),
        DataType::Date32 => number::<Date32Type>(array, row),
        DataType::Decimal128(_, _) => number::<Decimal128Type>(array, row),
        DataType::Float32 => Cell::Float(array.as_primitive::<Float32Type>().value(row).to_bits().into()),
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row).to_bits()),
        DataType::Timestamp(TimeUnit::Second, _) => time::<TimestampSecondType>(array, row, 1_000_000_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => time::<TimestampMillisecondType>(array, row, 1_000_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => time::<TimestampMicrosecondType>(array, row, 1_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => time::<TimestampNanosecondType>(array, row, 1),
        DataType::Utf8 => Cell::Bytes(array.as_string::<i32>().value(row).into()),
        DataType::LargeUtf8 => Cell::Bytes(array.as_string::<i64>().value(row).into()),
        DataType::Utf8View => Cell::Bytes(array.as_string_view().value(row).into()),
        DataType::Binary => Cell::Bytes(array.as_binary::<i32>().value(row).into()),
        DataType::LargeBinary => Cell::Bytes(array.as_binary::<i64>().value(row).into()),
        DataType::BinaryView => Cell::Bytes(array.as_binary_view().value(row).into()),
        DataType::FixedSizeBinary(_) => Cell::Bytes(array.as_fixed_size_binary().value(row).into()),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            cell(dictionary.values(), dictionary.normalized_keys()[row])
        }
        DataType::List(_) => many(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => many(&array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(_, _) => many(&array.as_fixed_size_list().value(row)),
        DataType::Map(_, _) => many(&array.as_map().value(row)),
        DataType::Struct(_) => Cell::Many(array.as_struct().columns().iter().map(|child| cell(child, row)).collect()),
        DataType::Union(fields, _) => {
            let unions = array.as_union();
            let number = unions.type_id(row);
            let index = fields.iter().position(|(other, _)| other == number).expect("of this union");
            Cell::Chosen(index, Box::new(cell(unions.child(number), unions.value_offset(row))))
        }
        other => panic!("no cells of `{other}` yet"),
    }
}
