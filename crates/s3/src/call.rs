//! What the record of a call must contain.

use serde_json::Value;

/// A resource that a call touched, as records list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallResource {
    /// The owner; records of object items leave it out.
    pub account: Option<String>,
    /// `AWS::S3::Bucket` or `AWS::S3::Object`.
    pub kind: &'static str,
    /// The ARN, where one resource is meant.
    pub arn: Option<String>,
    /// The beginning of ARNs, where a listing touches all that begin so.
    pub arn_prefix: Option<String>,
}

/// What the record of an S3 call must contain, in the form of real records (`eventSource` is `s3.amazonaws.com`).
#[derive(Debug, Clone, PartialEq)]
pub struct S3Call {
    /// `eventName`: `ListObjectsV2` is recorded as `ListObjects`, and so on.
    pub event_name: String,
    /// The bucket asked for.
    pub bucket: Option<String>,
    /// The key asked for.
    pub key: Option<String>,
    /// The account that owns the bucket, when it exists.
    pub bucket_account: Option<String>,
    /// `awsRegion`: the bucket's, else the caller's.
    pub region: String,
    /// `readOnly`.
    pub is_read_only: bool,
    /// Whether this is a data event (object level) and not a management event.
    pub is_data_event: bool,
    /// Whether S3 itself did this on the caller's behalf (`eventType` `AwsServiceEvent`).
    pub is_service_event: bool,
    /// `requestParameters`.
    pub request_parameters: Value,
    /// `responseElements`.
    pub response_elements: Value,
    /// `additionalEventData`.
    pub additional_event_data: Value,
    /// `errorCode` and `errorMessage`.
    pub error: Option<(String, String)>,
    /// `resources`.
    pub resources: Vec<CallResource>,
    /// `requestID`, also sent as `x-amz-request-id`.
    pub request_id: String,
    /// Bytes of the request's body.
    pub bytes_in: u64,
    /// Bytes of the response's body.
    pub bytes_out: u64,
    /// The HTTP status.
    pub status: u16,
    /// Further records of the same request: one DeleteObject per key of DeleteObjects.
    pub followers: Vec<S3Call>,
}
