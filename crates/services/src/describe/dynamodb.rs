//! DynamoDB's data: records have the keys of items and the names of their attributes, never their values.

mod statement;

use serde_json::{Map, Value};

/// How a member is told of that isn't told like others; `Some(None)`: not at all.
pub(super) fn shown(member: &str, value: &Value) -> Option<Option<Value>> {
    match member {
        "Item" | "Attributes" | "NewImage" | "OldImage" => Some(names(value)),
        "Key" | "ExclusiveStartKey" | "LastEvaluatedKey" => Some(key(value)),
        "Keys" => Some(value.as_array().map(|keys| keys.iter().filter_map(key).collect())),
        "Statement" => Some(value.as_str().map(|statement| statement::redacted(statement).into())),
        "AttributeUpdates" | "Expected" | "KeyConditions" | "QueryFilter" | "ScanFilter" => Some(names(value)),
        "Parameters" => Some(None),
        _ => None,
    }
}

/// The names of an item's attributes.
fn names(value: &Value) -> Option<Value> {
    let names = value.as_object()?.keys();
    Some(names.map(|name| Value::from(name.as_str())).collect())
}

/// `{"Artist": {"S": "x"}}` as `{"Artist": "x"}`.
fn key(value: &Value) -> Option<Value> {
    let plain = |typed: &Value| typed.as_object().and_then(|typed| typed.values().next().cloned());
    let members = value.as_object()?.iter();
    Some(Value::Object(members.filter_map(|(name, typed)| Some((name.clone(), plain(typed)?))).collect()))
}

/// The parts of a transaction or batch in the shape that records have: a list of `requestItems`. Documentation shows it of
/// TransactWriteItems and BatchExecuteStatement; TransactGetItems and ExecuteTransaction are taken to be alike.
pub(super) fn with_request_items(mut parameters: Map<String, Value>) -> Map<String, Value> {
    const PARTS: [&str; 3] = ["statements", "transactItems", "transactStatements"];
    let Some(Value::Array(parts)) = PARTS.iter().find_map(|name| parameters.remove(*name)) else { return parameters };
    let items: Vec<Value> = parts.into_iter().map(request_item).collect();
    parameters.insert("requestItems".to_owned(), items.into());
    parameters
}

/// `{"put": {"item": …}}` as `{"operation": "Put", "items": …}`; a statement stays what it is.
fn request_item(part: Value) -> Value {
    let Value::Object(part) = part else { return part };
    let is_action = part.len() == 1 && part.values().all(Value::is_object);
    if !is_action {
        return Value::Object(part);
    }
    let mut item = Map::new();
    for (action, members) in part {
        let operation = action[..1].to_ascii_uppercase() + &action[1..];
        item.insert("operation".to_owned(), operation.into());
        let Value::Object(members) = members else { continue };
        let plural = |name: String| if name == "item" { "items".to_owned() } else { name };
        item.extend(members.into_iter().map(|(name, value)| (plural(name), value)));
    }
    Value::Object(item)
}

/// The tables that the parameters of a data event name, each once: by name or ARN, as the call does.
pub(super) fn tables(parameters: &Map<String, Value>) -> Vec<String> {
    let mut tables = named(parameters);
    match parameters.get("requestItems") {
        // A batch has its items by table.
        Some(Value::Object(items)) => tables.extend(items.keys().cloned()),
        Some(Value::Array(items)) => tables.extend(items.iter().filter_map(Value::as_object).flat_map(named)),
        _ => {}
    }
    let mut seen = std::collections::BTreeSet::new();
    tables.retain(|table| seen.insert(table.clone()));
    tables
}

fn named(members: &Map<String, Value>) -> Vec<String> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let in_statement = text("statement").map(statement::tables).unwrap_or_default();
    text("tableName").map(str::to_owned).into_iter().chain(in_statement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_not_told() {
        let item = json!({"Artist": {"S": "x"}, "Year": {"N": "1"}});
        assert_eq!(shown("Item", &item), Some(Some(json!(["Artist", "Year"]))));
        assert_eq!(shown("Key", &item), Some(Some(json!({"Artist": "x", "Year": "1"}))));
        assert_eq!(shown("Keys", &json!([item])), Some(Some(json!([{"Artist": "x", "Year": "1"}]))));
        assert_eq!(shown("TableName", &json!("t")), None);
    }
}
