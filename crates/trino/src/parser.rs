//! A recursive-descent parser of the queries of Trino's `SqlBase.g4`; operators by precedence climbing.
//!
//! Each choice is made by looking ahead, never by trying: what a parenthesis holds (query, expression, row, lambda's parameters) follows
//! from the token after its partner, so that the time is linear in all but hostile texts and square in those.

mod call;
mod cursor;
mod expression;
mod groups;
mod json;
mod keyword;
mod literal;
mod predicate;
mod primary;
mod query;
mod relation;
mod select;
mod special;
mod statement;
mod types;
mod window;

use crate::ast::{Identifier, Query};
use crate::error::{ErrorClass, SqlError};
use crate::types::Type;
use cursor::Parser;

/// The most characters of a statement.
pub const STATEMENT_CHARACTERS_MAX: usize = 10_000;

/// How deep expressions, queries and types may stand in one another. Bounds the parser's stack.
pub const NESTING_MAX: u32 = 64;

/// How high a tree may grow, chains as in `a || b || c` included. Bounds the stack of whoever walks through the tree.
pub const HEIGHT_MAX: u32 = 300;

/// The query that a statement is: one SELECT, WITH, VALUES or TABLE, with or without a semicolon at its end.
///
/// # Errors
/// `STATEMENT_TOO_LONG`, `NOT_A_SELECT`, `MULTIPLE_STATEMENTS`, `SYNTAX_ERROR`, and `NOT_SUPPORTED` for what is grammar
/// of Trino's but has no meaning here. All but the first tell the place.
pub fn parse(text: &str) -> Result<Query, SqlError> {
    read(text).map(|(query, _)| query)
}

/// The names in a query that stand for tables, each as often as it is written, in the order of their places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableNames {
    /// After FROM, JOIN and TABLE, part by part: tables, or queries of a WITH.
    pub tables: Vec<Vec<Identifier>>,
    /// What WITH names.
    pub with_queries: Vec<Identifier>,
}

/// The names in a statement that stand for tables.
///
/// # Errors
/// Those of [`parse`].
pub fn table_names(text: &str) -> Result<TableNames, SqlError> {
    read(text).map(|(_, names)| names)
}

fn read(text: &str) -> Result<(Query, TableNames), SqlError> {
    let length = text.chars().count();
    if length > STATEMENT_CHARACTERS_MAX {
        let message = format!("The statement has {length} characters; at most {STATEMENT_CHARACTERS_MAX} are allowed");
        return Err(SqlError::new(ErrorClass::StatementTooLong, message));
    }
    let mut parser = Parser::new(text);
    let query = parser.statement()?;
    Ok((query, parser.named))
}

/// The type that a text names, as in a cast: `map(varchar, array(row(a bigint)))`.
///
/// # Errors
/// `SYNTAX_ERROR`, or `TYPE_NOT_FOUND` for a name that is no type.
pub fn parse_type(text: &str) -> Result<Type, SqlError> {
    let mut parser = Parser::new(text);
    let parsed = parser.data_type()?;
    parser.end().map(|()| parsed)
}

#[cfg(test)]
mod tests;
