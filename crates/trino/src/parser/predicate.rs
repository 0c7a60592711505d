//! Comparisons, BETWEEN, IN, LIKE, IS.

use crate::ast::{BinaryOperator, Expr, ExprKind, Quantifier};
use crate::error::Place;
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser, at};

impl Parser<'_> {
    /// The predicate over `value`, if one follows.
    pub(super) fn predicate(&mut self, value: Expr) -> Parsed<Expr> {
        if let Some(operator) = self.comparison_operator() {
            self.advance();
            return self.compared(value, operator);
        }
        let place = value.place;
        if self.eat("IS") {
            return self.is(value);
        }
        let is_negated = self.is_word(0, "NOT") && self.is_any_word(1, &["BETWEEN", "IN", "LIKE"]);
        if is_negated {
            self.advance();
        }
        let value = Box::new(value);
        let kind = if self.eat("BETWEEN") {
            self.between(value)?
        } else if self.eat("IN") {
            self.inside(value)?
        } else if self.eat("LIKE") {
            self.like(value)?
        } else {
            return Ok(*value);
        };
        self.grow()?;
        Ok(negated_if(is_negated, place, kind))
    }

    fn comparison_operator(&self) -> Option<BinaryOperator> {
        let Kind::Symbol(symbol) = self.kind(0) else { return None };
        match *symbol {
            "=" => Some(BinaryOperator::Equal),
            "<>" | "!=" => Some(BinaryOperator::NotEqual),
            "<" => Some(BinaryOperator::LessThan),
            "<=" => Some(BinaryOperator::LessThanOrEqual),
            ">" => Some(BinaryOperator::GreaterThan),
            ">=" => Some(BinaryOperator::GreaterThanOrEqual),
            _ => None,
        }
    }

    /// From behind the operator: a value, or `ALL (query)`.
    fn compared(&mut self, value: Expr, operator: BinaryOperator) -> Parsed<Expr> {
        let place = value.place;
        let left = Box::new(value);
        let kind = match self.quantifier() {
            Some(quantifier) => {
                self.advance();
                let query = Box::new(self.query_group()?);
                ExprKind::Quantified { operator, quantifier, value: left, query }
            }
            None => ExprKind::Binary { operator, left, right: Box::new(self.value()?) },
        };
        self.grow()?;
        Ok(at(place, kind))
    }

    /// ALL, ANY and SOME are names elsewhere; here a query follows.
    fn quantifier(&self) -> Option<Quantifier> {
        if !self.is_symbol(1, "(") || !self.is_query_group(1) {
            return None;
        }
        if self.is_word(0, "ALL") {
            return Some(Quantifier::All);
        }
        self.is_any_word(0, &["ANY", "SOME"]).then_some(Quantifier::Any)
    }

    /// From behind IS.
    fn is(&mut self, value: Expr) -> Parsed<Expr> {
        let place = value.place;
        let left = Box::new(value);
        let is_negated = self.eat("NOT");
        let kind = if self.eat("NULL") {
            ExprKind::IsNull(left)
        } else if self.eat("DISTINCT") {
            self.want("FROM")?;
            let right = Box::new(self.value()?);
            ExprKind::Binary { operator: BinaryOperator::IsDistinctFrom, left, right }
        } else {
            return Err(self.mismatch());
        };
        self.grow()?;
        Ok(negated_if(is_negated, place, kind))
    }

    fn between(&mut self, value: Box<Expr>) -> Parsed<ExprKind> {
        let low = Box::new(self.value()?);
        self.want("AND")?;
        let high = Box::new(self.value()?);
        Ok(ExprKind::Between { value, low, high })
    }

    fn inside(&mut self, value: Box<Expr>) -> Parsed<ExprKind> {
        if self.is_symbol(0, "(") && self.is_query_group(0) {
            let query = Box::new(self.query_group()?);
            return Ok(ExprKind::InSubquery { value, query });
        }
        self.want_symbol("(")?;
        let list = self.list(Self::expression)?;
        self.want_symbol(")")?;
        Ok(ExprKind::InList { value, list })
    }

    fn like(&mut self, value: Box<Expr>) -> Parsed<ExprKind> {
        let pattern = Box::new(self.value()?);
        let escape = if self.eat("ESCAPE") { Some(Box::new(self.value()?)) } else { None };
        Ok(ExprKind::Like { value, pattern, escape })
    }
}

fn negated_if(is_negated: bool, place: Place, kind: ExprKind) -> Expr {
    let positive = at(place, kind);
    if is_negated { at(place, ExprKind::Not(Box::new(positive))) } else { positive }
}
