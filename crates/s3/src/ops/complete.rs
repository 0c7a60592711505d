//! Completing a multipart upload: its parts become one object, in one transaction, without copying a byte.

use std::collections::{BTreeMap, HashSet};

use opentrail_catalog::object::{Attributes, BodyRef, Object};
use opentrail_catalog::upload::{Upload, UploadPart};
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::multipart::upload;
use super::put::{WriteConditions, named};
use crate::Refusal;
use crate::digest::{Algorithm, Checksums, composite, full_object, multipart_etag};
use crate::store::{Context, Store};

/// Smallest part but the last: 5 MiB.
const PART_BYTES_MIN: u64 = 5 << 20;
/// Most parts.
const PARTS_MAX: usize = 10_000;

pub(super) async fn complete_multipart_upload(
    store: &Store,
    context: &Context,
    request: S3Request<CompleteMultipartUploadInput>,
) -> Result<S3Response<CompleteMultipartUploadOutput>, Refusal> {
    let bucket = context.bucket()?;
    let input = request.input;
    let wanted = input.multipart_upload.and_then(|wish| wish.parts).unwrap_or_default();
    if wanted.is_empty() || wanted.len() > PARTS_MAX {
        return Err(Refusal::malformed_xml());
    }
    let upload = upload(store, context, &input.upload_id, &input.key).await?;
    let conditions = WriteConditions { if_match: input.if_match, if_none_match: input.if_none_match };
    let mut tx = store.begin(bucket).await?;
    tx.upload(&upload.id).await?.ok_or_else(Refusal::no_such_upload)?;
    let all = tx.upload_parts(&upload.id).await?;
    let parts = chosen(&all, &wanted)?;
    let object = joined(store, &upload, &parts)?;
    if input.mpu_object_size.is_some_and(|bytes| u64::try_from(bytes).ok() != Some(object.bytes)) {
        return Err(Refusal::invalid_request(
            "The provided 'x-amz-mp-object-size' header does not match what was computed",
        ));
    }
    let claimed = [
        (Algorithm::Crc32, input.checksum_crc32),
        (Algorithm::Crc32c, input.checksum_crc32c),
        (Algorithm::Crc64Nvme, input.checksum_crc64nvme),
        (Algorithm::Sha1, input.checksum_sha1),
        (Algorithm::Sha256, input.checksum_sha256),
    ];
    check_claims(&claimed, &object.attributes.checksums)?;
    let old = tx.object(bucket.id, &object.key).await?;
    conditions.check(old.as_ref())?;
    let used: HashSet<&str> = object.bodies.iter().map(|body| body.id.as_str()).collect();
    let unused_parts = all.iter().map(|part| part.body.clone()).filter(|body| !used.contains(body.as_str()));
    let replaced = old.into_iter().flat_map(|old| old.bodies).map(|body| body.id);
    let unused: Vec<String> = unused_parts.chain(replaced).collect();
    for body in &unused {
        tx.drop_body(body).await?;
    }
    tx.delete_upload(&upload.id).await?;
    tx.put_object(bucket.id, &object).await?;
    // Commit point: the object is visible and the upload gone. A crash before leaves the upload as it was; a crash
    // after leaves files that nothing refers to, which the next start collects.
    tx.commit().await?;
    store.bodies.remove(unused).await;
    context.facts.lock().object_bytes = Some(object.bytes);
    let sum = |algorithm: Algorithm| named(&object.attributes.checksums, algorithm);
    Ok(S3Response::new(CompleteMultipartUploadOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(object.key.clone()),
        location: Some(format!("https://{}.s3.{}.amazonaws.com/{}", bucket.name, bucket.region, encoded(&object.key))),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        checksum_type: object.attributes.checksum_type.clone().map(ChecksumType::from),
        server_side_encryption: Some(ServerSideEncryption::from_static(ServerSideEncryption::AES256)),
        ..CompleteMultipartUploadOutput::default()
    }))
}

fn encoded(key: &str) -> String {
    percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The parts that the client names, which must be there, in order, and large enough.
fn chosen<'p>(all: &'p [UploadPart], wanted: &[CompletedPart]) -> Result<Vec<&'p UploadPart>, Refusal> {
    let by_number: BTreeMap<i32, &UploadPart> = all.iter().map(|part| (i32::from(part.number), part)).collect();
    let mut chosen: Vec<&UploadPart> = Vec::with_capacity(wanted.len());
    for wish in wanted {
        let number = wish.part_number.unwrap_or(0);
        if chosen.last().is_some_and(|last| i32::from(last.number) >= number) {
            let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
            return Err(Refusal::new("InvalidPartOrder", message, 400));
        }
        let part = by_number.get(&number).filter(|part| is_meant(part, wish)).ok_or_else(|| {
            let message = "One or more of the specified parts could not be found.  The part may not have been \
                           uploaded, or the specified entity tag may not match the part's entity tag.";
            Refusal::new("InvalidPart", message, 400)
        })?;
        chosen.push(part);
    }
    let but_last = &chosen[..chosen.len() - 1];
    if but_last.iter().any(|part| part.bytes < PART_BYTES_MIN) {
        let message = "Your proposed upload is smaller than the minimum allowed size";
        return Err(Refusal::new("EntityTooSmall", message, 400));
    }
    Ok(chosen)
}

fn is_meant(part: &UploadPart, wish: &CompletedPart) -> bool {
    let claims = [
        (Algorithm::Crc32, &wish.checksum_crc32),
        (Algorithm::Crc32c, &wish.checksum_crc32c),
        (Algorithm::Crc64Nvme, &wish.checksum_crc64nvme),
        (Algorithm::Sha1, &wish.checksum_sha1),
        (Algorithm::Sha256, &wish.checksum_sha256),
    ];
    let has_etag = wish.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag);
    has_etag
        && claims.iter().all(|(algorithm, claim)| {
            let kept = part.checksums.get(algorithm.name());
            claim.as_ref().is_none_or(|claim| kept.is_none_or(|kept| kept == claim))
        })
}

fn joined(store: &Store, upload: &Upload, parts: &[&UploadPart]) -> Result<Object, Refusal> {
    let etags: Vec<&str> = parts.iter().map(|part| part.etag.as_str()).collect();
    let bodies = parts.iter().map(|part| BodyRef { id: part.body.clone(), bytes: part.bytes });
    let (checksums, checksum_type) = checksums(upload, parts);
    Ok(Object {
        key: upload.key.clone(),
        etag: multipart_etag(&etags),
        bytes: parts.iter().map(|part| part.bytes).sum(),
        modified_at: store.now(),
        bodies: bodies.collect(),
        attributes: Attributes { checksums, checksum_type, ..upload.attributes.object.clone() },
    })
}

fn checksums(upload: &Upload, parts: &[&UploadPart]) -> (Checksums, Option<String>) {
    let kind = upload.attributes.checksum_type.clone();
    let Some(algorithm) = upload.attributes.checksum_algorithm.as_deref().and_then(Algorithm::from_name) else {
        return (Checksums::new(), None);
    };
    let sums: Option<Vec<(&str, u64)>> =
        parts.iter().map(|part| Some((part.checksums.get(algorithm.name())?.as_str(), part.bytes))).collect();
    let Some(sums) = sums else { return (Checksums::new(), None) };
    let sum = if kind.as_deref() == Some(ChecksumType::FULL_OBJECT) {
        full_object(algorithm, &sums)
    } else {
        composite(algorithm, &sums.iter().map(|(sum, _)| *sum).collect::<Vec<_>>())
    };
    match sum {
        Some(sum) => (Checksums::from([(algorithm.name().to_owned(), sum)]), kind),
        None => (Checksums::new(), None),
    }
}

fn check_claims(claimed: &[(Algorithm, Option<String>)], computed: &Checksums) -> Result<(), Refusal> {
    for (algorithm, claim) in claimed {
        let Some(claim) = claim else { continue };
        let kept = computed.get(algorithm.name()).map(String::as_str);
        // Clients may leave the count of parts away.
        let is_same = kept.is_some_and(|kept| kept == claim || kept.split('-').next() == Some(claim.as_str()));
        if !is_same {
            let name = algorithm.name();
            let message = format!("The {name} you specified did not match the calculated checksum.");
            return Err(Refusal::new("BadDigest", message, 400));
        }
    }
    Ok(())
}
