//! JSON: reading texts without building trees, Trino's paths, and the functions on it.

mod array;
mod path;
mod scalar;
mod scan;
mod sql;
mod sqlpath;
mod write;

pub(super) use scan::{Kind, elements, kind, members, unquote};
pub(super) use write::{compact, quote};

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    path::register(to);
    scalar::register(to);
    array::register(to);
    sql::register(to);
}
