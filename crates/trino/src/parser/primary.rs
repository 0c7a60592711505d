//! Expressions that hold together without parentheses.

use crate::ast::{Expr, ExprKind, Identifier};
use crate::error::Place;
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser, at};

impl Parser<'_> {
    /// A primary expression with the subscripts and fields behind it.
    pub(super) fn primary(&mut self) -> Parsed<Expr> {
        let mut base = self.simple()?;
        loop {
            let place = base.place;
            if self.eat_symbol("[") {
                let index = Box::new(self.expression()?);
                self.want_symbol("]")?;
                base = at(place, ExprKind::Subscript { base: Box::new(base), index });
            } else if self.is_symbol(0, ".") && !self.is_symbol(1, "*") {
                self.advance();
                let field = self.name()?;
                base = at(place, ExprKind::Dereference { base: Box::new(base), field });
                if self.is_symbol(0, "(") {
                    base = self.qualified_call(base)?;
                }
            } else {
                return Ok(base);
            }
            self.grow()?;
        }
    }

    fn simple(&mut self) -> Parsed<Expr> {
        if *self.kind(0) == Kind::Uuid && !self.is_symbol(1, ".") {
            self.cut_uuid();
        }
        let place = self.place();
        match self.kind(0) {
            Kind::Symbol("(") => self.group(),
            Kind::Symbol("-") | Kind::Integer | Kind::Decimal | Kind::Double => self.number(),
            Kind::Symbol("?") => Err(self.not_supported("A parameter")),
            Kind::String(_) | Kind::UnicodeString(_) => Ok(at(place, ExprKind::String(self.string_literal()?))),
            Kind::Bytes(_) => self.bytes(),
            Kind::Word => self.word(),
            Kind::Uuid => Ok(at(place, ExprKind::Identifier(self.store_name()?))),
            Kind::Quoted(_) | Kind::BackQuoted | Kind::DigitWord => self.named(),
            Kind::Symbol(_) | Kind::Unrecognized | Kind::End => Err(self.unexpected("<expression>")),
        }
    }

    /// What begins with a word: a keyword's own form, else a name.
    fn word(&mut self) -> Parsed<Expr> {
        let place = self.place();
        if let Some(kind) = self.keyword()? {
            return Ok(at(place, kind));
        }
        if !self.is_name(0) {
            return Err(self.unexpected("<expression>"));
        }
        if self.is_interval() {
            return self.interval();
        }
        self.named()
    }

    /// A name: a lambda's parameter, a type before a text, a function, or a column.
    fn named(&mut self) -> Parsed<Expr> {
        let place = self.place();
        let name = self.name()?;
        if self.is_symbol(0, "->") {
            return self.lambda(place, vec![name]);
        }
        if self.is_symbol(0, "(") {
            return self.call(place, vec![name]);
        }
        if matches!(self.kind(0), Kind::String(_) | Kind::UnicodeString(_)) {
            let text = self.string_literal()?;
            return Ok(at(place, ExprKind::Typed { name, text }));
        }
        if name.is("double") && self.is_word(0, "PRECISION") && matches!(self.kind(1), Kind::String(_)) {
            self.advance();
            let text = self.string_literal()?;
            return Ok(at(place, ExprKind::Typed { name, text }));
        }
        Ok(at(place, ExprKind::Identifier(name)))
    }

    /// From the arrow.
    fn lambda(&mut self, place: Place, parameters: Vec<Identifier>) -> Parsed<Expr> {
        self.want_symbol("->")?;
        let body = Box::new(self.expression()?);
        Ok(at(place, ExprKind::Lambda { parameters, body }))
    }

    /// What stands in parentheses: a lambda's parameters, a query, an expression, or a row of several.
    fn group(&mut self) -> Parsed<Expr> {
        let place = self.place();
        if self.is_lambda_group() {
            let parameters = self.lambda_parameters()?;
            return self.lambda(place, parameters);
        }
        if self.is_query_group(0) {
            let query = Box::new(self.query_group()?);
            return Ok(at(place, ExprKind::Subquery(query)));
        }
        self.want_symbol("(")?;
        let first = self.expression()?;
        if self.eat_symbol(")") {
            return Ok(first);
        }
        self.want_symbol(",")?;
        let mut fields = vec![first];
        fields.extend(self.list(Self::expression)?);
        self.want_symbol(")")?;
        Ok(at(place, ExprKind::Row(fields)))
    }

    fn lambda_parameters(&mut self) -> Parsed<Vec<Identifier>> {
        if !self.is_symbol(1, ")") {
            return self.names();
        }
        self.advance();
        self.advance();
        Ok(Vec::new())
    }
}
