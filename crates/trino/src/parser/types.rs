//! Types, as casts name them.

use crate::ast::IntervalUnit;
use crate::error::{ErrorClass, Place, SqlError};
use crate::lexer::Kind;
use crate::types::{DECIMAL_PRECISION_MAX, Type};

use super::cursor::{Parsed, Parser};

/// The most digits of a fraction of a second.
const TIME_PRECISION_MAX: u8 = 12;
/// The most characters of a `char`.
const CHAR_LENGTH_MAX: u32 = 65_536;

impl Parser<'_> {
    /// Any type.
    pub(super) fn data_type(&mut self) -> Parsed<Type> {
        self.nested(|parser| {
            let mut found = parser.simple_type()?;
            // The standard's `bigint ARRAY[5]`.
            while parser.is_word(0, "ARRAY") {
                parser.advance();
                if parser.eat_symbol("[") {
                    parser.count()?;
                    parser.want_symbol("]")?;
                }
                parser.grow()?;
                found = Type::array(found);
            }
            Ok(found)
        })
    }

    fn simple_type(&mut self) -> Parsed<Type> {
        let place = self.place();
        if !self.is_name(0) {
            return Err(self.unexpected("<type>"));
        }
        let name = self.name()?;
        match name.text.to_ascii_lowercase().as_str() {
            "timestamp" => self.time(true),
            "time" => self.time(false),
            "interval" => self.interval_type(),
            "double" => {
                self.eat("PRECISION");
                Ok(Type::Double)
            }
            "row" => self.row_type(),
            "array" => self.generic(|parser| Ok(Type::array(parser.data_type()?))),
            "map" => self.generic(|parser| {
                let key = parser.data_type()?;
                parser.want_symbol(",")?;
                Ok(Type::map(key, parser.data_type()?))
            }),
            "decimal" => self.decimal(place),
            "varchar" => Ok(Type::Varchar { length: self.length()? }),
            "char" => self.char(place),
            other => plain(other).ok_or_else(|| unknown(place, &name.text)),
        }
    }

    /// From behind the word.
    fn time(&mut self, has_date: bool) -> Parsed<Type> {
        let precision = self.precision()?.unwrap_or(3);
        let has_zone = self.is_word(0, "WITH") && self.is_word(1, "TIME");
        let is_local = self.is_word(0, "WITHOUT") && self.is_word(1, "TIME");
        if has_zone || is_local {
            self.advance();
            self.want_all(&["TIME", "ZONE"])?;
        }
        Ok(match (has_date, has_zone) {
            (true, true) => Type::TimestampTz { precision },
            (true, false) => Type::Timestamp { precision },
            (false, true) => Type::TimeTz { precision },
            (false, false) => Type::Time { precision },
        })
    }

    /// `(digits)`, or nothing.
    pub(super) fn precision(&mut self) -> Parsed<Option<u8>> {
        if !self.eat_symbol("(") {
            return Ok(None);
        }
        let place = self.place();
        let count = self.count()?;
        let precision = u8::try_from(count).ok().filter(|precision| *precision <= TIME_PRECISION_MAX);
        let precision = precision.ok_or_else(|| {
            let message = format!("The precision must be in the range [0, {TIME_PRECISION_MAX}]: {count}");
            SqlError::at(place, ErrorClass::TypeMismatch, message)
        })?;
        self.want_symbol(")").map(|()| Some(precision))
    }

    /// `interval day to second`, `interval year to month`
    fn interval_type(&mut self) -> Parsed<Type> {
        let place = self.place();
        let from = self.interval_unit()?;
        let to = if self.eat("TO") { self.interval_unit()? } else { from };
        match (from, to) {
            (IntervalUnit::Day, IntervalUnit::Second) => Ok(Type::IntervalDaySecond),
            (IntervalUnit::Year, IntervalUnit::Month) => Ok(Type::IntervalYearMonth),
            _ => Err(unknown(place, "interval")),
        }
    }

    /// What stands in the brackets of `array(…)` or `array<…>`.
    fn generic(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<Type>) -> Parsed<Type> {
        let close = if self.eat_symbol("<") { ">" } else { ")" };
        if close == ")" {
            self.want_symbol("(")?;
        }
        let found = inner(self)?;
        self.want_symbol(close).map(|()| found)
    }

    fn row_type(&mut self) -> Parsed<Type> {
        self.want_symbol("(")?;
        let fields = self.list(|parser| {
            let name = if parser.is_field_name() { Some(parser.name()?.text) } else { None };
            Ok((name, parser.data_type()?))
        })?;
        self.want_symbol(")").map(|()| Type::Row(fields))
    }

    /// Is the next word a field's name, with its type behind it?
    fn is_field_name(&self) -> bool {
        if matches!(self.kind(0), Kind::Quoted(_)) {
            return true;
        }
        if !self.is_name(1) {
            return false;
        }
        let is_longer_type = (self.is_word(0, "DOUBLE") && self.is_word(1, "PRECISION"))
            || (self.is_any_word(0, &["TIMESTAMP", "TIME"]) && self.is_word(1, "WITHOUT"))
            || (self.is_word(0, "INTERVAL") && self.is_any_word(1, &["DAY", "YEAR"]))
            || (self.is_word(1, "ARRAY") && !matches!(self.kind(2), Kind::Symbol("(" | "<")));
        !is_longer_type
    }

    fn decimal(&mut self, place: Place) -> Parsed<Type> {
        let mut digits = (u64::from(DECIMAL_PRECISION_MAX), 0);
        if self.eat_symbol("(") {
            digits.0 = self.count()?;
            if self.eat_symbol(",") {
                digits.1 = self.count()?;
            }
            self.want_symbol(")")?;
        }
        let (precision, scale) = digits;
        match (u8::try_from(precision), u8::try_from(scale)) {
            (Ok(precision @ 1..=DECIMAL_PRECISION_MAX), Ok(scale)) if scale <= precision => {
                Ok(Type::Decimal { precision, scale })
            }
            _ => {
                let message = format!(
                    "DECIMAL precision must be in range [1, {DECIMAL_PRECISION_MAX}], the scale at most the precision: {precision}, {scale}"
                );
                Err(SqlError::at(place, ErrorClass::TypeMismatch, message))
            }
        }
    }

    fn char(&mut self, place: Place) -> Parsed<Type> {
        let length = self.length()?.unwrap_or(1);
        if length > CHAR_LENGTH_MAX {
            let message = format!("CHAR length must be in range [0, {CHAR_LENGTH_MAX}]: {length}");
            return Err(SqlError::at(place, ErrorClass::TypeMismatch, message));
        }
        Ok(Type::Char { length })
    }

    /// `(length)`, or nothing.
    fn length(&mut self) -> Parsed<Option<u32>> {
        if !self.eat_symbol("(") {
            return Ok(None);
        }
        let place = self.place();
        let count = self.count()?;
        // Trino's greatest length means none.
        let length = u32::try_from(count).ok().filter(|length| *length <= i32::MAX as u32);
        let length = length.ok_or_else(|| {
            SqlError::at(place, ErrorClass::TypeMismatch, format!("VARCHAR length is too great: {count}"))
        })?;
        self.want_symbol(")").map(|()| Some(length).filter(|length| *length < i32::MAX as u32))
    }
}

/// Types of one word.
fn plain(name: &str) -> Option<Type> {
    let found = match name {
        "unknown" => Type::Unknown,
        "boolean" => Type::Boolean,
        "tinyint" => Type::Tinyint,
        "smallint" => Type::Smallint,
        "integer" | "int" => Type::Integer,
        "bigint" => Type::Bigint,
        "real" => Type::Real,
        "varbinary" => Type::Varbinary,
        "json" => Type::Json,
        "date" => Type::Date,
        "ipaddress" => Type::IpAddress,
        "uuid" => Type::Uuid,
        _ => return None,
    };
    Some(found)
}

fn unknown(place: Place, name: &str) -> SqlError {
    SqlError::at(place, ErrorClass::TypeNotFound, format!("Unknown type: {name}"))
}
