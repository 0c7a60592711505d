//! Reading a store's parts, several at a time.

use std::fmt;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::stream;
use opentrail_lake::{Scan, ScanCounts, ScanPart, ScanRows};

use super::provider::external;

/// Reads parts of a store.
#[derive(Debug)]
pub(crate) struct StoreExec {
    properties: Arc<PlanProperties>,
    /// Of each partition its parts.
    parts: Vec<Vec<ScanPart>>,
    scan: Arc<Scan>,
    /// No partition needs to give more rows than this.
    limit: Option<usize>,
    /// How many records there are, if that is known, and whether exactly.
    records: Option<(u64, bool)>,
    counts: ScanCounts,
    metrics: ExecutionPlanMetricsSet,
}

impl StoreExec {
    pub(super) fn new(
        schema: SchemaRef,
        parts: Vec<ScanPart>,
        partitions: usize,
        scan: Arc<Scan>,
        limit: Option<usize>,
        records: Option<(u64, bool)>,
        counts: ScanCounts,
    ) -> Self {
        let parts = shared_out(parts, partitions);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(parts.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        let metrics = ExecutionPlanMetricsSet::new();
        Self { properties: Arc::new(properties), parts, scan, limit, records, counts, metrics }
    }
}

impl StoreExec {
    /// The same scan with some columns as dictionaries of texts.
    pub(crate) fn with_dictionaries(&self, columns: &[usize]) -> Self {
        let scan = Scan { dictionaries: columns.to_vec(), ..Scan::clone(&self.scan) };
        let as_wanted = |(place, field): (usize, &Arc<Field>)| match field.data_type() {
            DataType::Utf8 if columns.contains(&place) => {
                let dictionary = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
                Arc::new(Field::clone(field).with_data_type(dictionary))
            }
            _ => Arc::clone(field),
        };
        let fields: Fields = self.schema().fields().iter().enumerate().map(as_wanted).collect();
        let equivalence = EquivalenceProperties::new(Arc::new(Schema::new(fields)));
        let properties = PlanProperties::clone(&self.properties).with_eq_properties(equivalence);
        Self {
            properties: Arc::new(properties),
            parts: self.parts.clone(),
            scan: Arc::new(scan),
            limit: self.limit,
            records: self.records,
            counts: self.counts.clone(),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

/// Gives each partition about as much work: the largest parts first, each to whoever has least.
fn shared_out(mut parts: Vec<ScanPart>, partitions: usize) -> Vec<Vec<ScanPart>> {
    parts.sort_by_key(|part| std::cmp::Reverse(part.weight()));
    let mut shares: Vec<(u64, Vec<ScanPart>)> = vec![(0, Vec::new()); partitions.min(parts.len()).max(1)];
    for part in parts {
        if let Some((weight, share)) = shares.iter_mut().min_by_key(|(weight, _)| *weight) {
            *weight += part.weight();
            share.push(part);
        }
    }
    shares.into_iter().map(|(_, share)| share).collect()
}

impl DisplayAs for StoreExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: usize = self.parts.iter().map(Vec::len).sum();
        write!(f, "StoreExec: parts={parts}, partitions={}, pushed={}", self.parts.len(), self.scan.predicate.is_some())
    }
}

impl ExecutionPlan for StoreExec {
    fn name(&self) -> &'static str {
        "StoreExec"
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
        if children.is_empty() { Ok(self) } else { internal_err!("a scan of a store has no children") }
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let Some(parts) = self.parts.get(partition) else {
            return internal_err!("a scan of a store has no partition {partition}");
        };
        let reading = Reading {
            parts: parts.clone().into_iter(),
            rows: None,
            scan: Arc::clone(&self.scan),
            left: self.limit.unwrap_or(usize::MAX),
            counts: self.counts.clone(),
            given: MetricBuilder::new(&self.metrics).output_rows(partition),
        };
        // The disk is waited for elsewhere; of each partition one batch is read at a time.
        let batches = stream::try_unfold(reading, |reading| async {
            tokio::task::spawn_blocking(move || reading.next()).await.map_err(external)?
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), batches)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn partition_statistics(&self, partition: Option<usize>) -> Result<Arc<Statistics>> {
        let mut statistics = Statistics::new_unknown(&self.schema());
        if let (None, Some((records, is_exact))) = (partition, self.records) {
            let records = usize::try_from(records).unwrap_or(usize::MAX);
            let is_exact = is_exact && self.limit.is_none();
            statistics.num_rows = if is_exact { Precision::Exact(records) } else { Precision::Inexact(records) };
        }
        Ok(Arc::new(statistics))
    }
}

/// A partition that is being read.
struct Reading {
    parts: std::vec::IntoIter<ScanPart>,
    rows: Option<ScanRows>,
    scan: Arc<Scan>,
    left: usize,
    counts: ScanCounts,
    given: Count,
}

impl Reading {
    /// The next batch that has rows, and what is to be read after it. Blocks.
    fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        while self.left > 0 {
            let Some(rows) = &mut self.rows else {
                let Some(part) = self.parts.next() else { return Ok(None) };
                self.rows = Some(part.read(&self.scan, &self.counts).map_err(external)?);
                continue;
            };
            match rows.next() {
                None => self.rows = None,
                Some(batch) => {
                    let batch = batch.map_err(external)?;
                    if batch.num_rows() > 0 {
                        self.left = self.left.saturating_sub(batch.num_rows());
                        self.given.add(batch.num_rows());
                        return Ok(Some((batch, self)));
                    }
                }
            }
        }
        Ok(None)
    }
}
