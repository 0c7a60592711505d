//! Text that is compared with a time. CloudTrail Lake reads more spellings than Trino's cast: with `T` or a blank, with or
//! without clock, fraction and zone.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use opentrail_trino::{ErrorClass, SqlError};

use crate::function::into_datafusion;

#[derive(Debug, PartialEq, Eq, Hash)]
struct Time {
    signature: Signature,
    to: DataType,
}

/// The instant that a text tells; without a zone it is UTC. A text that tells none is `INVALID_CAST_ARGUMENT`.
pub(in crate::analyze) fn time(text: Expr, to: DataType) -> Expr {
    ScalarUDF::from(Time { signature: Signature::any(1, Volatility::Immutable), to }).call(vec![text])
}

impl ScalarUDFImpl for Time {
    fn name(&self) -> &'static str {
        "$time"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.to.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let texts = arguments.args[0].to_array(arguments.number_rows)?;
        let texts = cast(&texts, &DataType::Utf8)?;
        let unit = match &self.to {
            DataType::Timestamp(unit, _) => *unit,
            _ => TimeUnit::Millisecond,
        };
        let read = |text: &str| {
            parse(text).and_then(|instant| ticks(instant, unit)).ok_or_else(|| {
                let message = format!("Value cannot be cast to timestamp: {text}");
                into_datafusion(SqlError::new(ErrorClass::InvalidCastArgument, message))
            })
        };
        let ticks = texts.as_string::<i32>().iter().map(|text| text.map(read).transpose());
        let ticks: Int64Array = ticks.collect::<Result<_>>()?;
        let ticks: ArrayRef = Arc::new(ticks);
        Ok(ColumnarValue::Array(cast(&ticks, &self.to)?))
    }
}

/// The count of units since 1970, rounded half up.
fn ticks(instant: NaiveDateTime, unit: TimeUnit) -> Option<i64> {
    let instant = instant.and_utc();
    match unit {
        TimeUnit::Nanosecond => instant.timestamp_nanos_opt(),
        TimeUnit::Microsecond => Some((instant + TimeDelta::nanoseconds(500)).timestamp_micros()),
        _ => Some((instant + TimeDelta::microseconds(500)).timestamp_millis()),
    }
}

fn parse(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let (day, clock) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text, ""),
    };
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let (clock, offset) = split_zone(clock)?;
    let clock = if clock.is_empty() { NaiveTime::MIN } else { parse_clock(clock)? };
    Some(DateTime::<FixedOffset>::from_naive_utc_and_offset(day.and_time(clock) - offset, offset).naive_utc())
}

/// The clock without its zone, and the zone's offset.
fn split_zone(clock: &str) -> Option<(&str, FixedOffset)> {
    let utc = FixedOffset::east_opt(0)?;
    if let Some(clock) = clock.strip_suffix(['Z', 'z']).or_else(|| clock.strip_suffix(" UTC")) {
        return Some((clock.trim_end(), utc));
    }
    let Some(at) = clock.rfind(['+', '-']) else { return Some((clock, utc)) };
    let (hours, minutes) = clock[at + 1..].split_once(':').unwrap_or_else(|| {
        let zone = &clock[at + 1..];
        zone.split_at_checked(2).unwrap_or((zone, ""))
    });
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i32>().ok()? };
    let seconds = (hours.parse::<i32>().ok()? * 60 + minutes) * 60;
    let seconds = if clock.as_bytes()[at] == b'-' { -seconds } else { seconds };
    Some((clock[..at].trim_end(), FixedOffset::east_opt(seconds)?))
}

fn parse_clock(clock: &str) -> Option<NaiveTime> {
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(clock, format).ok())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_spelling_of_an_instant() {
        let noon = parse("2023-07-10 12:00:00");
        for text in [
            "2023-07-10T12:00:00Z",
            "2023-07-10T12:00:00.000Z",
            "2023-07-10T12:00:00",
            "2023-07-10 12:00",
            "2023-07-10T14:00:00+02:00",
            "2023-07-10T07:30:00-0430",
            "2023-07-10 12:00:00 UTC",
        ] {
            assert_eq!(parse(text), noon, "{text}");
        }
        assert!(noon.is_some() && parse("2023-07-10").is_some());
        for text in ["yesterday", "", "2023-13-01", "2023-07-10 25:00:00", "12:00", "2023-07-10Tü"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
