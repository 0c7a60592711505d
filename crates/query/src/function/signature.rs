//! Signatures, written as Trino writes them, and how a call's arguments are bound to one.
//!
//! `lower(varchar) -> varchar`; a single capital letter is a type variable (`O`, `P`: orderable; `C`, `K`: comparable);
//! `T...` at the end takes none or more; `decimal`, `timestamp`, `timestamptz`, `time`, `row` and `any` stand for every
//! precision, shape or type.

mod bind;
mod parse;

pub(super) use bind::{Binding, TypeOfLambda, coerces};

use opentrail_trino::Type;

/// A parsed signature.
#[derive(Debug)]
pub(super) struct Signature {
    /// As it was written, for `Expected:` in messages.
    pub(super) text: &'static str,
    /// Name in lower case.
    pub(super) name: String,
    parameters: Vec<Pattern>,
    /// The last parameter may come any number of times.
    is_variadic: bool,
    returns: Pattern,
}

/// A type with variables in it.
#[derive(Debug, Clone, PartialEq)]
enum Pattern {
    Exact(Type),
    Variable(char),
    /// Any type, each parameter its own.
    Any,
    /// Any decimal; each parameter keeps its own precision and scale.
    Decimal,
    /// Any timestamp without zone; all in a signature have the greatest precision among them.
    Timestamp,
    /// Any timestamp with zone.
    TimestampTz,
    /// Any time of day.
    Time,
    /// Any row.
    Row,
    Array(Box<Pattern>),
    Map(Box<Pattern>, Box<Pattern>),
    /// A row with unnamed fields.
    Fields(Vec<Pattern>),
    Function(Vec<Pattern>, Box<Pattern>),
}
