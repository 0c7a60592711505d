//! Any text as a bucket policy: refused or decided.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use opentrail_model::{Decision, Policy, PolicyPrincipal, PolicyRequest};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(policy) = Policy::parse(text) else { return };
    let _ = policy.check_bucket("aws", "trail-logs");
    let context: BTreeMap<String, Vec<String>> = [
        ("aws:SourceArn", "arn:aws:cloudtrail:us-east-1:123456789012:trail/t"),
        ("aws:SourceIp", "192.0.2.1"),
        ("aws:SecureTransport", "false"),
        ("s3:x-amz-acl", "bucket-owner-full-control"),
        ("s3:max-keys", "12"),
        ("aws:CurrentTime", "2026-09-13T17:24:16Z"),
    ]
    .map(|(key, value)| (key.to_owned(), vec![value.to_owned()]))
    .into();
    let request = |principal| PolicyRequest {
        principal,
        action: "s3:PutObject",
        resource: "arn:aws:s3:::trail-logs/AWSLogs/123456789012/CloudTrail/x",
        context: &context,
    };
    let principal = PolicyPrincipal::Service("cloudtrail.amazonaws.com".to_owned());
    let decision = policy.decide(&request(&principal));
    assert_eq!(decision, policy.decide(&request(&principal)), "decisions don't change");
    let _ = policy.decide(&request(&PolicyPrincipal::Anonymous)) == Decision::Allow;
});
