//! The functions of SQL/JSON, which have a grammar of their own.

use super::{Expr, Identifier};
use crate::types::Type;

/// `JSON_VALUE(input, 'path' …)`, `JSON_QUERY(…)`, `JSON_EXISTS(…)`
#[derive(Debug, Clone, PartialEq)]
pub struct JsonPath {
    /// Which of the three.
    pub function: JsonFunction,
    /// A JSON text.
    pub input: Expr,
    /// The path within it, as written.
    pub path: String,
    /// `PASSING value AS name, …`
    pub passing: Vec<JsonArgument>,
    /// `RETURNING type`
    pub returning: Option<Type>,
    /// What becomes of several items.
    pub wrapper: JsonWrapper,
    /// `OMIT QUOTES`
    pub is_without_quotes: bool,
    /// `… ON EMPTY`
    pub on_empty: Option<JsonBehavior>,
    /// `… ON ERROR`
    pub on_error: Option<JsonBehavior>,
}

/// `value [FORMAT JSON] AS name`
#[derive(Debug, Clone, PartialEq)]
pub struct JsonArgument {
    /// What the path's variable stands for.
    pub value: Expr,
    /// Is it a JSON text?
    pub is_json: bool,
    /// The variable.
    pub name: Identifier,
}

/// What is asked of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonFunction {
    /// Its scalar.
    Value,
    /// Its items as JSON.
    Query,
    /// Whether it leads anywhere.
    Exists,
}

/// Is an array made of what `JSON_QUERY` finds?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonWrapper {
    /// No, the default.
    Without,
    /// Unless it is a single array or object.
    Conditional,
    /// Always.
    Unconditional,
}

/// What is answered where a path leads nowhere or fails.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonBehavior {
    /// The query fails.
    Error,
    /// `NULL`
    Null,
    /// `DEFAULT value`
    Default(Expr),
    /// `EMPTY ARRAY`
    EmptyArray,
    /// `EMPTY OBJECT`
    EmptyObject,
    /// `TRUE`
    True,
    /// `FALSE`
    False,
    /// `UNKNOWN`
    Unknown,
}
