//! Bytes in places: put, get and list on memory, folders and S3.
//!
//! [`Blob`] is one place for objects; [`Buckets`] are the named places that trails deliver to, as CloudTrail's own
//! service principal sees them. An [`Error`] carries the S3 error code that GetTrailStatus shows.
//!
//! This crate doesn't know what a record, a trail or a digest is.

mod blob;
mod buckets;
mod error;

pub use blob::{Blob, LIST_KEYS_MAX, Listed, Object, PutOptions};
pub use buckets::{Buckets, OnBehalf};
pub use error::Error;
