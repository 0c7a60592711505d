use std::borrow::Cow;

use serde_json::{Value, json};

use super::{
    InsightSubject, LookupCall, LookupIdentity, RESOURCES_MAX, insight_subject, lookup_resources, lookup_username,
};

fn check(source: &str, name: &str, request: &Value, response: &Value, expected: &[(&str, &str)]) {
    check_read(false, source, name, request, response, expected);
}

fn check_read(is_read: bool, source: &str, name: &str, request: &Value, response: &Value, expected: &[(&str, &str)]) {
    let (request, response) = (request.to_string(), response.to_string());
    let call = LookupCall {
        event_source: source,
        event_name: name,
        is_read_only: is_read,
        request: Some(&request),
        response: Some(&response),
    };
    let listed = lookup_resources(call, []);
    let shown: Vec<(&str, &str)> =
        listed.iter().map(|one| (one.kind.as_deref().unwrap_or("-"), one.name.as_ref())).collect();
    assert_eq!(shown, expected, "{name}");
}

#[test]
fn a_new_user_is_listed_by_name_id_and_arn() {
    let arn = "arn:aws:iam::123456789012:user/alice";
    let user = json!({"user": {"path": "/", "arn": arn, "userId": "AIDA1", "userName": "alice"}});
    let kind = "AWS::IAM::User";
    let expected = [(kind, "alice"), (kind, "AIDA1"), (kind, arn)];
    check("iam.amazonaws.com", "CreateUser", &json!({"userName": "alice"}), &user, &expected);
    check_read(true, "iam.amazonaws.com", "GetUser", &json!({"userName": "alice"}), &Value::Null, &[]);
}

#[test]
fn a_session_is_listed_by_key_name_id_arn_and_role_although_it_is_a_read() {
    let request = json!({"roleArn": "arn:aws:iam::1:role/r", "roleSessionName": "s", "durationSeconds": 900});
    let response = json!({
        "credentials": {"accessKeyId": "ASIA1", "sessionToken": "t", "expiration": "x"},
        "assumedRoleUser": {"assumedRoleId": "AROA1:s", "arn": "arn:aws:sts::1:assumed-role/r/s"},
    });
    let expected = [
        ("AWS::IAM::AccessKey", "ASIA1"),
        ("AWS::STS::AssumedRole", "s"),
        ("AWS::STS::AssumedRole", "AROA1:s"),
        ("AWS::STS::AssumedRole", "arn:aws:sts::1:assumed-role/r/s"),
        ("AWS::IAM::Role", "arn:aws:iam::1:role/r"),
    ];
    check_read(true, "sts.amazonaws.com", "AssumeRole", &request, &response, &expected);
}

#[test]
fn trails_are_listed_as_they_were_called() {
    let kind = "AWS::CloudTrail::Trail";
    let arn = "arn:aws:cloudtrail:us-east-1:123456789012:trail/t";
    let source = "cloudtrail.amazonaws.com";
    check(source, "CreateTrail", &json!({"name": "t"}), &json!({"name": "t", "trailARN": arn}), &[(kind, "t")]);
    check(source, "StopLogging", &json!({"name": arn}), &Value::Null, &[(kind, arn)]);
    let both = json!({"trailNameList": ["t", "u", "t"]});
    check_read(true, source, "DescribeTrails", &both, &Value::Null, &[(kind, "t"), (kind, "u")]);
    check(source, "CreateChannel", &json!({"name": "c"}), &Value::Null, &[("AWS::CloudTrail::Channel", "c")]);
}

#[test]
fn a_new_instance_is_listed_with_what_it_is_made_of() {
    let request = json!({"instancesSet": {"items": [{"imageId": "ami-1", "keyName": "k", "minCount": 1}]}});
    let instance = |id: &str| {
        json!({
            "instanceId": id, "imageId": "ami-1", "vpcId": "vpc-1", "subnetId": "subnet-1", "keyName": "k",
            "groupSet": {"items": [{"groupId": "sg-1", "groupName": "wizard"}]},
            "networkInterfaceSet": {"items": [{"networkInterfaceId": "eni-1", "vpcId": "vpc-1"}]},
        })
    };
    let response = json!({"requestId": "r", "instancesSet": {"items": [instance("i-1"), instance("i-2")]}});
    let expected = [
        ("AWS::EC2::Instance", "i-1"),
        ("AWS::EC2::Instance", "i-2"),
        ("AWS::EC2::VPC", "vpc-1"),
        ("AWS::EC2::Ami", "ami-1"),
        ("AWS::EC2::NetworkInterface", "eni-1"),
        ("AWS::EC2::KeyPair", "k"),
        ("AWS::EC2::SecurityGroup", "sg-1"),
        ("AWS::EC2::SecurityGroup", "wizard"),
        ("AWS::EC2::Subnet", "subnet-1"),
    ];
    check("ec2.amazonaws.com", "RunInstances", &request, &response, &expected);
}

#[test]
fn odd_shapes_name_nothing() {
    for request in [json!(null), json!("bucketName"), json!([{"bucketName": "b"}]), json!({"bucketName": {"a": [1]}})] {
        check("s3.amazonaws.com", "PutBucketAcl", &request, &Value::Null, &[]);
    }
    let request = json!({"bucketName": [1, null, true, 0.5, "b", ["c"], {"bucketName": "d"}]});
    let expected = [("AWS::S3::Bucket", "b"), ("AWS::S3::Bucket", "c")];
    check("s3.amazonaws.com", "PutBucketAcl", &request, &Value::Null, &expected);
    check("unknown.amazonaws.com", "Do", &json!({"name": "n"}), &Value::Null, &[]);
    let broken = LookupCall {
        event_source: "s3.amazonaws.com",
        event_name: "PutBucketAcl",
        request: Some(r#"{"bucketName":"b","x":"#),
        ..LookupCall::default()
    };
    assert_eq!(lookup_resources(broken, []).len(), 1);
}

#[test]
fn own_resources_come_last_and_each_once_and_not_without_end() {
    let request = json!({"bucketName": "b\u{e9}\n"}).to_string();
    let call = LookupCall { event_source: "s3.amazonaws.com", request: Some(&request), ..LookupCall::default() };
    let own = |name: String| (Some(Cow::Borrowed("AWS::S3::Bucket")), Cow::Owned(name));
    let listed = lookup_resources(call, [own("b\u{e9}\n".into()), own("arn:aws:s3:::b".into()), own(String::new())]);
    assert_eq!(listed.iter().map(|one| one.name.as_ref()).collect::<Vec<_>>(), ["b\u{e9}\n", "arn:aws:s3:::b"]);
    assert_eq!(lookup_resources(call, (0..2_000).map(|n| own(n.to_string()))).len(), RESOURCES_MAX);
}

#[test]
fn user_names() {
    let name = |kind, user_name, arn, principal_id| {
        lookup_username(LookupIdentity { kind, user_name, arn, principal_id }).map(Cow::into_owned)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(name(Some("IAMUser"), Some("alice"), None, None), some("alice"));
    assert_eq!(name(Some("Root"), None, Some("arn:aws:iam::1:root"), None), some("root"));
    assert_eq!(name(Some("Root"), Some("alias"), None, None), some("alias"));
    assert_eq!(name(Some("AssumedRole"), None, Some("arn:aws:sts::1:assumed-role/r/s"), Some("AROA:t")), some("s"));
    assert_eq!(name(Some("AssumedRole"), None, None, Some("AROA:t")), some("t"));
    assert_eq!(name(Some("FederatedUser"), None, Some("arn:aws:sts::1:federated-user/bob"), None), some("bob"));
    assert_eq!(name(Some("AWSService"), None, None, None), None);
    assert_eq!(name(Some("AWSAccount"), Some(""), None, Some("AIDA")), None);
    assert_eq!(name(None, None, None, None), None);
}

#[test]
fn an_insight_is_about_an_operation() {
    let details = r#"{"state":"Start","eventSource":"ssm.amazonaws.com","eventName":"GetParameter","insightType":"x"}"#;
    let subject =
        InsightSubject { event_source: Some("ssm.amazonaws.com".into()), event_name: Some("GetParameter".into()) };
    assert_eq!(insight_subject(details), subject);
    assert_eq!(insight_subject("{}"), InsightSubject::default());
}
