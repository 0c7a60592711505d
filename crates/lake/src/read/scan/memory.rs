//! Records of the hot tail as columns.

use std::sync::Arc;

use arrow_array::RecordBatch;
use opentrail_model::View;
use opentrail_orc::RowFilter;
use opentrail_stdx::Timestamp;

use super::bounds::Bounds;
use super::leaf::Leaves;
use super::{Scan, ScanCounts};
use crate::Error;
use crate::format::{BatchBuilder, FormatError, MemorySegment, Table};

/// A batch has so many records at most.
const BATCH_ROWS: usize = 4096;

/// The records of a chunk.
pub(super) struct MemoryRows {
    memory: Arc<MemorySegment>,
    columns: BatchBuilder,
    filter: Option<RowFilter>,
    /// Those that may be wanted and were not read, in the order of their places.
    rows: std::vec::IntoIter<u32>,
    /// Whether anything must be known of what a record says.
    needs_view: bool,
}

impl std::fmt::Debug for MemoryRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryRows").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl MemoryRows {
    pub(super) fn new(
        memory: Arc<MemorySegment>,
        table: Table,
        scan: &Scan,
        leaves: &Leaves,
        kept_since: Timestamp,
    ) -> Result<Self, Error> {
        let bounds = Bounds::of(scan.predicate.as_ref(), table, kept_since);
        let failed = |source: FormatError| Error::Segment { doing: "read", source: Box::new(source) };
        let mut rows = memory.candidates(&bounds.terms).map_err(failed)?;
        rows.retain(|row| {
            let row = &memory.rows()[*row as usize];
            bounds.may_be(row.time, row.position)
        });
        let mut paths = leaves.paths.clone();
        scan.predicate.iter().for_each(|predicate| predicate.columns(&mut paths));
        let wanted: Vec<&str> = paths.iter().filter_map(|path| path.segments().first()).map(String::as_str).collect();
        let schema = table.schema();
        let columns = BatchBuilder::of(table, |place| wanted.contains(&schema.field(place).name().as_str()));
        let filter = scan.predicate.as_ref().map(|predicate| RowFilter::new(&columns.schema(), predicate));
        let filter = filter.transpose().map_err(Error::Predicate)?;
        Ok(Self { memory, columns, filter, rows: rows.into_iter(), needs_view: !wanted.is_empty() })
    }

    pub(super) fn next(&mut self, counts: &ScanCounts) -> Option<Result<RecordBatch, Error>> {
        let (mut records, mut bytes) = (0, 0);
        for row in self.rows.by_ref().take(BATCH_ROWS) {
            let row = &self.memory.rows()[row as usize];
            let view = if self.needs_view { View::parse(&row.record).unwrap_or_default() } else { View::default() };
            self.columns.push(row, &view, std::str::from_utf8(&row.record).unwrap_or_default());
            (records, bytes) = (records + 1, bytes + row.record.len() as u64);
            if self.columns.is_full() {
                break;
            }
        }
        counts.add_records(records);
        counts.add_bytes(bytes);
        let batch = self.columns.finish()?;
        Some(match &self.filter {
            Some(filter) => filter.apply(&batch).map_err(Error::Predicate),
            None => Ok(batch),
        })
    }
}
