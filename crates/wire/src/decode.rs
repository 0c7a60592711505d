//! From bytes to a typed request, and from a typed response to text.

use serde_json::{Map, Value};

use crate::codec::Structure;
use crate::violation::Violations;
use crate::{Error, Operation, validate, violation_error};

/// The largest body that is looked at.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// How deep a body may nest; the deepest request of the models needs 8.
pub const NESTING_MAX: usize = 32;

/// Reads a request.
///
/// The order is AWS's: a body that is not JSON, then a value of the wrong type (`SerializationException` both), then
/// the model's constraints. Members that the model doesn't know are ignored; an empty body is an empty structure.
pub fn decode<T: Structure>(operation: Operation, body: &[u8]) -> Result<T, Error> {
    decode_value(operation, parse(body)?)
}

/// Reads a request whose body is parsed already.
pub fn decode_value<T: Structure>(operation: Operation, value: Value) -> Result<T, Error> {
    validate::types(T::shape(), &value)?;
    let violations = validate::constraints(T::shape(), &value);
    if !violations.is_empty() {
        return Err(violation_error(operation, &violations));
    }
    T::read(value).map_err(Error::from)
}

/// Which constraints of its model a request breaks. An error is a body that is not even of the right types.
pub fn check(operation: Operation, body: &Value) -> Result<Violations, Error> {
    validate::types(operation.input(), body)?;
    Ok(validate::constraints(operation.input(), body))
}

/// Parses a body into a JSON object of bounded size and depth.
pub fn parse(body: &[u8]) -> Result<Value, Error> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Error::request_entity_too_large(format!("Request body is larger than {BODY_BYTES_MAX} bytes.")));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    if nesting(body) > NESTING_MAX {
        return Err(Error::serialization(format!("Request body is nested deeper than {NESTING_MAX} levels.")));
    }
    let value: Value =
        serde_json::from_slice(body).map_err(|_| Error::serialization("Request body is not valid JSON."))?;
    if value.is_object() { Ok(value) } else { Err(Error::serialization("Request body is not a JSON object.")) }
}

/// How deep the brackets outside of strings go.
fn nesting(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Writes a structure: compact, members in the model's order, absent ones left out.
pub fn encode<T: Structure>(value: &T) -> String {
    let mut out = Vec::with_capacity(256);
    value.write(&mut out);
    String::from_utf8(out).expect("JSON is text")
}
