//! The zones of writers: how far their wall clocks are from UTC.

use chrono::{LocalResult, Offset, TimeZone};

use crate::Error;

/// A writer's time zone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Zone {
    /// Always this many seconds ahead of UTC.
    Fixed(i64),
    /// By the rules of the zone database.
    Named(chrono_tz::Tz),
}

impl Zone {
    pub(crate) const UTC: Zone = Zone::Fixed(0);

    /// The zone that a stripe's footer names: of the zone database, or as Java prints custom ones, `GMT+05:30`. No
    /// name is UTC.
    pub(crate) fn named(name: &str) -> Result<Zone, Error> {
        if ["", "UTC", "GMT", "Etc/UTC", "Z"].contains(&name) {
            return Ok(Zone::UTC);
        }
        if let Some(seconds) = fixed(name) {
            return Ok(Zone::Fixed(seconds));
        }
        match name.parse() {
            Ok(zone) => Ok(Zone::Named(zone)),
            Err(_) => Err(Error::unsupported("stripe footer", format!("the writer's time zone `{name}`"))),
        }
    }

    /// Seconds ahead of UTC at a point in time, in seconds since 1970.
    pub(crate) fn offset_at(&self, seconds: i64) -> i64 {
        match self {
            Zone::Fixed(offset) => *offset,
            Zone::Named(zone) => match zone.timestamp_opt(seconds, 0) {
                LocalResult::Single(time) => i64::from(time.offset().fix().local_minus_utc()),
                // Beyond the calendar's years.
                _ => 0,
            },
        }
    }

    /// Seconds ahead of UTC when the clock on the wall shows this, in seconds since its 1970.
    pub(crate) fn offset_of_local(&self, seconds: i64) -> i64 {
        // New Year's nights, for which this is asked, are far from clock changes.
        let near = self.offset_at(seconds);
        self.offset_at(seconds - near)
    }
}

/// `GMT+05:30`, `UTC-8`, `+01:00` and the like, in seconds.
fn fixed(name: &str) -> Option<i64> {
    let rest = name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC")).unwrap_or(name);
    let (sign, rest) = match rest.as_bytes().first()? {
        b'+' => (1, &rest[1..]),
        b'-' => (-1, &rest[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str| text.parse::<u8>().ok().map(i64::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_the_rules_of_the_zone() {
        let offset = |name: &str, seconds| Zone::named(name).unwrap().offset_at(seconds);
        let (winter, summer) = (1_420_070_400, 1_435_708_800);
        assert_eq!(offset("America/Los_Angeles", winter), -8 * 3600);
        assert_eq!(offset("America/Los_Angeles", summer), -7 * 3600);
        assert_eq!(offset("GMT+05:30", summer), 5 * 3600 + 1800);
        assert_eq!(offset("UTC", summer), 0);
        assert_eq!(offset("UTC-8", summer), -8 * 3600);
        assert_eq!(offset("Europe/Berlin", i64::MAX), 0);
        assert!(Zone::named("Middle/Earth").is_err());
        assert_eq!(Zone::named("Asia/Shanghai").unwrap().offset_of_local(winter), 8 * 3600);
    }
}
