//! Calls of functions.

use crate::ast::{Call, Expr, ExprKind, Identifier, NullTreatment};
use crate::error::{ErrorClass, Place, SqlError};

use super::cursor::{Parsed, Parser, at};

impl Parser<'_> {
    /// `a.b(…)`: all parts before the parenthesis are the function's name.
    pub(super) fn qualified_call(&mut self, name: Expr) -> Parsed<Expr> {
        let place = name.place;
        match parts(name) {
            Some(parts) => self.call(place, parts),
            None => Err(self.mismatch()),
        }
    }

    /// From the parenthesis behind the name.
    pub(super) fn call(&mut self, place: Place, name: Vec<Identifier>) -> Parsed<Expr> {
        self.want_symbol("(")?;
        let mut call = Call {
            name,
            arguments: Vec::new(),
            is_star: false,
            is_distinct: false,
            order_by: Vec::new(),
            filter: None,
            null_treatment: None,
            over: None,
        };
        self.arguments(&mut call)?;
        self.want_symbol(")")?;
        call.filter = self.filter()?;
        call.null_treatment = self.null_treatment()?;
        let is_window = self.is_word(0, "OVER") && (self.is_symbol(1, "(") || self.is_name(1));
        if is_window || call.null_treatment.is_some() {
            self.want("OVER")?;
            call.over = Some(self.window()?);
        }
        self.grow()?;
        self.finished(place, call)
    }

    fn arguments(&mut self, call: &mut Call) -> Parsed<()> {
        if self.eat_symbol("*") {
            call.is_star = true;
            return Ok(());
        }
        if self.is_symbol(0, ")") {
            return Ok(());
        }
        if !self.is_word(0, "ORDER") {
            call.is_distinct = self.set_quantifier();
            call.arguments = self.list(Self::expression)?;
        }
        call.order_by = self.order_by()?;
        Ok(())
    }

    /// `FILTER (WHERE …)`, or nothing.
    pub(super) fn filter(&mut self) -> Parsed<Option<Expr>> {
        if !self.is_word(0, "FILTER") || !self.is_symbol(1, "(") {
            return Ok(None);
        }
        self.advance();
        self.advance();
        self.want("WHERE")?;
        let condition = self.expression()?;
        self.want_symbol(")").map(|()| Some(condition))
    }

    fn null_treatment(&mut self) -> Parsed<Option<NullTreatment>> {
        if !self.is_word(1, "NULLS") {
            return Ok(None);
        }
        let treatment = if self.is_word(0, "IGNORE") {
            NullTreatment::Ignore
        } else if self.is_word(0, "RESPECT") {
            NullTreatment::Respect
        } else {
            return Ok(None);
        };
        self.advance();
        self.advance();
        Ok(Some(treatment))
    }

    /// `if`, `nullif`, `coalesce` and `try` look like functions and are none.
    fn finished(&self, place: Place, mut call: Call) -> Parsed<Expr> {
        let Some(special) = special(&call) else { return Ok(at(place, ExprKind::Call(Box::new(call)))) };
        let is_plain = call.over.is_none() && call.filter.is_none() && !call.is_distinct && call.order_by.is_empty();
        if !is_plain || call.is_star {
            return Err(invalid(place, &format!("DISTINCT, FILTER, ORDER BY and OVER make no sense for '{special}'")));
        }
        let arguments = std::mem::take(&mut call.arguments);
        let count = arguments.len();
        let wrong = || invalid(place, &format!("Invalid number of arguments for '{special}' function"));
        let mut arguments = arguments.into_iter().map(Box::new);
        let mut next = || arguments.next();
        let kind = match (special, count) {
            ("if", 2 | 3) => match (next(), next()) {
                (Some(condition), Some(then)) => ExprKind::If { condition, then, otherwise: next() },
                _ => return Err(wrong()),
            },
            ("nullif", 2) => match (next(), next()) {
                (Some(value), Some(other)) => ExprKind::NullIf(value, other),
                _ => return Err(wrong()),
            },
            ("try", 1) => next().map(ExprKind::Try).ok_or_else(wrong)?,
            ("coalesce", 2..) => ExprKind::Coalesce(arguments.map(|argument| *argument).collect()),
            _ => return Err(wrong()),
        };
        Ok(at(place, kind))
    }
}

/// The name, if it is one of the four.
fn special(call: &Call) -> Option<&'static str> {
    let [name] = call.name.as_slice() else { return None };
    ["if", "nullif", "coalesce", "try"].into_iter().find(|special| name.is(special))
}

/// To Trino these are errors of syntax.
fn invalid(place: Place, message: &str) -> SqlError {
    SqlError::at(place, ErrorClass::SyntaxError, message)
}

/// The names of a dotted path.
fn parts(path: Expr) -> Option<Vec<Identifier>> {
    match path.kind {
        ExprKind::Identifier(name) => Some(vec![name]),
        ExprKind::Dereference { base, field } => {
            let mut names = parts(*base)?;
            names.push(field);
            Some(names)
        }
        _ => None,
    }
}
