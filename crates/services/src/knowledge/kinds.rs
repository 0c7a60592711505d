//! Which operations only read, and which are recorded as data events.

use crate::table::{Head, Operation};

/// An operation whose name begins with one of these reads.
const READING: [&str; 22] = [
    "BatchCheck",
    "BatchDescribe",
    "BatchGet",
    "Check",
    "Count",
    "Describe",
    "Detect",
    "Discover",
    "Download",
    "Estimate",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Retrieve",
    "Scan",
    "Search",
    "Select",
    "Simulate",
    "Validate",
];

/// Where records say otherwise than the name, the method and the model: service, operations, whether they only read.
const EXCEPTIONS: [(&str, &[&str], bool); 8] = [
    ("bedrock-runtime", &["InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"], true),
    ("cognito-identity", &["GetCredentialsForIdentity"], false),
    ("dynamodb", &["TransactGetItems"], true),
    (
        "kms",
        &[
            "Decrypt",
            "DeriveSharedSecret",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateMac",
            "GenerateRandom",
            "ReEncrypt",
            "Sign",
            "Verify",
            "VerifyMac",
        ],
        true,
    ),
    ("s3", &["CreateSession", "SelectObjectContent"], true),
    ("sqs", &["ReceiveMessage"], true),
    ("sts", &["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "DecodeAuthorizationMessage"], true),
    ("sts", &["GetFederationToken", "GetSessionToken"], false),
];

/// Reads whose answers stand in their records, which those of other reads don't.
const SHOWN_READS: [(&str, &[&str]); 7] = [
    ("acm", &["ListCertificates"]),
    ("athena", &["ListWorkGroups"]),
    ("directconnect", &["DescribeDirectConnectGateways", "DescribeLags"]),
    ("elbv2", &["DescribeTargetGroups"]),
    (
        "redshift",
        &[
            "DescribeAccountAttributes",
            "DescribeClusterDbRevisions",
            "DescribeClusters",
            "DescribeEventCategories",
            "DescribeEventSubscriptions",
            "DescribeHsmClientCertificates",
            "DescribeHsmConfigurations",
            "DescribeOrderableClusterOptions",
            "DescribeStorage",
        ],
    ),
    ("sagemaker", &["ListLabelingJobs", "ListWorkteams"]),
    ("sts", &["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]),
];

/// The operations that are recorded as data events; a service without a list has none. Documented with each `resources.type` that
/// event selectors take.
const DATA_EVENTS: [(&str, &[&str]); 28] = [
    ("appconfigdata", &["GetLatestConfiguration", "StartConfigurationSession"]),
    ("bedrock-agent-runtime", &["InvokeAgent", "InvokeFlow", "InvokeInlineAgent", "Retrieve", "RetrieveAndGenerate"]),
    (
        "bedrock-runtime",
        &[
            "ApplyGuardrail",
            "GetAsyncInvoke",
            "InvokeModelWithBidirectionalStream",
            "ListAsyncInvokes",
            "StartAsyncInvoke",
        ],
    ),
    ("cloudtrail-data", &["PutAuditEvents"]),
    ("cloudwatch", &["GetMetricData", "GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics", "PutMetricData"]),
    (
        "cognito-identity",
        &[
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "GetOpenIdTokenForDeveloperIdentity",
            "UnlinkIdentity",
        ],
    ),
    (
        "dynamodb",
        &[
            "BatchExecuteStatement",
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "ExecuteStatement",
            "ExecuteTransaction",
            "GetItem",
            "PutItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        ],
    ),
    ("dynamodbstreams", &["GetRecords", "GetShardIterator"]),
    ("ebs", &["GetSnapshotBlock", "ListChangedBlocks", "ListSnapshotBlocks", "PutSnapshotBlock"]),
    ("events", &["PutEvents"]),
    ("firehose", &["PutRecord", "PutRecordBatch"]),
    ("iot-data", &["GetThingShadow", "UpdateThingShadow", "DeleteThingShadow", "ListNamedShadowsForThing"]),
    ("kinesis", &["GetRecords", "GetShardIterator", "ListShards", "PutRecord", "PutRecords", "SubscribeToShard"]),
    (
        "kinesis-video-archived-media",
        &["GetClip", "GetDASHStreamingSessionURL", "GetHLSStreamingSessionURL", "GetImages"],
    ),
    ("kinesis-video-media", &["GetMedia"]),
    ("lambda", &["Invoke", "InvokeAsync", "InvokeWithResponseStream"]),
    ("medical-imaging", &["GetImageFrame", "GetImageSet", "GetImageSetMetadata", "SearchImageSets"]),
    ("neptune-graph", &["CancelQuery", "ExecuteQuery", "GetGraphSummary", "GetQuery", "ListQueries"]),
    ("qbusiness", &["Chat", "ChatSync", "ListConversations", "ListMessages", "PutFeedback"]),
    ("rum", &["PutRumEvents"]),
    (
        "s3",
        &[
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "CreateSession",
            "DeleteObject",
            "DeleteObjectAnnotation",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAnnotation",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "GetObjectTorrent",
            "HeadBucket",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectAnnotations",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "PutObjectAcl",
            "PutObjectAnnotation",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RenameObject",
            "RestoreObject",
            "SelectObjectContent",
            "UpdateObjectEncryption",
            "UploadPart",
            "UploadPartCopy",
            "WriteGetObjectResponse",
        ],
    ),
    ("sagemaker-featurestore-runtime", &["BatchGetRecord", "DeleteRecord", "GetRecord", "PutRecord"]),
    ("sagemaker-runtime", &["InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"]),
    (
        "sdb",
        &[
            "BatchDeleteAttributes",
            "BatchPutAttributes",
            "DeleteAttributes",
            "GetAttributes",
            "PutAttributes",
            "Select",
        ],
    ),
    ("servicediscovery", &["DiscoverInstances", "DiscoverInstancesRevision"]),
    ("sns", &["Publish", "PublishBatch"]),
    (
        "sqs",
        &[
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        ],
    ),
    ("xray", &["GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments"]),
];

pub(crate) fn is_read_only(head: &Head, operation: &Operation) -> bool {
    let exception =
        EXCEPTIONS.iter().find(|(service, names, _)| *service == head.name && names.contains(&operation.name));
    match exception {
        Some((_, _, reads)) => *reads,
        None => operation.is_readonly || has_reading_name(operation.name) || matches!(operation.method, "GET" | "HEAD"),
    }
}

/// Services whose data events never have `responseElements`: these would be what is stored, or a function's log.
const SILENT_DATA: [&str; 2] = ["dynamodb", "lambda"];

/// Do records have `responseElements`?
pub(crate) fn shows_answer(head: &Head, operation: &Operation) -> bool {
    if SILENT_DATA.contains(&head.name) && is_data_event(head, operation) {
        return false;
    }
    !is_read_only(head, operation) || is_listed(&SHOWN_READS, head, operation)
}

fn is_listed(lists: &[(&str, &[&str])], head: &Head, operation: &Operation) -> bool {
    lists.iter().any(|(service, names)| *service == head.name && names.contains(&operation.name))
}

/// Does a name begin with a whole word of [`READING`]? (`Checkout` doesn't check.)
fn has_reading_name(name: &str) -> bool {
    let is_word = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_lowercase());
    READING.iter().any(|verb| name.strip_prefix(verb).is_some_and(is_word))
}

pub(crate) fn is_data_event(head: &Head, operation: &Operation) -> bool {
    is_listed(&DATA_EVENTS, head, operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    #[test]
    fn every_name_is_of_an_operation_there_is() {
        let lists = EXCEPTIONS.iter().map(|(service, names, _)| (service, names));
        for (service, names) in
            lists.chain(DATA_EVENTS.iter().chain(&SHOWN_READS).map(|(service, names)| (service, names)))
        {
            let head = Table::embedded().heads.iter().find(|head| head.name == *service).expect(service);
            for name in *names {
                assert!(head.model().operation(name).is_some(), "{service} {name}");
            }
        }
    }

    #[test]
    fn what_a_transaction_or_statement_does_is_told_as_records_tell_it() {
        let head = Table::embedded().heads.iter().find(|head| head.name == "dynamodb").expect("DynamoDB");
        let reads = |name: &str| is_read_only(head, head.model().operation(name).expect("an operation"));
        assert!(reads("TransactGetItems") && reads("BatchGetItem"));
        // Also of a SELECT.
        assert!(!reads("ExecuteStatement") && !reads("TransactWriteItems"));
    }

    #[test]
    fn few_reads_show_their_answers() {
        let shown = |service: &str, name: &str| {
            let head = Table::embedded().heads.iter().find(|head| head.name == service).expect(service);
            shows_answer(head, head.model().operation(name).expect(name))
        };
        assert!(shown("sts", "AssumeRole") && shown("iam", "CreateUser") && shown("dynamodb", "CreateTable"));
        assert!(!shown("sts", "GetCallerIdentity") && !shown("iam", "ListUsers"));
        assert!(!shown("dynamodb", "PutItem") && !shown("dynamodb", "ExecuteStatement"));
        assert!(!shown("lambda", "Invoke") && shown("lambda", "CreateFunction"));
    }

    #[test]
    fn words_are_whole() {
        assert!(has_reading_name("GetUser") && has_reading_name("Scan") && has_reading_name("BatchGetItem"));
        assert!(!has_reading_name("CheckoutLicense") && !has_reading_name("Listen") && !has_reading_name("CreateUser"));
    }
}
