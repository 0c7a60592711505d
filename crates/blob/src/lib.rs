//! Bytes in places: put, get and list on memory, folders and S3.
//!
//! [`Blob`] is one place for objects: [`Memory`], [`Folder`] or [`S3`]. [`Buckets`] are the named places that trails
//! deliver to, as CloudTrail's own service principal sees them; [`ObjectStoreBuckets`] are those that the
//! configuration names, and [`faulty::FaultyBuckets`] are their twins for tests and simulations. An [`Error`] carries
//! the S3 error code that GetTrailStatus shows. [`Sources`] are the same places, as a role sees them that reads; [`Objects`] is
//! one of them for whoever only reads.
//!
//! This crate doesn't know what a record, a trail or a digest is.

mod blob;
mod buckets;
mod configured;
mod error;
pub mod faulty;
mod folder;
mod memory;
mod objects;
mod s3;
mod sources;

pub use blob::{Blob, LIST_KEYS_MAX, Listed, Object, PutOptions};
pub use buckets::{Buckets, OnBehalf};
pub use configured::ObjectStoreBuckets;
pub use error::Error;
pub use folder::Folder;
pub use memory::Memory;
pub use objects::Objects;
pub use s3::{S3, S3Target};
pub use sources::{Reader, Sources, split_s3_uri};

#[cfg(test)]
mod tests;
