//! What is known of a column's values, in a row group, a stripe or a file.

/// What is known of a column's values in a row group, a stripe or a file.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct ColumnStatistics {
    /// Values that are not null.
    #[prost(uint64, optional, tag = "1")]
    pub number_of_values: Option<u64>,
    /// Of integers.
    #[prost(message, optional, tag = "2")]
    pub int_statistics: Option<IntegerStatistics>,
    /// Of floats and doubles.
    #[prost(message, optional, tag = "3")]
    pub double_statistics: Option<DoubleStatistics>,
    /// Of strings, chars and varchars.
    #[prost(message, optional, tag = "4")]
    pub string_statistics: Option<StringStatistics>,
    /// Of booleans.
    #[prost(message, optional, tag = "5")]
    pub bucket_statistics: Option<BucketStatistics>,
    /// Of decimals.
    #[prost(message, optional, tag = "6")]
    pub decimal_statistics: Option<DecimalStatistics>,
    /// Of dates.
    #[prost(message, optional, tag = "7")]
    pub date_statistics: Option<DateStatistics>,
    /// Of binaries.
    #[prost(message, optional, tag = "8")]
    pub binary_statistics: Option<BinaryStatistics>,
    /// Of timestamps.
    #[prost(message, optional, tag = "9")]
    pub timestamp_statistics: Option<TimestampStatistics>,
    /// Whether there is a null among the values.
    #[prost(bool, optional, tag = "10")]
    pub has_null: Option<bool>,
    /// Stored bytes of the column's own streams.
    #[prost(uint64, optional, tag = "11")]
    pub bytes_on_disk: Option<u64>,
    /// Of lists and maps.
    #[prost(message, optional, tag = "12")]
    pub collection_statistics: Option<CollectionStatistics>,
}

/// The range of integers.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct IntegerStatistics {
    /// The least.
    #[prost(sint64, optional, tag = "1")]
    pub minimum: Option<i64>,
    /// The greatest.
    #[prost(sint64, optional, tag = "2")]
    pub maximum: Option<i64>,
    /// The sum; absent when it overflowed.
    #[prost(sint64, optional, tag = "3")]
    pub sum: Option<i64>,
}

/// The range of floating-point numbers.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct DoubleStatistics {
    /// The least.
    #[prost(double, optional, tag = "1")]
    pub minimum: Option<f64>,
    /// The greatest.
    #[prost(double, optional, tag = "2")]
    pub maximum: Option<f64>,
    /// The sum.
    #[prost(double, optional, tag = "3")]
    pub sum: Option<f64>,
}

/// The range of strings, by their bytes. Long values have a bound instead.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct StringStatistics {
    /// The least, if it is at most 1,024 bytes.
    #[prost(string, optional, tag = "1")]
    pub minimum: Option<String>,
    /// The greatest, if it is at most 1,024 bytes.
    #[prost(string, optional, tag = "2")]
    pub maximum: Option<String>,
    /// The bytes of all values.
    #[prost(sint64, optional, tag = "3")]
    pub sum: Option<i64>,
    /// Not above the least value.
    #[prost(string, optional, tag = "4")]
    pub lower_bound: Option<String>,
    /// Not below the greatest value.
    #[prost(string, optional, tag = "5")]
    pub upper_bound: Option<String>,
}

/// How many booleans are true.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BucketStatistics {
    /// One number: the count of true.
    #[prost(uint64, repeated, packed = "true", tag = "1")]
    pub count: Vec<u64>,
}

/// The range of decimals, as text.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct DecimalStatistics {
    /// The least.
    #[prost(string, optional, tag = "1")]
    pub minimum: Option<String>,
    /// The greatest.
    #[prost(string, optional, tag = "2")]
    pub maximum: Option<String>,
    /// The sum.
    #[prost(string, optional, tag = "3")]
    pub sum: Option<String>,
}

/// The range of dates, days since 1970-01-01.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct DateStatistics {
    /// The earliest.
    #[prost(sint32, optional, tag = "1")]
    pub minimum: Option<i32>,
    /// The latest.
    #[prost(sint32, optional, tag = "2")]
    pub maximum: Option<i32>,
}

/// The range of timestamps, milliseconds since 1970-01-01.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct TimestampStatistics {
    /// The earliest, in the writer's zone (before ORC-135).
    #[prost(sint64, optional, tag = "1")]
    pub minimum: Option<i64>,
    /// The latest, in the writer's zone (before ORC-135).
    #[prost(sint64, optional, tag = "2")]
    pub maximum: Option<i64>,
    /// The earliest, in UTC.
    #[prost(sint64, optional, tag = "3")]
    pub minimum_utc: Option<i64>,
    /// The latest, in UTC.
    #[prost(sint64, optional, tag = "4")]
    pub maximum_utc: Option<i64>,
    /// The nanoseconds of the earliest below its millisecond, plus 1; absent: 0.
    #[prost(int32, optional, tag = "5")]
    pub minimum_nanos: Option<i32>,
    /// The nanoseconds of the latest below its millisecond, plus 1; absent: 999,999.
    #[prost(int32, optional, tag = "6")]
    pub maximum_nanos: Option<i32>,
}

/// The bytes of binaries.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct BinaryStatistics {
    /// The bytes of all values.
    #[prost(sint64, optional, tag = "1")]
    pub sum: Option<i64>,
}

/// The children of lists and maps.
#[derive(Clone, PartialEq, ::prost::Message)]
pub struct CollectionStatistics {
    /// The fewest of a value.
    #[prost(uint64, optional, tag = "1")]
    pub min_children: Option<u64>,
    /// The most of a value.
    #[prost(uint64, optional, tag = "2")]
    pub max_children: Option<u64>,
    /// Of all values.
    #[prost(uint64, optional, tag = "3")]
    pub total_children: Option<u64>,
}
