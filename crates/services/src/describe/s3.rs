//! S3's parameters and elements: what is on the wire, under the names that it has there.

use opentrail_model::EventCategory;
use serde_json::{Map, Value};

use super::message::Document;
use crate::recognise::{Pairs, labels};
use crate::table::Place;
use crate::wire::xml;
use crate::{Exchange, Operation, Response, Upload};

/// A record shows no longer document.
const DOCUMENT_BYTES_MAX: usize = 64 << 10;

/// Headers that carry a secret or the signature.
const SECRET_HEADERS: [&str; 4] = [
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-mfa",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
];

/// Parts of a presigned query that records leave out.
const SECRET_KEYS: [&str; 6] =
    ["AWSAccessKeyId", "Signature", "X-Amz-Credential", "X-Amz-Security-Token", "X-Amz-Signature", "x-id"];

/// The headers of a response that records show.
const SHOWN_HEADERS: [&str; 6] = [
    "x-amz-copy-source-version-id",
    "x-amz-delete-marker",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-version-id",
];

/// Operations whose answers are documents that records show.
const SHOWN_DOCUMENTS: [&str; 4] = ["CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "UploadPartCopy"];

/// What a request asks: its document, bucket, host, headers, query and key.
pub(super) fn parameters(exchange: &Exchange<'_>, body: Option<&Document<'_>>) -> Map<String, Value> {
    let (operation, request) = (exchange.operation, exchange.request);
    let mut parameters = Map::new();
    // Data events don't show documents: a list of keys or parts would be of any length.
    let document = body.filter(|_| operation.category() == EventCategory::Management);
    parameters.extend(document.and_then(|document| shown_document(operation, document)));
    let (bucket, key) = target(exchange);
    parameters.extend(bucket.map(|bucket| ("bucketName".to_owned(), bucket.into())));
    let host = request.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri.authority().map(http::uri::Authority::as_str));
    parameters.extend(host.map(|host| ("Host".to_owned(), host.into())));
    let headers =
        operation.model().members(operation.inner.input).iter().filter(|member| member.place == Place::Header);
    for name in headers.map(|member| member.wire_name()) {
        let is_shown = name.starts_with("x-amz-") && !SECRET_HEADERS.contains(&name) && operation.head.name == "s3";
        let value = request.headers.get(name).filter(|_| is_shown).and_then(|value| value.to_str().ok());
        parameters.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    parameters.extend(operation.upload().into_iter().flat_map(shown_fields));
    for (name, value) in Pairs::of(request) {
        if !is_secret(&name) && !parameters.contains_key(&*name) {
            parameters.insert(name.into_owned(), value.into());
        }
    }
    parameters.extend(key.map(|key| ("key".to_owned(), key.into())));
    parameters
}

fn is_secret(key: &str) -> bool {
    SECRET_KEYS.iter().any(|secret| secret.eq_ignore_ascii_case(key))
}

/// The fields of a browser's form that stand for headers.
fn shown_fields(upload: &Upload) -> impl Iterator<Item = (String, Value)> {
    upload.fields().filter_map(|(name, value)| {
        let name = if name.eq_ignore_ascii_case("acl") { "x-amz-acl".to_owned() } else { name.to_ascii_lowercase() };
        let is_shown = name.starts_with("x-amz-") && !name.starts_with("x-amz-meta-");
        let is_shown = is_shown && !is_secret(&name) && !SECRET_HEADERS.contains(&&*name);
        is_shown.then(|| (name, value.into()))
    })
}

fn shown_document(operation: &Operation, document: &Document<'_>) -> Option<(String, Value)> {
    let bytes = Some(document.bytes()).filter(|bytes| bytes.len() <= DOCUMENT_BYTES_MAX)?;
    if operation.inner.name == "PutBucketPolicy" {
        return Some(("bucketPolicy".to_owned(), crate::wire::json::parse(bytes)?));
    }
    let root = xml::parse(bytes)?;
    Some((root.name.clone(), root.to_json()))
}

/// The bucket that a request is about.
pub(super) fn bucket(exchange: &Exchange<'_>) -> Option<String> {
    target(exchange).0
}

/// Bucket and key.
pub(super) fn target(exchange: &Exchange<'_>) -> (Option<String>, Option<String>) {
    let operation = exchange.operation;
    if operation.head.name != "s3" {
        return (None, None);
    }
    let labels = labels(operation.inner, exchange.request.uri.path(), operation.host_bucket.as_deref());
    let label =
        |wanted: &str| labels.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.clone().into_owned());
    (label("Bucket"), operation.upload().map_or_else(|| label("Key"), Upload::key))
}

/// What a write's answer shows: encryption and version, and for some the document.
pub(super) fn elements(
    operation: &Operation,
    response: &Response<'_>,
    body: Option<&Document<'_>>,
) -> Map<String, Value> {
    let mut elements = Map::new();
    for name in SHOWN_HEADERS {
        let value = response.headers.get(name).and_then(|value| value.to_str().ok());
        elements.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    if SHOWN_DOCUMENTS.contains(&operation.inner.name)
        && let Some(root) =
            body.filter(|body| body.bytes().len() <= DOCUMENT_BYTES_MAX).and_then(|body| xml::parse(body.bytes()))
    {
        elements.insert(root.name.clone(), root.to_json());
    }
    elements
}
