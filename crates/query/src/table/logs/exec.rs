//! Reading the files of a listing: each thread takes the next one when it is done with its own.

use std::fmt;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use opentrail_blob::Listed;
use opentrail_trino::{ErrorClass, SqlError};
use tokio::sync::Mutex;

use super::listing::Listing;
use super::provider::Leaf;
use super::read::FileRows;
use super::{LogCounts, LogFiles};
use crate::function::into_datafusion;

/// Files that are fetched ahead of the one that is read.
const FETCHES: usize = 4;

/// Reads log files, on each thread one after the other.
#[derive(Debug)]
pub(super) struct LogExec {
    properties: Arc<PlanProperties>,
    reading: Reading,
    metrics: ExecutionPlanMetricsSet,
}

impl LogExec {
    pub(super) fn new(reading: Reading, partitions: usize) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&reading.schema)),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { properties: Arc::new(properties), reading, metrics: ExecutionPlanMetricsSet::new() }
    }
}

impl DisplayAs for LogExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogExec: {}{}", self.reading.files.name, self.reading.files.prefix)
    }
}

impl ExecutionPlan for LogExec {
    fn name(&self) -> &'static str {
        "LogExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("a scan of log files has no children") }
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let given = MetricBuilder::new(&self.metrics).output_rows(partition);
        Ok(self.reading.clone().batches(given))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// What those do who share a listing.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    files: Arc<LogFiles>,
    /// Held while a page is listed: nobody has anything to read before that.
    listing: Arc<Mutex<Listing>>,
    leaves: Arc<[Leaf]>,
    schema: SchemaRef,
    counts: LogCounts,
}

impl Reading {
    pub(super) fn new(
        files: Arc<LogFiles>,
        listing: Listing,
        leaves: Vec<Leaf>,
        schema: &SchemaRef,
        counts: LogCounts,
    ) -> Self {
        let listing = Arc::new(Mutex::new(listing));
        Self { files, listing, leaves: leaves.into(), schema: Arc::clone(schema), counts }
    }

    /// The files that are left, fetched, in the order in which they are listed.
    fn fetched(&self) -> BoxStream<'static, Result<(String, Bytes)>> {
        let listed = stream::try_unfold(Arc::clone(&self.listing), |listing| async move {
            let next = listing.lock().await.next().await?;
            Ok(next.map(|file| (file, listing)))
        });
        let reading = self.clone();
        listed.map_ok(move |file| reading.clone().fetch(file)).try_buffered(FETCHES).boxed()
    }

    async fn fetch(self, file: Listed) -> Result<(String, Bytes)> {
        let failed = |problem: String| {
            let message = format!("{}{} can't be read: {problem}", self.files.name, file.key);
            into_datafusion(SqlError::new(ErrorClass::FilesystemError, message))
        };
        if file.bytes > self.files.file_bytes_max {
            return Err(failed(format!("it has {} bytes, and {} are the most", file.bytes, self.files.file_bytes_max)));
        }
        let object = self.files.place.get(&file.key).await.map_err(|error| failed(error.to_string()))?;
        let body = object.ok_or_else(|| failed("it is gone".to_owned()))?.body;
        self.counts.add_file(body.len() as u64);
        Ok((file.key, body))
    }

    /// The rows of the files that are left. Each batch's are counted.
    fn batches(self, given: Count) -> SendableRecordBatchStream {
        let rows = FileRows::new(Arc::clone(&self.files), &self.leaves, &self.schema, self.counts.clone());
        let state = Some((self.fetched(), rows));
        let batches = stream::try_unfold(state, |state| async {
            let Some((mut fetched, mut rows)) = state else { return Ok(None) };
            loop {
                if !rows.has_file() {
                    match fetched.try_next().await? {
                        Some((key, body)) => rows.open(key, body),
                        None => return Ok(rows.finish().map(|batch| (batch, None))),
                    }
                }
                let batch: Option<RecordBatch>;
                // Unpacking and parsing take their time.
                (rows, batch) = tokio::task::spawn_blocking(move || rows.step())
                    .await
                    .map_err(|error| DataFusionError::External(Box::new(error)))??;
                if let Some(batch) = batch {
                    return Ok(Some((batch, Some((fetched, rows)))));
                }
            }
        });
        let counted = batches.inspect_ok(move |batch| given.add(batch.num_rows()));
        Box::pin(RecordBatchStreamAdapter::new(self.schema, counted))
    }
}
