//! Multipart uploads: begin, add parts, list, give up.

use opentrail_catalog::Bucket;
use opentrail_catalog::upload::{Upload, UploadAttributes, UploadPart};
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::bucket::owner;
use super::list::{Encoding, as_count, count_max};
use super::put::{announced, attributes, named, write_body};
use crate::Refusal;
use crate::bodies::Written;
use crate::digest::{Algorithm, Claims};
use crate::store::{Context, Store, wire_time};

/// Highest part number.
const PART_NUMBER_MAX: u16 = 10_000;

pub(super) fn part_number(wish: i32) -> Result<u16, Refusal> {
    let number = u16::try_from(wish).ok().filter(|number| (1..=PART_NUMBER_MAX).contains(number));
    number.ok_or_else(|| Refusal::invalid_argument("Part number must be an integer between 1 and 10000, inclusive"))
}

/// The upload that is meant, if it is one of this bucket and key.
pub(super) async fn upload(store: &Store, context: &Context, id: &str, key: &str) -> Result<Upload, Refusal> {
    let bucket = context.bucket()?;
    let found = store.catalog.upload(id).await?;
    found.filter(|upload| upload.bucket == bucket.id && upload.key == key).ok_or_else(Refusal::no_such_upload)
}

pub(super) async fn create_multipart_upload(
    store: &Store,
    context: &Context,
    request: S3Request<CreateMultipartUploadInput>,
) -> Result<S3Response<CreateMultipartUploadOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let object = attributes(context, &request.headers, input.metadata)?;
    let (algorithm, kind) = agreement(input.checksum_algorithm.as_ref(), input.checksum_type.as_ref())?;
    let upload = Upload {
        id: store.entropy.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", 96),
        bucket: bucket.id,
        key: input.key.clone(),
        started_at: store.now(),
        attributes: UploadAttributes {
            object,
            checksum_algorithm: Some(algorithm.name().to_owned()),
            checksum_type: Some(kind.to_owned()),
        },
    };
    let mut tx = store.begin(bucket).await?;
    tx.insert_upload(&upload).await?;
    // Commit point: the upload is there. A crash before leaves nothing.
    tx.commit().await?;
    let is_told = input.checksum_algorithm.is_some();
    Ok(S3Response::new(CreateMultipartUploadOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(input.key),
        upload_id: Some(upload.id),
        checksum_algorithm: is_told.then(|| ChecksumAlgorithm::from_static(algorithm.name())),
        checksum_type: is_told.then(|| ChecksumType::from_static(kind)),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..CreateMultipartUploadOutput::default()
    }))
}

/// Algorithm and type of the checksum: CRC64NVME of the whole object where the client doesn't care.
fn agreement(
    algorithm: Option<&ChecksumAlgorithm>,
    kind: Option<&ChecksumType>,
) -> Result<(Algorithm, &'static str), Refusal> {
    let Some(name) = algorithm else { return Ok((Algorithm::Crc64Nvme, ChecksumType::FULL_OBJECT)) };
    let algorithm = Algorithm::from_name(name.as_str()).ok_or_else(|| {
        Refusal::invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
    })?;
    let can_be_composite = algorithm != Algorithm::Crc64Nvme;
    let can_be_full = !matches!(algorithm, Algorithm::Sha1 | Algorithm::Sha256);
    let kind = match kind.map(ChecksumType::as_str) {
        Some(ChecksumType::FULL_OBJECT) if can_be_full => ChecksumType::FULL_OBJECT,
        Some(ChecksumType::COMPOSITE) if can_be_composite => ChecksumType::COMPOSITE,
        None if can_be_composite => ChecksumType::COMPOSITE,
        None => ChecksumType::FULL_OBJECT,
        Some(other) => {
            let name = algorithm.name().to_ascii_lowercase();
            let message = format!("The {other} checksum type cannot be used with the {name} checksum algorithm.");
            return Err(Refusal::invalid_request(message));
        }
    };
    Ok((algorithm, kind))
}

pub(super) async fn upload_part(
    store: &Store,
    context: &Context,
    request: S3Request<UploadPartInput>,
) -> Result<S3Response<UploadPartOutput>, Refusal> {
    let input = request.input;
    let number = part_number(input.part_number)?;
    let bytes = announced(input.content_length)?;
    let upload = upload(store, context, &input.upload_id, &input.key).await?;
    let agreed = upload.attributes.checksum_algorithm.as_deref().and_then(Algorithm::from_name);
    let claims = Claims::read(&request.headers, agreed)?;
    let body = input.body.unwrap_or_else(|| StreamingBlob::from(s3s::Body::empty()));
    let written = write_body(store, body, bytes, &claims, &context.seen).await?;
    let part = keep_part(store, context.bucket()?, &upload, number, written).await?;
    context.facts.lock().object_bytes = Some(part.bytes);
    let sum = |algorithm: Algorithm| named(&part.checksums, algorithm);
    Ok(S3Response::new(UploadPartOutput {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        e_tag: Some(ETag::Strong(part.etag)),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..UploadPartOutput::default()
    }))
}

/// Makes a part whose body is durable one of its upload.
pub(super) async fn keep_part(
    store: &Store,
    bucket: &Bucket,
    upload: &Upload,
    number: u16,
    written: Written,
) -> Result<UploadPart, Refusal> {
    let part = UploadPart {
        number,
        etag: written.digests.etag(),
        bytes: written.body.bytes,
        modified_at: store.now(),
        body: written.body.id,
        checksums: written.digests.checksums,
    };
    match swap_part(store, bucket, upload, &part).await {
        Ok(replaced) => {
            store.bodies.remove(replaced.into_iter().collect()).await;
            Ok(part)
        }
        Err(refusal) => {
            store.bodies.remove_unless_kept(&store.catalog, part.body).await;
            Err(refusal)
        }
    }
}

async fn swap_part(
    store: &Store,
    bucket: &Bucket,
    upload: &Upload,
    part: &UploadPart,
) -> Result<Option<String>, Refusal> {
    let mut tx = store.begin(bucket).await?;
    tx.upload(&upload.id).await?.ok_or_else(Refusal::no_such_upload)?;
    tx.keep_body(&part.body).await?;
    let replaced = tx.put_part(&upload.id, part).await?;
    if let Some(old) = &replaced {
        tx.drop_body(old).await?;
    }
    // Commit point: the part belongs to the upload. A crash before leaves its file without a row, a crash after leaves
    // the replaced part's: the next start collects either.
    tx.commit().await?;
    Ok(replaced)
}

pub(super) async fn list_parts(
    store: &Store,
    context: &Context,
    request: S3Request<ListPartsInput>,
) -> Result<S3Response<ListPartsOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let max_parts = count_max(input.max_parts, "max-parts")?;
    let upload = upload(store, context, &input.upload_id, &input.key).await?;
    let after = input.part_number_marker.and_then(|marker| u16::try_from(marker).ok()).unwrap_or(0);
    let wanted = u32::try_from(max_parts).unwrap_or(0);
    let mut parts = store.catalog.upload_parts(&upload.id, after, wanted + 1).await?;
    let is_truncated = parts.len() > as_count(max_parts) && max_parts > 0;
    parts.truncate(as_count(max_parts));
    let last = parts.last().map_or(0, |part| i32::from(part.number));
    let account = &bucket.account;
    Ok(S3Response::new(ListPartsOutput {
        bucket: Some(bucket.name.clone()),
        checksum_algorithm: upload.attributes.checksum_algorithm.map(ChecksumAlgorithm::from),
        checksum_type: upload.attributes.checksum_type.map(ChecksumType::from),
        initiator: Some(initiator(account, upload.attributes.object.writer.as_deref())),
        is_truncated: Some(is_truncated),
        key: Some(upload.key),
        max_parts: Some(max_parts),
        next_part_number_marker: Some(last),
        owner: Some(owner(account)),
        part_number_marker: Some(i32::from(after)),
        parts: Some(parts.into_iter().map(listed_part).collect()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        upload_id: Some(upload.id),
        ..ListPartsOutput::default()
    }))
}

fn listed_part(part: UploadPart) -> Part {
    let sum = |algorithm: Algorithm| named(&part.checksums, algorithm);
    Part {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(wire_time(part.modified_at)),
        part_number: Some(i32::from(part.number)),
        size: i64::try_from(part.bytes).ok(),
    }
}

fn initiator(account: &str, writer: Option<&str>) -> Initiator {
    let id = writer.map_or_else(|| crate::store::canonical_id(account), str::to_owned);
    let display_name = writer.and_then(|arn| arn.rsplit([':', '/']).next()).map(str::to_owned);
    Initiator { display_name, id: Some(id) }
}

pub(super) async fn list_multipart_uploads(
    store: &Store,
    context: &Context,
    request: S3Request<ListMultipartUploadsInput>,
) -> Result<S3Response<ListMultipartUploadsOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_uploads = count_max(input.max_uploads, "max-uploads")?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
    let key_marker = input.key_marker.clone().unwrap_or_default();
    let id_marker = input.upload_id_marker.clone().unwrap_or_default();
    let mut uploads = store.catalog.uploads_of_bucket(bucket.id).await?;
    uploads.retain(|upload| {
        let is_after = upload.key.as_bytes() > key_marker.as_bytes()
            || upload.key == key_marker && !id_marker.is_empty() && upload.id > id_marker;
        upload.key.starts_with(&prefix) && is_after
    });
    let mut listed: Vec<MultipartUpload> = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let (mut is_truncated, mut next) = (false, (String::new(), String::new()));
    for upload in uploads {
        let common = delimiter.as_ref().and_then(|delimiter| {
            let place = upload.key[prefix.len()..].find(delimiter.as_str())?;
            Some(upload.key[..prefix.len() + place + delimiter.len()].to_owned())
        });
        if common.is_some() && prefixes.last() == common.as_ref() {
            continue;
        }
        if listed.len() + prefixes.len() == as_count(max_uploads) {
            is_truncated = max_uploads > 0;
            break;
        }
        next = (upload.key.clone(), upload.id.clone());
        match common {
            Some(common) => prefixes.push(common),
            None => listed.push(listed_upload(upload, encoding, &bucket.account)),
        }
    }
    Ok(S3Response::new(ListMultipartUploadsOutput {
        bucket: Some(bucket.name.clone()),
        common_prefixes: Some(
            prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(encoding.name(prefix)) }).collect(),
        ),
        delimiter: encoding.optional(delimiter.as_deref()),
        encoding_type: encoding.echo(),
        is_truncated: Some(is_truncated),
        key_marker: Some(encoding.name(&key_marker)),
        max_uploads: Some(max_uploads),
        next_key_marker: is_truncated.then(|| encoding.name(&next.0)),
        next_upload_id_marker: is_truncated.then_some(next.1),
        prefix: Some(encoding.name(&prefix)),
        upload_id_marker: Some(id_marker),
        uploads: Some(listed),
        ..ListMultipartUploadsOutput::default()
    }))
}

fn listed_upload(upload: Upload, encoding: Encoding, account: &str) -> MultipartUpload {
    MultipartUpload {
        checksum_algorithm: upload.attributes.checksum_algorithm.map(ChecksumAlgorithm::from),
        checksum_type: upload.attributes.checksum_type.map(ChecksumType::from),
        initiated: Some(wire_time(upload.started_at)),
        initiator: Some(initiator(account, upload.attributes.object.writer.as_deref())),
        key: Some(encoding.name(&upload.key)),
        owner: Some(owner(account)),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        upload_id: Some(upload.id),
    }
}

pub(super) async fn abort_multipart_upload(
    store: &Store,
    context: &Context,
    request: S3Request<AbortMultipartUploadInput>,
) -> Result<S3Response<AbortMultipartUploadOutput>, Refusal> {
    let upload = upload(store, context, &request.input.upload_id, &request.input.key).await?;
    let mut tx = store.begin(context.bucket()?).await?;
    tx.upload(&upload.id).await?.ok_or_else(Refusal::no_such_upload)?;
    let unused: Vec<String> = tx.upload_parts(&upload.id).await?.into_iter().map(|part| part.body).collect();
    for body in &unused {
        tx.drop_body(body).await?;
    }
    tx.delete_upload(&upload.id).await?;
    // Commit point: the upload is gone. A crash after leaves its parts' files, which the next start collects.
    tx.commit().await?;
    store.bodies.remove(unused).await;
    Ok(S3Response::new(AbortMultipartUploadOutput::default()))
}
