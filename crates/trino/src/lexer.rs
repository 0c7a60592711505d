//! Text into tokens, by the lexer rules of Trino's `SqlBase.g4`. Nothing is an error here: what is no token of Trino's becomes
//! [`Kind::Unrecognized`], one character long, and the parser says what it wanted in its place.
//!
//! A UUID as a whole is one token ([`Kind::Uuid`]), since stores are named by UUIDs without quotes; where an expression is wanted the
//! parser has it cut into Trino's tokens ([`lex_plain`]).

mod number;
mod token;

use number::number;
pub(crate) use token::{Kind, Token};

use crate::error::Place;

/// All tokens of the text, ended by [`Kind::End`].
pub(crate) fn lex(text: &str) -> Vec<Token> {
    let mut cursor = Cursor { rest: text, offset: 0, place: Place { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    loop {
        let token = next(&mut cursor, true);
        let is_end = token.kind == Kind::End;
        tokens.push(token);
        if is_end {
            return tokens;
        }
    }
}

/// The tokens of a [`Kind::Uuid`] token when it is none.
pub(crate) fn lex_plain(text: &str, uuid: &Token) -> Vec<Token> {
    let part = text.get(uuid.start..uuid.end).unwrap_or_default();
    let mut cursor = Cursor { rest: part, offset: uuid.start, place: uuid.place };
    let mut tokens = Vec::new();
    loop {
        let token = next(&mut cursor, false);
        if token.kind == Kind::End {
            return tokens;
        }
        tokens.push(token);
    }
}

/// How far the lexer has come.
struct Cursor<'a> {
    rest: &'a str,
    /// Bytes before `rest`.
    offset: usize,
    place: Place,
}

impl<'a> Cursor<'a> {
    /// Steps over so many bytes and gives them.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        for character in taken.chars() {
            if character == '\n' {
                self.place = Place { line: self.place.line + 1, column: 1 };
            } else {
                self.place.column += 1;
            }
        }
        self.rest = rest;
        self.offset += taken.len();
        taken
    }
}

/// The next token, after blanks and comments.
fn next(cursor: &mut Cursor<'_>, is_uuid_whole: bool) -> Token {
    skip_blanks(cursor);
    let (start, place) = (cursor.offset, cursor.place);
    let (length, kind) = recognize(cursor.rest, is_uuid_whole);
    cursor.take(length);
    Token { kind, start, end: cursor.offset, place }
}

/// Blanks, `-- …` to the end of the line, `/* … */` without nesting.
fn skip_blanks(cursor: &mut Cursor<'_>) {
    loop {
        let rest = cursor.rest;
        let length = if rest.starts_with("--") {
            rest.find('\n').map_or(rest.len(), |end| end + 1)
        } else if rest.starts_with("/*") {
            let Some(end) = rest.get(2..).and_then(|inner| inner.find("*/")) else { return };
            end + 4
        } else {
            rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{a0}', '\u{feff}']).len()
        };
        if length == 0 {
            return;
        }
        cursor.take(length);
    }
}

/// How many bytes the token at the beginning of `rest` has, and what it is.
fn recognize(rest: &str, is_uuid_whole: bool) -> (usize, Kind) {
    let Some(first) = rest.chars().next() else { return (0, Kind::End) };
    if is_uuid_whole && let Some(length) = uuid(rest) {
        return (length, Kind::Uuid);
    }
    let found = match first {
        '\'' => quoted(rest, 0, '\'').map(|(length, text)| (length, Kind::String(text))),
        '"' => quoted(rest, 0, '"').map(|(length, text)| (length, Kind::Quoted(text))),
        '`' => quoted(rest, 0, '`').map(|(length, _)| (length, Kind::BackQuoted)),
        'x' | 'X' if rest.get(1..2) == Some("'") => {
            quoted(rest, 1, '\'').map(|(length, text)| (length, Kind::Bytes(text)))
        }
        'u' | 'U' if rest.get(1..3) == Some("&'") => {
            quoted(rest, 2, '\'').map(|(length, text)| (length, Kind::UnicodeString(text)))
        }
        _ => None,
    };
    found
        .or_else(|| number(rest))
        .or_else(|| word(rest))
        .or_else(|| symbol(rest))
        .unwrap_or_else(|| (first.len_utf8(), Kind::Unrecognized))
}

/// What stands between quotes, the first of which is at `from`; a doubled quote is one. None: it never ends.
fn quoted(rest: &str, from: usize, quote: char) -> Option<(usize, String)> {
    let mut text = String::new();
    let mut characters = rest.get(from + 1..)?.char_indices().peekable();
    while let Some((index, character)) = characters.next() {
        if character != quote {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == quote).is_some() {
            text.push(quote);
        } else {
            return Some((from + 1 + index + 1, text));
        }
    }
    None
}

/// A word: letters, digits and `_`, not beginning with a digit.
fn word(rest: &str) -> Option<(usize, Kind)> {
    let is_start = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    is_start.then(|| (run(rest), Kind::Word))
}

/// How many bytes at the beginning are letters, digits and `_`.
fn run(rest: &str) -> usize {
    rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Longer ones first.
const SYMBOLS: [&str; 27] = [
    "||", "<>", "!=", "<=", ">=", "->", "=>", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".",
    ";", "?", ":", "|", "{", "}",
];

fn symbol(rest: &str) -> Option<(usize, Kind)> {
    SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).map(|symbol| (symbol.len(), Kind::Symbol(symbol)))
}

/// The length of a UUID, if `rest` begins with one that is not the beginning of something longer.
fn uuid(rest: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let is_fit = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let bytes = rest.as_bytes();
    let is_uuid = bytes.get(..LENGTH)?.iter().enumerate().all(is_fit);
    let is_longer = match bytes.get(LENGTH) {
        Some(b'.') => bytes.get(LENGTH + 1).is_some_and(u8::is_ascii_digit),
        next => next.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'),
    };
    (is_uuid && !is_longer).then_some(LENGTH)
}

#[cfg(test)]
mod tests;
