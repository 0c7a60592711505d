//! Records of segments as columns, read from their ORC files.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use opentrail_orc::{ColumnPath, CompareOp, Predicate, Scalar};
use opentrail_stdx::Timestamp;

use super::leaf::Leaves;
use super::{PartSource, Scan, ScanCounts, ScanPart};
use crate::Error;
use crate::format::{ColumnRows, ColumnsWanted, FormatError, TIME};
use crate::shared::Shared;
use crate::store::Stored;

/// A segment of fewer records is read in one piece.
const CUT_ROWS_MIN: u64 = 100_000;

/// The records of some stripes of a segment.
#[derive(Debug)]
pub(super) struct SegmentRows {
    stored: Arc<Stored>,
    rows: Option<ColumnRows>,
    /// What was told to the counts.
    counted: (u64, u64),
}

impl SegmentRows {
    pub(super) fn open(
        shared: &Shared,
        stored: Arc<Stored>,
        stripes: Option<Range<usize>>,
        scan: &Scan,
        leaves: &Leaves,
        kept_since: Timestamp,
        counts: &ScanCounts,
    ) -> Result<Self, Error> {
        let is_cut_off = stored.row.time_min < kept_since;
        let predicate = with_cutoff(scan.predicate.clone(), is_cut_off.then_some(kept_since));
        let (columns, dictionaries) = (leaves.paths.clone(), leaves.dictionaries());
        let wanted = ColumnsWanted { columns, dictionaries, predicate, stripes };
        let opened = shared
            .metadata(&stored)
            .and_then(|metadata| ColumnRows::open(&*shared.disk, &stored.dir, &stored.row.name, &metadata, wanted));
        let rows = opened.map_err(|error| failed(&stored, error))?;
        let mut opened = Self { stored, rows: Some(rows), counted: (0, 0) };
        opened.count(counts);
        Ok(opened)
    }

    pub(super) fn next(&mut self, counts: &ScanCounts) -> Option<Result<RecordBatch, Error>> {
        let next = self.rows.as_mut()?.next();
        self.count(counts);
        match next {
            Some(Ok(batch)) => Some(Ok(batch)),
            Some(Err(error)) => {
                self.rows = None;
                Some(Err(failed(&self.stored, error)))
            }
            None => {
                self.rows = None;
                None
            }
        }
    }

    fn count(&mut self, counts: &ScanCounts) {
        let Some(rows) = &self.rows else { return };
        let (bytes, records) = (rows.bytes_read(), rows.records_read());
        counts.add_bytes(bytes - self.counted.0);
        counts.add_records(records - self.counted.1);
        self.counted = (bytes, records);
    }
}

/// The engine looks into a segment that can't be read.
fn failed(stored: &Stored, error: FormatError) -> Error {
    stored.suspect(&error);
    Error::Segment { doing: "read", source: Box::new(error) }
}

/// What is past its time is not wanted.
fn with_cutoff(predicate: Option<Predicate>, kept_since: Option<Timestamp>) -> Option<Predicate> {
    let Some(kept_since) = kept_since else { return predicate };
    let value = Scalar::TimestampMicros(kept_since.as_ms().saturating_mul(1000));
    let is_kept = Predicate::compare(ColumnPath::new([TIME]), CompareOp::GtEq, value);
    Some(match predicate {
        Some(predicate) => Predicate::And(vec![is_kept, predicate]),
        None => is_kept,
    })
}

/// Cuts large segments by their stripes, so that there are about `wanted` parts.
pub(super) fn cut(parts: Vec<ScanPart>, wanted: usize) -> Result<Vec<ScanPart>, Error> {
    let all: u64 = parts.iter().map(ScanPart::weight).sum();
    let size = (all / wanted.max(1) as u64).max(CUT_ROWS_MIN);
    let mut cut = Vec::with_capacity(wanted);
    for part in parts {
        match &part.source {
            PartSource::Segment { stored, rows, .. } if *rows > size => {
                let metadata = part.shared.metadata(stored).map_err(|error| failed(stored, error))?;
                let stripes: Vec<u64> = metadata.stripes().iter().map(|stripe| stripe.rows).collect();
                for (stripes, rows) in groups(&stripes, size) {
                    let source = PartSource::Segment { stored: Arc::clone(stored), stripes: Some(stripes), rows };
                    cut.push(ScanPart { source, ..part.clone() });
                }
            }
            _ => cut.push(part),
        }
    }
    Ok(cut)
}

/// Neighbouring stripes, each group with about so many rows.
fn groups(stripes: &[u64], size: u64) -> Vec<(Range<usize>, u64)> {
    let mut groups: Vec<(Range<usize>, u64)> = Vec::new();
    for (number, rows) in stripes.iter().enumerate() {
        match groups.last_mut() {
            Some((range, sum)) if *sum + rows <= size => (range.end, *sum) = (number + 1, *sum + rows),
            _ => groups.push((number..number + 1, *rows)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripes_are_grouped_in_their_order() {
        assert_eq!(groups(&[5, 5, 5, 20, 1], 10), [(0..2, 10), (2..3, 5), (3..4, 20), (4..5, 1)]);
        assert_eq!(groups(&[], 10), []);
    }
}
