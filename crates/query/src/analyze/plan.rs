//! Nodes of DataFusion's plan, with its errors turned into ours. Columns are unqualified and their names unique.

use std::sync::Arc;

use datafusion::common::{Column, DFSchema, DataFusionError, JoinType, NullEquality};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{
    Aggregate, Distinct, EmptyRelation, Expr, Filter, Join, JoinConstraint, Limit, LogicalPlan, Projection,
    Sort as SortNode, Union, lit,
};
use opentrail_trino::{ErrorClass, SqlError};

/// DataFusion refuses a plan of ours: our fault, never the statement's.
pub(super) fn fault(error: DataFusionError) -> SqlError {
    match crate::function::into_sql(&error) {
        ours if ours.class != ErrorClass::GenericInternalError => ours,
        _ => SqlError::new(ErrorClass::GenericInternalError, error.strip_backtrace()),
    }
}

/// A reference to a column.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// One row without columns.
pub(super) fn one_row() -> LogicalPlan {
    LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: true, schema: Arc::new(DFSchema::empty()) })
}

/// The names of the columns that a plan has.
pub(super) fn names(plan: &LogicalPlan) -> Vec<String> {
    plan.schema().fields().iter().map(|field| field.name().clone()).collect()
}

/// Exactly these expressions, which carry aliases where they are no columns.
pub(super) fn project(plan: LogicalPlan, expressions: Vec<Expr>) -> Result<LogicalPlan, SqlError> {
    Projection::try_new(expressions, Arc::new(plan)).map(LogicalPlan::Projection).map_err(fault)
}

/// Exactly these columns.
pub(super) fn select<'n>(plan: LogicalPlan, names: impl Iterator<Item = &'n str>) -> Result<LogicalPlan, SqlError> {
    // A column that is selected twice needs a second name.
    let mut seen = std::collections::HashSet::new();
    let expressions = names.enumerate().map(|(index, name)| {
        if seen.insert(name) { column(name) } else { column(name).alias(format!("{name}_{index}")) }
    });
    let expressions = expressions.collect();
    project(plan, expressions)
}

/// All columns of the plan, and these.
pub(super) fn extend(plan: LogicalPlan, more: Vec<Expr>) -> Result<LogicalPlan, SqlError> {
    if more.is_empty() {
        return Ok(plan);
    }
    let mut expressions: Vec<Expr> = names(&plan).iter().map(|name| column(name)).collect();
    expressions.extend(more);
    project(plan, expressions)
}

/// The rows for which the predicate is true.
pub(super) fn filter(plan: LogicalPlan, predicate: Expr) -> Result<LogicalPlan, SqlError> {
    Filter::try_new(predicate, Arc::new(plan)).map(LogicalPlan::Filter).map_err(fault)
}

/// Are there conditions beneath, which may keep from later computations what they would fail for?
pub(super) fn has_filter(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Filter(_) => true,
        LogicalPlan::Join(join) if join.filter.is_some() || !join.on.is_empty() => true,
        other => other.inputs().into_iter().any(has_filter),
    }
}

/// Does every join find what it joins by? DataFusion tells only when the plan is run.
pub(super) fn has_join_keys(plan: &LogicalPlan) -> bool {
    let has =
        |expr: &Expr, side: &LogicalPlan| expr.column_refs().into_iter().all(|column| side.schema().has_column(column));
    let is_sound = match plan {
        LogicalPlan::Join(join) => join.on.iter().all(|(left, right)| has(left, &join.left) && has(right, &join.right)),
        _ => true,
    };
    is_sound && plan.inputs().into_iter().all(has_join_keys)
}

/// The plan with the columns that a predicate refers to held, and filtered by it: it is evaluated for no row that is filtered out
/// beneath.
pub(super) fn filter_above(plan: LogicalPlan, predicate: Expr) -> Result<LogicalPlan, SqlError> {
    let held: std::collections::HashSet<_> =
        predicate.column_refs().into_iter().map(|column| column.name.clone()).collect();
    let columns = names(&plan)
        .into_iter()
        .map(|name| if held.contains(&name) { super::udf::held(column(&name)).alias(name) } else { column(&name) });
    let columns = columns.collect();
    filter(project(plan, columns)?, predicate)
}

/// Each row once.
pub(super) fn distinct(plan: LogicalPlan) -> LogicalPlan {
    LogicalPlan::Distinct(Distinct::All(Arc::new(plan)))
}

/// One row for each group.
pub(super) fn aggregate(plan: LogicalPlan, keys: Vec<Expr>, calls: Vec<Expr>) -> Result<LogicalPlan, SqlError> {
    Aggregate::try_new(Arc::new(plan), keys, calls).map(LogicalPlan::Aggregate).map_err(fault)
}

/// Sorts.
pub(super) fn sort(plan: LogicalPlan, mut keys: Vec<Sort>) -> LogicalPlan {
    if keys.is_empty() {
        return plan;
    }
    // DataFusion leaves out keys that it believes to depend on those before, and believes too much: after an aggregation over
    // a join with another aggregation, that the other's key determines everything. Of computed keys it believes nothing.
    for key in &mut keys[1..] {
        key.expr = super::udf::same(key.expr.clone());
    }
    LogicalPlan::Sort(SortNode { expr: keys, input: Arc::new(plan), fetch: None })
}

/// Leaves out rows at the beginning, and all after so many.
pub(super) fn limit(plan: LogicalPlan, skip: Option<u64>, fetch: Option<u64>) -> LogicalPlan {
    if skip.is_none() && fetch.is_none() {
        return plan;
    }
    let count = |rows: u64| Box::new(lit(i64::try_from(rows).unwrap_or(i64::MAX)));
    LogicalPlan::Limit(Limit { skip: skip.map(count), fetch: fetch.map(count), input: Arc::new(plan) })
}

/// Joins on equal pairs, where NULL equals nothing.
pub(super) fn join(
    left: LogicalPlan,
    right: LogicalPlan,
    kind: JoinType,
    on: Vec<(Expr, Expr)>,
    condition: Option<Expr>,
) -> Result<LogicalPlan, SqlError> {
    join_by(left, right, kind, on, condition, NullEquality::NullEqualsNothing)
}

/// Joins on equal pairs, where NULL equals NULL. Without pairs all rows are partners.
pub(super) fn join_null_safe(
    left: LogicalPlan,
    right: LogicalPlan,
    kind: JoinType,
    on: Vec<(Expr, Expr)>,
) -> Result<LogicalPlan, SqlError> {
    let condition = (on.is_empty() && kind != JoinType::Inner).then(|| lit(true));
    join_by(left, right, kind, on, condition, NullEquality::NullEqualsNull)
}

/// All pairs of rows.
pub(super) fn cross(left: LogicalPlan, right: LogicalPlan) -> Result<LogicalPlan, SqlError> {
    // Conditions that DataFusion finds above become its keys, and those must not match NULL with NULL.
    join(left, right, JoinType::Inner, Vec::new(), None)
}

fn join_by(
    left: LogicalPlan,
    right: LogicalPlan,
    kind: JoinType,
    on: Vec<(Expr, Expr)>,
    condition: Option<Expr>,
    nulls: NullEquality,
) -> Result<LogicalPlan, SqlError> {
    let (left, right) = (Arc::new(left), Arc::new(right));
    Join::try_new(left, right, on, condition, kind, JoinConstraint::On, nulls, false)
        .map(LogicalPlan::Join)
        .map_err(fault)
}

/// The rows of both; the columns have the same names on both sides.
pub(super) fn union(left: LogicalPlan, right: LogicalPlan) -> Result<LogicalPlan, SqlError> {
    Union::try_new(vec![Arc::new(left), Arc::new(right)]).map(LogicalPlan::Union).map_err(fault)
}
