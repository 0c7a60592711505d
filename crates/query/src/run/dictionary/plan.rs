//! Which aggregations of a plan can group by dictionaries.

use std::sync::Arc;

use arrow_schema::DataType;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, PhysicalExprRef};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, ReplaceChildrenOptions};
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::{ExecutionPlan, InputOrderMode};

use super::exec::DictionaryGroupExec;
use crate::table::StoreExec;

/// Makes each aggregation one by dictionaries that can be one. Comes last: other rules don't know what it makes.
#[derive(Debug)]
pub(crate) struct GroupByDictionaries;

impl PhysicalOptimizerRule for GroupByDictionaries {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let made = plan.transform_up(|node| match node.downcast_ref::<AggregateExec>() {
            Some(aggregate) => match replaced(aggregate)? {
                Some(made) => Ok(Transformed::yes(made)),
                None => Ok(Transformed::no(node)),
            },
            None => Ok(Transformed::no(node)),
        })?;
        Ok(made.data)
    }

    fn name(&self) -> &'static str {
        "GroupByDictionaries"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn replaced(aggregate: &AggregateExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(keys) = keys(aggregate) else { return Ok(None) };
    let Some(input) = with_dictionaries(aggregate.input(), &keys)? else { return Ok(None) };
    let (group_by, functions) = (aggregate.group_expr(), aggregate.aggr_expr());
    let grouped = |partial: &AggregateExec| -> Arc<dyn ExecutionPlan> {
        Arc::new(DictionaryGroupExec::new(partial, Arc::clone(&input), keys.clone()))
    };
    match aggregate.mode() {
        AggregateMode::Partial => Ok(Some(grouped(aggregate))),
        // In one go: groups are found first, and then finished.
        AggregateMode::Single | AggregateMode::SinglePartitioned => {
            let partial = AggregateExec::try_new(
                AggregateMode::Partial,
                group_by.clone(),
                functions.to_vec(),
                aggregate.filter_expr().to_vec(),
                Arc::clone(aggregate.input()),
                aggregate.input_schema(),
            )?;
            let mode = if *aggregate.mode() == AggregateMode::Single {
                AggregateMode::Final
            } else {
                AggregateMode::FinalPartitioned
            };
            let none = vec![None; functions.len()];
            let (grouped, schema) = (grouped(&partial), aggregate.input_schema());
            let finished =
                AggregateExec::try_new(mode, group_by.as_final(), functions.to_vec(), none, grouped, schema)?;
            Ok(Some(Arc::new(finished)))
        }
        _ => Ok(None),
    }
}

/// The columns that an aggregation groups by, if they are texts that it uses for nothing else.
fn keys(aggregate: &AggregateExec) -> Option<Vec<usize>> {
    let groups = aggregate.group_expr();
    let is_plain = groups.is_single()
        && !groups.is_empty()
        && aggregate.limit_options().is_none()
        && aggregate.dynamic_expressions_produced().is_empty()
        && *aggregate.input_order_mode() == InputOrderMode::Linear
        && aggregate.aggr_expr().iter().all(|function| function.order_bys().is_empty());
    if !is_plain {
        return None;
    }
    let schema = aggregate.input().schema();
    let key = |expr: &PhysicalExprRef| {
        let column = expr.downcast_ref::<Column>()?.index();
        (*schema.field(column).data_type() == DataType::Utf8).then_some(column)
    };
    let keys: Vec<usize> = groups.expr().iter().map(|(expr, _)| key(expr)).collect::<Option<_>>()?;
    let arguments = aggregate.aggr_expr().iter().flat_map(|function| function.expressions());
    let filters = aggregate.filter_expr().iter().flatten().map(Arc::clone);
    let is_used = arguments.chain(filters).any(|expr| uses(&expr, &keys));
    (!is_used && are_different(&keys)).then_some(keys)
}

/// The node with these columns as dictionaries, if they come from a store and nothing on the way looks at them.
fn with_dictionaries(node: &Arc<dyn ExecutionPlan>, columns: &[usize]) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    if let Some(scan) = node.downcast_ref::<StoreExec>() {
        return Ok(Some(Arc::new(scan.with_dictionaries(columns))));
    }
    let Some(below) = below(node, columns) else { return Ok(None) };
    let [child] = node.children()[..] else { return Ok(None) };
    let Some(child) = with_dictionaries(child, &below)? else { return Ok(None) };
    // A projection would keep the types that its columns had.
    if let Some(projection) = node.downcast_ref::<ProjectionExec>() {
        return Ok(Some(Arc::new(ProjectionExec::try_new(projection.expr().to_vec(), child)?)));
    }
    let recomputed = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
    Arc::clone(node).replace_children(vec![child], recomputed).map(Some)
}

/// Where a node has columns from that it only gives on; nothing when it does more with them.
fn below(node: &Arc<dyn ExecutionPlan>, columns: &[usize]) -> Option<Vec<usize>> {
    if node.is::<CooperativeExec>() {
        return Some(columns.to_vec());
    }
    if let Some(filter) = node.downcast_ref::<FilterExec>() {
        let from = |column: &usize| match filter.projection() {
            Some(projection) => projection.get(*column).copied(),
            None => Some(*column),
        };
        let below: Vec<usize> = columns.iter().map(from).collect::<Option<_>>()?;
        return (!uses(filter.predicate(), &below)).then_some(below);
    }
    let projection = node.downcast_ref::<ProjectionExec>()?;
    let all = projection.expr();
    let from = |column: &usize| Some(all.get(*column)?.expr.downcast_ref::<Column>()?.index());
    let below: Vec<usize> = columns.iter().map(from).collect::<Option<_>>()?;
    let others = all.iter().enumerate().filter(|(place, _)| !columns.contains(place));
    let is_used = others.into_iter().any(|(_, other)| uses(&other.expr, &below));
    (!is_used && are_different(&below)).then_some(below)
}

fn uses(expr: &Arc<dyn PhysicalExpr>, columns: &[usize]) -> bool {
    collect_columns(expr).iter().any(|column| columns.contains(&column.index()))
}

fn are_different(columns: &[usize]) -> bool {
    columns.iter().enumerate().all(|(place, column)| !columns[..place].contains(column))
}
