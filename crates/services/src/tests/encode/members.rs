//! From CloudTrail's names back to the model's.

use serde_json::{Map, Value, json};

use crate::Operation;
use crate::table::{Kind, Member, Model, Shape};

/// The members that a record has, under the model's names; what the model doesn't know is lost, and will be missed.
pub(super) fn structure(operation: &Operation, members: &[Member], told: &Map<String, Value>) -> Map<String, Value> {
    let model = operation.model();
    let is_it = |member: &&Member, name: &str| {
        member.name.eq_ignore_ascii_case(name) || member.wire_name().eq_ignore_ascii_case(name)
    };
    let known = told.iter().filter_map(|(name, told)| {
        let member = members.iter().find(|member| is_it(member, name))?;
        let value = if operation.head.name == "dynamodb" { dynamodb(member.name, told) } else { None };
        Some((member.name.to_owned(), value.unwrap_or_else(|| value_of(operation, model, member.kind, told))))
    });
    known.collect()
}

fn value_of(operation: &Operation, model: &Model, kind: Kind, told: &Value) -> Value {
    let Kind::Shape(number) = kind else {
        return match (kind, told) {
            // Any time will do: its form is what is compared.
            (Kind::Timestamp, _) => json!(1_688_990_879),
            (Kind::Integer, Value::String(_)) => json!(1),
            (Kind::Boolean, Value::String(_)) => json!(true),
            _ => told.clone(),
        };
    };
    match (model.shape(number), told) {
        (Shape::Structure { members, .. }, Value::Object(told)) => Value::Object(structure(operation, members, told)),
        (Shape::List { item, .. }, Value::Array(items)) => {
            items.iter().map(|told| value_of(operation, model, item.kind, told)).collect()
        }
        (Shape::Map { value, .. }, Value::Object(told)) => {
            let pair = |(key, told): (&String, &Value)| (key.clone(), value_of(operation, model, value.kind, told));
            Value::Object(told.iter().map(pair).collect())
        }
        // Hidden: some value, of which nothing may be told.
        _ => some(model, kind, 3),
    }
}

/// Some value of a type.
pub(super) fn some(model: &Model, kind: Kind, depth: usize) -> Value {
    let Kind::Shape(number) = kind else {
        return match kind {
            Kind::Integer | Kind::Double | Kind::Timestamp => json!(1),
            Kind::Boolean => json!(true),
            _ => json!("secret"),
        };
    };
    match model.shape(number) {
        _ if depth == 0 => json!({}),
        Shape::Structure { members, .. } => {
            Value::Object(members.iter().map(|it| (it.name.to_owned(), some(model, it.kind, depth - 1))).collect())
        }
        Shape::List { item, .. } => json!([some(model, item.kind, depth - 1)]),
        Shape::Map { value, .. } => json!({"secret": some(model, value.kind, depth - 1)}),
    }
}

/// An item of which a record has only the attributes' names, or a key without its types.
fn dynamodb(member: &str, told: &Value) -> Option<Value> {
    match (member, told) {
        ("Item", Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            Some(Value::Object(names.map(|name| (name.to_owned(), json!({"S": "secret"}))).collect()))
        }
        ("Key", Value::Object(key)) => {
            Some(Value::Object(key.iter().map(|(name, value)| (name.clone(), json!({"S": value}))).collect()))
        }
        _ => None,
    }
}
