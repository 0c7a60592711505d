//! Least and greatest values.

use arrow_array::Array;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use opentrail_trino::SqlError;

use super::super::keys::keys_of;
use super::super::lists::Builder;
use super::super::native::{I64, Native};
use super::super::{Registry, fault};
use super::gather::{Gathered, Gathering};

pub(super) fn register(to: &mut Registry) {
    to.add_builtin("min(O) -> O", min_udaf);
    to.add_builtin("max(O) -> O", max_udaf);
    to.add_aggregate(
        "min(O, bigint) -> array(O)",
        Gathering::new(|rows, types| few(rows, &types.shape(), 0, 1, false)),
    );
    to.add_aggregate("max(O, bigint) -> array(O)", Gathering::new(|rows, types| few(rows, &types.shape(), 0, 1, true)));
    to.add_aggregate(
        "min_by(V, O, bigint) -> array(V)",
        Gathering::new(|rows, types| few(rows, &types.shape(), 1, 2, false)),
    );
    to.add_aggregate(
        "max_by(V, O, bigint) -> array(V)",
        Gathering::new(|rows, types| few(rows, &types.shape(), 1, 2, true)),
    );
}

/// How many values these functions give at most.
const COUNT_MAX: i64 = 10_000;

/// The first column's values of the rows with the least or greatest keys, best first.
fn few(
    rows: &Gathered,
    shape: &arrow_schema::DataType,
    key: usize,
    count: usize,
    is_descending: bool,
) -> Result<arrow_array::ArrayRef, SqlError> {
    let (values, by, count) = (&rows.columns[0], &rows.columns[key], I64::column(&rows.columns[count])?);
    let keys = keys_of(by)?;
    let mut builder = Builder::default();
    for range in &rows.groups {
        let wanted = range.clone().find(|row| count.is_valid(*row)).map(|row| count.value(row));
        let mut order: Vec<usize> = range.clone().filter(|row| by.is_valid(*row)).collect();
        let Some(wanted) = wanted.filter(|_| !order.is_empty()) else {
            builder.end_null();
            continue;
        };
        if !(1..=COUNT_MAX).contains(&wanted) {
            return Err(fault::argument(format!(
                "third argument of max_by/min_by must be a positive integer and at most {COUNT_MAX}"
            )));
        }
        order.sort_by(|a, b| {
            let order = keys.row(*a).cmp(&keys.row(*b));
            if is_descending { order.reverse() } else { order }
        });
        builder.items(0, order.into_iter().take(usize::try_from(wanted).unwrap_or(0)));
        builder.end();
    }
    builder.finish(&[values], shape)
}
