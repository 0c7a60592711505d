use expect_test::expect;

use super::support::{check, deliver, uids};
use crate::{Format, Malformed};

const STRUCTURED: &[(&str, &str)] = &[("content-type", "application/cloudevents+json; charset=utf-8")];
const BATCH: &[(&str, &str)] = &[("content-type", "application/cloudevents-batch+json")];

const EVENT: &str = r#"{"specversion":"1.0","id":"e-1","source":"/payroll/eu","type":"com.example.payslip.opened","time":"2026-11-22T10:29:23.25+01:00",
"subject":"payslips/17","datacontenttype":"application/json","traceparent":"00-01-02-01","authtype":"user","authid":"ada",
"data":{"slip":17,"amount":12345678901234567890}}"#;

#[test]
fn structured() {
    check(
        &Format::CloudEvents,
        STRUCTURED,
        EVENT.as_bytes(),
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "user",
            "principalId": "ada"
          },
          "eventSource": "/payroll/eu",
          "eventName": "com.example.payslip.opened",
          "eventTime": "2026-11-22T09:29:23Z",
          "UID": "/payroll/eu e-1",
          "requestParameters": {
            "amount": 12345678901234567890,
            "slip": 17
          },
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "datacontenttype": "application/json",
            "id": "e-1",
            "subject": "payslips/17",
            "traceparent": "00-01-02-01",
            "exactTime": "2026-11-22T09:29:23.250Z"
          }
        }
    "#]],
    );
}

#[test]
fn a_batch_is_read_one_by_one() {
    let body = format!(
        r#"[{EVENT},{{"specversion":"1.0","id":"e-2","source":"s"}},{{"specversion":"0.3","id":"e","source":"s","type":"t"}},
        {{"specversion":"1.0","id":"e","source":"s","type":"t","time":"now"}},{{"specversion":"1.0","id":7,"source":"s","type":"t"}},[]]"#
    );
    let mut received = deliver(&Format::CloudEvents, BATCH, body.as_bytes()).expect("readable");
    assert_eq!(received.events.len(), 1);
    received.events.clear();
    expect![[r#"
        [1]: FieldNotFound: `type` is missing
        [2]: InvalidData: `specversion` is `0.3`; only `1.0` is known
        [3]: InvalidData: `time` is no RFC 3339 time
        [4]: InvalidData: `id` is no text
        [5]: InvalidData: invalid type: sequence, expected a map at line 1 column 0
    "#]]
    .assert_eq(&super::support::printed(received));
}

#[test]
fn binary() {
    let headers = [
        ("content-type", "application/json"),
        ("ce-specversion", "1.0"),
        ("ce-id", "e-3"),
        ("ce-source", "/payroll/eu"),
        ("ce-type", "com.example.payslip.opened"),
        ("ce-time", "2026-11-22T10:29:23Z"),
        ("ce-subject", "%22K%C3%B6ln%22"),
    ];
    check(
        &Format::CloudEvents,
        &headers,
        br#"[1,2]"#,
        &expect![[r#"
        {
          "version": "1",
          "userIdentity": {
            "type": "source",
            "principalId": "/payroll/eu"
          },
          "eventSource": "/payroll/eu",
          "eventName": "com.example.payslip.opened",
          "eventTime": "2026-11-22T10:29:23Z",
          "UID": "/payroll/eu e-3",
          "requestParameters": {
            "data": [
              1,
              2
            ]
          },
          "recipientAccountId": "123456789012",
          "additionalEventData": {
            "datacontenttype": "application/json",
            "id": "e-3",
            "subject": "\"Köln\""
          }
        }
    "#]],
    );
    let broken = deliver(&Format::CloudEvents, &headers, b"{").expect("told item by item");
    assert_eq!(broken.rejected[0].place, "body");
}

#[test]
fn binary_data_of_any_kind() {
    let data = |media_type: &str, body: &[u8]| {
        let headers = [
            ("content-type", media_type),
            ("ce-specversion", "1.0"),
            ("ce-id", "e"),
            ("ce-source", "s"),
            ("ce-type", "t"),
        ];
        let received = deliver(&Format::CloudEvents, &headers, body).expect("readable");
        serde_json::to_string(&received.events[0].request_parameters).expect("JSON")
    };
    assert_eq!(data("text/plain", b"hello"), r#"{"data":"hello"}"#);
    assert_eq!(data("application/octet-stream", b"\xff\x00"), r#"{"data_base64":"/wA="}"#);
    assert_eq!(data("application/vnd.x+json", br#"{"a":1}"#), r#"{"a":1}"#);
    assert_eq!(data("text/plain", b""), "{}");
}

#[test]
fn an_id_counts_within_its_source() {
    let body = r#"[{"specversion":"1.0","id":"1","source":"a","type":"t"},{"specversion":"1.0","id":"1","source":"b","type":"t"}]"#;
    assert_eq!(uids(&Format::CloudEvents, BATCH, body.as_bytes()), ["a 1", "b 1"]);
}

#[test]
fn other_media_types_are_refused() {
    for media_type in ["", "application/json", "application/cloudevents+avro"] {
        let refused = deliver(&Format::CloudEvents, &[("content-type", media_type)], EVENT.as_bytes());
        assert!(matches!(refused, Err(Malformed::MediaType { .. })), "{media_type}");
    }
}
