//! JSON: reading texts without building trees, Trino's paths, and the functions on it.

mod array;
mod path;
mod scalar;
mod scan;
mod sql;
mod sqlpath;
mod write;

pub(super) use scan::{Kind, elements, kind, members, unquote};
pub(crate) use sqlpath::JSON_MEMBER;
pub(super) use write::{compact, quote};

use opentrail_trino::SqlError;

use self::sqlpath::SqlPath;
use super::Registry;

/// The names of the variables in a path of SQL/JSON.
pub(crate) fn path_variables(path: &str) -> Result<Vec<String>, SqlError> {
    SqlPath::new(path).map(|path| path.variables().to_vec())
}

pub(super) fn register(to: &mut Registry) {
    path::register(to);
    scalar::register(to);
    array::register(to);
    sql::register(to);
}
