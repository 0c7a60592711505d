//! Expressions by precedence climbing. From loose to tight: OR; AND; NOT; one predicate; `||`; `+ -`; `* / %`; signs;
//! AT TIME ZONE; subscripts and dots.

use crate::ast::{BinaryOperator, Expr, ExprKind};
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser, at};

/// How tightly a binary operator binds; those of a level group from the left.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Concat,
    Sum,
    Product,
    /// No operator is as tight: an operand of a sign.
    Operand,
}

impl Level {
    const fn tighter(self) -> Self {
        match self {
            Self::Concat => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product | Self::Operand => Self::Operand,
        }
    }
}

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(Self::disjunction)
    }

    fn disjunction(&mut self) -> Parsed<Expr> {
        let first = self.conjunction()?;
        if !self.is_word(0, "OR") {
            return Ok(first);
        }
        let place = first.place;
        let mut terms = vec![first];
        while self.eat("OR") {
            terms.push(self.beside(Self::conjunction)?);
        }
        self.grow()?;
        Ok(at(place, ExprKind::Or(terms)))
    }

    fn conjunction(&mut self) -> Parsed<Expr> {
        let first = self.negation()?;
        if !self.is_word(0, "AND") {
            return Ok(first);
        }
        let place = first.place;
        let mut terms = vec![first];
        while self.eat("AND") {
            terms.push(self.beside(Self::negation)?);
        }
        self.grow()?;
        Ok(at(place, ExprKind::And(terms)))
    }

    fn negation(&mut self) -> Parsed<Expr> {
        let place = self.place();
        if !self.is_word(0, "NOT") {
            return self.comparison();
        }
        self.advance();
        let operand = self.nested(Self::negation)?;
        Ok(at(place, ExprKind::Not(Box::new(operand))))
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let value = self.value()?;
        self.predicate(value)
    }

    /// What may stand on either side of a comparison.
    pub(super) fn value(&mut self) -> Parsed<Expr> {
        self.operation(Level::Concat)
    }

    fn operation(&mut self, loosest: Level) -> Parsed<Expr> {
        let mut left = self.signed()?;
        while let Some((operator, level)) = self.operator().filter(|(_, level)| *level >= loosest) {
            self.advance();
            let right = self.beside(|parser| parser.operation(level.tighter()))?;
            self.grow()?;
            let place = left.place;
            left = at(place, ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) });
        }
        Ok(left)
    }

    fn operator(&self) -> Option<(BinaryOperator, Level)> {
        let Kind::Symbol(symbol) = self.kind(0) else { return None };
        match *symbol {
            "||" => Some((BinaryOperator::Concat, Level::Concat)),
            "+" => Some((BinaryOperator::Add, Level::Sum)),
            "-" => Some((BinaryOperator::Subtract, Level::Sum)),
            "*" => Some((BinaryOperator::Multiply, Level::Product)),
            "/" => Some((BinaryOperator::Divide, Level::Product)),
            "%" => Some((BinaryOperator::Modulus, Level::Product)),
            _ => None,
        }
    }

    fn signed(&mut self) -> Parsed<Expr> {
        let place = self.place();
        let is_minus = self.is_symbol(0, "-");
        if !is_minus && !self.is_symbol(0, "+") {
            return self.zoned();
        }
        if is_minus && matches!(self.kind(1), Kind::Integer | Kind::Decimal | Kind::Double) {
            return self.zoned();
        }
        self.advance();
        let operand = Box::new(self.nested(Self::signed)?);
        Ok(at(place, if is_minus { ExprKind::Negate(operand) } else { ExprKind::Plus(operand) }))
    }

    /// `value AT TIME ZONE zone`
    fn zoned(&mut self) -> Parsed<Expr> {
        let mut value = self.primary()?;
        while self.is_word(0, "AT") && self.is_any_word(1, &["TIME", "LOCAL"]) {
            if self.is_word(1, "LOCAL") {
                return Err(self.not_supported("AT LOCAL"));
            }
            self.advance();
            self.want_all(&["TIME", "ZONE"])?;
            let zone = self.zone()?;
            self.grow()?;
            let place = value.place;
            value = at(place, ExprKind::AtTimeZone { value: Box::new(value), zone: Box::new(zone) });
        }
        Ok(value)
    }

    /// A text or an interval.
    fn zone(&mut self) -> Parsed<Expr> {
        if self.is_interval() {
            return self.interval();
        }
        let place = self.place();
        Ok(at(place, ExprKind::String(self.string()?)))
    }
}
