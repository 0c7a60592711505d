//! The forms of ARNs by type of resource. Equals and NotEquals on `resources.ARN` must have them; the operators on
//! beginnings and ends take any text.

use crate::account::{Region, is_account_id};

/// The parts of an ARN.
struct Parts<'a> {
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

/// Is `arn` the full ARN of a resource of this type, in this partition?
pub(super) fn is_arn_of(kind: &str, partition: &str, arn: &str) -> bool {
    let Some(parts) = parse(partition, arn) else { return false };
    let Parts { service, resource, .. } = parts;
    let is = |name: &str| service == name && parts.is_located();
    match kind {
        "AWS::S3::Object" => service == "s3" && parts.is_global() && is_bucket_and_key(resource),
        "AWS::S3::AccessPoint" => is("s3") && is_named(resource, "accesspoint/"),
        "AWS::S3ObjectLambda::AccessPoint" => is("s3-object-lambda") && is_named(resource, "accesspoint/"),
        "AWS::S3Express::Object" => is("s3express") && resource.strip_prefix("bucket/").is_some_and(is_bucket_and_key),
        "AWS::S3Outposts::Object" => is("s3-outposts") && !resource.is_empty(),
        "AWS::Lambda::Function" => is("lambda") && is_function(resource),
        "AWS::DynamoDB::Table" => is("dynamodb") && is_named(resource, "table/"),
        "AWS::DynamoDB::Stream" => is("dynamodb") && is_stream(resource),
        "AWS::EC2::Snapshot" => {
            service == "ec2" && parts.has_region() && parts.account.is_empty() && is_named(resource, "snapshot/")
        }
        "AWS::SNS::Topic" => is("sns") && is_plain(resource),
        "AWS::SQS::Queue" => is("sqs") && is_plain(resource),
        "AWS::CloudTrail::Channel" => is("cloudtrail") && is_named(resource, "channel/"),
        _ => parts.is_plausible(),
    }
}

/// A function's own ARN: `function:name`, without version or alias.
fn is_function(resource: &str) -> bool {
    resource.strip_prefix("function:").is_some_and(is_plain)
}

/// Can this be selected by a basic selector: `arn:<partition>:lambda:<region>:<account>:function:<name>`?
pub(super) fn is_function_arn(partition: &str, arn: &str) -> bool {
    is_arn_of("AWS::Lambda::Function", partition, arn)
}

/// `arn:<partition>:dynamodb:<region>:<account>:table/<name>`?
pub(super) fn is_table_arn(partition: &str, arn: &str) -> bool {
    is_arn_of("AWS::DynamoDB::Table", partition, arn)
}

/// `arn:<partition>:s3:::bucket/` and perhaps the beginning of a key?
pub(super) fn is_bucket_prefix(partition: &str, arn: &str) -> bool {
    parse(partition, arn).is_some_and(|parts| {
        let bucket = parts.resource.split_once('/').map_or("", |(bucket, _)| bucket);
        parts.service == "s3" && parts.is_global() && is_bucket(bucket)
    })
}

fn parse<'a>(partition: &str, arn: &'a str) -> Option<Parts<'a>> {
    let rest = arn.strip_prefix("arn:")?.strip_prefix(partition)?.strip_prefix(':')?;
    let mut parts = rest.splitn(4, ':');
    let mut next = || parts.next();
    Some(Parts { service: next()?, region: next()?, account: next()?, resource: next()? })
}

impl Parts<'_> {
    fn has_region(&self) -> bool {
        self.region.parse::<Region>().is_ok()
    }

    fn is_located(&self) -> bool {
        self.has_region() && is_account_id(self.account)
    }

    fn is_global(&self) -> bool {
        self.region.is_empty() && self.account.is_empty()
    }

    /// What every ARN has in common: a service, a resource, and where Region or account are given, real ones.
    fn is_plausible(&self) -> bool {
        let is_service_char = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_service = !self.service.is_empty() && self.service.bytes().all(is_service_char);
        let is_region = self.region.is_empty() || self.has_region();
        let is_account = self.account.is_empty() || self.account == "aws" || is_account_id(self.account);
        is_service && is_region && is_account && !self.resource.is_empty()
    }
}

fn is_bucket_and_key(path: &str) -> bool {
    path.split_once('/').is_some_and(|(bucket, key)| is_bucket(bucket) && !key.is_empty())
}

/// Letters, digits, `.`, `-` and `_`: also the bucket names of the early years.
fn is_bucket(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (3..=255).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// `table/name`: a prefix, and a name without further parts.
fn is_named(resource: &str, prefix: &str) -> bool {
    resource.strip_prefix(prefix).is_some_and(is_plain)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains([':', '/', '*', ' '])
}

fn is_stream(resource: &str) -> bool {
    let parts = resource.strip_prefix("table/").and_then(|rest| rest.split_once("/stream/"));
    parts.is_some_and(|(table, stamp)| is_plain(table) && !stamp.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, good: &[&str], bad: &[&str]) {
        for arn in good {
            assert!(is_arn_of(kind, "aws", arn), "{kind} {arn}");
        }
        for arn in bad {
            assert!(!is_arn_of(kind, "aws", arn), "{kind} {arn}");
        }
    }

    #[test]
    fn each_type_has_its_form() {
        check(
            "AWS::S3::Object",
            &["arn:aws:s3:::bucket/key", "arn:aws:s3:::bucket/a/b:c d"],
            &[
                "arn:aws:s3:::bucket",
                "arn:aws:s3:::bucket/",
                "arn:aws:s3:::/key",
                "arn:aws-cn:s3:::bucket/key",
                "arn:aws:s3:us-east-1::bucket/key",
                "bucket/key",
                "arn:aws:lambda:us-east-1:123456789012:function:f",
                "",
            ],
        );
        check(
            "AWS::Lambda::Function",
            &["arn:aws:lambda:us-east-1:123456789012:function:hello"],
            &[
                "arn:aws:lambda:us-east-1:123456789012:function:hello:$LATEST",
                "arn:aws:lambda:us-east-1:123456789012:function:hello:1",
                "arn:aws:lambda:us-east-1:123456789012:function:hello:PROD",
                "arn:aws:lambda:us-east-1::function:hello",
                "arn:aws:lambda:us-east-1:123456789012:layer:hello",
                "arn:aws:lambda",
            ],
        );
        check(
            "AWS::DynamoDB::Table",
            &["arn:aws:dynamodb:eu-west-1:123456789012:table/T"],
            &["arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/x", "arn:aws:dynamodb:eu-west-1:123456789012:T"],
        );
        check(
            "AWS::DynamoDB::Stream",
            &["arn:aws:dynamodb:eu-west-1:123456789012:table/T/stream/2026-01-01T00:00:00.000"],
            &["arn:aws:dynamodb:eu-west-1:123456789012:table/T"],
        );
        check(
            "AWS::EC2::Snapshot",
            &["arn:aws:ec2:eu-west-1::snapshot/snap-1"],
            &["arn:aws:ec2:eu-west-1:123456789012:snapshot/snap-1"],
        );
        check("AWS::SNS::Topic", &["arn:aws:sns:eu-west-1:123456789012:t"], &["arn:aws:sqs:eu-west-1:123456789012:t"]);
        check(
            "AWS::SQS::Queue",
            &["arn:aws:sqs:eu-west-1:123456789012:q.fifo"],
            &["arn:aws:sqs:eu-west-1:123456789012:"],
        );
        check(
            "AWS::S3::AccessPoint",
            &["arn:aws:s3:eu-west-1:123456789012:accesspoint/ap"],
            &["arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/object/key", "arn:aws:s3:::bucket/key"],
        );
        check(
            "AWS::S3Express::Object",
            &["arn:aws:s3express:eu-west-1:123456789012:bucket/b--use1-az4--x-s3/k"],
            &["arn:aws:s3express:eu-west-1:123456789012:bucket/b--use1-az4--x-s3"],
        );
        check(
            "AWS::S3Outposts::Object",
            &["arn:aws:s3-outposts:eu-west-1:123456789012:outpost/o/bucket/b/object/k"],
            &["x"],
        );
        check(
            "AWS::CloudTrail::Channel",
            &["arn:aws:cloudtrail:eu-west-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef"],
            &["arn:aws:cloudtrail:eu-west-1:123456789012:trail/t"],
        );
        check(
            "AWS::Bedrock::Model",
            &[
                "arn:aws:bedrock:us-east-1::foundation-model/x",
                "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/x",
            ],
            &[
                "arn:aws:bedrock:us-east-1:12:x",
                "arn:aws:Bedrock:us-east-1::x",
                "arn:aws:bedrock:us-east-1::",
                "anything",
            ],
        );
    }
}
