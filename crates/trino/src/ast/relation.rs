//! What stands in FROM.

use super::{Expr, Identifier, Query};
use crate::error::Place;

/// Something with columns and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// Where it begins.
    pub place: Place,
}

/// The kinds of relations.
#[derive(Debug, Clone, PartialEq)]
pub enum RelationKind {
    /// A store or a WITH query, by name.
    Table(Vec<Identifier>),
    /// `(SELECT …)`, `(VALUES …)`
    Subquery(Box<Query>),
    /// `UNNEST(a, b) [WITH ORDINALITY]`, which sees the relations before it.
    Unnest {
        /// Arrays and maps, at least one.
        expressions: Vec<Expr>,
        /// A further column that counts from 1.
        is_with_ordinality: bool,
    },
    /// `LATERAL (SELECT …)`, which sees the relations before it.
    Lateral(Box<Query>),
    /// Two relations, side by side.
    Join(Box<Join>),
    /// `relation [AS] alias [(columns)]`
    Aliased {
        /// What gets the name.
        relation: Box<Relation>,
        /// The only name it has from here on.
        alias: Identifier,
        /// Names of all columns; empty: as they are.
        columns: Vec<Identifier>,
    },
}

/// `left JOIN right ON …`
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Which rows without a partner stay.
    pub kind: JoinKind,
    /// The left side.
    pub left: Relation,
    /// The right side.
    pub right: Relation,
    /// Which rows are partners.
    pub constraint: JoinConstraint,
}

/// Which rows without a partner stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// `CROSS JOIN`: all pairs; the constraint is `None`.
    Cross,
    /// `[INNER] JOIN`
    Inner,
    /// `LEFT [OUTER] JOIN`
    Left,
    /// `RIGHT [OUTER] JOIN`
    Right,
    /// `FULL [OUTER] JOIN`
    Full,
}

/// Which rows are partners.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinConstraint {
    /// All: `CROSS JOIN`.
    None,
    /// `ON condition`
    On(Expr),
    /// `USING (columns)`
    Using(Vec<Identifier>),
    /// `NATURAL JOIN`
    Natural,
}
