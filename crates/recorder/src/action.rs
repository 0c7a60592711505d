//! The action that policies call an operation by (Service Authorization Reference).

use opentrail_services::Operation;

/// Operations of S3 whose action has another name.
const S3: [(&str, &str); 19] = [
    ("CompleteMultipartUpload", "PutObject"),
    ("CopyObject", "PutObject"),
    ("CreateMultipartUpload", "PutObject"),
    ("DeleteObjects", "DeleteObject"),
    ("GetBucketEncryption", "GetEncryptionConfiguration"),
    ("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    ("GetBucketReplication", "GetReplicationConfiguration"),
    ("HeadBucket", "ListBucket"),
    ("HeadObject", "GetObject"),
    ("ListBuckets", "ListAllMyBuckets"),
    ("ListMultipartUploads", "ListBucketMultipartUploads"),
    ("ListObjectVersions", "ListBucketVersions"),
    ("ListObjects", "ListBucket"),
    ("ListObjectsV2", "ListBucket"),
    ("ListParts", "ListMultipartUploadParts"),
    ("PutBucketEncryption", "PutEncryptionConfiguration"),
    ("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
    ("UploadPart", "PutObject"),
    ("UploadPartCopy", "PutObject"),
];

/// Such as `s3:ListBucket`.
pub(crate) fn action(operation: &Operation) -> String {
    let name = operation.name();
    let named = match operation.service() {
        "s3" => S3.binary_search_by_key(&name, |(operation, _)| operation).map_or(name, |at| S3[at].1),
        "lambda" if name == "Invoke" || name == "InvokeWithResponseStream" => "InvokeFunction",
        _ => name,
    };
    format!("{}:{named}", prefix(operation.service(), &operation.event_source()))
}

/// The service's name in policies: mostly that of its event source.
fn prefix<'a>(service: &'a str, event_source: &'a str) -> &'a str {
    match service {
        "cloudwatch" => "cloudwatch",
        "logs" | "events" | "s3" => service,
        "ses" | "sesv2" => "ses",
        _ => event_source.strip_suffix(".amazonaws.com").unwrap_or(service),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(S3.is_sorted());
    }
}
