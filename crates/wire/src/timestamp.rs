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
