//! A column on its way into a stripe: what all kinds have in common, and what each does for itself.

mod boolean;
mod build;
mod bytes;
mod collection;
mod decimal;
mod float;
mod integer;
mod structure;
mod text;
mod timestamp;
mod union;

pub(super) use build::build;

use super::bloom::Bloom;
use super::present::Present;
use super::statistics::{Kind, Statistics};
use super::stream::{OutStream, Packer};
use crate::proto::{ColumnEncoding, EncodingKind, RowIndex, RowIndexEntry, StreamKind};
use crate::{ColumnPath, Error};
use arrow_array::cast::AsArray;
use arrow_array::{AnyDictionaryArray, Array};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use arrow_select::take::take;
use std::fmt::Debug;
use std::ops::Range;

/// Rows of an array, in order: those that the parent has.
pub(super) type Rows = [Range<usize>];

/// What a visitor of streams is called with.
pub(super) type Visit<'a> = dyn FnMut(StreamKind, &mut OutStream) -> Result<(), Error> + 'a;

/// Why a value can't be written: the row of its array, and the reason.
#[derive(Debug)]
pub(super) enum Refused {
    Value {
        row: usize,
        problem: String,
    },
    /// The array is of another type than the column.
    Type,
    Child(Error),
}

/// What each kind of column does. Rows that reach it are not null.
pub(super) trait Values: Debug + Send {
    /// Appends the rows of an array.
    fn append(&mut self, array: &dyn Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused>;

    /// Ends all runs: the row group is complete.
    fn flush(&mut self);

    /// The statistics of the row group, which is complete.
    fn take_statistics(&mut self) -> Kind;

    /// A row group starts here.
    fn mark(&mut self);

    /// The stripe is complete: what was put off is encoded now. The runs have ended.
    fn end_stripe(&mut self, packer: &mut Packer) -> Result<ColumnEncoding, Error>;

    /// Calls for each stream, in the order of the file.
    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error>;

    /// Bytes that wait to be written, in streams or elsewhere.
    fn buffered_bytes(&self) -> usize;

    /// Bytes of memory held.
    fn memory_bytes(&self) -> usize;

    /// Empty again, for the next stripe.
    fn reset(&mut self) {}

    /// The columns below.
    fn children(&self) -> &[Column] {
        &[]
    }

    /// The columns below.
    fn children_mut(&mut self) -> &mut [Column] {
        &mut []
    }
}

/// A column and all below it.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) id: u32,
    path: ColumnPath,
    values: Box<dyn Values>,
    present: Present,
    bloom: Option<Bloom>,
    /// Of the row group that is being written.
    group: Statistics,
    /// Of the row groups of the stripe.
    groups: Vec<Statistics>,
    encoding: ColumnEncoding,
    /// The rows of the last array that are not null; kept to spare allocations.
    valid: Vec<Range<usize>>,
}

/// A column of a complete stripe.
pub(super) struct Finished {
    pub(super) statistics: Statistics,
    pub(super) row_index: RowIndex,
}

/// Index entries take about this much beside the text of their statistics.
const GROUP_BYTES: usize = 64;

impl Column {
    pub(super) fn new(id: u32, path: ColumnPath, values: Box<dyn Values>, bloom: Option<Bloom>) -> Self {
        Self {
            id,
            path,
            values,
            present: Present::new(),
            bloom,
            group: Statistics::default(),
            groups: Vec::new(),
            encoding: ColumnEncoding::default(),
            valid: Vec::new(),
        }
    }

    /// Appends the rows of an array.
    pub(super) fn append(&mut self, array: &dyn Array, rows: &Rows) -> Result<(), Error> {
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            return self.append_dictionary(dictionary, rows);
        }
        let nulls = match array.data_type() {
            // The nulls of a union are its children's.
            DataType::Union(_, _) => None,
            _ => array.nulls(),
        };
        self.append_with(array, rows, nulls)
    }

    /// Nulls of a dictionary array may be among its keys and among its values. Only the part that has the rows is looked
    /// at, since the array may be long and come again for its other rows.
    fn append_dictionary(&mut self, array: &dyn AnyDictionaryArray, rows: &Rows) -> Result<(), Error> {
        let start = rows.iter().map(|range| range.start).min().unwrap_or(0);
        let end = rows.iter().map(|range| range.end).max().unwrap_or(0);
        let part = array.slice(start, end - start);
        let rows: Vec<Range<usize>> = rows.iter().map(|range| range.start - start..range.end - start).collect();
        match part.as_any_dictionary_opt() {
            // Dictionaries of strings are looked through; those of other types are rare, and spelled out.
            Some(dictionary) if !is_text(dictionary.values().data_type()) => {
                let plain = take(dictionary.values(), dictionary.keys(), None)?;
                self.append(plain.as_ref(), &rows)
            }
            _ => self.append_with(part.as_ref(), &rows, part.logical_nulls().as_ref()),
        }
    }

    fn append_with(&mut self, array: &dyn Array, rows: &Rows, nulls: Option<&NullBuffer>) -> Result<(), Error> {
        let count: usize = rows.iter().map(Range::len).sum();
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
            self.present.push_run(true, count);
            self.group.values += count as u64;
            let appended = self.values.append(array, rows, self.bloom.as_mut());
            return appended.map_err(|refused| refused.at(&self.path, array));
        };
        let mut valid = std::mem::take(&mut self.valid);
        valid.clear();
        let mut valid_count = 0;
        for range in rows {
            let mut at = range.start;
            for (start, end) in nulls.slice(range.start, range.len()).valid_slices() {
                let run = range.start + start..range.start + end;
                self.present.push_run(false, run.start - at);
                self.present.push_run(true, run.len());
                valid_count += run.len();
                at = run.end;
                valid.push(run);
            }
            self.present.push_run(false, range.end - at);
        }
        self.group.values += valid_count as u64;
        self.group.has_null |= valid_count < count;
        let appended = self.values.append(array, &valid, self.bloom.as_mut());
        self.valid = valid;
        appended.map_err(|refused| refused.at(&self.path, array))
    }

    /// A row group starts here, in this column and all below.
    pub(super) fn begin_group(&mut self) {
        self.present.mark();
        self.values.mark();
        self.values.children_mut().iter_mut().for_each(Self::begin_group);
    }

    /// The row group is complete, in this column and all below.
    pub(super) fn end_group(&mut self) {
        self.present.flush();
        self.values.flush();
        let mut group = std::mem::take(&mut self.group);
        group.kind = self.values.take_statistics();
        self.groups.push(group);
        if let Some(bloom) = &mut self.bloom {
            bloom.end_group();
        }
        self.values.children_mut().iter_mut().for_each(Self::end_group);
    }

    /// Compresses the blocks that are full.
    pub(super) fn settle(&mut self, packer: &mut Packer) -> Result<(), Error> {
        if let Some(present) = self.present.out() {
            present.settle(packer)?;
        }
        self.values.visit(&mut |_, stream| stream.settle(packer))?;
        self.values.children_mut().iter_mut().try_for_each(|child| child.settle(packer))
    }

    /// The stripe is complete: encodes and compresses what is left, of this column alone.
    pub(super) fn finish(&mut self, packer: &mut Packer) -> Result<Finished, Error> {
        self.present.end();
        self.encoding = self.values.end_stripe(packer)?;
        let mut bytes = 0;
        self.visit(&mut |_, stream| {
            stream.finish(packer)?;
            bytes += stream.stored().len() as u64;
            Ok(())
        })?;
        let mut statistics = Statistics { bytes_on_disk: bytes, ..Statistics::default() };
        self.groups.iter().for_each(|group| statistics.merge(group));
        let mut entries = Vec::with_capacity(self.groups.len());
        for (index, group) in std::mem::take(&mut self.groups).into_iter().enumerate() {
            let mut positions = Vec::new();
            self.visit(&mut |_, stream| {
                stream.push_position(index, &mut positions);
                Ok(())
            })?;
            entries.push(RowIndexEntry { positions, statistics: Some(group.to_proto()) });
        }
        Ok(Finished { statistics, row_index: RowIndex { entry: entries } })
    }

    /// Calls for each stream, in the order of the file.
    pub(super) fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        if let Some(present) = self.present.out() {
            visit(StreamKind::Present, present)?;
        }
        self.values.visit(visit)
    }

    /// How the stripe's values are encoded, once it is complete.
    pub(super) fn encoding(&self) -> ColumnEncoding {
        let bloom_encoding = self.bloom.as_ref().map(|_| 1);
        ColumnEncoding { bloom_encoding, ..self.encoding.clone() }
    }

    /// The bloom filters, if the column has them.
    pub(super) fn bloom(&mut self) -> Option<&mut Bloom> {
        self.bloom.as_mut()
    }

    /// Empty again, for the next stripe.
    pub(super) fn reset(&mut self) {
        self.present.reset();
        self.values.reset();
        // Resetting a stream can't fail.
        let _ = self.values.visit(&mut |_, stream| {
            stream.reset();
            Ok(())
        });
    }

    /// Calls for this column and all below, in preorder.
    pub(super) fn walk(&mut self, visit: &mut dyn FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        visit(self)?;
        self.values.children_mut().iter_mut().try_for_each(|child| child.walk(visit))
    }

    /// Bytes that wait to be written, here and below.
    pub(super) fn buffered_bytes(&self) -> usize {
        let below: usize = self.values.children().iter().map(Self::buffered_bytes).sum();
        let bloom = self.bloom.as_ref().map_or(0, Bloom::buffered_bytes);
        self.present.buffered_bytes() + self.values.buffered_bytes() + bloom + GROUP_BYTES * self.groups.len() + below
    }

    /// Bytes of memory held, here and below.
    pub(super) fn memory_bytes(&self) -> usize {
        let below: usize = self.values.children().iter().map(Self::memory_bytes).sum();
        let bloom = self.bloom.as_ref().map_or(0, Bloom::buffered_bytes);
        self.present.memory_bytes() + self.values.memory_bytes() + bloom + GROUP_BYTES * self.groups.len() + below
    }
}

impl Refused {
    fn at(self, path: &ColumnPath, array: &dyn Array) -> Error {
        match self {
            Self::Value { row, problem } => Error::InvalidValue { column: path.clone(), row, problem },
            Self::Type => {
                Error::InvalidBatch { problem: format!("column `{path}` has the type `{}`", array.data_type()) }
            }
            Self::Child(error) => error,
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Child(error)
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// An array as what it should be.
fn downcast<A: Array + 'static>(array: &dyn Array) -> Result<&A, Refused> {
    array.as_any().downcast_ref().ok_or(Refused::Type)
}

/// The encoding of columns without a dictionary.
fn direct(kind: EncodingKind) -> ColumnEncoding {
    ColumnEncoding { kind: Some(kind as i32), ..ColumnEncoding::default() }
}
