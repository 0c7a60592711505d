//! What S3 demands of a bucket's policy besides its form: each statement names principals, resources of this bucket, and
//! actions that can be done to them (S3 user guide, "Bucket policies").

use super::glob::Glob;
use super::{Listed, MalformedPolicy, Policy, Statement};

/// Actions on a bucket's objects.
const OBJECT_ACTIONS: [&str; 33] = [
    "AbortMultipartUpload",
    "BypassGovernanceRetention",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjectVersion",
    "DeleteObjectVersionTagging",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectTorrent",
    "GetObjectVersion",
    "GetObjectVersionAcl",
    "GetObjectVersionAttributes",
    "GetObjectVersionForReplication",
    "GetObjectVersionTagging",
    "GetObjectVersionTorrent",
    "InitiateReplication",
    "ListMultipartUploadParts",
    "ObjectOwnerOverrideToBucketOwner",
    "PutObject",
    "PutObjectAcl",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "PutObjectVersionAcl",
    "PutObjectVersionTagging",
    "ReplicateDelete",
    "ReplicateObject",
    "ReplicateTags",
    "RestoreObject",
];

/// Actions on a bucket itself.
const BUCKET_ACTIONS: [&str; 50] = [
    "CreateBucket",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "DeleteBucketWebsite",
    "GetAccelerateConfiguration",
    "GetAnalyticsConfiguration",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLocation",
    "GetBucketLogging",
    "GetBucketNotification",
    "GetBucketObjectLockConfiguration",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetBucketPublicAccessBlock",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetIntelligentTieringConfiguration",
    "GetInventoryConfiguration",
    "GetLifecycleConfiguration",
    "GetMetricsConfiguration",
    "GetReplicationConfiguration",
    "ListBucket",
    "ListBucketMultipartUploads",
    "ListBucketVersions",
    "PutAccelerateConfiguration",
    "PutAnalyticsConfiguration",
    "PutBucketAcl",
    "PutBucketCORS",
    "PutBucketLogging",
    "PutBucketNotification",
    "PutBucketObjectLockConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketRequestPayment",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketWebsite",
    "PutEncryptionConfiguration",
    "PutIntelligentTieringConfiguration",
    "PutInventoryConfiguration",
    "PutLifecycleConfiguration",
    "PutMetricsConfiguration",
    "PutReplicationConfiguration",
    "UpdateBucketMetadataTableConfiguration",
];

impl Policy {
    /// Checks that this can be the policy of `bucket` in `partition`.
    pub fn check_bucket(&self, partition: &str, bucket: &str) -> Result<(), MalformedPolicy> {
        let bucket_arn = format!("arn:{partition}:s3:::{bucket}");
        self.statements.iter().try_for_each(|statement| check(statement, &bucket_arn))
    }
}

fn check(statement: &Statement, bucket_arn: &str) -> Result<(), MalformedPolicy> {
    let malformed = |text: &str| Err(MalformedPolicy(text.to_owned()));
    if statement.principals.is_none() {
        return malformed("Missing required field Principal");
    }
    let Some(resources) = &statement.resources else { return malformed("Missing required field Resource") };
    if resources.patterns.is_empty() || !resources.patterns.iter().all(|arn| is_of_bucket(arn, bucket_arn)) {
        return malformed("Policy has invalid resource");
    }
    if !statement.actions.patterns.iter().all(|action| can_act_on_object(action) || can_act_on_bucket(action)) {
        return malformed("Policy has invalid action");
    }
    let is_plain = !statement.actions.is_negated && !resources.is_negated;
    if is_plain && !statement.actions.patterns.iter().all(|action| applies(action, resources)) {
        return malformed("Action does not apply to any resource(s) in statement");
    }
    Ok(())
}

/// Does the pattern name the bucket, or objects in it?
fn is_of_bucket(pattern: &str, bucket_arn: &str) -> bool {
    let bucket = pattern.split_once('/').map_or(pattern, |(bucket, _)| bucket);
    pattern.starts_with("arn:") && Glob::plain(bucket).matches(bucket_arn)
}

fn applies(action: &str, resources: &Listed<String>) -> bool {
    let is_object = |pattern: &String| pattern.contains('/') || pattern.ends_with('*');
    let is_bucket = |pattern: &String| !pattern.contains('/');
    can_act_on_object(action) && resources.patterns.iter().any(is_object)
        || can_act_on_bucket(action) && resources.patterns.iter().any(is_bucket)
}

fn can_act_on_object(action: &str) -> bool {
    names_any(action, &OBJECT_ACTIONS)
}

fn can_act_on_bucket(action: &str) -> bool {
    names_any(action, &BUCKET_ACTIONS)
}

fn names_any(action: &str, known: &[&str]) -> bool {
    let pattern = action.to_ascii_lowercase();
    if pattern == "*" {
        return true;
    }
    let Some(("s3", name)) = pattern.split_once(':') else { return false };
    let glob = Glob::plain(name);
    known.iter().any(|known| glob.matches(&known.to_ascii_lowercase()))
}
