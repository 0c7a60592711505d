//! Where in a file something is, for error messages.

use std::fmt;
use std::sync::Arc;

use crate::proto::StreamKind;

/// A stream of a column of a stripe.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) stripe: usize,
    pub(crate) column: u32,
    /// The column's path; empty for the root.
    pub(crate) path: Arc<str>,
    pub(crate) kind: StreamKind,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { stripe, column, path, kind } = self;
        write!(f, "stripe {stripe}, column {column} `{path}`, {} stream", name(*kind))
    }
}

/// The name that the specification gives a kind.
fn name(kind: StreamKind) -> &'static str {
    match kind {
        StreamKind::Present => "PRESENT",
        StreamKind::Data => "DATA",
        StreamKind::Length => "LENGTH",
        StreamKind::DictionaryData => "DICTIONARY_DATA",
        StreamKind::DictionaryCount => "DICTIONARY_COUNT",
        StreamKind::Secondary => "SECONDARY",
        StreamKind::RowIndex => "ROW_INDEX",
        StreamKind::BloomFilter => "BLOOM_FILTER",
        StreamKind::BloomFilterUtf8 => "BLOOM_FILTER_UTF8",
        StreamKind::EncryptedIndex => "ENCRYPTED_INDEX",
        StreamKind::EncryptedData => "ENCRYPTED_DATA",
        StreamKind::StripeStatistics => "STRIPE_STATISTICS",
        StreamKind::FileStatistics => "FILE_STATISTICS",
    }
}

#[cfg(test)]
impl Default for Place {
    fn default() -> Place {
        Place { stripe: 0, column: 0, path: Arc::from(""), kind: StreamKind::Data }
    }
}
