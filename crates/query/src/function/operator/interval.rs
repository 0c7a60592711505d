//! Dates, times and intervals that are added, subtracted and multiplied.

use chrono::Months as ChronoMonths;
use chrono::NaiveDate;
use opentrail_trino::SqlError;

use super::super::adapt::{binary, unary};
use super::super::moment::Stamp;
use super::super::moment::{DAY, Moment, date_of, days_of};
use super::super::native::{Clock, Day, F64, I64, Months, Span};
use super::super::{Registry, fault};

/// Milliseconds in a day.
const DAY_MILLIS: i64 = 86_400_000;

pub(super) fn register(to: &mut Registry) {
    spans(to);
    months(to);
    dates(to);
    stamps(to);
    clocks(to);
}

fn spans(to: &mut Registry) {
    to.add(
        "$operator$add(interval_day_second, interval_day_second) -> interval_day_second",
        binary::<Span, Span, _>(sum),
    );
    to.add(
        "$operator$subtract(interval_day_second, interval_day_second) -> interval_day_second",
        binary::<Span, Span, _>(|a, b| a.checked_sub(b).ok_or_else(overflow)),
    );
    to.add("$operator$multiply(interval_day_second, bigint) -> interval_day_second", binary::<Span, I64, _>(product));
    to.add("$operator$multiply(bigint, interval_day_second) -> interval_day_second", binary::<I64, Span, _>(product));
    to.add("$operator$multiply(interval_day_second, double) -> interval_day_second", binary::<Span, F64, _>(scaled));
    to.add(
        "$operator$multiply(double, interval_day_second) -> interval_day_second",
        binary::<F64, Span, _>(|a, b| scaled(b, a)),
    );
    to.add(
        "$operator$divide(interval_day_second, double) -> interval_day_second",
        binary::<Span, F64, _>(|a, b| match b {
            0.0 => Err(fault::division()),
            _ => scaled(a, b.recip()),
        }),
    );
    to.add(
        "$operator$negation(interval_day_second) -> interval_day_second",
        unary::<Span, _>(|a| a.checked_neg().ok_or_else(overflow)),
    );
}

fn months(to: &mut Registry) {
    to.add(
        "$operator$add(interval_year_month, interval_year_month) -> interval_year_month",
        binary::<Months, Months, _>(|a, b| a.checked_add(b).ok_or_else(overflow)),
    );
    to.add(
        "$operator$subtract(interval_year_month, interval_year_month) -> interval_year_month",
        binary::<Months, Months, _>(|a, b| a.checked_sub(b).ok_or_else(overflow)),
    );
    to.add("$operator$multiply(interval_year_month, bigint) -> interval_year_month", binary::<Months, I64, _>(times));
    to.add(
        "$operator$multiply(bigint, interval_year_month) -> interval_year_month",
        binary::<I64, Months, _>(|a, b| times(b, a)),
    );
    to.add(
        "$operator$multiply(interval_year_month, double) -> interval_year_month",
        binary::<Months, F64, _>(scaled_months),
    );
    to.add(
        "$operator$multiply(double, interval_year_month) -> interval_year_month",
        binary::<F64, Months, _>(|a, b| scaled_months(b, a)),
    );
    to.add(
        "$operator$divide(interval_year_month, double) -> interval_year_month",
        binary::<Months, F64, _>(|a, b| match b {
            0.0 => Err(fault::division()),
            _ => scaled_months(a, b.recip()),
        }),
    );
    to.add(
        "$operator$negation(interval_year_month) -> interval_year_month",
        unary::<Months, _>(|a| a.checked_neg().ok_or_else(overflow)),
    );
}

fn dates(to: &mut Registry) {
    to.add("$operator$add(date, interval_day_second) -> date", binary::<Day, Span, _>(day_plus_span));
    to.add("$operator$add(interval_day_second, date) -> date", binary::<Span, Day, _>(|a, b| day_plus_span(b, a)));
    to.add(
        "$operator$subtract(date, interval_day_second) -> date",
        binary::<Day, Span, _>(|a, b| day_plus_span(a, b.saturating_neg())),
    );
    to.add(
        "$operator$add(date, interval_year_month) -> date",
        binary::<Day, Months, _>(|a, b| day_plus_months(a, i64::from(b))),
    );
    to.add(
        "$operator$add(interval_year_month, date) -> date",
        binary::<Months, Day, _>(|a, b| day_plus_months(b, i64::from(a))),
    );
    to.add(
        "$operator$subtract(date, interval_year_month) -> date",
        binary::<Day, Months, _>(|a, b| day_plus_months(a, -i64::from(b))),
    );
    to.add(
        "$operator$subtract(date, date) -> interval_day_second",
        binary::<Day, Day, _>(|a, b| (i64::from(a) - i64::from(b)) * DAY_MILLIS),
    );
}

fn stamps(to: &mut Registry) {
    macro_rules! both {
        ($($signature:literal => $kernel:expr;)+) => {$(
            to.add(concat!("$operator$", $signature), $kernel);
        )+};
    }
    both! {
        "add(timestamp, interval_day_second) -> timestamp" => binary::<Stamp, Span, _>(later);
        "add(interval_day_second, timestamp) -> timestamp" => binary::<Span, Stamp, _>(|a, b| later(b, a));
        "subtract(timestamp, interval_day_second) -> timestamp" => binary::<Stamp, Span, _>(|a, b| later(a, b.saturating_neg()));
        "add(timestamp, interval_year_month) -> timestamp" => binary::<Stamp, Months, _>(|a, b| plus_months(a, i64::from(b)));
        "add(interval_year_month, timestamp) -> timestamp" => binary::<Months, Stamp, _>(|a, b| plus_months(b, i64::from(a)));
        "subtract(timestamp, interval_year_month) -> timestamp" => binary::<Stamp, Months, _>(|a, b| plus_months(a, -i64::from(b)));
        "subtract(timestamp, timestamp) -> interval_day_second" => binary::<Stamp, Stamp, _>(difference);
        "add(timestamptz, interval_day_second) -> timestamptz" => binary::<Stamp, Span, _>(later);
        "add(interval_day_second, timestamptz) -> timestamptz" => binary::<Span, Stamp, _>(|a, b| later(b, a));
        "subtract(timestamptz, interval_day_second) -> timestamptz" => binary::<Stamp, Span, _>(|a, b| later(a, b.saturating_neg()));
        "add(timestamptz, interval_year_month) -> timestamptz" => binary::<Stamp, Months, _>(|a, b| plus_months(a, i64::from(b)));
        "add(interval_year_month, timestamptz) -> timestamptz" => binary::<Months, Stamp, _>(|a, b| plus_months(b, i64::from(a)));
        "subtract(timestamptz, interval_year_month) -> timestamptz" => binary::<Stamp, Months, _>(|a, b| plus_months(a, -i64::from(b)));
        "subtract(timestamptz, timestamptz) -> interval_day_second" => binary::<Stamp, Stamp, _>(difference);
    }
}

fn clocks(to: &mut Registry) {
    to.add("$operator$add(time, interval_day_second) -> time", binary::<Clock, Span, _>(clock_plus));
    to.add("$operator$add(interval_day_second, time) -> time", binary::<Span, Clock, _>(|a, b| clock_plus(b, a)));
    to.add(
        "$operator$subtract(time, interval_day_second) -> time",
        binary::<Clock, Span, _>(|a, b| clock_plus(a, b.saturating_neg())),
    );
    to.add(
        "$operator$subtract(time, time) -> interval_day_second",
        binary::<Clock, Clock, _>(|a, b| (a - b) / 1_000_000),
    );
}

fn overflow() -> SqlError {
    fault::range("interval overflow")
}

fn sum(a: i64, b: i64) -> Result<i64, SqlError> {
    a.checked_add(b).ok_or_else(overflow)
}

fn product(a: i64, b: i64) -> Result<i64, SqlError> {
    a.checked_mul(b).ok_or_else(overflow)
}

fn times(a: i32, b: i64) -> Result<i32, SqlError> {
    i64::from(a).checked_mul(b).and_then(|months| i32::try_from(months).ok()).ok_or_else(overflow)
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a double saturates, as Java's does")]
fn scaled(a: i64, b: f64) -> Result<i64, SqlError> {
    if b.is_nan() { Err(overflow()) } else { Ok((a as f64 * b) as i64) }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a double saturates, as Java's does")]
fn scaled_months(a: i32, b: f64) -> Result<i32, SqlError> {
    if b.is_nan() { Err(overflow()) } else { Ok((f64::from(a) * b) as i32) }
}

fn day_plus_span(day: i32, span: i64) -> Result<i32, SqlError> {
    if span % DAY_MILLIS != 0 {
        return Err(fault::argument("Cannot add hour, minutes or seconds to a date"));
    }
    let days = i32::try_from(span / DAY_MILLIS).ok().and_then(|days| day.checked_add(days));
    days.ok_or_else(|| fault::argument("date is out of range"))
}

fn day_plus_months(day: i32, months: i64) -> Result<i32, SqlError> {
    Ok(days_of(date_plus_months(date_of(day)?, months)?))
}

/// The same day of another month, or its last if it has fewer.
pub(in super::super) fn date_plus_months(date: NaiveDate, months: i64) -> Result<NaiveDate, SqlError> {
    let count = ChronoMonths::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    moved.ok_or_else(|| fault::argument("date is out of range"))
}

fn later(a: Moment, millis: i64) -> Moment {
    a.plus(i128::from(millis) * 1_000_000)
}

/// The same local time of day in another month.
pub(in super::super) fn plus_months(a: Moment, months: i64) -> Result<Moment, SqlError> {
    let local = a.local()?;
    Ok(a.with_local(date_plus_months(local.date(), months)?.and_time(local.time())))
}

fn difference(a: Moment, b: Moment) -> Result<i64, SqlError> {
    i64::try_from((a.nanos - b.nanos).div_euclid(1_000_000)).map_err(|_| overflow())
}

fn clock_plus(clock: i64, millis: i64) -> i64 {
    let nanos = (i128::from(clock) + i128::from(millis) * 1_000_000).rem_euclid(DAY);
    i64::try_from(nanos).unwrap_or(0)
}
