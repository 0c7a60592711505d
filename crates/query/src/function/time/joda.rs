//! Joda's patterns, and reading texts by patterns of either kind.

use chrono::{NaiveDate, Weekday};
use opentrail_trino::SqlError;

use super::super::fault;
use super::super::moment::{Moment, SECOND, clock, nanos_of};
use super::super::zone::{Zone, offset};
use super::format::{DAYS, Field, MONTHS, Piece, fraction};

/// Reads a pattern such as `yyyy-MM-dd'T'HH:mm:ss`.
pub(super) fn pattern(text: &str) -> Result<Vec<Piece>, SqlError> {
    let mut pieces = Vec::new();
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        if letter == '\'' {
            let end = letters[at + 1..].iter().position(|letter| *letter == '\'');
            let end = end.map_or(letters.len(), |end| at + 1 + end);
            let quoted: String = letters[at + 1..end].iter().collect();
            pieces.push(Piece::Text(if quoted.is_empty() { "'".into() } else { quoted }));
            at = end + 1;
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            pieces.push(Piece::Text(letter.to_string()));
            at += 1;
            continue;
        }
        let count = letters[at..].iter().take_while(|next| **next == letter).count();
        at += count;
        pieces
            .push(piece(letter, count).ok_or_else(|| fault::argument(format!("Illegal pattern component: {letter}")))?);
    }
    Ok(pieces)
}

fn piece(letter: char, count: usize) -> Option<Piece> {
    let number = |field| Some(Piece::Number(field, count));
    match letter {
        'y' | 'Y' | 'u' if count == 2 => number(Field::ShortYear),
        'y' | 'Y' | 'u' => number(Field::Year),
        'x' => number(Field::WeekYear),
        'w' => number(Field::Week),
        'D' => number(Field::DayOfYear),
        'e' => number(Field::DayOfWeek),
        'd' => number(Field::Day),
        'M' if count >= 3 => Some(Piece::MonthName(count > 3)),
        'M' => number(Field::Month),
        'E' => Some(Piece::DayName(count > 3)),
        'a' => Some(Piece::Half),
        'H' => number(Field::Hour),
        'k' => number(Field::HourFromOne),
        'h' => number(Field::Hour12),
        'K' => number(Field::HalfHour),
        'm' => number(Field::Minute),
        's' => number(Field::Second),
        'S' => Some(Piece::Fraction(count.min(15))),
        'Z' if count >= 3 => Some(Piece::ZoneName),
        'Z' => Some(Piece::Offset { has_colon: count == 2 }),
        'z' => Some(Piece::ZoneName),
        'G' => Some(Piece::Era),
        _ => None,
    }
}

/// What a text told so far.
#[derive(Default)]
struct Told {
    year: Option<i32>,
    week_year: Option<i32>,
    week: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    weekday: Option<u8>,
    hour: Option<u32>,
    hour12: Option<u32>,
    is_pm: Option<bool>,
    minute: u32,
    second: u32,
    nanos: i128,
    zone: Option<Zone>,
}

/// The moment that a text means by a pattern; fields that it does not tell are those of 1970-01-01 00:00:00.
pub(super) fn read(text: &str, pieces: &[Piece]) -> Option<Moment> {
    let mut told = Told::default();
    let mut rest = text;
    for (index, piece) in pieces.iter().enumerate() {
        // Digits that follow digits leave no other place to stop.
        let is_fixed = matches!(pieces.get(index + 1), Some(Piece::Number(..) | Piece::Fraction(_)));
        rest = told.take(rest, piece, is_fixed)?;
    }
    rest.is_empty().then(|| told.moment()).flatten()
}

fn digits(text: &str, most: usize) -> Option<(&str, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count().min(most);
    (count > 0).then(|| text.split_at(count))
}

/// The index of the name that a text begins with, long or short, and the rest.
fn named<'a>(text: &'a str, names: &[&str]) -> Option<(usize, &'a str)> {
    let begins = |name: &str| text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
    let find = |length: fn(&str) -> usize| {
        names.iter().position(|name| begins(&name[..length(name)])).map(|at| (at, &text[length(names[at])..]))
    };
    find(str::len).or_else(|| find(|_| 3))
}

impl Told {
    fn take<'a>(&mut self, text: &'a str, piece: &Piece, is_fixed: bool) -> Option<&'a str> {
        Some(match piece {
            Piece::Text(expected) => text.strip_prefix(expected.as_str())?,
            Piece::Number(field, width) => {
                let most = match field {
                    Field::Year | Field::WeekYear => 9,
                    Field::DayOfYear => 3,
                    Field::DayOfWeek => 1,
                    _ => 2,
                };
                let most = if is_fixed { (*width).max(1) } else { most.max(*width) };
                let (number, rest) = digits(text, most)?;
                self.note(*field, number.parse().ok()?)?;
                rest
            }
            Piece::MonthName(_) => {
                let (month, rest) = named(text, &MONTHS)?;
                self.month = u32::try_from(month + 1).ok();
                rest
            }
            Piece::DayName(_) => {
                let (day, rest) = named(text, &DAYS)?;
                self.weekday = u8::try_from(day).ok();
                rest
            }
            Piece::Half => {
                let half = text.get(..2)?;
                self.is_pm = Some(half.eq_ignore_ascii_case("pm"));
                if !half.eq_ignore_ascii_case("am") && self.is_pm != Some(true) {
                    return None;
                }
                &text[2..]
            }
            Piece::Fraction(_) => {
                let (number, rest) = digits(text, 9)?;
                self.nanos = fraction(number)?;
                rest
            }
            Piece::Era => text.get(2..)?,
            Piece::Offset { .. } | Piece::ZoneName => {
                let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-:/_".contains(letter);
                let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
                let (zone, rest) = text.split_at(end);
                self.zone = Some(match offset(zone) {
                    Some(0) => Zone::Utc,
                    Some(seconds) => Zone::Fixed(seconds),
                    None => Zone::find(zone)?,
                });
                rest
            }
        })
    }

    fn note(&mut self, field: Field, number: u32) -> Option<()> {
        let year = i32::try_from(number).ok()?;
        match field {
            Field::Year => self.year = Some(year),
            Field::ShortYear => self.year = Some(if year < 70 { 2000 + year } else { 1900 + year }),
            Field::WeekYear => self.week_year = Some(year),
            Field::Week => self.week = Some(number),
            Field::Month => self.month = Some(number),
            Field::Day => self.day = Some(number),
            Field::DayOfYear => self.day_of_year = Some(number),
            Field::DayOfWeek => self.weekday = u8::try_from(number.checked_sub(1)?).ok(),
            Field::Hour => self.hour = Some(number),
            Field::HourFromOne => self.hour = Some(number % 24),
            Field::Hour12 | Field::HalfHour => self.hour12 = Some(number % 12),
            Field::Minute => self.minute = number,
            Field::Second => self.second = number,
        }
        Some(())
    }

    fn date(&self) -> Option<NaiveDate> {
        if let Some(week) = self.week {
            let weekday = Weekday::try_from(self.weekday.unwrap_or(0)).ok()?;
            return NaiveDate::from_isoywd_opt(self.week_year.or(self.year).unwrap_or(1970), week, weekday);
        }
        let year = self.year.or(self.week_year).unwrap_or(1970);
        match self.day_of_year {
            Some(day) => NaiveDate::from_yo_opt(year, day),
            None => NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), self.day.unwrap_or(1)),
        }
    }

    fn moment(&self) -> Option<Moment> {
        let hour = match (self.hour, self.hour12) {
            (Some(hour), _) => hour,
            (None, Some(hour)) => hour + if self.is_pm == Some(true) { 12 } else { 0 },
            (None, None) => 0,
        };
        let at = nanos_of(self.date()?.and_hms_opt(hour, self.minute, self.second)?) + self.nanos;
        let local = clock(at).ok()?;
        let zone = self.zone.unwrap_or(Zone::Utc);
        let cut = Moment::from_local(local, zone);
        Some(Moment { nanos: cut.nanos.div_euclid(SECOND / 1000) * (SECOND / 1000), zone })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{check, of, text};
    use opentrail_trino::Type;

    #[test]
    fn patterns_write_and_read() {
        let at = of("2023-07-10 13:04:05.678", &Type::TIMESTAMP);
        check("date_format", &[at.clone(), text("%Y-%m-%d %H:%i:%s.%f")], "2023-07-10 13:04:05.678000");
        check("date_format", &[at.clone(), text("%W %e %M %y, %l %p %%")], "Monday 10 July 23, 1 PM %");
        check("date_format", &[at.clone(), text("%U")], "INVALID_FUNCTION_ARGUMENT");
        check("format_datetime", &[at.clone(), text("EEE d MMM yyyy 'at' HH''mm Z")], "Mon 10 Jul 2023 at 13'04 +0000");
        check("format_datetime", &[at, text("yyyyMMdd'T'HHmmss.SSS")], "20230710T130405.678");
        check("date_parse", &[text("2023-07-10 13:04"), text("%Y-%m-%d %H:%i")], "2023-07-10 13:04:00.000");
        check("date_parse", &[text("10/Jul/2023"), text("%d/%b/%Y")], "2023-07-10 00:00:00.000");
        check("date_parse", &[text("20230710"), text("%Y%m%d")], "2023-07-10 00:00:00.000");
        check("date_parse", &[text("2023-07-10x"), text("%Y-%m-%d")], "INVALID_FUNCTION_ARGUMENT");
        check("parse_datetime", &[text("2023-07-10 01 PM"), text("yyyy-MM-dd hh a")], "2023-07-10 13:00:00.000 UTC");
    }
}
