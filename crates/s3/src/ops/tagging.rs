//! Tags of objects.

use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::get::{check_version, found};
use super::put::OBJECT_TAGS_MAX;
use crate::Refusal;
use crate::kept::check_tags;
use crate::store::{Context, Store};

pub(super) async fn get_object_tagging(
    store: &Store,
    context: &Context,
    request: S3Request<GetObjectTaggingInput>,
) -> Result<S3Response<GetObjectTaggingOutput>, Refusal> {
    check_version(request.input.version_id.as_deref())?;
    let object = found(store, context, &request.input.key).await?;
    let tags = object.attributes.tags.into_iter().map(|(key, value)| Tag { key: Some(key), value: Some(value) });
    Ok(S3Response::new(GetObjectTaggingOutput { tag_set: tags.collect(), version_id: None }))
}

pub(super) async fn put_object_tagging(
    store: &Store,
    context: &Context,
    request: S3Request<PutObjectTaggingInput>,
) -> Result<S3Response<PutObjectTaggingOutput>, Refusal> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    let tags: Vec<(String, String)> = input
        .tagging
        .tag_set
        .into_iter()
        .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
        .collect();
    check_tags(&tags, OBJECT_TAGS_MAX)?;
    set_tags(store, context, &input.key, tags).await?;
    Ok(S3Response::new(PutObjectTaggingOutput::default()))
}

pub(super) async fn delete_object_tagging(
    store: &Store,
    context: &Context,
    request: S3Request<DeleteObjectTaggingInput>,
) -> Result<S3Response<DeleteObjectTaggingOutput>, Refusal> {
    check_version(request.input.version_id.as_deref())?;
    set_tags(store, context, &request.input.key, Vec::new()).await?;
    Ok(S3Response::new(DeleteObjectTaggingOutput::default()))
}

async fn set_tags(store: &Store, context: &Context, key: &str, tags: Vec<(String, String)>) -> Result<(), Refusal> {
    let bucket = context.bucket()?;
    let mut tx = store.begin(bucket).await?;
    let mut object = tx.object(bucket.id, key).await?.ok_or_else(Refusal::no_such_key)?;
    object.attributes.tags = tags;
    tx.put_object(bucket.id, &object).await?;
    // Commit point: the tags are changed. A crash before leaves the old ones.
    Ok(tx.commit().await?)
}
