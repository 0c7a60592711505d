//! Operators, under Trino's names: `$operator$add` and so on.

mod arithmetic;
mod compare;
mod concat;
mod decimal;
mod equality;
mod interval;
mod like;
mod subscript;

pub(super) use decimal::{rescale, same_type, ten};
pub(super) use equality::equal_rows;
pub(super) use interval::{date_plus_months, plus_months};

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    arithmetic::register(to);
    decimal::register(to);
    interval::register(to);
    compare::register(to);
    concat::register(to);
    like::register(to);
    subscript::register(to);
}
