//! S3's operations, which method, path and subresource alone don't tell apart.

use http::request::Parts;

use super::query::Pairs;
use super::rest::{self, Path};
use crate::table::model::{Model, Operation};

/// What an operation asks for besides its path: a key in the query or a header. Of those that fit, the one that asks for most is meant.
const ASKED: [(&str, &[Asked]); 10] = [
    ("AbortMultipartUpload", &[Asked::Key("uploadId")]),
    ("CompleteMultipartUpload", &[Asked::Key("uploadId")]),
    ("CopyObject", &[Asked::Header("x-amz-copy-source")]),
    ("GetBucketAnalyticsConfiguration", &[Asked::Key("id")]),
    ("GetBucketIntelligentTieringConfiguration", &[Asked::Key("id")]),
    ("GetBucketInventoryConfiguration", &[Asked::Key("id")]),
    ("GetBucketMetricsConfiguration", &[Asked::Key("id")]),
    ("ListParts", &[Asked::Key("uploadId")]),
    ("UploadPart", &[Asked::Key("uploadId"), Asked::Key("partNumber")]),
    ("UploadPartCopy", &[Asked::Key("uploadId"), Asked::Key("partNumber"), Asked::Header("x-amz-copy-source")]),
];

/// Operations that others have replaced, or that only directory buckets have: the same request means the other one.
const PASSED_OVER: [&str; 6] = [
    "GetBucketLifecycle",
    "PutBucketLifecycle",
    "GetBucketNotification",
    "PutBucketNotification",
    "ListDirectoryBuckets",
    "WriteGetObjectResponse",
];

#[derive(Debug, Clone, Copy)]
enum Asked {
    Key(&'static str),
    Header(&'static str),
}

impl Asked {
    fn is_in(self, request: &Parts) -> bool {
        match self {
            Self::Key(key) => Pairs::of(request).any(|(it, _)| it == key),
            Self::Header(name) => request.headers.contains_key(name),
        }
    }
}

/// Is a request about a bucket itself, by the name that its host or its path has?
pub(super) fn is_of_bucket(request: &Parts, bucket: Option<&str>) -> bool {
    let path = request.uri.path().trim_matches('/');
    match bucket {
        Some(_) => path.is_empty(),
        None => !path.is_empty() && !path.contains('/'),
    }
}

/// The operation of a request, for the bucket that its host names or its path.
pub(super) fn find<'m>(model: &'m Model, request: &Parts, bucket: Option<&str>) -> Option<&'m Operation> {
    let path = match bucket {
        Some(bucket) => Path::of(request).below(bucket),
        None => Path::of(request),
    };
    let fitting = model.operations.iter().filter_map(|operation| {
        let (in_query, in_path) = rest::rank(operation, request, &path)?;
        if PASSED_OVER.contains(&operation.name) {
            return None;
        }
        let asked = ASKED.iter().find(|(name, _)| *name == operation.name).map_or(&[][..], |(_, asked)| asked);
        let has_all = asked.iter().all(|asked| asked.is_in(request));
        has_all.then_some(((in_query, asked.len(), in_path), operation))
    });
    fitting.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, operation)| operation)
}
