//! What is appended: an opaque record in a small envelope.

use std::fmt;

use bytes::Bytes;
use opentrail_stdx::Timestamp;

/// Dense sequence number of a record, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A record and what must be known of it without parsing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who and where, and when it came.
    pub envelope: Envelope,
    /// The record's own bytes. The journal never looks inside.
    pub record: Bytes,
}

/// What must be known of a record without parsing it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Envelope {
    /// The account whose record it is; at most 255 bytes.
    pub account: String,
    /// The Region whose record it is; at most 255 bytes.
    pub region: String,
    /// The record's category.
    pub category: Category,
    /// How the record came to us.
    pub origin: Origin,
    /// When it arrived. Appending raises it to the arrival of the record before, so that arrival never falls.
    pub arrived_at: Timestamp,
}

/// How a record came to us. Persisted with the category: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Origin {
    /// A call that happened here, or an event that was put to us: it goes to every product.
    #[default]
    Call,
    /// Brought in from elsewhere, where it was recorded: it goes to history and stores, not to trails. The envelope's
    /// account is the one that imported it.
    Import,
    /// Put into one event data store, and into nothing else: the number of the store's UUID. The envelope's account
    /// owns the store.
    Store(u128),
}

/// A record's category. Persisted: keep the numbers stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Category {
    /// Control plane operations.
    Management = 1,
    /// Data plane operations.
    Data = 2,
    /// VPC endpoint activity.
    NetworkActivity = 3,
    /// Insights events.
    Insight = 4,
    /// Events from outside AWS, put through a channel.
    ActivityAuditLog = 5,
    /// Sums of data events; only ever imported.
    Aggregated = 6,
    /// A category that we don't know; only ever imported.
    Other = 7,
}

impl Category {
    /// The category stored as `number`.
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Management,
            2 => Self::Data,
            3 => Self::NetworkActivity,
            4 => Self::Insight,
            5 => Self::ActivityAuditLog,
            6 => Self::Aggregated,
            7 => Self::Other,
            _ => return None,
        })
    }

    /// The number it is stored as.
    pub const fn number(self) -> u8 {
        self as u8
    }
}
