//! A value's form: the paths of its members and their types.

use std::collections::BTreeSet;

use serde_json::Value;

pub(super) fn form(value: &Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    walk(value, "", &mut paths);
    paths
}

fn walk(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) => {
            items.iter().for_each(|item| walk(item, &format!("{path}[]"), paths));
            "list"
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| walk(value, &format!("{path}.{name}"), paths));
            "object"
        }
    };
    paths.insert(format!("{path}: {kind}"));
}
