//! What stands in FROM.

use crate::ast::{Identifier, Join, JoinConstraint, JoinKind, Relation, RelationKind};

use super::cursor::{Parsed, Parser};

impl Parser<'_> {
    /// A relation with all that is joined to it.
    pub(super) fn relation(&mut self) -> Parsed<Relation> {
        self.nested(|parser| {
            let mut left = parser.aliased()?;
            while let Some((kind, is_natural)) = parser.join()? {
                let place = left.place;
                let (right, constraint) = parser.joined(kind, is_natural)?;
                parser.grow()?;
                let join = Join { kind, left, right, constraint };
                left = Relation { kind: RelationKind::Join(Box::new(join)), place };
            }
            Ok(left)
        })
    }

    /// The words of a join, if they come next.
    fn join(&mut self) -> Parsed<Option<(JoinKind, bool)>> {
        if self.eat("CROSS") {
            return self.want("JOIN").map(|()| Some((JoinKind::Cross, false)));
        }
        let is_natural = self.eat("NATURAL");
        let kind = if self.eat("LEFT") {
            JoinKind::Left
        } else if self.eat("RIGHT") {
            JoinKind::Right
        } else if self.eat("FULL") {
            JoinKind::Full
        } else if self.eat("INNER") || is_natural || self.is_word(0, "JOIN") {
            JoinKind::Inner
        } else {
            self.eat("JOIN");
            return Ok(None);
        };
        if kind != JoinKind::Inner {
            self.eat("OUTER");
        }
        self.want("JOIN").map(|()| Some((kind, is_natural)))
    }

    /// The right side of a join, and its condition. `a JOIN b JOIN c ON x ON y` joins b and c first.
    fn joined(&mut self, kind: JoinKind, is_natural: bool) -> Parsed<(Relation, JoinConstraint)> {
        if kind == JoinKind::Cross || is_natural {
            let constraint = if is_natural { JoinConstraint::Natural } else { JoinConstraint::None };
            return Ok((self.aliased()?, constraint));
        }
        let right = self.relation()?;
        if self.eat("ON") {
            return Ok((right, JoinConstraint::On(self.expression()?)));
        }
        self.want("USING")?;
        Ok((right, JoinConstraint::Using(self.names()?)))
    }

    /// A relation that is no join, with its alias.
    fn aliased(&mut self) -> Parsed<Relation> {
        let relation = self.relation_primary()?;
        let place = relation.place;
        let alias = self.alias()?;
        let relation = match alias {
            None => relation,
            Some(alias) => {
                let columns = if self.is_symbol(0, "(") { self.names()? } else { Vec::new() };
                Relation { kind: RelationKind::Aliased { relation: Box::new(relation), alias, columns }, place }
            }
        };
        self.refuse_sampling()?;
        Ok(relation)
    }

    fn refuse_sampling(&mut self) -> Parsed<()> {
        if self.is_word(0, "TABLESAMPLE") {
            return Err(self.not_supported("TABLESAMPLE"));
        }
        if self.is_word(0, "MATCH_RECOGNIZE") {
            return Err(self.not_supported("MATCH_RECOGNIZE"));
        }
        Ok(())
    }

    fn relation_primary(&mut self) -> Parsed<Relation> {
        let place = self.place();
        if self.is_symbol(0, "(") {
            return self.relation_group();
        }
        let kind = if self.eat("UNNEST") {
            self.unnest()?
        } else if self.is_word(0, "LATERAL") && self.is_symbol(1, "(") {
            self.advance();
            RelationKind::Lateral(Box::new(self.query_group()?))
        } else if self.is_word(0, "TABLE") {
            return Err(self.not_supported("A table function"));
        } else if self.is_word(0, "JSON_TABLE") {
            return Err(self.not_supported("JSON_TABLE"));
        } else {
            self.table()?
        };
        Ok(Relation { kind, place })
    }

    fn table(&mut self) -> Parsed<RelationKind> {
        let name = self.relation_name()?;
        if self.is_word(0, "FOR") && self.is_any_word(1, &["TIMESTAMP", "VERSION"]) {
            return Err(self.not_supported("A table version"));
        }
        Ok(RelationKind::Table(name))
    }

    /// `(query)` or `(relation)`.
    fn relation_group(&mut self) -> Parsed<Relation> {
        let place = self.place();
        if self.is_query_group(0) {
            let query = Box::new(self.query_group()?);
            return Ok(Relation { kind: RelationKind::Subquery(query), place });
        }
        self.want_symbol("(")?;
        let relation = self.relation()?;
        self.want_symbol(")").map(|()| relation)
    }

    /// From behind the word.
    fn unnest(&mut self) -> Parsed<RelationKind> {
        self.want_symbol("(")?;
        let expressions = self.list(Self::expression)?;
        self.want_symbol(")")?;
        let is_with_ordinality = self.eat("WITH");
        if is_with_ordinality {
            self.want("ORDINALITY")?;
        }
        Ok(RelationKind::Unnest { expressions, is_with_ordinality })
    }

    /// The dotted name of a table; its first part may be a UUID without quotes.
    pub(super) fn relation_name(&mut self) -> Parsed<Vec<Identifier>> {
        let mut parts = vec![self.store_name()?];
        while self.eat_symbol(".") {
            parts.push(self.store_name()?);
        }
        self.named.tables.push(parts.clone());
        Ok(parts)
    }
}
