use expect_test::expect;

use super::support::{check, deliver};
use crate::{Format, Malformed};

const LIST: &str = r#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[
{"level":"RequestResponse","auditID":"7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a11","stage":"ResponseComplete",
 "requestURI":"/api/v1/namespaces/web/pods?fieldManager=kubectl-create","verb":"create",
 "user":{"username":"ada@example.com","uid":"u-17","groups":["devs","system:authenticated"],"extra":{"scopes.example.com":["prod"]}},
 "impersonatedUser":{"username":"system:serviceaccount:web:deployer"},
 "sourceIPs":["203.0.113.9","10.0.0.2"],"userAgent":"kubectl/v1.34.0",
 "objectRef":{"resource":"pods","namespace":"web","name":"front-1","apiVersion":"v1"},
 "responseStatus":{"metadata":{},"code":201},
 "requestObject":{"kind":"Pod","metadata":{"name":"front-1","generation":1.50}},
 "requestReceivedTimestamp":"2026-11-22T10:29:23.100000Z","stageTimestamp":"2026-11-22T10:29:23.512345Z",
 "annotations":{"authorization.k8s.io/decision":"allow"}},
{"level":"Metadata","auditID":"7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a12","stage":"ResponseComplete","requestURI":"/apis/rbac.authorization.k8s.io/v1/clusterroles/admin",
 "verb":"delete","user":{"username":"system:serviceaccount:ops:cleaner"},"sourceIPs":["2001:db8::1"],
 "objectRef":{"resource":"clusterroles","name":"admin","apiGroup":"rbac.authorization.k8s.io","apiVersion":"v1"},
 "responseStatus":{"status":"Failure","message":"clusterroles \"admin\" is forbidden","reason":"Forbidden","code":403},
 "stageTimestamp":"2026-11-22T10:30:00Z"}]}"#;

#[test]
fn events_of_a_list() {
    check(
        &Format::Kubernetes,
        &[],
        LIST.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "User",
            "principalId": "ada@example.com",
            "details": {
              "uid": "u-17",
              "groups": [
                "devs",
                "system:authenticated"
              ],
              "extra": {
                "scopes.example.com": [
                  "prod"
                ]
              },
              "impersonatedUser": {
                "username": "system:serviceaccount:web:deployer"
              }
            }
          },
          "userAgent": "kubectl/v1.34.0",
          "eventSource": "core.kubernetes",
          "eventName": "create pods",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a11/ResponseComplete",
          "requestParameters": {
            "resource": "pods",
            "namespace": "web",
            "name": "front-1",
            "apiVersion": "v1",
            "requestURI": "/api/v1/namespaces/web/pods?fieldManager=kubectl-create",
            "requestObject": {
              "kind": "Pod",
              "metadata": {
                "name": "front-1",
                "generation": 1.5
              }
            }
          },
          "responseElements": {
            "code": 201
          },
          "sourceIPAddress": "203.0.113.9",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "auditID": "7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a11",
            "level": "RequestResponse",
            "stage": "ResponseComplete",
            "requestReceivedTimestamp": "2026-11-22T10:29:23.100000Z",
            "stageTimestamp": "2026-11-22T10:29:23.512345Z",
            "sourceIPs": [
              "203.0.113.9",
              "10.0.0.2"
            ],
            "annotations": {
              "authorization.k8s.io/decision": "allow"
            },
            "exactTime": "2026-11-22T10:29:23.512Z"
          }
        }
        {
          "version": "1",
          "userIdentity": {
            "type": "ServiceAccount",
            "principalId": "system:serviceaccount:ops:cleaner"
          },
          "eventSource": "rbac.authorization.k8s.io.kubernetes",
          "eventName": "delete clusterroles",
          "eventTime": "2026-11-22T10:30:00Z",
          "UID": "7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a12/ResponseComplete",
          "requestParameters": {
            "resource": "clusterroles",
            "name": "admin",
            "apiGroup": "rbac.authorization.k8s.io",
            "apiVersion": "v1",
            "requestURI": "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin"
          },
          "responseElements": {
            "status": "Failure",
            "reason": "Forbidden",
            "message": "clusterroles \"admin\" is forbidden",
            "code": 403
          },
          "errorCode": "Forbidden",
          "errorMessage": "clusterroles \"admin\" is forbidden",
          "sourceIPAddress": "2001:db8::1",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "auditID": "7b6b4a0e-3f0f-4e61-9d3a-0e4d6e2f5a12",
            "level": "Metadata",
            "stage": "ResponseComplete",
            "stageTimestamp": "2026-11-22T10:30:00Z",
            "sourceIPs": [
              "2001:db8::1"
            ]
          }
        }
    "#]],
    );
}

fn one(members: &str) -> String {
    format!(
        r#"{{"auditID":"a","stage":"ResponseComplete","verb":"get","user":{{"username":"u"}},"stageTimestamp":"2026-11-22T10:30:00Z",{members}}}"#
    )
}

#[test]
fn secrets_stay_hidden() {
    for (resource, subresource, is_hidden) in
        [("secrets", "", true), ("tokenreviews", "", true), ("serviceaccounts", "token", true), ("pods", "", false)]
    {
        let body = one(&format!(
            r#""objectRef":{{"resource":"{resource}","subresource":"{subresource}"}},"requestObject":{{"k":"hush"}},"responseObject":{{"k":"hush"}}"#
        ));
        let mut received = deliver(&Format::Kubernetes, &[], body.as_bytes()).expect("readable");
        let document = received.events.remove(0).document(&super::support::account());
        assert_eq!(document.contains("hush"), !is_hidden, "{document}");
    }
}

#[test]
fn names_tell_verb_and_object() {
    let name = |members: &str| {
        let received = deliver(&Format::Kubernetes, &[], one(members).as_bytes()).expect("readable");
        let event = &received.events[0];
        format!("{} @ {}", event.event_name, event.event_source)
    };
    assert_eq!(name(r#""objectRef":{"resource":"pods","subresource":"exec"}"#), "get pods/exec @ core.kubernetes");
    assert_eq!(name(r#""objectRef":{"resource":"jobs","apiGroup":"batch"}"#), "get jobs @ batch.kubernetes");
    assert_eq!(name(r#""requestURI":"/healthz?verbose""#), "get /healthz @ kubernetes");
}

#[test]
fn an_object_that_has_no_room_is_left_out_and_told() {
    let body = one(&format!(r#""requestObject":{{"data":"{}"}},"requestURI":"/x""#, "y".repeat(200 << 10)));
    let mut received = deliver(&Format::Kubernetes, &[], body.as_bytes()).expect("readable");
    let document = received.events.remove(0).document(&super::support::account());
    assert!(document.len() < 1024 && document.contains(r#""requestURI":"/x""#), "{document}");
    assert!(
        document.contains(r#""omitted":[{"member":"requestParameters.requestObject","bytes":204811}]"#),
        "{document}"
    );
}

#[test]
fn what_is_no_event_is_rejected() {
    let body = br#"{"items":[{},{"auditID":"a"},{"auditID":"a","stage":"Panic","verb":"get","stageTimestamp":"now"},
        {"auditID":"a","stage":"Panic","verb":"get","stageTimestamp":"2026-11-22T10:30:00Z"},null]}"#;
    check(
        &Format::Kubernetes,
        &[],
        body,
        &expect![[r#"
        items[0]: FieldNotFound: `auditID` is missing
        items[1]: FieldNotFound: `stage` is missing
        items[2]: InvalidData: `stageTimestamp` is no RFC 3339 time
        items[3]: FieldNotFound: `user.username` is missing
        items[4]: InvalidData: invalid type: null, expected struct AuditEvent at line 1 column 4
    "#]],
    );
    let other = deliver(&Format::Kubernetes, &[], br#"{"apiVersion":"audit.k8s.io/v1beta1","items":[]}"#);
    let why = "`apiVersion` is `audit.k8s.io/v1beta1`; only `audit.k8s.io/v1` is known";
    assert_eq!(other.expect_err("refused"), Malformed::Broken(why.to_owned()));
}
