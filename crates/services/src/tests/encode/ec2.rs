//! EC2's records back to its forms and documents.

use serde_json::{Map, Value, json};

use super::{Message, write};
use crate::Operation;
use crate::describe::classic_set;
use crate::table::{Kind, Member, Shape};

pub(super) fn request(operation: &Operation, parameters: &Map<String, Value>) -> Message {
    if operation.inner.is_classic {
        let input = operation.model().members(operation.inner.input);
        return super::modelled_request(operation, &structure(operation, input, &machine(parameters)));
    }
    let mut form = format!("Action={}&Version={}", operation.inner.name, operation.head.version);
    if let Some(Value::Object(members)) = parameters.get(&format!("{}Request", operation.inner.name)) {
        members.iter().for_each(|(name, value)| raw(name, value, &mut form));
    }
    let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    Message { method: "POST".to_owned(), uri: "/".to_owned(), headers, body: form.into_bytes(), status: 0 }
}

/// The raw form: an item of a list carries its number as `tag`.
fn raw(key: &str, value: &Value, form: &mut String) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| raw(key, item, form)),
        Value::Object(members) => {
            let key = members.get("tag").map_or_else(|| key.to_owned(), |tag| format!("{key}.{}", write::plain(tag)));
            for (name, value) in members.iter().filter(|(name, _)| *name != "tag") {
                let key = if name == "content" { key.clone() } else { format!("{key}.{name}") };
                raw(&key, value, form);
            }
        }
        value => form.push_str(&format!("&{key}={}", super::percent(&write::plain(value)))),
    }
}

/// RunInstances has part of its parameters in a set of one machine.
fn machine(parameters: &Map<String, Value>) -> Map<String, Value> {
    let mut parameters = parameters.clone();
    if let Some(Value::Object(machine)) = parameters.get("instancesSet").and_then(|set| set["items"].get(0)).cloned()
        && machine.contains_key("imageId")
    {
        parameters.remove("instancesSet");
        parameters.extend(machine);
    }
    let zone = ["availabilityZone", "tenancy"].map(|name| Some((name.to_owned(), parameters.get(name)?.clone())));
    let placement: Map<_, _> = zone.into_iter().flatten().collect();
    if !placement.is_empty() {
        parameters.insert("placement".to_owned(), Value::Object(placement));
    }
    parameters
}

/// The members that a record of the first form has, under the model's names.
fn structure(operation: &Operation, members: &[Member], told: &Map<String, Value>) -> Map<String, Value> {
    let pair = |member: &Member| {
        let (name, key) = classic_set(operation.inner.name, member);
        let value = told.get(&name).or_else(|| told.get("tags").filter(|_| member.name == "Tags"))?;
        let items = value.get("items").or_else(|| value.get("item"));
        let first = items.and_then(|items| items.get(0));
        if !key.is_empty() && first.is_some_and(|first| first.get(key).is_none()) {
            // A set of that name, but of others: groups have names or ids.
            return None;
        }
        let value = match (member.kind, items, value) {
            (Kind::Shape(number), Some(Value::Array(items)), _) => list(operation, number, items, key),
            (Kind::Shape(_), None, Value::Object(empty)) if empty.is_empty() => json!([]),
            (kind, _, value) => of(operation, kind, value),
        };
        Some((member.name.to_owned(), value))
    };
    members.iter().filter_map(pair).collect()
}

fn list(operation: &Operation, number: usize, items: &[Value], key: &str) -> Value {
    let Shape::List { item, .. } = operation.model().shape(number) else { return Value::Null };
    items
        .iter()
        .map(|value| if key.is_empty() { of(operation, item.kind, value) } else { value[key].clone() })
        .collect()
}

fn of(operation: &Operation, kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Shape(number), Value::Object(told)) => {
            Value::Object(structure(operation, operation.model().members(Some(number)), told))
        }
        (Kind::Shape(number), Value::Array(items)) => list(operation, number, items, ""),
        (Kind::Shape(_), Value::String(_)) => super::members::some(operation.model(), kind, 3),
        (Kind::Timestamp, _) => json!("2023-07-10T12:07:59Z"),
        (_, value) => value.clone(),
    }
}

pub(super) fn response(operation: &Operation, elements: &Map<String, Value>) -> Message {
    let body = if operation.inner.is_classic {
        let content: String = elements.iter().map(|(name, value)| classic_xml(name, value)).collect();
        format!("<{0}Response>{content}</{0}Response>", operation.inner.name)
    } else {
        elements.iter().map(|(name, value)| write::raw_xml(name, value)).collect()
    };
    Message { status: 200, body: body.into_bytes(), ..Message::default() }
}

fn classic_xml(name: &str, value: &Value) -> String {
    let name = match name {
        "_return" => "return",
        "zone" => "availabilityZone",
        name => name,
    };
    let content: String = match value {
        Value::Object(members) => match members.get("items").or_else(|| members.get("item")) {
            Some(Value::Array(items)) => items.iter().map(|item| classic_xml("item", item)).collect(),
            _ => members.iter().map(|(name, value)| classic_xml(name, value)).collect(),
        },
        // Times are numbers in records, but not on the wire.
        Value::Number(number) if number.as_i64().is_some_and(|it| it > 1_000_000_000_000) => {
            "2023-07-10T12:07:59Z".to_owned()
        }
        value => write::escaped(&write::plain(value)),
    };
    format!("<{name}>{content}</{name}>")
}
