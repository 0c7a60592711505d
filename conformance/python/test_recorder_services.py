"""Scripted sessions of many services go through the recorder to moto: each call is found, and nothing else."""

import json
import re

import pytest

from recorder import ALICE, attempt, counted, recorder
from server import ACCOUNT
from upstreams import Moto

pytest.importorskip("moto", reason="SKIPPED: moto is not installed")

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
ASSUME = json.dumps({"Version": "2012-10-17", "Statement": []})
MACHINE = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
TEMPLATE = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
ABSENT = "11111111-1111-1111-1111-111111111111"

# For each service the calls of its session: a method of boto3, and its parameters, or a function of the answers so far.
# Each session makes something, reads it, asks for what isn't there, and removes what it made.
SESSIONS = {
    "acm": [
        ("request_certificate", {"DomainName": "example.com"}),
        ("describe_certificate", lambda r: {"CertificateArn": r["request_certificate"]["CertificateArn"]}),
        ("describe_certificate", {"CertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/{ABSENT}"}),
        ("delete_certificate", lambda r: {"CertificateArn": r["request_certificate"]["CertificateArn"]}),
    ],
    "apigateway": [
        ("create_rest_api", {"name": "api"}),
        ("get_rest_api", lambda r: {"restApiId": r["create_rest_api"]["id"]}),
        ("get_rest_api", {"restApiId": "absent"}),
        ("delete_rest_api", lambda r: {"restApiId": r["create_rest_api"]["id"]}),
    ],
    "appconfig": [
        ("create_application", {"Name": "app"}),
        ("get_application", lambda r: {"ApplicationId": r["create_application"]["Id"]}),
        ("get_application", {"ApplicationId": "absent1"}),
        ("delete_application", lambda r: {"ApplicationId": r["create_application"]["Id"]}),
    ],
    "athena": [
        ("create_work_group", {"Name": "wg"}),
        ("get_work_group", {"WorkGroup": "wg"}),
        ("get_named_query", {"NamedQueryId": ABSENT}),
        ("delete_work_group", {"WorkGroup": "wg"}),
    ],
    "autoscaling": [
        ("create_launch_configuration", {"LaunchConfigurationName": "lc", "ImageId": "ami-1", "InstanceType": "t2.micro"}),
        ("describe_launch_configurations", {"LaunchConfigurationNames": ["lc"]}),
        ("delete_auto_scaling_group", {"AutoScalingGroupName": "absent"}),
        ("delete_launch_configuration", {"LaunchConfigurationName": "lc"}),
    ],
    "backup": [
        ("create_backup_vault", {"BackupVaultName": "vault"}),
        ("describe_backup_vault", {"BackupVaultName": "vault"}),
        ("get_backup_plan", {"BackupPlanId": ABSENT}),
        ("delete_backup_vault", {"BackupVaultName": "vault"}),
    ],
    "cloudformation": [
        ("create_stack", {"StackName": "stack", "TemplateBody": TEMPLATE}),
        ("describe_stacks", {"StackName": "stack"}),
        ("describe_stacks", {"StackName": "absent"}),
        ("delete_stack", {"StackName": "stack"}),
    ],
    "cloudwatch": [
        ("put_metric_alarm", {"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
                              "MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum", "Threshold": 1.0}),
        ("describe_alarms", {"AlarmNames": ["a"]}),
        ("get_dashboard", {"DashboardName": "absent"}),
        ("delete_alarms", {"AlarmNames": ["a"]}),
    ],
    "codebuild": [
        ("create_project", {"name": "project", "source": {"type": "S3", "location": "b/k"},
                            "artifacts": {"type": "NO_ARTIFACTS"}, "serviceRole": ROLE,
                            "environment": {"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"}}),
        ("batch_get_projects", {"names": ["project"]}),
        ("list_builds_for_project", {"projectName": "absent"}),
        ("delete_project", {"name": "project"}),
    ],
    "codecommit": [
        ("create_repository", {"repositoryName": "repo"}),
        ("get_repository", {"repositoryName": "repo"}),
        ("get_repository", {"repositoryName": "absent"}),
        ("delete_repository", {"repositoryName": "repo"}),
    ],
    "cognito-idp": [
        ("create_user_pool", {"PoolName": "pool"}),
        ("describe_user_pool", lambda r: {"UserPoolId": r["create_user_pool"]["UserPool"]["Id"]}),
        ("describe_user_pool", {"UserPoolId": "us-east-1_absent"}),
        ("delete_user_pool", lambda r: {"UserPoolId": r["create_user_pool"]["UserPool"]["Id"]}),
    ],
    "config": [
        ("put_configuration_recorder", {"ConfigurationRecorder": {"name": "rec", "roleARN": ROLE}}),
        ("describe_configuration_recorders", {}),
        ("describe_configuration_recorders", {"ConfigurationRecorderNames": ["absent"]}),
        ("delete_configuration_recorder", {"ConfigurationRecorderName": "rec"}),
    ],
    "dynamodb": [
        ("create_table", {"TableName": "table", "BillingMode": "PAY_PER_REQUEST",
                          "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                          "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}]}),
        ("put_item", {"TableName": "table", "Item": {"k": {"S": "v"}}}),
        ("describe_table", {"TableName": "table"}),
        ("describe_table", {"TableName": "absent"}),
        ("delete_table", {"TableName": "table"}),
    ],
    "ec2": [
        ("create_vpc", {"CidrBlock": "10.0.0.0/16"}),
        ("create_subnet", lambda r: {"VpcId": r["create_vpc"]["Vpc"]["VpcId"], "CidrBlock": "10.0.1.0/24"}),
        ("describe_vpcs", lambda r: {"VpcIds": [r["create_vpc"]["Vpc"]["VpcId"]]}),
        ("describe_vpcs", {"VpcIds": ["vpc-absent"]}),
        ("delete_subnet", lambda r: {"SubnetId": r["create_subnet"]["Subnet"]["SubnetId"]}),
        ("delete_vpc", lambda r: {"VpcId": r["create_vpc"]["Vpc"]["VpcId"]}),
    ],
    "ecr": [
        ("create_repository", {"repositoryName": "images"}),
        ("describe_repositories", {"repositoryNames": ["images"]}),
        ("describe_repositories", {"repositoryNames": ["absent"]}),
        ("delete_repository", {"repositoryName": "images"}),
    ],
    "ecs": [
        ("create_cluster", {"clusterName": "cluster"}),
        ("describe_clusters", {"clusters": ["cluster"]}),
        ("list_tasks", {"cluster": "absent"}),
        ("delete_cluster", {"cluster": "cluster"}),
    ],
    "efs": [
        ("create_file_system", {"CreationToken": "t"}),
        ("describe_file_systems", {"CreationToken": "t"}),
        ("describe_file_systems", {"FileSystemId": "fs-absent"}),
        ("delete_file_system", lambda r: {"FileSystemId": r["create_file_system"]["FileSystemId"]}),
    ],
    "eks": [
        ("create_cluster", {"name": "eks", "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": ["s"]}}),
        ("describe_cluster", {"name": "eks"}),
        ("describe_cluster", {"name": "absent"}),
        ("delete_cluster", {"name": "eks"}),
    ],
    "elasticache": [
        ("create_cache_cluster", {"CacheClusterId": "cache", "Engine": "redis", "NumCacheNodes": 1}),
        ("describe_cache_clusters", {"CacheClusterId": "cache"}),
        ("describe_cache_clusters", {"CacheClusterId": "absent"}),
        ("delete_cache_cluster", {"CacheClusterId": "cache"}),
    ],
    "elbv2": [
        ("create_target_group", {"Name": "tg", "Protocol": "HTTP", "Port": 80, "VpcId": "vpc-1"}),
        ("describe_target_groups", {"Names": ["tg"]}),
        ("describe_target_groups", {"Names": ["absent"]}),
        ("describe_load_balancers", {}),
    ],
    "events": [
        ("put_rule", {"Name": "rule", "ScheduleExpression": "rate(1 day)"}),
        ("describe_rule", {"Name": "rule"}),
        ("describe_rule", {"Name": "absent"}),
        ("delete_rule", {"Name": "rule"}),
    ],
    "firehose": [
        ("create_delivery_stream", {"DeliveryStreamName": "ds", "S3DestinationConfiguration": {
            "RoleARN": ROLE, "BucketARN": "arn:aws:s3:::b"}}),
        ("describe_delivery_stream", {"DeliveryStreamName": "ds"}),
        ("describe_delivery_stream", {"DeliveryStreamName": "absent"}),
        ("delete_delivery_stream", {"DeliveryStreamName": "ds"}),
    ],
    "glue": [
        ("create_database", {"DatabaseInput": {"Name": "db"}}),
        ("get_database", {"Name": "db"}),
        ("get_database", {"Name": "absent"}),
        ("delete_database", {"Name": "db"}),
    ],
    "guardduty": [
        ("create_detector", {"Enable": True}),
        ("get_detector", lambda r: {"DetectorId": r["create_detector"]["DetectorId"]}),
        ("get_detector", {"DetectorId": "absent"}),
        ("delete_detector", lambda r: {"DetectorId": r["create_detector"]["DetectorId"]}),
    ],
    "iam": [
        ("create_role", {"RoleName": "r", "AssumeRolePolicyDocument": ASSUME}),
        ("get_role", {"RoleName": "r"}),
        ("get_role", {"RoleName": "absent"}),
        ("delete_role", {"RoleName": "r"}),
    ],
    "iot": [
        ("create_thing", {"thingName": "thing"}),
        ("describe_thing", {"thingName": "thing"}),
        ("describe_thing", {"thingName": "absent"}),
        ("delete_thing", {"thingName": "thing"}),
    ],
    "kinesis": [
        ("create_stream", {"StreamName": "stream", "ShardCount": 1}),
        ("describe_stream_summary", {"StreamName": "stream"}),
        ("describe_stream_summary", {"StreamName": "absent"}),
        ("delete_stream", {"StreamName": "stream"}),
    ],
    "kms": [
        ("create_key", {}),
        ("describe_key", lambda r: {"KeyId": r["create_key"]["KeyMetadata"]["KeyId"]}),
        ("describe_key", {"KeyId": ABSENT}),
        ("schedule_key_deletion", lambda r: {"KeyId": r["create_key"]["KeyMetadata"]["KeyId"], "PendingWindowInDays": 7}),
    ],
    "lambda": [
        ("create_event_source_mapping", {"FunctionName": "absent", "EventSourceArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}),
        ("list_functions", {}),
        ("get_function", {"FunctionName": "absent"}),
        ("delete_function", {"FunctionName": "absent"}),
    ],
    "logs": [
        ("create_log_group", {"logGroupName": "group"}),
        ("describe_log_groups", {"logGroupNamePrefix": "group"}),
        ("delete_log_group", {"logGroupName": "absent"}),
        ("delete_log_group", {"logGroupName": "group"}),
    ],
    "organizations": [
        ("create_organization", {"FeatureSet": "ALL"}),
        ("describe_organization", {}),
        ("describe_account", {"AccountId": "000000000000"}),
        ("delete_organization", {}),
    ],
    "rds": [
        ("create_db_instance", {"DBInstanceIdentifier": "db", "DBInstanceClass": "db.t3.micro", "Engine": "mysql",
                                "MasterUsername": "admin", "MasterUserPassword": "very-secret", "AllocatedStorage": 20}),
        ("describe_db_instances", {"DBInstanceIdentifier": "db"}),
        ("describe_db_instances", {"DBInstanceIdentifier": "absent"}),
        ("delete_db_instance", {"DBInstanceIdentifier": "db", "SkipFinalSnapshot": True}),
    ],
    "redshift": [
        ("create_cluster", {"ClusterIdentifier": "rs", "NodeType": "ra3.large", "MasterUsername": "admin",
                            "MasterUserPassword": "Very-secret1"}),
        ("describe_clusters", {"ClusterIdentifier": "rs"}),
        ("describe_clusters", {"ClusterIdentifier": "absent"}),
        ("delete_cluster", {"ClusterIdentifier": "rs", "SkipFinalClusterSnapshot": True}),
    ],
    "resource-groups": [
        ("create_group", {"Name": "rg", "ResourceQuery": {"Type": "TAG_FILTERS_1_0", "Query": "{}"}}),
        ("get_group", {"GroupName": "rg"}),
        ("list_groups", {}),
        ("delete_group", {"GroupName": "rg"}),
    ],
    "route53": [
        ("create_hosted_zone", {"Name": "example.com", "CallerReference": "1"}),
        ("get_hosted_zone", lambda r: {"Id": r["create_hosted_zone"]["HostedZone"]["Id"]}),
        ("get_hosted_zone", {"Id": "ABSENT"}),
        ("delete_hosted_zone", lambda r: {"Id": r["create_hosted_zone"]["HostedZone"]["Id"]}),
    ],
    "s3": [
        ("create_bucket", {"Bucket": "sessions"}),
        ("put_object", {"Bucket": "sessions", "Key": "k", "Body": b"hello"}),
        ("get_object", {"Bucket": "sessions", "Key": "absent"}),
        ("get_bucket_policy", {"Bucket": "sessions"}),
        ("list_buckets", {}),
        ("delete_object", {"Bucket": "sessions", "Key": "k"}),
        ("delete_bucket", {"Bucket": "sessions"}),
    ],
    "secretsmanager": [
        ("create_secret", {"Name": "secret", "SecretString": "very-secret"}),
        ("get_secret_value", {"SecretId": "secret"}),
        ("describe_secret", {"SecretId": "absent"}),
        ("delete_secret", {"SecretId": "secret", "ForceDeleteWithoutRecovery": True}),
    ],
    "servicediscovery": [
        ("create_http_namespace", {"Name": "ns"}),
        ("list_namespaces", {}),
        ("get_namespace", {"Id": "ns-absent"}),
        ("list_services", {}),
    ],
    "sesv2": [
        ("create_contact_list", {"ContactListName": "list"}),
        ("get_contact_list", {"ContactListName": "list"}),
        ("get_contact_list", {"ContactListName": "absent"}),
        ("delete_contact_list", {"ContactListName": "list"}),
    ],
    "sns": [
        ("create_topic", {"Name": "topic"}),
        ("get_topic_attributes", lambda r: {"TopicArn": r["create_topic"]["TopicArn"]}),
        ("get_topic_attributes", {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:absent"}),
        ("delete_topic", lambda r: {"TopicArn": r["create_topic"]["TopicArn"]}),
    ],
    "sqs": [
        ("create_queue", {"QueueName": "queue"}),
        ("get_queue_url", {"QueueName": "queue"}),
        ("get_queue_url", {"QueueName": "absent"}),
        ("delete_queue", lambda r: {"QueueUrl": r["create_queue"]["QueueUrl"]}),
    ],
    "ssm": [
        ("put_parameter", {"Name": "p", "Value": "very-secret", "Type": "SecureString"}),
        ("get_parameter", {"Name": "p"}),
        ("get_parameter", {"Name": "absent"}),
        ("delete_parameter", {"Name": "p"}),
    ],
    "stepfunctions": [
        ("create_state_machine", {"name": "machine", "definition": MACHINE, "roleArn": ROLE}),
        ("describe_state_machine", lambda r: {"stateMachineArn": r["create_state_machine"]["stateMachineArn"]}),
        ("describe_state_machine", {"stateMachineArn": f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:absent"}),
        ("delete_state_machine", lambda r: {"stateMachineArn": r["create_state_machine"]["stateMachineArn"]}),
    ],
    "sts": [
        ("get_caller_identity", {}),
        ("get_session_token", {}),
        ("assume_role", {"RoleArn": ROLE, "RoleSessionName": "s"}),
    ],
    "transfer": [
        ("create_server", {}),
        ("describe_server", lambda r: {"ServerId": r["create_server"]["ServerId"]}),
        ("delete_server", lambda r: {"ServerId": r["create_server"]["ServerId"]}),
    ],
    "wafv2": [
        ("create_ip_set", {"Name": "set", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": []}),
        ("list_ip_sets", {"Scope": "REGIONAL"}),
        ("get_ip_set", {"Name": "absent", "Scope": "REGIONAL", "Id": ABSENT}),
        ("list_web_acls", {"Scope": "REGIONAL"}),
    ],
}

# Those calls whose records are data events, which Event history doesn't have.
DATA = {("dynamodb", "PutItem"), ("s3", "PutObject"), ("s3", "GetObject"), ("s3", "DeleteObject")}

# Event sources that aren't boto3's name of the service.
SOURCES = {
    "cloudwatch": "monitoring", "efs": "elasticfilesystem", "elbv2": "elasticloadbalancing", "sesv2": "ses",
    "stepfunctions": "states",
}

ENDING = "(Exception|Fault)$"
# Codes that clients of old protocols get in place of the shape's name.
SHAPES = {"AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    moto = Moto().start()
    with recorder(tmp_path_factory.mktemp("services"), moto.endpoint) as through:
        for service, session in SESSIONS.items():
            client, answers = through.boto(service), {}
            for method, parameters in session:
                if callable(parameters):
                    parameters = parameters(answers)
                answers.setdefault(method, attempt(getattr(client, method), **parameters))
        wanted = sum((service, name) not in DATA for service, name, _ in through.calls)
        through.count = through.recorded()
        through.records = through.find(wanted)
        yield through
    moto.kill()


def plain(name):
    """An event's name without the date that Lambda's and CloudFront's have."""
    return re.sub(r"20\d\d_?\d\d_?\d\d(v\d)?$", "", name)


def test_there_are_forty_services_and_each_fails_once(played):
    assert len(SESSIONS) >= 40
    failed = {service for service, _, error in played.calls if error}
    assert len(failed) >= 35, sorted(set(SESSIONS) - failed)


def test_nothing_is_missing_and_nothing_is_added(played):
    assert played.count == len(played.calls)
    wanted = [(f"{SOURCES.get(service, service)}.amazonaws.com", name, error is not None)
              for service, name, error in played.calls if (service, name) not in DATA]
    got = [(record["eventSource"], plain(record["eventName"]), "errorCode" in record) for record in played.records]
    assert counted(got) == counted(wanted)


def test_each_is_alices_and_has_what_was_asked(played):
    for record in played.records:
        assert record["userIdentity"]["accessKeyId"] == ALICE[0], record
        assert record["userIdentity"]["userName"] == "alice", record
        assert record["requestID"], record


def test_lookup_finds_them(played):
    events = played.server.boto("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateVpc"}])["Events"]
    assert [event["Username"] for event in events] == ["alice"]


def test_errors_are_told(played):
    codes = {(service, name): error for service, name, error in played.calls if error}
    for record in played.records:
        if "errorCode" not in record:
            continue
        service = next((key for key, source in SOURCES.items() if record["eventSource"] == f"{source}.amazonaws.com"),
                       record["eventSource"].removesuffix(".amazonaws.com"))
        wire = codes[(service, plain(record["eventName"]))]
        said = record["errorCode"].removeprefix("Client.")
        # Records have the name of the model's shape, which may have an ending that the wire leaves out.
        assert said == SHAPES.get(wire) or re.sub(ENDING, "", said) == re.sub(ENDING, "", wire), record


def test_parameters_are_told(played):
    asked = {record["eventName"]: record["requestParameters"] for record in played.records if "errorCode" not in record}
    assert asked["CreateVpc"]["cidrBlock"] == "10.0.0.0/16"
    assert asked["CreateHostedZone"]["name"] == "example.com"
    assert asked["CreateLogGroup"] == {"logGroupName": "group"}
    assert asked["CreateStateMachine"]["name"] == "machine"
    assert asked["CreateFileSystem"]["creationToken"] == "t"
    assert asked["CreateTopic"]["name"] == "topic"
    assert asked["CreateRole"]["roleName"] == "r"


def test_no_secret_is_recorded(played):
    for record in played.records:
        assert "very-secret" not in json.dumps(record).lower(), record
