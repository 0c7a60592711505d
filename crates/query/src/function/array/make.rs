//! New arrays, rows and maps: `ARRAY[…]`, `ROW(…)`, `sequence`, `repeat`.

use std::sync::Arc;

use arrow_array::{ArrayRef, StructArray};
use arrow_schema::DataType;
use opentrail_trino::{SqlError, Type};

use super::super::adapt::{binary, input, ternary};
use super::super::kernel::{Call, Input, Kernel};
use super::super::lists::Builder;
use super::super::moment::{Moment, Stamp};
use super::super::native::{Day, I64, Months, Reader, Span};
use super::super::output::Items;
use super::super::signature::Binding;
use super::super::{Registry, fault, operator};

/// The most items of one `sequence` or `repeat`.
const ITEMS_MAX: i64 = 10_000;

pub(super) fn register(to: &mut Registry) {
    to.add("$array(T...) -> array(T)", Kernel::total(array));
    to.add_adjusted("$row(any...) -> unknown", row_type, Kernel::total(row));
    to.add("repeat(T, bigint) -> array(T)", Kernel::partial(repeat));
    to.add(
        "sequence(bigint, bigint) -> array(bigint)",
        binary::<I64, I64, _>(|a, b| whole(a, b, if a <= b { 1 } else { -1 })),
    );
    to.add("sequence(bigint, bigint, bigint) -> array(bigint)", ternary::<I64, I64, I64, _>(whole));
    to.add(
        "sequence(date, date) -> array(date)",
        binary::<Day, Day, _>(|a, b| days(a, b, if a <= b { 1 } else { -1 })),
    );
    to.add(
        "sequence(date, date, interval_day_second) -> array(date)",
        ternary::<Day, Day, Span, _>(|a, b, step| {
            if step % 86_400_000 != 0 {
                return Err(fault::argument("sequence step must be a day interval if start and end values are dates"));
            }
            days(a, b, step / 86_400_000)
        }),
    );
    to.add(
        "sequence(date, date, interval_year_month) -> array(date)",
        ternary::<Day, Day, Months, _>(|a, b, step| {
            let midnight = |day: i32| Moment::utc(i128::from(day) * super::super::moment::DAY);
            let all = months(midnight(a), midnight(b), i64::from(step))?;
            let day = |moment: Moment| i32::try_from(moment.nanos.div_euclid(super::super::moment::DAY)).unwrap_or(0);
            Ok::<_, SqlError>(all.into_iter().map(day).collect::<Items<i32>>())
        }),
    );
    for signature in [
        "sequence(timestamp, timestamp, interval_day_second) -> array(timestamp)",
        "sequence(timestamptz, timestamptz, interval_day_second) -> array(timestamptz)",
    ] {
        to.add(signature, ternary::<Stamp, Stamp, Span, _>(stamps));
    }
    to.add(
        "sequence(timestamp, timestamp, interval_year_month) -> array(timestamp)",
        ternary::<Stamp, Stamp, Months, _>(|a, b, step| {
            Ok::<_, SqlError>(months(a, b, i64::from(step))?.into_iter().collect::<Items<Moment>>())
        }),
    );
}

fn array(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let mut builder = Builder::default();
    for row in 0..call.rows {
        call.inputs.iter().enumerate().for_each(|(source, input)| builder.item(source, input.at(row)));
        builder.end();
    }
    let shape = match call.shape {
        DataType::List(field) => field.data_type(),
        other => other,
    };
    let sources = call.inputs.iter().map(|input| super::super::arrays::conform(input.array(), shape));
    let sources = sources.collect::<Result<Vec<_>, _>>()?;
    builder.finish(&sources.iter().collect::<Vec<_>>(), call.shape)
}

/// The type of a row of these columns.
fn row_type(binding: Binding) -> Option<Binding> {
    let returns = Type::Row(binding.parameters.iter().map(|of| (None, of.clone())).collect());
    Some(Binding { returns, ..binding })
}

/// A row of all arguments.
pub(in super::super) fn row(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let DataType::Struct(fields) = call.shape else { return Err(fault::internal("a row type was promised")) };
    let columns = call
        .inputs
        .iter()
        .zip(fields)
        .map(|(input, field)| super::super::arrays::conform(&input.spread(call.rows)?, field.data_type()));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(StructArray::try_new(fields.clone(), columns, None).map_err(fault::internal)?))
}

fn repeat(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let item: &Input = input(call, 0)?;
    let count = Reader::<I64>::new(input(call, 1)?)?;
    let mut builder = Builder::default();
    for row in 0..call.rows {
        match count.get(row) {
            None => builder.end_null(),
            Some(count) if count < 0 => {
                return Err(fault::argument("count argument of repeat function must be greater than or equal to 0"));
            }
            Some(count) if count > ITEMS_MAX => {
                return Err(fault::argument(format!(
                    "count argument of repeat function must be less than or equal to {ITEMS_MAX}"
                )));
            }
            Some(count) => {
                (0..count).for_each(|_| builder.item(0, item.at(row)));
                builder.end();
            }
        }
    }
    builder.finish(&[item.array()], call.shape)
}

/// How many items a sequence has.
fn length(from: i128, to: i128, step: i128) -> Result<i128, SqlError> {
    if step == 0 {
        return Err(fault::argument("step must not be zero"));
    }
    if (to - from).signum() * step.signum() < 0 {
        return Err(fault::argument(
            "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start",
        ));
    }
    let length = (to - from) / step + 1;
    if length > i128::from(ITEMS_MAX) {
        return Err(too_long());
    }
    Ok(length)
}

fn too_long() -> SqlError {
    fault::argument(format!("result of sequence function must not have more than {ITEMS_MAX} entries"))
}

fn whole(from: i64, to: i64, step: i64) -> Result<Items<i64>, SqlError> {
    let length = length(from.into(), to.into(), step.into())?;
    Ok((0..length).filter_map(|index| i64::try_from(i128::from(from) + index * i128::from(step)).ok()).collect())
}

fn days(from: i32, to: i32, step: i64) -> Result<Items<i32>, SqlError> {
    let length = length(from.into(), to.into(), step.into())?;
    Ok((0..length).filter_map(|index| i32::try_from(i128::from(from) + index * i128::from(step)).ok()).collect())
}

fn stamps(from: Moment, to: Moment, step: i64) -> Result<Items<Moment>, SqlError> {
    let step = i128::from(step) * 1_000_000;
    let length = length(from.nanos, to.nanos, step)?;
    Ok((0..length).map(|index| from.plus(index * step)).collect())
}

fn months(from: Moment, to: Moment, step: i64) -> Result<Vec<Moment>, SqlError> {
    length(
        from.nanos,
        to.nanos,
        if step == 0 {
            0
        } else {
            i128::from(step.signum()) * super::super::moment::DAY * 28 * i128::from(step.unsigned_abs())
        },
    )?;
    let mut all = Vec::new();
    for index in 0..=ITEMS_MAX {
        let next = operator::plus_months(from, index * step)?;
        if (step > 0 && next.nanos > to.nanos) || (step < 0 && next.nanos < to.nanos) {
            return Ok(all);
        }
        all.push(next);
    }
    Err(too_long())
}
