//! Trino's SELECT: lexer, syntax tree with places, parser, types. Knows no engine.
//!
//! [`parse`] turns a text into a [`Query`](ast::Query); [`Type`] is what expressions have; [`SqlError`] is why a statement is
//! refused, here and in the crates that look at the tree: its message is for the person who wrote the statement.

pub mod ast;
mod error;
mod format;
mod lexer;
mod parser;
mod types;

pub use error::{ErrorClass, Place, SqlError, Stage};
pub use parser::{HEIGHT_MAX, NESTING_MAX, STATEMENT_CHARACTERS_MAX, TableNames, parse, parse_type, table_names};
pub use types::{DECIMAL_PRECISION_MAX, Type, can_coerce, common_super_type};
