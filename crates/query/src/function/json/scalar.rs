//! `json_parse`, `json_format`, `is_json_scalar`.

use super::super::adapt::unary;
use super::super::native::Text;
use super::super::{Registry, fault};
use super::scan::{Cursor, Kind, kind};
use super::write::sorted;

pub(super) fn register(to: &mut Registry) {
    to.add(
        "json_parse(varchar) -> json",
        unary::<Text, _>(|text| {
            sorted(text).ok_or_else(|| fault::argument(format!("Cannot convert value to JSON: '{}'", short(text))))
        }),
    );
    to.add("json_format(json) -> varchar", unary::<Text, _>(str::to_owned));
    for signature in ["is_json_scalar(json) -> boolean", "is_json_scalar(varchar) -> boolean"] {
        to.add(
            signature,
            unary::<Text, _>(|text| {
                let mut cursor = Cursor::new(text);
                if cursor.value().is_none() || !cursor.is_at_end() {
                    return Err(fault::argument(format!("Invalid JSON value: {}", short(text))));
                }
                Ok(!matches!(kind(text), Some(Kind::Array | Kind::Object)))
            }),
        );
    }
}

/// The begin of a text, for messages.
pub(super) fn short(text: &str) -> String {
    let mut letters = text.chars();
    let mut begin: String = letters.by_ref().take(100).collect();
    if letters.next().is_some() {
        begin.push('…');
    }
    begin
}
