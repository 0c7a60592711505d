//! Records print as real ones do, within their limits, and read back.

use expect_test::expect;
use proptest::prelude::*;
use serde_json::json;

use super::caps::RECORD_BYTES_MAX;
use super::*;
use crate::record::routed::Routed;
use crate::record::{SessionAttributes, SessionContext};

fn user() -> UserIdentity {
    UserIdentity {
        kind: Some("IAMUser".to_owned()),
        principal_id: Some("AIDAEXAMPLE".to_owned()),
        arn: Some("arn:aws:iam::123456789012:user/bob".to_owned()),
        account_id: Some("123456789012".to_owned()),
        access_key_id: Some("AKIAEXAMPLE".to_owned()),
        user_name: Some("bob".to_owned()),
        ..UserIdentity::default()
    }
}

fn delete_trail() -> Record {
    Record {
        user_identity: user(),
        event_time: Timestamp::parse_iso("2026-09-13T17:19:17.999Z").expect("valid"),
        event_source: "cloudtrail.amazonaws.com".to_owned(),
        event_name: "DeleteTrail".to_owned(),
        aws_region: "us-east-1".to_owned(),
        source_ip_address: "192.0.2.1".to_owned(),
        user_agent: Some("aws-cli/2".to_owned()),
        request_parameters: Some(json!({"name": "main"})),
        request_id: Some("a0000000-0000-4000-8000-000000000001".to_owned()),
        event_id: "b0000000-0000-4000-8000-000000000002".to_owned(),
        read_only: Some(false),
        recipient_account_id: Some("123456789012".to_owned()),
        ..Record::default()
    }
}

#[test]
fn a_network_activity_event_tells_nothing_of_what_was_said() {
    let record = Record {
        event_type: "AwsVpceEvent".to_owned(),
        event_category: EventCategory::NetworkActivity,
        management_event: None,
        read_only: None,
        request_parameters: None,
        user_agent: None,
        ..delete_trail()
    };
    let printed: Value = serde_json::from_str(&text(&record)).expect("JSON");
    let names: Vec<_> = printed.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "eventVersion",
            "userIdentity",
            "eventTime",
            "eventSource",
            "eventName",
            "awsRegion",
            "sourceIPAddress",
            "requestID",
            "eventID",
            "eventType",
            "recipientAccountId",
            "eventCategory"
        ]
    );
}

fn text(record: &Record) -> String {
    String::from_utf8(record.to_json()).expect("UTF-8")
}

#[test]
fn a_call_on_cloudtrail() {
    expect![[r#"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::123456789012:user/bob","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE","userName":"bob"},"eventTime":"2026-09-13T17:19:17Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli/2","requestParameters":{"name":"main"},"responseElements":null,"requestID":"a0000000-0000-4000-8000-000000000001","eventID":"b0000000-0000-4000-8000-000000000002","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}"#]]
    .assert_eq(&text(&delete_trail()));
}

#[test]
fn every_member_has_its_place() {
    let some = |text: &str| Some(text.to_owned());
    let record = Record {
        user_identity: UserIdentity {
            session_context: Some(SessionContext {
                attributes: Some(SessionAttributes {
                    creation_date: "2024-06-04T23:10:46Z".to_owned(),
                    mfa_authenticated: "false".to_owned(),
                }),
                ..SessionContext::default()
            }),
            ..UserIdentity::service("cloudtrail.amazonaws.com")
        },
        error_code: some("AccessDenied"),
        error_message: some("Access Denied"),
        response_elements: Some(json!({"x": 1})),
        additional_event_data: Some(json!({"SignatureVersion": "SigV4"})),
        resources: vec![
            Resource { kind: some("AWS::S3::Object"), arn_prefix: some("arn:aws:s3:::b/"), ..Resource::default() },
            Resource {
                account_id: some("123456789012"),
                kind: some("AWS::S3::Bucket"),
                arn: some("arn:aws:s3:::b"),
                ..Resource::default()
            },
        ],
        api_version: some("2015-03-31"),
        management_event: Some(false),
        shared_event_id: some("s"),
        vpc_endpoint_id: some("vpce-1"),
        vpc_endpoint_account_id: some("123456789012"),
        service_event_details: Some(json!({})),
        event_category: EventCategory::Data,
        tls_details: Some(TlsDetails {
            tls_version: some("TLSv1.3"),
            cipher_suite: some("TLS_AES_128_GCM_SHA256"),
            client_provided_host_header: some("b.s3.amazonaws.com"),
            key_exchange: some("x25519"),
        }),
        session_credential_from_console: some("true"),
        ..delete_trail()
    };
    expect![[r#"{"eventVersion":"1.11","userIdentity":{"type":"AWSService","sessionContext":{"attributes":{"creationDate":"2024-06-04T23:10:46Z","mfaAuthenticated":"false"}},"invokedBy":"cloudtrail.amazonaws.com"},"eventTime":"2026-09-13T17:19:17Z","eventSource":"cloudtrail.amazonaws.com","eventName":"DeleteTrail","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-cli/2","errorCode":"AccessDenied","errorMessage":"Access Denied","requestParameters":{"name":"main"},"responseElements":{"x":1},"additionalEventData":{"SignatureVersion":"SigV4"},"requestID":"a0000000-0000-4000-8000-000000000001","eventID":"b0000000-0000-4000-8000-000000000002","readOnly":false,"resources":[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::b/"},{"accountId":"123456789012","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b"}],"eventType":"AwsApiCall","apiVersion":"2015-03-31","managementEvent":false,"recipientAccountId":"123456789012","sharedEventID":"s","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"123456789012","serviceEventDetails":{},"eventCategory":"Data","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"b.s3.amazonaws.com","keyExchange":"x25519"},"sessionCredentialFromConsole":"true"}"#]]
    .assert_eq(&text(&record));
}

#[test]
fn identities_without_a_principal() {
    let json = |identity: UserIdentity| serde_json::to_string(&identity).expect("text");
    expect![[r#"{"accountId":"123456789012","invokedBy":"AWS Internal"}"#]]
        .assert_eq(&json(UserIdentity::aws_internal("123456789012")));
    expect![[r#"{"type":"AWSAccount","principalId":"","accountId":"anonymous"}"#]]
        .assert_eq(&json(UserIdentity::anonymous()));
    expect![[r#"{"type":"AWSAccount","principalId":"AIDA","accountId":"777788889999"}"#]]
        .assert_eq(&json(UserIdentity::other_account("AIDA", "777788889999")));
}

#[test]
fn long_text_is_cut_between_characters() {
    let record = Record {
        user_agent: Some("ä".repeat(600)),
        error_message: Some(format!("x{}", "€".repeat(400))),
        error_code: Some("c".repeat(1024)),
        request_id: Some("r".repeat(1025)),
        ..delete_trail()
    };
    let printed = record.to_json();
    let value: Value = serde_json::from_slice(&printed).expect("JSON");
    let length = |name: &str| value[name].as_str().expect("text").len();
    assert_eq!(["userAgent", "errorMessage", "errorCode", "requestID"].map(length), [1024, 1 + 3 * 341, 1024, 1024]);
}

#[test]
fn large_elements_are_marked_as_omitted() {
    let large = |bytes: usize| Some(json!({"x": "y".repeat(bytes - 8)}));
    let record = Record {
        request_parameters: large(100 * 1024 + 1),
        response_elements: large(100 * 1024),
        additional_event_data: large(28 * 1024 + 1),
        ..delete_trail()
    };
    let value: Value = serde_json::from_slice(&record.to_json()).expect("JSON");
    let mark = json!({"omitted": true, "originalSize": 102_401, "reason": "requestParameters too large"});
    assert_eq!(value["requestParameters"], mark);
    assert_eq!(value["responseElements"], large(100 * 1024).expect("some"));
    assert_eq!(value.get("additionalEventData"), None);
}

#[test]
fn a_record_as_a_whole_is_limited() {
    let large = json!({"x": "y".repeat(90 * 1024)});
    let record = Record {
        request_parameters: Some(large.clone()),
        response_elements: Some(large.clone()),
        service_event_details: Some(large.clone()),
        additional_event_data: Some(json!({"x": "y".repeat(20 * 1024)})),
        ..delete_trail()
    };
    let printed = record.to_json();
    assert!(printed.len() <= RECORD_BYTES_MAX);
    let value: Value = serde_json::from_slice(&printed).expect("JSON");
    assert_eq!(value.get("additionalEventData"), None);
    assert_eq!(value["serviceEventDetails"]["omitted"], json!(true));
    assert_eq!(value["requestParameters"], large);
}

#[test]
fn a_flood_of_resources_is_dropped_at_last() {
    let resource = Resource { arn: Some("a".repeat(1000)), ..Resource::default() };
    let record = Record { resources: vec![resource; 400], ..delete_trail() };
    assert!(record.to_json().len() <= RECORD_BYTES_MAX);
}

fn any_text() -> impl Strategy<Value = Option<String>> + Clone {
    proptest::option::of(any::<String>())
}

fn any_value() -> impl Strategy<Value = Option<Value>> {
    let leaf =
        prop_oneof![any::<i64>().prop_map(Value::from), any::<String>().prop_map(Value::from), Just(Value::Null)];
    let tree = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    proptest::option::of(tree)
}

prop_compose! {
    fn any_record()(
        (arn, name, error, agent, request) in (any_text(), any::<String>(), any_text(), any_text(), any_text()),
        (parameters, elements, additional) in (any_value(), any_value(), any_value()),
        (read_only, arns) in (any::<Option<bool>>(), proptest::collection::vec(any_text(), 0..3)),
        seconds in 0_i64..4_000_000_000,
    ) -> Record {
        Record {
            user_identity: UserIdentity { arn, ..UserIdentity::default() },
            event_name: name,
            error_code: error,
            user_agent: agent,
            request_id: request,
            request_parameters: parameters,
            response_elements: elements,
            additional_event_data: additional,
            read_only,
            resources: arns.into_iter().map(|arn| Resource { arn, ..Resource::default() }).collect(),
            event_time: Timestamp::from_secs(seconds),
            ..delete_trail()
        }
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(record in any_record()) {
        let printed = record.to_json();
        let event = Routed::parse(&printed).expect("a record");
        let arns: Vec<_> = event.resources.iter().map(|resource| resource.arn.as_deref()).collect();
        let expected: Vec<_> = record.resources.iter().map(|resource| resource.arn.as_deref()).collect();
        prop_assert_eq!(arns, expected);
        prop_assert_eq!(event.event_name.as_deref(), Some(record.event_name.as_str()));
        prop_assert_eq!(event.user_identity.arn.as_deref(), record.user_identity.arn.as_deref());
        prop_assert_eq!(event.error_code.as_deref(), record.error_code.as_deref());
        prop_assert_eq!(event.request_id.as_deref(), record.request_id.as_deref());
        prop_assert_eq!(event.read_only, record.read_only);
        prop_assert_eq!(event.event_instant(), Some(record.event_time));
        let value: Value = serde_json::from_slice(&printed).expect("JSON");
        prop_assert_eq!(&value["requestParameters"], record.request_parameters.as_ref().unwrap_or(&Value::Null));
    }
}
