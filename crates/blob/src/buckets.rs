//! The buckets that trails deliver to.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Error, PutOptions};

/// The trail in whose name a bucket is asked. Bucket policies look at it (`aws:SourceArn`, `aws:SourceAccount`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBehalf {
    /// The trail's ARN.
    pub trail_arn: String,
    /// The account that owns the trail.
    pub account: String,
    /// The Region whose service asks.
    pub region: String,
}

/// The buckets that trails deliver to, as CloudTrail's own service principal sees them.
///
/// A put that answered `Ok` is durable and readable. A put that failed may have been carried out; asking again with
/// the same bytes is always safe.
#[async_trait]
pub trait Buckets: Send + Sync + fmt::Debug {
    /// `s3:GetBucketAcl`, asked before a trail may name the bucket: `NoSuchBucket` or `AccessDenied` when it must not.
    async fn get_acl(&self, bucket: &str, on_behalf: &OnBehalf) -> Result<(), Error>;

    /// `s3:PutObject` with `x-amz-acl: bucket-owner-full-control`.
    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Error>;
}
