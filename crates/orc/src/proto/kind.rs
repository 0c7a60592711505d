//! The enumerations.

/// The codecs. Persisted: keep stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum CompressionKind {
    /// Streams lie in the file as they are, without chunks.
    None = 0,
    /// Deflate without a zlib header.
    Zlib = 1,
    /// Snappy's raw format.
    Snappy = 2,
    /// LZO1X.
    Lzo = 3,
    /// LZ4's block format.
    Lz4 = 4,
    /// One Zstandard frame a chunk.
    Zstd = 5,
    /// Brotli.
    Brotli = 6,
}

/// The kinds of columns. Persisted: keep stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum TypeKind {
    /// True or false.
    Boolean = 0,
    /// 8 bits, signed.
    Byte = 1,
    /// 16 bits, signed.
    Short = 2,
    /// 32 bits, signed.
    Int = 3,
    /// 64 bits, signed.
    Long = 4,
    /// 32 bits, IEEE 754.
    Float = 5,
    /// 64 bits, IEEE 754.
    Double = 6,
    /// UTF-8 text.
    String = 7,
    /// Bytes.
    Binary = 8,
    /// A local date and time.
    Timestamp = 9,
    /// A list of one type.
    List = 10,
    /// Keys and values.
    Map = 11,
    /// Named children.
    Struct = 12,
    /// One of several children.
    Union = 13,
    /// Up to 38 digits.
    Decimal = 14,
    /// Days.
    Date = 15,
    /// Text of a greatest length.
    Varchar = 16,
    /// Text of one length, padded with spaces.
    Char = 17,
    /// A point in time.
    TimestampInstant = 18,
    /// Well-known binary shapes.
    Geometry = 19,
}

/// The kinds of streams. Persisted: keep stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum StreamKind {
    /// Which rows are not null.
    Present = 0,
    /// The values.
    Data = 1,
    /// The lengths of values.
    Length = 2,
    /// The text of a dictionary.
    DictionaryData = 3,
    /// Not used any more.
    DictionaryCount = 4,
    /// Nanoseconds and scales.
    Secondary = 5,
    /// Row indexes.
    RowIndex = 6,
    /// Bloom filters from before ORC-101.
    BloomFilter = 7,
    /// Bloom filters.
    BloomFilterUtf8 = 8,
    /// Room for encrypted indexes.
    EncryptedIndex = 9,
    /// Room for encrypted data.
    EncryptedData = 10,
    /// Statistics of a stripe, with encryption.
    StripeStatistics = 100,
    /// Statistics of a file, with encryption.
    FileStatistics = 101,
}

/// The encodings of a column. Persisted: keep stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum EncodingKind {
    /// Values as they are, integers in RLE version 1.
    Direct = 0,
    /// References to a dictionary, integers in RLE version 1.
    Dictionary = 1,
    /// Values as they are, integers in RLE version 2.
    DirectV2 = 2,
    /// References to a dictionary, integers in RLE version 2.
    DictionaryV2 = 3,
}

/// The calendars of dates and timestamps. Persisted: keep stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]
#[repr(i32)]
pub enum CalendarKind {
    /// Not told; the hybrid calendar.
    Unknown = 0,
    /// Julian until October 1582, Gregorian from then on.
    JulianGregorian = 1,
    /// Gregorian for all time, as ISO 8601 and Arrow have it.
    ProlepticGregorian = 2,
}
