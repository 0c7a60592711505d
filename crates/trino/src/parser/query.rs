//! Queries: WITH, set operations, ORDER BY, OFFSET, LIMIT.

use crate::ast::{Limit, Query, QueryBody, SetOperation, SetOperator, SortItem, WithQuery};

use super::cursor::{Parsed, Parser};

impl Parser<'_> {
    /// A query with all that may stand around its body.
    pub(super) fn query(&mut self) -> Parsed<Query> {
        self.nested(|parser| {
            let place = parser.place();
            let with = parser.with()?;
            let body = parser.query_body()?;
            let order_by = parser.order_by()?;
            let offset = parser.offset()?;
            let limit = parser.limit()?;
            Ok(Query { with, body, order_by, offset, limit, place })
        })
    }

    /// A query in parentheses, from the opening one.
    pub(super) fn query_group(&mut self) -> Parsed<Query> {
        self.want_symbol("(")?;
        let query = self.query()?;
        self.want_symbol(")").map(|()| query)
    }

    fn with(&mut self) -> Parsed<Vec<WithQuery>> {
        if !self.eat("WITH") {
            return Ok(Vec::new());
        }
        if self.is_word(0, "RECURSIVE") {
            return Err(self.not_supported("WITH RECURSIVE"));
        }
        if self.is_word(0, "FUNCTION") && !self.is_word(1, "AS") && !self.is_symbol(1, "(") {
            return Err(self.not_supported("WITH FUNCTION"));
        }
        self.list(Self::with_query)
    }

    fn with_query(&mut self) -> Parsed<WithQuery> {
        let name = self.name()?;
        self.named.with_queries.push(name.clone());
        let columns = if self.is_symbol(0, "(") { self.names()? } else { Vec::new() };
        self.want("AS")?;
        let query = self.query_group()?;
        Ok(WithQuery { name, columns, query })
    }

    /// UNION and EXCEPT, from the left.
    fn query_body(&mut self) -> Parsed<QueryBody> {
        let mut left = self.intersection()?;
        loop {
            let place = self.place();
            let operator = if self.eat("UNION") {
                SetOperator::Union
            } else if self.eat("EXCEPT") {
                SetOperator::Except
            } else {
                return Ok(left);
            };
            let is_distinct = self.is_distinct();
            let right = self.intersection()?;
            self.grow()?;
            left = QueryBody::Set(Box::new(SetOperation { operator, is_distinct, left, right, place }));
        }
    }

    /// INTERSECT, which binds before the other two.
    fn intersection(&mut self) -> Parsed<QueryBody> {
        let mut left = self.query_primary()?;
        loop {
            let place = self.place();
            if !self.eat("INTERSECT") {
                return Ok(left);
            }
            let is_distinct = self.is_distinct();
            let right = self.query_primary()?;
            self.grow()?;
            let operator = SetOperator::Intersect;
            left = QueryBody::Set(Box::new(SetOperation { operator, is_distinct, left, right, place }));
        }
    }

    /// ALL or DISTINCT after a set operator.
    fn is_distinct(&mut self) -> bool {
        let is_distinct = !self.eat("ALL");
        if is_distinct {
            self.eat("DISTINCT");
        }
        is_distinct
    }

    fn query_primary(&mut self) -> Parsed<QueryBody> {
        if self.is_symbol(0, "(") {
            return Ok(QueryBody::Nested(Box::new(self.query_group()?)));
        }
        if self.eat("VALUES") {
            return Ok(QueryBody::Values(self.list(Self::expression)?));
        }
        if self.eat("TABLE") {
            return Ok(QueryBody::Table(self.relation_name()?));
        }
        let place = self.place();
        if self.eat("SELECT") {
            return Ok(QueryBody::Select(Box::new(self.select(place)?)));
        }
        self.eat_symbol("(");
        Err(self.mismatch())
    }

    /// `ORDER BY …`, or nothing.
    pub(super) fn order_by(&mut self) -> Parsed<Vec<SortItem>> {
        if !self.eat("ORDER") {
            return Ok(Vec::new());
        }
        self.want("BY")?;
        self.list(Self::sort_item)
    }

    pub(super) fn sort_item(&mut self) -> Parsed<SortItem> {
        let key = self.expression()?;
        let is_descending = !self.eat("ASC") && self.eat("DESC");
        let mut is_nulls_first = false;
        if self.eat("NULLS") {
            is_nulls_first = self.eat("FIRST");
            if !is_nulls_first {
                self.want("LAST")?;
            }
        }
        Ok(SortItem { key, is_descending, is_nulls_first })
    }

    fn offset(&mut self) -> Parsed<Option<u64>> {
        if !self.eat("OFFSET") {
            return Ok(None);
        }
        let rows = self.row_count()?;
        let _ = self.eat("ROW") || self.eat("ROWS");
        Ok(Some(rows))
    }

    fn limit(&mut self) -> Parsed<Option<Limit>> {
        if self.eat("LIMIT") {
            let limit = if self.eat("ALL") { Limit::All } else { Limit::Rows(self.row_count()?) };
            return Ok(Some(limit));
        }
        if self.eat("FETCH") { self.fetch().map(Some) } else { Ok(None) }
    }

    /// `FETCH FIRST [n] ROWS ONLY | WITH TIES`, from behind FETCH.
    fn fetch(&mut self) -> Parsed<Limit> {
        if !self.eat("FIRST") {
            self.want("NEXT")?;
        }
        let rows = if self.is_any_word(0, &["ROW", "ROWS"]) { 1 } else { self.row_count()? };
        if !self.eat("ROW") {
            self.want("ROWS")?;
        }
        if self.eat("ONLY") {
            return Ok(Limit::Rows(rows));
        }
        self.want_all(&["WITH", "TIES"])?;
        Ok(Limit::WithTies(rows))
    }

    fn row_count(&mut self) -> Parsed<u64> {
        if self.is_symbol(0, "?") {
            return Err(self.not_supported("A parameter"));
        }
        self.count()
    }
}
