//! Records that are counted without being read: `count(*)` of a whole store is answered from what the store knows of itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::stats::Precision;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};

/// DataFusion's rule that answers so.
const RULE: &str = "aggregate_statistics";

/// How many records a run has counted so. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct CountedRecords(Arc<AtomicU64>);

impl CountedRecords {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The same rule, but what [`RULE`] counts is noted.
    pub(crate) fn watch(&self, rule: Rule) -> Rule {
        if rule.name() == RULE { Arc::new(Watched { rule, counted: self.clone() }) } else { rule }
    }
}

type Rule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

/// The rule, watched: scans that it makes superfluous have been counted.
#[derive(Debug)]
struct Watched {
    rule: Rule,
    counted: CountedRecords,
}

impl PhysicalOptimizerRule for Watched {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, config: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let before = known_records(plan.as_ref())?;
        let plan = self.rule.optimize(plan, config)?;
        let left = known_records(plan.as_ref())?;
        self.counted.0.fetch_add(before.saturating_sub(left), Ordering::Relaxed);
        Ok(plan)
    }

    fn name(&self) -> &str {
        self.rule.name()
    }

    fn schema_check(&self) -> bool {
        self.rule.schema_check()
    }
}

/// Records of all scans of stores that know how many they have.
fn known_records(node: &dyn ExecutionPlan) -> Result<u64> {
    if node.name() == "StoreExec" {
        return Ok(match StatisticsContext::new().compute(node, &StatisticsArgs::new())?.num_rows {
            Precision::Exact(records) => records as u64,
            _ => 0,
        });
    }
    node.children().into_iter().try_fold(0, |sum, child| Ok(sum + known_records(child.as_ref())?))
}
