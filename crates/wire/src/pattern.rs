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
