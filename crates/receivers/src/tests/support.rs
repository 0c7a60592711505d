//! Deliveries and what they hold, printed.

use expect_test::Expect;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use opentrail_model::AccountId;
use opentrail_stdx::Timestamp;
use serde_json::Value;

use crate::{Delivery, Format, Malformed, Received, receive};

/// When everything comes.
pub(super) fn at() -> Timestamp {
    Timestamp::parse_iso("2026-11-22T12:00:00Z").expect("a time")
}

pub(super) fn account() -> AccountId {
    "123456789012".parse().expect("an account")
}

pub(super) fn headers(headers: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).expect("a name"), HeaderValue::from_str(value).expect("a value"))
    };
    headers.iter().map(pair).collect()
}

pub(super) fn deliver(format: &Format, with: &[(&str, &str)], body: &[u8]) -> Result<Received, Malformed> {
    receive(format, &Delivery { headers: &headers(with), body, at: at() })
}

/// The documents of a delivery, and what is rejected of it.
pub(super) fn printed(received: Received) -> String {
    let mut lines = String::new();
    for event in received.events {
        let document: Value = serde_json::from_str(&event.document(&account())).expect("JSON");
        lines += &serde_json::to_string_pretty(&document).expect("JSON");
        lines += "\n";
    }
    for rejected in received.rejected {
        lines += &format!("{}: {}: {}\n", rejected.place, rejected.code, rejected.message);
    }
    lines
}

pub(super) fn check(format: &Format, with: &[(&str, &str)], body: &[u8], expected: &Expect) {
    expected.assert_eq(&printed(deliver(format, with, body).expect("readable")));
}

/// The UIDs of a delivery.
pub(super) fn uids(format: &Format, with: &[(&str, &str)], body: &[u8]) -> Vec<String> {
    deliver(format, with, body).expect("readable").events.into_iter().map(|event| event.uid).collect()
}
