//! Paths of SQL/JSON: `lax $.a[*].b ? (@.c > $limit)`. `lax`, the default, looks into arrays and takes no offence at what is
//! missing; `strict` does neither. `$` is the input, `$limit` a variable that has a value from outside.

mod evaluate;
mod parse;
mod variables;

pub(super) use evaluate::{Failure, wrapped};
pub(crate) use variables::JSON_MEMBER;
pub(super) use variables::Variables;

use opentrail_trino::SqlError;

use super::super::fault;

/// A prepared path.
#[derive(Debug)]
pub(super) struct SqlPath {
    is_strict: bool,
    start: Start,
    steps: Vec<Step>,
    /// The names of all variables in it.
    variables: Vec<String>,
}

/// Where a path begins.
#[derive(Debug)]
enum Start {
    /// `$`
    Input,
    /// `$name`
    Variable(String),
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
#[derive(Debug, Clone)]
enum Index {
    /// Counted from 0.
    First(usize),
    /// `last - n`
    Last(usize),
    /// `$name`
    Variable(String),
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
    /// `$…`, `$name…`
    From(Start, Vec<Step>),
    /// A literal, as JSON.
    Literal(String),
}

impl SqlPath {
    /// Reads a path.
    pub(super) fn new(text: &str) -> Result<Self, SqlError> {
        parse::path(text).ok_or_else(|| fault::argument(format!("Invalid JSON path: '{text}'")))
    }

    /// The names of its variables, one as often as it stands there.
    pub(super) fn variables(&self) -> &[String] {
        &self.variables
    }
}
