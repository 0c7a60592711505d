//! Literals.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::lit;
use opentrail_trino::ast::{self, CurrentValue, ExprKind, IntervalUnit};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use crate::analyze::Analyzer;
use crate::analyze::coerce::{constant, no_lambda};
use crate::analyze::context::Typed;
use crate::function::{Argument, Compiled, OnError, cast};

const DAY_MS: i64 = 86_400_000;

impl Analyzer<'_> {
    pub(super) fn literal(&self, ast: &ast::Expr) -> Result<Typed, SqlError> {
        match &ast.kind {
            ExprKind::Integer(value) => Ok(integer(*value)),
            ExprKind::Decimal(text) => decimal(text, ast.place),
            ExprKind::Double(value) => Ok(Typed::new(lit(*value), Type::Double)),
            ExprKind::String(value) => Ok(Typed::new(lit(value.as_str()), Type::VARCHAR)),
            ExprKind::Bytes(value) => Ok(Typed::new(lit(ScalarValue::Binary(Some(value.clone()))), Type::Varbinary)),
            ExprKind::Interval { text, is_negative, from, to } => interval(text, *is_negative, *from, *to, ast.place),
            ExprKind::Typed { name, text } => self.typed(&name.text, text, ast.place),
            ExprKind::Current { value, precision } => self.current(*value, *precision, ast.place),
            _ => unreachable!("literals only"),
        }
    }

    /// The instant of the statement.
    pub(super) fn now(&self) -> Typed {
        let now = ScalarValue::TimestampMillisecond(Some(self.now_ms), Some("UTC".into()));
        Typed::new(lit(now), Type::TIMESTAMP_TZ)
    }

    fn current(&self, value: CurrentValue, _precision: Option<u8>, place: Place) -> Result<Typed, SqlError> {
        match value {
            CurrentValue::Timestamp => Ok(self.now()),
            CurrentValue::LocalTimestamp => {
                Ok(Typed::new(lit(ScalarValue::TimestampMillisecond(Some(self.now_ms), None)), Type::TIMESTAMP))
            }
            CurrentValue::Date => {
                let days = i32::try_from(self.now_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
                Ok(Typed::new(lit(ScalarValue::Date32(Some(days))), Type::Date))
            }
            CurrentValue::LocalTime => {
                let nanos = self.now_ms.rem_euclid(DAY_MS) * 1_000_000;
                Ok(Typed::new(lit(ScalarValue::Time64Nanosecond(Some(nanos))), Type::Time { precision: 3 }))
            }
            CurrentValue::Time => {
                let message = "The type time with time zone is not supported; use localtime";
                Err(SqlError::at(place, ErrorClass::NotSupported, message))
            }
            CurrentValue::User | CurrentValue::Catalog | CurrentValue::Schema | CurrentValue::Path => {
                Err(SqlError::at(place, ErrorClass::NotSupported, "There is no such value in a session here"))
            }
        }
    }

    /// `date '2024-01-01'`
    fn typed(&self, name: &str, text: &str, place: Place) -> Result<Typed, SqlError> {
        let name = name.to_lowercase();
        if name == "json" {
            let resolved = self.functions.scalar("json_parse", &[Argument::Value(&Type::VARCHAR)], &mut no_lambda);
            let resolved = resolved.map_err(|error| error.at(place))?;
            let parsed = resolved.call(vec![Compiled::Value(lit(text))])?;
            return Ok(Typed::new(lit(constant(&parsed).map_err(|error| error.or_at(place))?), Type::Json));
        }
        let ty = match name.as_str() {
            "boolean" => Type::Boolean,
            "tinyint" => Type::Tinyint,
            "smallint" => Type::Smallint,
            "int" | "integer" => Type::Integer,
            "bigint" => Type::Bigint,
            "real" => Type::Real,
            "double" => Type::Double,
            "decimal" => return decimal(text, place),
            "varchar" => Type::VARCHAR,
            "char" => Type::Char { length: u32::try_from(text.chars().count()).unwrap_or(u32::MAX) },
            "date" => Type::Date,
            "timestamp" => timestamp_type(text),
            "ipaddress" => Type::IpAddress,
            "uuid" => Type::Uuid,
            "time" => Type::Time { precision: fraction_digits(text) },
            _ => return Err(SqlError::at(place, ErrorClass::TypeNotFound, format!("Unknown type: {name}"))),
        };
        let refuse = |_| {
            let title = ty.to_string();
            let title = title.split('(').next().unwrap_or_default();
            let message = format!("'{text}' is not a valid {title} literal");
            SqlError::at(place, ErrorClass::InvalidLiteral, message)
        };
        let value = cast(lit(text), &Type::VARCHAR, &ty, OnError::Fail).and_then(|expr| constant(&expr));
        Ok(Typed::new(lit(value.map_err(refuse)?), ty.clone()))
    }
}

/// An integer where it fits, else a bigint.
fn integer(value: i64) -> Typed {
    match i32::try_from(value) {
        Ok(small) => Typed::new(lit(small), Type::Integer),
        Err(_) => Typed::new(lit(value), Type::Bigint),
    }
}

/// A decimal with as many digits as are written.
fn decimal(text: &str, place: Place) -> Result<Typed, SqlError> {
    let invalid = || SqlError::at(place, ErrorClass::InvalidLiteral, format!("Invalid decimal literal '{text}'"));
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest.to_owned()),
        None => (1, digits.strip_prefix('+').unwrap_or(&digits).to_owned()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole = whole.trim_start_matches('0');
    let all = format!("{whole}{fraction}");
    let scale = u8::try_from(fraction.len()).map_err(|_| invalid())?;
    let precision = u8::try_from(all.len().max(1)).ok().filter(|precision| *precision <= 38).ok_or_else(invalid)?;
    let value: i128 = if all.is_empty() { 0 } else { all.parse().map_err(|_| invalid())? };
    let literal = ScalarValue::Decimal128(Some(sign * value), precision, i8::try_from(scale).map_err(|_| invalid())?);
    Ok(Typed::new(lit(literal), Type::Decimal { precision, scale }))
}

/// As many digits as the fraction has; with time zone if anything but digits and separators follows the day.
fn timestamp_type(text: &str) -> Type {
    let precision = fraction_digits(text);
    let clock = text.trim().get(10..).unwrap_or_default();
    let has_zone = clock.contains(|c: char| c.is_ascii_alphabetic() || c == '+' || c == '-');
    if has_zone { Type::TimestampTz { precision } } else { Type::Timestamp { precision } }
}

/// How many digits a second's fraction has.
fn fraction_digits(text: &str) -> u8 {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    let digits = fraction.chars().take_while(char::is_ascii_digit).count();
    u8::try_from(digits).unwrap_or(u8::MAX).min(12)
}

fn interval(
    text: &str,
    is_negative: bool,
    from: IntervalUnit,
    to: Option<IntervalUnit>,
    place: Place,
) -> Result<Typed, SqlError> {
    let invalid = || SqlError::at(place, ErrorClass::InvalidLiteral, format!("Invalid INTERVAL literal: {text}"));
    let inner = text.trim();
    let (inner, is_negative) = match inner.strip_prefix('-') {
        Some(rest) => (rest, !is_negative),
        None => (inner.strip_prefix('+').unwrap_or(inner), is_negative),
    };
    let units = [
        IntervalUnit::Year,
        IntervalUnit::Month,
        IntervalUnit::Day,
        IntervalUnit::Hour,
        IntervalUnit::Minute,
        IntervalUnit::Second,
    ];
    let last = to.unwrap_or(from);
    let mut units = units.into_iter().filter(|unit| (from..=last).contains(unit));
    let mut total = 0_i64;
    let is_separator = |c: char| matches!(c, '-' | ' ' | ':');
    for number in inner.split(is_separator) {
        let unit = units.next().ok_or_else(invalid)?;
        total = count(number, unit).and_then(|count| total.checked_add(count)).ok_or_else(invalid)?;
    }
    let total = if is_negative { -total } else { total };
    if from <= IntervalUnit::Month {
        let months = i32::try_from(total).map_err(|_| invalid())?;
        return Ok(Typed::new(lit(ScalarValue::IntervalYearMonth(Some(months))), Type::IntervalYearMonth));
    }
    Ok(Typed::new(lit(ScalarValue::DurationMillisecond(Some(total))), Type::IntervalDaySecond))
}

/// So many months, or milliseconds.
fn count(number: &str, unit: IntervalUnit) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let each = match unit {
        IntervalUnit::Year => 12,
        IntervalUnit::Month => 1,
        IntervalUnit::Day => DAY_MS,
        IntervalUnit::Hour => 3_600_000,
        IntervalUnit::Minute => 60_000,
        IntervalUnit::Second => 1_000,
    };
    let fraction = match fraction.len() {
        0 => 0,
        digits @ 1..=3 if unit == IntervalUnit::Second => {
            fraction.parse::<i64>().ok()? * 10_i64.pow(3 - u32::try_from(digits).ok()?)
        }
        _ => return None,
    };
    whole.parse::<i64>().ok().filter(|whole| *whole >= 0)?.checked_mul(each)?.checked_add(fraction)
}
