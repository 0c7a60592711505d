//! Timestamps: seconds since 2015 and nanoseconds, each in a stream of its own.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::types::{
    ArrowTimestampType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{ArrayRef, PrimitiveArray};

use super::presence::valid_count;
use super::{Budget, Column, Presence, RowIndexes, Slots, spread};
use crate::Error;
use crate::read::decode::integer::Integers;
use crate::read::zone::Zone;

/// 2015-01-01T00:00:00, from which seconds count.
const BASE_SECONDS: i64 = 1_420_070_400;

/// A column of timestamps, local ones as well as instants.
#[derive(Debug)]
pub(super) struct TimestampColumn<T> {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) seconds: Integers,
    pub(super) nanos: Integers,
    pub(super) clock: Clock,
    /// The name of the zone in the array's type.
    pub(super) zone: Option<Arc<str>>,
    pub(super) of: PhantomData<T>,
}

/// How the writer's seconds become Arrow's.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    zone: Zone,
    /// The seconds of the writer's own 2015 since 1970 in UTC.
    base: i64,
}

impl Clock {
    /// Instants count from 2015 in UTC.
    pub(super) fn utc() -> Clock {
        Clock { zone: Zone::UTC, base: BASE_SECONDS }
    }

    /// Local timestamps count from 2015 in the writer's zone, as instants; what they mean is what the writer's clock
    /// on the wall showed.
    pub(super) fn local(zone: Zone) -> Clock {
        let base = BASE_SECONDS - zone.offset_of_local(BASE_SECONDS);
        Clock { zone, base }
    }

    /// Whole seconds since 1970 of a stored value, with its nanoseconds.
    fn seconds(&self, stored: i64, nanos: i64) -> Option<i64> {
        let mut seconds = stored.checked_add(self.base)?;
        // Writers divide towards zero. Before 1970 that is a second too much wherever there is a fraction, but they
        // look for one only above 999,999 ns.
        if seconds < 0 && nanos > 999_999 {
            seconds -= 1;
        }
        seconds.checked_add(self.zone.offset_at(seconds))
    }
}

/// The number that trailing zeros were cut from: the three low bits tell how many, less one.
///
/// Negative ones are written by Arrow's C++ for times before 1970.
fn nanos(stored: i64) -> Option<i64> {
    const POWERS: [i64; 8] = [1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    let nanos = (stored >> 3).checked_mul(POWERS[(stored & 7) as usize])?;
    (-1_000_000_000 < nanos && nanos < 1_000_000_000).then_some(nanos)
}

/// A unit of Arrow's timestamps.
pub(super) trait Unit: ArrowTimestampType + fmt::Debug + Send {
    const PER_SECOND: i64;
}

impl Unit for TimestampSecondType {
    const PER_SECOND: i64 = 1;
}

impl Unit for TimestampMillisecondType {
    const PER_SECOND: i64 = 1_000;
}

impl Unit for TimestampMicrosecondType {
    const PER_SECOND: i64 = 1_000_000;
}

impl Unit for TimestampNanosecondType {
    const PER_SECOND: i64 = 1_000_000_000;
}

impl<T: Unit> Column for TimestampColumn<T> {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 24)?;
        let nulls = self.presence.read(slots)?;
        let valid = valid_count(slots.count, nulls.as_ref());
        let (mut values, mut fractions) = (Vec::new(), Vec::new());
        self.seconds.append(valid, &mut values)?;
        self.nanos.append(valid, &mut fractions)?;
        for (value, fraction) in values.iter_mut().zip(fractions) {
            let fraction =
                nanos(fraction).ok_or_else(|| self.nanos.stream().corrupt(format!("the nanoseconds {fraction}")))?;
            let seconds = self.clock.seconds(*value, fraction);
            let whole = seconds.and_then(|seconds| seconds.checked_mul(T::PER_SECOND));
            let sum = whole.and_then(|whole| whole.checked_add(fraction.div_euclid(1_000_000_000 / T::PER_SECOND)));
            *value = sum.ok_or_else(|| out_of_range(self.id, *value, T::PER_SECOND))?;
        }
        let array = PrimitiveArray::<T>::new(spread(values, nulls.as_ref()).into(), nulls);
        Ok(Arc::new(array.with_timezone_opt(self.zone.clone())))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        self.seconds.skip(count)?;
        self.nanos.skip(count)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        self.seconds.seek(&mut positions)?;
        self.nanos.seek(&mut positions)
    }
}

#[cold]
fn out_of_range(id: u32, stored: i64, per_second: i64) -> Error {
    let what =
        format!("a timestamp {stored} s from 2015 in units of 1/{per_second} s (option `timestamps` has coarser ones)");
    Error::unsupported(format!("column {id}"), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_have_their_zeros_back() {
        // The examples of the specification.
        assert_eq!(nanos(0x0a), Some(1000));
        assert_eq!(nanos(0x0c), Some(100_000));
        assert_eq!(nanos(0), Some(0));
        assert_eq!(nanos(999_999_999 << 3), Some(999_999_999));
        assert_eq!(nanos(1_000_000_000 << 3), None);
        assert_eq!(nanos(-5_317_614), Some(-664_702_000));
    }

    #[test]
    fn fractions_before_1970_count_from_the_second_before() {
        let clock = Clock::utc();
        let second = |of_1970: i64, nanos| clock.seconds(of_1970 - BASE_SECONDS, nanos).unwrap();
        assert_eq!(second(-1, 0), -1);
        assert_eq!(second(-1, 500_000_000), -2);
        assert_eq!(second(-1, 999_999), -1);
        assert_eq!(second(1, 500_000_000), 1);
    }
}
