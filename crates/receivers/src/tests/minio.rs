use expect_test::expect;

use super::support::{check, deliver, uids};
use crate::{Format, Malformed};

const PUT: &str = r#"{"version":"1","deploymentid":"51bcc7b9-a447-4251-a940-d9d0aab9af69","time":"2026-11-22T10:29:23.512345678Z","event":"",
"trigger":"incoming","api":{"name":"PutObject","bucket":"invoices","object":"2026/11/a b.pdf","status":"OK","statusCode":200,"rx":4096,"tx":0,
"timeToFirstByte":"1204811ns","timeToResponse":"1210023ns"},"remotehost":"192.0.2.7","requestID":"17B1A3CB5C6E1F08","userAgent":"MinIO (linux; amd64) minio-go/v7.0.90",
"requestPath":"/invoices/2026/11/a b.pdf","requestHost":"minio.example:9000","requestClaims":{"accessKey":"svc-billing","parent":"ada"},
"requestHeader":{"Authorization":"AWS4-HMAC-SHA256 Credential=svc-billing/20261122/us-east-1/s3/aws4_request, Signature=00ff","Content-Length":"4096"},
"responseHeader":{"ETag":"d41d8cd98f00b204e9800998ecf8427e","x-amz-request-id":"17B1A3CB5C6E1F08"},"tags":{"objectLocation":{"name":"a b.pdf","poolId":1}},
"accessKey":"svc-billing","parentUser":"ada"}"#;

const DENIED: &str = r#"{"version":"1","time":"2026-11-22T10:30:00Z","api":{"name":"GetObject","bucket":"invoices","object":"x","status":"Forbidden","statusCode":403},
"remotehost":"[2001:db8::1]:51234","requestID":"17B1A3CB5C6E1F09","requestQuery":{"X-Amz-Signature":"00ff","versionId":"1"},"error":"Access Denied."}"#;

#[test]
fn a_put_is_told_as_s3_tells_it() {
    check(
        &Format::Minio,
        &[],
        PUT.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "User",
            "principalId": "ada",
            "details": {
              "accessKey": "svc-billing",
              "parentUser": "ada",
              "claims": {
                "accessKey": "svc-billing",
                "parent": "ada"
              }
            }
          },
          "userAgent": "MinIO (linux; amd64) minio-go/v7.0.90",
          "eventSource": "s3.minio",
          "eventName": "PutObject",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "17B1A3CB5C6E1F08/sha256:93957442781b45e4011a21cf428c68e365636c770c50163b881e65551f0ffa0f",
          "requestParameters": {
            "bucketName": "invoices",
            "key": "2026/11/a b.pdf",
            "Host": "minio.example:9000",
            "path": "/invoices/2026/11/a b.pdf",
            "headers": {
              "Authorization": "HIDDEN_DUE_TO_SECURITY_REASONS",
              "Content-Length": "4096"
            }
          },
          "responseElements": {
            "headers": {
              "ETag": "d41d8cd98f00b204e9800998ecf8427e",
              "x-amz-request-id": "17B1A3CB5C6E1F08"
            }
          },
          "sourceIPAddress": "192.0.2.7",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "requestID": "17B1A3CB5C6E1F08",
            "deploymentId": "51bcc7b9-a447-4251-a940-d9d0aab9af69",
            "trigger": "incoming",
            "status": "OK",
            "bytesTransferredIn": 4096,
            "bytesTransferredOut": 0,
            "timeToResponse": "1210023ns",
            "tags": {
              "objectLocation": {
                "name": "a b.pdf",
                "poolId": 1
              }
            },
            "remoteHost": "192.0.2.7",
            "httpStatusCode": 200,
            "exactTime": "2026-11-22T10:29:23.512Z"
          }
        }
    "#]],
    );
}

#[test]
fn a_refused_call_has_its_error_and_no_signature() {
    check(
        &Format::Minio,
        &[],
        DENIED.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "Anonymous",
            "principalId": "anonymous"
          },
          "eventSource": "s3.minio",
          "eventName": "GetObject",
          "eventTime": "2026-11-22T10:30:00Z",
          "UID": "17B1A3CB5C6E1F09/sha256:6332a03d4f056798b9da606f549506a7a5af0daba19690ce322baad0e489040b",
          "requestParameters": {
            "bucketName": "invoices",
            "key": "x",
            "query": {
              "X-Amz-Signature": "HIDDEN_DUE_TO_SECURITY_REASONS",
              "versionId": "1"
            }
          },
          "errorCode": "Forbidden",
          "errorMessage": "Access Denied.",
          "sourceIPAddress": "2001:db8::1",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "requestID": "17B1A3CB5C6E1F09",
            "status": "Forbidden",
            "error": "Access Denied.",
            "remoteHost": "[2001:db8::1]:51234",
            "httpStatusCode": 403
          }
        }
    "#]],
    );
}

#[test]
fn administration_and_tokens_have_sources_of_their_own() {
    let source = |name: &str, path: &str| {
        let body = format!(r#"{{"time":"2026-11-22T10:30:00Z","api":{{"name":"{name}"}},"requestPath":"{path}"}}"#);
        let mut received = deliver(&Format::Minio, &[], body.as_bytes()).expect("readable");
        let event = received.events.remove(0);
        (event.event_source, event.user.kind)
    };
    assert_eq!(source("AddUser", "/minio/admin/v3/add-user"), ("admin.minio".into(), "Service".into()));
    assert_eq!(source("AssumeRoleWithWebIdentity", "/"), ("sts.minio".into(), "Service".into()));
}

#[test]
fn batches_come_one_after_the_other() {
    let body = format!("{PUT}\n{DENIED}\n{{}}\n");
    let uids = uids(&Format::Minio, &[], body.as_bytes());
    assert_eq!(uids.len(), 2);
    assert!(uids[0].starts_with("17B1A3CB5C6E1F08/sha256:"), "{uids:?}");
}

#[test]
fn the_question_whether_somebody_is_there_is_no_event() {
    let received = deliver(&Format::Minio, &[], b"{}").expect("readable");
    assert!(received.events.is_empty() && received.rejected.is_empty());
}

#[test]
fn what_is_no_entry_is_rejected() {
    let body =
        br#"[{"time":"2026-11-22T10:30:00Z"},{"api":{"name":"x"}},{"time":"today","api":{"name":"x"}},7,{"time":7}]"#;
    check(
        &Format::Minio,
        &[],
        body,
        &expect![[r#"
        [0]: FieldNotFound: `api.name` is missing
        [1]: FieldNotFound: `time` is missing
        [2]: InvalidData: `time` is no RFC 3339 time
        [3]: InvalidData: invalid type: integer `7`, expected struct Entry at line 1 column 1
        [4]: InvalidData: invalid type: integer `7`, expected a string at line 1 column 9
    "#]],
    );
    assert!(matches!(deliver(&Format::Minio, &[], b"{"), Err(Malformed::Broken(_))));
    assert!(matches!(deliver(&Format::Minio, &[], b" "), Err(Malformed::Broken(_))));
}
