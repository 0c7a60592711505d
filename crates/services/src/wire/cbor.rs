//! CBOR, for smithy-rpc-v2-cbor: as JSON.

use ciborium::value::{Integer, Value as Cbor};
use serde_json::{Map, Number, Value};

use super::DEPTH_MAX;

/// A document as JSON: times become numbers of seconds, bytes nothing. None when it is no CBOR, nests too deep, or goes on behind
/// its end.
pub(crate) fn parse(document: &[u8]) -> Option<Value> {
    let mut rest = document;
    let value: Cbor = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH_MAX).ok()?;
    rest.is_empty().then(|| json(value))
}

fn json(value: Cbor) -> Value {
    match value {
        Cbor::Integer(number) => integer(number),
        Cbor::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        Cbor::Text(text) => Value::String(text),
        Cbor::Bool(truth) => Value::Bool(truth),
        Cbor::Tag(_, inner) => json(*inner),
        Cbor::Array(items) => items.into_iter().map(json).collect(),
        Cbor::Map(entries) => {
            let pair = |(key, value): (Cbor, Cbor)| Some((key.into_text().ok()?, json(value)));
            Value::Object(entries.into_iter().filter_map(pair).collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn integer(number: Integer) -> Value {
    match i64::try_from(number) {
        Ok(number) => number.into(),
        Err(_) => u64::try_from(number).map_or(Value::Null, Value::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_become_json() {
        // {"a": 1, "t": 1(1577836800.5), "b": h'00', "l": [true, null]}
        let document = b"\xa4\x61a\x01\x61t\xc1\xfb\x41\xd7\x82\xf8\x40\x20\x00\x00\x61b\x41\x00\x61l\x82\xf5\xf6";
        assert_eq!(parse(document), Some(json!({"a": 1, "t": 1_577_836_800.5, "b": null, "l": [true, null]})));
    }

    #[test]
    fn hostile_documents_give_nothing() {
        let deep = [0x81; 100_000];
        // An array that claims 2^32 items, and bytes that claim as many.
        for document in
            [&deep[..], b"\x9a\xff\xff\xff\xff\x01", b"\x5a\xff\xff\xff\xff\x01", b"\xa1\x01", b"", b"\x01\x01"]
        {
            assert_eq!(parse(document), None);
        }
    }
}
