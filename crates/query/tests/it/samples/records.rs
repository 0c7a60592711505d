//! Records that give every question of the catalogue something to find, made by rule: the same at each run.

use opentrail_stdx::Timestamp;
use serde_json::{Value, json};

/// The instant at which the questions are asked.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_790_000_100);

/// One event each twenty minutes, back to more than a week ago: a question about the last seven days must leave some out.
const EVENTS: u64 = 650;

const STEP_MS: i64 = 20 * 60 * 1000;

/// One of `count`, as by chance, but always the same for the same numbers.
fn pick(number: u64, salt: u64, count: usize) -> usize {
    let mut mixed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xD1B5_4A32_D192_ED03);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    usize::try_from((mixed ^ (mixed >> 32)) % count as u64).unwrap()
}

/// One of these, as by chance.
fn one(number: u64, salt: u64, of: &[&'static str]) -> &'static str {
    of[pick(number, salt, of.len())]
}

/// Source, name, what it is (`r` reads, `w` writes, `d` is a data event, `n` of network activity), request, answer.
type Call = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CALLS: &[Call] = &[
    ("ec2", "DescribeInstances", "r", r#"{}"#, "null"),
    ("ec2", "RunInstances", "w", r#"{"instanceType":"m5.large"}"#, "null"),
    ("ec2", "RunInstances", "w", r#"{"instanceType":"p4d.24xlarge"}"#, "null"),
    ("ec2", "StartInstances", "w", r#"{"instancesSet":{"items":[{"instanceId":"i-1"}]}}"#, "null"),
    ("ec2", "StopInstances", "w", r#"{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}"#, "null"),
    ("ec2", "RebootInstances", "w", r#"{"instancesSet":{"items":[{"instanceId":"i-3"}]}}"#, "null"),
    ("ec2", "TerminateInstances", "w", r#"{"instancesSet":{"items":[{"instanceId":"i-9"}]}}"#, "null"),
    (
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "w",
        r#"{"groupId":"sg-1","ipPermissions":{"items":[{"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}}"#,
        "null",
    ),
    (
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "w",
        r#"{"groupId":"sg-2","ipPermissions":{"items":[{"ipv6Ranges":{"items":[{"cidrIpv6":"::/0"}]}}]}}"#,
        "null",
    ),
    (
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "w",
        r#"{"groupId":"sg-3","ipPermissions":{"items":[{"ipRanges":{"items":[{"cidrIp":"10.0.0.0/8"}]}}]}}"#,
        "null",
    ),
    ("ec2", "CreateNetworkAclEntry", "w", r#"{"networkAclId":"acl-1"}"#, "null"),
    ("ec2", "AttachNetworkInterface", "w", r#"{"networkInterfaceId":"eni-1"}"#, "null"),
    ("ec2", "CreateRoute", "w", r#"{"routeTableId":"rtb-1"}"#, "null"),
    ("ec2", "DeleteVpc", "w", r#"{"vpcId":"vpc-1"}"#, "null"),
    (
        "ec2",
        "ModifySnapshotAttribute",
        "w",
        r#"{"createVolumePermission":{"add":{"items":[{"group":"all"}]}},"snapshotId":"snap-1"}"#,
        "null",
    ),
    (
        "ec2",
        "ModifyImageAttribute",
        "w",
        r#"{"imageId":"ami-1","launchPermission":{"add":{"items":[{"userId":"999988887777"}]}}}"#,
        "null",
    ),
    ("rds", "ModifyDBSnapshotAttribute", "w", r#"{"dBSnapshotIdentifier":"db-1","valuesToAdd":["all"]}"#, "null"),
    ("ec2", "CreateVolume", "w", r#"{"size":"8"}"#, r#"{"encrypted":false,"volumeId":"vol-1"}"#),
    ("ec2", "CreateVolume", "w", r#"{"size":"8"}"#, r#"{"encrypted":true,"volumeId":"vol-2"}"#),
    ("ec2", "CreateSnapshot", "w", r#"{"volumeId":"vol-1"}"#, r#"{"encrypted":false,"snapshotId":"snap-2"}"#),
    (
        "ec2",
        "ModifyInstanceMetadataOptions",
        "w",
        r#"{"ModifyInstanceMetadataOptionsRequest":{"HttpTokens":"optional","InstanceId":"i-1"}}"#,
        "null",
    ),
    (
        "ec2",
        "ModifyInstanceMetadataOptions",
        "w",
        r#"{"ModifyInstanceMetadataOptionsRequest":{"HttpTokens":"required","InstanceId":"i-2"}}"#,
        "null",
    ),
    ("ec2", "CreateTags", "w", r#"{"resourcesSet":{}}"#, "null"),
    ("rds", "CreateDBInstance", "w", r#"{"dBInstanceIdentifier":"db","publiclyAccessible":true}"#, "null"),
    ("rds", "ModifyDBInstance", "w", r#"{"dBInstanceIdentifier":"db","publiclyAccessible":false}"#, "null"),
    ("ssm", "StartSession", "w", r#"{"target":"i-1"}"#, "null"),
    ("ssm", "SendCommand", "w", r#"{"instanceIds":["i-1","i-2"]}"#, "null"),
    ("ssm", "GetParameter", "r", r#"{"name":"/db/password","withDecryption":true}"#, "null"),
    ("ssm", "GetParameter", "r", r#"{"name":"/plain"}"#, "null"),
    ("secretsmanager", "GetSecretValue", "r", r#"{"secretId":"prod/db"}"#, "null"),
    ("kms", "Decrypt", "r", r#"{"keyId":"k-1"}"#, "null"),
    ("kms", "DisableKey", "w", r#"{"keyId":"k-1"}"#, "null"),
    ("kms", "ScheduleKeyDeletion", "w", r#"{"keyId":"k-2","pendingWindowInDays":7}"#, "null"),
    ("kms", "PutKeyPolicy", "w", r#"{"keyId":"k-1"}"#, "null"),
    ("kms", "CreateGrant", "w", r#"{"keyId":"k-1"}"#, "null"),
    ("iam", "ListUsers", "r", "null", "null"),
    ("iam", "CreateUser", "w", r#"{"userName":"newcomer"}"#, "null"),
    ("iam", "CreateUser", "w", r#"{"userName":"mallory"}"#, "null"),
    ("iam", "DeleteUser", "w", r#"{"userName":"leaver"}"#, "null"),
    ("iam", "CreateAccessKey", "w", r#"{"userName":"mallory"}"#, "null"),
    ("iam", "CreateAccessKey", "w", r#"{"userName":"newcomer"}"#, "null"),
    ("iam", "CreateAccessKey", "w", "null", "null"),
    (
        "iam",
        "AttachUserPolicy",
        "w",
        r#"{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess","userName":"mallory"}"#,
        "null",
    ),
    (
        "iam",
        "AttachRolePolicy",
        "w",
        r#"{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess","roleName":"deployer"}"#,
        "null",
    ),
    (
        "iam",
        "AttachRolePolicy",
        "w",
        r#"{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess","roleName":"reader"}"#,
        "null",
    ),
    ("iam", "PutUserPolicy", "w", r#"{"policyName":"inline","userName":"bob"}"#, "null"),
    ("iam", "GetRolePolicy", "r", r#"{"policyName":"inline"}"#, "null"),
    (
        "iam",
        "UpdateAssumeRolePolicy",
        "w",
        r#"{"policyDocument":"{\"Version\":\"2012-10-17\"}","roleName":"deployer"}"#,
        "null",
    ),
    ("iam", "CreateRole", "w", r#"{"assumeRolePolicyDocument":"{}","roleName":"fresh"}"#, "null"),
    ("iam", "UpdateAccountPasswordPolicy", "w", r#"{"minimumPasswordLength":8}"#, "null"),
    ("iam", "DeleteAccountPasswordPolicy", "w", "null", "null"),
    ("iam", "DeactivateMFADevice", "w", r#"{"serialNumber":"m-1","userName":"bob"}"#, "null"),
    ("iam", "DeleteVirtualMFADevice", "w", r#"{"serialNumber":"arn:aws:iam::111122223333:mfa/bob"}"#, "null"),
    ("sts", "AssumeRole", "r", r#"{"roleArn":"arn:aws:iam::111122223333:role/deployer"}"#, "null"),
    ("sts", "AssumeRole", "r", r#"{"roleArn":"arn:aws:iam::111122223333:role/reader"}"#, "null"),
    ("sso", "Federate", "w", "null", "null"),
    ("signin", "ConsoleLogin", "w", "null", "login"),
    ("signin", "ConsoleLogin", "w", "null", "login"),
    ("signin", "ConsoleLogin", "w", "null", "login"),
    ("cloudtrail", "StopLogging", "w", r#"{"name":"trail"}"#, "null"),
    ("cloudtrail", "DeleteTrail", "w", r#"{"name":"trail"}"#, "null"),
    ("cloudtrail", "LookupEvents", "r", "null", "null"),
    ("guardduty", "DeleteDetector", "w", r#"{"detectorId":"d"}"#, "null"),
    ("securityhub", "DisableSecurityHub", "w", "null", "null"),
    ("config", "StopConfigurationRecorder", "w", "null", "null"),
    ("organizations", "CreateAccount", "w", r#"{"accountName":"sandbox"}"#, "null"),
    ("organizations", "MoveAccount", "w", r#"{"accountId":"444455556666"}"#, "null"),
    ("organizations", "AttachPolicy", "w", r#"{"policyId":"p-1","targetId":"ou-1"}"#, "null"),
    ("cloudformation", "CreateStack", "w", r#"{"stackName":"web"}"#, "null"),
    ("cloudformation", "DeleteStack", "w", r#"{"stackName":"old"}"#, "null"),
    ("lambda", "UpdateFunctionCode20150331v2", "w", r#"{"functionName":"thumbs"}"#, "null"),
    ("lambda", "CreateFunction20150331", "w", r#"{"functionName":"mailer"}"#, "null"),
    ("lambda", "Invoke", "wd", r#"{"functionName":"arn:aws:lambda:us-east-1:111122223333:function:thumbs"}"#, "null"),
    ("lambda", "Invoke", "wd", r#"{"functionName":"arn:aws:lambda:us-east-1:111122223333:function:mailer"}"#, "null"),
    ("dynamodb", "PutItem", "wd", r#"{"tableName":"orders"}"#, "null"),
    ("dynamodb", "GetItem", "rd", r#"{"tableName":"orders"}"#, "null"),
    ("dynamodb", "Query", "rd", r#"{"tableName":"users"}"#, "null"),
    ("s3", "GetObject", "rd", r#"{"bucketName":"photos","key":"cat.jpg"}"#, "null"),
    ("s3", "GetObject", "rd", r#"{"bucketName":"photos","key":"dog.jpg"}"#, "null"),
    ("s3", "PutObject", "wd", r#"{"bucketName":"logs","key":"a/b"}"#, "null"),
    ("s3", "DeleteObject", "wd", r#"{"bucketName":"photos","key":"cat.jpg"}"#, "null"),
    ("s3", "ListObjects", "rd", r#"{"bucketName":"photos"}"#, "null"),
    ("s3", "PutBucketPolicy", "w", r#"{"bucketName":"photos"}"#, "null"),
    ("s3", "DeleteBucketPublicAccessBlock", "w", r#"{"bucketName":"logs"}"#, "null"),
    ("s3", "CreateBucket", "w", r#"{"bucketName":"fresh"}"#, "null"),
    ("s3", "DeleteBucket", "w", r#"{"bucketName":"stale"}"#, "null"),
    ("s3", "GetObject", "n", "none", "none"),
    ("kms", "Decrypt", "n", "none", "none"),
];

const ERRORS: [(&str, &str); 8] = [
    ("AccessDenied", "User is not authorized"),
    ("AccessDeniedException", "User is not authorized to do this"),
    ("Client.UnauthorizedOperation", "You are not authorized to perform this operation."),
    ("ThrottlingException", "Rate exceeded"),
    ("Client.RequestLimitExceeded", "Request limit exceeded."),
    ("ProvisionedThroughputExceededException", "The level of configured throughput was exceeded"),
    ("ValidationException", "1 validation error detected"),
    ("NoSuchEntity", "The thing cannot be found."),
];

fn identity(number: u64) -> Value {
    let users = ["alice", "bob", "carol", "mallory"];
    match pick(number, 2, 12) {
        0 => {
            json!({"type": "Root", "principalId": "111122223333", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"})
        }
        1 => json!({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}),
        2 => json!({"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}),
        3 => {
            json!({"type": "IAMUser", "principalId": "AIDAX", "arn": "arn:aws:iam::999988887777:user/guest", "accountId": "999988887777", "userName": "guest"})
        }
        at @ (4..=6) => {
            let role = ["deployer", "reader", "broken"][at - 4];
            let mut identity = json!({
                "type": "AssumedRole", "principalId": format!("AROA{at}:s"), "accountId": "111122223333", "accessKeyId": format!("ASIA{at}"),
                "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/s"),
                "sessionContext": {"sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::111122223333:role/{role}"), "userName": role},
                    "attributes": {"creationDate": "2026-09-14T00:00:00Z", "mfaAuthenticated": "false"}},
            });
            if at == 4 && pick(number, 3, 2) == 0 {
                identity["invokedBy"] = json!("cloudformation.amazonaws.com");
            }
            identity
        }
        _ => {
            let at = pick(number, 4, users.len());
            json!({"type": "IAMUser", "principalId": format!("AIDA{at}"), "arn": format!("arn:aws:iam::111122223333:user/{}", users[at]),
                "accountId": "111122223333", "accessKeyId": format!("AKIA{at}"), "userName": users[at]})
        }
    }
}

fn instant(number: u64) -> String {
    Timestamp::from_ms(NOW.as_ms() - (i64::try_from(number).unwrap() + 1) * STEP_MS).iso()
}

/// CloudTrail's own events.
pub(crate) fn events() -> Vec<Value> {
    (0..EVENTS).map(event).collect()
}

fn event(number: u64) -> Value {
    // Higher numbers are earlier: now and then a new user gets a key ten minutes later.
    let story: Option<Call> = match number % 150 {
        100 => Some(("iam", "CreateUser", "w", r#"{"userName":"mallory"}"#, "null")),
        99 => Some(("iam", "CreateAccessKey", "w", r#"{"userName":"mallory"}"#, "null")),
        _ => None,
    };
    let (source, name, kind, request, answer) = story.unwrap_or_else(|| CALLS[pick(number, 1, CALLS.len())]);
    let identity = identity(number);
    let is_broken = identity["arn"].as_str().is_some_and(|arn| arn.contains("broken"));
    let fails = story.is_none() && (is_broken && pick(number, 5, 4) > 0 || pick(number, 6, 4) == 0);
    let address = match identity["invokedBy"].as_str() {
        Some(service) => service.to_owned(),
        None => format!("203.0.113.{}", pick(number, 7, 6)),
    };
    let mut event = json!({
        "eventVersion": "1.11", "userIdentity": identity, "eventTime": instant(number), "eventSource": format!("{source}.amazonaws.com"), "eventName": name,
        "awsRegion": one(number, 8, &["us-east-1", "eu-west-1", "ap-northeast-2"]), "sourceIPAddress": address,
        "userAgent": one(number, 9, &["aws-cli/2.15 Python/3.11", "Boto3/1.34", "console.amazonaws.com"]),
        "eventID": format!("00000000-0000-0000-0000-{number:012}"), "eventType": "AwsApiCall",
        "recipientAccountId": one(number, 10, &["111122223333", "111122223333", "444455556666"]),
    });
    match kind {
        "n" => network(number, &mut event),
        _ => {
            event["requestParameters"] = serde_json::from_str(request).unwrap();
            event["readOnly"] = json!(kind.contains('r'));
            event["managementEvent"] = json!(!kind.contains('d'));
            event["eventCategory"] = json!(if kind.contains('d') { "Data" } else { "Management" });
            if answer == "login" {
                login(number, &mut event);
            } else {
                event["responseElements"] = serde_json::from_str(answer).unwrap();
                if fails {
                    let (code, message) = ERRORS[pick(number, 11, ERRORS.len())];
                    event["errorCode"] = json!(code);
                    event["errorMessage"] = json!(message);
                    event["responseElements"] = Value::Null;
                }
            }
            details(number, &mut event);
        }
    }
    event
}

fn network(number: u64, event: &mut Value) {
    event["eventCategory"] = json!("NetworkActivity");
    event["eventType"] = json!("AwsVpceEvent");
    event["vpcEndpointId"] = json!(format!("vpce-{}", pick(number, 12, 2)));
    if pick(number, 13, 2) == 0 {
        event["errorCode"] = json!("VpceAccessDenied");
        event["errorMessage"] = json!("The request was denied due to a VPC endpoint policy");
    }
}

fn login(number: u64, event: &mut Value) {
    let outcome = one(number, 14, &["Success", "Failure"]);
    event["responseElements"] = json!({"ConsoleLogin": outcome});
    event["additionalEventData"] = json!({"MFAUsed": one(number, 15, &["Yes", "No"])});
    if outcome == "Failure" {
        event["errorMessage"] = json!("Failed authentication");
    }
}

fn details(number: u64, event: &mut Value) {
    if event["eventName"] == "GetObject" {
        event["additionalEventData"] = json!({"bytesTransferredOut": 1000 + pick(number, 16, 5000)});
    }
    if event["eventName"] == "Federate" {
        event["serviceEventDetails"] =
            json!({"account_id": "111122223333", "role_name": one(number, 17, &["Admin", "Viewer"])});
    }
    let tls = one(number, 18, &["TLSv1.3", "TLSv1.2", "TLSv1.2", "TLSv1", "TLSv1.1"]);
    event["tlsDetails"] = json!({"tlsVersion": tls});
    if pick(number, 19, 5) == 0 {
        event["sessionCredentialFromConsole"] = json!("true");
    }
    if pick(number, 20, 3) == 0 {
        let resource = |at: usize| json!({"ARN": format!("arn:aws:thing:::r{at}"), "accountId": "111122223333", "type": "AWS::Thing"});
        event["resources"] = json!([resource(pick(number, 21, 4)), resource(4 + pick(number, 22, 3))]);
    }
    if pick(number, 23, 3) == 0 {
        event["eventContext"] = json!({
            "requestContext": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice", "aws:SecureTransport": "true",
                "aws:MultiFactorAuthPresent": one(number, 24, &["true", "false"])},
            "tagContext": {"principalTags": {"team": one(number, 25, &["red", "blue"])},
                "resourceTags": [{"arn": format!("arn:aws:thing:::r{}", pick(number, 26, 2)), "tags": {"stage": one(number, 27, &["prod", "test"]), "owner": "x"}}]},
        });
    }
}

/// Insights events as a store has them.
pub(crate) fn insights() -> Vec<Value> {
    let make = |number: u64| {
        let kind = one(number, 31, &["ApiCallRateInsight", "ApiErrorRateInsight"]);
        let value = |salt: u64| json!({"value": format!("arn:aws:iam::111122223333:user/u{}", pick(number, salt, 3)), "average": pick(number, salt + 9, 80) as f64 / 8.0});
        let mut event = json!({
            "eventVersion": "1.09", "eventCategory": "Insight", "eventType": "AwsCloudTrailInsight", "eventID": format!("10000000-0000-0000-0000-{number:012}"),
            "eventTime": instant(number * 20), "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
            "insightState": one(number, 32, &["Start", "End"]), "insightType": kind, "insightEventSource": one(number, 33, &["ssm.amazonaws.com", "iam.amazonaws.com"]),
            "insightEventName": one(number, 34, &["PutThing", "GetThing"]),
            "insightContext": {"baselineAverage": 0.25, "insightAverage": pick(number, 35, 400) as f64 / 4.0, "baselineDuration": 10000, "insightDuration": 5,
                "attributions": [{"attribute": "userIdentityArn", "insight": [value(36), value(37)], "baseline": []}, {"attribute": "userAgent", "insight": [value(38)], "baseline": []}]},
        });
        if kind == "ApiErrorRateInsight" {
            event["insightErrorCode"] = json!("AccessDenied");
        }
        event
    };
    (0..70).map(make).collect()
}

/// Configuration items.
pub(crate) fn items() -> Vec<Value> {
    let make = |number: u64| {
        let resource = pick(number, 41, 9);
        let kind = ["AWS::EC2::Instance", "AWS::S3::Bucket", "AWS::IAM::Role"][resource % 3];
        let mut item = json!({
            "eventVersion": "1.0", "eventCategory": "ConfigurationItem", "eventType": "AwsConfigurationItem", "eventID": format!("20000000-0000-0000-0000-{number:012}"),
            "eventTime": instant(number * 18), "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
            "eventData": {"configurationItemStatus": one(number, 42, &["OK", "OK", "ResourceDiscovered", "ResourceDeleted", "ResourceDeletedNotRecorded"]),
                "resourceType": kind, "resourceId": format!("r-{resource}"), "arn": format!("arn:aws:thing:::r-{resource}"), "awsRegion": one(number, 43, &["us-east-1", "eu-west-1"]),
                "relationships": [{"name": "Is attached to", "resourceType": "AWS::EC2::SecurityGroup", "resourceId": format!("sg-{}", pick(number, 44, 2)), "resourceName": ""}],
                "tags": {"stage": "prod"}},
        });
        if pick(number, 45, 2) == 0 {
            item["eventData"]["tags"]["owner"] = json!("team");
        }
        item
    };
    (0..80).map(make).collect()
}

/// Events from outside AWS.
pub(crate) fn audit_events() -> Vec<Value> {
    let make = |number: u64| {
        let mut event = json!({
            "eventVersion": "1.0", "eventCategory": "ActivityAuditLog", "eventType": "ActivityLog", "eventID": format!("30000000-0000-0000-0000-{number:012}"),
            "eventTime": instant(number * 15), "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
            "metadata": {"ingestionTime": "2026-09-20 00:00:00", "channelARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:channel/{}", pick(number, 51, 2))},
            "eventData": {"version": "1", "userIdentity": {"type": "User", "principalId": format!("p{}", pick(number, 52, 3)), "details": {}},
                "eventSource": one(number, 53, &["github.com", "okta.com"]), "eventName": one(number, 54, &["repo.create", "user.login"]),
                "eventTime": instant(number * 15), "UID": format!("u{number}")},
        });
        if pick(number, 55, 3) == 0 {
            event["eventData"]["errorCode"] = json!("403");
        }
        event
    };
    (0..90).map(make).collect()
}
