//! How much a statement may ask for. Its text is bounded, but what it means can be far larger: each part can stand for
//! all of another one, twice.

use std::cell::Cell;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use opentrail_trino::{ErrorClass, NESTING_MAX, Place, SqlError, Type};

use super::context::Typed;
use super::relation::Relation;

/// Scans that one statement may have; WITH queries can multiply them.
const SCANS_MAX: usize = 500;

/// Columns that all relations of one statement may have together, each relation counted as one more.
const COLUMNS_MAX: usize = 200_000;

/// How deep queries may stand in each other, where a name from WITH stands for its query.
const DEPTH_MAX: usize = NESTING_MAX as usize;

/// Nodes of one expression, in which operands may stand several times.
const EXPRESSION_NODES_MAX: usize = 20_000;

/// Types within one type: rows of rows.
const TYPE_NODES_MAX: usize = 5_000;

/// What has been spent on a statement so far.
#[derive(Debug, Default)]
pub(super) struct Effort {
    scans: Cell<usize>,
    columns: Cell<usize>,
    depth: Cell<usize>,
}

impl Effort {
    /// Counts a scan against the bound.
    pub(super) fn scan(&self) -> Result<(), SqlError> {
        add(&self.scans, 1, SCANS_MAX, "Query reads tables more than 500 times")
    }

    /// Counts columns against the bound.
    pub(super) fn columns(&self, count: usize) -> Result<(), SqlError> {
        add(&self.columns, count, COLUMNS_MAX, "Query is too complex: its relations have more than 200000 columns")
    }

    /// Counts a relation with its columns, and gives it back.
    pub(super) fn relation(&self, relation: Relation) -> Result<Relation, SqlError> {
        self.columns(1 + relation.plan.schema().fields().len() + relation.fields.len())?;
        Ok(relation)
    }

    /// Goes one query deeper for as long as `inner` runs.
    pub(super) fn nested<T>(&self, place: Place, inner: impl FnOnce() -> Result<T, SqlError>) -> Result<T, SqlError> {
        let depth = self.depth.get();
        if depth >= DEPTH_MAX {
            let message = format!("Queries stand in each other more than {DEPTH_MAX} deep");
            return Err(SqlError::at(place, ErrorClass::NotSupported, message));
        }
        self.depth.set(depth + 1);
        let result = inner();
        self.depth.set(depth);
        result
    }
}

fn add(to: &Cell<usize>, count: usize, max: usize, message: &str) -> Result<(), SqlError> {
    to.set(to.get().saturating_add(count));
    if to.get() > max { Err(SqlError::new(ErrorClass::NotSupported, message)) } else { Ok(()) }
}

/// The value, if it is not larger than anything may be.
pub(super) fn bounded(value: Typed, place: Place) -> Result<Typed, SqlError> {
    let too_large = |what: &str| Err(SqlError::at(place, ErrorClass::NotSupported, format!("{what} is too complex")));
    let mut nodes = 0;
    let walk = value.expr.apply(|_| {
        nodes += 1;
        Ok(if nodes > EXPRESSION_NODES_MAX { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    walk.map_err(super::plan::fault)?;
    if nodes > EXPRESSION_NODES_MAX {
        return too_large("Expression");
    }
    if type_nodes(&value.ty, TYPE_NODES_MAX).is_none() {
        return too_large("Type of expression");
    }
    Ok(value)
}

/// What is left of `budget` after the types within a type; nothing when it doesn't suffice.
fn type_nodes(of: &Type, budget: usize) -> Option<usize> {
    let left = budget.checked_sub(1)?;
    match of {
        Type::Array(item) => type_nodes(item, left),
        Type::Map(key, value) => type_nodes(value, type_nodes(key, left)?),
        Type::Row(fields) => fields.iter().try_fold(left, |left, (_, field)| type_nodes(field, left)),
        _ => Some(left),
    }
}
