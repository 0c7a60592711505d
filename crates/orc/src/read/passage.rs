//! The way through one stripe: what of it is still wanted, and what is known of it.

use std::ops::Range;

use arrow_buffer::Buffer;

use crate::Error;
use crate::proto::StreamKind;
use crate::read::column::RowIndexes;
use crate::read::filter::{Filter, Run};
use crate::read::options::ReadOptions;
use crate::read::rows::{Rows, Seeks, Span};
use crate::read::scan::Columns;
use crate::read::statistics::Trust;
use crate::read::stripe::Stripe;

/// A stripe being read.
#[derive(Debug)]
pub(crate) struct Passage {
    pub(crate) stripe: Stripe,
    /// The rows that are wanted as far as is known, in ascending order, but those of `sure`.
    pub(crate) spans: Vec<Span>,
    /// Rows of which it is known already that they are wanted, while others are looked at.
    sure: Vec<Span>,
    indexes: RowIndexes,
}

impl Passage {
    /// All rows of a stripe, which may all be known to be wanted.
    pub(crate) fn new(stripe: Stripe, is_sure: bool) -> Passage {
        let rows = 0..stripe.rows();
        let all = if rows.is_empty() { Vec::new() } else { vec![Span { rows, mask: None }] };
        let (spans, sure) = if is_sure { (Vec::new(), all) } else { (all, Vec::new()) };
        Passage { stripe, spans, sure, indexes: RowIndexes::default() }
    }

    /// Whether there are rows of which it isn't known yet whether they are wanted.
    pub(crate) fn has_unsure(&self) -> bool {
        !self.spans.is_empty()
    }

    /// All rows that are left are wanted.
    pub(crate) fn be_sure(&mut self) {
        self.spans.append(&mut self.sure);
        self.spans.sort_by_key(|span| span.rows.start);
        self.spans.dedup_by(|next, last| {
            let is_next = last.mask.is_none() && next.mask.is_none() && last.rows.end == next.rows.start;
            if is_next {
                last.rows.end = next.rows.end;
            }
            is_next
        });
    }

    pub(crate) fn supply(&mut self, fetched: Vec<(u64, Buffer)>) {
        for (offset, bytes) in fetched {
            self.stripe.supply(offset, bytes);
        }
    }

    /// Decodes the row indexes of columns, those that are in memory.
    pub(crate) fn read_indexes(&mut self, ids: &[u32]) -> Result<(), Error> {
        for id in ids {
            if !self.indexes.0.contains_key(id)
                && let Some(index) = self.stripe.section(*id, StreamKind::RowIndex)?
            {
                self.indexes.0.insert(*id, index);
            }
        }
        Ok(())
    }

    /// Leaves out the row groups that can't have a wanted row.
    pub(crate) fn prune(&mut self, filter: &Filter, trust: Trust) -> Result<(), Error> {
        let Some((groups, stride)) = self.groups() else { return Ok(()) };
        let runs = filter.prune(&self.stripe, &self.indexes, groups, trust)?;
        let rows = self.stripe.rows();
        let span = |groups: Range<usize>| Span {
            rows: groups.start as u64 * stride..(groups.end as u64 * stride).min(rows),
            mask: None,
        };
        let (sure, unsure): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(|run| run.is_sure);
        self.spans = unsure.into_iter().map(|run| span(run.groups)).collect();
        self.sure = sure.into_iter().map(|run| span(run.groups)).collect();
        Ok(())
    }

    /// How many row groups are left, if the stripe has such.
    pub(crate) fn row_groups(&self) -> Option<u64> {
        let count = |spans: &[Span], stride| runs(spans, stride).iter().map(|run| run.len() as u64).sum::<u64>();
        self.groups().map(|(_, stride)| count(&self.spans, stride) + count(&self.sure, stride))
    }

    /// The row indexes that are missing to seek in columns; none when nothing was left out.
    pub(crate) fn index_ranges(&self, ids: &[u32]) -> Vec<Range<u64>> {
        if self.is_whole() || self.stripe.stride().is_none() {
            return Vec::new();
        }
        let missing = ids.iter().filter(|id| !self.indexes.0.contains_key(id));
        missing.filter_map(|id| self.stripe.extent(*id, StreamKind::RowIndex)).collect()
    }

    /// The values that are missing to read columns: of whole streams, or of the row groups that are left.
    pub(crate) fn value_ranges(&self, ids: &[u32]) -> Result<Vec<Range<u64>>, Error> {
        let runs = self.seekable(ids).map(|stride| runs(&self.spans, stride));
        let mut ranges = Vec::new();
        for id in ids {
            let groups = runs.as_deref().map(|runs| (runs, &self.indexes));
            ranges.extend(self.stripe.data_ranges(*id, groups)?);
        }
        ranges.retain(|range| !self.stripe.has(range));
        Ok(ranges)
    }

    /// The rows that are left, of columns whose values are in memory.
    pub(crate) fn rows(mut self, columns: &Columns) -> Result<Rows, Error> {
        let spans = std::mem::take(&mut self.spans);
        self.rows_of(columns, spans)
    }

    /// Leaves out the rows for which the predicate isn't true. The values of its columns are in memory.
    pub(crate) fn evaluate(&mut self, filter: &Filter, columns: &Columns, options: &ReadOptions) -> Result<(), Error> {
        let spans = std::mem::take(&mut self.spans);
        let mut rows = self.rows_of(columns, spans)?;
        while let Some((from, batch)) = rows.next(&columns.schema, options)? {
            let mask = filter.evaluate(&batch);
            let to = from + mask.len() as u64;
            let count = mask.count_set_bits();
            match self.spans.last_mut() {
                _ if count == 0 => {}
                Some(last) if count == mask.len() && last.mask.is_none() && last.rows.end == from => last.rows.end = to,
                _ => self.spans.push(Span { rows: from..to, mask: (count < mask.len()).then_some(mask) }),
            }
        }
        if let Some(seeks) = rows.into_seeks() {
            self.indexes = seeks.indexes;
        }
        self.be_sure();
        Ok(())
    }

    fn rows_of(&mut self, columns: &Columns, spans: Vec<Span>) -> Result<Rows, Error> {
        let is_whole = matches!(&spans[..], [only] if only.mask.is_none() && only.rows == (0..self.stripe.rows()));
        let stride = if is_whole { None } else { self.can_seek(&columns.ids) };
        let seeks = stride.map(|stride| Seeks { indexes: std::mem::take(&mut self.indexes), stride });
        Rows::new(&self.stripe, &columns.wanted, spans, seeks)
    }

    fn is_whole(&self) -> bool {
        matches!(&self.spans[..], [only] if only.mask.is_none() && only.rows == (0..self.stripe.rows()))
    }

    /// The rows of a row group, when row groups were left out and can be sought in all these columns.
    fn seekable(&self, ids: &[u32]) -> Option<u64> {
        if self.is_whole() { None } else { self.can_seek(ids) }
    }

    fn can_seek(&self, ids: &[u32]) -> Option<u64> {
        let (groups, stride) = self.groups()?;
        // The root has no streams; some writers give it no index.
        let has = |id: &u32| *id == 0 || self.indexes.0.get(id).is_some_and(|index| index.entry.len() == groups);
        ids.iter().all(has).then_some(stride)
    }

    /// How many row groups the stripe has, and how many rows each. Nothing unless a row index has as many entries:
    /// only those bound the number.
    fn groups(&self) -> Option<(usize, u64)> {
        let stride = self.stripe.stride()?;
        let groups = usize::try_from(self.stripe.rows().div_ceil(stride)).ok()?;
        self.indexes.0.values().any(|index| index.entry.len() == groups).then_some((groups, stride))
    }
}

/// The runs of row groups that have these rows.
fn runs(spans: &[Span], stride: u64) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for span in spans {
        let run = (span.rows.start / stride) as usize..span.rows.end.div_ceil(stride) as usize;
        match runs.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => runs.push(run),
        }
    }
    runs
}
