//! Wall-clock time as an argument.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

/// An instant in UTC, in whole milliseconds since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since the epoch.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// From whole seconds since the epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant without its milliseconds.
    #[must_use]
    pub const fn floor_to_second(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }

    /// The first multiple of `step` (counted from the epoch) that is not before this instant.
    #[must_use]
    pub fn ceil_to(self, step: Duration) -> Self {
        let step = duration_ms(step).max(1);
        Self(-(-self.0).div_euclid(step) * step)
    }

    /// This instant moved forward.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(duration_ms(by)))
    }

    /// This instant moved back.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(duration_ms(by)))
    }

    /// How long ago `earlier` was; zero when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, the form of `eventTime` and digest times.
    pub fn iso(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    pub fn iso_ms(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    /// `YYYYMMDDTHHMMSSZ`, the form of SigV4 and digest file names.
    pub fn basic(self) -> String {
        self.format("%Y%m%dT%H%M%SZ")
    }

    /// `YYYYMMDDTHHMMZ`, the stamp in log file names.
    pub fn basic_minutes(self) -> String {
        self.format("%Y%m%dT%H%MZ")
    }

    /// `YYYYMMDD`.
    pub fn basic_date(self) -> String {
        self.format("%Y%m%d")
    }

    /// `YYYY/MM/DD`, the date folders of delivered objects.
    pub fn date_path(self) -> String {
        self.format("%Y/%m/%d")
    }

    /// `Sun, 22 Nov 2026 11:16:34 GMT` (RFC 9110 `IMF-fixdate`).
    pub fn http_date(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// Reads RFC 3339 text such as `2026-11-22T11:16:34Z`, with or without a fraction.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(time.timestamp_millis()))
    }

    /// Reads `YYYYMMDDTHHMMSSZ`.
    pub fn parse_basic(text: &str) -> Option<Self> {
        let time = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?;
        (text.len() == 16).then(|| Self(time.and_utc().timestamp_millis()))
    }

    fn format(self, pattern: &str) -> String {
        self.to_chrono().format(pattern).to_string()
    }

    fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

fn duration_ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_ms())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_ms())
    }
}

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now, by the wall.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => Timestamp(duration_ms(since)),
            Err(before) => Timestamp(-duration_ms(before.duration())),
        }
    }
}

/// A clock that moves when told to.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves to `to`, which may lie in the past.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.0, Ordering::SeqCst);
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(duration_ms(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_cloudtrail() {
        let time = Timestamp::parse_iso("2026-09-13T17:24:16.551Z").expect("valid");
        assert_eq!(time.iso(), "2026-09-13T17:24:16Z");
        assert_eq!(time.iso_ms(), "2026-09-13T17:24:16.551Z");
        assert_eq!(time.basic(), "20260913T172416Z");
        assert_eq!(time.basic_minutes(), "20260913T1724Z");
        assert_eq!(time.date_path(), "2026/09/13");
        assert_eq!(time.http_date(), "Sun, 13 Sep 2026 17:24:16 GMT");
        assert_eq!(Timestamp::parse_basic("20260913T172416Z"), Some(time.floor_to_second()));
    }

    #[test]
    fn stamps_round_up_to_five_minutes() {
        let five = Duration::from_secs(300);
        let at = |text| Timestamp::parse_iso(text).expect("valid");
        assert_eq!(at("2026-09-13T17:24:16Z").ceil_to(five), at("2026-09-13T17:25:00Z"));
        assert_eq!(at("2026-09-13T17:25:00Z").ceil_to(five), at("2026-09-13T17:25:00Z"));
    }
}
