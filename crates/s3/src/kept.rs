//! Documents that are kept with a bucket: put, given back, taken away.
//!
//! Each is checked against its schema, kept as it was sent, and given back so. What S3 answers where nothing was put
//! is in the table. A document that would promise what OpenTrail doesn't do yet (versions, replication, object locks,
//! notifications, KMS) is refused in plain words.

use std::collections::HashSet;

use bytes::Bytes;
use http::{Response, StatusCode, header};
use opentrail_model::Policy;
use s3s::Body;
use s3s::dto;
use s3s::xml::{Deserialize, Deserializer};

use crate::Refusal;
use crate::store::{Context, Store, canonical_id};
use crate::xml::{document, escaped, to_json};

/// Largest bucket policy.
const POLICY_BYTES_MAX: usize = 20 * 1024;
/// Most tags of a bucket.
const TAGS_MAX: usize = 50;

/// What S3 answers where nothing was put.
enum Absent {
    Refuse(&'static str, &'static str),
    Give(&'static str, &'static str),
}

struct Document {
    /// The query key, also its name in the catalog.
    name: &'static str,
    check: fn(&[u8]) -> Result<(), Refusal>,
    absent: Absent,
    put_status: StatusCode,
}

const fn kept(name: &'static str, check: fn(&[u8]) -> Result<(), Refusal>, absent: Absent) -> Document {
    Document { name, check, absent, put_status: StatusCode::OK }
}

const DOCUMENTS: &[Document] = &[
    kept(
        "cors",
        schema::<dto::CORSConfiguration>,
        Absent::Refuse("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    ),
    kept(
        "website",
        schema::<dto::WebsiteConfiguration>,
        Absent::Refuse("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
    ),
    kept(
        "lifecycle",
        schema::<dto::BucketLifecycleConfiguration>,
        Absent::Refuse("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    ),
    kept(
        "replication",
        replication,
        Absent::Refuse("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    ),
    kept(
        "encryption",
        encryption,
        Absent::Give(
            "ServerSideEncryptionConfiguration",
            "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
             </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
        ),
    ),
    kept(
        "object-lock",
        object_lock,
        Absent::Refuse(
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        ),
    ),
    Document {
        name: "tagging",
        check: tagging,
        absent: Absent::Refuse("NoSuchTagSet", "The TagSet does not exist"),
        put_status: StatusCode::NO_CONTENT,
    },
    kept(
        "ownershipControls",
        schema::<dto::OwnershipControls>,
        Absent::Refuse("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
    ),
    kept(
        "publicAccessBlock",
        schema::<dto::PublicAccessBlockConfiguration>,
        Absent::Refuse("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
    ),
    kept("versioning", versioning, Absent::Give("VersioningConfiguration", "")),
    kept("accelerate", schema::<dto::AccelerateConfiguration>, Absent::Give("AccelerateConfiguration", "")),
    kept(
        "requestPayment",
        schema::<dto::RequestPaymentConfiguration>,
        Absent::Give("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"),
    ),
    kept("logging", schema::<dto::BucketLoggingStatus>, Absent::Give("BucketLoggingStatus", "")),
    kept("notification", notification, Absent::Give("NotificationConfiguration", "")),
];

/// Answers a request for one of a bucket's documents; none when the request is about something else.
pub(crate) async fn answer(
    store: &Store,
    context: &Context,
    method: &http::Method,
    body: &Bytes,
) -> Option<Result<Response<Body>, Refusal>> {
    if context.target.key.is_some() || context.bucket.is_none() {
        return None;
    }
    let has = |name: &str| context.query.has(name);
    let answer = if has("policy") {
        policy(store, context, method, body).await
    } else if has("policyStatus") {
        policy_status(context)
    } else if has("acl") {
        acl(context, method)
    } else {
        let document = DOCUMENTS.iter().find(|document| has(document.name))?;
        of_document(store, context, document, method, body).await
    };
    Some(answer)
}

async fn of_document(
    store: &Store,
    context: &Context,
    document: &Document,
    method: &http::Method,
    body: &Bytes,
) -> Result<Response<Body>, Refusal> {
    let bucket = context.bucket()?;
    match *method {
        http::Method::GET => {
            let mut response = given(store.catalog.bucket_setting(bucket.id, document.name).await?, document)?;
            if document.name == "lifecycle" {
                let default = header::HeaderValue::from_static("all_storage_classes_128K");
                response.headers_mut().insert("x-amz-transition-default-minimum-object-size", default);
            }
            Ok(response)
        }
        http::Method::PUT => {
            (document.check)(body)?;
            let text = std::str::from_utf8(body).map_err(|_| Refusal::malformed_xml())?;
            let mut tx = store.begin(bucket).await?;
            tx.set_bucket_setting(bucket.id, document.name, Some(text)).await?;
            // Commit point: the document is put. A crash before leaves the old one.
            tx.commit().await?;
            Ok(empty(document.put_status))
        }
        _ => {
            let mut tx = store.begin(bucket).await?;
            tx.set_bucket_setting(bucket.id, document.name, None).await?;
            // Commit point: the document is gone. A crash before leaves it.
            tx.commit().await?;
            Ok(empty(StatusCode::NO_CONTENT))
        }
    }
}

fn given(stored: Option<String>, document: &Document) -> Result<Response<Body>, Refusal> {
    match (stored, &document.absent) {
        (Some(body), _) => Ok(xml(body)),
        (None, Absent::Give(root, content)) => Ok(xml(self::document(root, content))),
        (None, Absent::Refuse(code, message)) => Err(Refusal::new(*code, *message, 404)),
    }
}

async fn policy(
    store: &Store,
    context: &Context,
    method: &http::Method,
    body: &Bytes,
) -> Result<Response<Body>, Refusal> {
    let bucket = context.bucket()?;
    if *method == http::Method::GET {
        let policy = bucket.policy.clone().ok_or_else(no_such_policy)?;
        let mut response = Response::new(Body::from(policy));
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        return Ok(response);
    }
    let new = if *method == http::Method::PUT { Some(checked_policy(&bucket.name, body)?) } else { None };
    let mut tx = store.begin(bucket).await?;
    tx.set_bucket_policy(bucket.id, new.as_deref()).await?;
    // Commit point: the policy is changed. A crash before leaves the old one.
    tx.commit().await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn checked_policy(bucket: &str, body: &[u8]) -> Result<String, Refusal> {
    let malformed = |message: String| Refusal::new("MalformedPolicy", message, 400);
    if body.len() > POLICY_BYTES_MAX {
        return Err(malformed("Policy exceeds the maximum allowed document size.".to_owned()));
    }
    let text = std::str::from_utf8(body).ok().filter(|text| !text.trim().is_empty());
    let text =
        text.ok_or_else(|| malformed("Policies must be valid JSON and the first byte must be '{'".to_owned()))?;
    let policy = Policy::parse(text).map_err(|error| malformed(error.to_string()))?;
    policy.check_bucket("aws", bucket).map_err(|error| malformed(error.to_string()))?;
    Ok(text.to_owned())
}

fn no_such_policy() -> Refusal {
    Refusal::new("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
}

fn policy_status(context: &Context) -> Result<Response<Body>, Refusal> {
    let policy = context.bucket()?.policy.as_deref().ok_or_else(no_such_policy)?;
    Ok(xml(document("PolicyStatus", &format!("<IsPublic>{}</IsPublic>", is_public(policy)))))
}

/// Whether a statement allows everybody something, under no condition.
fn is_public(policy: &str) -> bool {
    let document: serde_json::Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = match &document["Statement"] {
        serde_json::Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let everybody = |principal: &serde_json::Value| match principal {
        serde_json::Value::String(text) => text == "*",
        serde_json::Value::Object(map) => map
            .get("AWS")
            .is_some_and(|aws| aws == "*" || aws.as_array().is_some_and(|list| list.iter().any(|one| one == "*"))),
        _ => false,
    };
    statements.iter().any(|it| it["Effect"] == "Allow" && it["Condition"].is_null() && everybody(&it["Principal"]))
}

fn acl(context: &Context, method: &http::Method) -> Result<Response<Body>, Refusal> {
    let bucket = context.bucket()?;
    if *method == http::Method::GET {
        return Ok(xml(owner_acl(&bucket.account)));
    }
    Err(acl_not_supported())
}

/// The list that lets the owner do everything, the only one there is.
fn owner_acl(account: &str) -> String {
    let id = escaped(&canonical_id(account));
    let grantee = format!(
        "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>{id}</ID></Grantee>"
    );
    document(
        "AccessControlPolicy",
        &format!(
            "<Owner><ID>{id}</ID></Owner><AccessControlList><Grant>{grantee}<Permission>FULL_CONTROL</Permission>\
             </Grant></AccessControlList>"
        ),
    )
}

/// Buckets are made with the ownership setting `BucketOwnerEnforced`, under which there are no lists.
pub(crate) fn acl_not_supported() -> Refusal {
    Refusal::new("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
}

/// The document with which a new bucket begins: its owner owns all of its objects, and there are no lists.
pub(crate) fn bucket_owner_enforced() -> String {
    document("OwnershipControls", "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>")
}

fn parsed<T: for<'xml> Deserialize<'xml>>(body: &[u8]) -> Result<T, Refusal> {
    let mut deserializer = Deserializer::new(body);
    let value = T::deserialize(&mut deserializer).map_err(|_| Refusal::malformed_xml())?;
    deserializer.expect_eof().map_err(|_| Refusal::malformed_xml())?;
    Ok(value)
}

fn schema<T: for<'xml> Deserialize<'xml>>(body: &[u8]) -> Result<(), Refusal> {
    parsed::<T>(body).map(|_| ())
}

fn versioning(body: &[u8]) -> Result<(), Refusal> {
    let wanted: dto::VersioningConfiguration = parsed(body)?;
    let enabled = wanted.status.is_some_and(|status| status.as_str() == dto::BucketVersioningStatus::ENABLED);
    if enabled {
        return Err(Refusal::not_implemented("OpenTrail keeps no versions of objects; leave versioning off."));
    }
    Ok(())
}

fn replication(body: &[u8]) -> Result<(), Refusal> {
    schema::<dto::ReplicationConfiguration>(body)?;
    Err(Refusal::not_implemented("OpenTrail doesn't replicate buckets."))
}

fn object_lock(body: &[u8]) -> Result<(), Refusal> {
    schema::<dto::ObjectLockConfiguration>(body)?;
    Err(Refusal::not_implemented("OpenTrail doesn't lock objects."))
}

fn notification(body: &[u8]) -> Result<(), Refusal> {
    let wanted: dto::NotificationConfiguration = parsed(body)?;
    if wanted != dto::NotificationConfiguration::default() {
        return Err(Refusal::not_implemented("OpenTrail sends no notifications of its buckets."));
    }
    Ok(())
}

fn encryption(body: &[u8]) -> Result<(), Refusal> {
    let wanted: dto::ServerSideEncryptionConfiguration = parsed(body)?;
    let defaults = wanted.rules.iter().filter_map(|rule| rule.apply_server_side_encryption_by_default.as_ref());
    if defaults.into_iter().any(|default| default.sse_algorithm.as_str() != dto::ServerSideEncryption::AES256) {
        return Err(Refusal::not_implemented("OpenTrail's own buckets know no KMS; choose AES256."));
    }
    Ok(())
}

fn tagging(body: &[u8]) -> Result<(), Refusal> {
    let tagging: dto::Tagging = parsed(body)?;
    let pairs = tagging.tag_set.into_iter().map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
    check_tags(&pairs.collect::<Vec<_>>(), TAGS_MAX)
}

/// The rules that tags of buckets and objects share.
pub(crate) fn check_tags(tags: &[(String, String)], count_max: usize) -> Result<(), Refusal> {
    let invalid = |message: &'static str| Err(Refusal::new("InvalidTag", message, 400));
    if tags.len() > count_max {
        return Err(Refusal::new("BadRequest", format!("Object tags cannot be greater than {count_max}"), 400));
    }
    let mut keys = HashSet::new();
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > 128 {
            return invalid("The TagKey you have provided is invalid");
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return invalid("System tags cannot be added/updated by requester");
        }
        if value.chars().count() > 256 {
            return invalid("The TagValue you have provided is invalid");
        }
        if !keys.insert(key) {
            return invalid("Cannot provide multiple Tags with the same key");
        }
    }
    Ok(())
}

/// What a record shows of a request's document: its XML as JSON, or the policy as `bucketPolicy`.
pub(crate) fn recorded(is_policy: bool, body: &[u8]) -> Option<(String, serde_json::Value)> {
    if is_policy {
        let policy: serde_json::Value = serde_json::from_slice(body).ok()?;
        return policy.is_object().then(|| ("bucketPolicy".to_owned(), policy));
    }
    match to_json(body)? {
        serde_json::Value::Object(document) => document.into_iter().next(),
        _ => None,
    }
}

fn xml(body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/xml"));
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::NAMESPACE;

    #[test]
    fn documents_are_checked() {
        assert!(tagging(b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>").is_ok());
        let twice = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>a</Key><Value>c</Value></Tag></TagSet></Tagging>";
        assert_eq!(tagging(twice).expect_err("twice").code, "InvalidTag");
        assert_eq!(tagging(b"<Tagging>").expect_err("cut").code, "MalformedXML");
        let versions = |status: &str| {
            format!(
                "<VersioningConfiguration xmlns=\"{NAMESPACE}\"><Status>{status}</Status></VersioningConfiguration>"
            )
        };
        assert!(versioning(versions("Suspended").as_bytes()).is_ok());
        assert_eq!(versioning(versions("Enabled").as_bytes()).expect_err("no versions").code, "NotImplemented");
        assert!(schema::<dto::OwnershipControls>(bucket_owner_enforced().as_bytes()).is_ok());
    }

    #[test]
    fn policies_speak_of_their_own_bucket() {
        let policy = |resource: &str| {
            format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"{resource}"}}]}}"#
            )
        };
        assert!(checked_policy("trails", policy("arn:aws:s3:::trails/*").as_bytes()).is_ok());
        let foreign = checked_policy("trails", policy("arn:aws:s3:::other/*").as_bytes()).expect_err("foreign");
        assert_eq!(foreign.message, "Policy has invalid resource");
        assert_eq!(checked_policy("trails", b"{").expect_err("no JSON").code, "MalformedPolicy");
        assert!(is_public(&policy("arn:aws:s3:::trails/*")));
    }
}
