//! The rows of a stripe, whose streams are in memory, as batches.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{BooleanArray, RecordBatch, RecordBatchOptions};
use arrow_buffer::BooleanBuffer;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;
use arrow_select::filter::filter_record_batch;

use crate::Error;
use crate::read::column::{Budget, Column, RowIndexes, Slots, Wanted, build};
use crate::read::options::ReadOptions;
use crate::read::stripe::Stripe;

/// Rows of a stripe that are wanted: all of a range, or those of them that a mask has.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) rows: Range<u64>,
    pub(crate) mask: Option<BooleanBuffer>,
}

/// Where row groups begin.
#[derive(Debug)]
pub(crate) struct Seeks {
    pub(crate) indexes: RowIndexes,
    /// Rows of a row group.
    pub(crate) stride: u64,
}

/// Unwanted rows between wanted ones are decoded when they are fewer than this, and left out when they are more.
const GAP_ROWS_MIN: usize = 128;

/// The wanted rows of a stripe, read forwards.
#[derive(Debug)]
pub(crate) struct Rows {
    root: Box<dyn Column>,
    /// In ascending order.
    spans: VecDeque<Span>,
    seeks: Option<Seeks>,
    /// The row at which the columns are.
    at: u64,
}

impl Rows {
    /// The columns of a stripe whose bytes are in memory. Without seeks, unwanted rows are decoded.
    pub(crate) fn new(stripe: &Stripe, wanted: &Wanted, spans: Vec<Span>, seeks: Option<Seeks>) -> Result<Rows, Error> {
        Ok(Rows { root: build(stripe, wanted)?, spans: spans.into(), seeks, at: 0 })
    }

    /// Where row groups begin, back again.
    pub(crate) fn into_seeks(self) -> Option<Seeks> {
        self.seeks
    }

    /// The next batch and the row at which it begins; nothing at the end. A span without a mask is cut into batches,
    /// one with a mask is one.
    pub(crate) fn next(
        &mut self,
        schema: &SchemaRef,
        options: &ReadOptions,
    ) -> Result<Option<(u64, RecordBatch)>, Error> {
        let Some(mut span) = self.spans.pop_front() else { return Ok(None) };
        let mut budget = Budget::new(options.memory_bytes);
        let from = span.rows.start;
        if let Some(mask) = &span.mask {
            return self.masked(from, mask, schema, &mut budget).map(|batch| Some((from, batch)));
        }
        let count = (span.rows.end - span.rows.start).min(options.batch_rows as u64);
        let batch = self.read(from, count as usize, schema, &mut budget)?;
        span.rows.start += count;
        if !span.rows.is_empty() {
            self.spans.push_front(span);
        }
        Ok(Some((from, batch)))
    }

    fn masked(
        &mut self,
        from: u64,
        mask: &BooleanBuffer,
        schema: &SchemaRef,
        budget: &mut Budget,
    ) -> Result<RecordBatch, Error> {
        let mut batches = Vec::new();
        for part in clusters(mask) {
            let batch = self.read(from + part.start as u64, part.len(), schema, budget)?;
            let mask = BooleanArray::new(mask.slice(part.start, part.len()), None);
            batches.push(filter_record_batch(&batch, &mask)?);
        }
        match &batches[..] {
            [only] => Ok(only.clone()),
            _ => Ok(concat_batches(schema, &batches)?),
        }
    }

    fn read(&mut self, from: u64, count: usize, schema: &SchemaRef, budget: &mut Budget) -> Result<RecordBatch, Error> {
        self.go_to(from)?;
        let rows = self.root.read(Slots::all(count), budget)?;
        self.at += count as u64;
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        Ok(RecordBatch::try_new_with_options(Arc::clone(schema), rows.as_struct().columns().to_vec(), &options)?)
    }

    fn go_to(&mut self, row: u64) -> Result<(), Error> {
        if let Some(seeks) = &self.seeks {
            let group = row / seeks.stride;
            if group * seeks.stride > self.at {
                self.root.seek(&seeks.indexes, group as usize)?;
                self.at = group * seeks.stride;
            }
        }
        if row > self.at {
            self.root.skip((row - self.at) as usize)?;
            self.at = row;
        }
        Ok(())
    }
}

/// The ranges that hold all set bits, without the long gaps between them.
fn clusters(mask: &BooleanBuffer) -> Vec<Range<usize>> {
    let mut clusters: Vec<Range<usize>> = Vec::new();
    for (begin, end) in mask.set_slices() {
        match clusters.last_mut() {
            Some(last) if begin - last.end < GAP_ROWS_MIN => last.end = end,
            _ => clusters.push(begin..end),
        }
    }
    clusters
}
