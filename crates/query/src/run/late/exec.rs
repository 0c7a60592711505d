//! Fetching columns for rows that are known.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, RecordBatch, new_empty_array};
use arrow_schema::{FieldRef, SchemaRef};
use arrow_select::concat::concat_batches;
use arrow_select::interleave::interleave;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_datafusion_err, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, CardinalityEffect, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::{StreamExt, TryStreamExt, stream};

use crate::table::{StoreFetch, external};

/// Where a column of the answer is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// Column of the ordered rows.
    Ordered(usize),
    /// Column of what is fetched.
    Fetched(usize),
}

/// Adds columns of a store to a few rows of it.
#[derive(Debug)]
pub(super) struct LateFetchExec {
    properties: Arc<PlanProperties>,
    input: Arc<dyn ExecutionPlan>,
    /// The input's column of positions.
    position: usize,
    columns: Arc<[From]>,
    fetch: StoreFetch,
}

impl LateFetchExec {
    pub(super) fn new(
        schema: SchemaRef,
        input: Arc<dyn ExecutionPlan>,
        position: usize,
        columns: Vec<From>,
        fetch: StoreFetch,
    ) -> Self {
        let equivalence = EquivalenceProperties::new(schema);
        let (one, bounded) = (Partitioning::UnknownPartitioning(1), Boundedness::Bounded);
        let properties = PlanProperties::new(equivalence, one, EmissionType::Final, bounded);
        Self { properties: Arc::new(properties), input, position, columns: columns.into(), fetch }
    }
}

impl DisplayAs for LateFetchExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LateFetchExec: columns={:?}", self.columns)
    }
}

impl ExecutionPlan for LateFetchExec {
    fn name(&self) -> &'static str {
        "LateFetchExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else { return internal_err!("fetching has one child") };
        let (properties, columns) = (Arc::clone(&self.properties), Arc::clone(&self.columns));
        Ok(Arc::new(Self { properties, input, position: self.position, columns, fetch: self.fetch.clone() }))
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        CardinalityEffect::Equal
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (schema, of_input) = (self.schema(), self.input.schema());
        let ordered = self.input.execute(partition, context)?;
        let (position, columns, fetch) = (self.position, Arc::clone(&self.columns), self.fetch.clone());
        let made = async move {
            let ordered: Vec<RecordBatch> = ordered.try_collect().await?;
            let ordered = concat_batches(&of_input, &ordered)?;
            // The disk is waited for elsewhere.
            tokio::task::spawn_blocking(move || whole(&schema, &ordered, position, &columns, &fetch))
                .await
                .map_err(external)?
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), stream::once(made).boxed())))
    }
}

/// The ordered rows with their fetched columns. Blocks.
fn whole(
    schema: &SchemaRef,
    ordered: &RecordBatch,
    position: usize,
    columns: &[From],
    fetch: &StoreFetch,
) -> Result<RecordBatch> {
    let positions = ordered.column(position).as_primitive::<Int64Type>().values();
    let Fetched { batches, places } = fetched(fetch, positions)?;
    let column = |(from, field): (&From, &FieldRef)| match from {
        From::Ordered(column) => Ok(Arc::clone(ordered.column(*column))),
        From::Fetched(_) if positions.is_empty() => Ok(new_empty_array(field.data_type())),
        From::Fetched(column) => {
            let arrays: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(*column).as_ref()).collect();
            Ok(interleave(&arrays, &places)?)
        }
    };
    let columns = columns.iter().zip(schema.fields()).map(column).collect::<Result<Vec<ArrayRef>>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// What is fetched of positions.
struct Fetched {
    /// The last column is the position.
    batches: Vec<RecordBatch>,
    /// Of each position its batch and its row.
    places: Vec<(usize, usize)>,
}

fn fetched(fetch: &StoreFetch, positions: &[i64]) -> Result<Fetched> {
    let (mut batches, mut found) = (Vec::new(), HashMap::with_capacity(positions.len()));
    fetch.read(positions, &mut |batch| {
        let of_rows = batch.column(batch.num_columns() - 1).as_primitive::<Int64Type>().values();
        found.extend(of_rows.iter().enumerate().map(|(row, position)| (*position, (batches.len(), row))));
        batches.push(batch.clone());
        found.len() < positions.len()
    })?;
    let place = |position: &i64| {
        let place = found.get(position).copied();
        place.ok_or_else(|| internal_datafusion_err!("the record at {position} has no other columns"))
    };
    let places = positions.iter().map(place).collect::<Result<_>>()?;
    Ok(Fetched { batches, places })
}
