//! Fields of dates, times and intervals.

use chrono::{Datelike, NaiveDate, Timelike};

use super::super::Registry;
use super::super::adapt::unary;
use super::super::moment::{Stamp, date_of};
use super::super::native::{Clock, Day, Months, Span};

/// Names of a field, and how it is read from a date.
type DateField = (&'static [[&'static str; 3]], fn(NaiveDate) -> i64);

pub(super) fn register(to: &mut Registry) {
    let fields: [DateField; 8] = [
        (&[["year(date) -> bigint", "year(timestamp) -> bigint", "year(timestamptz) -> bigint"]], |d| {
            i64::from(d.year())
        }),
        (&[["quarter(date) -> bigint", "quarter(timestamp) -> bigint", "quarter(timestamptz) -> bigint"]], |d| {
            i64::from(d.month0() / 3 + 1)
        }),
        (&[["month(date) -> bigint", "month(timestamp) -> bigint", "month(timestamptz) -> bigint"]], |d| {
            i64::from(d.month())
        }),
        (
            &[
                ["week(date) -> bigint", "week(timestamp) -> bigint", "week(timestamptz) -> bigint"],
                [
                    "week_of_year(date) -> bigint",
                    "week_of_year(timestamp) -> bigint",
                    "week_of_year(timestamptz) -> bigint",
                ],
            ],
            |d| i64::from(d.iso_week().week()),
        ),
        (
            &[
                ["day(date) -> bigint", "day(timestamp) -> bigint", "day(timestamptz) -> bigint"],
                [
                    "day_of_month(date) -> bigint",
                    "day_of_month(timestamp) -> bigint",
                    "day_of_month(timestamptz) -> bigint",
                ],
            ],
            |d| i64::from(d.day()),
        ),
        (
            &[
                [
                    "day_of_week(date) -> bigint",
                    "day_of_week(timestamp) -> bigint",
                    "day_of_week(timestamptz) -> bigint",
                ],
                ["dow(date) -> bigint", "dow(timestamp) -> bigint", "dow(timestamptz) -> bigint"],
            ],
            |d| i64::from(d.weekday().number_from_monday()),
        ),
        (
            &[
                [
                    "day_of_year(date) -> bigint",
                    "day_of_year(timestamp) -> bigint",
                    "day_of_year(timestamptz) -> bigint",
                ],
                ["doy(date) -> bigint", "doy(timestamp) -> bigint", "doy(timestamptz) -> bigint"],
            ],
            |d| i64::from(d.ordinal()),
        ),
        (
            &[
                [
                    "year_of_week(date) -> bigint",
                    "year_of_week(timestamp) -> bigint",
                    "year_of_week(timestamptz) -> bigint",
                ],
                ["yow(date) -> bigint", "yow(timestamp) -> bigint", "yow(timestamptz) -> bigint"],
            ],
            |d| i64::from(d.iso_week().year()),
        ),
    ];
    for (names, field) in fields {
        for [date, stamp, zoned] in names {
            to.add(date, unary::<Day, _>(move |day| date_of(day).map(field)));
            for signature in [stamp, zoned] {
                to.add(
                    signature,
                    unary::<Stamp, _>(move |moment| Ok::<_, opentrail_trino::SqlError>(field(moment.local()?.date()))),
                );
            }
        }
    }
    clocks(to);
    spans(to);
}

fn clocks(to: &mut Registry) {
    type ClockField = ([&'static str; 3], fn(chrono::NaiveDateTime) -> u32, i64, i64);
    let second = 1_000_000_000;
    let fields: [ClockField; 4] = [
        (
            ["hour(timestamp) -> bigint", "hour(timestamptz) -> bigint", "hour(time) -> bigint"],
            |at| at.hour(),
            3600 * second,
            24,
        ),
        (
            ["minute(timestamp) -> bigint", "minute(timestamptz) -> bigint", "minute(time) -> bigint"],
            |at| at.minute(),
            60 * second,
            60,
        ),
        (
            ["second(timestamp) -> bigint", "second(timestamptz) -> bigint", "second(time) -> bigint"],
            |at| at.second(),
            second,
            60,
        ),
        (
            ["millisecond(timestamp) -> bigint", "millisecond(timestamptz) -> bigint", "millisecond(time) -> bigint"],
            |at| at.nanosecond() / 1_000_000 % 1000,
            1_000_000,
            1000,
        ),
    ];
    for ([stamp, zoned, time], field, unit, count) in fields {
        for signature in [stamp, zoned] {
            to.add(
                signature,
                unary::<Stamp, _>(move |moment| Ok::<_, opentrail_trino::SqlError>(i64::from(field(moment.local()?)))),
            );
        }
        to.add(time, unary::<Clock, _>(move |clock| clock / unit % count));
    }
    to.add(
        "timezone_hour(timestamptz) -> bigint",
        unary::<Stamp, _>(|moment| moment.offset().map(|seconds| i64::from(seconds / 3600))),
    );
    to.add(
        "timezone_minute(timestamptz) -> bigint",
        unary::<Stamp, _>(|moment| moment.offset().map(|seconds| i64::from(seconds / 60 % 60))),
    );
    to.add("timezone(timestamptz) -> varchar", unary::<Stamp, _>(|moment| moment.zone.to_string()));
}

fn spans(to: &mut Registry) {
    to.add("millisecond(interval_day_second) -> bigint", unary::<Span, _>(|span| span % 1000));
    to.add("second(interval_day_second) -> bigint", unary::<Span, _>(|span| span / 1000 % 60));
    to.add("minute(interval_day_second) -> bigint", unary::<Span, _>(|span| span / 60_000 % 60));
    to.add("hour(interval_day_second) -> bigint", unary::<Span, _>(|span| span / 3_600_000 % 24));
    to.add("day(interval_day_second) -> bigint", unary::<Span, _>(|span| span / 86_400_000));
    to.add("month(interval_year_month) -> bigint", unary::<Months, _>(|months| i64::from(months % 12)));
    to.add("year(interval_year_month) -> bigint", unary::<Months, _>(|months| i64::from(months / 12)));
}
