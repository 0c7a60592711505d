//! What S3 records of each key that one DeleteObjects deletes.

use serde_json::{Map, Value};

use super::message::Document;
use super::resources;
use crate::wire::xml::{self, Element};
use crate::{Call, CallError, Exchange};

/// One request names no more keys.
const KEYS_MAX: usize = 1_000;

/// The followers of a call; only a DeleteObjects that was answered has any.
pub(super) fn of(exchange: &Exchange<'_>, call: &Call, answer: Option<&Document<'_>>) -> Vec<Call> {
    let is_deletion = exchange.operation.head.name == "s3" && exchange.operation.inner.name == "DeleteObjects";
    if !is_deletion || call.error.is_some() || exchange.response.is_none() {
        return Vec::new();
    }
    let asked = Document::of(&exchange.request.headers, exchange.request_body);
    let asked = asked.and_then(|body| xml::parse(body.bytes()));
    let refusals = answer.and_then(|body| xml::parse(body.bytes())).unwrap_or_default();
    let keys = asked.iter().flat_map(|root| &root.children).filter_map(|child| key(child, "Object"));
    keys.take(KEYS_MAX).map(|key| follower(exchange, call, key, refusal(&refusals, key))).collect()
}

/// The key in an element of this name.
fn key<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element.child("Key").filter(|_| element.name == name).map(|key| key.text.as_str())
}

/// Why a key was not deleted.
fn refusal(answer: &Element, wanted: &str) -> Option<CallError> {
    let error = answer.children.iter().find(|child| key(child, "Error") == Some(wanted))?;
    let message = error.text_of("Message").map(str::to_owned);
    Some(CallError { code: error.text_of("Code")?.to_owned(), message })
}

fn follower(exchange: &Exchange<'_>, call: &Call, key: &str, error: Option<CallError>) -> Call {
    let asked = call.request_parameters.as_ref().and_then(Value::as_object);
    let kept = asked.into_iter().flatten().filter(|(name, _)| matches!(name.as_str(), "bucketName" | "Host"));
    let mut parameters: Map<_, _> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    parameters.insert("key".to_owned(), key.into());
    Call {
        event_name: "DeleteObject".to_owned(),
        request_parameters: Some(Value::Object(parameters)),
        response_elements: None,
        error,
        resources: resources::of_object(exchange, key),
        ..call.clone()
    }
}
