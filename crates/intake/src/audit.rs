//! Events from outside of AWS, as callers put them through a channel, and the records that stores keep of them.
//!
//! What an event must have is in the CloudTrail user guide, "CloudTrail Lake integrations event schema". Of two events of
//! one channel with the same id and time the second is the first, come again: its record has the same event id, by which
//! stores keep it once. That is ours; CloudTrail documents nothing of the kind.

use std::net::IpAddr;

use aws_lc_rs::digest::{Context, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use opentrail_model::record::view::parse_time;
use opentrail_model::{ChannelArn, uuid_text};
use opentrail_stdx::Timestamp;
use serde_json::{Map, Value, json};

/// The longest event, in bytes of its data.
pub const EVENT_BYTES_MAX: usize = 256 << 10;

/// The version of the record around an event.
const EVENT_VERSION: &str = "1.11";

/// An event as it came.
#[derive(Debug, Clone, Copy)]
pub struct AuditEvent<'a> {
    /// What its sender calls it.
    pub id: &'a str,
    /// A JSON object.
    pub data: &'a str,
    /// The base64 of the data's SHA-256, if it was told.
    pub checksum: Option<&'a str>,
}

/// The way by which it came.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// The channel, whose account is the recipient.
    pub channel: &'a ChannelArn,
    /// When it came.
    pub at: Timestamp,
}

/// The record that stores keep of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its event id.
    pub event_id: String,
    /// Its text; the event's data is in it as it came.
    pub text: Bytes,
}

/// Why an event is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// CloudTrail's code: `InvalidData` and its kin.
    pub code: &'static str,
    /// What its sender shall mend.
    pub message: String,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Members that are text: their names, the longest in characters, and whether they must be there.
const TEXTS: [(&str, usize, bool); 10] = [
    ("version", 256, true),
    ("userAgent", 1024, false),
    ("eventSource", 1024, true),
    ("eventName", 1024, true),
    ("eventTime", 64, true),
    ("UID", 1024, true),
    ("errorCode", 256, false),
    ("errorMessage", 256, false),
    ("sourceIPAddress", 64, false),
    ("recipientAccountId", 12, true),
];

/// Members of `userIdentity` that are text.
const IDENTITY_TEXTS: [(&str, usize, bool); 2] = [("type", 128, true), ("principalId", 1024, true)];

/// Members that are objects: their names, and the longest in bytes.
const OBJECTS: [(&str, usize); 3] =
    [("requestParameters", 100 << 10), ("responseElements", 100 << 10), ("additionalEventData", 28 << 10)];

/// Checks an event and makes its record.
pub fn audit_record(event: AuditEvent<'_>, way: Way<'_>) -> Result<AuditRecord, Refusal> {
    let invalid = |message: String| Refusal::new("InvalidData", message);
    if event.data.len() > EVENT_BYTES_MAX {
        return Err(invalid(format!("eventData is longer than {EVENT_BYTES_MAX} bytes.")));
    }
    if let Some(checksum) = event.checksum
        && STANDARD.encode(digest(&SHA256, event.data.as_bytes())) != checksum
    {
        return Err(Refusal::new(
            "InvalidChecksum",
            "eventDataChecksum is not the base64 of the SHA-256 of eventData.",
        ));
    }
    let data: Map<String, Value> = serde_json::from_str(event.data)
        .map_err(|error| invalid(format!("eventData is not a JSON object: {error}")))?;
    check_members(&data)?;
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    let time = time_of(text("eventTime"))
        .ok_or_else(|| invalid("eventTime is not a UTC time of the form yyyy-MM-DDTHH:mm:ss.".to_owned()))?;
    if !text("sourceIPAddress").is_empty() && text("sourceIPAddress").parse::<IpAddr>().is_err() {
        return Err(invalid("sourceIPAddress is not an IP address.".to_owned()));
    }
    let account = way.channel.account.as_str();
    if text("recipientAccountId") != account {
        let message = "recipientAccountId is not the account that owns the channel.";
        return Err(Refusal::new("InvalidRecipient", message));
    }
    let event_id = event_id(event.id, time, way.channel);
    let head = json!({
        "eventVersion": EVENT_VERSION,
        "eventCategory": "ActivityAuditLog",
        "eventType": "ActivityLog",
        "eventID": event_id,
        "eventTime": time.iso(),
        "awsRegion": way.channel.region.as_str(),
        "recipientAccountId": account,
        "metadata": { "ingestionTime": way.at.iso(), "channelARN": way.channel.to_string() },
    });
    let head = head.to_string();
    let open = head.strip_suffix('}').expect("an object ends so");
    Ok(AuditRecord { event_id, text: Bytes::from(format!(r#"{open},"eventData":{}}}"#, event.data.trim())) })
}

fn check_members(data: &Map<String, Value>) -> Result<(), Refusal> {
    check_texts(data, &TEXTS, "")?;
    match data.get("userIdentity") {
        None | Some(Value::Null) => return Err(missing("userIdentity")),
        Some(Value::Object(identity)) => {
            check_texts(identity, &IDENTITY_TEXTS, "userIdentity.")?;
            check_object(identity, "details", EVENT_BYTES_MAX)?;
        }
        Some(_) => return Err(Refusal::new("InvalidData", "userIdentity is not an object.")),
    }
    OBJECTS.iter().try_for_each(|(name, bytes_max)| check_object(data, name, *bytes_max))
}

fn check_texts(members: &Map<String, Value>, known: &[(&str, usize, bool)], path: &str) -> Result<(), Refusal> {
    for (name, length_max, is_required) in known {
        match members.get(*name) {
            None | Some(Value::Null) if *is_required => return Err(missing(&format!("{path}{name}"))),
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.is_empty() && *is_required => {
                return Err(missing(&format!("{path}{name}")));
            }
            Some(Value::String(text)) if text.chars().count() > *length_max => {
                let message = format!("{path}{name} is longer than {length_max} characters.");
                return Err(Refusal::new("FieldTooLong", message));
            }
            Some(Value::String(_)) => {}
            Some(_) => return Err(Refusal::new("InvalidData", format!("{path}{name} is not a string."))),
        }
    }
    Ok(())
}

fn check_object(members: &Map<String, Value>, name: &str, bytes_max: usize) -> Result<(), Refusal> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(()),
        Some(value @ Value::Object(_)) if value.to_string().len() > bytes_max => {
            Err(Refusal::new("FieldTooLong", format!("{name} is longer than {bytes_max} bytes.")))
        }
        Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(Refusal::new("InvalidData", format!("{name} is not an object."))),
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::new("FieldNotFound", format!("{name} is missing."))
}

/// A time with or without its `Z`.
fn time_of(text: &str) -> Option<Timestamp> {
    parse_time(text).or_else(|| parse_time(&format!("{text}Z")))
}

/// A UUID (version 8) that is the same whenever the same event comes again. Persisted: keep stable.
fn event_id(id: &str, time: Timestamp, channel: &ChannelArn) -> String {
    let mut hash = Context::new(&SHA256);
    for part in [channel.to_string().as_bytes(), id.as_bytes(), &time.as_ms().to_be_bytes()] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut number = [0_u8; 16];
    number.copy_from_slice(&hash.finish().as_ref()[..16]);
    number[6] = (number[6] & 0x0f) | 0x80;
    number[8] = (number[8] & 0x3f) | 0x80;
    uuid_text(u128::from_be_bytes(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> ChannelArn {
        let arn = "arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef";
        arn.parse().expect("valid")
    }

    fn data() -> Value {
        json!({
            "version": "1", "userIdentity": {"type": "Custom", "principalId": "p", "details": {"k": 1}},
            "eventSource": "app.example.com", "eventName": "Login", "eventTime": "2026-11-22T10:29:23Z", "UID": "u-1",
            "recipientAccountId": "123456789012", "sourceIPAddress": "2001:db8::1", "own": true,
        })
    }

    fn record(id: &str, data: &str) -> Result<AuditRecord, Refusal> {
        let (channel, at) = (channel(), Timestamp::from_secs(1_800_000_000));
        audit_record(AuditEvent { id, data, checksum: None }, Way { channel: &channel, at })
    }

    fn check(change: impl FnOnce(&mut Map<String, Value>), code: &str) {
        let mut data = data();
        change(data.as_object_mut().expect("an object"));
        assert_eq!(record("a", &data.to_string()).map_err(|refusal| refusal.code), Err(code), "{data}");
    }

    #[test]
    fn the_record_holds_the_data_as_it_came() {
        let text = format!(" {}", data().to_string().replacen(':', " : ", 1));
        let made = record("a-1", &text).expect("valid");
        let parsed: Value = serde_json::from_slice(&made.text).expect("JSON");
        assert!(made.text.ends_with(format!("{}}}", text.trim()).as_bytes()));
        assert_eq!(parsed["eventID"], made.event_id.as_str());
        assert_eq!(parsed["eventTime"], "2026-11-22T10:29:23Z");
        assert_eq!(parsed["metadata"]["channelARN"], channel().to_string());
        assert_eq!(parsed["eventData"], data());
        assert_eq!(&made.event_id[14..15], "8");
    }

    #[test]
    fn an_event_that_comes_again_has_the_same_id() {
        let id = |id: &str, data: &Value| record(id, &data.to_string()).expect("valid").event_id;
        let mut other = data();
        other["eventName"] = "Logout".into();
        assert_eq!(id("a", &data()), id("a", &other));
        assert_ne!(id("a", &data()), id("b", &data()));
        other["eventTime"] = "2026-11-22T10:29:24".into();
        assert_ne!(id("a", &data()), id("a", &other));
    }

    #[test]
    fn what_breaks_the_schema_is_refused() {
        check(|it| drop(it.remove("UID")), "FieldNotFound");
        check(|it| drop(it.remove("userIdentity")), "FieldNotFound");
        check(|it| it["userIdentity"] = json!({"type": "t"}), "FieldNotFound");
        check(|it| it["userIdentity"] = "me".into(), "InvalidData");
        check(|it| it["eventName"] = 7.into(), "InvalidData");
        check(|it| it["eventName"] = "x".repeat(1025).into(), "FieldTooLong");
        check(|it| it["eventTime"] = "yesterday".into(), "InvalidData");
        check(|it| it["sourceIPAddress"] = "here".into(), "InvalidData");
        check(|it| it["recipientAccountId"] = "210987654321".into(), "InvalidRecipient");
        check(|it| drop(it.insert("requestParameters".into(), json!([1]))), "InvalidData");
        check(|it| drop(it.insert("additionalEventData".into(), json!({"k": "x".repeat(29_000)}))), "FieldTooLong");
        for text in ["", "[]", "{", "{\"a\":\"\\ud800\"}", &"x".repeat(EVENT_BYTES_MAX + 1)] {
            assert_eq!(record("a", text).map_err(|refusal| refusal.code), Err("InvalidData"));
        }
    }

    #[test]
    fn a_checksum_is_compared() {
        let (channel, text) = (channel(), data().to_string());
        let right = STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let way = Way { channel: &channel, at: Timestamp::EPOCH };
        assert!(audit_record(AuditEvent { id: "a", data: &text, checksum: Some(&right) }, way).is_ok());
        let refused = audit_record(AuditEvent { id: "a", data: &text, checksum: Some("AAAA") }, way);
        assert_eq!(refused.map_err(|refusal| refusal.code), Err("InvalidChecksum"));
    }
}
