//! LIKE. There is no escape character unless one is named.

use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::memo::Memo;
use super::super::native::{Reader, Text};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("$operator$like(varchar, varchar) -> boolean", Kernel::total(|call| like(call, false)));
    to.add("$operator$like(varchar, varchar, varchar) -> boolean", Kernel::partial(|call| like(call, true)));
}

fn like(call: &Call<'_>, has_escape: bool) -> Result<arrow_array::ArrayRef, SqlError> {
    let (value, pattern) = (Reader::<Text>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
    let escape = if has_escape { Some(Reader::<Text>::new(input(call, 2)?)?) } else { None };
    let mut patterns = Memo::default();
    collect(call, |row| {
        let (value, pattern) = (value.get(row)?, pattern.get(row)?);
        let escape = match &escape {
            Some(escape) => Some(escape.get(row)?),
            None => None,
        };
        let pattern = patterns.get((pattern, escape), |(pattern, escape)| Pattern::new(pattern, *escape));
        Some(pattern.map(|pattern| pattern.matches(value)))
    })
}

/// A pattern, cut at its `%`.
#[derive(Debug)]
pub(in super::super) struct Pattern {
    /// What stands between the `%`; always one more than there are `%`.
    parts: Vec<Vec<Piece>>,
}

#[derive(Debug)]
enum Piece {
    /// `_`
    One,
    Text(String),
}

impl Pattern {
    /// Reads a pattern.
    pub(in super::super) fn new(pattern: &str, escape: Option<&str>) -> Result<Self, SqlError> {
        let escape = match escape.map(|escape| (escape.chars().next(), escape.chars().count())) {
            None | Some((None, _)) => None,
            Some((Some(escape), 1)) => Some(escape),
            Some(_) => return Err(fault::argument("Escape string must be a single character")),
        };
        let mut parts = vec![Vec::new()];
        let mut text = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            if Some(letter) == escape {
                match letters.next() {
                    Some(next) if next == '%' || next == '_' || Some(next) == escape => text.push(next),
                    _ => {
                        return Err(fault::argument(
                            "Escape character must be followed by '%', '_' or the escape character itself",
                        ));
                    }
                }
                continue;
            }
            if letter != '%' && letter != '_' {
                text.push(letter);
                continue;
            }
            let part = parts.last_mut().expect("there is a first part");
            if !text.is_empty() {
                part.push(Piece::Text(std::mem::take(&mut text)));
            }
            if letter == '_' {
                part.push(Piece::One);
            } else {
                parts.push(Vec::new());
            }
        }
        if !text.is_empty() {
            parts.last_mut().expect("there is a first part").push(Piece::Text(text));
        }
        Ok(Self { parts })
    }

    /// Does the whole text match?
    pub(in super::super) fn matches(&self, value: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return value.is_empty() };
        let Some(mut value) = strip(first, value) else { return false };
        let Some((last, middle)) = rest.split_last() else { return value.is_empty() };
        for part in middle {
            match find(part, value) {
                Some(after) => value = after,
                None => return false,
            }
        }
        ends(last, value)
    }
}

/// What follows a part that `value` begins with.
fn strip<'a>(part: &[Piece], mut value: &'a str) -> Option<&'a str> {
    for piece in part {
        value = match piece {
            Piece::Text(text) => value.strip_prefix(text.as_str())?,
            Piece::One => {
                let mut letters = value.chars();
                letters.next()?;
                letters.as_str()
            }
        };
    }
    Some(value)
}

/// What follows the first occurrence of a part.
fn find<'a>(part: &[Piece], mut value: &'a str) -> Option<&'a str> {
    match part {
        [] => return Some(value),
        [Piece::Text(text)] => return value.find(text.as_str()).map(|at| &value[at + text.len()..]),
        _ => {}
    }
    loop {
        if let Some(after) = strip(part, value) {
            return Some(after);
        }
        let mut letters = value.chars();
        letters.next()?;
        value = letters.as_str();
    }
}

/// Does `value` end with a part?
fn ends(part: &[Piece], mut value: &str) -> bool {
    for piece in part.iter().rev() {
        let before = match piece {
            Piece::Text(text) => value.strip_suffix(text.as_str()),
            Piece::One => {
                let mut letters = value.chars();
                letters.next_back().map(|_| letters.as_str())
            }
        };
        match before {
            Some(before) => value = before,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[track_caller]
    fn check(pattern: &str, escape: Option<&str>, matching: &[&str], other: &[&str]) {
        let pattern = Pattern::new(pattern, escape).unwrap();
        matching.iter().for_each(|value| assert!(pattern.matches(value), "{value}"));
        other.iter().for_each(|value| assert!(!pattern.matches(value), "{value}"));
    }

    #[test]
    fn percent_and_underscore() {
        check("Get_ser%", None, &["GetUser", "GetUsers", "Getéser"], &["GetSer", "aGetUser"]);
        check("%Key", None, &["Key", "KeyKey", "CreateKey"], &["KeyX", "key"]);
        check("a%b%c", None, &["abc", "aXbYbZc"], &["acb", "ab"]);
        check("%_%", None, &["a", "ab"], &[""]);
        check("", None, &[""], &["a"]);
        check("a_", None, &["ab"], &["a", "abc"]);
        check("a%a", None, &["aa", "aba"], &["a"]);
    }

    #[test]
    fn escapes_only_on_request() {
        check(r"%\_%", Some(r"\"), &["a_b"], &["ab"]);
        check(r"%\_%", None, &[r"a\xb"], &["a_b"]);
        check("$$_", Some("$"), &["$a"], &["$$a"]);
        assert!(Pattern::new("$a", Some("$")).is_err());
        assert!(Pattern::new("a", Some("ab")).is_err());
    }
}
