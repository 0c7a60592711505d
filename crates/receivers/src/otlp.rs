//! OTLP logs over HTTP, as protobuf or JSON (OpenTelemetry protocol specification 1.x).
//!
//! Each log record is read for itself: one that is broken is rejected and told as a partial success, and memory is bounded by
//! what a body holds and not by what a decoder makes of it.

mod answer;
mod binary;
mod json;
mod origin;
mod proto;
mod record;
mod value;

pub use self::answer::{failure, success};

use http::HeaderMap;

use crate::rejected::Mistake;
use crate::{Delivery, Malformed, Received, media_type};

use self::origin::Origin;

const EXPECTED: &str = "`application/x-protobuf` or `application/json`";

/// The two encodings; an answer has its request's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

impl Encoding {
    /// The encoding of a request; nothing when it has another media type.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        match media_type(headers).as_str() {
            "application/x-protobuf" => Some(Self::Protobuf),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

pub(crate) fn receive(delivery: &Delivery<'_>) -> Result<Received, Malformed> {
    let mut received = Received::default();
    let mut keep = |found: Found<'_>| {
        let event = found.record.map(|record| record::event(&record, found.origin, found.item, delivery.at));
        received.push(event.map_err(|mistake| mistake.at(found.place, found.item)));
    };
    match Encoding::of(delivery.headers) {
        Some(Encoding::Protobuf) => binary::each_record(delivery.body, &mut keep)?,
        Some(Encoding::Json) => json::each_record(delivery.body, &mut keep)?,
        None => return Err(Malformed::MediaType { found: media_type(delivery.headers), expected: EXPECTED }),
    }
    Ok(received)
}

/// A log record where it was found.
struct Found<'a> {
    place: String,
    origin: &'a Origin<'a>,
    record: Result<proto::LogRecord, Mistake>,
    /// Its own bytes.
    item: &'a [u8],
}
