//! Events from outside of AWS, as callers put them through a channel, and the records that stores keep of them.
//!
//! What an event must have is in the CloudTrail user guide, "CloudTrail Lake integrations event schema". Of two events of
//! one channel with the same id and time the second is the first, come again: its record has the same event id, by which
//! stores keep it once. That is ours; CloudTrail documents nothing of the kind.

mod members;

use std::net::IpAddr;

use aws_lc_rs::digest::{Context, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use opentrail_model::record::view::parse_time;
use opentrail_model::{ChannelArn, uuid_text};
use opentrail_stdx::Timestamp;
use serde_json::json;

use self::members::Members;

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

/// The way by which events came: what the records of a request have in common is printed once.
#[derive(Debug, Clone)]
pub struct Way {
    /// The account that owns the channel, which is the recipient.
    account: String,
    channel: String,
    /// A record up to its event id.
    before_id: String,
    /// A record from behind its time to its event's data.
    before_data: String,
}

impl Way {
    /// The way through a channel, at that time.
    pub fn new(channel: &ChannelArn, at: Timestamp) -> Self {
        let (account, channel_text) = (channel.account.to_string(), channel.to_string());
        let kind =
            json!({ "eventVersion": EVENT_VERSION, "eventCategory": "ActivityAuditLog", "eventType": "ActivityLog" });
        let place = json!({
            "awsRegion": channel.region.as_str(),
            "recipientAccountId": account,
            "metadata": { "ingestionTime": at.iso(), "channelARN": channel_text },
        });
        let (kind, place) = (kind.to_string(), place.to_string());
        let before_id = format!(r#"{},"eventID":""#, &kind[..kind.len() - 1]);
        let before_data = format!(r#"",{},"eventData":"#, &place[1..place.len() - 1]);
        Self { account, channel: channel_text, before_id, before_data }
    }

    /// The record of an event.
    fn record(&self, event_id: &str, time: Timestamp, data: &str) -> Bytes {
        let (time, before_id, before_data) = (time.iso(), self.before_id.as_str(), self.before_data.as_str());
        Bytes::from([before_id, event_id, r#"","eventTime":""#, &time, before_data, data, "}"].concat())
    }
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

/// Checks an event and makes its record.
pub fn audit_record(event: AuditEvent<'_>, way: &Way) -> Result<AuditRecord, Refusal> {
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
    let members =
        Members::of(event.data).map_err(|error| invalid(format!("eventData is not a JSON object: {error}")))?;
    members.check()?;
    let time = time_of(members.text("eventTime"))
        .ok_or_else(|| invalid("eventTime is not a UTC time of the form yyyy-MM-DDTHH:mm:ss.".to_owned()))?;
    let address = members.text("sourceIPAddress");
    if !address.is_empty() && address.parse::<IpAddr>().is_err() {
        return Err(invalid("sourceIPAddress is not an IP address.".to_owned()));
    }
    if members.text("recipientAccountId") != way.account {
        let message = "recipientAccountId is not the account that owns the channel.";
        return Err(Refusal::new("InvalidRecipient", message));
    }
    let event_id = event_id(event.id, time, way);
    let text = way.record(&event_id, time, event.data.trim());
    Ok(AuditRecord { event_id, text })
}

/// A time with or without its `Z`.
fn time_of(text: &str) -> Option<Timestamp> {
    parse_time(text).or_else(|| parse_time(&format!("{text}Z")))
}

/// A UUID (version 8) that is the same whenever the same event comes again. Persisted: keep stable.
fn event_id(id: &str, time: Timestamp, way: &Way) -> String {
    let mut hash = Context::new(&SHA256);
    for part in [way.channel.as_bytes(), id.as_bytes(), &time.as_ms().to_be_bytes()] {
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
    use serde_json::{Map, Value};

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
        audit_record(
            AuditEvent { id, data, checksum: None },
            &Way::new(&channel(), Timestamp::from_secs(1_800_000_000)),
        )
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
        let text = data().to_string();
        let right = STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let way = Way::new(&channel(), Timestamp::EPOCH);
        assert!(audit_record(AuditEvent { id: "a", data: &text, checksum: Some(&right) }, &way).is_ok());
        let refused = audit_record(AuditEvent { id: "a", data: &text, checksum: Some("AAAA") }, &way);
        assert_eq!(refused.map_err(|refusal| refusal.code), Err("InvalidChecksum"));
    }
}
