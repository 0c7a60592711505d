//! Times out of texts and numbers, and back.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, ternary, unary};
use super::super::moment::{DAY, Moment, SECOND, Stamp};
use super::super::native::{Day, F64, I64, Span, Text, Unscaled};
use super::super::zone::Zone;
use super::super::{Registry, fault, print};
use super::parse;

pub(super) fn register(to: &mut Registry) {
    to.add(
        "$lake_time(varchar) -> timestamp3",
        unary::<Text, _>(|text| {
            parse::lake_time(text.trim())
                .ok_or_else(|| fault::cast(format!("Value cannot be cast to timestamp: {text}")))
        }),
    );
    to.add(
        "date(varchar) -> date",
        unary::<Text, _>(|text| {
            let day = parse::date(text.trim()).or_else(|| {
                parse::lake_time(text.trim()).and_then(|moment| i32::try_from(moment.nanos.div_euclid(DAY)).ok())
            });
            day.ok_or_else(|| fault::cast(format!("Value cannot be cast to date: {text}")))
        }),
    );
    to.add("date(date) -> date", unary::<Day, _>(|day| day));
    for signature in ["date(timestamp) -> date", "date(timestamptz) -> date"] {
        to.add(signature, unary::<Stamp, _>(day_of));
    }
    iso(to);
    unix(to);
    durations(to);
}

/// The date on the clock of its zone.
pub(super) fn day_of(moment: Moment) -> Result<i32, SqlError> {
    i32::try_from(moment.local_nanos()?.div_euclid(DAY)).map_err(|_| fault::argument("date is out of range"))
}

fn iso(to: &mut Registry) {
    to.add(
        "from_iso8601_timestamp(varchar) -> timestamptz3",
        unary::<Text, _>(|text| {
            let moment = parse::iso(text).ok_or_else(|| fault::argument(format!("Invalid format: \"{text}\"")))?;
            Ok::<_, SqlError>(Moment { nanos: moment.nanos.div_euclid(1_000_000) * 1_000_000, ..moment })
        }),
    );
    to.add(
        "from_iso8601_timestamp_nanos(varchar) -> timestamptz9",
        unary::<Text, _>(|text| parse::iso(text).ok_or_else(|| fault::argument(format!("Invalid format: \"{text}\"")))),
    );
    to.add(
        "from_iso8601_date(varchar) -> date",
        unary::<Text, _>(|text| {
            parse::iso_date(text).ok_or_else(|| fault::argument(format!("Invalid format: \"{text}\"")))
        }),
    );
    to.add("to_iso8601(date) -> varchar", unary::<Day, _>(print::date));
    to.add("to_iso8601(timestamp) -> varchar", super::super::kernel::Kernel::partial(|call| iso_text(call, false)));
    to.add("to_iso8601(timestamptz) -> varchar", super::super::kernel::Kernel::partial(|call| iso_text(call, true)));
}

fn iso_text(call: &super::super::kernel::Call<'_>, has_zone: bool) -> Result<arrow_array::ArrayRef, SqlError> {
    use super::super::adapt::{collect, input};
    let precision = match call.parameters.first() {
        Some(opentrail_trino::Type::Timestamp { precision } | opentrail_trino::Type::TimestampTz { precision }) => {
            *precision
        }
        _ => 3,
    };
    let moments = super::super::native::Reader::<Stamp>::new(input(call, 0)?)?;
    collect(call, |row| {
        let moment = moments.get(row)?;
        Some(print::timestamp(moment, precision).and_then(|text| {
            let zone = match (has_zone, moment.offset()?) {
                (false, _) => String::new(),
                (true, 0) => "Z".to_owned(),
                (true, seconds) => super::super::zone::offset_text(seconds),
            };
            Ok(text.replacen(' ', "T", 1) + &zone)
        }))
    })
}

fn unix(to: &mut Registry) {
    to.add("from_unixtime(double) -> timestamptz3", unary::<F64, _>(|seconds| from_unix(seconds, Zone::Utc)));
    to.add(
        "from_unixtime(double, varchar) -> timestamptz3",
        binary::<F64, Text, _>(|seconds, zone| from_unix(seconds, Zone::parse(zone)?)),
    );
    to.add(
        "from_unixtime(double, bigint, bigint) -> timestamptz3",
        ternary::<F64, I64, I64, _>(|seconds, hours, minutes| {
            let offset = hours.checked_mul(3600).zip(minutes.checked_mul(60)).and_then(|(h, m)| h.checked_add(m));
            let offset =
                offset.and_then(|offset| i32::try_from(offset).ok()).filter(|offset| offset.abs() <= 14 * 3600);
            let offset = offset.ok_or_else(|| fault::argument("Invalid offset of a time zone"))?;
            from_unix(seconds, if offset == 0 { Zone::Utc } else { Zone::Fixed(offset) })
        }),
    );
    to.add("from_unixtime_nanos(bigint) -> timestamptz9", unary::<I64, _>(|nanos| Moment::utc(i128::from(nanos))));
    to.add("from_unixtime_nanos(decimal) -> timestamptz9", unary::<Unscaled, _>(Moment::utc));
    for signature in ["to_unixtime(timestamp) -> double", "to_unixtime(timestamptz) -> double"] {
        to.add(
            signature,
            unary::<Stamp, _>(|moment| {
                let whole = moment.nanos.div_euclid(SECOND) as f64;
                whole + moment.nanos.rem_euclid(SECOND) as f64 / 1e9
            }),
        );
    }
}

/// Rounded to milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn from_unix(seconds: f64, zone: Zone) -> Result<Moment, SqlError> {
    let millis = (seconds * 1000.0 + 0.5).floor();
    if !(-9e15..9e15).contains(&millis) {
        return Err(fault::argument(format!("Unix time is out of range: {seconds}")));
    }
    Ok(Moment { nanos: i128::from(millis as i64) * 1_000_000, zone })
}

fn durations(to: &mut Registry) {
    to.add("to_milliseconds(interval_day_second) -> bigint", unary::<Span, _>(|span| span));
    to.add("parse_duration(varchar) -> interval_day_second", unary::<Text, _>(duration));
    to.add("human_readable_seconds(double) -> varchar", unary::<F64, _>(human));
}

/// `42ms`, `3.81 d`.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn duration(text: &str) -> Result<i64, SqlError> {
    let invalid = || fault::argument(format!("duration is not a valid data duration string: {text}"));
    let trimmed = text.trim();
    let at = trimmed.find(|letter: char| letter.is_ascii_alphabetic()).ok_or_else(invalid)?;
    let (number, unit) = trimmed.split_at(at);
    let number: f64 = number.trim().parse().map_err(|_| invalid())?;
    let millis = match unit.trim() {
        "ns" => 1e-6,
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        "h" => 3.6e6,
        "d" => 8.64e7,
        _ => return Err(invalid()),
    };
    let millis = (number * millis).round();
    if number < 0.0 || !(0.0..9e15).contains(&millis) {
        return Err(invalid());
    }
    Ok(millis as i64)
}

/// `1 day, 2 hours, 3 seconds`
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn human(seconds: f64) -> Result<String, SqlError> {
    if !seconds.is_finite() || seconds.abs() >= 9e15 {
        return Err(fault::argument(format!("Invalid argument found: {seconds}")));
    }
    let mut rest = seconds.abs().round() as i64;
    let mut parts = Vec::new();
    for (unit, size) in [("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)] {
        let count = rest / size;
        rest %= size;
        if count > 0 || (unit == "second" && parts.is_empty()) {
            parts.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    Ok(parts.join(", "))
}
