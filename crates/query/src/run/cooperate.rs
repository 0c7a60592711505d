//! Keeps every run able to be called off.
//!
//! DataFusion makes the leaves of a plan give way to other tasks now and then. That isn't enough: a join or an unnesting
//! makes any number of batches of one batch of a leaf, and what folds them would hold its thread until they are done. So
//! each node that may give more rows than it gets gives way too.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::execution_plan::CardinalityEffect;

/// The plan with places to give way.
pub(super) fn cooperative(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let made = plan.transform_up(|node| {
        if node.children().is_empty() || !may_grow(node.as_ref()) {
            return Ok(Transformed::no(node));
        }
        Ok(Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>))
    })?;
    Ok(made.data)
}

fn may_grow(node: &dyn ExecutionPlan) -> bool {
    matches!(node.cardinality_effect(), CardinalityEffect::Unknown | CardinalityEffect::GreaterEqual)
}
