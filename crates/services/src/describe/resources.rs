//! What a call was about: `resources`.

use opentrail_model::{EventCategory, Resource};
use serde_json::{Map, Value};

use super::{dynamodb, s3};
use crate::Exchange;
use crate::recognise::Pairs;

/// How a service's records name a resource: service, the parameter (or element) that has its name or ARN, its type, and the ARN of a
/// name, with `{}` for it. A rule for data events alone begins its type with `data:`.
const RULES: [(&str, &str, &str, &str); 24] = [
    ("ebs", "snapshotId", "AWS::EC2::Snapshot", "arn:{p}:ec2:{r}::snapshot/{}"),
    ("ebs", "firstSnapshotId", "AWS::EC2::Snapshot", "arn:{p}:ec2:{r}::snapshot/{}"),
    ("ebs", "secondSnapshotId", "AWS::EC2::Snapshot", "arn:{p}:ec2:{r}::snapshot/{}"),
    ("bedrock-agent-runtime", "agentAliasId", "AWS::Bedrock::AgentAlias", "arn:{p}:bedrock:{r}:{a}:agent-alias/{}"),
    (
        "bedrock-agent-runtime",
        "knowledgeBaseId",
        "AWS::Bedrock::KnowledgeBase",
        "arn:{p}:bedrock:{r}:{a}:knowledge-base/{}",
    ),
    ("bedrock-runtime", "modelId", "data:AWS::Bedrock::Model", "arn:{p}:bedrock:{r}::foundation-model/{}"),
    ("cloudtrail-data", "channelArn", "AWS::CloudTrail::Channel", "{}"),
    (
        "cognito-identity",
        "identityPoolId",
        "data:AWS::Cognito::IdentityPool",
        "arn:{p}:cognito-identity:{r}:{a}:identitypool/{}",
    ),
    ("dynamodbstreams", "streamArn", "data:AWS::DynamoDB::Stream", "{}"),
    (
        "firehose",
        "deliveryStreamName",
        "data:AWS::KinesisFirehose::DeliveryStream",
        "arn:{p}:firehose:{r}:{a}:deliverystream/{}",
    ),
    ("iot-data", "thingName", "AWS::IoT::Thing", "arn:{p}:iot:{r}:{a}:thing/{}"),
    ("kinesis", "streamName", "data:AWS::Kinesis::Stream", "arn:{p}:kinesis:{r}:{a}:stream/{}"),
    ("kinesis", "streamARN", "data:AWS::Kinesis::Stream", "{}"),
    ("kinesis", "consumerARN", "data:AWS::Kinesis::StreamConsumer", "{}"),
    ("kms", "keyId", "AWS::KMS::Key", "arn:{p}:kms:{r}:{a}:key/{}"),
    ("kms", "keyMetadata.arn", "AWS::KMS::Key", "{}"),
    ("lambda", "functionName", "data:AWS::Lambda::Function", "arn:{p}:lambda:{r}:{a}:function:{}"),
    ("sagemaker-runtime", "endpointName", "data:AWS::SageMaker::Endpoint", "arn:{p}:sagemaker:{r}:{a}:endpoint/{}"),
    ("sns", "topicArn", "data:AWS::SNS::Topic", "{}"),
    ("sns", "targetArn", "data:AWS::SNS::PlatformEndpoint", "{}"),
    ("sqs", "queueUrl", "data:AWS::SQS::Queue", "arn:{p}:sqs:{r}:{a}:{}"),
    ("sts", "roleArn", "AWS::IAM::Role", "{}"),
    ("sts", "principalArn", "AWS::IAM::SAMLProvider", "{}"),
    ("timestream-write", "tableName", "data:AWS::Timestream::Table", "arn:{p}:timestream:{r}:{a}:table/{}"),
];

/// The resources of a call, each once.
pub(super) fn of(
    exchange: &Exchange<'_>,
    parameters: Option<&Map<String, Value>>,
    elements: Option<&Map<String, Value>>,
) -> Vec<Resource> {
    let service = exchange.operation.head.name;
    match service {
        "s3" => return of_s3(exchange),
        "dynamodb" => return of_dynamodb(exchange, parameters),
        _ => {}
    }
    let mut resources = Vec::new();
    for (_, path, kind, pattern) in RULES.iter().filter(|(of, ..)| *of == service) {
        let is_data_event = exchange.operation.category() == EventCategory::Data;
        let kind = match kind.strip_prefix("data:") {
            Some(_) if !is_data_event => continue,
            other => other.unwrap_or(kind),
        };
        let found = [parameters, elements].into_iter().flatten().find_map(|members| text(members, path));
        resources
            .extend(found.filter(|name| !name.starts_with("alias/")).map(|name| named(exchange, kind, pattern, name)));
    }
    resources.dedup();
    resources
}

fn text<'v>(members: &'v Map<String, Value>, path: &str) -> Option<&'v str> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (members.get(first)?, rest) {
        (Value::Object(members), Some(rest)) => text(members, rest),
        (value, None) => value.as_str().filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn named(exchange: &Exchange<'_>, kind: &str, pattern: &str, name: &str) -> Resource {
    let arn = if name.starts_with("arn:") {
        // Versions and aliases of a function are no functions of their own.
        let parts: Vec<&str> = name.split(':').collect();
        if kind == "AWS::Lambda::Function" { parts[..parts.len().min(7)].join(":") } else { name.to_owned() }
    } else {
        let name = name.rsplit('/').next().filter(|_| kind == "AWS::SQS::Queue").unwrap_or(name);
        let scope =
            pattern.replace("{p}", exchange.partition).replace("{r}", exchange.region).replace("{a}", exchange.account);
        scope.replace("{}", name)
    };
    let owner = arn.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or(exchange.account);
    Resource { account_id: Some(owner.to_owned()), kind: Some(kind.to_owned()), arn: Some(arn), arn_prefix: None }
}

/// All tables that a data event is about.
fn of_dynamodb(exchange: &Exchange<'_>, parameters: Option<&Map<String, Value>>) -> Vec<Resource> {
    let parameters = parameters.filter(|_| exchange.operation.category() == EventCategory::Data);
    let tables = parameters.map(dynamodb::tables).unwrap_or_default();
    let table = |name: &String| named(exchange, "AWS::DynamoDB::Table", "arn:{p}:dynamodb:{r}:{a}:table/{}", name);
    tables.iter().map(table).collect()
}

/// The bucket, and for data events the object or what the keys asked for begin with.
fn of_s3(exchange: &Exchange<'_>) -> Vec<Resource> {
    let (Some(bucket), key) = s3::target(exchange) else { return Vec::new() };
    let operation = exchange.operation;
    let bucket = Bucket::new(exchange, &bucket);
    match key {
        _ if operation.name() == "CreateBucket" => Vec::new(),
        _ if operation.category() != EventCategory::Data => vec![bucket.itself()],
        Some(key) => vec![bucket.object(&key), bucket.itself()],
        None => {
            let prefix = Pairs::of(exchange.request).find(|(name, _)| name == "prefix").map(|(_, prefix)| prefix);
            vec![bucket.below(&prefix.unwrap_or_default()), bucket.itself()]
        }
    }
}

/// An object of the bucket that a call is about, and the bucket.
pub(super) fn of_object(exchange: &Exchange<'_>, key: &str) -> Vec<Resource> {
    let Some(bucket) = s3::bucket(exchange) else { return Vec::new() };
    let bucket = Bucket::new(exchange, &bucket);
    vec![bucket.object(key), bucket.itself()]
}

/// A bucket, of S3 or of S3 Express.
struct Bucket<'e> {
    account: &'e str,
    arn: String,
    kind: &'static str,
    object_kind: &'static str,
}

impl<'e> Bucket<'e> {
    fn new(exchange: &Exchange<'e>, name: &str) -> Self {
        let Exchange { account, region, partition, .. } = exchange;
        let (arn, kind, object_kind) = if name.ends_with("--x-s3") {
            let arn = format!("arn:{partition}:s3express:{region}:{account}:bucket/{name}");
            (arn, "AWS::S3Express::DirectoryBucket", "AWS::S3Express::Object")
        } else {
            (format!("arn:{partition}:s3:::{name}"), "AWS::S3::Bucket", "AWS::S3::Object")
        };
        Self { account, arn, kind, object_kind }
    }

    fn itself(&self) -> Resource {
        let account_id = Some(self.account.to_owned());
        Resource { account_id, kind: Some(self.kind.to_owned()), arn: Some(self.arn.clone()), arn_prefix: None }
    }

    fn object(&self, key: &str) -> Resource {
        let arn = Some(format!("{}/{key}", self.arn));
        Resource { account_id: None, kind: Some(self.object_kind.to_owned()), arn, arn_prefix: None }
    }

    /// The objects whose keys begin with `prefix`.
    fn below(&self, prefix: &str) -> Resource {
        let Resource { account_id, kind, arn, .. } = self.object(prefix);
        Resource { account_id, kind, arn: None, arn_prefix: arn }
    }
}
