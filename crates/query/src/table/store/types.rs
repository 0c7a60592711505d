//! Trino's types of the columns of stores.

use arrow_schema::{DataType, Field};
use opentrail_trino::Type;

/// The type of a column, or of a part of one.
pub(in crate::table) fn type_of(data_type: &DataType) -> Type {
    match data_type {
        DataType::Utf8 => Type::Varchar { length: None },
        DataType::Boolean => Type::Boolean,
        DataType::Int32 => Type::Integer,
        DataType::Int64 => Type::Bigint,
        DataType::Float64 => Type::Double,
        DataType::Timestamp(..) => Type::Timestamp { precision: 3 },
        DataType::Struct(members) => {
            let member = |field: &std::sync::Arc<Field>| (Some(field.name().clone()), type_of(field.data_type()));
            Type::Row(members.iter().map(member).collect())
        }
        DataType::List(item) => Type::Array(Box::new(type_of(item.data_type()))),
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(of) if of.len() == 2 => {
                Type::Map(Box::new(type_of(of[0].data_type())), Box::new(type_of(of[1].data_type())))
            }
            _ => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}
