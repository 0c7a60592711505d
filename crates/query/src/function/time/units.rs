//! `date_trunc`, `date_add`, `date_diff`, `last_day_of_month`.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use opentrail_trino::SqlError;

use super::super::adapt::{binary, ternary, unary};
use super::super::moment::{DAY, Moment, SECOND, Stamp, clock, date_of, days_of, nanos_of};
use super::super::native::{Clock, Day, I64, Text};
use super::super::{Registry, fault, operator};
use super::make::day_of;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    /// So many nanoseconds, less than a day.
    Nanos(i128),
    Day,
    Week,
    /// So many months.
    Months(i64),
}

impl Unit {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "millisecond" => Self::Nanos(1_000_000),
            "second" => Self::Nanos(SECOND),
            "minute" => Self::Nanos(60 * SECOND),
            "hour" => Self::Nanos(3600 * SECOND),
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Months(1),
            "quarter" => Self::Months(3),
            "year" => Self::Months(12),
            _ => return None,
        })
    }

    fn of_stamp(text: &str) -> Result<Self, SqlError> {
        Self::parse(text).ok_or_else(|| fault::argument(format!("'{text}' is not a valid TIMESTAMP field")))
    }

    fn of_day(text: &str) -> Result<Self, SqlError> {
        let unit = Self::parse(text).filter(|unit| !matches!(unit, Self::Nanos(_)));
        unit.ok_or_else(|| fault::argument(format!("'{text}' is not a valid DATE field")))
    }

    fn of_clock(text: &str) -> Result<i128, SqlError> {
        match Self::parse(text) {
            Some(Self::Nanos(nanos)) => Ok(nanos),
            _ => Err(fault::argument(format!("'{text}' is not a valid TIME field"))),
        }
    }
}

pub(super) fn register(to: &mut Registry) {
    to.add(
        "date_trunc(varchar, date) -> date",
        binary::<Text, Day, _>(|unit, day| Ok::<_, SqlError>(days_of(begin(Unit::of_day(unit)?, date_of(day)?)?))),
    );
    for signature in ["date_trunc(varchar, timestamp) -> timestamp", "date_trunc(varchar, timestamptz) -> timestamptz"]
    {
        to.add(signature, binary::<Text, Stamp, _>(|unit, moment| truncate(Unit::of_stamp(unit)?, moment)));
    }
    to.add(
        "date_trunc(varchar, time) -> time",
        binary::<Text, Clock, _>(|unit, clock| {
            let unit = Unit::of_clock(unit)?;
            i64::try_from(i128::from(clock) / unit * unit).map_err(fault::internal)
        }),
    );
    to.add(
        "date_add(varchar, bigint, date) -> date",
        ternary::<Text, I64, Day, _>(|unit, count, day| {
            let unit = Unit::of_day(unit)?;
            day_of(add(unit, count, Moment::utc(i128::from(day) * DAY))?)
        }),
    );
    for signature in
        ["date_add(varchar, bigint, timestamp) -> timestamp", "date_add(varchar, bigint, timestamptz) -> timestamptz"]
    {
        to.add(
            signature,
            ternary::<Text, I64, Stamp, _>(|unit, count, moment| add(Unit::of_stamp(unit)?, count, moment)),
        );
    }
    to.add(
        "date_add(varchar, bigint, time) -> time",
        ternary::<Text, I64, Clock, _>(|unit, count, clock| {
            let nanos = i128::from(clock) + Unit::of_clock(unit)? * i128::from(count);
            i64::try_from(nanos.rem_euclid(DAY)).map_err(fault::internal)
        }),
    );
    to.add(
        "date_diff(varchar, date, date) -> bigint",
        ternary::<Text, Day, Day, _>(|unit, from, to| {
            let midnight = |day: i32| Moment::utc(i128::from(day) * DAY);
            difference(Unit::of_day(unit)?, midnight(from), midnight(to))
        }),
    );
    for signature in
        ["date_diff(varchar, timestamp, timestamp) -> bigint", "date_diff(varchar, timestamptz, timestamptz) -> bigint"]
    {
        to.add(
            signature,
            ternary::<Text, Stamp, Stamp, _>(|unit, from, to| difference(Unit::of_stamp(unit)?, from, to)),
        );
    }
    to.add(
        "date_diff(varchar, time, time) -> bigint",
        ternary::<Text, Clock, Clock, _>(|unit, from, to| {
            i64::try_from((i128::from(to) - i128::from(from)) / Unit::of_clock(unit)?).map_err(fault::internal)
        }),
    );
    to.add("last_day_of_month(date) -> date", unary::<Day, _>(|day| last_day(date_of(day)?)));
    for signature in ["last_day_of_month(timestamp) -> date", "last_day_of_month(timestamptz) -> date"] {
        to.add(signature, unary::<Stamp, _>(|moment| last_day(moment.local()?.date())));
    }
}

fn last_day(date: NaiveDate) -> Result<i32, SqlError> {
    let next = operator::date_plus_months(date.with_day(1).unwrap_or(date), 1)?;
    Ok(days_of(next) - 1)
}

/// The first day of the unit that a date lies in. Weeks begin on Mondays.
fn begin(unit: Unit, date: NaiveDate) -> Result<NaiveDate, SqlError> {
    Ok(match unit {
        Unit::Nanos(_) | Unit::Day => date,
        Unit::Week => {
            let back = i32::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
            date_of(days_of(date) - back)?
        }
        Unit::Months(months) => {
            let months = u32::try_from(months).unwrap_or(1);
            let month = (date.month0() / months) * months + 1;
            NaiveDate::from_ymd_opt(date.year(), month, 1).unwrap_or(date)
        }
    })
}

fn truncate(unit: Unit, moment: Moment) -> Result<Moment, SqlError> {
    match unit {
        Unit::Nanos(nanos) if nanos < 3600 * SECOND => {
            Ok(Moment { nanos: moment.nanos.div_euclid(nanos) * nanos, ..moment })
        }
        Unit::Nanos(nanos) => {
            // By the local clock, whose offset need not be whole hours.
            let local = moment.local_nanos()?;
            Ok(moment.plus(local.div_euclid(nanos) * nanos - local))
        }
        _ => {
            let day = begin(unit, moment.local()?.date())?;
            Ok(moment.with_local(day.and_time(chrono::NaiveTime::MIN)))
        }
    }
}

fn add(unit: Unit, count: i64, moment: Moment) -> Result<Moment, SqlError> {
    let days = |days: i64| {
        let local = moment.local_nanos()? + i128::from(days) * DAY;
        Ok(moment.with_local(clock(local)?))
    };
    match unit {
        Unit::Nanos(nanos) => {
            let later = moment.plus(nanos * i128::from(count));
            later.in_utc()?;
            Ok(later)
        }
        Unit::Day => days(count),
        Unit::Week => days(count.checked_mul(7).ok_or_else(|| fault::argument("date is out of range"))?),
        Unit::Months(months) => {
            let months = count.checked_mul(months).ok_or_else(|| fault::argument("date is out of range"))?;
            operator::plus_months(moment, months)
        }
    }
}

/// Whole units from one to the other.
fn difference(unit: Unit, from: Moment, to: Moment) -> Result<i64, SqlError> {
    let local = |moment: Moment| -> Result<NaiveDateTime, SqlError> { Moment { zone: from.zone, ..moment }.local() };
    let answer = match unit {
        Unit::Nanos(nanos) => (to.nanos - from.nanos) / nanos,
        Unit::Day => (nanos_of(local(to)?) - nanos_of(local(from)?)) / DAY,
        Unit::Week => (nanos_of(local(to)?) - nanos_of(local(from)?)) / (7 * DAY),
        Unit::Months(months) => {
            let (a, b) = (local(from)?, local(to)?);
            i128::from(months_between(a, b)?) / i128::from(months)
        }
    };
    i64::try_from(answer).map_err(|_| fault::argument("difference is out of range"))
}

/// Whole months; a month is complete when the same day and time is reached.
fn months_between(from: NaiveDateTime, to: NaiveDateTime) -> Result<i64, SqlError> {
    let count = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    let reached = operator::date_plus_months(from.date(), count)?.and_time(from.time());
    Ok(match count {
        1.. if reached > to => count - 1,
        ..=-1 if reached < to => count + 1,
        _ => count,
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{check, of, text, whole};
    use opentrail_trino::Type;

    #[test]
    fn units_are_whole() {
        let at = |value: &str| of(value, &Type::TIMESTAMP);
        check("date_diff", &[text("month"), at("2023-01-31 00:00:00"), at("2023-02-28 00:00:00")], "1");
        check("date_diff", &[text("day"), at("2023-07-10 12:00:00"), at("2023-07-11 11:59:59")], "0");
        check("date_diff", &[text("year"), at("2023-07-10 12:00:00"), at("2020-07-10 12:00:01")], "-2");
        check("date_add", &[text("month"), whole(1), at("2023-01-31 10:00:00")], "2023-02-28 10:00:00.000");
        check("date_trunc", &[text("week"), at("2023-07-12 10:00:00")], "2023-07-10 00:00:00.000");
        check("date_trunc", &[text("quarter"), at("2023-08-12 10:00:00")], "2023-07-01 00:00:00.000");
        check("date_trunc", &[text("century"), at("2023-08-12 10:00:00")], "INVALID_FUNCTION_ARGUMENT");
        check("last_day_of_month", &[at("2024-02-12 10:00:00")], "2024-02-29");
        check("date_add", &[text("hour"), whole(i64::MAX), at("2024-02-12 10:00:00")], "INVALID_FUNCTION_ARGUMENT");
    }

    #[test]
    fn zones_move_the_clock() {
        let at = of("2023-07-10 12:00:00.000 America/New_York", &Type::TIMESTAMP_TZ);
        check("date_trunc", &[text("day"), at.clone()], "2023-07-10 00:00:00.000 America/New_York");
        check("at_timezone", &[at.clone(), text("Asia/Kolkata")], "2023-07-10 21:30:00.000 Asia/Kolkata");
        check("hour", std::slice::from_ref(&at), "12");
        check("to_iso8601", &[at], "2023-07-10T12:00:00.000-04:00");
    }
}
