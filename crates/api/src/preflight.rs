//! What CloudTrail asks of the outside before a trail may point at it.
//!
//! Seen on the real service: as `cloudtrail.amazonaws.com` and in the trail's name it writes an empty object
//! `[prefix/]AWSLogs/<account>/CloudTrail/` (JSON, gzip) into the bucket, asks for the bucket's ACL and, with log file
//! validation, writes `…/CloudTrail-Digest/` too. The first object stays behind when a later check fails.

use bytes::Bytes;
use opentrail_blob::{OnBehalf, PutOptions};
use opentrail_model::Trail;

use crate::destinations::{Asked, Logs, is_key_reference};
use crate::{Api, Error};

/// The destinations that a request adds, beside the bucket.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    pub(crate) key: Asked<String>,
    pub(crate) topic: Asked<String>,
    pub(crate) logs: Asked<Logs>,
}

impl Api {
    /// Checks all destinations of a trail as it is about to be: bucket, key, topic, log group, in this order.
    pub(crate) async fn check_destinations(&self, trail: &Trail, added: &Added) -> Result<(), Error> {
        if let Asked::Set(key) = &added.key {
            // An object that asks for a key which isn't there can't be written, so that no marker stays behind.
            self.check_acl(trail).await?;
            return Err(refused_key(trail, key));
        }
        self.check_bucket(trail).await?;
        if let Asked::Set(_) = &added.topic {
            return Err(Error::TopicRefuses);
        }
        if let Asked::Set(Logs) = &added.logs {
            return Err(Error::LogGroup("Access denied. Verify in IAM that the role has adequate permissions."));
        }
        Ok(())
    }

    async fn check_bucket(&self, trail: &Trail) -> Result<(), Error> {
        self.put_marker(trail, "CloudTrail").await?;
        self.check_acl(trail).await?;
        if trail.log_file_validation {
            self.put_marker(trail, "CloudTrail-Digest").await?;
        }
        Ok(())
    }

    async fn check_acl(&self, trail: &Trail) -> Result<(), Error> {
        self.buckets.get_acl(&trail.bucket, &on_behalf(trail)).await.map_err(|error| refused(trail, error))
    }

    /// Writes the empty object that shows that a family of objects may be written.
    pub(crate) async fn put_marker(&self, trail: &Trail, family: &str) -> Result<(), Error> {
        let prefix = trail.prefix.as_ref().map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let key = format!("{prefix}AWSLogs/{}/{family}/", trail.arn.account);
        let options = PutOptions::gzipped_json();
        let done = self.buckets.put(&trail.bucket, &key, Bytes::new(), &options, &on_behalf(trail)).await;
        done.map_err(|error| refused(trail, error))
    }
}

fn on_behalf(trail: &Trail) -> OnBehalf {
    OnBehalf {
        trail_arn: trail.arn.to_string(),
        account: trail.arn.account.to_string(),
        region: trail.arn.region.to_string(),
    }
}

fn refused(trail: &Trail, source: opentrail_blob::Error) -> Error {
    let bucket = trail.bucket.clone();
    match &*source.code {
        "NoSuchBucket" => Error::BucketNotFound(bucket),
        _ if source.is_transient() => Error::BucketUnavailable { bucket, source },
        _ => Error::BucketRefuses { bucket, source },
    }
}

/// Seen: a well-formed reference to a missing key is "insufficient permissions"; any other is "not found".
fn refused_key(trail: &Trail, key: &str) -> Error {
    if is_key_reference(key, &trail.arn.region) {
        Error::KeyRefuses { bucket: trail.bucket.clone(), key: key.to_owned() }
    } else {
        Error::KeyNotFound(key.to_owned())
    }
}
