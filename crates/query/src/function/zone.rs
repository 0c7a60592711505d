//! Time zones: their names, their offsets, and which one labels a column.

use std::sync::Arc;

use arrow_schema::{DataType, TimeUnit};
use chrono::{NaiveDateTime, Offset, TimeZone};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::ReturnFieldArgs;
use opentrail_trino::SqlError;

use super::fault;

/// A zone that texts can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// `UTC`, and timestamps without zone.
    Utc,
    /// Of the IANA data base.
    Named(chrono_tz::Tz),
    /// So many seconds east of Greenwich.
    Fixed(i32),
}

impl Zone {
    /// `UTC`, `Europe/Paris`, `+02:00`.
    pub(super) fn parse(text: &str) -> Result<Self, SqlError> {
        Self::find(text).ok_or_else(|| fault::argument(format!("'{text}' is not a valid time zone")))
    }

    /// As [`Self::parse`].
    pub(super) fn find(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        if matches!(upper.as_str(), "UTC" | "Z" | "GMT" | "UT" | "ETC/UTC" | "ZULU" | "UCT") {
            return Some(Self::Utc);
        }
        let bare = ["UTC", "GMT", "UT"].iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
        if bare.starts_with(['+', '-']) {
            return offset(bare).map(|seconds| if seconds == 0 { Self::Utc } else { Self::Fixed(seconds) });
        }
        if let Ok(zone) = text.parse::<chrono_tz::Tz>() {
            return Some(Self::Named(zone));
        }
        let mut all = chrono_tz::TZ_VARIANTS.iter();
        all.find(|zone| zone.name().eq_ignore_ascii_case(text)).map(|zone| Self::Named(*zone))
    }

    /// Seconds east of Greenwich at a UTC time.
    pub(super) fn offset_at(self, utc: NaiveDateTime) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Fixed(seconds) => seconds,
            Self::Named(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
        }
    }

    /// Seconds east of Greenwich at a local time; of two, the earlier instant's; in a gap, that before the gap.
    pub(super) fn offset_of_local(self, local: NaiveDateTime) -> i32 {
        let Self::Named(zone) = self else { return self.offset_at(local) };
        match zone.offset_from_local_datetime(&local) {
            chrono::LocalResult::Single(offset) => offset.fix().local_minus_utc(),
            chrono::LocalResult::Ambiguous(first, second) => {
                first.fix().local_minus_utc().max(second.fix().local_minus_utc())
            }
            chrono::LocalResult::None => {
                let before = local - chrono::TimeDelta::hours(24);
                self.offset_at(before)
            }
        }
    }
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Utc => f.write_str("UTC"),
            Self::Named(zone) => f.write_str(zone.name()),
            Self::Fixed(seconds) => f.write_str(&offset_text(*seconds)),
        }
    }
}

/// `+02:00`
pub(super) fn offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `+02:00`, `+0200`, `+02`, `-7` in seconds; at most 14 hours.
pub(super) fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(both) => both,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let is_number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = hours * 3600 + minutes * 60;
    (minutes < 60 && seconds <= 14 * 3600).then_some(sign * seconds)
}

/// Do the types differ in the zone's label only?
pub(super) fn is_label_only(a: &DataType, b: &DataType) -> bool {
    matches!((a, b), (DataType::Timestamp(a, Some(_)), DataType::Timestamp(b, Some(_))) if a == b)
}

/// The type of an answer, labelled with the zone that a constant argument names, or else with that of an argument.
pub(super) fn label(function: &str, shape: DataType, arguments: &ReturnFieldArgs<'_>) -> DataType {
    let DataType::Timestamp(unit, Some(_)) = shape else { return shape };
    let constant = names_zone(function).and_then(|position| named(function, position, arguments));
    let inherited = || {
        arguments.arg_fields.iter().find_map(|field| match field.data_type() {
            DataType::Timestamp(_, zone @ Some(_)) => zone.clone(),
            _ => None,
        })
    };
    labelled(unit, constant.map(|zone| Arc::from(zone.to_string())).or_else(inherited))
}

fn labelled(unit: TimeUnit, zone: Option<Arc<str>>) -> DataType {
    DataType::Timestamp(unit, Some(zone.unwrap_or_else(|| Arc::from("UTC"))))
}

/// Which argument of a function tells the zone of its answer.
fn names_zone(function: &str) -> Option<usize> {
    match function {
        "at_timezone" | "with_timezone" | "$operator$at_timezone" | "from_unixtime" => Some(1),
        "from_iso8601_timestamp" | "from_iso8601_timestamp_nanos" | "$cast" => Some(0),
        _ => None,
    }
}

fn named(function: &str, position: usize, arguments: &ReturnFieldArgs<'_>) -> Option<Zone> {
    if function == "from_unixtime" && arguments.scalar_arguments.len() == 3 {
        let part = |index: usize| match arguments.scalar_arguments.get(index) {
            Some(Some(ScalarValue::Int64(Some(part)))) => i32::try_from(*part).ok(),
            _ => None,
        };
        let seconds = part(1)?.checked_mul(3600)?.checked_add(part(2)?.checked_mul(60)?)?;
        return Some(if seconds == 0 { Zone::Utc } else { Zone::Fixed(seconds) });
    }
    let text = match arguments.scalar_arguments.get(position) {
        Some(Some(ScalarValue::Utf8(Some(text)))) => text,
        Some(Some(ScalarValue::DurationMillisecond(Some(distance)))) => {
            return i32::try_from(distance / 1000)
                .ok()
                .map(|seconds| if seconds == 0 { Zone::Utc } else { Zone::Fixed(seconds) });
        }
        _ => return None,
    };
    if position == 1 {
        return Zone::find(text);
    }
    super::time::zone_in(text)
}
