//! The columns of a segment's ORC file: those of CloudTrail Lake's table for what a store holds (user guide, "CloudTrail
//! Lake event schema"), named as the members of a record are, the record's own text, and the journal position.

mod batch;
mod builder;
mod flatten;
mod log_file;
mod others;
mod shape;
mod table;

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use opentrail_model::EventDataStoreCategory;
use serde::{Deserialize, Serialize};

pub(crate) use self::batch::BatchBuilder;
pub(crate) use self::log_file::LogFileColumns;
use self::table::{Column, Kind};

/// Which columns segments have. Persisted by name in what is known of a segment: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Table {
    /// CloudTrail's own events.
    #[default]
    Events,
    /// Insights events.
    Insights,
    /// Configuration items of AWS Config.
    ConfigurationItems,
    /// Evidence of Audit Manager.
    Evidence,
    /// What came through channels.
    Integrations,
}

impl Table {
    /// The table of stores that hold this.
    pub(crate) fn of(category: EventDataStoreCategory) -> Self {
        match category {
            EventDataStoreCategory::Events => Self::Events,
            EventDataStoreCategory::Insight => Self::Insights,
            EventDataStoreCategory::ConfigurationItem => Self::ConfigurationItems,
            EventDataStoreCategory::Evidence => Self::Evidence,
            EventDataStoreCategory::ActivityAuditLog => Self::Integrations,
        }
    }

    /// Whether these are the columns that segments had before there were others.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Its columns, in the order of the published table.
    fn columns(self) -> &'static [Column] {
        match self {
            Self::Events => table::COLUMNS,
            Self::Insights => others::INSIGHTS,
            Self::ConfigurationItems => others::CONFIGURATION_ITEMS,
            Self::Evidence => others::EVIDENCE,
            Self::Integrations => others::INTEGRATIONS,
        }
    }

    /// Columns that get a bloom filter.
    pub(super) fn bloom(self) -> &'static [&'static str] {
        match self {
            Self::Events => &BLOOM,
            Self::Integrations => {
                &["eventID", "eventData.UID", "eventData.userIdentity.principalId", "eventData.eventName"]
            }
            Self::Insights | Self::ConfigurationItems | Self::Evidence => &["eventID"],
        }
    }

    /// Columns whose values are mostly different from one another: a dictionary is not tried. The texts of the records
    /// must stand as they are, so that they can be read one by one.
    pub(super) fn direct(self) -> &'static [&'static str] {
        match self {
            Self::Events => &DIRECT,
            _ => &DIRECT_OF_ALL,
        }
    }

    /// The columns as Arrow knows them.
    pub(crate) fn schema(self) -> SchemaRef {
        let fields: Vec<Field> = self.columns().iter().map(field).collect();
        Arc::new(Schema::new(fields))
    }
}

/// The column of the record's own text.
pub(crate) const JSON: &str = "eventJson";

/// The column of that text's SHA-256, in hex. Files have none: it is made when it is read.
pub(crate) const CHECKSUM: &str = "eventJsonChecksum";

/// The column of its time: of its event, or of its arrival when it tells none.
pub(crate) const TIME: &str = "eventTime";

/// The column of its journal position.
pub(crate) const POSITION: &str = "opentrail_position";

/// Columns of CloudTrail's own events that get a bloom filter.
const BLOOM: [&str; 6] =
    ["eventID", "userIdentity.arn", "userIdentity.accessKeyId", "sourceIPAddress", "requestID", "eventName"];

/// Of the columns whose values are mostly different from one another, those that every table has.
const DIRECT_OF_ALL: [&str; 2] = [JSON, "eventID"];

/// Those of CloudTrail's own events.
const DIRECT: [&str; 3] = [JSON, "eventID", "requestID"];

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
        Kind::Member { shape, .. } => shape::data_type(shape),
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
