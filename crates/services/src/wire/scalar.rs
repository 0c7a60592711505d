//! Texts of simple types.

use serde_json::Value;

use crate::table::Kind;

/// A text as the JSON of its type; what isn't of the type stays text.
pub(crate) fn parsed(kind: Kind, text: &str) -> Value {
    let number = match kind {
        Kind::Integer => text.trim().parse::<i64>().ok().map(Value::from),
        Kind::Double => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        Kind::Boolean => match text.trim() {
            "true" | "True" | "1" => Some(Value::Bool(true)),
            "false" | "False" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    };
    number.unwrap_or_else(|| Value::from(text))
}

/// A text of unknown type as the program that records XML guesses it: a boolean, a whole number, else text.
pub(crate) fn guessed(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => text.into(),
        },
    }
}
