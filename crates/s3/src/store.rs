//! What all operations share: where things are kept, and what is known of the request at hand.

use std::sync::Arc;

use opentrail_catalog::{Bucket, Catalog, Transaction};
use opentrail_stdx::{Clock, Entropy, Timestamp};
use parking_lot::Mutex;
use s3s::{S3Request, S3Result};

use crate::authorize::{Ask, Conditions};
use crate::bodies::Bodies;
use crate::digest::hex;
use crate::operation::{Operation, Query};
use crate::target::Target;
use crate::watch::Seen;
use crate::{Caller, Refusal};

/// Where things are kept.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) catalog: Catalog,
    pub(crate) bodies: Bodies,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
}

impl Store {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a transaction in which the bucket is sure to be there still.
    pub(crate) async fn begin(&self, bucket: &Bucket) -> Result<Transaction, Refusal> {
        let mut tx = self.catalog.begin().await?;
        match tx.bucket(&bucket.name).await? {
            Some(found) if found.id == bucket.id => Ok(tx),
            _ => Err(Refusal::no_such_bucket()),
        }
    }
}

/// What an operation found out that the record of the call shows.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The length of the object read or written.
    pub(crate) object_bytes: Option<u64>,
    /// The document of a write's answer.
    pub(crate) deletions: Vec<Deletion>,
}

/// One key of DeleteObjects.
#[derive(Debug, Clone)]
pub(crate) struct Deletion {
    pub(crate) key: String,
    pub(crate) refusal: Option<Refusal>,
}

/// What is known of a request before its operation runs.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) caller: Caller,
    pub(crate) operation: Operation,
    pub(crate) target: Target,
    pub(crate) query: Query,
    /// The bucket asked for, unless it is about to be made.
    pub(crate) bucket: Option<Bucket>,
    pub(crate) conditions: Conditions,
    pub(crate) seen: Arc<Seen>,
    /// Filled by the operation, read when the record is made.
    pub(crate) facts: Mutex<Facts>,
}

impl Context {
    /// The context that the service put beside a request.
    pub(crate) fn of<T>(request: &S3Request<T>) -> S3Result<Arc<Self>> {
        let context = request.extensions.get::<Arc<Self>>().map(Arc::clone);
        Ok(context.ok_or_else(Refusal::internal)?)
    }

    /// The bucket asked for.
    pub(crate) fn bucket(&self) -> Result<&Bucket, Refusal> {
        self.bucket.as_ref().ok_or_else(Refusal::no_such_bucket)
    }

    /// Refuses unless the caller may do this to a resource of `bucket`.
    pub(crate) fn check(&self, bucket: &Bucket, action: &str, resource: &str) -> Result<(), Refusal> {
        Ask { principal: self.caller.principal.as_ref(), bucket, conditions: &self.conditions }.check(action, resource)
    }
}

/// The canonical user id of an account: 64 hexadecimal digits that depend on nothing else.
pub(crate) fn canonical_id(account: &str) -> String {
    use s3s::crypto::{Checksum, Sha256};
    hex(Sha256::checksum(format!("canonical user of account {account}").as_bytes()).as_ref())
}

/// An instant in the form of s3s.
pub(crate) fn wire_time(time: Timestamp) -> s3s::dto::Timestamp {
    let since = std::time::Duration::from_millis(u64::try_from(time.as_ms()).unwrap_or(0));
    s3s::dto::Timestamp::from(std::time::UNIX_EPOCH + since)
}
