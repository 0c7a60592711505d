//! The buckets that log files are copied from.

use std::fmt;

use async_trait::async_trait;

use crate::{Error, Listed, Object};

/// In whose name a bucket is read. Bucket policies look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The account that asks.
    pub account: String,
    /// The role of that account that reads.
    pub role_arn: String,
    /// The resource for which it reads (`aws:SourceArn`).
    pub resource_arn: String,
    /// The Region whose service asks.
    pub region: String,
}

/// The buckets that log files are copied from, as a role sees them.
#[async_trait]
pub trait Sources: Send + Sync + fmt::Debug {
    /// `s3:ListBucket`: a page of objects, as [`crate::Blob::list`] gives it.
    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        reader: &Reader,
    ) -> Result<Vec<Listed>, Error>;

    /// `s3:GetObject`; `None` when there is none.
    async fn get(&self, bucket: &str, key: &str, reader: &Reader) -> Result<Option<Object>, Error>;
}

/// Bucket and rest of `s3://bucket/rest`; the rest is empty when there is none.
pub fn split_s3_uri(uri: &str) -> Option<(&str, &str)> {
    let place = uri.strip_prefix("s3://")?;
    Some(place.split_once('/').unwrap_or((place, "")))
}
