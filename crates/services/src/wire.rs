//! What the protocols write: trees of XML, forms and CBOR, and how each becomes the members of a shape.
//!
//! The result is JSON under the models' own names, with times as they were written and blobs left out; [`crate::describe()`] puts it
//! into CloudTrail's form. Nothing that is malformed, too deep or too large gives anything.

pub(crate) mod cbor;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod scalar;
pub(crate) mod xml;

/// Nothing nests deeper.
const DEPTH_MAX: usize = 64;

/// No document or form has more parts.
const PARTS_MAX: usize = 50_000;
