//! Trino's types: how they are spelt, which can be compared and sorted, which turn into which without a cast.

mod coerce;

use std::fmt;

pub use coerce::{can_coerce, common_super_type};

/// The most digits that a decimal may have.
pub const DECIMAL_PRECISION_MAX: u8 = 38;

/// A type. A name that a row's field has is kept as written and compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// Of NULL.
    Unknown,
    /// `boolean`
    Boolean,
    /// `tinyint`, 8 bits.
    Tinyint,
    /// `smallint`, 16 bits.
    Smallint,
    /// `integer`, 32 bits.
    Integer,
    /// `bigint`, 64 bits.
    Bigint,
    /// `real`, 32 bits.
    Real,
    /// `double`, 64 bits.
    Double,
    /// `decimal(precision, scale)`
    Decimal {
        /// All digits, 1 to 38.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// `varchar`, `varchar(length)`
    Varchar {
        /// The most characters; matters in casts only.
        length: Option<u32>,
    },
    /// `char(length)`, padded with blanks.
    Char {
        /// The number of characters.
        length: u32,
    },
    /// `varbinary`
    Varbinary,
    /// `json`
    Json,
    /// `date`
    Date,
    /// `time(precision)`
    Time {
        /// Digits of the fraction, 0 to 12.
        precision: u8,
    },
    /// `time(precision) with time zone`
    TimeTz {
        /// Digits of the fraction, 0 to 12.
        precision: u8,
    },
    /// `timestamp(precision)`
    Timestamp {
        /// Digits of the fraction, 0 to 12.
        precision: u8,
    },
    /// `timestamp(precision) with time zone`
    TimestampTz {
        /// Digits of the fraction, 0 to 12.
        precision: u8,
    },
    /// `interval day to second`
    IntervalDaySecond,
    /// `interval year to month`
    IntervalYearMonth,
    /// `ipaddress`
    IpAddress,
    /// `uuid`
    Uuid,
    /// `array(item)`
    Array(Box<Type>),
    /// `map(key, value)`
    Map(Box<Type>, Box<Type>),
    /// `row(name type, …)`
    Row(Vec<(Option<String>, Type)>),
    /// `function(parameters…, result)`, of lambdas.
    Function(Vec<Type>, Box<Type>),
}

impl Type {
    /// `varchar` without a length.
    pub const VARCHAR: Self = Self::Varchar { length: None };
    /// `timestamp(3)`
    pub const TIMESTAMP: Self = Self::Timestamp { precision: 3 };
    /// `timestamp(3) with time zone`
    pub const TIMESTAMP_TZ: Self = Self::TimestampTz { precision: 3 };

    /// `array(item)`
    pub fn array(item: Self) -> Self {
        Self::Array(Box::new(item))
    }

    /// `map(key, value)`
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Box::new(key), Box::new(value))
    }

    /// Of whole numbers?
    pub fn is_integral(&self) -> bool {
        matches!(self, Self::Tinyint | Self::Smallint | Self::Integer | Self::Bigint)
    }

    /// Of numbers?
    pub fn is_numeric(&self) -> bool {
        self.is_integral() || matches!(self, Self::Real | Self::Double | Self::Decimal { .. })
    }

    /// `varchar` of any length or none?
    pub fn is_varchar(&self) -> bool {
        matches!(self, Self::Varchar { .. })
    }

    /// Has it `=`, and can it be grouped?
    pub fn is_comparable(&self) -> bool {
        match self {
            Self::Function(..) => false,
            Self::Array(item) => item.is_comparable(),
            Self::Map(key, value) => key.is_comparable() && value.is_comparable(),
            Self::Row(fields) => fields.iter().all(|(_, field)| field.is_comparable()),
            _ => true,
        }
    }

    /// Has it `<`, and can it be sorted?
    pub fn is_orderable(&self) -> bool {
        match self {
            Self::Function(..) | Self::Json | Self::Map(..) => false,
            Self::Array(item) => item.is_orderable(),
            Self::Row(fields) => fields.iter().all(|(_, field)| field.is_orderable()),
            _ => true,
        }
    }
}

/// Trino's display name, as messages and `typeof` have it.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Boolean => f.write_str("boolean"),
            Self::Tinyint => f.write_str("tinyint"),
            Self::Smallint => f.write_str("smallint"),
            Self::Integer => f.write_str("integer"),
            Self::Bigint => f.write_str("bigint"),
            Self::Real => f.write_str("real"),
            Self::Double => f.write_str("double"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Varchar { length: None } => f.write_str("varchar"),
            Self::Varchar { length: Some(length) } => write!(f, "varchar({length})"),
            Self::Char { length } => write!(f, "char({length})"),
            Self::Varbinary => f.write_str("varbinary"),
            Self::Json => f.write_str("json"),
            Self::Date => f.write_str("date"),
            Self::Time { precision } => write!(f, "time({precision})"),
            Self::TimeTz { precision } => write!(f, "time({precision}) with time zone"),
            Self::Timestamp { precision } => write!(f, "timestamp({precision})"),
            Self::TimestampTz { precision } => write!(f, "timestamp({precision}) with time zone"),
            Self::IntervalDaySecond => f.write_str("interval day to second"),
            Self::IntervalYearMonth => f.write_str("interval year to month"),
            Self::IpAddress => f.write_str("ipaddress"),
            Self::Uuid => f.write_str("uuid"),
            Self::Array(item) => write!(f, "array({item})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            Self::Row(fields) => write_row(fields, f),
            Self::Function(parameters, result) => {
                f.write_str("function(")?;
                for parameter in parameters {
                    write!(f, "{parameter},")?;
                }
                write!(f, "{result})")
            }
        }
    }
}

/// `row(name type, type)`
fn write_row(fields: &[(Option<String>, Type)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("row(")?;
    for (index, (name, field)) in fields.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        if let Some(name) = name {
            write!(f, "{name} ")?;
        }
        write!(f, "{field}")?;
    }
    f.write_str(")")
}
