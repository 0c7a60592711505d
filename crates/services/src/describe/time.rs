//! Times, as they are on the wire and as records write them.

use opentrail_stdx::Timestamp;
use serde_json::Value;

/// How a service's records write times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// `Jul 10, 2023, 12:07:59 PM`, as newer Java does.
    Comma,
    /// `Jul 10, 2023 12:07:59 PM`, as older Java does.
    Plain,
    /// Milliseconds since 1970.
    Milliseconds,
    /// As on the wire.
    Written,
}

impl Times {
    /// A time of the wire as records have it; what is no time stays as it is.
    pub(super) fn print(self, value: Value) -> Value {
        let Some(time) = parse(&value).filter(|_| self != Self::Written) else { return value };
        match self {
            Self::Comma => java(time, ", ").into(),
            Self::Plain => java(time, " ").into(),
            Self::Milliseconds => time.as_ms().into(),
            Self::Written => value,
        }
    }
}

/// Seconds since 1970, RFC 3339 or an HTTP date.
fn parse(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(seconds) => from_seconds(seconds.as_f64()?),
        Value::String(text) => {
            let seconds = || text.parse().ok().and_then(from_seconds);
            Timestamp::parse_iso(text).or_else(|| from_http(text)).or_else(seconds)
        }
        _ => None,
    }
}

fn from_seconds(seconds: f64) -> Option<Timestamp> {
    // The year 9999.
    let is_time = (0.0..253_402_300_800.0).contains(&seconds);
    #[allow(clippy::cast_possible_truncation, reason = "in bounds, and less than a millisecond is lost")]
    is_time.then(|| Timestamp::from_ms((seconds * 1000.0).round() as i64))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Sun, 22 Nov 2026 11:16:34 GMT`.
fn from_http(text: &str) -> Option<Timestamp> {
    let (_, date) = text.split_once(", ")?;
    let mut words = date.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Timestamp::parse_iso(&format!("{year}-{month:02}-{day:0>2}T{time}Z"))
}

fn java(time: Timestamp, comma: &str) -> String {
    let text = time.iso();
    let number =
        |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<usize>().ok()).unwrap_or(0);
    let (year, month, day) = (&text[..4], MONTHS[(number(5..7).max(1) - 1) % 12], number(8..10));
    let (hour, rest) = (number(11..13), &text[13..19]);
    let (half, hour) = (if hour < 12 { "AM" } else { "PM" }, (hour + 11) % 12 + 1);
    format!("{month} {day}, {year}{comma}{hour}{rest} {half}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_written_as_java_does() {
        for (value, expected) in [
            (json!(1_688_990_879), "Jul 10, 2023, 12:07:59 PM"),
            (json!(1_688_990_879.25), "Jul 10, 2023, 12:07:59 PM"),
            (json!("2023-07-03T00:42:38Z"), "Jul 3, 2023, 12:42:38 AM"),
            (json!("2023-07-03T00:42:38.123456Z"), "Jul 3, 2023, 12:42:38 AM"),
            (json!("Sun, 22 Nov 2026 23:16:34 GMT"), "Nov 22, 2026, 11:16:34 PM"),
        ] {
            assert_eq!(Times::Comma.print(value), json!(expected));
        }
        assert_eq!(Times::Plain.print(json!(0)), json!("Jan 1, 1970 12:00:00 AM"));
        assert_eq!(Times::Milliseconds.print(json!("2023-07-10T12:07:59.5Z")), json!(1_688_990_879_500_i64));
    }

    #[test]
    fn what_is_no_time_stays() {
        for value in [json!("soon"), json!(-1), json!(1e300), json!(null), json!(["x"])] {
            assert_eq!(Times::Comma.print(value.clone()), value);
        }
        assert_eq!(Times::Written.print(json!(5)), json!(5));
    }
}
