//! Any bytes as a delivery to a receiver of any format: refused, or read into documents that PutAuditEvents takes, the same
//! again from the same bytes. The first byte chooses the format and the media type; a text is tried as a mapping file, too.
#![no_main]

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use libfuzzer_sys::fuzz_target;
use opentrail_intake::audit::{AuditEvent, Way, audit_record};
use opentrail_model::ChannelArn;
use opentrail_receivers::{Delivery, Format, Mapping, receive};
use opentrail_stdx::Timestamp;

const MAPPING: &str = r#"
eventName = { at = ["/a", "/b/0"], default = "d" }
eventSource = "/b"
eventTime = { at = "/t", unit = "ms" }
UID = "/id"
requestParameters = ""
userIdentity = { type = { value = "T" }, principalId = { at = "/u", default = "u" } }
"#;

const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-protobuf",
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
];

const CHANNEL: &str = "arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef";

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let channel: ChannelArn = CHANNEL.parse().expect("an ARN");
    let (format, headers) = (format(*first, body), headers(*first, body));
    let delivery = Delivery { headers: &headers, body, at: Timestamp::from_secs(1_800_000_000) };
    let Ok(received) = receive(&format, &delivery) else { return };
    let way = Way::new(&channel, delivery.at);
    let quarantine = received.quarantine("fuzz", delivery.at);
    let again = receive(&format, &delivery).expect("what was read is read again");
    for (event, again) in received.events.into_iter().zip(again.events) {
        assert_eq!(event.uid, again.uid);
        let document = event.document(&channel.account);
        let event = AuditEvent { id: &again.uid, data: &document, checksum: None };
        let refusal = audit_record(event, &way).err();
        // Only what no receiver looks into: numbers, nesting and escapes of values that are passed on, times beyond all years.
        assert!(refusal.is_none_or(|refusal| refusal.code == "InvalidData"), "{document}");
    }
    for event in quarantine {
        let (uid, document) = (event.uid.clone(), event.document(&channel.account));
        let event = AuditEvent { id: &uid, data: &document, checksum: None };
        audit_record(event, &way).expect("a rejected item can be kept");
    }
});

fn format(first: u8, body: &[u8]) -> Format {
    let own = || std::str::from_utf8(body).ok().and_then(|text| Mapping::parse(text).ok());
    match first % 5 {
        0 => Format::Minio,
        1 => Format::Kubernetes,
        2 => Format::CloudEvents,
        3 => Format::OtlpLogs,
        _ => Format::Json(Box::new(own().unwrap_or_else(|| Mapping::parse(MAPPING).expect("a mapping")))),
    }
}

/// The media type, and, for CloudEvents in binary mode, an attribute from the body.
fn headers(first: u8, body: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPES[usize::from(first / 5) % MEDIA_TYPES.len()]));
    for name in ["ce-specversion", "ce-source", "ce-type"] {
        headers.insert(name, HeaderValue::from_static("1.0"));
    }
    if let Ok(value) = HeaderValue::from_bytes(&body[..body.len().min(16)]) {
        headers.insert("ce-id", value);
    }
    if body.starts_with(b"\x1f\x8b") {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers
}
