//! Timestamps: seconds since 2015 and nanoseconds, the trailing zeros of the latter counted and cut.
//!
//! All are written in UTC. A local timestamp's stripe says so (`writerTimezone`), and readers give back the same wall time.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_long;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::{self, Kind};
use crate::write::stream::{IntStream, Packer};
use arrow_array::types::{
    ArrowPrimitiveType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

/// 2015-01-01T00:00:00Z, where the format's seconds begin.
const EPOCH: i64 = 1_420_070_400;
/// Above this, readers take the nanoseconds of a time before 1970 for counted backwards from the next second.
const SUB_MILLI_NANOS_MAX: i64 = 999_999;

#[derive(Debug)]
pub(super) struct Timestamps {
    seconds: IntStream,
    nanos: IntStream,
    statistics: statistics::Timestamps,
}

impl Timestamps {
    pub(super) fn new() -> Self {
        Self {
            seconds: IntStream::signed(),
            nanos: IntStream::unsigned(),
            statistics: statistics::Timestamps::default(),
        }
    }

    fn append_array<T: ArrowPrimitiveType<Native = i64>>(
        &mut self,
        array: &dyn Array,
        rows: &Rows,
        per_second: i64,
        mut bloom: Option<&mut Bloom>,
    ) -> Result<(), Refused> {
        let values = downcast::<PrimitiveArray<T>>(array)?.values();
        for row in rows.iter().flat_map(Clone::clone) {
            let seconds = values[row].div_euclid(per_second);
            let nanos = values[row].rem_euclid(per_second) * (1_000_000_000 / per_second);
            let (Some(stored), Some(millis)) = (stored_seconds(seconds, nanos), unix_millis(seconds, nanos)) else {
                return Err(Refused::Value { row, problem: problem(seconds) });
            };
            self.statistics.add(millis, (nanos % 1_000_000) as i32);
            if let Some(bloom) = &mut bloom {
                bloom.add(hash_long(millis));
            }
            self.seconds.push(stored);
            self.nanos.push(stored_nanos(nanos));
        }
        Ok(())
    }
}

/// The seconds as the format has them. Before 1970 they are rounded up when there are milliseconds, as Java's division
/// does; readers undo it. That leaves no number for the last second before 1970: its times would be read as a second
/// later.
fn stored_seconds(seconds: i64, nanos: i64) -> Option<i64> {
    match (seconds, nanos > SUB_MILLI_NANOS_MAX) {
        (-1, true) => None,
        (..-1, true) => Some(seconds + 1 - EPOCH),
        (_, _) => seconds.checked_sub(EPOCH),
    }
}

fn unix_millis(seconds: i64, nanos: i64) -> Option<i64> {
    seconds.checked_mul(1000)?.checked_add(nanos / 1_000_000)
}

fn problem(seconds: i64) -> String {
    if seconds == -1 {
        "ORC has no time between 1969-12-31T23:59:59.001Z and 1970; its readers would give a second more".to_owned()
    } else {
        "the time is outside of what ORC's milliseconds hold".to_owned()
    }
}

/// The nanoseconds as the format has them: without trailing zeros, if there are two or more, and how many were cut.
fn stored_nanos(nanos: i64) -> i64 {
    if nanos == 0 || nanos % 100 != 0 {
        return nanos << 3;
    }
    let mut digits = nanos / 100;
    let mut cut = 1;
    while digits % 10 == 0 && cut < 7 {
        digits /= 10;
        cut += 1;
    }
    (digits << 3) | cut
}

impl Values for Timestamps {
    fn append(&mut self, array: &dyn Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => self.append_array::<TimestampSecondType>(array, rows, 1, bloom),
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                self.append_array::<TimestampMillisecondType>(array, rows, 1_000, bloom)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.append_array::<TimestampMicrosecondType>(array, rows, 1_000_000, bloom)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                self.append_array::<TimestampNanosecondType>(array, rows, 1_000_000_000, bloom)
            }
            _ => Err(Refused::Type),
        }
    }

    fn flush(&mut self) {
        self.seconds.flush();
        self.nanos.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Timestamps(std::mem::take(&mut self.statistics))
    }

    fn mark(&mut self) {
        self.seconds.out().mark();
        self.nanos.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, self.seconds.out())?;
        visit(StreamKind::Secondary, self.nanos.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.seconds.buffered_bytes() + self.nanos.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.seconds.memory_bytes() + self.nanos.memory_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_lose_their_zeros() {
        let examples =
            [(0, 0), (1, 8), (1000, 0x0a), (100_000, 0x0c), (10, 80), (100_000_000, 0x0f), (500_000_000, 0x2f)];
        for (nanos, stored) in examples {
            assert_eq!(stored_nanos(nanos), stored, "{nanos}");
        }
    }

    #[test]
    fn before_1970_milliseconds_round_up() {
        assert_eq!(stored_seconds(-2, 1_000_000), Some(-1 - EPOCH));
        assert_eq!(stored_seconds(-2, 999_999), Some(-2 - EPOCH));
        assert_eq!(stored_seconds(-1, 999_999), Some(-1 - EPOCH));
        assert_eq!(stored_seconds(-1, 1_000_000), None);
        assert_eq!(stored_seconds(0, 1_000_000), Some(-EPOCH));
    }
}
