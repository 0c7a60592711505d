//! The long tail: hundreds of operations that are called now and then.

use super::{Operation, read, write};

/// A service, and the nouns its operations are about.
const NOUNS: &[(&str, &[&str])] = &[
    (
        "ec2",
        &[
            "CustomerGateway",
            "DhcpOptions",
            "EgressOnlyInternetGateway",
            "FlowLog",
            "InternetGateway",
            "KeyPair",
            "LaunchTemplate",
            "NetworkAcl",
            "PlacementGroup",
            "TransitGateway",
            "VpcEndpoint",
            "VpcPeeringConnection",
            "VpnConnection",
        ],
    ),
    (
        "rds",
        &[
            "DBCluster",
            "DBClusterSnapshot",
            "DBParameterGroup",
            "DBProxy",
            "DBSubnetGroup",
            "EventSubscription",
            "OptionGroup",
        ],
    ),
    (
        "iam",
        &["Group", "InstanceProfile", "LoginProfile", "OpenIDConnectProvider", "SAMLProvider", "ServerCertificate"],
    ),
    ("glue", &["Crawler", "Database", "Job", "Partition", "Trigger", "Workflow"]),
    ("sagemaker", &["Endpoint", "EndpointConfig", "Model", "NotebookInstance", "ProcessingJob", "TrainingJob"]),
    ("wafv2", &["IPSet", "LoggingConfiguration", "RuleGroup", "WebACL"]),
    ("backup", &["BackupJob", "BackupPlan", "BackupVault", "RecoveryPoint"]),
    ("redshift", &["Cluster", "ClusterParameterGroup", "ClusterSnapshot"]),
    ("es", &["Domain", "Package", "VpcEndpoint"]),
    ("elasticache", &["CacheCluster", "CacheSubnetGroup", "ReplicationGroup", "Snapshot"]),
    ("kafka", &["Cluster", "Configuration", "Replicator"]),
    ("apigateway", &["ApiKey", "Deployment", "DomainName", "RestApi", "Stage", "UsagePlan"]),
    ("acm", &["Certificate"]),
    ("codepipeline", &["Pipeline", "PipelineExecution", "Webhook"]),
    ("servicediscovery", &["Instance", "Namespace", "Service"]),
    ("batch", &["ComputeEnvironment", "Job", "JobDefinition", "JobQueue"]),
    ("transfer", &["Access", "Server", "User"]),
    ("appconfig", &["Application", "ConfigurationProfile", "Deployment", "Environment"]),
    ("inspector2", &["Coverage", "Filter", "Finding"]),
    ("access-analyzer", &["Analyzer", "ArchiveRule", "Finding"]),
    ("quicksight", &["Analysis", "Dashboard", "DataSet"]),
    ("firehose", &["DeliveryStream"]),
    ("kinesis", &["Stream", "StreamConsumer"]),
    ("eks", &["Addon", "FargateProfile", "Nodegroup"]),
];

/// Each of them with its name; the weights fall as the list goes on.
pub(super) fn all() -> impl Iterator<Item = (Operation, String)> {
    let nouns = NOUNS.iter().flat_map(|(service, nouns)| nouns.iter().map(move |noun| (*service, *noun)));
    nouns.enumerate().flat_map(|(place, (service, noun))| {
        let weight = 14_000 / (place as u64 + 4);
        [
            (read(service, "", weight).asks(r#"{"maxResults":100}"#), format!("List{noun}s")),
            (read(service, "", weight * 2).asks(r#"{"name":"<resource>"}"#).fails(MISSING), format!("Describe{noun}")),
            (
                read(service, "", weight).asks(r#"{"name":"<resource>","includeDetails":true}"#).fails(MISSING),
                format!("Get{noun}"),
            ),
            (write(service, "", weight / 8 + 1).asks(CREATE).answers(CREATED), format!("Create{noun}")),
            (write(service, "", weight / 10 + 1).asks(CREATE).answers(CREATED).fails(MISSING), format!("Update{noun}")),
            (
                write(service, "", weight / 12 + 1).asks(r#"{"name":"<resource>"}"#).fails(MISSING),
                format!("Delete{noun}"),
            ),
        ]
    })
}

const MISSING: &[(&str, &str)] = &[("ResourceNotFoundException", "The resource <resource> was not found.")];
const CREATE: &str = r#"{"name":"<resource>","description":"<words>","roleArn":"arn:aws:iam::<account>:role/<role>","settings":{"retention":<small>,"encrypted":true,"kmsKeyId":"<kms>"},"tags":[{"key":"stack","value":"<stack>"}],"clientToken":"<uuid>"}"#;
const CREATED: &str = r#"{"name":"<resource>","id":"<hex>","status":"CREATING","createdAt":"<time>","roleArn":"arn:aws:iam::<account>:role/<role>"}"#;
