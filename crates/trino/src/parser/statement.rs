//! The statement: a query, a semicolon, the end.

use crate::ast::Query;
use crate::error::{ErrorClass, SqlError};
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser};
use super::keyword::is_other_statement;

impl Parser<'_> {
    /// The whole text.
    pub(super) fn statement(&mut self) -> Parsed<Query> {
        self.refuse_other_statements()?;
        let query = self.query()?;
        if self.eat_symbol(";") {
            self.refuse_further_statements()?;
        }
        self.end().map(|()| query)
    }

    /// The first word decides.
    fn refuse_other_statements(&self) -> Parsed<()> {
        if *self.kind(0) != Kind::Word || !is_other_statement(self.text(0)) {
            return Ok(());
        }
        let message = format!(
            "Only queries are allowed: the statement must begin with SELECT or WITH, not with {}",
            self.text(0)
        );
        Err(SqlError::at(self.place(), ErrorClass::NotASelect, message))
    }

    fn refuse_further_statements(&self) -> Parsed<()> {
        if matches!(self.kind(0), Kind::End | Kind::Symbol(";")) {
            return Ok(());
        }
        let message = "Only one statement is allowed, with or without a semicolon at its end";
        Err(SqlError::at(self.place(), ErrorClass::MultipleStatements, message))
    }
}
