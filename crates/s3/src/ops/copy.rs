//! Copies within and between buckets.

use opentrail_catalog::Bucket;
use opentrail_catalog::object::{Attributes, Object};
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::get::{Conditions, Verdict, check_version};
use super::multipart::{keep_part, part_number, upload};
use super::put::{UPLOAD_BYTES_MAX, WriteConditions, attributes, named, publish, write_body};
use crate::Refusal;
use crate::authorize::{bucket_arn, object_arn};
use crate::digest::{Algorithm, Claims};
use crate::store::{Context, Store, wire_time};
use crate::watch::Seen;

/// The object that a copy reads, once the caller may read it and its conditions hold.
async fn source(
    store: &Store,
    context: &Context,
    from: &CopySource,
    conditions: &Conditions<'_>,
) -> Result<(Bucket, Object), Refusal> {
    let CopySource::Bucket { bucket, key, version_id } = from else {
        return Err(Refusal::not_implemented("OpenTrail has no access points; name the source as bucket/key."));
    };
    check_version(version_id.as_deref())?;
    let bucket = store.catalog.bucket(bucket).await?.ok_or_else(Refusal::no_such_bucket)?;
    context.check(&bucket, "s3:GetObject", &object_arn(&bucket.name, key))?;
    let Some(object) = store.catalog.object(bucket.id, key).await? else {
        context.check(&bucket, "s3:ListBucket", &bucket_arn(&bucket.name))?;
        return Err(Refusal::no_such_key());
    };
    match conditions.judge(&object.etag, object.modified_at) {
        Verdict::Go => Ok((bucket, object)),
        Verdict::NotModified | Verdict::Failed => Err(Refusal::precondition_failed()),
    }
}

pub(super) async fn copy_object(
    store: &Store,
    context: &Context,
    request: S3Request<CopyObjectInput>,
) -> Result<S3Response<CopyObjectOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let conditions = Conditions {
        if_match: input.copy_source_if_match.as_ref(),
        if_none_match: input.copy_source_if_none_match.as_ref(),
        if_modified_since: input.copy_source_if_modified_since.as_ref(),
        if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
    };
    let (from, old) = source(store, context, &input.copy_source, &conditions).await?;
    let replaces = input.metadata_directive.as_ref().is_some_and(|it| it.as_str() == MetadataDirective::REPLACE);
    let given = attributes(context, &request.headers, input.metadata)?;
    let retags = input.tagging_directive.as_ref().is_some_and(|it| it.as_str() == TaggingDirective::REPLACE);
    if from.id == bucket.id && old.key == input.key && !replaces {
        let message = "This copy request is illegal because it is trying to copy an object to itself without changing \
                       the object's metadata, storage class, website redirect location or encryption attributes.";
        return Err(Refusal::invalid_request(message));
    }
    if old.bytes > UPLOAD_BYTES_MAX {
        let message =
            "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120";
        return Err(Refusal::invalid_request(message));
    }
    let kept = old.attributes.checksums.keys().find_map(|name| Algorithm::from_name(name));
    let wanted = input.checksum_algorithm.as_ref().and_then(|name| Algorithm::from_name(name.as_str())).or(kept);
    let claims = Claims::read(&http::HeaderMap::new(), wanted)?;
    let body = store.bodies.read(old.bodies.clone(), 0, old.bytes).await?;
    let written = write_body(store, body, old.bytes, &claims, &Seen::default()).await?;
    let carried = if replaces { given.clone() } else { old.attributes };
    let object = Object {
        key: input.key,
        etag: written.digests.etag(),
        bytes: written.body.bytes,
        modified_at: store.now(),
        bodies: vec![written.body],
        attributes: Attributes {
            tags: if retags { given.tags } else { carried.tags },
            writer: given.writer,
            checksums: written.digests.checksums,
            checksum_type: Some("FULL_OBJECT".to_owned()),
            headers: carried.headers,
            metadata: carried.metadata,
        },
    };
    publish(store, bucket, &object, &WriteConditions::default()).await?;
    context.facts.lock().object_bytes = Some(object.bytes);
    let sum = |algorithm: Algorithm| named(&object.attributes.checksums, algorithm);
    let result = CopyObjectResult {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        last_modified: Some(wire_time(object.modified_at)),
    };
    Ok(S3Response::new(CopyObjectOutput {
        copy_object_result: Some(result),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..CopyObjectOutput::default()
    }))
}

pub(super) async fn upload_part_copy(
    store: &Store,
    context: &Context,
    request: S3Request<UploadPartCopyInput>,
) -> Result<S3Response<UploadPartCopyOutput>, Refusal> {
    let input = request.input;
    let number = part_number(input.part_number)?;
    let upload = upload(store, context, &input.upload_id, &input.key).await?;
    let conditions = Conditions {
        if_match: input.copy_source_if_match.as_ref(),
        if_none_match: input.copy_source_if_none_match.as_ref(),
        if_modified_since: input.copy_source_if_modified_since.as_ref(),
        if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
    };
    let (_, old) = source(store, context, &input.copy_source, &conditions).await?;
    let (offset, bytes) = source_range(input.copy_source_range.as_deref(), old.bytes)?;
    let agreed = upload.attributes.checksum_algorithm.as_deref().and_then(Algorithm::from_name);
    let claims = Claims::read(&http::HeaderMap::new(), agreed)?;
    let body = store.bodies.read(old.bodies.clone(), offset, bytes).await?;
    let written = write_body(store, body, bytes, &claims, &Seen::default()).await?;
    let part = keep_part(store, context.bucket()?, &upload, number, written).await?;
    let sum = |algorithm: Algorithm| named(&part.checksums, algorithm);
    let result = CopyPartResult {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        e_tag: Some(ETag::Strong(part.etag)),
        last_modified: Some(wire_time(part.modified_at)),
    };
    Ok(S3Response::new(UploadPartCopyOutput {
        copy_part_result: Some(result),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..UploadPartCopyOutput::default()
    }))
}

/// `bytes=first-last`, both given and inside the object.
fn source_range(range: Option<&str>, whole: u64) -> Result<(u64, u64), Refusal> {
    let Some(range) = range else { return Ok((0, whole)) };
    let invalid = || {
        Refusal::invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the \
             zero-based offsets of the first and last bytes to copy",
        )
    };
    match Range::parse(range).map_err(|_| invalid())? {
        Range::Int { first, last: Some(last) } if last < whole => Ok((first, last - first + 1)),
        Range::Int { first: _, last: Some(_) } => {
            Err(Refusal::invalid_argument(format!("Range specified is not valid for source object of size: {whole}")))
        }
        _ => Err(invalid()),
    }
}
