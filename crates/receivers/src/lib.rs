//! What other systems tell of what was done in them, as events of a channel.
//!
//! [`receive`] reads one HTTP [`Delivery`] in one [`Format`] and answers [`Received`]: the [`Event`]s that are in it and
//! what is [`Rejected`], item by item, with its place. An event prints itself as the `eventData` that PutAuditEvents takes
//! (CloudTrail user guide, "CloudTrail Lake integrations event schema"). `docs/receivers.md` tells what becomes of each member.
//!
//! The same delivery again gives the same events with the same UIDs, by which a store keeps each of them once. A delivery
//! that can't be read at all is [`Malformed`]: its sender is told and nothing of it is kept. An item that can't be mapped
//! holds up no other: [`Rejected::event`] tells of it as an event of its own, which is the quarantine.
//!
//! Everything is bounded: [`BYTES_MAX`] after unpacking, [`ITEMS_MAX`] items, each member of an event.
//!
//! ```
//! use http::HeaderMap;
//! use opentrail_receivers::{Delivery, Format, receive};
//! use opentrail_stdx::Timestamp;
//!
//! let body = br#"{"auditID":"a-1","stage":"ResponseComplete","verb":"create","user":{"username":"ada"},
//!     "objectRef":{"resource":"pods","namespace":"web"},"stageTimestamp":"2026-11-22T10:29:23.5Z"}"#;
//! let list = [br#"{"items":["#, &body[..], b"]}"].concat();
//! let delivery = Delivery { headers: &HeaderMap::new(), body: &list, at: Timestamp::EPOCH };
//! let received = receive(&Format::Kubernetes, &delivery)?;
//! assert_eq!(received.events[0].event_name, "create pods");
//! # Ok::<(), opentrail_receivers::Malformed>(())
//! ```
//!
//! Pure and synchronous: no clock, no network, no storage.

mod address;
mod cloudevents;
mod event;
mod hidden;
mod items;
mod json;
mod kubernetes;
mod members;
mod minio;
pub mod otlp;
mod rejected;
mod uid;
mod unpack;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use opentrail_stdx::Timestamp;

pub use self::event::{Event, Failure, User};
pub use self::json::{Mapping, MappingError};
pub use self::members::Members;
pub use self::rejected::{Rejected, RejectedItem};

/// The longest body in bytes, as it is sent and when it is unpacked: Kubernetes sends up to 10 MiB at once.
pub const BYTES_MAX: usize = 16 << 20;

/// The most items of one delivery.
pub const ITEMS_MAX: usize = 10_000;

/// What a body is written in.
#[derive(Debug, Clone)]
pub enum Format {
    /// MinIO's audit webhook.
    Minio,
    /// Kubernetes' audit webhook, `audit.k8s.io/v1`.
    Kubernetes,
    /// CloudEvents 1.0 in JSON: structured, batched, or binary.
    CloudEvents,
    /// The logs of OpenTelemetry's protocol over HTTP, as protobuf or JSON.
    OtlpLogs,
    /// Any JSON, read as a mapping file says.
    Json(Box<Mapping>),
}

/// One request of a sender.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body, as it came.
    pub body: &'a [u8],
    /// When it came: the time of events that don't tell theirs.
    pub at: Timestamp,
}

/// The media type without its parameters, in lower case; empty when there is none.
fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What a delivery holds.
#[derive(Debug, Default)]
pub struct Received {
    /// What can be kept, in order.
    pub events: Vec<Event>,
    /// What can't, in order.
    pub rejected: Vec<Rejected>,
}

impl Received {
    /// The events that keep what is rejected; see [`Rejected::event`].
    pub fn quarantine(&self, receiver: &str, at: Timestamp) -> Vec<Event> {
        let mut events: Vec<Event> = self.rejected.iter().map(|rejected| rejected.event(receiver, at)).collect();
        uid::complete(&mut events);
        events
    }

    fn push(&mut self, result: Result<Event, Rejected>) {
        match result {
            Ok(event) => self.events.push(event),
            Err(rejected) => self.rejected.push(rejected),
        }
    }
}

/// Why nothing of a delivery can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is written in something else.
    #[error("a body of type `{found}` can't be read; send {expected}")]
    MediaType {
        /// What came.
        found: String,
        /// What would be read.
        expected: &'static str,
    },
    /// It is packed with something else.
    #[error("the content encoding `{0}` can't be undone; send `gzip` or none")]
    Encoding(String),
    /// It is too long, or too much.
    #[error("the delivery has more than {max} {what}; send less at once")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// It breaks its own format.
    #[error("the body is not what it should be: {0}")]
    Broken(String),
}

/// Reads a delivery.
pub fn receive(format: &Format, delivery: &Delivery<'_>) -> Result<Received, Malformed> {
    let encoding = delivery.headers.get(CONTENT_ENCODING).map_or(&b""[..], |value| value.as_bytes());
    let body = unpack::unpack(encoding, delivery.body)?;
    let delivery = Delivery { body: &body, ..*delivery };
    let mut received = match format {
        Format::Minio => minio::receive(&delivery)?,
        Format::Kubernetes => kubernetes::receive(&delivery)?,
        Format::CloudEvents => cloudevents::receive(&delivery)?,
        Format::OtlpLogs => otlp::receive(&delivery)?,
        Format::Json(mapping) => mapping.receive(&delivery)?,
    };
    uid::complete(&mut received.events);
    Ok(received)
}

#[cfg(test)]
mod tests;
