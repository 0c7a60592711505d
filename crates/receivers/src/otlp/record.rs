//! What becomes of a log record.

use opentrail_stdx::Timestamp;

use super::origin::Origin;
use super::proto::{KeyValue, LogRecord};
use super::value::{json, members, text};
use crate::address::address;
use crate::event::{Event, Failure, User};
use crate::members::Members;

pub(super) fn event(record: &LogRecord, origin: &Origin<'_>, item: &[u8], at: Timestamp) -> Event {
    let find = |names: &[&str]| names.iter().find_map(|name| text(&record.attributes, name));
    let name = Some(record.event_name.clone()).filter(|name| !name.is_empty());
    let name = name.or_else(|| find(&["event.name"]));
    let source_ip = find(&["client.address", "source.address", "network.peer.address"]);
    Event {
        uid: find(&["log.record.uid"]).unwrap_or_else(|| origin.uid(item)),
        event_name: name.unwrap_or_else(|| "log".to_owned()),
        event_source: origin.name().to_owned(),
        event_time: time(record, at),
        user: user(record, origin),
        user_agent: find(&["user_agent.original"]),
        source_ip_address: source_ip.as_deref().and_then(address),
        failure: failure(record),
        request_parameters: members(&record.attributes),
        response_elements: Members::default(),
        additional: additional(record, origin),
    }
}

/// The record's own time, else when it was observed, else when it came.
fn time(record: &LogRecord, at: Timestamp) -> Timestamp {
    let told = [record.time_unix_nano, record.observed_time_unix_nano].into_iter().find(|nanos| *nanos > 0);
    told.map_or(at, |nanos| Timestamp::from_ms(i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)))
}

/// The end user, else the service that acts by itself.
fn user(record: &LogRecord, origin: &Origin<'_>) -> User {
    let ids = ["enduser.id", "user.id", "user.name", "user.email"];
    match ids.iter().find_map(|name| text(&record.attributes, name)) {
        Some(id) => {
            let is_about = |it: &&KeyValue| it.key.starts_with("user.") || it.key.starts_with("enduser.");
            let details: Vec<KeyValue> = record.attributes.iter().filter(is_about).cloned().collect();
            User { kind: "User".to_owned(), principal_id: id, details: members(&details) }
        }
        None => {
            User { kind: "Service".to_owned(), principal_id: origin.name().to_owned(), details: Members::default() }
        }
    }
}

fn failure(record: &LogRecord) -> Option<Failure> {
    let find = |names: &[&str]| names.iter().find_map(|name| text(&record.attributes, name));
    let code = find(&["error.type", "exception.type"])?;
    Some(Failure { code, message: find(&["error.message", "exception.message"]) })
}

fn additional(record: &LogRecord, origin: &Origin<'_>) -> Members {
    let body = record.body.as_ref().map(json).filter(|body| !body.is_null());
    let mut members = Members::default();
    if let Some(body) = body {
        members = members.value("body", body);
    }
    if record.severity_number != 0 {
        members = members.value("severityNumber", record.severity_number);
    }
    if record.dropped_attributes_count > 0 {
        members = members.value("droppedAttributesCount", record.dropped_attributes_count);
    }
    members
        .text("severityText", Some(&record.severity_text))
        .text("traceId", Some(&hex::encode(&record.trace_id)))
        .text("spanId", Some(&hex::encode(&record.span_id)))
        .object("resource", origin.resource().clone())
        .object("scope", origin.scope().clone())
}
