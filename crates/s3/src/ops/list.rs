//! Listings of objects.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use opentrail_catalog::object::{Entry, Listing, Object as Stored, Page};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::bucket::owner;
use crate::Refusal;
use crate::digest::Algorithm;
use crate::store::{Context, Store, wire_time};

/// Most keys in one answer.
const KEYS_MAX: i32 = 1000;
/// What `encoding-type=url` leaves as it is.
const UNENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/');

/// How names are written: as they are, or percent-encoded because XML can't carry all of them.
#[derive(Clone, Copy)]
pub(super) struct Encoding(bool);

impl Encoding {
    pub(super) fn of(wish: Option<&EncodingType>) -> Result<Self, Refusal> {
        match wish.map(EncodingType::as_str) {
            None | Some("") => Ok(Self(false)),
            Some(EncodingType::URL) => Ok(Self(true)),
            Some(_) => Err(Refusal::invalid_argument("Invalid Encoding Method specified in Request")),
        }
    }

    pub(super) fn name(self, name: &str) -> String {
        if self.0 { utf8_percent_encode(name, UNENCODED).to_string() } else { name.to_owned() }
    }

    pub(super) fn optional(self, name: Option<&str>) -> Option<String> {
        name.filter(|name| !name.is_empty()).map(|name| self.name(name))
    }

    pub(super) fn echo(self) -> Option<EncodingType> {
        self.0.then(|| EncodingType::from_static(EncodingType::URL))
    }
}

pub(super) fn count_max(wish: Option<i32>, name: &str) -> Result<i32, Refusal> {
    match wish {
        None => Ok(KEYS_MAX),
        Some(count) if count < 0 => {
            Err(Refusal::invalid_argument(format!("Argument {name} must be an integer between 0 and 2147483647")))
        }
        Some(count) => Ok(count.min(KEYS_MAX)),
    }
}

pub(super) fn as_count(count: i32) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// A page split into S3's two lists.
struct Split {
    contents: Vec<Stored>,
    prefixes: Vec<CommonPrefix>,
    count: usize,
    last: Option<String>,
    is_truncated: bool,
}

fn split(page: Page, encoding: Encoding) -> Split {
    let (count, last) = (page.entries.len(), page.entries.last().map(|entry| entry.name().to_owned()));
    let (mut contents, mut prefixes) = (Vec::new(), Vec::new());
    for entry in page.entries {
        match entry {
            Entry::Object(object) => contents.push(*object),
            Entry::Prefix(prefix) => prefixes.push(CommonPrefix { prefix: Some(encoding.name(&prefix)) }),
        }
    }
    Split { contents, prefixes, count, last, is_truncated: page.is_truncated }
}

fn listed(object: Stored, encoding: Encoding, account: Option<&str>) -> Object {
    Object {
        checksum_algorithm: algorithms(&object),
        checksum_type: object.attributes.checksum_type.clone().map(ChecksumType::from),
        e_tag: Some(ETag::Strong(object.etag)),
        key: Some(encoding.name(&object.key)),
        last_modified: Some(wire_time(object.modified_at.floor_to_second())),
        owner: account.map(owner),
        restore_status: None,
        size: i64::try_from(object.bytes).ok(),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
    }
}

fn algorithms(object: &Stored) -> Option<ChecksumAlgorithmList> {
    let names = Algorithm::ALL.into_iter().map(Algorithm::name);
    let kept = names.filter(|name| object.attributes.checksums.contains_key(*name));
    let list: ChecksumAlgorithmList = kept.map(ChecksumAlgorithm::from_static).collect();
    (!list.is_empty()).then_some(list)
}

pub(super) async fn list_objects(
    store: &Store,
    context: &Context,
    request: S3Request<ListObjectsInput>,
) -> Result<S3Response<ListObjectsOutput>, Refusal> {
    let (bucket, input) = (context.bucket()?, request.input);
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_keys = count_max(input.max_keys, "maxKeys")?;
    let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let listing = Listing {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        after: input.marker.as_deref().filter(|marker| !marker.is_empty()),
        delimiter,
        count_max: as_count(max_keys),
    };
    let page = split(store.catalog.list_objects(bucket.id, listing).await?, encoding);
    // Without a delimiter the last key itself is the next marker, and S3 leaves it out.
    let next_marker = page.last.filter(|_| page.is_truncated && delimiter.is_some());
    Ok(S3Response::new(ListObjectsOutput {
        name: Some(bucket.name.clone()),
        prefix: Some(encoding.name(listing.prefix)),
        marker: Some(encoding.name(input.marker.as_deref().unwrap_or_default())),
        max_keys: Some(max_keys),
        is_truncated: Some(page.is_truncated),
        contents: Some(page.contents.into_iter().map(|it| listed(it, encoding, Some(&bucket.account))).collect()),
        common_prefixes: Some(page.prefixes),
        delimiter: encoding.optional(delimiter),
        next_marker: encoding.optional(next_marker.as_deref()),
        encoding_type: encoding.echo(),
        request_charged: None,
    }))
}

pub(super) async fn list_objects_v2(
    store: &Store,
    context: &Context,
    request: S3Request<ListObjectsV2Input>,
) -> Result<S3Response<ListObjectsV2Output>, Refusal> {
    let (bucket, input) = (context.bucket()?, request.input);
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_keys = count_max(input.max_keys, "max-keys")?;
    let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let resumed = input.continuation_token.as_deref().map(from_token).transpose()?;
    let start_after = input.start_after.as_deref().filter(|name| !name.is_empty());
    let listing = Listing {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        after: resumed.as_deref().or(start_after),
        delimiter,
        count_max: as_count(max_keys),
    };
    let page = split(store.catalog.list_objects(bucket.id, listing).await?, encoding);
    let account = input.fetch_owner.unwrap_or(false).then_some(bucket.account.as_str());
    Ok(S3Response::new(ListObjectsV2Output {
        name: Some(bucket.name.clone()),
        prefix: Some(encoding.name(listing.prefix)),
        max_keys: Some(max_keys),
        key_count: i32::try_from(page.count).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.is_truncated),
        next_continuation_token: page.last.filter(|_| page.is_truncated).map(|last| to_token(&last)),
        contents: Some(page.contents.into_iter().map(|it| listed(it, encoding, account)).collect()),
        common_prefixes: Some(page.prefixes),
        delimiter: encoding.optional(delimiter),
        encoding_type: encoding.echo(),
        start_after: encoding.optional(start_after),
        request_charged: None,
    }))
}

fn to_token(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(name)
}

fn from_token(token: &str) -> Result<String, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| !bytes.is_empty());
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Refusal::invalid_argument("The continuation token provided is incorrect"))
}

/// Without versioning each object has one version, `null`.
pub(super) async fn list_object_versions(
    store: &Store,
    context: &Context,
    request: S3Request<ListObjectVersionsInput>,
) -> Result<S3Response<ListObjectVersionsOutput>, Refusal> {
    let (bucket, input) = (context.bucket()?, request.input);
    let encoding = Encoding::of(input.encoding_type.as_ref())?;
    let max_keys = count_max(input.max_keys, "max-keys")?;
    let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let listing = Listing {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        after: input.key_marker.as_deref().filter(|marker| !marker.is_empty()),
        delimiter,
        count_max: as_count(max_keys),
    };
    let page = split(store.catalog.list_objects(bucket.id, listing).await?, encoding);
    let next = page.last.filter(|_| page.is_truncated);
    Ok(S3Response::new(ListObjectVersionsOutput {
        common_prefixes: Some(page.prefixes),
        delimiter: encoding.optional(delimiter),
        encoding_type: encoding.echo(),
        is_truncated: Some(page.is_truncated),
        key_marker: Some(encoding.name(input.key_marker.as_deref().unwrap_or_default())),
        max_keys: Some(max_keys),
        name: Some(bucket.name.clone()),
        next_version_id_marker: next.is_some().then(|| "null".to_owned()),
        next_key_marker: encoding.optional(next.as_deref()),
        prefix: Some(encoding.name(listing.prefix)),
        version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
        versions: Some(page.contents.into_iter().map(|it| version(it, encoding, &bucket.account)).collect()),
        ..ListObjectVersionsOutput::default()
    }))
}

fn version(object: Stored, encoding: Encoding, account: &str) -> ObjectVersion {
    let object = listed(object, encoding, Some(account));
    ObjectVersion {
        checksum_algorithm: object.checksum_algorithm,
        checksum_type: object.checksum_type,
        e_tag: object.e_tag,
        is_latest: Some(true),
        key: object.key,
        last_modified: object.last_modified,
        owner: object.owner,
        restore_status: None,
        size: object.size,
        storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
        version_id: Some("null".to_owned()),
    }
}
