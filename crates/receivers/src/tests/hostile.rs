//! Whatever comes: no panic, the same UIDs again, and documents within their bounds.

use opentrail_model::record::view::parse_time;
use proptest::prelude::*;
use serde_json::Value;

use super::support::{account, at, deliver, uids};
use crate::{Format, ITEMS_MAX, Malformed, Mapping};

const MAPPING: &str = r#"
eventName = { at = ["/a", "/b/0"], default = "d" }
eventSource = "/b"
eventTime = "/time"
UID = "/id"
requestParameters = "/data"
userIdentity = { type = { value = "T" }, principalId = { at = "/user", default = "u" }, details = { x = "/data/a" } }
"#;

fn formats() -> Vec<Format> {
    let mapping = Mapping::parse(MAPPING).expect("a mapping");
    vec![Format::Minio, Format::Kubernetes, Format::CloudEvents, Format::OtlpLogs, Format::Json(Box::new(mapping))]
}

const MEDIA_TYPES: [&str; 5] = [
    "application/json",
    "application/x-protobuf",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "text/plain",
];

/// Names that mean something to a format.
const NAMES: &str = "a|b|id|time|data|user|username|api|name|items|auditID|stage|verb|stageTimestamp|objectRef|resource|\
                     specversion|source|type|resourceLogs|scopeLogs|logRecords|attributes|key|value|stringValue|kvlistValue|values|\
                     requestID|requestHeader|errors";

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "1\\.0|2026-11-22T10:29:23\\.5Z|[a-z/]{0,6}|\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(NAMES, inner, 0..6)
                .prop_map(|members| Value::from(members.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

fn check(format: &Format, media_type: &str, body: &[u8]) {
    let headers = [("content-type", media_type), ("ce-specversion", "1.0"), ("ce-id", "x"), ("ce-type", "t")];
    let Ok(received) = deliver(format, &headers, body) else { return };
    let again = uids(format, &headers, body);
    assert_eq!(received.events.iter().map(|event| event.uid.clone()).collect::<Vec<_>>(), again);
    let quarantine = received.quarantine("r", at());
    assert_eq!(quarantine.len(), received.rejected.len());
    for event in received.events.into_iter().chain(quarantine) {
        let document: Value = serde_json::from_str(&event.document(&account())).expect("JSON");
        for name in ["version", "eventSource", "eventName", "eventTime", "UID", "recipientAccountId"] {
            let text = document[name].as_str().unwrap_or_default();
            assert!(!text.is_empty() && text.chars().count() <= 1024, "{name}: {document}");
        }
        assert!(parse_time(document["eventTime"].as_str().expect("a text")).is_some(), "{document}");
        assert!(document["additionalEventData"].to_string().len() <= 28 << 10);
    }
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in json()) {
        for format in formats() {
            for media_type in MEDIA_TYPES {
                check(&format, media_type, value.to_string().as_bytes());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in formats() {
            for media_type in MEDIA_TYPES {
                check(&format, media_type, &bytes);
            }
        }
    }

    #[test]
    fn any_text_is_a_mapping_or_none(text in "([a-zA-Z]{1,9}( = |\\.)(\"/?[a-z]{0,3}\"|\\{ at = \"/a\" \\}|7)\n){0,6}") {
        let _ = Mapping::parse(&text);
    }
}

#[test]
fn too_many_items_are_refused() {
    let many = format!("[{}7]", "7,".repeat(ITEMS_MAX));
    let events = format!(r#"{{"items":{many}}}"#);
    let too_many = Malformed::TooLarge { what: "items", max: ITEMS_MAX };
    assert_eq!(deliver(&Format::Minio, &[], many.as_bytes()).expect_err("refused"), too_many);
    assert_eq!(deliver(&Format::Kubernetes, &[], events.as_bytes()).expect_err("refused"), too_many);
    let lines = "7\n".repeat(ITEMS_MAX + 1);
    assert_eq!(deliver(&Format::Minio, &[], lines.as_bytes()).expect_err("refused"), too_many);
}

#[test]
fn a_rejected_item_is_kept_as_far_as_there_is_room() {
    for item in ["\"", "x", "\u{1}", "é"] {
        let item = serde_json::to_string(&item.repeat(40_000)).expect("JSON");
        let received = deliver(&Format::Minio, &[], format!("[{item}]").as_bytes()).expect("readable");
        let event = received.quarantine("minio-1", at()).remove(0);
        let document: Value = serde_json::from_str(&event.document(&account())).expect("JSON");
        let kept = document["additionalEventData"]["item"].as_str().expect("kept");
        assert!(item.starts_with(kept) && kept.len() > 3_000, "{}", kept.len());
        assert_eq!(document["additionalEventData"]["itemBytes"], item.len());
        assert_eq!(document["errorCode"], "InvalidData");
        assert_eq!(document["userIdentity"]["principalId"], "minio-1");
    }
}

#[test]
fn nesting_is_no_danger() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}7{}", open.repeat(100_000), close.repeat(100_000));
        for format in formats() {
            check(&format, "application/json", deep.as_bytes());
            check(&format, "application/cloudevents+json", deep.as_bytes());
        }
    }
}
