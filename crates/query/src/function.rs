//! Trino's functions and operators: which exist, which overload a call means, and what they do to arrow arrays.
//!
//! A call is resolved by [`Registry::scalar`], [`Registry::aggregate`] or [`Registry::window`], which tell the types
//! that the arguments have to be coerced to; [`Resolved`] then turns the coerced arguments into an expression of
//! DataFusion. Failures at run time are a `SqlError` within `DataFusionError::External`.

mod fault;
mod registry;
mod shape;
mod signature;

pub(crate) use fault::{into_datafusion, into_sql};
pub(crate) use registry::{Argument, Compiled, Over, Registry, Resolved, Unresolved};
pub(crate) use shape::data_type;
