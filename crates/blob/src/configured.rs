//! Buckets that the configuration names.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use crate::s3::S3;
use crate::{Blob, Buckets, Error, Listed, Object, Objects, OnBehalf, PutOptions, Reader, Sources};

/// Where the objects of one bucket are.
#[derive(Debug, Clone)]
enum Target {
    Place(Arc<dyn Blob>),
    S3(Arc<S3>),
}

impl Target {
    fn place(&self) -> &dyn Blob {
        match self {
            Self::Place(place) => place.as_ref(),
            Self::S3(endpoint) => endpoint.as_ref(),
        }
    }
}

#[async_trait]
impl Objects for Target {
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        self.place().list(prefix, start_after).await
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        self.place().get(key).await
    }
}

/// Buckets that the configuration names: local folders, S3-compatible endpoints, memory.
///
/// They have no policies of their own to look at, so that every trail may name them; an endpoint decides about each
/// put by the credentials it is given.
#[derive(Debug, Clone, Default)]
pub struct ObjectStoreBuckets {
    targets: BTreeMap<String, Target>,
}

impl ObjectStoreBuckets {
    /// No buckets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a bucket that any place stands behind.
    #[must_use]
    pub fn with(mut self, bucket: impl Into<String>, place: Arc<dyn Blob>) -> Self {
        self.targets.insert(bucket.into(), Target::Place(place));
        self
    }

    /// Adds a bucket behind an S3-compatible endpoint, which is asked whether its bucket exists before a trail may
    /// name it.
    #[must_use]
    pub fn with_s3(mut self, bucket: impl Into<String>, endpoint: S3) -> Self {
        self.targets.insert(bucket.into(), Target::S3(Arc::new(endpoint)));
        self
    }

    /// Whether a bucket of this name is configured.
    pub fn contains(&self, bucket: &str) -> bool {
        self.targets.contains_key(bucket)
    }

    fn target(&self, bucket: &str) -> Result<&Target, Error> {
        self.targets.get(bucket).ok_or_else(|| Error::no_such_bucket(bucket))
    }

    /// The objects of a bucket, to be read with the rights that the configuration gives; none if none is called so.
    pub fn objects(&self, bucket: &str) -> Option<Arc<dyn Objects>> {
        Some(Arc::new(self.targets.get(bucket)?.clone()))
    }

    fn place(&self, bucket: &str) -> Result<&dyn Blob, Error> {
        self.target(bucket).map(Target::place)
    }
}

#[async_trait]
impl Buckets for ObjectStoreBuckets {
    async fn get_acl(&self, bucket: &str, _on_behalf: &OnBehalf) -> Result<(), Error> {
        match self.target(bucket)? {
            Target::Place(_) => Ok(()),
            Target::S3(endpoint) => endpoint.check().await,
        }
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        _on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        self.place(bucket)?.put(key, body, options).await
    }
}

#[async_trait]
impl Sources for ObjectStoreBuckets {
    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        _reader: &Reader,
    ) -> Result<Vec<Listed>, Error> {
        self.place(bucket)?.list(prefix, start_after).await
    }

    async fn get(&self, bucket: &str, key: &str, _reader: &Reader) -> Result<Option<Object>, Error> {
        self.place(bucket)?.get(key).await
    }
}
