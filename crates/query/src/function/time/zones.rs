//! Time zones of timestamps.

use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::adapt::{binary, nullary, unary};
use super::super::fault;
use super::super::moment::{Moment, Stamp, clock};
use super::super::native::{Span, Text};
use super::super::zone::Zone;

pub(super) fn register(to: &mut Registry) {
    for signature in [
        "at_timezone(timestamptz, varchar) -> timestamptz",
        "$operator$at_timezone(timestamptz, varchar) -> timestamptz",
    ] {
        to.add(
            signature,
            binary::<Stamp, Text, _>(|moment, zone| Ok::<_, SqlError>(Moment { zone: Zone::parse(zone)?, ..moment })),
        );
    }
    for signature in [
        "at_timezone(timestamptz, interval_day_second) -> timestamptz",
        "$operator$at_timezone(timestamptz, interval_day_second) -> timestamptz",
    ] {
        to.add(
            signature,
            binary::<Stamp, Span, _>(|moment, span| {
                let seconds = i32::try_from(span / 1000).ok().filter(|seconds| seconds.abs() <= 14 * 3600);
                let seconds = seconds.ok_or_else(|| fault::argument("Invalid offset of a time zone"))?;
                Ok::<_, SqlError>(Moment {
                    zone: if seconds == 0 { Zone::Utc } else { Zone::Fixed(seconds) },
                    ..moment
                })
            }),
        );
    }
    to.add(
        "with_timezone(timestamp, varchar) -> timestamptz",
        binary::<Stamp, Text, _>(|moment, zone| {
            Ok::<_, SqlError>(Moment::from_local(clock(moment.nanos)?, Zone::parse(zone)?))
        }),
    );
    // A statement has no session with a zone of its own.
    to.add("current_timezone() -> varchar", nullary(|| "UTC"));
    to.add("$instant(timestamptz) -> timestamp", unary::<Stamp, _>(|moment| Moment::utc(moment.nanos)));
}
