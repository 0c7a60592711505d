//! `json_array_get`, `json_array_length`, `json_array_contains`.

use super::super::Registry;
use super::super::adapt::{binary, unary};
use super::super::native::{Bool, F64, I64, Text};
use super::scan::{Kind, elements, kind, unquote};
use super::write::compact;

pub(super) fn register(to: &mut Registry) {
    for signature in ["json_array_length(varchar) -> bigint", "json_array_length(json) -> bigint"] {
        to.add(signature, unary::<Text, _>(|json| elements(json).and_then(|items| i64::try_from(items.len()).ok())));
    }
    for signature in ["json_array_get(varchar, bigint) -> json", "json_array_get(json, bigint) -> json"] {
        to.add(signature, binary::<Text, I64, _>(get));
    }
    for signature in
        ["json_array_contains(varchar, varchar) -> boolean", "json_array_contains(json, varchar) -> boolean"]
    {
        to.add(
            signature,
            binary::<Text, Text, _>(|json, wanted| {
                any(json, |item| kind(item) == Some(Kind::Text) && unquote(item).is_some_and(|item| item == wanted))
            }),
        );
    }
    for signature in
        ["json_array_contains(varchar, boolean) -> boolean", "json_array_contains(json, boolean) -> boolean"]
    {
        to.add(
            signature,
            binary::<Text, Bool, _>(|json, wanted| any(json, |item| kind(item) == Some(Kind::Boolean(wanted)))),
        );
    }
    for signature in ["json_array_contains(varchar, bigint) -> boolean", "json_array_contains(json, bigint) -> boolean"]
    {
        to.add(
            signature,
            binary::<Text, I64, _>(|json, wanted| any(json, |item| item.trim_ascii().parse() == Ok(wanted))),
        );
    }
    for signature in ["json_array_contains(varchar, double) -> boolean", "json_array_contains(json, double) -> boolean"]
    {
        to.add(
            signature,
            binary::<Text, F64, _>(|json, wanted| {
                any(json, |item| kind(item) == Some(Kind::Number) && item.trim_ascii().parse() == Ok(wanted))
            }),
        );
    }
}

fn any(json: &str, test: impl Fn(&str) -> bool) -> Option<bool> {
    elements(json).map(|items| items.into_iter().any(test))
}

/// Counted from 0, or from the end by negative numbers.
fn get(json: &str, index: i64) -> Option<String> {
    let items = elements(json)?;
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let index = if index < 0 { items.len().checked_sub(distance)? } else { distance };
    items.get(index).and_then(|item| compact(item))
}
