//! The model's regular expressions.
//!
//! The models are written for Java, and the service matches as Java's `String.matches` does: the whole text, whether
//! or not the expression is anchored. Where the two dialects differ, the source is translated: `\w`, `\d` and `\s` are
//! ASCII, `.` stops at every line terminator that Java knows, and a pair of surrogates is one code point.

use std::sync::OnceLock;

use regex::Regex;

/// A regular expression of the model, compiled at its first use.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// A pattern in the model's own spelling.
    pub const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// The model's own spelling.
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let compile = || Regex::new(&translate(self.source)).expect("a test compiles every pattern of the models");
        self.compiled.get_or_init(compile).is_match(text)
    }
}

/// Rust's spelling of a Java expression that shall match the whole text.
fn translate(java: &str) -> String {
    let dot_matches_all = java.starts_with("(?s)");
    let mut rust = String::from(r"\A(?:");
    let mut in_class = false;
    let mut letters = java.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => translate_escape(&mut letters, in_class, &mut rust),
            '.' if !in_class && !dot_matches_all => rust.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            '[' | ']' => {
                in_class = letter == '[';
                rust.push(letter);
            }
            other => rust.push(other),
        }
    }
    rust.push_str(r")\z");
    rust
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Translates what follows a backslash.
fn translate_escape(letters: &mut Letters<'_>, in_class: bool, rust: &mut String) {
    let ascii = match letters.next() {
        Some('w') => "0-9A-Za-z_",
        Some('d') => "0-9",
        Some('s') => r" \t\n\x0B\f\r",
        Some('u') => return rust.push_str(&format!(r"\x{{{:X}}}", code_point(letters))),
        Some(other) => {
            rust.push('\\');
            return rust.push(other);
        }
        None => return,
    };
    if in_class {
        rust.push_str(ascii);
    } else {
        rust.push('[');
        rust.push_str(ascii);
        rust.push(']');
    }
}

/// Reads the four digits after `\u`, and those of a second escape if the first one is half of a surrogate pair.
fn code_point(letters: &mut Letters<'_>) -> u32 {
    let mut unit = || u32::from_str_radix(&letters.by_ref().take(4).collect::<String>(), 16).unwrap_or_default();
    let first = unit();
    if !(0xD800..0xDC00).contains(&first) {
        return first;
    }
    letters.nth(1);
    let mut unit = || u32::from_str_radix(&letters.by_ref().take(4).collect::<String>(), 16).unwrap_or_default();
    0x10000 + ((first - 0xD800) << 10) + (unit().saturating_sub(0xDC00))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Kind, Shape};

    fn matches(source: &'static str, text: &str) -> bool {
        Pattern::new(source).matches(text)
    }

    #[test]
    fn the_whole_text_matches_or_nothing() {
        assert!(matches(r"\d+", "123456789012"));
        assert!(!matches(r"\d+", "123456789012x"));
        assert!(!matches("^[a-z]+$", "abc\n"));
        assert!(matches("^[0-9]{2}:[0-9]{2}", "10:30"));
        assert!(!matches("^[0-9]{2}:[0-9]{2}", "10:30:00"));
        assert!(!matches("a|b", "ab"));
    }

    #[test]
    fn a_dot_stops_at_javas_line_ends() {
        for end in ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert!(!matches(".+", &format!("a{end}b")), "{end:?}");
            assert!(matches("(?s).*", &format!("a{end}b")), "{end:?}");
        }
        assert!(matches(".+", "a\u{0B}\u{1F600}b"));
        assert!(matches(r"[\w|\d|\.|_]+", "userIdentity.arn|x"));
        assert!(!matches(r"[\w|\d|\.|_]+", "user identity"));
    }

    #[test]
    fn classes_are_ascii() {
        assert!(!matches(r"\d+", "١٢"));
        assert!(!matches(r"\w+", "é"));
        assert!(!matches(r"^[\w\s]+$", "a\u{A0}b"));
        assert!(matches(r"^[\w\d\s_.,\-:\[\]]+$", "Client.Error: [x]\t1"));
    }

    #[test]
    fn surrogate_pairs_are_one_code_point() {
        const NAME: &str = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*";
        assert!(matches(NAME, "year \u{1F600}\u{10FFFF}\t\u{FFFD}"));
        assert!(!matches(NAME, "\u{1}"));
        assert!(!matches(NAME, "\u{FFFE}"));
        assert!(!matches(NAME, "\n"));
    }

    #[test]
    fn every_pattern_of_the_models_compiles() {
        let shapes = crate::Operation::ALL.iter().flat_map(|operation| [operation.input(), operation.output()]);
        assert!(shapes.map(compile).sum::<usize>() > 100);
    }

    /// Uses each pattern that the shape holds.
    fn compile(shape: &Shape) -> usize {
        match &shape.kind {
            Kind::String { pattern: Some(pattern), .. } => {
                pattern.matches("");
                1
            }
            Kind::Structure(members) => members.iter().map(|member| compile(member.shape)).sum(),
            Kind::List { member, .. } => compile(member),
            Kind::Map { key, value, .. } => compile(key) + compile(value),
            _ => 0,
        }
    }
}
