//! Instants on the wire.

use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use serde_json::Value;

use crate::codec::{Codec, Mismatch, unexpected};

/// An instant with the precision of the wire: milliseconds since 1970.
///
/// Responses carry it as epoch seconds in the form that Java gives a `double` (`1.789319538551E9`); requests may carry
/// any JSON number of epoch seconds, or ISO 8601 text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Beyond these years nothing is a real instant, and calendars stop working.
const MILLIS_MAX: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The instant so many milliseconds after 1970 began.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 began.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads epoch seconds, or ISO 8601 text.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::from_seconds(number.as_f64()?),
            Value::String(text) => Self::from_iso(text),
            _ => None,
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the range is checked first")]
    fn from_seconds(seconds: f64) -> Option<Self> {
        let millis = (seconds * 1000.0).round();
        (millis.abs() <= MILLIS_MAX as f64).then_some(Self(millis as i64))
    }

    fn from_iso(text: &str) -> Option<Self> {
        let zoned = DateTime::parse_from_rfc3339(text).map(|it| it.timestamp_millis());
        let local =
            || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|it| it.and_utc().timestamp_millis());
        let date = || {
            NaiveDateTime::parse_from_str(&format!("{text}T00:00:00"), "%Y-%m-%dT%H:%M:%S")
                .map(|it| it.and_utc().timestamp_millis())
        };
        let millis = zoned.or_else(|_| local()).or_else(|_| date()).ok()?;
        (millis.abs() <= MILLIS_MAX).then_some(Self(millis))
    }

    /// As `2026-09-13T17:47:17Z`.
    pub fn to_iso_seconds(self) -> String {
        self.calendar().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// As records show dates in answers: `Sep 13, 2026 7:02:13 PM`.
    pub fn to_record_date(self) -> String {
        self.calendar().format("%b %-d, %Y %-I:%M:%S %p").to_string()
    }

    fn calendar(self) -> DateTime<chrono::Utc> {
        DateTime::from_timestamp_millis(self.0.clamp(-MILLIS_MAX, MILLIS_MAX))
            .expect("the clamped range is in the calendar")
    }
}

impl Codec for Timestamp {
    fn read(value: Value) -> Result<Self, Mismatch> {
        Self::from_json(&value).ok_or_else(|| unexpected(&value, "a Date"))
    }

    #[allow(clippy::cast_precision_loss, reason = "instants of the calendar fit in 53 bits")]
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(java_double(self.0 as f64 / 1000.0).as_bytes());
    }
}

/// The text that Java's `Double.toString` gives a finite number; JSON has no other ones.
pub(crate) fn java_double(number: f64) -> String {
    if !number.is_finite() {
        return "null".to_owned();
    }
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let scientific = format!("{number:E}");
    match scientific.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => scientific,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn written(timestamp: Timestamp) -> String {
        let mut out = Vec::new();
        timestamp.write(&mut out);
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn java_prints_it_so() {
        let printed = |millis| written(Timestamp::from_millis(millis));
        assert_eq!(printed(1_789_319_538_551), "1.789319538551E9");
        assert_eq!(printed(1_789_319_946_210), "1.78931994621E9");
        assert_eq!(printed(1_789_319_538_000), "1.789319538E9");
        assert_eq!(printed(2_000_000_000_000), "2.0E9");
        assert_eq!(printed(10_000_000_000), "1.0E7");
        assert_eq!(printed(9_999_999_999), "9999999.999");
        assert_eq!(printed(1_500), "1.5");
        assert_eq!(printed(1), "0.001");
        assert_eq!(printed(0), "0.0");
        assert_eq!(printed(-62_000_000_000), "-6.2E7");
        assert_eq!(java_double(0.000_5), "5.0E-4");
        assert_eq!(java_double(1.25e-7), "1.25E-7");
    }

    #[test]
    fn requests_carry_numbers_or_iso_text() {
        let read = |value| Timestamp::from_json(&value).map(Timestamp::as_millis);
        assert_eq!(read(json!(1_789_319_538)), Some(1_789_319_538_000));
        assert_eq!(read(json!(1_789_319_538.551)), Some(1_789_319_538_551));
        assert_eq!(read(json!(1.789_319_538_551E9)), Some(1_789_319_538_551));
        assert_eq!(read(json!("2026-09-13T17:12:18.551Z")), Some(1_789_319_538_551));
        assert_eq!(read(json!("2026-09-13T19:12:18+02:00")), Some(1_789_319_538_000));
        assert_eq!(read(json!("2026-09-13T17:12:18")), Some(1_789_319_538_000));
        assert_eq!(read(json!("2026-09-13")), Some(1_789_257_600_000));
        for refused in [json!("yesterday"), json!(""), json!(true), json!(1e300), json!(-1e300), json!([])] {
            assert_eq!(read(refused.clone()), None, "{refused}");
        }
    }

    #[test]
    fn people_read_it_so() {
        let timestamp = Timestamp::from_millis(1_789_326_133_999);
        assert_eq!(timestamp.to_iso_seconds(), "2026-09-13T19:02:13Z");
        assert_eq!(timestamp.to_record_date(), "Sep 13, 2026 7:02:13 PM");
        assert_eq!(Timestamp::from_millis(0).to_record_date(), "Jan 1, 1970 12:00:00 AM");
        assert_eq!(Timestamp::from_millis(i64::MAX).to_iso_seconds(), "9999-12-31T23:59:59Z");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(millis in -MILLIS_MAX..=MILLIS_MAX) {
            let timestamp = Timestamp::from_millis(millis);
            let value: Value = serde_json::from_str(&written(timestamp)).expect("JSON");
            prop_assert_eq!(Timestamp::from_json(&value), Some(timestamp));
        }

        #[test]
        fn doubles_survive(number in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            prop_assert_eq!(java_double(number).parse::<f64>(), Ok(number));
        }
    }
}
