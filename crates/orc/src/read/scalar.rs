//! Single values: what predicates compare with, and what statistics are bounded by.

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// True or false.
    Boolean(bool),
    /// For columns of integers, and for decimals.
    Int(i64),
    /// For floats and doubles.
    Float(f64),
    /// `value` × 10^-`scale`.
    Decimal {
        /// All digits, without the point.
        value: i128,
        /// How many of them are behind the point.
        scale: i8,
    },
    /// For strings, chars and varchars.
    Text(String),
    /// For binaries.
    Binary(Vec<u8>),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970: in UTC for instants, on the clock on the wall for local timestamps.
    TimestampMicros(i64),
    /// The same in nanoseconds.
    TimestampNanos(i64),
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Scalar {
        Scalar::Text(text.to_owned())
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Scalar {
        Scalar::Int(value)
    }
}
