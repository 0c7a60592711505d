//! The order of reading a file, without reading it: says which bytes it needs next, and makes batches of them.
//!
//! So that reading from a disk and from an object store are the same code.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_schema::{DataType, Schema, SchemaRef};

use crate::Error;
use crate::read::column::Wanted;
use crate::read::metadata::Metadata;
use crate::read::options::ReadOptions;
use crate::read::projection::project;
use crate::read::rows::{Rows, Span};
use crate::read::stripe::Stripe;

/// A file being read.
#[derive(Debug)]
pub(crate) struct Scan {
    metadata: Metadata,
    schema: SchemaRef,
    wanted: Wanted,
    options: ReadOptions,
    /// The stripes that were not begun.
    stripes: Range<usize>,
    stage: Stage,
    /// What was asked for last.
    asked: Vec<Range<u64>>,
    counts: Counts,
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
    /// The footer of a stripe was asked for.
    Footer(usize),
    /// The streams of a stripe were asked for.
    Data(Box<Stripe>),
    Rows(Box<Rows>),
    End,
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
        let wanted = project(metadata.types(), &whole, options.projection.as_deref())?;
        let DataType::Struct(fields) = wanted.field.data_type() else { unreachable!("the root is a struct") };
        let schema = Arc::new(Schema::new(fields.clone()));
        let all = 0..metadata.stripes().len();
        let asked = options.stripes.clone().unwrap_or_else(|| all.clone());
        let stripes = asked.start.min(all.end)..asked.end.min(all.end);
        Ok(Scan {
            metadata,
            schema,
            wanted,
            options,
            stripes,
            stage: Stage::Next,
            asked: Vec::new(),
            counts: Counts::default(),
        })
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Nothing more will be read.
    pub(crate) fn stop(&mut self) {
        self.stage = Stage::End;
    }

    /// Goes on with the bytes that were asked for last; none otherwise. After an error comes the end.
    pub(crate) fn step(&mut self, mut fetched: Vec<Buffer>) -> Result<Step, Error> {
        loop {
            let stage = std::mem::replace(&mut self.stage, Stage::End);
            if let Some(step) = self.advance(stage, std::mem::take(&mut fetched))? {
                return Ok(step);
            }
        }
    }

    fn advance(&mut self, stage: Stage, fetched: Vec<Buffer>) -> Result<Option<Step>, Error> {
        match stage {
            Stage::Next => Ok(self.next_stripe()),
            Stage::Footer(number) => {
                let footer = fetched.into_iter().next().unwrap_or_default();
                let stripe = Box::new(Stripe::open(&self.metadata, number, &footer)?);
                self.counts.row_groups_read += stripe.groups().unwrap_or(1);
                let mut ids = Vec::new();
                self.wanted.ids(&mut ids);
                let mut ranges = Vec::new();
                for id in ids {
                    ranges.extend(stripe.data_ranges(id, None)?);
                }
                Ok(Some(self.fetch(ranges, Stage::Data(stripe))))
            }
            Stage::Data(mut stripe) => {
                for (range, bytes) in self.asked.drain(..).zip(fetched) {
                    stripe.supply(range.start, bytes);
                }
                let spans = vec![Span { rows: 0..stripe.rows(), mask: None }];
                let rows = Rows::new(&stripe, &self.wanted, spans, None)?;
                self.stage = Stage::Rows(Box::new(rows));
                Ok(None)
            }
            Stage::Rows(mut rows) => {
                let Some(batch) = rows.next(&self.schema, &self.options)? else {
                    self.stage = Stage::Next;
                    return Ok(None);
                };
                self.stage = Stage::Rows(rows);
                Ok(Some(Step::Batch(batch)))
            }
            Stage::End => Ok(Some(Step::End)),
        }
    }

    fn next_stripe(&mut self) -> Option<Step> {
        let Some(number) = self.stripes.next() else { return Some(Step::End) };
        let range = Stripe::footer_range(&self.metadata, number);
        Some(self.fetch(vec![range], Stage::Footer(number)))
    }

    fn fetch(&mut self, ranges: Vec<Range<u64>>, then: Stage) -> Step {
        self.stage = then;
        self.asked.clone_from(&ranges);
        Step::Fetch(ranges)
    }
}
