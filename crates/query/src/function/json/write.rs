//! Writing JSON compactly.

use std::fmt::Write as _;

use super::super::print::java_double;
use super::scan::{Cursor, Kind, elements, kind, members, unquote};

/// The value without blanks, members as they stand. `None`: the text is no JSON, or more than one value.
pub(in super::super) fn compact(text: &str) -> Option<String> {
    whole(text, false)
}

/// The value without blanks, members sorted by name, of equal names the last: what `json_parse` makes.
pub(in super::super) fn sorted(text: &str) -> Option<String> {
    whole(text, true)
}

fn whole(text: &str, is_sorted: bool) -> Option<String> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value()?;
    if !cursor.is_at_end() {
        return None;
    }
    let mut out = String::with_capacity(value.len());
    write(value, is_sorted, &mut out, 0)?;
    Some(out)
}

/// How deep values may nest that are written anew.
const DEPTH_MAX: usize = 200;

fn write(value: &str, is_sorted: bool, out: &mut String, depth: usize) -> Option<()> {
    if depth > DEPTH_MAX {
        return None;
    }
    match kind(value)? {
        Kind::Array => {
            out.push('[');
            for (index, item) in elements(value)?.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, is_sorted, out, depth + 1)?;
            }
            out.push(']');
        }
        Kind::Object => {
            let mut all = members(value)?;
            if is_sorted {
                all.reverse();
                all.sort_by(|a, b| a.0.cmp(&b.0));
                all.dedup_by(|b, a| a.0 == b.0);
            }
            out.push('{');
            for (index, (name, item)) in all.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(&name, out);
                out.push(':');
                write(item, is_sorted, out, depth + 1)?;
            }
            out.push('}');
        }
        Kind::Text => quote(&unquote(value)?, out),
        Kind::Number => number(value.trim_ascii(), out),
        Kind::Null | Kind::Boolean(_) => out.push_str(value.trim_ascii()),
    }
    Some(())
}

/// Whole numbers as they are, others as doubles.
fn number(text: &str, out: &mut String) {
    if !text.contains(['.', 'e', 'E']) {
        out.push_str(text);
        return;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => out.push_str(&java_double(number)),
        _ => out.push_str(text),
    }
}

/// A text in quotes.
pub(in super::super) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_and_members_are_sorted() {
        let text = " { \"b\" : [ 1 , 2.50 , 1e10 ] , \"a\" : \"\\u00e9\\/\" , \"a\": null } ";
        assert_eq!(sorted(text).as_deref(), Some(r#"{"a":null,"b":[1,2.5,1.0E10]}"#));
        assert_eq!(compact(text).as_deref(), Some(r#"{"b":[1,2.5,1.0E10],"a":"é/","a":null}"#));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "abc", "{", "[1,]", "{\"a\"}", "1 2", "'a'", "\"\u{1}\"", "01", "[1]x", "nul", "\"\\x\"", "-"]
        {
            assert_eq!(compact(text), None, "{text}");
        }
        assert_eq!(compact(&"[".repeat(100_000)), None);
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert_eq!(compact(&deep), None);
    }
}
