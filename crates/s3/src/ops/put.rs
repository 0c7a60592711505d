//! Writing objects.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::Stream;
use http::HeaderMap;
use opentrail_catalog::Bucket;
use opentrail_catalog::object::{Attributes, Object};
use percent_encoding::percent_decode_str;
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use crate::Refusal;
use crate::bodies::Written;
use crate::digest::{Algorithm, Checksums, Claims};
use crate::kept::{acl_not_supported, check_tags};
use crate::store::{Context, Store};
use crate::watch::{BodyError, Seen};

/// Content headers that an object keeps.
const KEPT_HEADERS: [&str; 7] = [
    "content-type",
    "content-encoding",
    "content-language",
    "content-disposition",
    "cache-control",
    "expires",
    "x-amz-website-redirect-location",
];
/// Largest object or part in one request: 5 GiB.
pub(super) const UPLOAD_BYTES_MAX: u64 = 5 << 30;
/// Most bytes of user metadata, names and values together.
const METADATA_BYTES_MAX: usize = 2048;
/// Most tags of an object.
pub(super) const OBJECT_TAGS_MAX: usize = 10;

/// What a write says of its object besides the bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct ObjectHead {
    pub(crate) key: String,
    pub(crate) attributes: Attributes,
}

/// Conditions of a write, judged in the transaction that makes the object visible.
#[derive(Debug, Clone, Default)]
pub(super) struct WriteConditions {
    pub(super) if_match: Option<ETagCondition>,
    pub(super) if_none_match: Option<ETagCondition>,
}

impl WriteConditions {
    pub(super) fn check(&self, old: Option<&Object>) -> Result<(), Refusal> {
        if let Some(condition) = &self.if_none_match {
            if !condition.is_any() {
                return Err(Refusal::not_implemented(
                    "A header you provided implies functionality that is not implemented",
                ));
            }
            if old.is_some() {
                return Err(Refusal::precondition_failed());
            }
        }
        match (&self.if_match, old) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(Refusal::no_such_key()),
            (Some(wish), Some(old)) if wish.as_etag().is_none_or(|etag| etag.value() == old.etag) => Ok(()),
            (Some(_), Some(_)) => Err(Refusal::precondition_failed()),
        }
    }
}

/// What the headers of a request say of the object to be.
pub(super) fn attributes(
    context: &Context,
    headers: &HeaderMap,
    metadata: Option<Metadata>,
) -> Result<Attributes, Refusal> {
    check_wishes(headers)?;
    let mut kept = BTreeMap::new();
    for name in KEPT_HEADERS {
        let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        if !values.is_empty() {
            kept.insert(name.to_owned(), values.join(","));
        }
    }
    kept.entry("content-type".to_owned()).or_insert_with(|| "binary/octet-stream".to_owned());
    let metadata: BTreeMap<String, String> =
        metadata.into_iter().flatten().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    if metadata.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > METADATA_BYTES_MAX {
        let message = "Your metadata headers exceed the maximum allowed metadata size";
        return Err(Refusal::new("MetadataTooLarge", message, 400));
    }
    let tags = headers.get("x-amz-tagging").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Ok(Attributes {
        headers: kept,
        metadata,
        tags: tags_of_header(tags)?,
        writer: context.caller.principal.as_ref().and_then(opentrail_model::Principal::arn),
        ..Attributes::default()
    })
}

/// Refuses what we would otherwise silently not do.
fn check_wishes(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("x-amz-acl").is_some_and(|acl| !matches!(acl, "private" | "bucket-owner-full-control"))
        || headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"))
    {
        return Err(acl_not_supported());
    }
    if text("x-amz-server-side-encryption").is_some_and(|wish| wish != ServerSideEncryption::AES256)
        || headers.contains_key("x-amz-server-side-encryption-customer-algorithm")
    {
        return Err(Refusal::not_implemented(
            "OpenTrail's own buckets know no KMS and no customer keys; choose AES256.",
        ));
    }
    if headers.keys().any(|name| name.as_str().starts_with("x-amz-object-lock-")) {
        return Err(Refusal::invalid_request("Bucket is missing Object Lock Configuration"));
    }
    if headers.contains_key("x-amz-write-offset-bytes") {
        return Err(Refusal::not_implemented("Appending to objects is not implemented"));
    }
    Ok(())
}

/// `key=value&key2=value2`, form-encoded.
fn tags_of_header(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    let decode = |text: &str| {
        let plain = text.replace('+', " ");
        percent_decode_str(&plain).decode_utf8().map(|text| text.into_owned()).map_err(|_| {
            Refusal::invalid_argument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
        })
    };
    let mut tags = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        tags.push((decode(key)?, decode(value)?));
    }
    check_tags(&tags, OBJECT_TAGS_MAX)?;
    Ok(tags)
}

/// The length that an upload announces, which it must.
pub(super) fn announced(content_length: Option<i64>) -> Result<u64, Refusal> {
    let bytes = content_length
        .and_then(|bytes| u64::try_from(bytes).ok())
        .ok_or_else(|| Refusal::new("MissingContentLength", "You must provide the Content-Length HTTP header.", 411))?;
    if bytes > UPLOAD_BYTES_MAX {
        return Err(Refusal::new("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400));
    }
    Ok(bytes)
}

/// Writes a body of this length and checks it against what the client said of it.
pub(super) async fn write_body<S>(
    store: &Store,
    body: S,
    bytes: u64,
    claims: &Claims,
    seen: &Seen,
) -> Result<Written, Refusal>
where
    S: Stream<Item = Result<Bytes, BodyError>> + Send + Unpin,
{
    let written = store.bodies.write(body, claims.hashers()).await?;
    let is_whole = written.body.bytes == bytes;
    let verdict = if is_whole { claims.verify(&written.digests, seen) } else { Err(Refusal::incomplete_body()) };
    if let Err(refusal) = verdict {
        store.bodies.remove(vec![written.body.id]).await;
        return Err(refusal);
    }
    Ok(written)
}

/// Makes an object visible whose body is durable, and removes what it replaces.
pub(super) async fn publish(
    store: &Store,
    bucket: &Bucket,
    object: &Object,
    conditions: &WriteConditions,
) -> Result<(), Refusal> {
    match swap(store, bucket, object, conditions).await {
        Ok(replaced) => {
            store.bodies.remove(replaced).await;
            Ok(())
        }
        Err(refusal) => {
            for body in &object.bodies {
                store.bodies.remove_unless_kept(&store.catalog, body.id.clone()).await;
            }
            Err(refusal)
        }
    }
}

async fn swap(
    store: &Store,
    bucket: &Bucket,
    object: &Object,
    conditions: &WriteConditions,
) -> Result<Vec<String>, Refusal> {
    let mut tx = store.begin(bucket).await?;
    let old = tx.object(bucket.id, &object.key).await?;
    conditions.check(old.as_ref())?;
    for body in &object.bodies {
        tx.keep_body(&body.id).await?;
    }
    let replaced: Vec<String> = old.into_iter().flat_map(|old| old.bodies).map(|body| body.id).collect();
    for id in &replaced {
        tx.drop_body(id).await?;
    }
    tx.put_object(bucket.id, object).await?;
    // Commit point: the object is visible. A crash before leaves its body file without a row, a crash after leaves the
    // replaced object's file without one: the next start collects either.
    tx.commit().await?;
    Ok(replaced)
}

/// Puts an object whose bytes are at hand.
pub(crate) async fn put_bytes(store: &Store, bucket: &Bucket, head: ObjectHead, body: Bytes) -> Result<(), Refusal> {
    let claims = Claims::read(&HeaderMap::new(), None)?;
    let bytes = body.len() as u64;
    let body = futures::stream::iter([Ok(body)]);
    let written = write_body(store, body, bytes, &claims, &Seen::default()).await?;
    let object = object(store, head.key, written, head.attributes);
    publish(store, bucket, &object, &WriteConditions::default()).await
}

fn object(store: &Store, key: String, written: Written, attributes: Attributes) -> Object {
    Object {
        key,
        etag: written.digests.etag(),
        bytes: written.body.bytes,
        modified_at: store.now(),
        bodies: vec![written.body],
        attributes: Attributes {
            checksums: written.digests.checksums,
            checksum_type: Some("FULL_OBJECT".to_owned()),
            ..attributes
        },
    }
}

pub(super) async fn put_object(
    store: &Store,
    context: &Context,
    request: S3Request<PutObjectInput>,
) -> Result<S3Response<PutObjectOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let bytes = announced(input.content_length)?;
    let attributes = attributes(context, &request.headers, input.metadata)?;
    let claims = Claims::read(&request.headers, None)?;
    let conditions = WriteConditions { if_match: input.if_match, if_none_match: input.if_none_match };
    // Spares the upload when the answer is known already; the transaction has the last word.
    conditions.check(store.catalog.object(bucket.id, &input.key).await?.as_ref())?;
    let body = input.body.unwrap_or_else(|| StreamingBlob::from(s3s::Body::empty()));
    let written = write_body(store, body, bytes, &claims, &context.seen).await?;
    let object = object(store, input.key, written, attributes);
    publish(store, bucket, &object, &conditions).await?;
    context.facts.lock().object_bytes = Some(object.bytes);
    let sum = |algorithm: Algorithm| named(&object.attributes.checksums, algorithm);
    Ok(S3Response::new(PutObjectOutput {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)),
        e_tag: Some(ETag::Strong(object.etag)),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..PutObjectOutput::default()
    }))
}

pub(super) fn named(checksums: &Checksums, algorithm: Algorithm) -> Option<String> {
    checksums.get(algorithm.name()).cloned()
}

pub(super) async fn put_object_acl(
    store: &Store,
    context: &Context,
    request: S3Request<PutObjectAclInput>,
) -> Result<S3Response<PutObjectAclOutput>, Refusal> {
    super::get::found(store, context, &request.input.key).await?;
    Err(acl_not_supported())
}
