//! The names that records have for services and operations.

use std::borrow::Cow;

use crate::table::{Head, Operation};

/// Services whose `eventSource` is not the name that they sign with.
const SOURCES: [(&str, &str); 7] = [
    ("cloudtrail-data", "cloudtrail-data"),
    ("iot-data", "iotdata"),
    ("meteringmarketplace", "metering-marketplace"),
    ("mq", "amazonmq"),
    ("rds-data", "rdsdata"),
    ("servicecatalog-appregistry", "servicecatalog-appregistry"),
    ("keyspacesstreams", "cassandra"),
];

/// Services whose records have an `apiVersion`, and how it is written: with hyphens, with another character, or without any.
const VERSIONS: [(&str, Option<char>); 7] = [
    ("cloudfront", Some('_')),
    ("dynamodb", Some('-')),
    ("dynamodbstreams", Some('-')),
    ("elb", Some('-')),
    ("elbv2", Some('-')),
    ("logs", None),
    ("route53", Some('-')),
];

/// Services whose records are all in the partition's leader Region.
const GLOBAL: [&str; 10] =
    ["account", "budgets", "ce", "cloudfront", "iam", "organizations", "route53", "shield", "support", "waf"];

/// Operations with another name in records: service, operation, `eventName`.
const EVENTS: [(&str, &str, &str); 24] = [
    ("s3", "DeleteBucketAnalyticsConfiguration", "DeleteAnalyticsConfiguration"),
    ("s3", "DeleteBucketInventoryConfiguration", "DeleteInventoryConfiguration"),
    ("s3", "DeleteBucketMetricsConfiguration", "DeleteMetricsConfiguration"),
    ("s3", "DeletePublicAccessBlock", "DeleteBucketPublicAccessBlock"),
    ("s3", "GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
    ("s3", "GetBucketAnalyticsConfiguration", "GetAnalyticsConfiguration"),
    ("s3", "GetBucketInventoryConfiguration", "GetInventoryConfiguration"),
    ("s3", "GetBucketLifecycleConfiguration", "GetBucketLifecycle"),
    ("s3", "GetBucketMetricsConfiguration", "GetMetricsConfiguration"),
    ("s3", "GetBucketNotificationConfiguration", "GetBucketNotification"),
    ("s3", "GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
    ("s3", "GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    ("s3", "ListObjectsV2", "ListObjects"),
    ("s3", "PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"),
    ("s3", "PutBucketAnalyticsConfiguration", "PutAnalyticsConfiguration"),
    ("s3", "PutBucketInventoryConfiguration", "PutInventoryConfiguration"),
    ("s3", "PutBucketLifecycleConfiguration", "PutBucketLifecycle"),
    ("s3", "PutBucketMetricsConfiguration", "PutMetricsConfiguration"),
    ("s3", "PutBucketNotificationConfiguration", "PutBucketNotification"),
    ("s3", "PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
    ("s3", "PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("s3control", "DeletePublicAccessBlock", "DeleteAccountPublicAccessBlock"),
    ("s3control", "GetPublicAccessBlock", "GetAccountPublicAccessBlock"),
    ("s3control", "PutPublicAccessBlock", "PutAccountPublicAccessBlock"),
];

/// Operations of Lambda in their second edition: their dated names end in `v2`.
const LAMBDA_SECOND: [&str; 9] = [
    "AddPermission",
    "GetFunction",
    "GetFunctionConfiguration",
    "GetPolicy",
    "RemovePermission",
    "TagResource",
    "UntagResource",
    "UpdateFunctionCode",
    "UpdateFunctionConfiguration",
];

/// What Lambda got after this date has no date in its name, nor has what it records as data events.
const LAMBDA_DATED_UNTIL: &str = "2018-10-31";

pub(crate) fn event_source(head: &Head) -> String {
    let exception = SOURCES.iter().find(|(service, _)| *service == head.name);
    format!("{}.amazonaws.com", exception.map_or(head.signing, |(_, source)| source))
}

pub(crate) fn event_name(head: &Head, operation: &'static Operation) -> Cow<'static, str> {
    let is_it = |(service, name, _): &&(&str, &str, &str)| *service == head.name && *name == operation.name;
    match head.name {
        "lambda" => lambda_name(operation),
        _ => EVENTS.iter().find(is_it).map_or(operation.name, |(_, _, event)| event).into(),
    }
}

/// `CreateFunction20150331`: with the date that the path begins with.
fn lambda_name(operation: &'static Operation) -> Cow<'static, str> {
    let name = operation.name;
    let date = operation.uri.get(1..11).filter(|date| date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'));
    match date {
        Some(date) if date <= LAMBDA_DATED_UNTIL && !name.starts_with("Invoke") => {
            let edition = if LAMBDA_SECOND.contains(&name) { "v2" } else { "" };
            format!("{name}{}{edition}", date.replace('-', "")).into()
        }
        _ => name.into(),
    }
}

pub(crate) fn api_version(head: &Head) -> Option<String> {
    let (_, hyphen) = VERSIONS.iter().find(|(service, _)| *service == head.name)?;
    Some(match hyphen {
        Some(hyphen) => head.version.replace('-', hyphen.encode_utf8(&mut [0; 4])),
        None => head.version.replace('-', ""),
    })
}

pub(crate) fn is_global(head: &Head) -> bool {
    GLOBAL.contains(&head.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    fn head(name: &str) -> &'static Head {
        Table::embedded().heads.iter().find(|head| head.name == name).expect("a service")
    }

    fn named(service: &str, operation: &str) -> String {
        let head = head(service);
        event_name(head, head.model().operation(operation).expect("an operation")).into_owned()
    }

    #[test]
    fn events_are_named_as_records_do() {
        for (service, operation, expected) in [
            ("s3", "ListObjectsV2", "ListObjects"),
            ("s3control", "GetPublicAccessBlock", "GetAccountPublicAccessBlock"),
            ("lambda", "CreateFunction", "CreateFunction20150331"),
            ("lambda", "UpdateFunctionCode", "UpdateFunctionCode20150331v2"),
            ("lambda", "PublishLayerVersion", "PublishLayerVersion20181031"),
            ("lambda", "GetFunctionCodeSigningConfig", "GetFunctionCodeSigningConfig"),
            ("lambda", "Invoke", "Invoke"),
            ("iam", "CreateUser", "CreateUser"),
        ] {
            assert_eq!(named(service, operation), expected);
        }
    }

    #[test]
    fn every_exception_is_of_an_operation_there_is() {
        for (service, operation, _) in EVENTS {
            assert!(head(service).model().operation(operation).is_some(), "{service} {operation}");
        }
        for operation in LAMBDA_SECOND {
            assert!(head("lambda").model().operation(operation).is_some(), "{operation}");
        }
        let names = SOURCES.iter().map(|(name, _)| *name);
        names.chain(VERSIONS.iter().map(|(name, _)| *name)).chain(GLOBAL).for_each(|name| _ = head(name));
    }

    #[test]
    fn sources_and_versions() {
        for (service, source) in [
            ("cloudwatch", "monitoring"),
            ("opensearch", "es"),
            ("ses", "ses"),
            ("s3control", "s3"),
            ("bedrock-runtime", "bedrock"),
            ("docdb", "rds"),
            ("mq", "amazonmq"),
        ] {
            assert_eq!(event_source(head(service)), format!("{source}.amazonaws.com"));
        }
        assert_eq!(api_version(head("logs")).as_deref(), Some("20140328"));
        assert_eq!(api_version(head("cloudfront")).as_deref(), Some("2020_05_31"));
        assert_eq!(api_version(head("ec2")), None);
    }
}
