//! Instants and local times as functions see them: nanoseconds since 1970, and a zone.

use arrow_array::builder::Int64Builder;
use arrow_array::types::{TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use opentrail_trino::SqlError;

use super::fault;
use super::native::Native;
use super::output::{Output, Sink, relabel};
use super::zone::Zone;

/// Nanoseconds in a second.
pub(super) const SECOND: i128 = 1_000_000_000;
/// Nanoseconds in a day.
pub(super) const DAY: i128 = 86_400 * SECOND;

/// A timestamp. Without time zone its zone is UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since 1970-01-01 00:00:00 UTC.
    pub(super) nanos: i128,
    /// Where it is looked at.
    pub(super) zone: Zone,
}

impl Moment {
    /// A timestamp without zone.
    pub(super) fn utc(nanos: i128) -> Self {
        Self { nanos, zone: Zone::Utc }
    }

    /// The clock in UTC.
    pub(super) fn in_utc(self) -> Result<NaiveDateTime, SqlError> {
        clock(self.nanos)
    }

    /// The clock in its zone.
    pub(super) fn local(self) -> Result<NaiveDateTime, SqlError> {
        if self.zone == Zone::Utc {
            return self.in_utc();
        }
        clock(self.local_nanos()?)
    }

    /// Nanoseconds since 1970 on the clock of its zone.
    pub(super) fn local_nanos(self) -> Result<i128, SqlError> {
        Ok(self.nanos + i128::from(self.offset()?) * SECOND)
    }

    /// Seconds east of Greenwich.
    pub(super) fn offset(self) -> Result<i32, SqlError> {
        Ok(if self.zone == Zone::Utc { 0 } else { self.zone.offset_at(self.in_utc()?) })
    }

    /// What the clock of `zone` shows.
    pub(super) fn from_local(local: NaiveDateTime, zone: Zone) -> Self {
        let nanos = nanos_of(local) - i128::from(zone.offset_of_local(local)) * SECOND;
        Self { nanos, zone }
    }

    /// The same clock and zone with another local time.
    pub(super) fn with_local(self, local: NaiveDateTime) -> Self {
        Self::from_local(local, self.zone)
    }

    /// The same zone, so much later.
    pub(super) fn plus(self, nanos: i128) -> Self {
        Self { nanos: self.nanos + nanos, ..self }
    }
}

/// The clock at so many nanoseconds since 1970.
pub(super) fn clock(nanos: i128) -> Result<NaiveDateTime, SqlError> {
    let seconds = i64::try_from(nanos.div_euclid(SECOND)).ok();
    let fraction = u32::try_from(nanos.rem_euclid(SECOND)).unwrap_or(0);
    let at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, fraction));
    at.map(|at| at.naive_utc()).ok_or_else(|| fault::argument("timestamp is out of range"))
}

/// Nanoseconds since 1970 of a clock.
pub(super) fn nanos_of(clock: NaiveDateTime) -> i128 {
    let utc = clock.and_utc();
    i128::from(utc.timestamp()) * SECOND + i128::from(utc.timestamp_subsec_nanos())
}

/// The date that lies so many days after 1970-01-01.
pub(super) fn date_of(days: i32) -> Result<NaiveDate, SqlError> {
    let date = i32::checked_add(days, 719_163).and_then(NaiveDate::from_num_days_from_ce_opt);
    date.ok_or_else(|| fault::argument("date is out of range"))
}

/// Days after 1970-01-01.
pub(super) fn days_of(date: NaiveDate) -> i32 {
    chrono::Datelike::num_days_from_ce(&date) - 719_163
}

/// `timestamp`, with time zone or without.
pub(super) struct Stamp;

/// A column of timestamps of any precision.
pub(super) struct Stamps<'a> {
    values: Values<'a>,
    zone: Zone,
}

enum Values<'a> {
    Millis(&'a PrimitiveArray<TimestampMillisecondType>),
    Micros(&'a PrimitiveArray<TimestampMicrosecondType>),
    Nanos(&'a PrimitiveArray<TimestampNanosecondType>),
}

impl Native for Stamp {
    type At<'a> = Moment;
    type Column<'a> = Stamps<'a>;

    fn column(array: &ArrayRef) -> Result<Stamps<'_>, SqlError> {
        let wrong = || fault::internal(format!("`{}` is no timestamp", array.data_type()));
        let DataType::Timestamp(unit, label) = array.data_type() else { return Err(wrong()) };
        let any = array.as_any();
        let values = match unit {
            TimeUnit::Millisecond => any.downcast_ref().map(Values::Millis),
            TimeUnit::Microsecond => any.downcast_ref().map(Values::Micros),
            TimeUnit::Nanosecond => any.downcast_ref().map(Values::Nanos),
            TimeUnit::Second => None,
        };
        let zone = label.as_deref().and_then(Zone::find).unwrap_or(Zone::Utc);
        Ok(Stamps { values: values.ok_or_else(wrong)?, zone })
    }

    fn get<'a>(column: &Self::Column<'a>, index: usize) -> Option<Self::At<'a>> {
        let nanos = match column.values {
            Values::Millis(array) => array.is_valid(index).then(|| i128::from(array.value(index)) * 1_000_000),
            Values::Micros(array) => array.is_valid(index).then(|| i128::from(array.value(index)) * 1_000),
            Values::Nanos(array) => array.is_valid(index).then(|| i128::from(array.value(index))),
        };
        nanos.map(|nanos| Moment { nanos, zone: column.zone })
    }
}

/// Timestamps in the making; digits beyond the unit are cut.
pub(super) struct StampSink {
    shape: DataType,
    nanos_per_unit: i128,
    values: Int64Builder,
}

impl Output for Moment {
    type Sink = StampSink;
}

impl Sink<Moment> for StampSink {
    fn new(shape: &DataType, rows: usize) -> Self {
        let nanos_per_unit = match shape {
            DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
            DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000,
            _ => 1,
        };
        Self { shape: shape.clone(), nanos_per_unit, values: Int64Builder::with_capacity(rows) }
    }

    fn push(&mut self, value: Option<Moment>) -> Result<(), SqlError> {
        let value = value.map(|moment| {
            i64::try_from(moment.nanos.div_euclid(self.nanos_per_unit))
                .map_err(|_| fault::argument("timestamp is out of range"))
        });
        self.values.append_option(value.transpose()?);
        Ok(())
    }

    fn finish(mut self) -> Result<ArrayRef, SqlError> {
        relabel(self.values.finish(), &self.shape)
    }
}

/// The moment with its fraction of a second rounded half up to so many digits.
pub(super) fn round_to(nanos: i128, precision: u8) -> i128 {
    let step = 10_i128.pow(9 - u32::from(precision.min(9)));
    (nanos + step / 2).div_euclid(step) * step
}
