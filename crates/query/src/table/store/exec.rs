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
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use opentrail_lake::{Scan, ScanCounts, ScanPart, ScanRows};
use opentrail_orc::text_dictionary;

use super::provider::external;

/// So many batches of a partition are read before they are asked for.
const BATCHES_AHEAD: usize = 2;

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
                Arc::new(Field::clone(field).with_data_type(text_dictionary()))
            }
            _ => Arc::clone(field),
        };
        self.again(self.schema().fields().iter().enumerate().map(as_wanted).collect(), scan)
    }

    /// Whether it gives all rows that there are.
    pub(crate) fn is_whole(&self) -> bool {
        self.limit.is_none()
    }

    /// Whether the values of a column are large: they are worth being left out.
    pub(crate) fn is_wide(&self, column: usize) -> bool {
        let part = self.parts.iter().flatten().next();
        part.is_some_and(|part| part.is_wide(&self.scan.leaves[column]))
    }

    /// The same scan of some columns only, and of each record's position, the last column.
    pub(crate) fn with_positions(&self, columns: &[usize]) -> Self {
        let mut leaves: Vec<_> = columns.iter().map(|column| self.scan.leaves[*column].clone()).collect();
        leaves.extend(self.parts.iter().flatten().next().map(ScanPart::position));
        let mut fields: Vec<_> = columns.iter().map(|column| Arc::clone(&self.schema().fields()[*column])).collect();
        fields.push(Arc::new(Field::new("position", DataType::Int64, false)));
        let scan = Scan { leaves, predicate: self.scan.predicate.clone(), dictionaries: Vec::new() };
        self.again(fields.into(), scan)
    }

    /// Some columns of single records, to be read later.
    pub(crate) fn fetched(&self, columns: &[usize]) -> StoreFetch {
        let leaves = columns.iter().map(|column| self.scan.leaves[*column].clone()).collect();
        let parts = self.parts.iter().flatten().cloned().collect();
        StoreFetch { parts, leaves, counts: self.counts.of_bytes() }
    }

    /// Another scan of the same parts, with other columns.
    fn again(&self, fields: Fields, scan: Scan) -> Self {
        let equivalence = EquivalenceProperties::new(Arc::new(Schema::new(fields)));
        Self {
            properties: Arc::new(PlanProperties::clone(&self.properties).with_eq_properties(equivalence)),
            parts: self.parts.clone(),
            scan: Arc::new(scan),
            limit: self.limit,
            records: self.records,
            counts: self.counts.clone(),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

/// Reads columns of single records of a scan.
#[derive(Debug, Clone)]
pub(crate) struct StoreFetch {
    parts: Arc<[ScanPart]>,
    leaves: Vec<Vec<usize>>,
    counts: ScanCounts,
}

impl StoreFetch {
    /// Gives the records at some positions, batch by batch, in any order, until `each` wants no more. The last column is the
    /// position. Blocks.
    pub(crate) fn read(&self, positions: &[i64], each: &mut dyn FnMut(&RecordBatch) -> bool) -> Result<()> {
        let Some(first) = self.parts.first() else { return Ok(()) };
        let leaves = self.leaves.iter().cloned().chain([first.position()]).collect();
        let scan = Scan { leaves, predicate: Some(first.at(positions)), dictionaries: Vec::new() };
        for part in self.parts.iter() {
            for batch in part.read(&scan, &self.counts).map_err(external)? {
                let batch = batch.map_err(external)?;
                if batch.num_rows() > 0 && !each(&batch) {
                    return Ok(());
                }
            }
        }
        Ok(())
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
        let mut reading = Reading {
            parts: parts.clone().into_iter(),
            rows: None,
            scan: Arc::clone(&self.scan),
            left: self.limit.unwrap_or(usize::MAX),
            counts: self.counts.clone(),
            given: MetricBuilder::new(&self.metrics).output_rows(partition),
        };
        let mut stream = RecordBatchReceiverStream::builder(self.schema(), BATCHES_AHEAD);
        let batches = stream.tx();
        // The disk is waited for elsewhere. Whoever drops the stream ends the reading with the next batch.
        stream.spawn_blocking(move || {
            while let Some(batch) = reading.next()? {
                if batches.blocking_send(Ok(batch)).is_err() {
                    break;
                }
            }
            Ok(())
        });
        Ok(stream.build())
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
    /// The next batch that has rows. Blocks.
    fn next(&mut self) -> Result<Option<RecordBatch>> {
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
                        return Ok(Some(batch));
                    }
                }
            }
        }
        Ok(None)
    }
}
