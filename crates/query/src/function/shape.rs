//! Which arrow type holds values of which Trino type.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, IntervalUnit, TimeUnit};
use opentrail_trino::Type;

/// The arrow type of values of a Trino type.
///
/// A timestamp with time zone is an instant, labelled with its zone in the arrow type. Here the label is `UTC`; functions
/// such as `at_timezone` answer with another label where the zone is a constant. The label never changes the instant.
pub(crate) fn data_type(of: &Type) -> DataType {
    match of {
        Type::Unknown | Type::Function(..) => DataType::Null,
        Type::Boolean => DataType::Boolean,
        Type::Tinyint => DataType::Int8,
        Type::Smallint => DataType::Int16,
        Type::Integer => DataType::Int32,
        Type::Bigint => DataType::Int64,
        Type::Real => DataType::Float32,
        Type::Double => DataType::Float64,
        Type::Decimal { precision, scale } => DataType::Decimal128(*precision, i8::try_from(*scale).unwrap_or(i8::MAX)),
        Type::Varchar { .. } | Type::Char { .. } | Type::Json => DataType::Utf8,
        Type::Varbinary => DataType::Binary,
        Type::Date => DataType::Date32,
        Type::Time { .. } | Type::TimeTz { .. } => DataType::Time64(TimeUnit::Nanosecond),
        Type::Timestamp { precision } => DataType::Timestamp(unit(*precision), None),
        Type::TimestampTz { precision } => DataType::Timestamp(unit(*precision), Some("UTC".into())),
        Type::IntervalDaySecond => DataType::Duration(TimeUnit::Millisecond),
        Type::IntervalYearMonth => DataType::Interval(IntervalUnit::YearMonth),
        Type::IpAddress | Type::Uuid => DataType::FixedSizeBinary(16),
        Type::Array(item) => DataType::List(item_field(data_type(item))),
        Type::Map(key, value) => DataType::Map(entries_field(data_type(key), data_type(value)), false),
        Type::Row(fields) => DataType::Struct(row_fields(fields)),
    }
}

/// The unit that holds so many digits of a second's fraction.
pub(super) fn unit(precision: u8) -> TimeUnit {
    match precision {
        0..=3 => TimeUnit::Millisecond,
        4..=6 => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

/// The field of an array's items.
pub(super) fn item_field(item: DataType) -> Arc<Field> {
    Arc::new(Field::new("item", item, true))
}

/// The field of a map's entries.
pub(super) fn entries_field(key: DataType, value: DataType) -> Arc<Field> {
    let entries = Fields::from(vec![Field::new("key", key, false), Field::new("value", value, true)]);
    Arc::new(Field::new("entries", DataType::Struct(entries), false))
}

/// The fields of a row; unnamed ones are `field0`, `field1`, ….
fn row_fields(fields: &[(Option<String>, Type)]) -> Fields {
    fields
        .iter()
        .enumerate()
        .map(|(index, (name, of))| {
            let name = name.clone().unwrap_or_else(|| format!("field{index}"));
            Field::new(name, data_type(of), true)
        })
        .collect()
}
