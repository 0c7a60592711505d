//! `json_extract`, `json_extract_scalar`, `json_size` and their paths: `$.name`, `$["name"]`, `$[0]`.

use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::memo::Memo;
use super::super::native::{Reader, Text};
use super::super::output::Answer;
use super::super::{Registry, fault};
use super::scan::{Kind, child, elements, kind, members, unquote};
use super::write::compact;

pub(super) fn register(to: &mut Registry) {
    for of in ["varchar", "json"] {
        let signatures = match of {
            "varchar" => [
                "json_extract(varchar, varchar) -> json",
                "json_extract_scalar(varchar, varchar) -> varchar",
                "json_size(varchar, varchar) -> bigint",
            ],
            _ => [
                "json_extract(json, varchar) -> json",
                "json_extract_scalar(json, varchar) -> varchar",
                "json_size(json, varchar) -> bigint",
            ],
        };
        let [extract, scalar, size] = signatures;
        to.add(extract, at_path(compact));
        to.add(scalar, at_path(scalar_text));
        to.add(size, at_path(child_count));
    }
}

fn at_path<R: Answer + 'static>(read: fn(&str) -> Option<R>) -> Kernel {
    Kernel::partial(move |call: &Call<'_>| {
        let (json, path) = (Reader::<Text>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
        let mut paths = Memo::default();
        collect(call, |row| {
            let (json, path) = (json.get(row)?, path.get(row)?);
            match paths.get(path, |path| Path::new(path)) {
                Err(error) => Some(Err(error)),
                Ok(path) => path.find(json).and_then(read).map(Ok),
            }
        })
    })
}

/// The text of a scalar; NULL for arrays, objects and null.
pub(super) fn scalar_text(value: &str) -> Option<String> {
    match kind(value)? {
        Kind::Text => unquote(value).map(std::borrow::Cow::into_owned),
        Kind::Boolean(_) | Kind::Number => Some(value.trim_ascii().to_owned()),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

fn child_count(value: &str) -> Option<i64> {
    let count = match kind(value)? {
        Kind::Array => elements(value)?.len(),
        Kind::Object => members(value)?.len(),
        _ => 0,
    };
    i64::try_from(count).ok()
}

/// A way down.
#[derive(Debug)]
pub(super) struct Path(Vec<Step>);

/// One step: a member's name, or an index.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    pub(super) name: String,
    /// The name as an index into an array.
    pub(super) index: Option<usize>,
}

impl Step {
    fn new(name: String) -> Self {
        let index = name.parse().ok();
        Self { name, index }
    }
}

impl Path {
    pub(super) fn new(text: &str) -> Result<Self, SqlError> {
        steps(text).map(Self).ok_or_else(|| fault::argument(format!("Invalid JSON path: '{text}'")))
    }

    /// The value at the end of the path, if the text is JSON at least up to there.
    pub(super) fn find<'a>(&self, json: &'a str) -> Option<&'a str> {
        let mut value = json;
        for step in &self.0 {
            value = child(value, step)?;
        }
        if self.0.is_empty() { super::scan::Cursor::new(value).value() } else { Some(value) }
    }
}

fn steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = if let Some(name) = rest.strip_prefix('.') {
            named(name, |letter| letter.is_alphanumeric() || "_:$-/@".contains(letter))?
        } else {
            let inside = rest.strip_prefix('[')?;
            let (step, after) = match inside.chars().next()? {
                quote @ ('"' | '\'') => quoted(&inside[1..], quote)?,
                _ => named(inside, |letter| letter.is_alphanumeric() || "_-".contains(letter))?,
            };
            (step, after.strip_prefix(']')?)
        };
        steps.push(Step::new(step));
        rest = after;
    }
    Some(steps)
}

fn named(text: &str, is_part: impl Fn(char) -> bool) -> Option<(String, &str)> {
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

/// A quoted name; `\"` and `\\` stand for the letters themselves.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                (_, next) if next == '\\' || next == quote => name.push(next),
                _ => return None,
            },
            end if end == quote => return Some((name, &text[at + end.len_utf8()..])),
            other => name.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, path: &str, expected: Option<&str>) {
        assert_eq!(Path::new(path).unwrap().find(json), expected, "{path}");
    }

    #[test]
    fn paths_lead_to_values() {
        let json = r#"{"a": {"b.c": [10, {"d": "x"}]}, "e": null, "1": "one"}"#;
        check(json, "$.a[\"b.c\"][1].d", Some("\"x\""));
        check(json, "$['a']['b.c'][0]", Some("10"));
        check(json, "$.e", Some("null"));
        check(json, "$.1", Some("\"one\""));
        check(json, "$.a.x", None);
        check(json, "$.a[0]", None);
        check("[1,2]", "$[2]", None);
        check("no json", "$.a", None);
        check("{\"a\":1, broken", "$.a", Some("1"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in ["", "a", "$.", "$..a", "$[", "$[\"a", "$.*", "$[*]", "$.a b"] {
            assert!(Path::new(path).is_err(), "{path}");
        }
    }

    #[test]
    fn scalars_have_texts() {
        assert_eq!(scalar_text("\"a\\nb\"").as_deref(), Some("a\nb"));
        assert_eq!(scalar_text("1.50").as_deref(), Some("1.50"));
        assert_eq!(scalar_text("[1]"), None);
        assert_eq!(scalar_text("null"), None);
    }
}
