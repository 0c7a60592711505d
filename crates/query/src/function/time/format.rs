//! `date_format` and `date_parse` with MySQL's patterns, `format_datetime` and `parse_datetime` with Joda's.

use chrono::{Datelike, Timelike};
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::memo::Memo;
use super::super::moment::{Moment, SECOND, Stamp};
use super::super::native::{Reader, Text};
use super::super::zone::Zone;
use super::super::{Registry, fault};
use super::joda;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn register(to: &mut Registry) {
    for signature in ["date_format(timestamp, varchar) -> varchar", "date_format(timestamptz, varchar) -> varchar"] {
        to.add(signature, Kernel::partial(|call| formatted(call, mysql)));
    }
    for signature in
        ["format_datetime(timestamp, varchar) -> varchar", "format_datetime(timestamptz, varchar) -> varchar"]
    {
        to.add(signature, Kernel::partial(|call| formatted(call, joda::pattern)));
    }
    to.add("date_parse(varchar, varchar) -> timestamp3", Kernel::partial(|call| parsed(call, mysql, false)));
    to.add(
        "parse_datetime(varchar, varchar) -> timestamptz3",
        Kernel::partial(|call| parsed(call, joda::pattern, true)),
    );
}

/// A piece of a pattern, of either kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// A number with at least so many digits.
    Number(Field, usize),
    /// The first letters of a name, or all.
    MonthName(bool),
    DayName(bool),
    /// `AM`, `PM`
    Half,
    /// Digits of the second's fraction.
    Fraction(usize),
    /// `+02:00`, `+0200`, or the zone's name.
    Offset {
        has_colon: bool,
    },
    ZoneName,
    Era,
}

/// A number in a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Year,
    /// Its last two digits.
    ShortYear,
    WeekYear,
    Week,
    Month,
    Day,
    DayOfYear,
    /// 1 is Monday.
    DayOfWeek,
    /// 0 to 23.
    Hour,
    /// 1 to 24.
    HourFromOne,
    /// 1 to 12.
    Hour12,
    /// 0 to 11.
    HalfHour,
    Minute,
    Second,
}

/// What reads a pattern.
pub(super) type Compile = fn(&str) -> Result<Vec<Piece>, SqlError>;

pub(super) fn formatted(call: &Call<'_>, compile: Compile) -> Result<arrow_array::ArrayRef, SqlError> {
    let (moment, pattern) = (Reader::<Stamp>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
    let (mut patterns, mut texts) = (Memo::default(), Memo::default());
    collect(call, |row| {
        let (moment, pattern) = (moment.get(row)?, pattern.get(row)?);
        Some(patterns.get(pattern, |pattern| compile(pattern)).and_then(|pieces| {
            // Neighbouring rows are of about the same time, and often have the same text.
            let key = (moment.nanos.div_euclid(step(moment.zone, pieces)), moment.zone, pattern);
            texts.get(key, |_| write(moment, pieces)).cloned()
        }))
    })
}

/// So many nanoseconds that all moments of one have the same text.
fn step(zone: Zone, pieces: &[Piece]) -> i128 {
    let has = |is: fn(&Piece) -> bool| pieces.iter().any(is);
    if has(|piece| matches!(piece, Piece::Fraction(_))) {
        1
    } else if has(|piece| matches!(piece, Piece::Number(Field::Second, _))) || zone != Zone::Utc {
        // Clocks of other zones were off by any number of seconds once.
        SECOND
    } else if has(|piece| matches!(piece, Piece::Number(Field::Minute, _))) {
        60 * SECOND
    } else {
        3600 * SECOND
    }
}

pub(super) fn parsed(call: &Call<'_>, compile: Compile, has_zone: bool) -> Result<arrow_array::ArrayRef, SqlError> {
    let (text, pattern) = (Reader::<Text>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
    let mut patterns = Memo::default();
    collect(call, |row| {
        let (text, pattern) = (text.get(row)?, pattern.get(row)?);
        Some(patterns.get(pattern, |pattern| compile(pattern)).and_then(|pieces| {
            let moment = joda::read(text, pieces);
            let moment = moment.ok_or_else(|| fault::argument(format!("Invalid format: \"{text}\"")))?;
            Ok(if has_zone { moment } else { Moment::utc(moment.local_nanos()?) })
        }))
    })
}

fn write(moment: Moment, pieces: &[Piece]) -> Result<String, SqlError> {
    let at = moment.local()?;
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Number(field, width) => {
                let number = number(*field, at);
                let sign = if number < 0 { "-" } else { "" };
                out.push_str(&format!("{sign}{:0>width$}", number.unsigned_abs()));
            }
            Piece::MonthName(is_long) => out.push_str(name(MONTHS[at.month0() as usize % 12], *is_long)),
            Piece::DayName(is_long) => {
                out.push_str(name(DAYS[at.weekday().num_days_from_monday() as usize % 7], *is_long));
            }
            Piece::Half => out.push_str(if at.hour() < 12 { "AM" } else { "PM" }),
            Piece::Fraction(digits) => {
                let all = format!("{:09}000000", at.nanosecond() % 1_000_000_000);
                out.push_str(all.get(..*digits).unwrap_or(&all));
            }
            Piece::Offset { has_colon } => {
                let text = super::super::zone::offset_text(moment.offset()?);
                out.push_str(&if *has_colon { text } else { text.replace(':', "") });
            }
            Piece::ZoneName => out.push_str(&moment.zone.to_string()),
            Piece::Era => out.push_str(if at.year() > 0 { "AD" } else { "BC" }),
        }
    }
    Ok(out)
}

fn name(name: &str, is_long: bool) -> &str {
    if is_long { name } else { name.get(..3).unwrap_or(name) }
}

fn number(field: Field, at: chrono::NaiveDateTime) -> i64 {
    match field {
        Field::Year => i64::from(at.year()),
        Field::ShortYear => i64::from(at.year().rem_euclid(100)),
        Field::WeekYear => i64::from(at.iso_week().year()),
        Field::Week => i64::from(at.iso_week().week()),
        Field::Month => i64::from(at.month()),
        Field::Day => i64::from(at.day()),
        Field::DayOfYear => i64::from(at.ordinal()),
        Field::DayOfWeek => i64::from(at.weekday().number_from_monday()),
        Field::Hour => i64::from(at.hour()),
        Field::HourFromOne => i64::from(if at.hour() == 0 { 24 } else { at.hour() }),
        Field::Hour12 => i64::from((at.hour() + 11) % 12 + 1),
        Field::HalfHour => i64::from(at.hour() % 12),
        Field::Minute => i64::from(at.minute()),
        Field::Second => i64::from(at.second()),
    }
}

/// MySQL's patterns, as far as Trino takes them.
fn mysql(pattern: &str) -> Result<Vec<Piece>, SqlError> {
    let mut pieces = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            pieces.push(Piece::Text(letter.to_string()));
            continue;
        }
        let Some(code) = letters.next() else { break };
        let two = |field| vec![Piece::Number(field, 2)];
        let colon = || Piece::Text(":".into());
        let clock = |hour| {
            vec![
                Piece::Number(hour, 2),
                colon(),
                Piece::Number(Field::Minute, 2),
                colon(),
                Piece::Number(Field::Second, 2),
            ]
        };
        pieces.extend(match code {
            'a' => vec![Piece::DayName(false)],
            'b' => vec![Piece::MonthName(false)],
            'c' => vec![Piece::Number(Field::Month, 1)],
            'd' => two(Field::Day),
            'e' => vec![Piece::Number(Field::Day, 1)],
            'f' => vec![Piece::Fraction(6)],
            'H' => two(Field::Hour),
            'h' | 'I' => two(Field::Hour12),
            'i' => two(Field::Minute),
            'j' => vec![Piece::Number(Field::DayOfYear, 3)],
            'k' => vec![Piece::Number(Field::Hour, 1)],
            'l' => vec![Piece::Number(Field::Hour12, 1)],
            'M' => vec![Piece::MonthName(true)],
            'm' => two(Field::Month),
            'p' => vec![Piece::Half],
            'r' => {
                let mut all = clock(Field::Hour12);
                all.extend([Piece::Text(" ".into()), Piece::Half]);
                all
            }
            'S' | 's' => two(Field::Second),
            'T' => clock(Field::Hour),
            'v' => two(Field::Week),
            'W' => vec![Piece::DayName(true)],
            'x' => vec![Piece::Number(Field::WeekYear, 4)],
            'Y' => vec![Piece::Number(Field::Year, 4)],
            'y' => two(Field::ShortYear),
            '%' => vec![Piece::Text("%".into())],
            'D' | 'U' | 'u' | 'V' | 'w' | 'X' => {
                return Err(fault::argument(format!("%{code} not supported in date format string")));
            }
            other => vec![Piece::Text(other.to_string())],
        });
    }
    Ok(pieces)
}

/// Nanoseconds that digits of a fraction mean.
pub(super) fn fraction(digits: &str) -> Option<i128> {
    let padded = format!("{digits:0<9}");
    padded.get(..9)?.parse::<i128>().ok().filter(|nanos| *nanos < SECOND)
}
