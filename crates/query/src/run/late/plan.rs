//! Which orders of a plan can do with less.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;

use super::exec::{From, LateFetchExec};
use crate::table::StoreExec;

/// For more rows than this, whole columns are read.
const ROWS_MAX: usize = 1000;

/// Makes orders of a store's first rows without the large columns that they don't need, and fetches those later. Comes last:
/// other rules don't know what it makes.
#[derive(Debug)]
pub(crate) struct FetchLate;

impl PhysicalOptimizerRule for FetchLate {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let made = plan.transform_down(|node| match replaced(&node)? {
            Some(made) => Ok(Transformed::new(made, true, TreeNodeRecursion::Jump)),
            None => Ok(Transformed::no(node)),
        })?;
        Ok(made.data)
    }

    fn name(&self) -> &'static str {
        "FetchLate"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// An order of a store's first rows, fetching late what it can; nothing when the node is none, or it isn't worth it.
fn replaced(node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let merge = node.downcast_ref::<SortPreservingMergeExec>();
    let below = merge.map_or(node, |merge| merge.input());
    let Some(sort) = below.downcast_ref::<SortExec>() else { return Ok(None) };
    let is_few = |fetch: Option<usize>| fetch.is_some_and(|fetch| fetch <= ROWS_MAX);
    let fetch = if let Some(merge) = merge { merge.fetch() } else { sort.fetch() };
    // An order of each partition is none of all.
    if !is_few(fetch) || merge.is_none() && sort.preserve_partitioning() {
        return Ok(None);
    }
    let Some(origins) = Origins::of(sort.input()) else { return Ok(None) };
    let late = origins.unused_by(sort.expr());
    if !late.iter().any(|column| origins.store.is_wide(*column)) {
        return Ok(None);
    }
    let Some(narrow) = narrowed(sort.input(), &late)? else { return Ok(None) };
    let sorted = SortExec::new(ordering(sort.expr(), &narrow)?, Arc::clone(&narrow.node))
        .with_fetch(sort.fetch())
        .with_preserve_partitioning(sort.preserve_partitioning());
    let mut first: Arc<dyn ExecutionPlan> = Arc::new(sorted);
    if let Some(merge) = merge {
        let merged = SortPreservingMergeExec::new(ordering(merge.expr(), &narrow)?, first).with_fetch(merge.fetch());
        first = Arc::new(merged);
    }
    let late: Vec<usize> = late.into_iter().collect();
    let from = |(output, origin): (usize, &Option<usize>)| match narrow.places[output] {
        Some(place) => Some(From::Ordered(place)),
        None => late.iter().position(|column| Some(*column) == *origin).map(From::Fetched),
    };
    let Some(columns) = origins.columns.iter().enumerate().map(from).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let fetched = LateFetchExec::new(node.schema(), first, narrow.position, columns, origins.store.fetched(&late));
    Ok(Some(Arc::new(fetched)))
}

/// Where the columns of a node come from.
struct Origins<'p> {
    store: &'p StoreExec,
    /// Of each column that is one of the store's, which.
    columns: Vec<Option<usize>>,
    /// Columns of the store that something looks at.
    used: BTreeSet<usize>,
}

impl<'p> Origins<'p> {
    /// Nothing when the node is more than a store with conditions.
    fn of(node: &'p Arc<dyn ExecutionPlan>) -> Option<Self> {
        if let Some(store) = node.downcast_ref::<StoreExec>() {
            let columns = (0..store.schema().fields().len()).map(Some).collect();
            return store.is_whole().then_some(Self { store, columns, used: BTreeSet::new() });
        }
        let [child] = node.children()[..] else { return None };
        let mut origins = Self::of(child)?;
        if node.is::<CooperativeExec>() {
            return Some(origins);
        }
        if let Some(filter) = node.downcast_ref::<FilterExec>() {
            if filter.fetch().is_some() {
                return None;
            }
            origins.use_all(filter.predicate());
            if let Some(projection) = filter.projection() {
                origins.columns = projection.iter().map(|column| origins.columns[*column]).collect();
            }
            return Some(origins);
        }
        let projection = node.downcast_ref::<ProjectionExec>()?;
        let mut columns = Vec::with_capacity(projection.expr().len());
        for ProjectionExpr { expr, .. } in projection.expr() {
            match expr.downcast_ref::<Column>() {
                Some(column) => columns.push(origins.columns[column.index()]),
                None => {
                    origins.use_all(expr);
                    columns.push(None);
                }
            }
        }
        origins.columns = columns;
        Some(origins)
    }

    fn use_all(&mut self, expr: &Arc<dyn PhysicalExpr>) {
        self.used.extend(collect_columns(expr).iter().filter_map(|column| self.columns[column.index()]));
    }

    /// The store's columns among these that nothing has looked at, and the order doesn't.
    fn unused_by(&self, order: &LexOrdering) -> BTreeSet<usize> {
        let ordered = order.iter().flat_map(|by| collect_columns(&by.expr));
        let ordered: BTreeSet<usize> = ordered.filter_map(|column| self.columns[column.index()]).collect();
        let all = self.columns.iter().flatten().copied();
        all.filter(|column| !self.used.contains(column) && !ordered.contains(column)).collect()
    }
}

/// A node without the columns that are fetched late, and with the position of each record.
struct Narrowed {
    node: Arc<dyn ExecutionPlan>,
    /// Where the columns that it had are now, those that it still has.
    places: Vec<Option<usize>>,
    /// The column of positions.
    position: usize,
}

fn narrowed(node: &Arc<dyn ExecutionPlan>, late: &BTreeSet<usize>) -> Result<Option<Narrowed>> {
    if let Some(store) = node.downcast_ref::<StoreExec>() {
        let kept: Vec<usize> = (0..store.schema().fields().len()).filter(|column| !late.contains(column)).collect();
        let places = (0..store.schema().fields().len()).map(|column| kept.iter().position(|kept| *kept == column));
        let (places, position) = (places.collect(), kept.len());
        return Ok(Some(Narrowed { node: Arc::new(store.with_positions(&kept)), places, position }));
    }
    let [child] = node.children()[..] else { return Ok(None) };
    let Some(child) = narrowed(child, late)? else { return Ok(None) };
    if node.is::<CooperativeExec>() {
        let node = Arc::new(CooperativeExec::new(Arc::clone(&child.node)));
        return Ok(Some(Narrowed { node, ..child }));
    }
    if let Some(filter) = node.downcast_ref::<FilterExec>() {
        let kept = FilterExec::try_new(moved(filter.predicate(), &child)?, Arc::clone(&child.node))?;
        let places = match filter.projection() {
            Some(projection) => projection.iter().map(|column| child.places[*column]).collect(),
            None => child.places,
        };
        return Ok(Some(Narrowed { node: Arc::new(kept), places, position: child.position }));
    }
    let Some(projection) = node.downcast_ref::<ProjectionExec>() else { return Ok(None) };
    let (mut exprs, mut places) = (Vec::new(), Vec::new());
    for ProjectionExpr { expr, alias } in projection.expr() {
        let is_late = expr.downcast_ref::<Column>().is_some_and(|column| child.places[column.index()].is_none());
        places.push((!is_late).then_some(exprs.len()));
        if !is_late {
            exprs.push(ProjectionExpr { expr: moved(expr, &child)?, alias: alias.clone() });
        }
    }
    let position = exprs.len();
    exprs
        .push(ProjectionExpr { expr: Arc::new(Column::new("position", child.position)), alias: "position".to_owned() });
    let node = Arc::new(ProjectionExec::try_new(exprs, child.node)?);
    Ok(Some(Narrowed { node, places, position }))
}

/// The expression over a narrowed node.
fn moved(expr: &Arc<dyn PhysicalExpr>, to: &Narrowed) -> Result<Arc<dyn PhysicalExpr>> {
    let made = Arc::clone(expr).transform_down(|expr| {
        let Some(column) = expr.downcast_ref::<Column>() else { return Ok(Transformed::no(expr)) };
        let Some(place) = to.places[column.index()] else { return Ok(Transformed::no(expr)) };
        Ok(Transformed::yes(Arc::new(Column::new(column.name(), place)) as Arc<dyn PhysicalExpr>))
    })?;
    Ok(made.data)
}

fn ordering(order: &LexOrdering, over: &Narrowed) -> Result<LexOrdering> {
    let moved = |by: &PhysicalSortExpr| Ok(PhysicalSortExpr { expr: moved(&by.expr, over)?, options: by.options });
    let all = order.iter().map(moved).collect::<Result<Vec<_>>>()?;
    LexOrdering::new(all).ok_or_else(|| datafusion::common::internal_datafusion_err!("an order by nothing"))
}
