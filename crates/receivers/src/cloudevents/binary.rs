//! Binary mode: attributes are headers, the body is the data.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use percent_encoding::percent_decode;
use serde_json::value::{RawValue, to_raw_value};

use crate::Delivery;
use crate::rejected::Mistake;

/// What the headers of attributes begin with.
const PREFIX: &str = "ce-";

/// Does a request carry an event in binary mode?
pub(super) fn is_binary(headers: &HeaderMap) -> bool {
    headers.contains_key("ce-specversion")
}

/// The attributes and the data, as the JSON that structured mode has.
pub(super) fn attributes(
    delivery: &Delivery<'_>,
    media_type: &str,
) -> Result<BTreeMap<String, Box<RawValue>>, Mistake> {
    let mut attributes = BTreeMap::new();
    for (name, value) in delivery.headers {
        if let Some(name) = name.as_str().strip_prefix(PREFIX) {
            attributes.insert(name.to_owned(), text(&decoded(name, value.as_bytes())?));
        }
    }
    if !media_type.is_empty() {
        attributes.insert("datacontenttype".to_owned(), text(media_type));
    }
    if let Some((name, data)) = data(media_type, delivery.body)? {
        attributes.insert(name.to_owned(), data);
    }
    Ok(attributes)
}

fn text(text: &str) -> Box<RawValue> {
    to_raw_value(text).expect("a text prints")
}

/// Header values are percent-encoded UTF-8, and may stand in quotes.
fn decoded(name: &str, value: &[u8]) -> Result<String, Mistake> {
    let bare = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
    let decoded = percent_decode(bare).decode_utf8();
    decoded.map(Into::into).map_err(|_| Mistake::invalid(format!("the header `{PREFIX}{name}` is no UTF-8")))
}

/// JSON as it is, text as a JSON text, anything else in base64.
fn data(media_type: &str, body: &[u8]) -> Result<Option<(&'static str, Box<RawValue>)>, Mistake> {
    if body.is_empty() {
        return Ok(None);
    }
    if media_type.is_empty() || media_type == "application/json" || media_type.ends_with("+json") {
        return Ok(Some(("data", serde_json::from_slice(body)?)));
    }
    Ok(Some(match std::str::from_utf8(body) {
        Ok(body) => ("data", text(body)),
        Err(_) => ("data_base64", text(&STANDARD.encode(body))),
    }))
}
