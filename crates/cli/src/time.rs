//! Times of the command line.

use std::time::Duration;

use opentrail_stdx::{Clock, SystemClock, Timestamp};

/// Reads a time: RFC 3339, or a date. Without a zone it is UTC.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    let whole = Timestamp::parse_iso(text).or_else(|| Timestamp::parse_iso(&format!("{text}Z")));
    whole
        .or_else(|| Timestamp::parse_iso(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "not a time such as `2026-11-22T10:00:00Z` or `2026-11-22`".to_owned())
}

/// Reads a time, or how long ago it was: `2h`, `7d ago`, `1h 30m`, `now`, `today`, `yesterday`.
pub(crate) fn parse_when(text: &str) -> Result<Timestamp, String> {
    when(text, SystemClock.now())
}

fn when(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let today = Timestamp::from_ms(now.as_ms() - now.as_ms().rem_euclid(86_400_000));
    let text = text.trim();
    match text.to_ascii_lowercase().as_str() {
        "now" => return Ok(now),
        "today" => return Ok(today),
        "yesterday" => return Ok(today.minus(DAY)),
        _ => {}
    }
    let span = text.strip_suffix("ago").unwrap_or(text).trim();
    if let Ok(span) = humantime::parse_duration(span) {
        return Ok(now.minus(span));
    }
    parse_time(text).map_err(|_| "not a time such as `2026-11-22T10:00:00Z`, `2026-11-22`, `2h` or `7d ago`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_utc_unless_they_say_otherwise() {
        let at = |text: &str| parse_time(text).map(Timestamp::iso);
        assert_eq!(at("2026-11-22").unwrap(), "2026-11-22T00:00:00Z");
        assert_eq!(at("2026-11-22T10:00:00").unwrap(), "2026-11-22T10:00:00Z");
        assert_eq!(at("2026-11-22T10:00:00+02:00").unwrap(), "2026-11-22T08:00:00Z");
        assert!(at("yesterday").is_err());
    }

    #[test]
    fn times_may_be_told_from_now() {
        let now = Timestamp::parse_iso("2026-11-22T10:30:00Z").unwrap();
        let at = |text: &str| when(text, now).map(Timestamp::iso);
        for (text, expected) in [
            ("2h", "2026-11-22T08:30:00Z"),
            ("7d ago", "2026-11-15T10:30:00Z"),
            ("1h 30m ago", "2026-11-22T09:00:00Z"),
            ("now", "2026-11-22T10:30:00Z"),
            ("Today", "2026-11-22T00:00:00Z"),
            ("yesterday", "2026-11-21T00:00:00Z"),
            ("2026-11-01", "2026-11-01T00:00:00Z"),
        ] {
            assert_eq!(at(text).unwrap(), expected, "{text}");
        }
        assert!(at("ago").is_err() && at("soon").is_err() && at("").is_err());
    }
}
