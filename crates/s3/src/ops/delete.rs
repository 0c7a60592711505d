//! Deleting objects.

use opentrail_catalog::Bucket;
use opentrail_catalog::object::Object;
use s3s::dto::*;
use s3s::{S3Request, S3Response};

use super::get::check_version;
use crate::Refusal;
use crate::authorize::object_arn;
use crate::store::{Context, Deletion, Store};

/// Most keys of one DeleteObjects.
const KEYS_MAX: usize = 1000;

pub(super) async fn delete_object(
    store: &Store,
    context: &Context,
    request: S3Request<DeleteObjectInput>,
) -> Result<S3Response<DeleteObjectOutput>, Refusal> {
    let input = request.input;
    check_version(input.version_id.as_deref())?;
    let matches = |object: Option<&Object>| match (&input.if_match, object) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Refusal::no_such_key()),
        (Some(wish), Some(object)) if wish.as_etag().is_none_or(|etag| etag.value() == object.etag) => Ok(()),
        (Some(_), Some(_)) => Err(Refusal::precondition_failed()),
    };
    delete(store, context.bucket()?, &[(input.key.as_str(), &matches)]).await.remove(0)?;
    Ok(S3Response::new(DeleteObjectOutput { version_id: input.version_id, ..DeleteObjectOutput::default() }))
}

/// Says whether the object that is there may go.
type Condition<'a> = &'a (dyn Fn(Option<&Object>) -> Result<(), Refusal> + Sync);

/// Deletes keys in one transaction and answers for each. A key that isn't there is deleted already.
async fn delete(store: &Store, bucket: &Bucket, keys: &[(&str, Condition<'_>)]) -> Vec<Result<(), Refusal>> {
    match try_delete(store, bucket, keys).await {
        Ok((results, unused)) => {
            store.bodies.remove(unused).await;
            results
        }
        Err(refusal) => keys.iter().map(|_| Err(refusal.clone())).collect(),
    }
}

async fn try_delete(
    store: &Store,
    bucket: &Bucket,
    keys: &[(&str, Condition<'_>)],
) -> Result<(Vec<Result<(), Refusal>>, Vec<String>), Refusal> {
    let mut tx = store.begin(bucket).await?;
    let (mut results, mut unused) = (Vec::new(), Vec::new());
    for (key, condition) in keys {
        let old = tx.object(bucket.id, key).await?;
        if let Err(refusal) = condition(old.as_ref()) {
            results.push(Err(refusal));
            continue;
        }
        if let Some(old) = old {
            tx.delete_object(bucket.id, key).await?;
            for body in old.bodies {
                tx.drop_body(&body.id).await?;
                unused.push(body.id);
            }
        }
        results.push(Ok(()));
    }
    // Commit point: the objects are gone. A crash after leaves their files, which the next start collects.
    tx.commit().await?;
    Ok((results, unused))
}

pub(super) async fn delete_objects(
    store: &Store,
    context: &Context,
    request: S3Request<DeleteObjectsInput>,
) -> Result<S3Response<DeleteObjectsOutput>, Refusal> {
    let bucket = context.bucket()?;
    let wish = request.input.delete;
    if wish.objects.is_empty() || wish.objects.len() > KEYS_MAX {
        return Err(Refusal::malformed_xml());
    }
    let matching = |identifier: ObjectIdentifier| {
        move |object: Option<&Object>| {
            check_version(identifier.version_id.as_deref())?;
            match (&identifier.e_tag, object) {
                (Some(etag), Some(object)) if etag.value() != object.etag && etag.value() != "*" => {
                    Err(Refusal::precondition_failed())
                }
                _ => Ok(()),
            }
        }
    };
    let conditions: Vec<_> = wish
        .objects
        .iter()
        .map(|identifier| {
            let allowed = context.check(bucket, "s3:DeleteObject", &object_arn(&bucket.name, &identifier.key));
            let matches = matching(identifier.clone());
            move |object: Option<&Object>| allowed.clone().and_then(|()| matches(object))
        })
        .collect();
    let keys: Vec<(&str, Condition<'_>)> = wish
        .objects
        .iter()
        .zip(&conditions)
        .map(|(identifier, condition)| (identifier.key.as_str(), condition as Condition<'_>))
        .collect();
    let results = delete(store, bucket, &keys).await;
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for (identifier, result) in wish.objects.iter().zip(results) {
        let refusal = result.err();
        context.facts.lock().deletions.push(Deletion { key: identifier.key.clone(), refusal: refusal.clone() });
        let (key, version_id) = (Some(identifier.key.clone()), identifier.version_id.clone());
        match refusal {
            Some(refusal) => errors.push(Error {
                code: Some(refusal.code.into_owned()),
                key,
                message: Some(refusal.message.into_owned()),
                version_id,
            }),
            None if wish.quiet == Some(true) => {}
            None => deleted.push(DeletedObject { key, version_id, ..DeletedObject::default() }),
        }
    }
    Ok(S3Response::new(DeleteObjectsOutput { deleted: Some(deleted), errors: Some(errors), request_charged: None }))
}
