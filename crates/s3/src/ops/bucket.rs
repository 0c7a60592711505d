//! Buckets: make, find, remove, list.

use opentrail_catalog::Bucket;
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use crate::kept::bucket_owner_enforced;
use crate::store::{Context, Store, canonical_id, wire_time};
use crate::{Refusal, xml};

/// The Region whose buckets have no location.
const FIRST_REGION: &str = "us-east-1";
/// Most buckets in one answer.
const BUCKETS_MAX: usize = 10_000;

pub(super) async fn list_buckets(
    store: &Store,
    context: &Context,
    request: S3Request<ListBucketsInput>,
) -> Result<S3Response<ListBucketsOutput>, Refusal> {
    let account = context.caller.account().ok_or_else(Refusal::access_denied)?;
    let input = request.input;
    let count_max = input.max_buckets.and_then(|count| usize::try_from(count).ok()).unwrap_or(BUCKETS_MAX);
    if !(1..=BUCKETS_MAX).contains(&count_max) {
        return Err(Refusal::invalid_argument("Argument max-buckets must be an integer between 1 and 10000"));
    }
    let prefix = input.prefix.clone().unwrap_or_default();
    let after = input.continuation_token.unwrap_or_default();
    let mut buckets = store.catalog.buckets_of_account(account).await?;
    buckets.retain(|bucket| {
        let in_region = input.bucket_region.as_ref().is_none_or(|region| *region == bucket.region);
        in_region && bucket.name.starts_with(&prefix) && bucket.name > after
    });
    let is_cut = buckets.len() > count_max;
    buckets.truncate(count_max);
    let last = buckets.last().map(|bucket| bucket.name.clone());
    Ok(S3Response::new(ListBucketsOutput {
        buckets: Some(buckets.into_iter().map(listed).collect()),
        continuation_token: last.filter(|_| is_cut),
        owner: Some(owner(account)),
        prefix: input.prefix,
    }))
}

fn listed(bucket: Bucket) -> s3s::dto::Bucket {
    s3s::dto::Bucket {
        bucket_region: Some(bucket.region),
        creation_date: Some(wire_time(bucket.created_at.floor_to_second())),
        name: Some(bucket.name),
    }
}

/// An account as the owner of something.
pub(super) fn owner(account: &str) -> Owner {
    Owner { display_name: None, id: Some(canonical_id(account)) }
}

pub(super) async fn create_bucket(
    store: &Store,
    context: &Context,
    request: S3Request<CreateBucketInput>,
) -> Result<S3Response<CreateBucketOutput>, Refusal> {
    let account = context.caller.account().ok_or_else(Refusal::access_denied)?;
    let input = request.input;
    check_wishes(&input)?;
    let region = region(&context.caller.region, input.create_bucket_configuration.as_ref())?;
    let bucket = Bucket {
        id: 0,
        name: input.bucket.clone(),
        account: account.to_owned(),
        region,
        created_at: store.now(),
        policy: None,
    };
    let mut tx = store.catalog.begin().await?;
    if let Some(taken) = tx.bucket(&input.bucket).await? {
        return existing(&taken, &bucket);
    }
    let id = tx.insert_bucket(&bucket).await?;
    let ownership = match &input.object_ownership {
        Some(wish) => xml::document(
            "OwnershipControls",
            &format!("<Rule><ObjectOwnership>{}</ObjectOwnership></Rule>", xml::escaped(wish.as_str())),
        ),
        None => bucket_owner_enforced(),
    };
    tx.set_bucket_setting(id, "ownershipControls", Some(&ownership)).await?;
    // Commit point: the bucket is there. A crash before leaves nothing.
    tx.commit().await?;
    Ok(created(&input.bucket))
}

fn created(name: &str) -> S3Response<CreateBucketOutput> {
    S3Response::new(CreateBucketOutput { location: Some(format!("/{name}")) })
}

fn check_wishes(input: &CreateBucketInput) -> Result<(), Refusal> {
    if input.object_lock_enabled_for_bucket == Some(true) {
        return Err(Refusal::not_implemented("OpenTrail doesn't lock objects."));
    }
    let is_private = input.acl.as_ref().is_none_or(|acl| acl.as_str() == BucketCannedACL::PRIVATE);
    let grants = [
        &input.grant_full_control,
        &input.grant_read,
        &input.grant_read_acp,
        &input.grant_write,
        &input.grant_write_acp,
    ];
    if !is_private || grants.iter().any(|grant| grant.is_some()) {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        return Err(Refusal::new("InvalidBucketAclWithObjectOwnership", message, 400));
    }
    Ok(())
}

fn region(called: &str, wish: Option<&CreateBucketConfiguration>) -> Result<String, Refusal> {
    let constraint = wish.and_then(|wish| wish.location_constraint.as_ref()).map(|wish| wish.as_str());
    let unspecified = |constraint: &str| {
        let message = format!(
            "The {constraint} location constraint is incompatible for the region specific endpoint this request was \
             sent to."
        );
        Refusal::new("IllegalLocationConstraintException", message, 400)
    };
    match constraint.filter(|constraint| !constraint.is_empty()) {
        None if called == FIRST_REGION => Ok(called.to_owned()),
        None => Err(unspecified("unspecified")),
        Some(FIRST_REGION) => {
            Err(Refusal::new("InvalidLocationConstraint", "The specified location-constraint is not valid", 400))
        }
        Some("EU") => Ok("eu-west-1".to_owned()),
        Some(constraint) if constraint.parse::<opentrail_model::Region>().is_err() => {
            Err(Refusal::new("InvalidLocationConstraint", "The specified location-constraint is not valid", 400))
        }
        Some(constraint) if called == FIRST_REGION || called == constraint => Ok(constraint.to_owned()),
        Some(constraint) => Err(unspecified(constraint)),
    }
}

/// Making one's own bucket again is fine in us-east-1 only; elsewhere, and for foreign buckets, it is an error.
fn existing(taken: &Bucket, wanted: &Bucket) -> Result<S3Response<CreateBucketOutput>, Refusal> {
    if taken.account != wanted.account {
        let message = "The requested bucket name is not available. The bucket namespace is shared by all users of \
                       the system. Please select a different name and try again.";
        return Err(Refusal::new("BucketAlreadyExists", message, 409));
    }
    if taken.region == FIRST_REGION && wanted.region == FIRST_REGION {
        return Ok(created(&taken.name));
    }
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    Err(Refusal::new("BucketAlreadyOwnedByYou", message, 409))
}

pub(super) async fn head_bucket(
    _store: &Store,
    context: &Context,
    _request: S3Request<HeadBucketInput>,
) -> Result<S3Response<HeadBucketOutput>, Refusal> {
    let bucket = context.bucket()?;
    Ok(S3Response::new(HeadBucketOutput {
        bucket_region: Some(bucket.region.clone()),
        access_point_alias: Some(false),
        ..HeadBucketOutput::default()
    }))
}

pub(super) async fn delete_bucket(
    store: &Store,
    context: &Context,
    _request: S3Request<DeleteBucketInput>,
) -> Result<S3Response<DeleteBucketOutput>, Refusal> {
    let bucket = context.bucket()?;
    let mut tx = store.begin(bucket).await?;
    if tx.bucket_has_objects(bucket.id).await? {
        return Err(Refusal::new("BucketNotEmpty", "The bucket you tried to delete is not empty", 409));
    }
    let mut unused = Vec::new();
    for upload in tx.uploads_of_bucket(bucket.id).await? {
        for part in tx.upload_parts(&upload).await? {
            tx.drop_body(&part.body).await?;
            unused.push(part.body);
        }
        tx.delete_upload(&upload).await?;
    }
    tx.delete_bucket(bucket.id).await?;
    // Commit point: the bucket and its unfinished uploads are gone. A crash after leaves the parts' files, which the
    // next start collects.
    tx.commit().await?;
    store.bodies.remove(unused).await;
    Ok(S3Response::new(DeleteBucketOutput::default()))
}

pub(super) async fn get_bucket_location(
    _store: &Store,
    context: &Context,
    _request: S3Request<GetBucketLocationInput>,
) -> Result<S3Response<GetBucketLocationOutput>, Refusal> {
    let region = &context.bucket()?.region;
    let constraint = (region != FIRST_REGION).then(|| BucketLocationConstraint::from(region.clone()));
    Ok(S3Response::new(GetBucketLocationOutput { location_constraint: constraint }))
}
