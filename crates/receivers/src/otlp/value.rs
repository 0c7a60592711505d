//! Values and attributes as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::proto::{AnyValue, KeyValue, Value};
use crate::members::Members;

/// An attribute as a text, unless it is empty or of many parts.
pub(super) fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    let text = match found.value.as_ref()?.value.as_ref()? {
        Value::Text(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Array(_) | Value::List(_) | Value::Bytes(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

pub(super) fn members(attributes: &[KeyValue]) -> Members {
    object(attributes).into_iter().fold(Members::default(), |members, (name, value)| members.value(&name, value))
}

/// Attributes as an object; of a key that comes twice, the last counts.
fn object(attributes: &[KeyValue]) -> Map<String, Json> {
    let value = |it: &KeyValue| it.value.as_ref().map_or(Json::Null, json);
    attributes.iter().map(|it| (it.key.clone(), value(it))).collect()
}

pub(super) fn json(value: &AnyValue) -> Json {
    match &value.value {
        None => Json::Null,
        Some(Value::Text(text)) => Json::from(text.as_str()),
        Some(Value::Bool(value)) => Json::from(*value),
        Some(Value::Int(value)) => Json::from(*value),
        // What JSON has no number for is told as a text.
        Some(Value::Double(value)) if !value.is_finite() => Json::from(value.to_string()),
        Some(Value::Double(value)) => Json::from(*value),
        Some(Value::Array(array)) => array.values.iter().map(json).collect(),
        Some(Value::List(list)) => Json::from(object(&list.values)),
        Some(Value::Bytes(bytes)) => Json::from(STANDARD.encode(bytes)),
    }
}
