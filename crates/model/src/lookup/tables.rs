//! Which members of which service's calls name which resources.
//!
//! Types as in CloudTrail's user guide, "Resource types supported by CloudTrail Event history"; those of CloudTrail, IAM,
//! STS, EC2 and S3 as seen in answers of the service, the others in their manner. A path's members are joined by dots
//! and arrays in between are looked through. Members are in the first letter's lower case, as records have them.

mod ec2;
mod identity;

use self::ec2::EC2;
use self::identity::{IAM, STS};

/// Where a member is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// In `requestParameters`.
    Request,
    /// In `responseElements`.
    Response,
}

/// One member that names a resource.
#[derive(Debug)]
pub(super) struct Rule {
    /// What the names of the calls have in common; all calls when it is empty.
    pub(super) calls: &'static str,
    /// Where it is.
    pub(super) from: From,
    /// The way to it.
    pub(super) path: &'static str,
    /// The type of the resource.
    pub(super) kind: &'static str,
}

/// The rules of a service, in the order in which its resources are listed.
#[derive(Debug)]
pub(super) struct Service {
    /// Calls that only read name nothing (seen with IAM).
    pub(super) skips_reads: bool,
    /// The rules.
    pub(super) rules: &'static [Rule],
}

const fn asked(path: &'static str, kind: &'static str) -> Rule {
    Rule { calls: "", from: From::Request, path, kind }
}

const fn told(path: &'static str, kind: &'static str) -> Rule {
    Rule { calls: "", from: From::Response, path, kind }
}

/// As [`asked`], of the calls only whose names contain `calls`.
const fn asked_by(calls: &'static str, path: &'static str, kind: &'static str) -> Rule {
    Rule { calls, from: From::Request, path, kind }
}

/// The rules of an event source such as `iam.amazonaws.com`.
pub(super) fn service(event_source: &str) -> Option<&'static Service> {
    let name = event_source.strip_suffix(".amazonaws.com")?;
    SERVICES.binary_search_by_key(&name, |(name, _)| name).ok().map(|place| &SERVICES[place].1)
}

const fn all(rules: &'static [Rule]) -> Service {
    Service { skips_reads: false, rules }
}

/// By name, sorted.
static SERVICES: &[(&str, Service)] = &[
    ("acm", all(&[asked("certificateArn", ACM), told("certificateArn", ACM)])),
    ("apigateway", all(&[asked("restApiId", "AWS::ApiGateway::RestApi"), asked("apiId", "AWS::ApiGatewayV2::Api")])),
    (
        "athena",
        all(&[asked("workGroup", "AWS::Athena::WorkGroup"), asked_by("WorkGroup", "name", "AWS::Athena::WorkGroup")]),
    ),
    ("autoscaling", all(AUTO_SCALING)),
    (
        "backup",
        all(&[asked("backupVaultName", "AWS::Backup::BackupVault"), asked("backupPlanId", "AWS::Backup::BackupPlan")]),
    ),
    (
        "cloudformation",
        all(&[
            asked("stackName", STACK),
            told("stackId", STACK),
            asked("stackSetName", "AWS::CloudFormation::StackSet"),
        ]),
    ),
    ("cloudfront", all(&[asked_by("Distribution", "id", DISTRIBUTION), told("distribution.id", DISTRIBUTION)])),
    ("cloudtrail", all(CLOUD_TRAIL)),
    (
        "codebuild",
        all(&[asked("projectName", "AWS::CodeBuild::Project"), asked_by("Project", "name", "AWS::CodeBuild::Project")]),
    ),
    (
        "config",
        all(&[
            asked("configRuleName", "AWS::Config::ConfigRule"),
            asked("configRule.configRuleName", "AWS::Config::ConfigRule"),
            asked("configurationRecorderName", "AWS::Config::ConfigurationRecorder"),
            asked("configurationRecorder.name", "AWS::Config::ConfigurationRecorder"),
            asked("deliveryChannelName", "AWS::Config::DeliveryChannel"),
        ]),
    ),
    ("dynamodb", all(&[asked("tableName", TABLE), told("tableDescription.tableArn", TABLE)])),
    ("ec2", all(EC2)),
    ("ec2-instance-connect", all(&[asked("instanceId", INSTANCE)])),
    (
        "ecr",
        all(&[
            asked("repositoryName", "AWS::ECR::Repository"),
            told("repository.repositoryArn", "AWS::ECR::Repository"),
        ]),
    ),
    (
        "ecs",
        all(&[
            asked("cluster", "AWS::ECS::Cluster"),
            asked("clusterName", "AWS::ECS::Cluster"),
            told("cluster.clusterArn", "AWS::ECS::Cluster"),
            asked("service", "AWS::ECS::Service"),
            asked("serviceName", "AWS::ECS::Service"),
            told("service.serviceArn", "AWS::ECS::Service"),
            asked("taskDefinition", "AWS::ECS::TaskDefinition"),
            told("taskDefinition.taskDefinitionArn", "AWS::ECS::TaskDefinition"),
            asked("task", "AWS::ECS::Task"),
        ]),
    ),
    (
        "eks",
        all(&[
            asked("clusterName", "AWS::EKS::Cluster"),
            asked_by("Cluster", "name", "AWS::EKS::Cluster"),
            told("cluster.arn", "AWS::EKS::Cluster"),
            asked("nodegroupName", "AWS::EKS::Nodegroup"),
        ]),
    ),
    (
        "elasticache",
        all(&[
            asked("cacheClusterId", "AWS::ElastiCache::CacheCluster"),
            asked("replicationGroupId", "AWS::ElastiCache::ReplicationGroup"),
        ]),
    ),
    (
        "elasticfilesystem",
        all(&[asked("fileSystemId", "AWS::EFS::FileSystem"), told("fileSystemId", "AWS::EFS::FileSystem")]),
    ),
    ("elasticloadbalancing", all(LOAD_BALANCING)),
    ("es", all(&[asked("domainName", "AWS::Elasticsearch::Domain")])),
    (
        "events",
        all(&[
            asked_by("Rule", "name", "AWS::Events::Rule"),
            asked("rule", "AWS::Events::Rule"),
            told("ruleArn", "AWS::Events::Rule"),
            asked_by("EventBus", "name", "AWS::Events::EventBus"),
        ]),
    ),
    ("firehose", all(&[asked("deliveryStreamName", "AWS::KinesisFirehose::DeliveryStream")])),
    (
        "glue",
        all(&[
            asked("databaseName", "AWS::Glue::Database"),
            asked("tableName", "AWS::Glue::Table"),
            asked("jobName", "AWS::Glue::Job"),
        ]),
    ),
    (
        "guardduty",
        all(&[asked("detectorId", "AWS::GuardDuty::Detector"), told("detectorId", "AWS::GuardDuty::Detector")]),
    ),
    ("iam", Service { skips_reads: true, rules: IAM }),
    ("kinesis", all(&[asked("streamName", "AWS::Kinesis::Stream")])),
    (
        "kms",
        all(&[
            asked("keyId", KEY),
            told("keyMetadata.keyId", KEY),
            told("keyMetadata.arn", KEY),
            asked("targetKeyId", KEY),
            asked("aliasName", "AWS::KMS::Alias"),
        ]),
    ),
    (
        "lambda",
        all(&[
            asked("functionName", FUNCTION),
            told("functionName", FUNCTION),
            told("functionArn", FUNCTION),
            asked("layerName", "AWS::Lambda::LayerVersion"),
        ]),
    ),
    (
        "logs",
        all(&[
            asked("logGroupName", LOG_GROUP),
            asked("logGroupNames", LOG_GROUP),
            asked("logGroupIdentifier", LOG_GROUP),
            asked("logStreamName", "AWS::Logs::LogStream"),
        ]),
    ),
    (
        "monitoring",
        all(&[
            asked("alarmName", ALARM),
            asked("alarmNames", ALARM),
            asked("dashboardName", "AWS::CloudWatch::Dashboard"),
        ]),
    ),
    (
        "organizations",
        all(&[asked("accountId", "AWS::Organizations::Account"), asked("policyId", "AWS::Organizations::Policy")]),
    ),
    ("rds", all(RDS)),
    ("redshift", all(&[asked("clusterIdentifier", "AWS::Redshift::Cluster")])),
    (
        "route53",
        all(&[
            asked("hostedZoneId", "AWS::Route53::HostedZone"),
            asked_by("HostedZone", "id", "AWS::Route53::HostedZone"),
            told("hostedZone.id", "AWS::Route53::HostedZone"),
        ]),
    ),
    ("s3", all(&[asked("bucketName", "AWS::S3::Bucket"), asked("bucket", "AWS::S3::Bucket")])),
    (
        "sagemaker",
        all(&[
            asked("notebookInstanceName", "AWS::SageMaker::NotebookInstance"),
            asked("endpointName", "AWS::SageMaker::Endpoint"),
            asked("modelName", "AWS::SageMaker::Model"),
        ]),
    ),
    (
        "secretsmanager",
        all(&[
            asked("secretId", SECRET),
            asked_by("CreateSecret", "name", SECRET),
            told("arn", SECRET),
            told("aRN", SECRET),
        ]),
    ),
    (
        "sns",
        all(&[
            asked_by("CreateTopic", "name", TOPIC),
            asked("topicArn", TOPIC),
            told("topicArn", TOPIC),
            asked("subscriptionArn", "AWS::SNS::Subscription"),
            told("subscriptionArn", "AWS::SNS::Subscription"),
        ]),
    ),
    ("sqs", all(&[asked("queueName", QUEUE), asked("queueUrl", QUEUE), told("queueUrl", QUEUE)])),
    (
        "ssm",
        all(&[
            asked_by("Parameter", "name", PARAMETER),
            asked_by("Parameter", "names", PARAMETER),
            asked_by("Document", "name", DOCUMENT),
            asked("documentName", DOCUMENT),
            asked("instanceId", INSTANCE),
            asked("instanceIds", INSTANCE),
            asked_by("StartSession", "target", INSTANCE),
        ]),
    ),
    (
        "states",
        all(&[
            asked("stateMachineArn", "AWS::StepFunctions::StateMachine"),
            told("stateMachineArn", "AWS::StepFunctions::StateMachine"),
        ]),
    ),
    ("sts", all(STS)),
];

const ACM: &str = "AWS::CertificateManager::Certificate";
const ALARM: &str = "AWS::CloudWatch::Alarm";
const DISTRIBUTION: &str = "AWS::CloudFront::Distribution";
const DOCUMENT: &str = "AWS::SSM::Document";
const FUNCTION: &str = "AWS::Lambda::Function";
const INSTANCE: &str = "AWS::EC2::Instance";
const KEY: &str = "AWS::KMS::Key";
const LOG_GROUP: &str = "AWS::Logs::LogGroup";
const PARAMETER: &str = "AWS::SSM::Parameter";
const QUEUE: &str = "AWS::SQS::Queue";
const SECRET: &str = "AWS::SecretsManager::Secret";
const STACK: &str = "AWS::CloudFormation::Stack";
const TABLE: &str = "AWS::DynamoDB::Table";
const TOPIC: &str = "AWS::SNS::Topic";

/// Trails as they were called, by name or by ARN (seen).
const CLOUD_TRAIL: &[Rule] = {
    const TRAIL: &str = "AWS::CloudTrail::Trail";
    const STORE: &str = "AWS::CloudTrail::EventDataStore";
    const CHANNEL: &str = "AWS::CloudTrail::Channel";
    &[
        asked_by("Trail", "name", TRAIL),
        asked_by("Logging", "name", TRAIL),
        asked("trailName", TRAIL),
        asked("trailNameList", TRAIL),
        asked_by("Tags", "resourceId", TRAIL),
        asked_by("Tags", "resourceIdList", TRAIL),
        asked_by("EventDataStore", "name", STORE),
        asked("eventDataStore", STORE),
        told("eventDataStoreArn", STORE),
        asked_by("Channel", "name", CHANNEL),
        asked("channel", CHANNEL),
        told("channelArn", CHANNEL),
    ]
};

const AUTO_SCALING: &[Rule] = {
    const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
    const CONFIGURATION: &str = "AWS::AutoScaling::LaunchConfiguration";
    const POLICY: &str = "AWS::AutoScaling::ScalingPolicy";
    &[
        asked("autoScalingGroupName", GROUP),
        asked("autoScalingGroupNames", GROUP),
        asked("launchConfigurationName", CONFIGURATION),
        asked("launchConfigurationNames", CONFIGURATION),
        asked("policyName", POLICY),
        told("policyARN", POLICY),
        asked("instanceId", INSTANCE),
        asked("instanceIds", INSTANCE),
    ]
};

const LOAD_BALANCING: &[Rule] = {
    const CLASSIC: &str = "AWS::ElasticLoadBalancing::LoadBalancer";
    const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    const TARGETS: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
    const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";
    &[
        asked("loadBalancerName", CLASSIC),
        asked("loadBalancerNames", CLASSIC),
        asked_by("CreateLoadBalancer", "name", BALANCER),
        asked("loadBalancerArn", BALANCER),
        told("loadBalancers.loadBalancerArn", BALANCER),
        asked_by("CreateTargetGroup", "name", TARGETS),
        asked("targetGroupArn", TARGETS),
        told("targetGroups.targetGroupArn", TARGETS),
        asked("listenerArn", LISTENER),
        told("listeners.listenerArn", LISTENER),
        asked("instances.instanceId", INSTANCE),
    ]
};

const RDS: &[Rule] = {
    const DB_INSTANCE: &str = "AWS::RDS::DBInstance";
    const CLUSTER: &str = "AWS::RDS::DBCluster";
    const SNAPSHOT: &str = "AWS::RDS::DBSnapshot";
    const CLUSTER_SNAPSHOT: &str = "AWS::RDS::DBClusterSnapshot";
    &[
        asked("dBInstanceIdentifier", DB_INSTANCE),
        told("dBInstanceIdentifier", DB_INSTANCE),
        told("dBInstanceArn", DB_INSTANCE),
        asked("dBClusterIdentifier", CLUSTER),
        told("dBClusterArn", CLUSTER),
        asked("dBSnapshotIdentifier", SNAPSHOT),
        told("dBSnapshotArn", SNAPSHOT),
        asked("dBClusterSnapshotIdentifier", CLUSTER_SNAPSHOT),
        asked("dBSubnetGroupName", "AWS::RDS::DBSubnetGroup"),
        asked("dBParameterGroupName", "AWS::RDS::DBParameterGroup"),
        asked("dBSecurityGroupName", "AWS::RDS::DBSecurityGroup"),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_sorted_and_named_once() {
        assert!(SERVICES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(service("iam.amazonaws.com").is_some_and(|iam| iam.skips_reads));
        assert!(service("iam").is_none());
    }

    #[test]
    fn no_rule_comes_twice() {
        for (name, service) in SERVICES {
            for (place, rule) in service.rules.iter().enumerate() {
                let same = |other: &&Rule| {
                    (other.calls, other.from, other.path, other.kind) == (rule.calls, rule.from, rule.path, rule.kind)
                };
                assert!(service.rules[..place].iter().find(same).is_none(), "{name}: {rule:?}");
            }
        }
    }
}
