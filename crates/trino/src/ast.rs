//! The syntax tree of a query, each expression and name with its place. What is only another spelling is gone: parentheses
//! leave no trace, `NOT IN`, `NOT LIKE`, `NOT BETWEEN`, `IS NOT NULL` are [`ExprKind::Not`] around the positive form,
//! `POSITION(a IN b)` is `strpos(b, a)`, `SUBSTRING(x FROM y FOR z)` is `substring(x, y, z)`, `TRIM(LEADING c FROM x)` is
//! `ltrim(x, c)`.

mod expression;
mod json;
mod relation;
mod window;

pub use expression::{
    BinaryOperator, Call, CurrentValue, Expr, ExprKind, ExtractField, IntervalUnit, ListaggOverflow, NullTreatment,
    Quantifier,
};
pub use json::{JsonArgument, JsonBehavior, JsonFunction, JsonPath, JsonWrapper};
pub use relation::{Join, JoinConstraint, JoinKind, Relation, RelationKind};
pub use window::{Frame, FrameBound, FrameUnit, NamedWindow, Window, WindowSpecification};

use crate::error::Place;

/// A name as it was written. Names are compared without regard to case, quoted ones too, as Trino does.
#[derive(Debug, Clone, PartialEq)]
pub struct Identifier {
    /// As written, without the quotes (`"a""b"` is `a"b`).
    pub text: String,
    /// Was it written in double quotes?
    pub is_quoted: bool,
    /// Its first character (or quote).
    pub place: Place,
}

impl Identifier {
    /// Do both name the same thing?
    pub fn is(&self, other: &str) -> bool {
        self.text.to_lowercase() == other.to_lowercase()
    }
}

/// A query: a body with what may stand around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// `WITH`: earlier ones are visible to later ones.
    pub with: Vec<WithQuery>,
    /// What makes the rows.
    pub body: QueryBody,
    /// Sorts the rows of the body; of a lone SELECT it also sees what the SELECT sees.
    pub order_by: Vec<SortItem>,
    /// Rows to leave out at the beginning.
    pub offset: Option<u64>,
    /// How many rows at most.
    pub limit: Option<Limit>,
    /// The first word.
    pub place: Place,
}

/// `name (columns) AS (query)` in a WITH.
#[derive(Debug, Clone, PartialEq)]
pub struct WithQuery {
    /// The table name for the rest of the query.
    pub name: Identifier,
    /// Names of all columns; empty: as the query has them.
    pub columns: Vec<Identifier>,
    /// What the name stands for.
    pub query: Query,
}

/// What makes the rows of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum QueryBody {
    /// `SELECT …`
    Select(Box<Select>),
    /// `left UNION right` and the like.
    Set(Box<SetOperation>),
    /// `VALUES …`: a row is an expression, that of several columns an [`ExprKind::Row`].
    Values(Vec<Expr>),
    /// `TABLE name`, the same as `SELECT * FROM name`.
    Table(Vec<Identifier>),
    /// A query in parentheses.
    Nested(Box<Query>),
}

/// Two bodies made one.
#[derive(Debug, Clone, PartialEq)]
pub struct SetOperation {
    /// Which.
    pub operator: SetOperator,
    /// Without ALL: equal rows become one.
    pub is_distinct: bool,
    /// Its column names are those of the result.
    pub left: QueryBody,
    /// Has as many columns.
    pub right: QueryBody,
    /// The operator's word.
    pub place: Place,
}

/// INTERSECT binds before the other two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperator {
    /// Rows of either.
    Union,
    /// Rows of the left that the right has not.
    Except,
    /// Rows of both.
    Intersect,
}

/// `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// `SELECT DISTINCT`
    pub is_distinct: bool,
    /// The columns of the result, at least one.
    pub items: Vec<SelectItem>,
    /// Separated by commas: each sees those before it, as in a cross join. Empty: one row without columns.
    pub from: Vec<Relation>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `GROUP BY`
    pub group_by: Option<GroupBy>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `WINDOW`
    pub windows: Vec<NamedWindow>,
    /// The word SELECT.
    pub place: Place,
}

/// One item of the list after SELECT.
#[derive(Debug, Clone, PartialEq)]
pub enum SelectItem {
    /// `expression [AS alias]`
    Value {
        /// What is computed.
        value: Expr,
        /// The title, if one is given.
        alias: Option<Identifier>,
    },
    /// `*`, `prefix.*`, `prefix.* AS (aliases)`
    All {
        /// A relation's name, or an expression that is a row.
        prefix: Option<Expr>,
        /// One for each column, or none at all.
        aliases: Vec<Identifier>,
        /// Where the item begins.
        place: Place,
    },
}

/// `GROUP BY [ALL | DISTINCT] elements`; the grouping sets are the products of one set of each element.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupBy {
    /// `GROUP BY DISTINCT`: equal grouping sets become one.
    pub is_distinct: bool,
    /// At least one.
    pub elements: Vec<GroupingElement>,
}

/// One element of GROUP BY.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupingElement {
    /// `a`, `(a, b)`, `()`
    Set(Vec<Expr>),
    /// `GROUPING SETS (…)`
    Sets(Vec<Vec<Expr>>),
    /// `ROLLUP (…)`
    Rollup(Vec<Vec<Expr>>),
    /// `CUBE (…)`
    Cube(Vec<Vec<Expr>>),
}

/// One key of an ORDER BY.
#[derive(Debug, Clone, PartialEq)]
pub struct SortItem {
    /// The key.
    pub key: Expr,
    /// `DESC`
    pub is_descending: bool,
    /// `NULLS FIRST`; without a word NULL is last, in both directions.
    pub is_nulls_first: bool,
}

/// How many rows at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `LIMIT ALL`
    All,
    /// `LIMIT n`, `FETCH FIRST n ROWS ONLY`
    Rows(u64),
    /// `FETCH FIRST n ROWS WITH TIES`
    WithTies(u64),
}
