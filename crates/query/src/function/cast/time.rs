//! Among dates, times and timestamps.

use arrow_array::ArrayRef;
use opentrail_trino::{SqlError, Type};

use super::super::fault;
use super::super::moment::{DAY, Moment, Stamp, round_to};
use super::super::native::{Clock, Day};
use super::apply::Job;

pub(super) fn cast(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    match (job.from, job.to) {
        (Type::Date, _) => job.each::<Day, Moment>(|day| Ok(Moment::utc(i128::from(day) * DAY))),
        (Type::Timestamp { .. } | Type::TimestampTz { .. }, Type::Date) => job.each::<Stamp, i32>(|moment| {
            i32::try_from(moment.local_nanos()?.div_euclid(DAY)).map_err(|_| fault::argument("date is out of range"))
        }),
        (Type::TimestampTz { .. }, Type::Timestamp { precision }) => {
            job.each::<Stamp, Moment>(|moment| Ok(Moment::utc(round_to(moment.local_nanos()?, *precision))))
        }
        (Type::Timestamp { .. }, Type::Timestamp { precision }) | (_, Type::TimestampTz { precision }) => {
            job.each::<Stamp, Moment>(|moment| Ok(Moment { nanos: round_to(moment.nanos, *precision), ..moment }))
        }
        (Type::Timestamp { .. } | Type::TimestampTz { .. }, Type::Time { precision } | Type::TimeTz { precision }) => {
            job.each::<Stamp, i64>(|moment| {
                let nanos = round_to(moment.local_nanos()?.rem_euclid(DAY), *precision).rem_euclid(DAY);
                i64::try_from(nanos).map_err(fault::internal)
            })
        }
        (_, Type::Time { precision } | Type::TimeTz { precision }) => job.each::<Clock, i64>(|clock| {
            i64::try_from(round_to(i128::from(clock), *precision).rem_euclid(DAY)).map_err(fault::internal)
        }),
        _ => Err(fault::internal("there is no such cast of a time")),
    }
}
