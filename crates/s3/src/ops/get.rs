//! Reading objects.

use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use opentrail_catalog::object::{BodyRef, Object};
use opentrail_stdx::Timestamp as Instant;
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::bucket::owner;
use crate::authorize::bucket_arn;
use crate::digest::Algorithm;
use crate::store::{Context, Store, wire_time};
use crate::{Authentication, Refusal};

/// Query keys that set headers of the answer.
const OVERRIDES: [(&str, HeaderName); 6] = [
    ("response-content-type", header::CONTENT_TYPE),
    ("response-content-language", header::CONTENT_LANGUAGE),
    ("response-expires", header::EXPIRES),
    ("response-cache-control", header::CACHE_CONTROL),
    ("response-content-disposition", header::CONTENT_DISPOSITION),
    ("response-content-encoding", header::CONTENT_ENCODING),
];
/// How often a read begins again because the object was replaced under its hands.
const READ_TRIES: usize = 5;

/// The only version there is without versioning is `null`.
pub(super) fn check_version(version: Option<&str>) -> Result<(), Refusal> {
    match version {
        None | Some("null") => Ok(()),
        Some(_) => Err(Refusal::invalid_argument("Invalid version id specified")),
    }
}

/// The object with this key. Who may not list the bucket isn't told that there is none.
pub(super) async fn found(store: &Store, context: &Context, key: &str) -> Result<Object, Refusal> {
    let bucket = context.bucket()?;
    match store.catalog.object(bucket.id, key).await? {
        Some(object) => Ok(object),
        None => {
            context.check(bucket, "s3:ListBucket", &bucket_arn(&bucket.name))?;
            Err(Refusal::no_such_key())
        }
    }
}

/// The conditions of a read.
pub(super) struct Conditions<'a> {
    pub(super) if_match: Option<&'a ETagCondition>,
    pub(super) if_none_match: Option<&'a ETagCondition>,
    pub(super) if_modified_since: Option<&'a Timestamp>,
    pub(super) if_unmodified_since: Option<&'a Timestamp>,
}

/// What the conditions of a read come to.
pub(super) enum Verdict {
    Go,
    NotModified,
    Failed,
}

impl Conditions<'_> {
    /// RFC 9110 §13.2.2: entity tags first, dates only where there are none.
    pub(super) fn judge(&self, etag: &str, modified_at: Instant) -> Verdict {
        let modified = wire_time(modified_at.floor_to_second());
        let matched = |condition: &ETagCondition| condition.as_etag().is_none_or(|wish| wish.value() == etag);
        match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) if !matched(condition) => return Verdict::Failed,
            (None, Some(since)) if modified > *since => return Verdict::Failed,
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) if matched(condition) => Verdict::NotModified,
            (None, Some(since)) if modified <= *since => Verdict::NotModified,
            _ => Verdict::Go,
        }
    }
}

fn judge(conditions: &Conditions<'_>, object: &Object) -> Result<(), Refusal> {
    match conditions.judge(&object.etag, object.modified_at) {
        Verdict::Go => Ok(()),
        Verdict::Failed => Err(Refusal::precondition_failed()),
        Verdict::NotModified => Err(Refusal::new("NotModified", "Not Modified", 304)),
    }
}

/// The part of an object that is asked for.
struct Extent {
    offset: u64,
    bytes: u64,
    is_partial: bool,
    parts_count: Option<i32>,
}

fn extent(object: &Object, range: Option<&Range>, part_number: Option<i32>) -> Result<Extent, Refusal> {
    if let Some(number) = part_number {
        if range.is_some() {
            return Err(Refusal::invalid_request("Cannot specify both Range header and partNumber query parameter"));
        }
        return part(&object.bodies, object, number);
    }
    let Some(range) = range else {
        return Ok(Extent { offset: 0, bytes: object.bytes, is_partial: false, parts_count: None });
    };
    let range = range
        .check(object.bytes)
        .map_err(|_| Refusal::new("InvalidRange", "The requested range is not satisfiable", 416))?;
    Ok(Extent { offset: range.start, bytes: range.end - range.start, is_partial: true, parts_count: None })
}

fn part(bodies: &[BodyRef], object: &Object, number: i32) -> Result<Extent, Refusal> {
    let is_multipart = object.etag.contains('-');
    let count = if is_multipart { bodies.len() } else { 1 };
    let index = usize::try_from(number).unwrap_or(0);
    if index == 0 || index > count {
        return Err(Refusal::new("InvalidPartNumber", "The requested partnumber is not satisfiable", 416));
    }
    let offset = bodies.iter().take(index - 1).map(|body| body.bytes).sum();
    let bytes = if is_multipart { bodies[index - 1].bytes } else { object.bytes };
    let parts_count = if is_multipart { i32::try_from(count).ok() } else { None };
    Ok(Extent { offset, bytes, is_partial: true, parts_count })
}

impl Extent {
    fn content_range(&self, whole: u64) -> Option<String> {
        let last = (self.offset + self.bytes).saturating_sub(1);
        (self.is_partial && whole > 0).then(|| format!("bytes {}-{last}/{whole}", self.offset))
    }

    fn status(&self) -> Option<StatusCode> {
        self.is_partial.then_some(StatusCode::PARTIAL_CONTENT)
    }
}

/// The headers that an object carries, as far as they are text; those that the caller overrides last.
fn headers(context: &Context, object: &Object) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::new();
    for (name, value) in &object.attributes.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Refusal::internal())?;
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| Refusal::internal())?);
    }
    headers.insert("x-amz-server-side-encryption", HeaderValue::from_static("AES256"));
    if !object.attributes.tags.is_empty() {
        headers.insert("x-amz-tagging-count", HeaderValue::from(object.attributes.tags.len()));
    }
    for (query, name) in OVERRIDES {
        let Some(value) = context.query.get(query) else { continue };
        if context.caller.authentication == Authentication::Anonymous {
            let message = "Request specific response headers cannot be used for anonymous GET requests.";
            return Err(Refusal::invalid_request(message));
        }
        let value = HeaderValue::from_str(value);
        headers.insert(name, value.map_err(|_| Refusal::invalid_argument("Header value cannot be represented"))?);
    }
    Ok(headers)
}

/// An object's checksums in s3s's form, if they are wanted.
pub(super) fn checksum(object: &Object, is_wanted: bool) -> Checksum {
    if !is_wanted {
        return Checksum::default();
    }
    let sum = |algorithm: Algorithm| object.attributes.checksums.get(algorithm.name()).cloned();
    Checksum {
        checksum_crc32: sum(Algorithm::Crc32),
        checksum_crc32c: sum(Algorithm::Crc32c),
        checksum_crc64nvme: sum(Algorithm::Crc64Nvme),
        checksum_sha1: sum(Algorithm::Sha1),
        checksum_sha256: sum(Algorithm::Sha256),
        checksum_type: object.attributes.checksum_type.clone().map(ChecksumType::from),
    }
}

fn metadata(object: &Object) -> Option<Metadata> {
    let metadata = &object.attributes.metadata;
    (!metadata.is_empty()).then(|| metadata.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub(super) async fn get_object(
    store: &Store,
    context: &Context,
    request: S3Request<GetObjectInput>,
) -> Result<S3Response<GetObjectOutput>, Refusal> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    let mut tries = 0;
    let (object, extent, body) = loop {
        let object = found(store, context, &input.key).await?;
        let conditions = Conditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        };
        judge(&conditions, &object)?;
        let extent = extent(&object, input.range.as_ref(), input.part_number)?;
        match store.bodies.read(object.bodies.clone(), extent.offset, extent.bytes).await {
            Ok(body) => break (object, extent, body),
            // The object was replaced or deleted after we read its row: look again.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && tries < READ_TRIES => tries += 1,
            Err(error) => return Err(error.into()),
        }
    };
    context.facts.lock().object_bytes = Some(object.bytes);
    let wants_checksum = input.checksum_mode.is_some() && !extent.is_partial;
    let sums = checksum(&object, wants_checksum);
    let mut response = S3Response::with_headers(
        GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            body: Some(body),
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            checksum_type: sums.checksum_type,
            content_length: i64::try_from(extent.bytes).ok(),
            content_range: extent.content_range(object.bytes),
            e_tag: Some(ETag::Strong(object.etag.clone())),
            last_modified: Some(wire_time(object.modified_at)),
            metadata: metadata(&object),
            parts_count: extent.parts_count,
            ..GetObjectOutput::default()
        },
        headers(context, &object)?,
    );
    response.status = extent.status();
    Ok(response)
}

pub(super) async fn head_object(
    store: &Store,
    context: &Context,
    request: S3Request<HeadObjectInput>,
) -> Result<S3Response<HeadObjectOutput>, Refusal> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    let object = found(store, context, &input.key).await?;
    let conditions = Conditions {
        if_match: input.if_match.as_ref(),
        if_none_match: input.if_none_match.as_ref(),
        if_modified_since: input.if_modified_since.as_ref(),
        if_unmodified_since: input.if_unmodified_since.as_ref(),
    };
    judge(&conditions, &object)?;
    let extent = extent(&object, input.range.as_ref(), input.part_number)?;
    context.facts.lock().object_bytes = Some(object.bytes);
    let sums = checksum(&object, input.checksum_mode.is_some() && !extent.is_partial);
    let mut response = S3Response::with_headers(
        HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            checksum_type: sums.checksum_type,
            content_length: i64::try_from(extent.bytes).ok(),
            content_range: extent.content_range(object.bytes),
            e_tag: Some(ETag::Strong(object.etag.clone())),
            last_modified: Some(wire_time(object.modified_at)),
            metadata: metadata(&object),
            parts_count: extent.parts_count,
            ..HeadObjectOutput::default()
        },
        headers(context, &object)?,
    );
    response.status = extent.status();
    Ok(response)
}

pub(super) async fn get_object_attributes(
    store: &Store,
    context: &Context,
    request: S3Request<GetObjectAttributesInput>,
) -> Result<S3Response<GetObjectAttributesOutput>, Refusal> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    let object = found(store, context, &input.key).await?;
    // Clients send one header with a list in it.
    let asked: Vec<String> =
        input.object_attributes.iter().flat_map(|it| it.as_str().split(',')).map(|it| it.trim().to_owned()).collect();
    let wants = |name: &str| asked.iter().any(|it| it == name);
    let sums = checksum(&object, true);
    let parts = object.etag.contains('-').then(|| GetObjectAttributesParts {
        total_parts_count: i32::try_from(object.bodies.len()).ok(),
        ..GetObjectAttributesParts::default()
    });
    Ok(S3Response::new(GetObjectAttributesOutput {
        checksum: wants(ObjectAttributes::CHECKSUM).then_some(sums),
        e_tag: wants(ObjectAttributes::ETAG).then(|| ETag::Strong(object.etag.clone())),
        last_modified: Some(wire_time(object.modified_at)),
        object_parts: parts.filter(|_| wants(ObjectAttributes::OBJECT_PARTS)),
        object_size: wants(ObjectAttributes::OBJECT_SIZE).then(|| i64::try_from(object.bytes).unwrap_or(i64::MAX)),
        storage_class: wants(ObjectAttributes::STORAGE_CLASS)
            .then(|| StorageClass::from_static(StorageClass::STANDARD)),
        ..GetObjectAttributesOutput::default()
    }))
}

pub(super) async fn get_object_acl(
    store: &Store,
    context: &Context,
    request: S3Request<GetObjectAclInput>,
) -> Result<S3Response<GetObjectAclOutput>, Refusal> {
    check_version(request.input.version_id.as_deref())?;
    found(store, context, &request.input.key).await?;
    let owner = owner(&context.bucket()?.account);
    let grantee = Grantee {
        display_name: None,
        email_address: None,
        id: owner.id.clone(),
        type_: Type::from_static(Type::CANONICAL_USER),
        uri: None,
    };
    let grant = Grant { grantee: Some(grantee), permission: Some(Permission::from_static(Permission::FULL_CONTROL)) };
    Ok(S3Response::new(GetObjectAclOutput { grants: Some(vec![grant]), owner: Some(owner), request_charged: None }))
}
