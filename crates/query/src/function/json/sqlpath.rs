//! Paths of SQL/JSON: `lax $.a[*].b ? (@.c > 5)`. `lax`, the default, looks into arrays and takes no offence at what is missing;
//! `strict` does neither.

mod evaluate;
mod parse;

pub(super) use evaluate::{Failure, wrapped};

use opentrail_trino::SqlError;

use super::super::fault;

/// A prepared path.
#[derive(Debug)]
pub(super) struct SqlPath {
    is_strict: bool,
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug)]
enum Step {
    /// `.name`
    Member(String),
    /// `.*`
    Members,
    /// `..name`
    Descendants(String),
    /// `[0, 2 to last]`
    Elements(Vec<(Index, Index)>),
    /// `[*]`
    AllElements,
    /// `.size()`
    Method(Method),
    /// `? (…)`
    Filter(Predicate),
}

/// A place in an array.
#[derive(Debug, Clone, Copy)]
enum Index {
    /// Counted from 0.
    First(usize),
    /// `last - n`
    Last(usize),
}

#[derive(Debug, Clone, Copy)]
enum Method {
    Type,
    Size,
    Double,
    Ceiling,
    Floor,
    Abs,
}

/// What a filter asks of each item.
#[derive(Debug)]
enum Predicate {
    Compare(Operand, Comparison, Operand),
    And(Box<Predicate>, Box<Predicate>),
    Or(Box<Predicate>, Box<Predicate>),
    Not(Box<Predicate>),
    Exists(Operand),
    StartsWith(Operand, String),
    LikeRegex(Operand, Box<super::super::regexp::Pattern>),
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
enum Operand {
    /// `@…`
    Item(Vec<Step>),
    /// `$…`
    Root(Vec<Step>),
    /// A literal, as JSON.
    Literal(String),
}

impl SqlPath {
    /// Reads a path.
    pub(super) fn new(text: &str) -> Result<Self, SqlError> {
        parse::path(text).ok_or_else(|| fault::argument(format!("Invalid JSON path: '{text}'")))
    }
}
