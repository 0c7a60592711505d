//! What the lexer gives.

use crate::error::Place;

/// A piece of the text that the grammar looks at as one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// First byte.
    pub(crate) start: usize,
    /// One behind the last byte.
    pub(crate) end: usize,
    pub(crate) place: Place,
}

/// What a token is. Keywords are words; only the grammar knows where one is meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Word,
    /// Five groups of hexadecimal digits, which may be five numbers.
    Uuid,
    /// `"name"`
    Quoted(String),
    /// A name in backquotes, which Trino refuses.
    BackQuoted,
    /// A word that begins with a digit, which Trino refuses.
    DigitWord,
    Integer,
    Decimal,
    Double,
    String(String),
    /// `U&'…'`, escapes as written.
    UnicodeString(String),
    /// `X'…'`, digits as written.
    Bytes(String),
    Symbol(&'static str),
    Unrecognized,
    End,
}
