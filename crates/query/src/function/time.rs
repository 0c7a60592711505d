//! Dates and times.

mod parse;

pub(super) use parse::{clock, date, lake_time, timestamp, timestamp_tz, zone_in};

use super::adapt::unary;
use super::native::Text;
use super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add(
        "$lake_time(varchar) -> timestamp3",
        unary::<Text, _>(|text| {
            lake_time(text.trim()).ok_or_else(|| fault::cast(format!("Value cannot be cast to timestamp: {text}")))
        }),
    );
}
