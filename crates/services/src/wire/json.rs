//! JSON, for json and rest-json; CBOR comes this way too.

use serde_json::{Map, Value};

use super::DEPTH_MAX;
use crate::table::{Kind, Member, Model, Place, Protocol, Shape};

/// A document. None when it is no JSON or nests too deep.
pub(crate) fn parse(document: &[u8]) -> Option<Value> {
    let value = serde_json::from_slice(document).ok()?;
    is_shallow(&value, DEPTH_MAX).then_some(value)
}

pub(super) fn is_shallow(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_shallow(item, depth - 1)),
        Value::Object(members) => depth > 0 && members.values().all(|value| is_shallow(value, depth - 1)),
        _ => true,
    }
}

/// What a value has of a shape; a value of another type stays as it is, unless it may be a blob.
pub(crate) fn decode(model: &Model, protocol: Protocol, kind: Kind, value: Value) -> Value {
    let Kind::Shape(number) = kind else {
        return if kind == Kind::Blob { Value::Null } else { value };
    };
    match (model.shape(number), value) {
        (Shape::Structure { members, .. }, Value::Object(object)) => {
            Value::Object(structure(model, protocol, members, object))
        }
        (Shape::List { item, .. }, Value::Array(items)) => {
            items.into_iter().map(|value| decode(model, protocol, item.kind, value)).collect()
        }
        (Shape::Map { value: of, .. }, Value::Object(object)) => {
            object.into_iter().map(|(key, value)| (key, decode(model, protocol, of.kind, value))).collect()
        }
        _ => Value::Null,
    }
}

/// The members of a structure that stand in its body, in the order in which they came.
pub(crate) fn structure(
    model: &Model,
    protocol: Protocol,
    members: &[Member],
    object: Map<String, Value>,
) -> Map<String, Value> {
    let find = |key: &str| {
        let body = members.iter().filter(|member| member.place == Place::Body);
        body.into_iter().find(|member| name(member, protocol) == key)
    };
    let known = object.into_iter().filter(|(_, value)| !value.is_null());
    known
        .filter_map(|(key, value)| {
            let member = find(&key)?;
            Some((member.name.to_owned(), decode(model, protocol, member.kind, value)))
        })
        .collect()
}

/// A member's name in documents: only rest-json has names of its own.
pub(crate) fn name(member: &Member, protocol: Protocol) -> &'static str {
    if protocol == Protocol::Cbor { member.name } else { member.wire_name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_documents_give_nothing() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&nested(DEPTH_MAX)).is_some());
        for depth in [DEPTH_MAX + 1, 127, 1_000_000] {
            assert_eq!(parse(&nested(depth)), None);
        }
        assert_eq!(parse(b"{"), None);
    }
}
