//! The messages of an ORC file's metadata, as the Apache ORC v1 specification (`orc_proto.proto`) defines them.
//!
//! Written by hand for `prost`, so that building needs no protobuf compiler. Field names are ours, field numbers are the
//! specification's: persisted, never to be changed. What ORC v1 readers may ignore (encryption, geometry) is left out;
//! `Footer::encryption` is kept as bytes, so that an encrypted file is noticed and not misread.

mod kind;
mod statistics;

pub use kind::{CalendarKind, CompressionKind, EncodingKind, StreamKind, TypeKind};
pub use statistics::{
    BinaryStatistics, BucketStatistics, CollectionStatistics, ColumnStatistics, DateStatistics, DecimalStatistics,
    DoubleStatistics, IntegerStatistics, StringStatistics, TimestampStatistics,
};

/// The last message of a file, stored uncompressed and followed by one byte that holds its length.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct PostScript {
    /// The stored length of the footer, bytes.
    #[prost(uint64, optional, tag = "1")]
    pub footer_length: Option<u64>,
    /// The codec of all compressed sections.
    #[prost(enumeration = "CompressionKind", optional, tag = "2")]
    pub compression: Option<i32>,
    /// The most bytes that a chunk decompresses to.
    #[prost(uint64, optional, tag = "3")]
    pub compression_block_size: Option<u64>,
    /// The file format's version, `[0, 11]` or `[0, 12]`.
    #[prost(uint32, repeated, packed = "true", tag = "4")]
    pub version: Vec<u32>,
    /// The stored length of the stripe statistics, bytes.
    #[prost(uint64, optional, tag = "5")]
    pub metadata_length: Option<u64>,
    /// Which fixes the writer has; each writer implementation counts for itself, from 6.
    #[prost(uint32, optional, tag = "6")]
    pub writer_version: Option<u32>,
    /// The stored length of encrypted stripe statistics, bytes.
    #[prost(uint64, optional, tag = "7")]
    pub stripe_statistics_length: Option<u64>,
    /// Always `ORC`.
    #[prost(string, optional, tag = "8000")]
    pub magic: Option<String>,
}

/// What the file holds: schema, stripes, statistics.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Footer {
    /// The length of the file's header, 3.
    #[prost(uint64, optional, tag = "1")]
    pub header_length: Option<u64>,
    /// The length of header and body, bytes.
    #[prost(uint64, optional, tag = "2")]
    pub content_length: Option<u64>,
    /// Where the stripes are.
    #[prost(message, repeated, tag = "3")]
    pub stripes: Vec<StripeInformation>,
    /// The type tree in preorder; the root is 0.
    #[prost(message, repeated, tag = "4")]
    pub types: Vec<Type>,
    /// The user's own key-value pairs.
    #[prost(message, repeated, tag = "5")]
    pub metadata: Vec<UserMetadataItem>,
    /// The rows of all stripes.
    #[prost(uint64, optional, tag = "6")]
    pub number_of_rows: Option<u64>,
    /// One for each column, over the whole file.
    #[prost(message, repeated, tag = "7")]
    pub statistics: Vec<ColumnStatistics>,
    /// The most rows of a row group; 0 or absent: no row indexes.
    #[prost(uint32, optional, tag = "8")]
    pub row_index_stride: Option<u32>,
    /// Who wrote the file: 0 Java, 1 C++, 2 Presto, 3 Go, 4 Trino, 5 CUDF.
    #[prost(uint32, optional, tag = "9")]
    pub writer: Option<u32>,
    /// The encryption of the file, not looked into.
    #[prost(bytes = "vec", optional, tag = "10")]
    pub encryption: Option<Vec<u8>>,
    /// The calendar of dates and timestamps.
    #[prost(enumeration = "CalendarKind", optional, tag = "11")]
    pub calendar: Option<i32>,
    /// The writer's own version text.
    #[prost(string, optional, tag = "12")]
    pub software_version: Option<String>,
}

/// Where a stripe is. Index, data and footer follow each other.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StripeInformation {
    /// From the start of the file, bytes.
    #[prost(uint64, optional, tag = "1")]
    pub offset: Option<u64>,
    /// Bytes of row indexes and bloom filters.
    #[prost(uint64, optional, tag = "2")]
    pub index_length: Option<u64>,
    /// Bytes of data streams.
    #[prost(uint64, optional, tag = "3")]
    pub data_length: Option<u64>,
    /// Bytes of the stripe's footer.
    #[prost(uint64, optional, tag = "4")]
    pub footer_length: Option<u64>,
    /// Rows of the stripe.
    #[prost(uint64, optional, tag = "5")]
    pub number_of_rows: Option<u64>,
}

/// One column of the type tree.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Type {
    /// What the column holds.
    #[prost(enumeration = "TypeKind", optional, tag = "1")]
    pub kind: Option<i32>,
    /// The column ids of the children.
    #[prost(uint32, repeated, packed = "true", tag = "2")]
    pub subtypes: Vec<u32>,
    /// The names of a struct's children.
    #[prost(string, repeated, tag = "3")]
    pub field_names: Vec<String>,
    /// The most characters of a varchar, the characters of a char.
    #[prost(uint32, optional, tag = "4")]
    pub maximum_length: Option<u32>,
    /// A decimal's digits.
    #[prost(uint32, optional, tag = "5")]
    pub precision: Option<u32>,
    /// A decimal's digits behind the point.
    #[prost(uint32, optional, tag = "6")]
    pub scale: Option<u32>,
    /// Key-value pairs of the column.
    #[prost(message, repeated, tag = "7")]
    pub attributes: Vec<StringPair>,
}

/// A key and a value.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StringPair {
    /// The key.
    #[prost(string, optional, tag = "1")]
    pub key: Option<String>,
    /// The value.
    #[prost(string, optional, tag = "2")]
    pub value: Option<String>,
}

/// A key-value pair of the user.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct UserMetadataItem {
    /// The key.
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    /// The value.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub value: Option<Vec<u8>>,
}

/// The statistics of all columns of all stripes.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Metadata {
    /// One for each stripe.
    #[prost(message, repeated, tag = "1")]
    pub stripe_stats: Vec<StripeStatistics>,
}

/// The statistics of a stripe.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StripeStatistics {
    /// One for each column.
    #[prost(message, repeated, tag = "1")]
    pub col_stats: Vec<ColumnStatistics>,
}

/// What a stripe holds, stored at its end.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StripeFooter {
    /// The streams in file order.
    #[prost(message, repeated, tag = "1")]
    pub streams: Vec<Stream>,
    /// One for each column.
    #[prost(message, repeated, tag = "2")]
    pub columns: Vec<ColumnEncoding>,
    /// The zone in which the stripe's local timestamps count their seconds.
    #[prost(string, optional, tag = "3")]
    pub writer_timezone: Option<String>,
}

/// A stream of a stripe. Its offset is the sum of the lengths before it.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct Stream {
    /// What the stream holds.
    #[prost(enumeration = "StreamKind", optional, tag = "1")]
    pub kind: Option<i32>,
    /// Whose it is.
    #[prost(uint32, optional, tag = "2")]
    pub column: Option<u32>,
    /// Stored bytes.
    #[prost(uint64, optional, tag = "3")]
    pub length: Option<u64>,
}

/// How a column of a stripe is encoded.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ColumnEncoding {
    /// The encoding.
    #[prost(enumeration = "EncodingKind", optional, tag = "1")]
    pub kind: Option<i32>,
    /// The entries of the dictionary.
    #[prost(uint32, optional, tag = "2")]
    pub dictionary_size: Option<u32>,
    /// 1: the bloom filters of timestamps hash UTC (ORC-135); absent or 0: the original.
    #[prost(uint32, optional, tag = "3")]
    pub bloom_encoding: Option<u32>,
}

/// The row index of a column in a stripe.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RowIndex {
    /// One for each row group.
    #[prost(message, repeated, tag = "1")]
    pub entry: Vec<RowIndexEntry>,
}

/// Where a row group starts in each of the column's streams, and what is in it.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct RowIndexEntry {
    /// The positions of the column's streams, one after the other.
    #[prost(uint64, repeated, packed = "true", tag = "1")]
    pub positions: Vec<u64>,
    /// The statistics of the row group.
    #[prost(message, optional, tag = "2")]
    pub statistics: Option<ColumnStatistics>,
}

/// The bloom filters of a column in a stripe.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BloomFilterIndex {
    /// One for each row group.
    #[prost(message, repeated, tag = "1")]
    pub bloom_filter: Vec<BloomFilter>,
}

/// A bloom filter. Old writers fill `bitset`, those after ORC-101 `utf8bitset`.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BloomFilter {
    /// How many bits a value sets.
    #[prost(uint32, optional, tag = "1")]
    pub num_hash_functions: Option<u32>,
    /// The bits as words.
    #[prost(fixed64, repeated, packed = "false", tag = "2")]
    pub bitset: Vec<u64>,
    /// The bits as little-endian words in bytes.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub utf8bitset: Option<Vec<u8>>,
}
