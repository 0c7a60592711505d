//! The same store as CloudTrail's own service principal sees it: deliveries obey the bucket's policy.

mod calling;
mod reading;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_blob::{Buckets, Error, OnBehalf, PutOptions};
use opentrail_catalog::Bucket;
use opentrail_catalog::object::Attributes;
use opentrail_model::{AccountId, Principal, PrincipalKind};
use serde_json::{Value, json};

pub use self::calling::CallerBucket;
use crate::authorize::{Ask, Conditions, bucket_arn, conditions, object_arn};
use crate::call::CallResource;
use crate::ops::{ObjectHead, put_bytes};
use crate::service::{host_id, request_id};
use crate::{Refusal, S3Call, S3Service};

/// CloudTrail's service principal.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
/// The list that deliveries ask for.
const ACL: &str = "bucket-owner-full-control";

/// A call that a service made by itself (`userIdentity` is `AWSService`).
#[derive(Debug, Clone)]
pub struct ServiceCall {
    /// What the record shows.
    pub call: S3Call,
    /// `userIdentity.invokedBy`, also the source address and user agent.
    pub invoked_by: String,
    /// In whose name.
    pub on_behalf: OnBehalf,
    /// With whose rights, where not with the service's own: `userIdentity` is theirs.
    pub caller: Option<Principal>,
}

/// The call couldn't be recorded.
#[derive(Debug, thiserror::Error)]
#[error("the call could not be recorded")]
pub struct SinkError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Takes the calls that services make, to be journaled.
#[async_trait]
pub trait CallSink: Send + Sync + fmt::Debug {
    /// Records a call. Until it answers, the call isn't answered either.
    async fn record(&self, call: ServiceCall) -> Result<(), SinkError>;
}

/// The embedded buckets, for deliveries. Clones share one store.
#[derive(Debug, Clone)]
pub struct EmbeddedBuckets {
    service: S3Service,
    sink: Arc<dyn CallSink>,
}

impl EmbeddedBuckets {
    /// Delivers into the buckets of `service` and tells `sink` of each call.
    pub fn new(service: S3Service, sink: Arc<dyn CallSink>) -> Self {
        Self { service, sink }
    }

    /// The bucket, if the policy lets CloudTrail do this in the trail's name.
    async fn permitted(&self, name: &str, key: Option<&str>, on_behalf: &OnBehalf) -> Result<Bucket, Refusal> {
        let store = self.service.store();
        let bucket = store.catalog.bucket(name).await?.ok_or_else(Refusal::no_such_bucket)?;
        let account: AccountId = on_behalf.account.parse().map_err(|_| Refusal::access_denied())?;
        let principal = Principal { account, kind: PrincipalKind::Service { name: CLOUDTRAIL.to_owned() } };
        let conditions = service_conditions(&principal, on_behalf, key.is_some(), store.now());
        let ask = Ask { principal: Some(&principal), bucket: &bucket, conditions: &conditions };
        match key {
            None => ask.check("s3:GetBucketAcl", &bucket_arn(name))?,
            Some(key) => ask.check("s3:PutObject", &object_arn(name, key))?,
        }
        Ok(bucket)
    }

    async fn deliver(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Refusal> {
        let bucket = self.permitted(bucket, Some(key), on_behalf).await?;
        if options.kms_key_id.is_some() {
            return Err(Refusal::not_implemented("OpenTrail's own buckets know no KMS; deliver without a key."));
        }
        let mut attributes = Attributes { writer: Some(CLOUDTRAIL.to_owned()), ..Attributes::default() };
        attributes.headers.insert("content-type".to_owned(), options.content_type.to_owned());
        if let Some(encoding) = options.content_encoding {
            attributes.headers.insert("content-encoding".to_owned(), encoding.to_owned());
        }
        attributes.metadata = options.metadata.iter().cloned().collect();
        put_bytes(self.service.store(), &bucket, ObjectHead { key: key.to_owned(), attributes }, body).await
    }

    async fn record(&self, call: S3Call, on_behalf: &OnBehalf, caller: Option<&Principal>) -> Result<(), Error> {
        let (invoked_by, on_behalf, caller) = (CLOUDTRAIL.to_owned(), on_behalf.clone(), caller.cloned());
        let call = ServiceCall { call, invoked_by, on_behalf, caller };
        self.sink.record(call).await.map_err(|error| {
            Error::unavailable("the call on the bucket could not be recorded, so it counts as not made")
                .caused_by(error)
        })
    }

    async fn report<T>(&self, asked: Asked<'_>, result: Result<T, Refusal>, on_behalf: &OnBehalf) -> Result<T, Error> {
        self.report_for(asked, result, on_behalf, None).await
    }

    /// Records what was asked with a caller's rights, or the service's own.
    async fn report_for<T>(
        &self,
        asked: Asked<'_>,
        result: Result<T, Refusal>,
        on_behalf: &OnBehalf,
        caller: Option<&Principal>,
    ) -> Result<T, Error> {
        let store = self.service.store();
        let found = store.catalog.bucket(asked.bucket).await.ok().flatten();
        let call = asked.call(found.as_ref(), result.as_ref().err(), on_behalf, store.entropy.as_ref());
        self.record(call, on_behalf, caller).await?;
        result.map_err(|refusal| Error::new(refusal.code, refusal.message))
    }
}

#[async_trait]
impl Buckets for EmbeddedBuckets {
    async fn get_acl(&self, bucket: &str, on_behalf: &OnBehalf) -> Result<(), Error> {
        let result = self.permitted(bucket, None, on_behalf).await.map(|_| ());
        self.report(Asked { act: Act::GetAcl, bucket, key: "", bytes: 0 }, result, on_behalf).await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        let bytes = body.len() as u64;
        let result = self.deliver(bucket, key, body, options, on_behalf).await;
        self.report(Asked { act: Act::Put, bucket, key, bytes }, result, on_behalf).await
    }
}

/// What policies for CloudTrail look at (CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail").
fn service_conditions(
    principal: &Principal,
    on_behalf: &OnBehalf,
    is_put: bool,
    now: opentrail_stdx::Timestamp,
) -> Conditions {
    let mut all = conditions(Some(principal), now);
    let mut set = |key: &str, value: &str| {
        all.insert(key.to_owned(), vec![value.to_owned()]);
    };
    set("aws:SourceArn", &on_behalf.trail_arn);
    set("aws:SourceAccount", &on_behalf.account);
    set("aws:PrincipalIsAWSService", "true");
    set("aws:PrincipalServiceName", CLOUDTRAIL);
    set("aws:PrincipalServiceNamesList", CLOUDTRAIL);
    set("aws:SecureTransport", "true");
    set("aws:RequestedRegion", &on_behalf.region);
    if is_put {
        set("s3:x-amz-acl", ACL);
    }
    all
}

/// What CloudTrail does with buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    GetAcl,
    Put,
    List,
    Get,
}

impl Act {
    fn event_name(self) -> &'static str {
        match self {
            Self::GetAcl => "GetBucketAcl",
            Self::Put => "PutObject",
            Self::List => "ListObjects",
            Self::Get => "GetObject",
        }
    }
}

/// A call, for its record.
#[derive(Clone, Copy)]
struct Asked<'a> {
    act: Act,
    bucket: &'a str,
    /// The key of an object, or the prefix of a list.
    key: &'a str,
    /// The length of the object.
    bytes: u64,
}

impl Asked<'_> {
    fn call(
        self,
        found: Option<&Bucket>,
        refusal: Option<&Refusal>,
        on_behalf: &OnBehalf,
        entropy: &dyn opentrail_stdx::Entropy,
    ) -> S3Call {
        let region = found.map_or_else(|| on_behalf.region.clone(), |bucket| bucket.region.clone());
        let host = format!("{}.s3.{region}.amazonaws.com", self.bucket);
        let request_parameters = match self.act {
            Act::GetAcl => json!({"bucketName": self.bucket, "Host": host, "acl": ""}),
            Act::Put => json!({"bucketName": self.bucket, "Host": host, "x-amz-acl": ACL, "key": self.key}),
            Act::List => json!({"bucketName": self.bucket, "Host": host, "list-type": "2", "prefix": self.key}),
            Act::Get => json!({"bucketName": self.bucket, "Host": host, "key": self.key}),
        };
        let is_put = self.act == Act::Put;
        let (bytes_in, bytes_out) = if is_put { (self.bytes, 0) } else { (0, self.bytes) };
        let response_elements =
            if is_put && refusal.is_none() { json!({"x-amz-server-side-encryption": "AES256"}) } else { Value::Null };
        let mut additional_event_data = json!({
            "SignatureVersion": "SigV4", "bytesTransferredIn": bytes_in, "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": host_id(entropy), "bytesTransferredOut": bytes_out
        });
        if is_put && refusal.is_none() {
            additional_event_data["SSEApplied"] = "Default_SSE_S3".into();
        }
        S3Call {
            event_name: self.act.event_name().to_owned(),
            bucket: Some(self.bucket.to_owned()),
            key: self.object().map(str::to_owned),
            bucket_account: found.map(|bucket| bucket.account.clone()),
            region,
            is_read_only: !is_put,
            is_data_event: self.act != Act::GetAcl,
            is_service_event: false,
            request_parameters,
            response_elements,
            additional_event_data,
            error: refusal.map(|refusal| (refusal.code.to_string(), refusal.message.to_string())),
            resources: self.resources(found),
            request_id: request_id(entropy),
            bytes_in,
            bytes_out,
            status: refusal.map_or(200, |refusal| refusal.status),
            followers: Vec::new(),
        }
    }

    /// The object that was asked for.
    fn object(&self) -> Option<&str> {
        matches!(self.act, Act::Put | Act::Get).then_some(self.key)
    }

    fn resources(self, found: Option<&Bucket>) -> Vec<CallResource> {
        let bucket = found.map(|found| CallResource {
            account: Some(found.account.clone()),
            kind: "AWS::S3::Bucket",
            arn: Some(bucket_arn(self.bucket)),
            arn_prefix: None,
        });
        let object = self.object().map(|key| CallResource {
            account: None,
            kind: "AWS::S3::Object",
            arn: Some(object_arn(self.bucket, key)),
            arn_prefix: None,
        });
        bucket.into_iter().chain(object).collect()
    }
}
