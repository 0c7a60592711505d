//! Where an expression stands: which names it sees, what its subqueries are joined to.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use datafusion::logical_expr::{Expr, LogicalPlan};
use opentrail_trino::Type;
use opentrail_trino::ast::{self, WithQuery};

use super::group::Grouping;
use super::scope::{Field, Node};

/// An expression with its type.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) ty: Type,
    /// The column, where the expression is nothing but one.
    pub(super) node: Option<Node>,
}

impl Typed {
    /// A computed value.
    pub(super) fn new(expr: Expr, ty: Type) -> Self {
        Self { expr, ty, node: None }
    }

    /// A column.
    pub(super) fn column(node: Node) -> Self {
        Self { expr: super::plan::column(&node.column), ty: node.ty.clone(), node: Some(node) }
    }
}

/// A WITH query and what it sees itself.
pub(super) struct With<'a> {
    pub(super) definition: &'a WithQuery,
    pub(super) earlier: Option<Rc<With<'a>>>,
}

/// What a query sees from outside.
#[derive(Default)]
pub(super) struct Names<'a, 'o> {
    /// The WITH queries, the latest first.
    pub(super) with: Option<Rc<With<'a>>>,
    /// The row that a subquery is evaluated for.
    pub(super) outer: Option<&'o Outer<'a, 'o>>,
}

impl Clone for Names<'_, '_> {
    fn clone(&self) -> Self {
        Self { with: self.with.clone(), outer: self.outer }
    }
}

impl<'a> Names<'a, '_> {
    /// The same WITH queries, but no row around.
    pub(super) fn alone<'n>(&self) -> Names<'a, 'n> {
        Names { with: self.with.clone(), outer: None }
    }
}

/// The row that a subquery is evaluated for, and what the subquery takes from it.
pub(super) struct Outer<'a, 'o> {
    pub(super) context: &'o Context<'a, 'o>,
    pub(super) domain: &'o Domain,
}

/// What a correlated subquery takes from the row around it: expressions over the plan around, and the names of the columns
/// that have their values within the subquery.
#[derive(Debug, Default)]
pub(super) struct Domain {
    /// Known before the present attempt; the plans of the attempt have these columns.
    pub(super) columns: Vec<DomainColumn>,
    /// Found missing by the present attempt, which failed for it.
    pub(super) missing: RefCell<Option<DomainColumn>>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct DomainColumn {
    pub(super) outer: Expr,
    pub(super) ty: Type,
    pub(super) local: String,
}

/// The clause that an expression stands in, for refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    /// Aggregates and windows have been computed before.
    Select,
    Where,
    GroupBy,
    Having,
    JoinOn,
    /// Arguments of an aggregate.
    Aggregate,
    /// Arguments of a window function.
    Window,
    Unnest,
    Values,
}

impl Clause {
    /// As messages have it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Select => "SELECT clause",
            Self::Where => "WHERE clause",
            Self::GroupBy => "GROUP BY clause",
            Self::Having => "HAVING clause",
            Self::JoinOn => "JOIN clause",
            Self::Aggregate => "Aggregate",
            Self::Window => "Window",
            Self::Unnest => "UNNEST",
            Self::Values => "VALUES",
        }
    }
}

/// A lambda around the expression.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) column: String,
    pub(super) ty: Type,
}

/// Where an expression stands.
pub(super) struct Context<'a, 'o> {
    /// What the expression is computed over; subqueries are joined to it.
    pub(super) plan: LogicalPlan,
    /// What can be named.
    pub(super) fields: Rc<Vec<Field>>,
    /// ORDER BY: the titles of the result, in lower case, and what they stand for.
    pub(super) titles: Vec<(String, Typed)>,
    /// Parameters of the lambdas around, the innermost last.
    pub(super) lambdas: Vec<Vec<Parameter>>,
    /// After GROUP BY: what is left of `fields`.
    pub(super) grouping: Option<Rc<Grouping<'a>>>,
    /// Aggregates and window functions that are columns of `plan` already, by their address in the tree.
    pub(super) calls: HashMap<usize, Typed>,
    pub(super) clause: Clause,
    pub(super) names: Names<'a, 'o>,
    /// Set when a call was compiled that may fail at run time.
    pub(super) can_fail: bool,
}

impl<'a, 'o> Context<'a, 'o> {
    pub(super) fn new(plan: LogicalPlan, fields: Rc<Vec<Field>>, clause: Clause, names: &Names<'a, 'o>) -> Self {
        Self {
            plan,
            fields,
            titles: Vec::new(),
            lambdas: Vec::new(),
            grouping: None,
            calls: HashMap::new(),
            clause,
            names: names.clone(),
            can_fail: false,
        }
    }

    /// The plan, to build on; what is built is put back.
    pub(super) fn take_plan(&mut self) -> LogicalPlan {
        std::mem::replace(&mut self.plan, super::plan::one_row())
    }
}

/// The address of a node of the tree: the tree lives as long as the analysis, so it tells nodes apart.
pub(super) fn address(of: &ast::Expr) -> usize {
    std::ptr::from_ref(of).addr()
}
