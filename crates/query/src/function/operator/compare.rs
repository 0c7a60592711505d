//! Comparisons of values of any type.

use std::cmp::Ordering;

use arrow_array::{Array as _, ArrayRef};
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::adapt::{binary, collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::keys::keys;
use super::super::native::{F32, F64};
use super::equality::equal_rows;

/// As IEEE 754 has it: NaN is unlike everything, and 0 is -0.
macro_rules! floats {
    ($to:ident, $($marker:ident $name:literal;)+) => {$(
        $to.add(concat!("$operator$equal(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a == b));
        $to.add(concat!("$operator$not_equal(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a != b));
        $to.add(concat!("$operator$less_than(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a < b));
        $to.add(concat!("$operator$less_than_or_equal(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a <= b));
        $to.add(concat!("$operator$greater_than(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a > b));
        $to.add(concat!("$operator$greater_than_or_equal(", $name, ", ", $name, ") -> boolean"), binary::<$marker, $marker, _>(|a, b| a >= b));
    )+};
}

pub(super) fn register(to: &mut Registry) {
    floats!(to,
        F64 "double";
        F32 "real";
    );
    to.add("$operator$equal(C, C) -> boolean", equal(false));
    to.add("$operator$not_equal(C, C) -> boolean", equal(true));
    to.add("$operator$identical(C, C) -> boolean", identical(false));
    to.add("$operator$distinct(C, C) -> boolean", identical(true));
    to.add("$operator$less_than(O, O) -> boolean", ordered(Ordering::is_lt));
    to.add("$operator$less_than_or_equal(O, O) -> boolean", ordered(Ordering::is_le));
    to.add("$operator$greater_than(O, O) -> boolean", ordered(Ordering::is_gt));
    to.add("$operator$greater_than_or_equal(O, O) -> boolean", ordered(Ordering::is_ge));
    to.add("greatest(O, O...) -> O", extreme(Ordering::Greater));
    to.add("least(O, O...) -> O", extreme(Ordering::Less));
}

fn equal(is_negated: bool) -> Kernel {
    Kernel::total(move |call| {
        let (a, b) = (input(call, 0)?, input(call, 1)?);
        collect(call, |row| equal_rows(a.array(), a.at(row), b.array(), b.at(row)).map(|is| is != is_negated))
    })
}

fn identical(is_negated: bool) -> Kernel {
    Kernel::total(move |call| {
        let (a, b) = (input(call, 0)?, input(call, 1)?);
        let keys = keys(&[a.array(), b.array()])?;
        collect(call, |row| Some((keys[0].row(a.at(row)) == keys[1].row(b.at(row))) != is_negated))
    })
}

fn ordered(test: fn(Ordering) -> bool) -> Kernel {
    Kernel::total(move |call| {
        let (a, b) = (input(call, 0)?, input(call, 1)?);
        let keys = keys(&[a.array(), b.array()])?;
        collect(call, |row| {
            if a.is_null(row) || b.is_null(row) {
                return None;
            }
            Some(test(keys[0].row(a.at(row)).cmp(&keys[1].row(b.at(row)))))
        })
    })
}

/// The greatest or least argument; NULL if any is.
fn extreme(wanted: Ordering) -> Kernel {
    Kernel::total(move |call| {
        let columns: Vec<&ArrayRef> = call.inputs.iter().map(super::super::kernel::Input::array).collect();
        let keys = keys(&columns)?;
        let place = |row: usize| {
            let mut best = 0;
            for (index, input) in call.inputs.iter().enumerate() {
                if input.is_null(row) {
                    return None;
                }
                let (own, other) = (keys[index].row(input.at(row)), keys[best].row(call.inputs[best].at(row)));
                if own.cmp(&other) == wanted {
                    best = index;
                }
            }
            call.inputs.get(best).map(|input| (best, input.at(row)))
        };
        choose(call, &columns, place)
    })
}

fn choose(
    call: &Call<'_>,
    columns: &[&ArrayRef],
    place: impl Fn(usize) -> Option<(usize, usize)>,
) -> Result<ArrayRef, SqlError> {
    let shape = columns.first().map(|column| column.data_type().clone()).unwrap_or(arrow_schema::DataType::Null);
    let columns: Vec<ArrayRef> =
        columns.iter().map(|column| super::super::arrays::conform(column, &shape)).collect::<Result<_, _>>()?;
    let columns: Vec<&ArrayRef> = columns.iter().collect();
    let places: Vec<Option<(usize, usize)>> = (0..call.rows).map(place).collect();
    super::super::arrays::interleave(&columns, &places)
}
