//! Texts of values, as casts to varchar and `format` make them.

use std::fmt::Write as _;

use opentrail_trino::SqlError;

use super::moment::{self, Moment, SECOND};

/// A double as its cast to varchar has it: `1.0E10`, `3.77E1`, `0E0`, `NaN`.
pub(super) fn double(value: f64) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0E0".into() } else { "0E0".into() };
    }
    special(value).unwrap_or_else(|| scientific(&format!("{value:e}")))
}

/// A real as its cast to varchar has it.
pub(super) fn real(value: f32) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0E0".into() } else { "0E0".into() };
    }
    special(f64::from(value)).unwrap_or_else(|| scientific(&format!("{value:e}")))
}

/// A double as results and JSON have it: Java's `Double.toString`.
pub(crate) fn java_double(value: f64) -> String {
    special(value).unwrap_or_else(|| {
        if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
            plain(value.to_string())
        } else {
            scientific(&format!("{value:e}"))
        }
    })
}

/// A real as results and JSON have it: Java's `Float.toString`.
pub(crate) fn java_real(value: f32) -> String {
    special(f64::from(value)).unwrap_or_else(|| {
        if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
            plain(value.to_string())
        } else {
            scientific(&format!("{value:e}"))
        }
    })
}

fn special(value: f64) -> Option<String> {
    if value.is_nan() {
        return Some("NaN".into());
    }
    value.is_infinite().then(|| if value > 0.0 { "Infinity".into() } else { "-Infinity".into() })
}

fn plain(mut text: String) -> String {
    if !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// Rust's `1e10` as `1.0E10`.
fn scientific(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    format!("{mantissa}{point}E{exponent}")
}

/// An unscaled decimal: `-1.50`.
pub(crate) fn decimal(unscaled: i128, scale: u8) -> String {
    let digits = unscaled.unsigned_abs().to_string();
    let sign = if unscaled < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

/// Days since 1970: `2023-07-10`.
pub(crate) fn date(days: i32) -> Result<String, SqlError> {
    Ok(calendar(moment::date_of(days)?))
}

fn calendar(date: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    let year = date.year();
    let sign = if year < 0 {
        "-"
    } else if year > 9999 {
        "+"
    } else {
        ""
    };
    format!("{sign}{:04}-{:02}-{:02}", year.unsigned_abs(), date.month(), date.day())
}

/// A timestamp without its zone: `2023-07-10 11:42:18.000`.
pub(super) fn timestamp(moment: Moment, precision: u8) -> Result<String, SqlError> {
    let local = moment.local()?;
    let mut text = calendar(local.date());
    text.push(' ');
    let nanos = moment.local_nanos()?.rem_euclid(moment::DAY);
    text.push_str(&time(i64::try_from(nanos).unwrap_or(0), precision));
    Ok(text)
}

/// A timestamp with its zone: `2023-07-10 11:42:18.000 UTC`.
pub(super) fn timestamp_tz(moment: Moment, precision: u8) -> Result<String, SqlError> {
    Ok(format!("{} {}", timestamp(moment, precision)?, moment.zone))
}

/// Nanoseconds of the day: `11:42:18.000`.
pub(crate) fn time(nanos: i64, precision: u8) -> String {
    let second = i64::try_from(SECOND).unwrap_or(1);
    let (seconds, fraction) = (nanos.div_euclid(second), nanos.rem_euclid(second));
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if precision > 0 {
        let digits = format!("{fraction:09}");
        let kept = usize::from(precision.min(9));
        // Writing to a text cannot fail.
        let _ = write!(text, ".{}{}", &digits[..kept], "0".repeat(usize::from(precision) - kept));
    }
    text
}

/// Milliseconds as an interval day to second: `2 03:04:05.321`.
pub(crate) fn interval_day_second(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let all = millis.unsigned_abs();
    let (days, rest) = (all / 86_400_000, all % 86_400_000);
    format!("{sign}{days} {:02}:{:02}:{:02}.{:03}", rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
}

/// Months as an interval year to month: `3-11`.
pub(crate) fn interval_year_month(months: i32) -> String {
    let sign = if months < 0 { "-" } else { "" };
    let all = months.unsigned_abs();
    format!("{sign}{}-{}", all / 12, all % 12)
}

/// 16 bytes of an address: `10.0.0.1`, `2001:db8::1`.
pub(crate) fn ip(bytes: &[u8]) -> String {
    let Ok(bytes) = <[u8; 16]>::try_from(bytes) else { return String::new() };
    let address = std::net::Ipv6Addr::from(bytes);
    match address.to_ipv4_mapped() {
        Some(v4) => v4.to_string(),
        None => address.to_string(),
    }
}

/// 16 bytes of a UUID.
pub(crate) fn uuid(bytes: &[u8]) -> String {
    let hex = hex::encode(bytes);
    match hex.len() {
        32 => format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]),
        _ => hex,
    }
}
