//! Trino's functions and operators: which exist, which overload a call means, and what they do to arrow arrays.
//!
//! A call is resolved by [`Registry::scalar`], [`Registry::aggregate`] or [`Registry::window`], which tell the types
//! that the arguments have to be coerced to; [`Resolved`] then turns the coerced arguments into an expression of
//! DataFusion. Failures at run time are a `SqlError` within `DataFusionError::External`.

mod adapt;
mod aggregate;
mod array;
mod arrays;
mod cast;
mod fault;
mod hash;
mod json;
mod kernel;
mod keys;
mod lambda;
mod lists;
mod map;
mod math;
mod memo;
mod moment;
mod native;
mod network;
mod operator;
mod output;
pub(crate) mod print;
mod regexp;
mod registry;
mod scalar;
mod shape;
mod signature;
mod system;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod url;
mod window;
mod zone;

pub(crate) use cast::{OnError, can_fail as cast_can_fail, cast};
pub(crate) use fault::{into_datafusion, into_sql};
pub(crate) use json::{JSON_MEMBER, path_variables};
pub(crate) use registry::{Argument, Compiled, Over, Registry, Resolved};
pub(crate) use shape::data_type;
pub(crate) use system::SEEDED;

/// Declares everything.
fn register(to: &mut Registry) {
    operator::register(to);
    json::register(to);
    time::register(to);
    array::register(to);
    map::register(to);
    text::register(to);
    math::register(to);
    regexp::register(to);
    hash::register(to);
    url::register(to);
    network::register(to);
    system::register(to);
    aggregate::register(to);
    window::register(to);
}
