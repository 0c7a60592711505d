//! SELECT, from behind the word.

use crate::ast::{Expr, GroupBy, GroupingElement, Identifier, NamedWindow, Select, SelectItem};
use crate::error::Place;
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser};

impl Parser<'_> {
    /// `place` is that of the word.
    pub(super) fn select(&mut self, place: Place) -> Parsed<Select> {
        let is_distinct = self.set_quantifier();
        let items = self.list(Self::select_item)?;
        let from = if self.eat("FROM") { self.list(Self::relation)? } else { Vec::new() };
        let filter = if self.eat("WHERE") { Some(self.expression()?) } else { None };
        let group_by = self.group_by()?;
        let having = if self.eat("HAVING") { Some(self.expression()?) } else { None };
        let windows = self.windows()?;
        Ok(Select { is_distinct, items, from, filter, group_by, having, windows, place })
    }

    /// `DISTINCT`, `ALL` or nothing, before columns and arguments.
    pub(super) fn set_quantifier(&mut self) -> bool {
        let is_distinct = self.eat("DISTINCT");
        if !is_distinct {
            self.eat("ALL");
        }
        is_distinct
    }

    fn select_item(&mut self) -> Parsed<SelectItem> {
        let place = self.place();
        if self.eat_symbol("*") {
            return Ok(SelectItem::All { prefix: None, aliases: Vec::new(), place });
        }
        let value = self.expression()?;
        if self.is_symbol(0, ".") && self.is_symbol(1, "*") {
            self.advance();
            self.advance();
            let aliases = if self.eat("AS") { self.names()? } else { Vec::new() };
            return Ok(SelectItem::All { prefix: Some(value), aliases, place });
        }
        let alias = self.alias()?;
        Ok(SelectItem::Value { value, alias })
    }

    /// `AS name`, `name` or nothing. Words that could begin the next clause are names only when it doesn't follow.
    pub(super) fn alias(&mut self) -> Parsed<Option<Identifier>> {
        if self.eat("AS") {
            return self.name().map(Some);
        }
        if self.is_name(0) && !self.is_next_clause() { self.name().map(Some) } else { Ok(None) }
    }

    /// Does a clause begin with a word that is not reserved?
    pub(super) fn is_next_clause(&self) -> bool {
        let is_count = || *self.kind(1) == Kind::Integer || self.is_symbol(1, "?");
        (self.is_word(0, "LIMIT") && (is_count() || self.is_word(1, "ALL")))
            || (self.is_word(0, "OFFSET") && is_count())
            || (self.is_word(0, "FETCH") && self.is_any_word(1, &["FIRST", "NEXT"]))
            || (self.is_word(0, "WINDOW") && self.is_name(1) && self.is_word(2, "AS") && self.is_symbol(3, "("))
            || (self.is_word(0, "TABLESAMPLE") && self.is_any_word(1, &["BERNOULLI", "SYSTEM"]))
            || (self.is_word(0, "MATCH_RECOGNIZE") && self.is_symbol(1, "("))
    }

    fn group_by(&mut self) -> Parsed<Option<GroupBy>> {
        if !self.eat("GROUP") {
            return Ok(None);
        }
        self.want("BY")?;
        let is_distinct = self.set_quantifier();
        let elements = self.list(Self::grouping_element)?;
        Ok(Some(GroupBy { is_distinct, elements }))
    }

    fn grouping_element(&mut self) -> Parsed<GroupingElement> {
        if self.eat("ROLLUP") {
            return Ok(GroupingElement::Rollup(self.grouping_sets(true)?));
        }
        if self.eat("CUBE") {
            return Ok(GroupingElement::Cube(self.grouping_sets(true)?));
        }
        if self.is_word(0, "GROUPING") && self.is_word(1, "SETS") {
            self.advance();
            self.advance();
            return Ok(GroupingElement::Sets(self.grouping_sets(false)?));
        }
        self.grouping_set().map(GroupingElement::Set)
    }

    fn grouping_sets(&mut self, may_be_empty: bool) -> Parsed<Vec<Vec<Expr>>> {
        self.want_symbol("(")?;
        if may_be_empty && self.eat_symbol(")") {
            return Ok(Vec::new());
        }
        let sets = self.list(Self::grouping_set)?;
        self.want_symbol(")").map(|()| sets)
    }

    /// An expression, or any number of them in parentheses. `(a) + 1` is one expression, and so is `(SELECT 1)`; `((SELECT 1))` is
    /// a set of one.
    fn grouping_set(&mut self) -> Parsed<Vec<Expr>> {
        let is_group = self.is_symbol(0, "(")
            && (!self.is_query_group(0) || self.is_query_group_in_parentheses())
            && self.behind(0).is_some_and(|next| self.is_end_of_grouping_set(next));
        if !is_group {
            return Ok(vec![self.expression()?]);
        }
        self.advance();
        if self.eat_symbol(")") {
            return Ok(Vec::new());
        }
        let set = self.list(Self::expression)?;
        self.want_symbol(")").map(|()| set)
    }

    /// Do the parentheses that come next hold nothing but a query in parentheses of its own?
    fn is_query_group_in_parentheses(&self) -> bool {
        self.is_symbol(1, "(") && self.is_query_group(1) && self.behind(1).is_some_and(|next| self.is_symbol(next, ")"))
    }

    fn is_end_of_grouping_set(&self, ahead: usize) -> bool {
        match self.kind(ahead) {
            Kind::End | Kind::Symbol("," | ")" | ";") => true,
            Kind::Word => !self.is_any_word(ahead, &["AND", "OR", "IS", "IN", "NOT", "BETWEEN", "LIKE", "AT"]),
            _ => false,
        }
    }

    fn windows(&mut self) -> Parsed<Vec<NamedWindow>> {
        if !self.eat("WINDOW") {
            return Ok(Vec::new());
        }
        self.list(|parser| {
            let name = parser.name()?;
            parser.want("AS")?;
            let specification = parser.window_specification()?;
            Ok(NamedWindow { name, specification })
        })
    }
}
