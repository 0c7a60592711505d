//! Texts of dates and times.

use chrono::NaiveDate;

use super::super::moment::{DAY, Moment, SECOND, days_of, nanos_of, round_to};
use super::super::zone::Zone;

/// A reader of one text.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// So many digits, at least and at most.
    fn digits(&mut self, least: usize, most: usize) -> Option<&'a str> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count().min(most);
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        self.digits(least, most)?.parse().ok()
    }

    fn eat(&mut self, letter: char) -> bool {
        match self.0.strip_prefix(letter) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let is_negative = self.eat('-');
        if !is_negative {
            self.eat('+');
        }
        let year: i32 = self.digits(4, 6)?.parse().ok()?;
        let month = self.eat('-').then(|| self.number(1, 2))??;
        let day = self.eat('-').then(|| self.number(1, 2))??;
        NaiveDate::from_ymd_opt(if is_negative { -year } else { year }, month, day)
    }

    /// Nanoseconds of the day.
    fn clock(&mut self) -> Option<i128> {
        let hour = self.number(1, 2)?;
        let minute = self.eat(':').then(|| self.number(1, 2))??;
        let second = if self.eat(':') { self.number(1, 2)? } else { 0 };
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut nanos = i128::from(hour * 3600 + minute * 60 + second) * SECOND;
        if self.eat('.') {
            let digits = self.digits(1, 12)?;
            let padded: i128 = format!("{digits:0<12}").parse().ok()?;
            nanos += (padded + 500) / 1000;
        }
        Some(nanos)
    }

    fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

/// `2023-07-10` in days since 1970.
pub(in super::super) fn date(text: &str) -> Option<i32> {
    let mut reader = Reader(text);
    let day = reader.day()?;
    reader.is_done().then(|| days_of(day))
}

/// `11:42`, `11:42:18.123` in nanoseconds of the day.
pub(in super::super) fn clock(text: &str) -> Option<i64> {
    let mut reader = Reader(text);
    let nanos = reader.clock()?;
    if !reader.is_done() {
        return None;
    }
    i64::try_from(nanos).ok()
}

/// Date, maybe a clock, and the rest of the text.
fn local(text: &str, is_separator: impl Fn(char) -> bool) -> Option<(i128, &str)> {
    let mut reader = Reader(text);
    let midnight = nanos_of(reader.day()?.and_hms_opt(0, 0, 0)?);
    let mut letters = reader.0.chars();
    match letters.next() {
        Some(letter) if is_separator(letter) && letters.as_str().starts_with(|c: char| c.is_ascii_digit()) => {
            reader.0 = letters.as_str();
            let clock = reader.clock()?;
            Some((midnight + clock, reader.0))
        }
        _ => Some((midnight, reader.0)),
    }
}

/// `2023-07-10 11:42:18.123`, without zone.
pub(in super::super) fn timestamp(text: &str, precision: u8) -> Option<Moment> {
    let (nanos, rest) = local(text, |letter| letter == ' ')?;
    rest.is_empty().then(|| Moment::utc(round_to(nanos, precision)))
}

/// `2023-07-10 11:42:18.123 Europe/Paris`; UTC where no zone is named.
pub(in super::super) fn timestamp_tz(text: &str, precision: u8) -> Option<Moment> {
    let (nanos, rest) = local(text, |letter| letter == ' ')?;
    let zone = match rest.trim_start() {
        "" => Zone::Utc,
        name => Zone::find(name)?,
    };
    in_zone(round_to(nanos, precision), zone)
}

fn in_zone(local: i128, zone: Zone) -> Option<Moment> {
    Some(Moment::from_local(super::super::moment::clock(local).ok()?, zone))
}

/// What Lake takes for a time where one is compared with a text: blank or `T` between date and clock, maybe a zone.
pub(in super::super) fn lake_time(text: &str) -> Option<Moment> {
    let (nanos, rest) = local(text, |letter| matches!(letter, ' ' | 'T' | 't'))?;
    let zone = match rest.trim_start() {
        "" => Zone::Utc,
        name => Zone::find(name)?,
    };
    Some(Moment::utc(in_zone(nanos, zone)?.nanos))
}

/// An ISO 8601 date and time; UTC where no offset is given. The clock may be `11`, `11:42`, `11:42:18`, `11:42:18.123`.
pub(in super::super) fn iso(text: &str) -> Option<Moment> {
    if let Some(moment) = iso_calendar(text) {
        return Some(moment);
    }
    // Only a year, or a year and a month.
    let mut reader = Reader(text);
    let year: i32 = reader.digits(4, 4)?.parse().ok()?;
    let month = if reader.eat('-') { reader.number(2, 2)? } else { 1 };
    let day = NaiveDate::from_ymd_opt(year, month, 1)?;
    reader.is_done().then(|| Moment::utc(i128::from(days_of(day)) * DAY))
}

fn iso_calendar(text: &str) -> Option<Moment> {
    let mut reader = Reader(text);
    let day = iso_day(&mut reader)?;
    let mut nanos = i128::from(days_of(day)) * DAY;
    if reader.is_done() {
        return Some(Moment::utc(nanos));
    }
    if !reader.eat('T') && !reader.eat('t') {
        return None;
    }
    nanos += if reader.0.as_bytes().get(2) == Some(&b':') {
        reader.clock()?
    } else {
        i128::from(reader.number(2, 2).filter(|hour| *hour < 24)?) * 3600 * SECOND
    };
    let zone = match reader.0 {
        "" | "Z" | "z" => Zone::Utc,
        offset => match super::super::zone::offset(offset)? {
            0 => Zone::Utc,
            seconds => Zone::Fixed(seconds),
        },
    };
    in_zone(nanos, zone)
}

/// `2023-07-10`, `2023-W28-1`, `2023-W28`, `2023-191`.
fn iso_day(reader: &mut Reader<'_>) -> Option<NaiveDate> {
    let begin = reader.0;
    if let Some(day) = reader.day() {
        return Some(day);
    }
    reader.0 = begin;
    let year: i32 = reader.digits(4, 4)?.parse().ok()?;
    if !reader.eat('-') {
        return None;
    }
    if reader.eat('W') {
        let week = reader.number(2, 2)?;
        let day = if reader.eat('-') { reader.number(1, 1)? } else { 1 };
        let weekday = chrono::Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        return NaiveDate::from_isoywd_opt(year, week, weekday);
    }
    NaiveDate::from_yo_opt(year, reader.number(3, 3)?)
}

/// An ISO 8601 date in days since 1970.
pub(in super::super) fn iso_date(text: &str) -> Option<i32> {
    let mut reader = Reader(text);
    let day = iso_day(&mut reader)?;
    reader.is_done().then(|| days_of(day))
}

/// The zone that an ISO 8601 text names at its end, or that a timestamp with time zone does.
pub(in super::super) fn zone_in(text: &str) -> Option<Zone> {
    iso(text.trim()).or_else(|| timestamp_tz(text.trim(), 9)).map(|moment| moment.zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lake_takes_many_texts_for_times() {
        let expected = timestamp("2023-07-10 12:00:00", 3);
        for text in [
            "2023-07-10 12:00:00",
            "2023-07-10T12:00:00Z",
            "2023-07-10T12:00:00.000Z",
            "2023-07-10T12:00:00",
            "2023-07-10 12:00",
            "2023-07-10T14:00:00+02:00",
            "2023-07-10 12:00:00 UTC",
            "2023-07-10T12:00:00z",
        ] {
            assert_eq!(lake_time(text), expected, "{text}");
        }
        assert_eq!(lake_time("2023-07-10"), timestamp("2023-07-10 00:00:00", 3));
        for text in ["yesterday", "", "2023-13-01", "2023-07-10 25:00:00", "2023-07-10 12:00:00 nowhere"] {
            assert_eq!(lake_time(text), None, "{text}");
        }
    }

    #[test]
    fn iso_texts_of_all_sorts() {
        assert_eq!(iso("2023-07-11T01:00:00+02:00").map(|m| m.nanos), iso("2023-07-10T23:00:00Z").map(|m| m.nanos));
        assert_eq!(iso("2023-07-10T11"), iso("2023-07-10T11:00:00Z"));
        assert_eq!(iso("2023-W28-1").map(|m| m.nanos), iso("2023-07-10").map(|m| m.nanos));
        assert_eq!(iso_date("2023-191"), iso_date("2023-07-10"));
        assert_eq!(iso("2023-07-10 11:00:00"), None);
        assert_eq!(iso("2023"), iso("2023-01-01"));
    }
}
