//! From texts and to texts.

use std::net::{IpAddr, Ipv6Addr};

use arrow_array::ArrayRef;
use opentrail_trino::{SqlError, Type};

use super::super::moment::Stamp;
use super::super::native::{
    Bool, Bytes, Clock, Day, F32, F64, I8, I16, I32, I64, Months, Sixteen, Span, Text, Unscaled,
};
use super::super::{fault, json, print, time};
use super::apply::Job;
use super::number;

pub(super) fn from_text(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    match job.to {
        Type::Varchar { length } => {
            let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(usize::MAX));
            let is_padded = matches!(job.from, Type::Char { .. });
            job.each::<Text, String>(|text| {
                let text = if is_padded { text.trim_end_matches(' ') } else { text };
                Ok(text.chars().take(length).collect())
            })
        }
        Type::Char { length } => job.each::<Text, String>(|text| Ok(padded(text, *length))),
        Type::Boolean => job.each::<Text, bool>(|text| match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "1" => Ok(true),
            "f" | "false" | "0" => Ok(false),
            _ => Err(job.failure(text)),
        }),
        Type::Tinyint => job.each::<Text, i8>(|text| text.parse().map_err(|_| job.failure(text))),
        Type::Smallint => job.each::<Text, i16>(|text| text.parse().map_err(|_| job.failure(text))),
        Type::Integer => job.each::<Text, i32>(|text| text.parse().map_err(|_| failure(job, "INT", text))),
        Type::Bigint => job.each::<Text, i64>(|text| text.parse().map_err(|_| job.failure(text))),
        Type::Real => job.each::<Text, f32>(|text| float(text).map_err(|()| job.failure(text))),
        Type::Double => job.each::<Text, f64>(|text| float(text).map_err(|()| job.failure(text))),
        Type::Decimal { precision, scale } => job.each::<Text, i128>(|text| {
            number::parse(text.trim(), *precision, *scale).ok_or_else(|| {
                fault::cast(format!(
                    "Cannot cast VARCHAR '{text}' to {}. Value is not a number or too large.",
                    job.to.to_string().to_uppercase()
                ))
            })
        }),
        Type::Date => job.each::<Text, i32>(|text| {
            time::date(text.trim()).ok_or_else(|| fault::cast(format!("Value cannot be cast to date: {text}")))
        }),
        Type::Timestamp { precision } => job.each::<Text, _>(|text| {
            time::timestamp(text.trim(), *precision)
                .ok_or_else(|| fault::cast(format!("Value cannot be cast to timestamp: {text}")))
        }),
        Type::TimestampTz { precision } => job.each::<Text, _>(|text| {
            time::timestamp_tz(text.trim(), *precision)
                .ok_or_else(|| fault::cast(format!("Value cannot be cast to timestamp with time zone: {text}")))
        }),
        Type::Time { .. } | Type::TimeTz { .. } => job.each::<Text, i64>(|text| {
            time::clock(text.trim()).ok_or_else(|| fault::cast(format!("Value cannot be cast to time: {text}")))
        }),
        Type::Json => job.each::<Text, String>(|text| {
            let mut quoted = String::with_capacity(text.len() + 2);
            json::quote(text, &mut quoted);
            Ok(quoted)
        }),
        Type::Varbinary => job.each::<Text, Vec<u8>>(|text| Ok(text.as_bytes().to_vec())),
        Type::IpAddress => job.each::<Text, [u8; 16]>(|text| {
            ip(text).ok_or_else(|| fault::cast(format!("Cannot cast value to IPADDRESS: {text}")))
        }),
        Type::Uuid => job.each::<Text, [u8; 16]>(|text| {
            uuid(text).ok_or_else(|| fault::cast(format!("Cannot cast value to UUID: {text}")))
        }),
        _ => Err(fault::internal("there is no such cast of a text")),
    }
}

fn failure(_: &Job<'_>, to: &str, text: &str) -> SqlError {
    fault::cast(format!("Cannot cast '{text}' to {to}"))
}

/// Java's texts of doubles.
fn float<F: std::str::FromStr>(text: &str) -> Result<F, ()> {
    let text = text.trim();
    let bare =
        text.strip_suffix(['d', 'D', 'f', 'F']).filter(|bare| bare.ends_with(|c: char| c.is_ascii_digit() || c == '.'));
    let bare = bare.unwrap_or(text);
    let unsigned = bare.trim_start_matches(['+', '-']);
    if unsigned.starts_with(|c: char| c.is_ascii_alphabetic()) && unsigned != "NaN" && unsigned != "Infinity" {
        return Err(());
    }
    bare.parse().map_err(|_| ())
}

fn padded(text: &str, length: u32) -> String {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    text.chars().chain(std::iter::repeat(' ')).take(length).collect()
}

/// An address as 16 bytes; those of version 4 are mapped.
pub(in super::super) fn ip(text: &str) -> Option<[u8; 16]> {
    match text.parse().ok()? {
        IpAddr::V4(v4) => Some(v4.to_ipv6_mapped().octets()),
        IpAddr::V6(v6) => Some(Ipv6Addr::octets(&v6)),
    }
}

/// A UUID as 16 bytes.
fn uuid(text: &str) -> Option<[u8; 16]> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if lengths != [8, 4, 4, 4, 12] {
        return None;
    }
    let mut bytes = [0; 16];
    hex::decode_to_slice(parts.concat(), &mut bytes).ok()?;
    Some(bytes)
}

pub(super) fn to_text(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    let fit = |text: String| fit(job, text);
    match job.from {
        Type::Boolean => job.each::<Bool, String>(|truth| fit(truth.to_string())),
        Type::Tinyint => job.each::<I8, String>(|n| fit(n.to_string())),
        Type::Smallint => job.each::<I16, String>(|n| fit(n.to_string())),
        Type::Integer => job.each::<I32, String>(|n| fit(n.to_string())),
        Type::Bigint => job.each::<I64, String>(|n| fit(n.to_string())),
        Type::Real => job.each::<F32, String>(|n| fit(print::real(n))),
        Type::Double => job.each::<F64, String>(|n| fit(print::double(n))),
        Type::Decimal { scale, .. } => job.each::<Unscaled, String>(|n| fit(print::decimal(n, *scale))),
        Type::Date => job.each::<Day, String>(|day| fit(print::date(day)?)),
        Type::Time { precision } | Type::TimeTz { precision } => {
            job.each::<Clock, String>(|clock| fit(print::time(clock, *precision)))
        }
        Type::Timestamp { precision } => job.each::<Stamp, String>(|moment| fit(print::timestamp(moment, *precision)?)),
        Type::TimestampTz { precision } => {
            job.each::<Stamp, String>(|moment| fit(print::timestamp_tz(moment, *precision)?))
        }
        Type::IntervalDaySecond => job.each::<Span, String>(|span| fit(print::interval_day_second(span))),
        Type::IntervalYearMonth => job.each::<Months, String>(|months| fit(print::interval_year_month(months))),
        Type::IpAddress => job.each::<Sixteen, String>(|bytes| fit(print::ip(bytes))),
        Type::Uuid => job.each::<Sixteen, String>(|bytes| fit(print::uuid(bytes))),
        _ => Err(fault::internal("there is no such cast to a text")),
    }
}

/// The text, if it is short enough.
fn fit(job: &Job<'_>, text: String) -> Result<String, SqlError> {
    match job.to {
        Type::Varchar { length: Some(length) } if text.chars().count() > usize::try_from(*length).unwrap_or(0) => {
            Err(fault::cast(format!("Value {text} cannot be represented as varchar({length})")))
        }
        Type::Char { length } => Ok(padded(&text, *length)),
        _ => Ok(text),
    }
}

/// Among varbinary, addresses and UUIDs.
pub(super) fn bytes(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    match job.to {
        Type::Varbinary => job.each::<Sixteen, Vec<u8>>(|bytes| Ok(bytes.to_vec())),
        _ => job.each::<Bytes, [u8; 16]>(|bytes| {
            if let (Type::IpAddress, Ok(v4)) = (job.to, <[u8; 4]>::try_from(bytes)) {
                return Ok(std::net::Ipv4Addr::from(v4).to_ipv6_mapped().octets());
            }
            <[u8; 16]>::try_from(bytes)
                .map_err(|_| fault::cast(format!("Invalid {} binary length: {}", job.to, bytes.len())))
        }),
    }
}
