//! The columns of a segment's ORC file: those of CloudTrail Lake's table for CloudTrail events (user guide, "CloudTrail
//! Lake event schema"), named as the members of a record are, and the journal position.

mod batch;
mod builder;
mod flatten;
mod table;

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

pub(super) use self::batch::BatchBuilder;
use self::table::{Column, Kind};

/// The column of the record's own text.
pub(super) const JSON: &str = "eventJson";

/// The column of that text's SHA-256, in hex.
pub(super) const CHECKSUM: &str = "eventJsonChecksum";

/// The column of its time: of its event, or of its arrival when it tells none.
pub(super) const TIME: &str = "eventTime";

/// The column of its journal position.
pub(super) const POSITION: &str = "opentrail_position";

/// Columns that get a bloom filter.
pub(super) const BLOOM: [&str; 6] =
    ["eventID", "userIdentity.arn", "userIdentity.accessKeyId", "sourceIPAddress", "requestID", "eventName"];

/// Columns whose values are mostly different from one another: a dictionary is not tried. The texts of the records must
/// stand as they are, so that they can be read one by one.
pub(super) const DIRECT: [&str; 4] = [JSON, CHECKSUM, "eventID", "requestID"];

/// The columns as Arrow knows them.
pub(super) fn schema() -> SchemaRef {
    let fields: Vec<Field> = table::COLUMNS.iter().map(field).collect();
    Arc::new(Schema::new(fields))
}

fn field(column: &Column) -> Field {
    Field::new(column.name, data_type(&column.kind), true)
}

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Text(_) | Kind::Json | Kind::Checksum => DataType::Utf8,
        Kind::Flag(_) => DataType::Boolean,
        Kind::TimeText(_) | Kind::Time => time(),
        Kind::Map(_) => map(),
        Kind::Struct { members, .. } => DataType::Struct(members.iter().map(field).collect()),
        Kind::Resources => list(DataType::Struct(resource_fields())),
        Kind::ResourceTags => list(DataType::Struct(resource_tags_fields())),
        Kind::Position => DataType::Int64,
    }
}

/// A time without a zone, in UTC.
fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, None)
}

/// The members of a free object: their names, and their values as text.
fn map() -> DataType {
    DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entry_fields()), false)), false)
}

fn entry_fields() -> Fields {
    Fields::from(vec![Field::new("key", DataType::Utf8, false), Field::new("value", DataType::Utf8, true)])
}

fn list(of: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", of, true)))
}

fn resource_fields() -> Fields {
    ["accountId", "type", "arn", "arnPrefix"].into_iter().map(|name| Field::new(name, DataType::Utf8, true)).collect()
}

fn resource_tags_fields() -> Fields {
    Fields::from(vec![Field::new("arn", DataType::Utf8, true), Field::new("tags", map(), true)])
}

#[cfg(test)]
mod tests;
