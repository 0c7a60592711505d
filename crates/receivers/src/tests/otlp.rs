use expect_test::expect;

use super::support::{check, deliver, headers, uids};
use crate::otlp::{Encoding, failure, success};
use crate::{Format, Malformed};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const PROTOBUF: &[(&str, &str)] = &[("content-type", "application/x-protobuf")];

const LOGS: &str = r#"{"resourceLogs":[{"resource":{"attributes":[
  {"key":"service.name","value":{"stringValue":"shop"}},{"key":"host.cpus","value":{"intValue":"8"}}]},
 "scopeLogs":[{"scope":{"name":"shop.audit","version":"1.2"},"logRecords":[
  {"timeUnixNano":"1795343363512345678","observedTimeUnixNano":"1795343364000000000","severityNumber":9,"severityText":"INFO",
   "eventName":"order.refunded","body":{"kvlistValue":{"values":[{"key":"note","value":{"stringValue":"late"}}]}},
   "attributes":[{"key":"enduser.id","value":{"stringValue":"ada"}},{"key":"enduser.role","value":{"stringValue":"clerk"}},
    {"key":"client.address","value":{"stringValue":"192.0.2.1"}},{"key":"order","value":{"intValue":17}},
    {"key":"tags","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":1.5},{"bytesValue":"AP8="}]}}}],
   "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"},
  {"observedTimeUnixNano":1795343364000000000,"attributes":[{"key":"error.type","value":{"stringValue":"Timeout"}},
    {"key":"log.record.uid","value":{"stringValue":"01KC"}}]},
  {"timeUnixNano":"soon"}, {"traceId":"xyz"}]}]}]}"#;

#[test]
fn records_in_json() {
    check(
        &Format::OtlpLogs,
        JSON,
        LOGS.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "User",
            "principalId": "ada",
            "details": {
              "enduser.id": "ada",
              "enduser.role": "clerk"
            }
          },
          "eventSource": "shop",
          "eventName": "order.refunded",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "sha256:cde59e4165de16b8a85c5fc3abe23e705e6b2fb5b4f8827af72dc0199d605acc",
          "requestParameters": {
            "enduser.id": "ada",
            "enduser.role": "clerk",
            "client.address": "192.0.2.1",
            "order": 17,
            "tags": [
              true,
              1.5,
              "AP8="
            ]
          },
          "sourceIPAddress": "192.0.2.1",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "body": {
              "note": "late"
            },
            "severityNumber": 9,
            "severityText": "INFO",
            "traceId": "5b8efff798038103d269b633813fc60c",
            "spanId": "eee19b7ec3c1b174",
            "resource": {
              "service.name": "shop",
              "host.cpus": 8
            },
            "scope": {
              "name": "shop.audit",
              "version": "1.2"
            },
            "exactTime": "2026-11-22T10:29:23.512Z"
          }
        }
        {
          "version": "1",
          "userIdentity": {
            "type": "Service",
            "principalId": "shop"
          },
          "eventSource": "shop",
          "eventName": "log",
          "eventTime": "2026-11-22T10:29:24Z",
          "UID": "01KC",
          "requestParameters": {
            "error.type": "Timeout",
            "log.record.uid": "01KC"
          },
          "errorCode": "Timeout",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "resource": {
              "service.name": "shop",
              "host.cpus": 8
            },
            "scope": {
              "name": "shop.audit",
              "version": "1.2"
            }
          }
        }
        resourceLogs[0].scopeLogs[0].logRecords[2]: InvalidData: `soon` is no whole number of 64 bits at line 1 column 23
        resourceLogs[0].scopeLogs[0].logRecords[3]: InvalidData: `xyz` is not in hex at line 1 column 17
    "#]],
    );
}

/// One record in protobuf, byte by byte: resource (service.name = "shop"), scope ("a"), record (time 1 s, event name "e").
fn protobuf(record: &[u8]) -> Vec<u8> {
    let field = |number: u8, body: &[u8]| [&[number << 3 | 2, body.len() as u8], body].concat();
    let value = field(1, b"shop");
    let attribute = [field(1, b"service.name"), field(2, &value)].concat();
    let resource = field(1, &attribute);
    let scope_logs = [field(1, &field(1, b"a")), field(2, record)].concat();
    let resource_logs = [field(1, &resource), field(2, &scope_logs)].concat();
    field(1, &resource_logs)
}

const RECORD: &[u8] = b"\x09\x00\xca\x9a\x3b\x00\x00\x00\x00\x62\x01e";

#[test]
fn records_in_protobuf() {
    check(
        &Format::OtlpLogs,
        PROTOBUF,
        &protobuf(RECORD),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "Service",
            "principalId": "shop"
          },
          "eventSource": "shop",
          "eventName": "e",
          "eventTime": "1970-01-01T00:00:01Z",
          "UID": "sha256:501c4d66bc1abc81a87b71566aee3b360d52b5963525bbd228215d5c945de72d",
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "resource": {
              "service.name": "shop"
            },
            "scope": {
              "name": "a"
            }
          }
        }
    "#]],
    );
}

#[test]
fn a_broken_record_holds_up_no_other() {
    let body = [protobuf(b"\x09\x00"), protobuf(RECORD)].concat();
    let received = deliver(&Format::OtlpLogs, PROTOBUF, &body).expect("readable");
    assert_eq!((received.events.len(), received.rejected.len()), (1, 1));
    let answer = success(Encoding::Json, &received.rejected);
    expect![[r#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"resourceLogs[0].scopeLogs[0].logRecords[0]: InvalidData: failed to decode Protobuf message: LogRecord.time_unix_nano: buffer underflow"}}"#]].assert_eq(&String::from_utf8_lossy(&answer));
    assert_eq!(success(Encoding::Protobuf, &received.rejected)[..5], *b"\x0a\x8b\x01\x08\x01");
    assert!(matches!(deliver(&Format::OtlpLogs, PROTOBUF, b"\x0a\xff"), Err(Malformed::Broken(_))));
}

#[test]
fn the_same_record_twice_is_two() {
    let body = [protobuf(RECORD), protobuf(RECORD)].concat();
    let uids = uids(&Format::OtlpLogs, PROTOBUF, &body);
    assert_eq!(uids[1], format!("{}#2", uids[0]));
    assert_eq!(uids, super::support::uids(&Format::OtlpLogs, PROTOBUF, &body));
}

#[test]
fn answers_have_their_requests_encoding() {
    let encoding = |media_type| Encoding::of(&headers(&[("content-type", media_type)]));
    assert_eq!(encoding("application/x-protobuf"), Some(Encoding::Protobuf));
    assert_eq!(encoding("application/json; charset=utf-8"), Some(Encoding::Json));
    assert_eq!(encoding("text/plain"), None);
    assert_eq!(success(Encoding::Json, &[]), b"{}");
    assert_eq!(success(Encoding::Protobuf, &[]), b"");
    assert_eq!(failure(Encoding::Json, 503, "later"), br#"{"code":14,"message":"later"}"#);
    assert_eq!(failure(Encoding::Protobuf, 401, "no"), b"\x08\x10\x12\x02no");
    assert!(matches!(deliver(&Format::OtlpLogs, &[], b""), Err(Malformed::MediaType { .. })));
}
