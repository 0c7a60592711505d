//! The CloudTrail API as types, generated from the AWS service model.
//!
//! What stands here is what travels: the [`Operation`]s of `cloudtrail` and `cloudtrail-data`, their request and
//! response [`shapes`], the [`ErrorShape`]s, and the JSON between them. The generated half lives in `generated`
//! (made by `cargo xtask codegen`); the other half gives it meaning:
//!
//! - [`decode()`] turns a body into a typed request, or into the error that AWS answers to such a body;
//! - [`encode()`] writes a response: members in the model's order, absent ones left out, no spaces;
//! - [`CloudTrail`] is the service as a trait, whose defaults say truthfully that an operation is not built yet, and
//!   [`dispatch()`] leads from an operation and a body to its method;
//! - [`record`] turns requests and responses into the form in which CloudTrail records show them;
//! - [`schema`] is the model as data, for whoever wants to walk it.
//!
//! An [`Error`] here is always an answer to the caller: a code, a message and an HTTP status.
//!
//! This crate knows no other crate of ours, no HTTP library and no clock.

pub mod audit;
pub mod codec;
mod decode;
pub mod error;
mod generated {
    pub(crate) mod enums;
    pub(crate) mod errors;
    pub(crate) mod operations;
    pub(crate) mod service;
    pub(crate) mod shapes;
    pub(crate) mod tables;
    pub(crate) mod tables_data;
}
mod operation;
mod pattern;
pub mod record;
pub mod schema;
mod service;
mod timestamp;
mod validate;
mod violation;
pub mod violations;

pub use decode::{BODY_BYTES_MAX, NESTING_MAX, check, decode, decode_value, encode, parse};
pub use error::Error;
pub use generated::errors::ErrorShape;
pub use generated::operations::Operation;
pub use generated::service::{CloudTrail, dispatch_value};
pub use operation::{TARGET_PREFIXES, UnknownOperation};
pub use record::{event_elements, event_parameters};
pub use service::{Reply, dispatch};
pub use timestamp::Timestamp;
pub use violation::{Constraint, Violation, Violations, Whose, violation_error};

/// The structures and enumerations of the models, under the models' names.
pub mod shapes {
    pub use crate::codec::Blob;
    pub use crate::generated::enums::*;
    pub use crate::generated::shapes::*;
}
