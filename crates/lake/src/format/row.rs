//! Rows of a store, their order, and what tells one record from another.

use aws_lc_rs::digest;
use bytes::Bytes;
use opentrail_model::View;
use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::columns::Table;

/// Where a record stands in a store: by time, and among those of one time by its journal position. Answers go from the
/// greatest place to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The time of the record's event.
    pub time: Timestamp,
    /// Its position in the journal.
    pub position: u64,
}

/// A record and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its position in the journal.
    pub(crate) position: u64,
    /// The time by which it is kept and found.
    pub(crate) time: Timestamp,
    /// Its own text.
    pub(crate) record: Bytes,
}

impl Row {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place { time: self.time, position: self.position }
    }
}

/// A row of a segment that a lookup found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Where its record stands.
    pub(crate) place: Place,
    /// Its number in the segment, from 0, ascending by place.
    pub(crate) row: u32,
}

/// Times from one to another, both included; absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TimeRange {
    /// The earliest.
    pub(crate) from: Option<Timestamp>,
    /// The latest.
    pub(crate) to: Option<Timestamp>,
}

#[cfg(test)]
impl TimeRange {
    /// Is a time in it?
    pub(crate) fn contains(self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to)
    }
}

/// What is known of a record before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Described {
    /// When its event took place, if it tells.
    pub(crate) time: Option<Timestamp>,
    /// What tells it from other records: its event id, or else `sha256:` and the hash of its text.
    pub(crate) identity: String,
    /// The hash of that, by which segments find it.
    pub(crate) hash: u64,
}

/// Looks at a record. One that can't be read has no time, and its text tells it from others.
pub(crate) fn describe(record: &[u8]) -> Described {
    let view = View::parse(record).unwrap_or_default();
    let identity = identity(&view, record);
    Described { time: view.instant(), hash: identity_hash(&identity), identity }
}

/// What tells a record from others.
pub(crate) fn identity(view: &View<'_>, record: &[u8]) -> String {
    identity_of(view.event_id.as_deref(), record)
}

/// What tells a record of this event id from others.
pub(crate) fn identity_of(event_id: Option<&str>, record: &[u8]) -> String {
    match event_id {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => format!("sha256:{}", checksum(record)),
    }
}

/// The hash by which segments find an identity. Persisted: keep stable.
pub(crate) fn identity_hash(identity: &str) -> u64 {
    xxh3_64(identity.as_bytes())
}

/// The SHA-256 of a record's text, in hex: `eventJsonChecksum`. The algorithm is our choice, since none is documented.
pub(crate) fn checksum(record: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, record))
}

/// What the manifest knows of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentFacts {
    /// How many records it has.
    pub(crate) rows: u32,
    /// The bytes of their texts.
    pub(crate) record_bytes: u64,
    /// The length of the ORC file.
    pub(crate) orc_bytes: u64,
    /// CRC-32C of the ORC file.
    pub(crate) orc_crc: u32,
    /// The length of the index file.
    pub(crate) idx_bytes: u64,
    /// CRC-32C of the index file.
    pub(crate) idx_crc: u32,
    /// The earliest time of a record, in milliseconds since the epoch.
    pub(crate) time_min_ms: i64,
    /// The latest.
    pub(crate) time_max_ms: i64,
    /// The least journal position.
    pub(crate) position_min: u64,
    /// The greatest.
    pub(crate) position_max: u64,
    /// How many members of the records had an unexpected type and are null in their columns.
    pub(crate) mistyped: u64,
    /// Its columns.
    #[serde(default, skip_serializing_if = "Table::is_default")]
    pub(crate) table: Table,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_described() {
        let record = br#"{"eventID":"E","eventTime":"2026-09-13T17:19:17Z"}"#;
        let described = describe(record);
        assert_eq!(described.identity, "E");
        assert_eq!(described.time, Timestamp::parse_iso("2026-09-13T17:19:17Z"));
        assert_eq!(described.hash, 0x8107_baec_7f33_bebf);
        let nameless = describe(b"{}");
        assert_eq!(nameless.identity, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assert_eq!(nameless.time, None);
        assert_eq!(describe(b"no record").time, None);
    }
}
