//! The text of a value that has no parts.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, DurationMillisecondType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, IntervalYearMonthType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType,
};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use opentrail_trino::Type;

use crate::function::print;

/// The value of a row that is not NULL and no array, map or row; empty where the array is not what the type says.
pub(super) fn scalar(array: &dyn Array, row: usize, ty: &Type) -> String {
    match ty {
        Type::Boolean => array.as_boolean().value(row).to_string(),
        Type::Tinyint => array.as_primitive::<Int8Type>().value(row).to_string(),
        Type::Smallint => array.as_primitive::<Int16Type>().value(row).to_string(),
        Type::Integer => array.as_primitive::<Int32Type>().value(row).to_string(),
        Type::Bigint => array.as_primitive::<Int64Type>().value(row).to_string(),
        Type::Real => {
            let value = array.as_primitive::<Float32Type>().value(row);
            float(f64::from(value), &value.to_string(), &format!("{value:e}"))
        }
        Type::Double => {
            let value = array.as_primitive::<Float64Type>().value(row);
            float(value, &value.to_string(), &format!("{value:e}"))
        }
        Type::Decimal { scale, .. } => decimal(array.as_primitive::<Decimal128Type>().value(row), *scale),
        Type::Varchar { .. } | Type::Char { .. } | Type::Json => string(array, row),
        Type::Varbinary => bytes(array.as_binary::<i32>().value(row)),
        Type::Date => date(array.as_primitive::<Date32Type>().value(row)),
        Type::Timestamp { precision } | Type::TimestampTz { precision } => timestamp(array, row, *precision),
        Type::Time { precision } | Type::TimeTz { precision } => {
            print::time(array.as_primitive::<Time64NanosecondType>().value(row), *precision)
        }
        Type::IntervalDaySecond => day_second(array.as_primitive::<DurationMillisecondType>().value(row)),
        Type::IntervalYearMonth => year_month(array.as_primitive::<IntervalYearMonthType>().value(row)),
        Type::IpAddress => address(array.as_fixed_size_binary().value(row)),
        Type::Uuid => uuid(array.as_fixed_size_binary().value(row)),
        _ => String::new(),
    }
}

fn string(array: &dyn Array, row: usize) -> String {
    match array.data_type() {
        DataType::Utf8View => array.as_string_view().value(row).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        _ => array.as_string::<i32>().value(row).to_owned(),
    }
}

/// As Java writes it: plain between 10⁻³ and 10⁷, always with a digit after the point.
fn float(value: f64, plain: &str, scientific: &str) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let with_point = |digits: &str| if digits.contains('.') { digits.to_owned() } else { format!("{digits}.0") };
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return with_point(plain);
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    format!("{}E{exponent}", with_point(digits))
}

fn decimal(value: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Hexadecimal bytes, in eights of four.
fn bytes(value: &[u8]) -> String {
    value.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn date(days: i32) -> String {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let date = epoch.checked_add_signed(TimeDelta::days(i64::from(days)));
    date.map_or_else(String::new, |date| date.format("%Y-%m-%d").to_string())
}

fn timestamp(array: &dyn Array, row: usize, precision: u8) -> String {
    let DataType::Timestamp(unit, zone) = array.data_type() else { return String::new() };
    let instant: Option<DateTime<Utc>> = match unit {
        TimeUnit::Second => None,
        TimeUnit::Millisecond => {
            DateTime::from_timestamp_millis(array.as_primitive::<TimestampMillisecondType>().value(row))
        }
        TimeUnit::Microsecond => {
            DateTime::from_timestamp_micros(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        TimeUnit::Nanosecond => {
            Some(DateTime::from_timestamp_nanos(array.as_primitive::<TimestampNanosecondType>().value(row)))
        }
    };
    let Some(instant) = instant else { return String::new() };
    let (local, label) = match zone {
        Some(zone) => local(instant, zone),
        None => (instant.naive_utc(), String::new()),
    };
    let fraction = match precision {
        0..=3 => "%.3f",
        4..=6 => "%.6f",
        _ => "%.9f",
    };
    format!("{}{label}", local.format(&format!("%Y-%m-%d %H:%M:%S{fraction}")))
}

/// The clock of a zone, and the zone as it follows the clock.
fn local(instant: DateTime<Utc>, zone: &str) -> (NaiveDateTime, String) {
    let local = match zone.parse::<chrono_tz::Tz>() {
        Ok(named) => instant.with_timezone(&named).naive_local(),
        Err(_) => match zone.parse::<FixedOffset>() {
            Ok(fixed) => instant.with_timezone(&fixed).naive_local(),
            Err(_) => instant.naive_utc(),
        },
    };
    (local, format!(" {zone}"))
}

/// `2 03:04:05.678`
fn day_second(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.unsigned_abs();
    let (days, seconds) = (ms / 86_400_000, ms / 1000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{sign}{days} {clock}.{:03}", ms % 1000)
}

/// `1-3`
fn year_month(months: i32) -> String {
    let sign = if months < 0 { "-" } else { "" };
    format!("{sign}{}-{}", months.unsigned_abs() / 12, months.unsigned_abs() % 12)
}

/// Addresses of version 4 are kept as those of version 6 that stand for them.
fn address(value: &[u8]) -> String {
    let Ok(octets) = <[u8; 16]>::try_from(value) else { return String::new() };
    let address = std::net::Ipv6Addr::from(octets);
    address.to_ipv4_mapped().map_or_else(|| address.to_string(), |mapped| mapped.to_string())
}

fn uuid(value: &[u8]) -> String {
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    let Some(parts) =
        [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().map(|part| hex.get(part)).collect::<Option<Vec<_>>>()
    else {
        return hex;
    };
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::{day_second, decimal, float};

    #[test]
    fn numbers_as_java_and_trino_write_them() {
        let text = |value: f64| float(value, &value.to_string(), &format!("{value:e}"));
        assert_eq!([text(1.0), text(0.001), text(1e7), text(-1.5e-5)], ["1.0", "0.001", "1.0E7", "-1.5E-5"]);
        assert_eq!([decimal(-5, 2), decimal(826, 1), decimal(7, 0)], ["-0.05", "82.6", "7"]);
        assert_eq!(day_second(-90_061_001), "-1 01:01:01.001");
    }
}
