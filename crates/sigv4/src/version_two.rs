//! Presigned URLs of Signature Version 2, for S3 only: what `aws s3 presign` of the first CLI and boto3 make in us-east-1
//! when nobody tells them otherwise (Amazon S3 user guide, "Signing and authenticating REST requests").
//!
//! The signature covers method, resource, expiry and `x-amz-*` headers, by HMAC-SHA1, which is still sound as a MAC. It
//! doesn't cover the body. Only the query form is taken; a version 2 `Authorization` header is refused.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use opentrail_stdx::Timestamp;

use crate::canonical;
use crate::keys::{SecretKey, equal};

/// The query parameters that are part of the resource.
const SUBRESOURCES: [&str; 39] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// Whether the signature is the one that the holder of `secret` makes for a URL that expires at `expires`.
///
/// In virtual-host style the bucket is part of the resource though not of the path: both readings are tried, and each
/// names another resource, so that no URL passes for two.
pub(crate) fn matches(parts: &Parts, expires: Timestamp, secret: &SecretKey, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.expose().as_bytes());
    let path = parts.uri.path();
    let in_host = header(parts, "host").split('.').next().map(|bucket| format!("/{bucket}{path}"));
    [Some(path.to_owned()), in_host].into_iter().flatten().any(|resource| {
        let mac = hmac::sign(&key, string_to_sign(parts, expires, &resource).as_bytes());
        equal(&STANDARD.encode(mac.as_ref()), signature)
    })
}

/// The string to sign; exposed for the error that shows it.
pub(crate) fn string_to_sign(parts: &Parts, expires: Timestamp, path: &str) -> String {
    format!(
        "{}\n{}\n{}\n{}\n{}{path}{}",
        parts.method,
        header(parts, "content-md5"),
        header(parts, "content-type"),
        expires.as_secs(),
        amz_headers(parts),
        subresources(parts.uri.query().unwrap_or_default()),
    )
}

/// `x-amz-*` headers, sorted, one a line; a session's token counts as one though it travels in the query.
fn amz_headers(parts: &Parts) -> String {
    let names = parts.headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("x-amz-"));
    let mut lines: Vec<(String, String)> = names.map(|name| (name.to_owned(), header(parts, name))).collect();
    let query = canonical::pairs(parts.uri.query().unwrap_or_default());
    lines.extend(
        query
            .map(|(name, value)| (canonical::decode(name).to_ascii_lowercase(), canonical::decode(value)))
            .filter(|(name, _)| name == "x-amz-security-token"),
    );
    lines.sort();
    lines.dedup();
    lines.into_iter().map(|(name, value)| format!("{name}:{value}\n")).collect()
}

fn subresources(query: &str) -> String {
    let mut listed: Vec<String> = canonical::pairs(query)
        .map(|(name, value)| (canonical::decode(name), canonical::decode(value), query_has_value(query, name)))
        .filter(|(name, _, _)| SUBRESOURCES.contains(&name.as_str()))
        .map(|(name, value, has_value)| if has_value { format!("{name}={value}") } else { name })
        .collect();
    listed.sort();
    if listed.is_empty() { String::new() } else { format!("?{}", listed.join("&")) }
}

fn query_has_value(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| pair.strip_prefix(name).is_some_and(|rest| rest.len() > 1 && rest.starts_with('=')))
}

fn header(parts: &Parts, name: &str) -> String {
    let values = parts.headers.get_all(name).iter();
    let texts: Vec<String> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()).collect();
    texts.join(",")
}
