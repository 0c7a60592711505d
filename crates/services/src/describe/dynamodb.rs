//! DynamoDB's data: records have the keys of items and the names of their attributes, never their values.

use serde_json::Value;

/// How a member is told of that isn't told like others; `Some(None)`: not at all.
pub(super) fn shown(member: &str, value: &Value) -> Option<Option<Value>> {
    match member {
        "Item" | "Attributes" | "NewImage" | "OldImage" => Some(names(value)),
        "Key" | "ExclusiveStartKey" | "LastEvaluatedKey" => Some(key(value)),
        "Statement" => Some(value.as_str().map(|statement| redacted(statement).into())),
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

const REDACTED: &str = "***(Redacted)";

/// A statement without the texts and numbers in it.
fn redacted(statement: &str) -> String {
    let mut out = String::with_capacity(statement.len());
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let in_word = out.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let length = match first {
            '\'' => quoted(rest),
            '"' => {
                // A name in quotes.
                let end = quoted(rest);
                out.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            '0'..='9' if !in_word => {
                rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '.').unwrap_or(rest.len())
            }
            _ => 0,
        };
        if length > 0 {
            out.push_str(REDACTED);
            rest = &rest[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The length of a quoted text at the start, with its quotes; a quote inside is doubled.
fn quoted(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == quote && bytes.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
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
        assert_eq!(shown("TableName", &json!("t")), None);
    }

    #[test]
    fn statements_lose_their_literals() {
        for (statement, expected) in [
            (
                "SELECT * FROM \"T1\" WHERE a = 'it''s' AND b1 = 25",
                "SELECT * FROM \"T1\" WHERE a = ***(Redacted) AND b1 = ***(Redacted)",
            ),
            ("INSERT INTO M VALUE {'k': 'é'}", "INSERT INTO M VALUE {***(Redacted): ***(Redacted)}"),
            ("a = 'open", "a = ***(Redacted)"),
        ] {
            assert_eq!(redacted(statement), expected);
        }
    }
}
