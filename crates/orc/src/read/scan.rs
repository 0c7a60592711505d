//! The order of reading a file, without reading it: says which bytes it needs next, and makes batches of them.
//!
//! So that reading from a disk and from an object store are the same code. A stripe goes through these steps, each of
//! which fetches what the ones before left over:
//!
//! 1. its footer, which says where its streams are;
//! 2. with a predicate, the row indexes and bloom filters of its columns: some row groups are left out, of others all rows are
//!    wanted;
//! 3. when only exactly the wanted rows are read, the values of the predicate's columns in the row groups between: single
//!    rows are left out;
//! 4. the values of the wanted columns, of what is left.
//!
//! What the statistics at the file's end prove of the predicate is not looked at any more.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_schema::{DataType, Schema, SchemaRef};

use crate::Error;
use crate::read::column::Wanted;
use crate::read::filter::Filter;
use crate::read::metadata::Metadata;
use crate::read::options::ReadOptions;
use crate::read::passage::Passage;
use crate::read::projection::{project, with_dictionaries};
use crate::read::rows::Rows;
use crate::read::stripe::Stripe;

/// A file being read.
#[derive(Debug)]
pub(crate) struct Scan {
    metadata: Metadata,
    options: ReadOptions,
    output: Columns,
    /// The predicate, and its columns.
    filter: Option<(Filter, Columns)>,
    /// The stripes that were not begun.
    stripes: Range<usize>,
    stage: Stage,
    /// What was asked for last.
    asked: Vec<Range<u64>>,
    counts: Counts,
}

/// Columns to read together.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) wanted: Wanted,
    pub(crate) schema: SchemaRef,
    /// All their ids.
    pub(crate) ids: Vec<u32>,
}

impl Columns {
    fn new(wanted: Wanted) -> Columns {
        let DataType::Struct(fields) = wanted.field.data_type() else { unreachable!("the root is a struct") };
        let schema = Arc::new(Schema::new(fields.clone()));
        let mut ids = Vec::new();
        wanted.ids(&mut ids);
        Columns { wanted, schema, ids }
    }
}

/// How much was read, and how much needed not be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) row_groups_read: u64,
    pub(crate) row_groups_pruned: u64,
}

#[derive(Debug)]
enum Stage {
    /// Between stripes.
    Next,
    /// The footer of a stripe was asked for, of which all rows may be known to be wanted.
    Footer(usize, bool),
    /// The row indexes and bloom filters of the predicate's columns were asked for.
    Indexes(Box<Passage>),
    /// The row indexes that seeking needs were asked for.
    Positions(Box<Passage>, Pass),
    /// The values were asked for.
    Values(Box<Passage>, Pass),
    Rows(Box<Rows>),
    End,
}

/// What the columns of a stripe are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// To see which rows are wanted.
    Filter,
    /// To give them out.
    Output,
}

/// What happens next.
#[derive(Debug)]
pub(crate) enum Step {
    /// These ranges of the file are needed, in this order, as one piece each.
    Fetch(Vec<Range<u64>>),
    Batch(RecordBatch),
    End,
}

impl Scan {
    pub(crate) fn new(metadata: Metadata, options: ReadOptions) -> Result<Scan, Error> {
        options.check()?;
        let whole = metadata.schema_with(options.timestamps)?;
        let output = project(metadata.types(), &whole, options.projection.as_deref())?;
        let output = Columns::new(with_dictionaries(output, metadata.types(), &options.dictionaries)?);
        let filter = match &options.predicate {
            Some(predicate) => Filter::of_file(&metadata, &whole, predicate)?,
            None => None,
        };
        let filter = filter.map(|filter| {
            let columns = Columns::new(filter.wanted.clone());
            (filter, columns)
        });
        let count = metadata.stripes().len();
        let asked = options.stripes.clone().unwrap_or(0..count);
        let stripes = asked.start.min(count)..asked.end.min(count);
        let (stage, asked, counts) = (Stage::Next, Vec::new(), Counts::default());
        let mut scan = Scan { metadata, options, output, filter, stripes, stage, asked, counts };
        if scan.filter.as_ref().is_some_and(|(filter, _)| !filter.outcomes_in_file(&scan.metadata).may_hold()) {
            for number in scan.stripes.by_ref() {
                scan.counts.row_groups_pruned += scan.metadata.row_groups(number);
            }
        }
        Ok(scan)
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.output.schema
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Nothing more will be read.
    pub(crate) fn stop(&mut self) {
        self.stage = Stage::End;
    }

    /// Goes on with the bytes that were asked for last; none otherwise.
    pub(crate) fn step(&mut self, fetched: Vec<Buffer>) -> Result<Step, Error> {
        let mut fetched: Vec<(u64, Buffer)> = self.asked.drain(..).map(|range| range.start).zip(fetched).collect();
        loop {
            let stage = std::mem::replace(&mut self.stage, Stage::End);
            if let Some(step) = self.advance(stage, std::mem::take(&mut fetched))? {
                return Ok(step);
            }
        }
    }

    /// Does one stage's work. Nothing when the next can follow at once.
    fn advance(&mut self, stage: Stage, fetched: Vec<(u64, Buffer)>) -> Result<Option<Step>, Error> {
        match stage {
            Stage::Next => Ok(self.next_stripe()),
            Stage::Footer(number, is_sure) => {
                let footer = fetched.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default();
                let passage = Passage::new(Stripe::open(&self.metadata, number, &footer)?, is_sure);
                self.opened(Box::new(passage), is_sure)
            }
            Stage::Indexes(mut passage) => {
                passage.supply(fetched);
                self.prune(passage)
            }
            Stage::Positions(mut passage, pass) => {
                passage.supply(fetched);
                passage.read_indexes(&self.columns(pass).ids)?;
                self.values(passage, pass).map(Some)
            }
            Stage::Values(mut passage, pass) => {
                passage.supply(fetched);
                match pass {
                    Pass::Filter => self.evaluate(passage),
                    Pass::Output => {
                        self.stage = Stage::Rows(Box::new(passage.rows(&self.output)?));
                        Ok(None)
                    }
                }
            }
            Stage::Rows(mut rows) => {
                let next = rows.next(&self.output.schema, &self.options)?;
                self.stage = if next.is_some() { Stage::Rows(rows) } else { Stage::Next };
                Ok(next.map(|(_, batch)| Step::Batch(batch)))
            }
            Stage::End => Ok(Some(Step::End)),
        }
    }

    fn next_stripe(&mut self) -> Option<Step> {
        loop {
            let Some(number) = self.stripes.next() else { return Some(Step::End) };
            let outcomes = self.filter.as_ref().map(|(filter, _)| filter.outcomes_in_stripe(&self.metadata, number));
            if outcomes.is_none_or(|outcomes| outcomes.may_hold()) {
                let range = Stripe::footer_range(&self.metadata, number);
                let is_sure = outcomes.is_none_or(|outcomes| outcomes.holds());
                return Some(self.fetch(vec![range], Stage::Footer(number, is_sure)));
            }
            self.counts.row_groups_pruned += self.metadata.row_groups(number);
        }
    }

    fn opened(&mut self, passage: Box<Passage>, is_sure: bool) -> Result<Option<Step>, Error> {
        match &self.filter {
            Some((filter, _)) if !is_sure && self.metadata.row_index_stride().is_some() => {
                let ranges = filter.index_ranges(&passage.stripe, self.metadata.trust());
                Ok(Some(self.fetch(ranges, Stage::Indexes(passage))))
            }
            _ => {
                self.counts.row_groups_read += self.metadata.row_groups(passage.stripe.number);
                self.begin(passage)
            }
        }
    }

    fn prune(&mut self, mut passage: Box<Passage>) -> Result<Option<Step>, Error> {
        let all = self.metadata.row_groups(passage.stripe.number);
        if let Some((filter, columns)) = &self.filter {
            passage.read_indexes(&columns.ids)?;
            passage.prune(filter, self.metadata.trust())?;
        }
        let left = passage.row_groups().unwrap_or(all);
        self.counts.row_groups_read += left;
        self.counts.row_groups_pruned += all - left;
        self.begin(passage)
    }

    /// Begins to read values of what is left of the stripe.
    fn begin(&mut self, mut passage: Box<Passage>) -> Result<Option<Step>, Error> {
        let is_filtered = self.options.exact && self.filter.is_some() && passage.has_unsure();
        if is_filtered {
            return self.positions(passage, Pass::Filter);
        }
        passage.be_sure();
        self.positions(passage, Pass::Output)
    }

    fn positions(&mut self, passage: Box<Passage>, pass: Pass) -> Result<Option<Step>, Error> {
        if passage.spans.is_empty() {
            self.stage = Stage::Next;
            return Ok(None);
        }
        let ranges = passage.index_ranges(&self.columns(pass).ids);
        if ranges.is_empty() {
            return self.values(passage, pass).map(Some);
        }
        Ok(Some(self.fetch(ranges, Stage::Positions(passage, pass))))
    }

    fn values(&mut self, passage: Box<Passage>, pass: Pass) -> Result<Step, Error> {
        let ranges = passage.value_ranges(&self.columns(pass).ids)?;
        Ok(self.fetch(ranges, Stage::Values(passage, pass)))
    }

    fn evaluate(&mut self, mut passage: Box<Passage>) -> Result<Option<Step>, Error> {
        if let Some((filter, columns)) = &self.filter {
            passage.evaluate(filter, columns, &self.options)?;
        }
        self.positions(passage, Pass::Output)
    }

    fn columns(&self, pass: Pass) -> &Columns {
        match (pass, &self.filter) {
            (Pass::Filter, Some((_, columns))) => columns,
            _ => &self.output,
        }
    }

    fn fetch(&mut self, ranges: Vec<Range<u64>>, then: Stage) -> Step {
        self.stage = then;
        self.asked.clone_from(&ranges);
        Step::Fetch(ranges)
    }
}
