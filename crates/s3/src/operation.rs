//! Which operation a request is, what IAM calls it, and what CloudTrail calls it.

use http::Method;

use crate::target::Target;

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// The account.
    Account,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

/// One S3 operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Its name in the S3 API.
    pub(crate) name: &'static str,
    /// Its `eventName` in records.
    pub(crate) event: &'static str,
    /// The action that policies allow or deny.
    pub(crate) action: &'static str,
    /// What it is about.
    pub(crate) level: Level,
    /// Whether it changes nothing.
    pub(crate) is_read_only: bool,
    /// Whether records of it are data events.
    pub(crate) is_data_event: bool,
    /// Whether its body is an object's or a part's bytes.
    pub(crate) is_upload: bool,
}

/// An operation whose event has another name than the API's.
const fn named(name: &'static str, event: &'static str, action: &'static str, level: Level) -> Operation {
    let is_read_only = matches!(name.as_bytes(), [b'G', b'e', b't', ..] | [b'H', b'e', b'a', b'd', ..])
        || matches!(name.as_bytes(), [b'L', b'i', b's', b't', ..]);
    let is_data_event = matches!(level, Level::Object);
    Operation { name, event, action, level, is_read_only, is_data_event, is_upload: false }
}

const fn bucket(name: &'static str, action: &'static str) -> Operation {
    named(name, name, action, Level::Bucket)
}

const fn object(name: &'static str, action: &'static str) -> Operation {
    named(name, name, action, Level::Object)
}

/// A listing is asked of a bucket but recorded as a data event.
const fn listing(name: &'static str, event: &'static str, action: &'static str) -> Operation {
    Operation { is_data_event: true, ..named(name, event, action, Level::Bucket) }
}

const fn upload(name: &'static str) -> Operation {
    Operation { is_upload: true, ..object(name, "s3:PutObject") }
}

/// What a bucket's subresource is asked: query key, read, write, delete.
type Subresource = (&'static str, Option<Operation>, Option<Operation>, Option<Operation>);

const SUBRESOURCES: &[Subresource] = &[
    ("acl", Some(bucket("GetBucketAcl", "s3:GetBucketAcl")), Some(bucket("PutBucketAcl", "s3:PutBucketAcl")), None),
    (
        "policy",
        Some(bucket("GetBucketPolicy", "s3:GetBucketPolicy")),
        Some(bucket("PutBucketPolicy", "s3:PutBucketPolicy")),
        Some(bucket("DeleteBucketPolicy", "s3:DeleteBucketPolicy")),
    ),
    ("policyStatus", Some(bucket("GetBucketPolicyStatus", "s3:GetBucketPolicyStatus")), None, None),
    ("location", Some(bucket("GetBucketLocation", "s3:GetBucketLocation")), None, None),
    (
        "versioning",
        Some(bucket("GetBucketVersioning", "s3:GetBucketVersioning")),
        Some(bucket("PutBucketVersioning", "s3:PutBucketVersioning")),
        None,
    ),
    (
        "cors",
        Some(bucket("GetBucketCors", "s3:GetBucketCORS")),
        Some(bucket("PutBucketCors", "s3:PutBucketCORS")),
        Some(bucket("DeleteBucketCors", "s3:PutBucketCORS")),
    ),
    (
        "website",
        Some(bucket("GetBucketWebsite", "s3:GetBucketWebsite")),
        Some(bucket("PutBucketWebsite", "s3:PutBucketWebsite")),
        Some(bucket("DeleteBucketWebsite", "s3:DeleteBucketWebsite")),
    ),
    (
        "accelerate",
        Some(named(
            "GetBucketAccelerateConfiguration",
            "GetAccelerateConfiguration",
            "s3:GetAccelerateConfiguration",
            Level::Bucket,
        )),
        Some(named(
            "PutBucketAccelerateConfiguration",
            "PutAccelerateConfiguration",
            "s3:PutAccelerateConfiguration",
            Level::Bucket,
        )),
        None,
    ),
    (
        "requestPayment",
        Some(bucket("GetBucketRequestPayment", "s3:GetBucketRequestPayment")),
        Some(bucket("PutBucketRequestPayment", "s3:PutBucketRequestPayment")),
        None,
    ),
    (
        "logging",
        Some(bucket("GetBucketLogging", "s3:GetBucketLogging")),
        Some(bucket("PutBucketLogging", "s3:PutBucketLogging")),
        None,
    ),
    (
        "lifecycle",
        Some(named(
            "GetBucketLifecycleConfiguration",
            "GetBucketLifecycle",
            "s3:GetLifecycleConfiguration",
            Level::Bucket,
        )),
        Some(named(
            "PutBucketLifecycleConfiguration",
            "PutBucketLifecycle",
            "s3:PutLifecycleConfiguration",
            Level::Bucket,
        )),
        Some(bucket("DeleteBucketLifecycle", "s3:PutLifecycleConfiguration")),
    ),
    (
        "replication",
        Some(bucket("GetBucketReplication", "s3:GetReplicationConfiguration")),
        Some(bucket("PutBucketReplication", "s3:PutReplicationConfiguration")),
        Some(bucket("DeleteBucketReplication", "s3:PutReplicationConfiguration")),
    ),
    (
        "encryption",
        Some(bucket("GetBucketEncryption", "s3:GetEncryptionConfiguration")),
        Some(bucket("PutBucketEncryption", "s3:PutEncryptionConfiguration")),
        Some(bucket("DeleteBucketEncryption", "s3:PutEncryptionConfiguration")),
    ),
    (
        "object-lock",
        Some(named(
            "GetObjectLockConfiguration",
            "GetBucketObjectLockConfiguration",
            "s3:GetBucketObjectLockConfiguration",
            Level::Bucket,
        )),
        Some(named(
            "PutObjectLockConfiguration",
            "PutBucketObjectLockConfiguration",
            "s3:PutBucketObjectLockConfiguration",
            Level::Bucket,
        )),
        None,
    ),
    (
        "tagging",
        Some(bucket("GetBucketTagging", "s3:GetBucketTagging")),
        Some(bucket("PutBucketTagging", "s3:PutBucketTagging")),
        Some(bucket("DeleteBucketTagging", "s3:PutBucketTagging")),
    ),
    (
        "ownershipControls",
        Some(bucket("GetBucketOwnershipControls", "s3:GetBucketOwnershipControls")),
        Some(bucket("PutBucketOwnershipControls", "s3:PutBucketOwnershipControls")),
        Some(bucket("DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls")),
    ),
    (
        "publicAccessBlock",
        Some(named(
            "GetPublicAccessBlock",
            "GetBucketPublicAccessBlock",
            "s3:GetBucketPublicAccessBlock",
            Level::Bucket,
        )),
        Some(named(
            "PutPublicAccessBlock",
            "PutBucketPublicAccessBlock",
            "s3:PutBucketPublicAccessBlock",
            Level::Bucket,
        )),
        Some(named(
            "DeletePublicAccessBlock",
            "DeleteBucketPublicAccessBlock",
            "s3:PutBucketPublicAccessBlock",
            Level::Bucket,
        )),
    ),
    (
        "notification",
        Some(named(
            "GetBucketNotificationConfiguration",
            "GetBucketNotification",
            "s3:GetBucketNotification",
            Level::Bucket,
        )),
        Some(named(
            "PutBucketNotificationConfiguration",
            "PutBucketNotification",
            "s3:PutBucketNotification",
            Level::Bucket,
        )),
        None,
    ),
    ("versions", Some(listing("ListObjectVersions", "ListObjectVersions", "s3:ListBucketVersions")), None, None),
    (
        "uploads",
        Some(listing("ListMultipartUploads", "ListMultipartUploads", "s3:ListBucketMultipartUploads")),
        None,
        None,
    ),
    (
        "analytics",
        Some(bucket("GetBucketAnalyticsConfiguration", "s3:GetAnalyticsConfiguration")),
        Some(bucket("PutBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration")),
        Some(bucket("DeleteBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration")),
    ),
    (
        "inventory",
        Some(bucket("GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration")),
        Some(bucket("PutBucketInventoryConfiguration", "s3:PutInventoryConfiguration")),
        Some(bucket("DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration")),
    ),
    (
        "metrics",
        Some(bucket("GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration")),
        Some(bucket("PutBucketMetricsConfiguration", "s3:PutMetricsConfiguration")),
        Some(bucket("DeleteBucketMetricsConfiguration", "s3:PutMetricsConfiguration")),
    ),
    (
        "intelligent-tiering",
        Some(bucket("GetBucketIntelligentTieringConfiguration", "s3:GetIntelligentTieringConfiguration")),
        Some(bucket("PutBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration")),
        Some(bucket("DeleteBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration")),
    ),
];

const OBJECT_SUBRESOURCES: &[Subresource] = &[
    ("acl", Some(object("GetObjectAcl", "s3:GetObjectAcl")), Some(object("PutObjectAcl", "s3:PutObjectAcl")), None),
    (
        "tagging",
        Some(object("GetObjectTagging", "s3:GetObjectTagging")),
        Some(object("PutObjectTagging", "s3:PutObjectTagging")),
        Some(object("DeleteObjectTagging", "s3:DeleteObjectTagging")),
    ),
    ("attributes", Some(object("GetObjectAttributes", "s3:GetObjectAttributes")), None, None),
    (
        "retention",
        Some(object("GetObjectRetention", "s3:GetObjectRetention")),
        Some(object("PutObjectRetention", "s3:PutObjectRetention")),
        None,
    ),
    (
        "legal-hold",
        Some(object("GetObjectLegalHold", "s3:GetObjectLegalHold")),
        Some(object("PutObjectLegalHold", "s3:PutObjectLegalHold")),
        None,
    ),
    ("torrent", Some(object("GetObjectTorrent", "s3:GetObjectTorrent")), None, None),
];

/// The query of a request, decoded, in its order. A key without a value has an empty one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(pub(crate) Vec<(String, String)>);

impl Query {
    /// Whether the key is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The key's first value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The operation that a request asks for; none when S3 has no such thing.
pub(crate) fn resolve(method: &Method, target: &Target, query: &Query, is_copy: bool) -> Option<Operation> {
    match (&target.bucket, &target.key) {
        (None, _) => {
            (method == Method::GET).then(|| named("ListBuckets", "ListBuckets", "s3:ListAllMyBuckets", Level::Account))
        }
        (Some(_), None) => of_bucket(method, query),
        (Some(_), Some(_)) => of_object(method, query, is_copy),
    }
}

fn of_bucket(method: &Method, query: &Query) -> Option<Operation> {
    if *method == Method::HEAD {
        return Some(bucket("HeadBucket", "s3:ListBucket"));
    }
    if *method == Method::POST {
        let delete = Operation { is_data_event: true, ..bucket("DeleteObjects", "s3:DeleteObject") };
        return query.has("delete").then_some(delete);
    }
    if let Some(found) = subresource(SUBRESOURCES, method, query) {
        return found;
    }
    match *method {
        Method::GET if query.get("list-type") == Some("2") => {
            Some(listing("ListObjectsV2", "ListObjects", "s3:ListBucket"))
        }
        Method::GET => Some(listing("ListObjects", "ListObjects", "s3:ListBucket")),
        Method::PUT => Some(bucket("CreateBucket", "s3:CreateBucket")),
        Method::DELETE => Some(bucket("DeleteBucket", "s3:DeleteBucket")),
        _ => None,
    }
}

fn of_object(method: &Method, query: &Query, is_copy: bool) -> Option<Operation> {
    if *method == Method::HEAD {
        return Some(object("HeadObject", "s3:GetObject"));
    }
    if query.has("uploadId") {
        return match *method {
            Method::GET => Some(object("ListParts", "s3:ListMultipartUploadParts")),
            Method::PUT if is_copy => Some(object("UploadPartCopy", "s3:PutObject")),
            Method::PUT => Some(upload("UploadPart")),
            Method::POST => Some(object("CompleteMultipartUpload", "s3:PutObject")),
            Method::DELETE => Some(object("AbortMultipartUpload", "s3:AbortMultipartUpload")),
            _ => None,
        };
    }
    if *method == Method::POST {
        return match () {
            () if query.has("uploads") => Some(object("CreateMultipartUpload", "s3:PutObject")),
            () if query.has("restore") => Some(object("RestoreObject", "s3:RestoreObject")),
            () if query.has("select") => Some(object("SelectObjectContent", "s3:GetObject")),
            () => None,
        };
    }
    if let Some(found) = subresource(OBJECT_SUBRESOURCES, method, query) {
        return found;
    }
    match *method {
        Method::GET => Some(object("GetObject", "s3:GetObject")),
        Method::PUT if is_copy => Some(object("CopyObject", "s3:PutObject")),
        Method::PUT => Some(upload("PutObject")),
        Method::DELETE => Some(object("DeleteObject", "s3:DeleteObject")),
        _ => None,
    }
}

/// The outer option tells whether a subresource is meant at all.
fn subresource(table: &[Subresource], method: &Method, query: &Query) -> Option<Option<Operation>> {
    let (_, read, write, delete) = table.iter().find(|(name, ..)| query.has(name))?;
    Some(match *method {
        Method::GET => *read,
        Method::PUT => *write,
        Method::DELETE => *delete,
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, key: Option<&str>, query: &[&str], is_copy: bool) -> Option<(&'static str, &'static str)> {
        let target = Target { bucket: Some("b".to_owned()), key: key.map(str::to_owned), path: String::new() };
        let query = Query(
            query
                .iter()
                .map(|key| {
                    let (key, value) = key.split_once('=').unwrap_or((key, ""));
                    (key.to_owned(), value.to_owned())
                })
                .collect(),
        );
        resolve(&method, &target, &query, is_copy).map(|operation| (operation.event, operation.action))
    }

    #[test]
    fn requests_are_the_operations_that_records_name() {
        assert_eq!(check(Method::GET, None, &["list-type=2"], false), Some(("ListObjects", "s3:ListBucket")));
        assert_eq!(check(Method::GET, None, &["acl"], false), Some(("GetBucketAcl", "s3:GetBucketAcl")));
        assert_eq!(check(Method::PUT, None, &[], false), Some(("CreateBucket", "s3:CreateBucket")));
        assert_eq!(
            check(Method::GET, None, &["lifecycle"], false),
            Some(("GetBucketLifecycle", "s3:GetLifecycleConfiguration"))
        );
        assert_eq!(check(Method::POST, None, &["delete"], false), Some(("DeleteObjects", "s3:DeleteObject")));
        assert_eq!(
            check(Method::PUT, Some("k"), &["partNumber=1", "uploadId=u"], true).map(|it| it.0),
            Some("UploadPartCopy")
        );
        assert_eq!(check(Method::PUT, Some("k"), &[], true).map(|it| it.0), Some("CopyObject"));
        assert_eq!(check(Method::PUT, Some("k"), &["x-id=PutObject"], false).map(|it| it.0), Some("PutObject"));
        assert_eq!(check(Method::DELETE, None, &["acl"], false), None);
        assert_eq!(check(Method::PATCH, Some("k"), &[], false), None);
    }

    #[test]
    fn reads_are_told_from_writes() {
        let target = Target { bucket: Some("b".to_owned()), key: Some("k".to_owned()), path: String::new() };
        for (method, is_read_only) in
            [(Method::GET, true), (Method::HEAD, true), (Method::PUT, false), (Method::DELETE, false)]
        {
            let operation = resolve(&method, &target, &Query::default(), false).expect("an operation");
            assert_eq!(operation.is_read_only, is_read_only, "{method}");
            assert!(operation.is_data_event);
        }
    }
}
