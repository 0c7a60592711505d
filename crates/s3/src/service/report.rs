//! The end of a call: ids and error bodies for the caller, facts for the record.

use std::sync::Arc;

use opentrail_catalog::Bucket;
use opentrail_stdx::{Entropy, Timestamp};
use serde_json::{Map, Value, json};

use super::*;
use crate::call::CallResource;
use crate::store::Deletion;

/// Headers that records of requests show.
const SHOWN_HEADERS: [&str; 18] = [
    "x-amz-acl",
    "x-amz-grant-read",
    "x-amz-grant-write",
    "x-amz-grant-read-acp",
    "x-amz-grant-write-acp",
    "x-amz-grant-full-control",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-copy-source-range",
    "x-amz-metadata-directive",
    "x-amz-tagging-directive",
    "x-amz-website-redirect-location",
    "x-amz-object-ownership",
    "x-amz-bucket-object-lock-enabled",
    "x-amz-expected-bucket-owner",
    "x-amz-request-payer",
];
/// Most bytes of an answer's document that a record shows.
const ELEMENTS_BYTES_MAX: u64 = 64 << 10;

/// A refusal in the form in which s3s would print it; [`Asked::finish`] completes it.
pub(super) fn refused(refusal: &Refusal) -> Response<Body> {
    let text = format!(
        "<Error><Code>{}</Code><Message>{}</Message></Error>",
        xml::escaped(&refusal.code),
        xml::escaped(&refusal.message)
    );
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// What is known of a request, more and more of it.
pub(super) struct Asked {
    method: Method,
    host: String,
    headers: HeaderMap,
    path: String,
    region: String,
    authentication: Authentication,
    cipher_suite: Option<String>,
    closes: bool,
    started_at: Timestamp,
    request_id: String,
    host_id: String,
    pub(super) query: Query,
    pub(super) target: Target,
    pub(super) operation: Option<Operation>,
    pub(super) bucket: Option<Bucket>,
    pub(super) document: Bytes,
}

impl Asked {
    pub(super) fn new(parts: &Parts, caller: &Caller, now: Timestamp, entropy: &Arc<dyn Entropy>) -> Self {
        Self {
            method: parts.method.clone(),
            host: host(parts).unwrap_or_default().to_owned(),
            headers: parts.headers.clone(),
            path: parts.uri.path().to_owned(),
            region: caller.region.clone(),
            authentication: caller.authentication,
            cipher_suite: caller.cipher_suite.clone(),
            closes: must_close(parts),
            started_at: now,
            request_id: request_id(entropy.as_ref()),
            host_id: host_id(entropy.as_ref()),
            query: Query::default(),
            target: Target::default(),
            operation: None,
            bucket: None,
            document: Bytes::new(),
        }
    }

    /// Completes the answer and says what happened.
    pub(super) async fn finish(
        self,
        response: Response<Body>,
        context: Option<&Context>,
        seen: &Seen,
        now: Timestamp,
    ) -> (Response<Body>, S3Call) {
        let (mut parts, body) = response.into_parts();
        let is_error = parts.status.is_client_error() || parts.status.is_server_error();
        let mut error = None;
        let mut elements = Value::Null;
        let body = if is_error {
            let (code, message) = self.error_of(parts.status, body).await;
            let text = self.error_body(&code, &message);
            error = Some((code, message));
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            if self.method == Method::HEAD { Body::empty() } else { Body::from(text) }
        } else if parts.status == StatusCode::NOT_MODIFIED {
            Body::empty()
        } else {
            let (body, shown) = self.elements(&parts.headers, body).await;
            elements = shown;
            body
        };
        let mut bytes_out = http_body::Body::size_hint(&body).exact().unwrap_or(0);
        if is_error || parts.status == StatusCode::NOT_MODIFIED {
            parts.headers.remove(header::CONTENT_LENGTH);
        } else if let Some(length) = content_length(&parts.headers).filter(|_| self.method != Method::HEAD) {
            bytes_out = length;
        }
        self.add_ids(&mut parts.headers, error.as_ref());
        let call = self.call(parts.status, error, elements, bytes_out, context, seen, now);
        (Response::from_parts(parts, body), call)
    }

    async fn error_of(&self, status: StatusCode, body: Body) -> (String, String) {
        let bytes = Limited::new(body, DOCUMENT_BYTES_MAX).collect().await.map(|it| it.to_bytes()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let get = |name: &str| xml::element(&text, name).map(xml::unescaped);
        let code = get("Code").unwrap_or_else(|| default_code(status).to_owned());
        let message = get("Message").unwrap_or_else(|| default_message(&code).to_owned());
        (code, message)
    }

    /// The error in S3's full form: what was asked for, and the ids.
    fn error_body(&self, code: &str, message: &str) -> String {
        let mut more = String::new();
        let mut add = |name: &str, text: &str| {
            more.push_str(&format!("<{name}>{}</{name}>", xml::escaped(text)));
        };
        let bucket = self.target.bucket.as_deref().unwrap_or_default();
        match code {
            "NoSuchKey" => add("Key", self.target.key.as_deref().unwrap_or_default()),
            "NoSuchBucket"
            | "BucketNotEmpty"
            | "BucketAlreadyExists"
            | "BucketAlreadyOwnedByYou"
            | "InvalidBucketName"
            | "NoSuchBucketPolicy"
            | "NoSuchTagSet" => add("BucketName", bucket),
            "NoSuchUpload" => add("UploadId", self.query.get("uploadId").unwrap_or_default()),
            "MethodNotAllowed" => add("Method", self.method.as_str()),
            code if code.starts_with("NoSuch") || code.ends_with("NotFoundError") => add("BucketName", bucket),
            _ => add("Resource", &self.path),
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>{more}\
             <RequestId>{}</RequestId><HostId>{}</HostId></Error>",
            xml::escaped(code),
            xml::escaped(message),
            self.request_id,
            self.host_id
        )
    }

    /// What a record shows of a write's answer: encryption and version headers, and the document if there is one.
    async fn elements(&self, headers: &HeaderMap, body: Body) -> (Body, Value) {
        let Some(operation) = self.operation.filter(|operation| !operation.is_read_only) else {
            return (body, Value::Null);
        };
        let mut elements = Map::new();
        for name in ["x-amz-server-side-encryption", "x-amz-version-id", "x-amz-copy-source-version-id"] {
            if let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) {
                elements.insert(name.to_owned(), value.into());
            }
        }
        let mut body = body;
        let shows_document = matches!(
            operation.name,
            "CopyObject" | "UploadPartCopy" | "CreateMultipartUpload" | "CompleteMultipartUpload"
        );
        if shows_document
            && http_body::Body::size_hint(&body).upper().is_some_and(|bytes| bytes <= ELEMENTS_BYTES_MAX)
            && let Ok(bytes) = body.store_all_limited(DOCUMENT_BYTES_MAX).await
            && let Some(Value::Object(document)) = xml::to_json(&bytes)
        {
            elements.extend(document);
        }
        (body, if elements.is_empty() { Value::Null } else { Value::Object(elements) })
    }

    fn add_ids(&self, headers: &mut HeaderMap, error: Option<&(String, String)>) {
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("x-amz-request-id", &self.request_id);
        set("x-amz-id-2", &self.host_id);
        set("server", "AmazonS3");
        if self.closes {
            set("connection", "close");
        }
        let is_bucket_probe = self.operation.is_some_and(|operation| operation.name == "HeadBucket");
        if let Some(bucket) = &self.bucket
            && (is_bucket_probe || error.is_some() || self.operation.is_some_and(|it| it.name.starts_with("ListObj")))
        {
            set("x-amz-bucket-region", &bucket.region);
        }
    }

    fn call(
        self,
        status: StatusCode,
        error: Option<(String, String)>,
        response_elements: Value,
        bytes_out: u64,
        context: Option<&Context>,
        seen: &Seen,
        now: Timestamp,
    ) -> S3Call {
        let object_bytes = context.and_then(|context| context.facts.lock().object_bytes);
        let deletions = context.map(|context| std::mem::take(&mut context.facts.lock().deletions)).unwrap_or_default();
        let operation = self.operation;
        let region = self.bucket.as_ref().map_or_else(|| self.region.clone(), |bucket| bucket.region.clone());
        let additional = self.additional(status, bytes_out, object_bytes, seen, now);
        let fallback =
            format!("{}{}", title(&self.method), if self.target.key.is_some() { "Object" } else { "Bucket" });
        let mut call = S3Call {
            event_name: operation.map_or(fallback, |operation| operation.event.to_owned()),
            bucket_account: self.bucket.as_ref().map(|bucket| bucket.account.clone()),
            region,
            is_read_only: operation.is_some_and(|operation| operation.is_read_only),
            is_data_event: operation.map_or_else(|| self.target.key.is_some(), |operation| operation.is_data_event),
            is_service_event: false,
            request_parameters: self.parameters(),
            response_elements,
            additional_event_data: additional,
            error,
            resources: self.resources(),
            bytes_in: seen.bytes(),
            bytes_out,
            status: status.as_u16(),
            followers: Vec::new(),
            request_id: self.request_id,
            bucket: self.target.bucket,
            key: self.target.key,
        };
        call.followers = deletions.iter().map(|deletion| follower(&call, &self.host, deletion)).collect();
        call
    }

    fn parameters(&self) -> Value {
        let mut parameters = Map::new();
        let is_policy = self.operation.is_some_and(|operation| operation.name == "PutBucketPolicy");
        // Data events don't show documents: a list of keys or parts would be of any length.
        if self.operation.is_some_and(|operation| !operation.is_data_event)
            && !self.document.is_empty()
            && let Some((name, document)) = kept::recorded(is_policy, &self.document)
        {
            parameters.insert(name, document);
        }
        if let Some(bucket) = &self.target.bucket {
            parameters.insert("bucketName".to_owned(), bucket.clone().into());
        }
        parameters.insert("Host".to_owned(), self.host.clone().into());
        for name in SHOWN_HEADERS {
            if let Some(value) = self.headers.get(name).and_then(|value| value.to_str().ok()) {
                parameters.insert(name.to_owned(), value.into());
            }
        }
        for (key, value) in &self.query.0 {
            let lower = key.to_ascii_lowercase();
            let is_secret = matches!(lower.as_str(), "x-amz-signature" | "x-amz-credential" | "x-amz-security-token");
            if !is_secret && !parameters.contains_key(key) {
                parameters.insert(key.clone(), value.clone().into());
            }
        }
        if let Some(key) = &self.target.key {
            parameters.insert("key".to_owned(), key.clone().into());
        }
        Value::Object(parameters)
    }

    fn additional(
        &self,
        status: StatusCode,
        bytes_out: u64,
        object_bytes: Option<u64>,
        seen: &Seen,
        now: Timestamp,
    ) -> Value {
        let mut data = Map::new();
        let (version, kind) = match self.authentication {
            Authentication::Header => (Some("SigV4"), Some("AuthHeader")),
            Authentication::Query => (Some("SigV4"), Some("QueryString")),
            Authentication::QueryVersionTwo => (Some("SigV2"), Some("QueryString")),
            Authentication::Anonymous => (None, None),
        };
        if let Some(version) = version {
            data.insert("SignatureVersion".to_owned(), version.into());
        }
        if let Some(suite) = &self.cipher_suite {
            data.insert("CipherSuite".to_owned(), suite.clone().into());
        }
        let operation = self.operation.map_or("", |operation| operation.name);
        if let Some(bytes) = object_bytes.filter(|_| matches!(operation, "PutObject" | "GetObject" | "CopyObject")) {
            data.insert("objectSize".to_owned(), bytes.into());
        }
        data.insert("bytesTransferredIn".to_owned(), seen.bytes().into());
        let stores = matches!(operation, "PutObject" | "CopyObject" | "CreateMultipartUpload" | "UploadPart");
        if stores && status.is_success() {
            data.insert("SSEApplied".to_owned(), "Default_SSE_S3".into());
        }
        let is_data_event = self.operation.is_some_and(|operation| operation.is_data_event);
        if is_data_event {
            data.insert("startTime".to_owned(), self.started_at.as_ms().into());
        }
        if let Some(kind) = kind {
            data.insert("AuthenticationMethod".to_owned(), kind.into());
        }
        if is_data_event {
            data.insert("endTime".to_owned(), now.as_ms().into());
        }
        data.insert("x-amz-id-2".to_owned(), self.host_id.clone().into());
        if is_data_event {
            data.insert("httpStatusCode".to_owned(), status.as_u16().into());
        }
        data.insert("bytesTransferredOut".to_owned(), bytes_out.into());
        Value::Object(data)
    }

    fn resources(&self) -> Vec<CallResource> {
        let Some(name) = &self.target.bucket else { return Vec::new() };
        let Some(operation) = self.operation else { return Vec::new() };
        let of_bucket = self.bucket.as_ref().map(|bucket| bucket_resource(name, &bucket.account));
        if operation.name == "CreateBucket" {
            return Vec::new();
        }
        if !operation.is_data_event {
            return of_bucket.into_iter().collect();
        }
        let object = match (&self.target.key, operation.name) {
            (Some(key), _) => object_resource(Some(object_arn(name, key)), None),
            (None, "DeleteObjects") => object_resource(None, Some(format!("{}/", bucket_arn(name)))),
            (None, _) => {
                let prefix = self.query.get("prefix").unwrap_or_default();
                object_resource(None, Some(format!("{}/{prefix}", bucket_arn(name))))
            }
        };
        of_bucket.into_iter().chain([object]).collect()
    }
}

fn bucket_resource(bucket: &str, account: &str) -> CallResource {
    CallResource {
        account: Some(account.to_owned()),
        kind: "AWS::S3::Bucket",
        arn: Some(bucket_arn(bucket)),
        arn_prefix: None,
    }
}

fn object_resource(arn: Option<String>, arn_prefix: Option<String>) -> CallResource {
    CallResource { account: None, kind: "AWS::S3::Object", arn, arn_prefix }
}

/// The record that S3 itself makes for one key of DeleteObjects.
fn follower(call: &S3Call, host: &str, deletion: &Deletion) -> S3Call {
    let bucket = call.bucket.clone().unwrap_or_default();
    let of_bucket = call.bucket_account.as_ref().map(|account| bucket_resource(&bucket, account));
    let object = object_resource(Some(object_arn(&bucket, &deletion.key)), None);
    S3Call {
        event_name: "DeleteObject".to_owned(),
        key: Some(deletion.key.clone()),
        is_service_event: true,
        request_parameters: json!({"bucketName": bucket, "Host": host, "key": deletion.key}),
        response_elements: Value::Null,
        error: deletion.refusal.as_ref().map(|it| (it.code.to_string(), it.message.to_string())),
        resources: of_bucket.into_iter().chain([object]).collect(),
        bytes_in: 0,
        bytes_out: 0,
        followers: Vec::new(),
        ..call.clone()
    }
}

pub(crate) fn request_id(entropy: &dyn Entropy) -> String {
    entropy.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 16)
}

pub(crate) fn host_id(entropy: &dyn Entropy) -> String {
    let text = entropy.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 74);
    // 56 bytes in base64: the last letter carries four bits, so any of 16 letters would do.
    format!("{text}A=")
}

/// A client that expects `100 Continue` and sends nothing gets its answer at once, without the `100`. botocore then
/// takes the next answer on the same connection for this one's, so that there must be no next one.
fn must_close(parts: &Parts) -> bool {
    let expects =
        parts.headers.get(header::EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    expects && parts.version < http::Version::HTTP_2 && content_length(&parts.headers) == Some(0)
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn title(method: &Method) -> String {
    let lower = method.as_str().to_ascii_lowercase();
    let mut letters = lower.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn default_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "NoSuchKey",
        StatusCode::FORBIDDEN => "AccessDenied",
        StatusCode::BAD_REQUEST => "InvalidRequest",
        _ => "InternalError",
    }
}

/// S3's texts for codes that come from the parser without one.
fn default_message(code: &str) -> &'static str {
    match code {
        "MalformedXML" => "The XML you provided was not well-formed or did not validate against our published schema",
        "InvalidArgument" => "Invalid Argument",
        "InvalidRequest" => "The request is invalid.",
        "InvalidRange" => "The requested range is not satisfiable",
        "NotImplemented" => "A header you provided implies functionality that is not implemented",
        "IncompleteBody" => "You did not provide the number of bytes specified by the Content-Length HTTP header",
        "InvalidBucketName" => "The specified bucket is not valid.",
        "InvalidURI" => "Couldn't parse the specified URI.",
        "MissingContentLength" => "You must provide the Content-Length HTTP header.",
        "KeyTooLongError" => "Your key is too long",
        "MethodNotAllowed" => "The specified method is not allowed against this resource.",
        _ => "We encountered an internal error. Please try again.",
    }
}
