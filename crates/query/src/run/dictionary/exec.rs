//! Grouping a stream of rows.

use std::fmt;
use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::execution_plan::CardinalityEffect;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{StreamExt, stream};

use super::groups::Groups;

/// So many groups are kept at most: what comes after this node finishes groups wherever they come from, and where there are so
/// many, few rows share one.
const GROUPS_MAX: usize = 200_000;

/// An aggregation's first half, grouping by columns that are dictionaries.
#[derive(Debug)]
pub(super) struct DictionaryGroupExec {
    properties: Arc<PlanProperties>,
    input: Arc<dyn ExecutionPlan>,
    /// The columns to group by.
    keys: Vec<usize>,
    functions: Arc<[Function]>,
}

/// What is computed of each group.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) of: Arc<AggregateFunctionExpr>,
    /// Rows for which this isn't true don't count.
    pub(super) filter: Option<Arc<dyn PhysicalExpr>>,
}

impl DictionaryGroupExec {
    /// The same as a partial aggregation, over an input whose key columns are dictionaries.
    pub(super) fn new(partial: &AggregateExec, input: Arc<dyn ExecutionPlan>, keys: Vec<usize>) -> Self {
        let functions = partial.aggr_expr().iter().zip(partial.filter_expr());
        let functions = functions.map(|(of, filter)| Function { of: Arc::clone(of), filter: filter.clone() });
        Self { properties: Arc::clone(partial.properties()), input, keys, functions: functions.collect() }
    }
}

impl DisplayAs for DictionaryGroupExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.functions.iter().map(|function| function.of.name()).collect();
        write!(f, "DictionaryGroupExec: keys={:?}, functions=[{}]", self.keys, names.join(", "))
    }
}

impl ExecutionPlan for DictionaryGroupExec {
    fn name(&self) -> &'static str {
        "DictionaryGroupExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for expr in self.functions.iter().filter_map(|function| function.filter.as_ref()) {
            if f(expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else { return internal_err!("grouping has one child") };
        let properties = Arc::clone(&self.properties);
        Ok(Arc::new(Self { properties, input, keys: self.keys.clone(), functions: Arc::clone(&self.functions) }))
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        CardinalityEffect::LowerEqual
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let memory = MemoryConsumer::new(format!("DictionaryGroupExec[{partition}]")).with_can_spill(true);
        let grouping = Grouping {
            groups: Groups::new(self.schema(), self.keys.clone(), Arc::clone(&self.functions))?,
            input: Some(self.input.execute(partition, Arc::clone(&context))?),
            made: None,
            batch_rows: context.session_config().batch_size(),
            memory: memory.register(context.memory_pool()),
        };
        let batches = stream::try_unfold(grouping, Grouping::next);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }
}

/// A partition that is being grouped.
struct Grouping {
    groups: Groups,
    /// Nothing when all of it has been grouped.
    input: Option<SendableRecordBatchStream>,
    /// Groups that are being given out.
    made: Option<RecordBatch>,
    batch_rows: usize,
    memory: MemoryReservation,
}

impl Grouping {
    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        loop {
            if let Some(made) = self.made.take() {
                let rows = made.num_rows().min(self.batch_rows);
                if rows < made.num_rows() {
                    self.made = Some(made.slice(rows, made.num_rows() - rows));
                }
                if rows > 0 {
                    return Ok(Some((made.slice(0, rows), self)));
                }
                self.memory.resize(0);
            }
            let Some(input) = &mut self.input else { return Ok(None) };
            match input.next().await {
                Some(batch) => {
                    self.groups.add(&batch?)?;
                    // What doesn't fit needn't stay.
                    if self.groups.len() >= GROUPS_MAX || self.memory.try_resize(self.groups.bytes()).is_err() {
                        self.made = Some(self.groups.take()?);
                    }
                }
                None => {
                    self.input = None;
                    self.made = Some(self.groups.take()?);
                }
            }
        }
    }
}
