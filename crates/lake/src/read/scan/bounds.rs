//! What can be told of a predicate without reading any record: times, and values that an index knows.

use std::collections::HashSet;

use opentrail_model::Attribute;
use opentrail_orc::{ColumnPath, CompareOp, Predicate, Scalar};
use opentrail_stdx::Timestamp;

use crate::format::{POSITION, TIME, Table};

/// An index is asked about so many values of one column at most.
const VALUES_MAX: usize = 16;

/// Columns whose every value is a term of that attribute. A term may come from elsewhere, too: it only tells that a
/// segment may have the value.
const INDEXED: [(&str, Attribute); 9] = [
    ("eventID", Attribute::EventId),
    ("eventName", Attribute::EventName),
    ("eventSource", Attribute::EventSource),
    ("userIdentity.accessKeyId", Attribute::AccessKeyId),
    ("userIdentity.arn", Attribute::UserArn),
    ("sourceIPAddress", Attribute::SourceIp),
    ("errorCode", Attribute::ErrorCode),
    ("awsRegion", Attribute::Region),
    ("recipientAccountId", Attribute::Account),
];

/// What every record has for which a predicate is true.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    pub(super) from: Timestamp,
    to: Timestamp,
    /// Of each attribute one of these values.
    pub(super) terms: Vec<(Attribute, Vec<String>)>,
    /// Its position is one of these; any when there are none.
    positions: Option<HashSet<i64>>,
}

impl Bounds {
    /// Of records that are kept since a time.
    pub(super) fn of(predicate: Option<&Predicate>, table: Table, kept_since: Timestamp) -> Self {
        let mut bounds =
            Self { from: kept_since, to: Timestamp::from_ms(i64::MAX), terms: Vec::new(), positions: None };
        if let Some(predicate) = predicate {
            bounds.narrow(predicate, table);
        }
        bounds
    }

    /// Whether records of these times can be meant.
    pub(super) fn touch(&self, (oldest, newest): (Timestamp, Timestamp)) -> bool {
        newest >= self.from && oldest <= self.to
    }

    /// Whether a record can be meant, of a time and at a position.
    pub(super) fn may_be(&self, time: Timestamp, position: u64) -> bool {
        self.touch((time, time))
            && self.positions.as_ref().is_none_or(|positions| positions.contains(&position.cast_signed()))
    }

    fn narrow(&mut self, predicate: &Predicate, table: Table) {
        match predicate {
            Predicate::And(all) => all.iter().for_each(|one| self.narrow(one, table)),
            Predicate::Compare { column, op, value: Scalar::TimestampMicros(micros) } if is_time(column) => {
                self.narrow_time(*op, *micros);
            }
            Predicate::Compare { column, op: CompareOp::Eq, value } => {
                self.narrow_terms(column, std::slice::from_ref(value), table);
            }
            Predicate::In { column, values } if is_position(column) => {
                let position = |value: &Scalar| if let Scalar::Int(position) = value { Some(*position) } else { None };
                self.positions = values.iter().map(position).collect();
            }
            Predicate::In { column, values } => self.narrow_terms(column, values, table),
            _ => {}
        }
    }

    /// A bound between two milliseconds is taken for the one that leaves out less.
    fn narrow_time(&mut self, op: CompareOp, micros: i64) {
        let (floor, ceiling) =
            (micros.div_euclid(1000), micros.div_euclid(1000) + i64::from(micros.rem_euclid(1000) > 0));
        let (floor, ceiling) = (Timestamp::from_ms(floor), Timestamp::from_ms(ceiling));
        match op {
            CompareOp::Eq => (self.from, self.to) = (self.from.max(floor), self.to.min(ceiling)),
            CompareOp::Lt | CompareOp::LtEq => self.to = self.to.min(ceiling),
            CompareOp::Gt | CompareOp::GtEq => self.from = self.from.max(floor),
            CompareOp::NotEq => {}
        }
    }

    fn narrow_terms(&mut self, column: &ColumnPath, values: &[Scalar], table: Table) {
        let name = column.segments().join(".");
        let Some((_, attribute)) = INDEXED.iter().find(|(indexed, _)| *indexed == name) else { return };
        // Of records that aren't CloudTrail's own, the index knows what they have in common with those.
        let is_told = table == Table::Events || *attribute == Attribute::EventId;
        let text = |value: &Scalar| match value {
            Scalar::Text(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let texts: Option<Vec<String>> = values.iter().map(text).collect();
        if let Some(texts) = texts.filter(|texts| is_told && texts.len() <= VALUES_MAX) {
            self.terms.push((*attribute, texts));
        }
    }
}

fn is_position(column: &ColumnPath) -> bool {
    matches!(column.segments(), [only] if only == POSITION)
}

fn is_time(column: &ColumnPath) -> bool {
    matches!(column.segments(), [only] if only == TIME)
}
