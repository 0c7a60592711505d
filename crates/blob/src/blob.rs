//! One place for objects.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

use crate::Error;

/// What goes with an object's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOptions {
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `Content-Encoding`.
    pub content_encoding: Option<&'static str>,
    /// User metadata: names in lower case, without `x-amz-meta-`.
    pub metadata: Vec<(String, String)>,
    /// The KMS key that the object is to be encrypted with; none leaves it to the bucket.
    pub kms_key_id: Option<String>,
}

impl PutOptions {
    /// What each log file and digest carries: JSON, compressed with gzip.
    pub fn gzipped_json() -> Self {
        Self {
            content_type: "application/json",
            content_encoding: Some("gzip"),
            metadata: Vec::new(),
            kms_key_id: None,
        }
    }
}

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its bytes, as stored: nothing is decompressed.
    pub body: Bytes,
    /// `Content-Type`, where it is known.
    pub content_type: Option<String>,
    /// `Content-Encoding`, where it is known.
    pub content_encoding: Option<String>,
    /// User metadata: names in lower case, without `x-amz-meta-`.
    pub metadata: Vec<(String, String)>,
}

impl Object {
    /// The metadata with this name.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An object found by a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// One place for objects: a bucket, a folder, memory.
///
/// A put that answered `Ok` is durable and readable at once. One that failed may have been carried out.
#[async_trait]
pub trait Blob: Send + Sync + fmt::Debug {
    /// Writes an object over whatever had its key.
    async fn put(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<(), Error>;

    /// Writes an object unless its key is taken; answers whether it was written.
    async fn put_if_absent(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<bool, Error>;

    /// Reads an object; `None` when there is none.
    async fn get(&self, key: &str) -> Result<Option<Object>, Error>;

    /// Objects whose keys begin with `prefix` and come after `start_after`, in the order of their keys' bytes, at
    /// most [`LIST_KEYS_MAX`]. An empty answer is the end; else ask on from the last key.
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error>;
}

/// Most keys in one answer of [`Blob::list`].
pub const LIST_KEYS_MAX: usize = 1000;
