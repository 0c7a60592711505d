//! How many records went through a run's filters, by its plan's own counts.

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;

/// Of all scans below a node.
pub(super) fn rows_matched(node: &dyn ExecutionPlan) -> u64 {
    matched(node, None)
}

/// `passed` is how many rows left the topmost filter of those that stand directly above.
fn matched(node: &dyn ExecutionPlan, passed: Option<u64>) -> u64 {
    let given = || node.metrics().as_ref().and_then(MetricsSet::output_rows).map(|rows| rows as u64);
    let children = node.children();
    if children.is_empty() {
        return passed.or_else(given).unwrap_or(0);
    }
    let passed = match node.name() {
        "FilterExec" => passed.or_else(given),
        // These give on what they get.
        "RepartitionExec" | "CoalesceBatchesExec" | "CoalescePartitionsExec" | "ProjectionExec" | "CooperativeExec" => {
            passed
        }
        _ => None,
    };
    children.into_iter().map(|child| matched(child.as_ref(), passed)).sum()
}
