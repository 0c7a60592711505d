//! Dates and times.

mod extract;
mod format;
mod joda;
mod make;
mod parse;
mod teradata;
mod units;
mod zones;

pub(super) use parse::{clock, date, timestamp, timestamp_tz, zone_in};

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    make::register(to);
    units::register(to);
    extract::register(to);
    format::register(to);
    teradata::register(to);
    zones::register(to);
}
