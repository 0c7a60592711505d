//! Lists and maps: how many children each has, and the children.

use super::{Column, Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::{Counts, Kind};
use crate::write::stream::{IntStream, Packer};
use arrow_array::{Array, FixedSizeListArray, LargeListArray, ListArray, MapArray};
use arrow_schema::DataType;
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Collection {
    lengths: IntStream,
    statistics: Counts,
    /// One of a list, two of a map.
    children: Vec<Column>,
    /// The children's rows of the last array; kept to spare allocations.
    below: Vec<Range<usize>>,
}

impl Collection {
    pub(super) fn new(children: Vec<Column>) -> Self {
        Self { lengths: IntStream::unsigned(), statistics: Counts::default(), children, below: Vec::new() }
    }

    /// Counts the children of each row, and appends them. What lies between (under nulls) is left out.
    fn append_rows(
        &mut self,
        rows: &Rows,
        children: &[&dyn Array],
        range_of: impl Fn(usize) -> Range<usize>,
    ) -> Result<(), Refused> {
        let mut below = std::mem::take(&mut self.below);
        below.clear();
        for row in rows.iter().flat_map(Clone::clone) {
            let range = range_of(row);
            self.lengths.push(range.len() as i64);
            self.statistics.add(range.len() as u64);
            match below.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ if range.is_empty() => {}
                _ => below.push(range),
            }
        }
        let appended =
            self.children.iter_mut().zip(children).try_for_each(|(child, array)| child.append(*array, &below));
        self.below = below;
        Ok(appended?)
    }
}

impl Values for Collection {
    fn append(&mut self, array: &dyn Array, rows: &Rows, _bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        match array.data_type() {
            DataType::List(_) => {
                let lists = downcast::<ListArray>(array)?;
                let offsets = lists.value_offsets();
                let range = |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                self.append_rows(rows, &[lists.values().as_ref()], range)
            }
            DataType::LargeList(_) => {
                let lists = downcast::<LargeListArray>(array)?;
                let offsets = lists.value_offsets();
                let range = |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                self.append_rows(rows, &[lists.values().as_ref()], range)
            }
            DataType::FixedSizeList(_, _) => {
                let lists = downcast::<FixedSizeListArray>(array)?;
                let range = |row: usize| {
                    let start = lists.value_offset(row) as usize;
                    start..start + lists.value_length() as usize
                };
                self.append_rows(rows, &[lists.values().as_ref()], range)
            }
            DataType::Map(_, _) => {
                let maps = downcast::<MapArray>(array)?;
                let offsets = maps.value_offsets();
                let range = |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
                self.append_rows(rows, &[maps.keys().as_ref(), maps.values().as_ref()], range)
            }
            _ => Err(Refused::Type),
        }
    }

    fn flush(&mut self) {
        self.lengths.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Collections(std::mem::take(&mut self.statistics))
    }

    fn mark(&mut self) {
        self.lengths.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Length, self.lengths.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.lengths.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.lengths.memory_bytes() + 16 * self.below.capacity()
    }

    fn children(&self) -> &[Column] {
        &self.children
    }

    fn children_mut(&mut self) -> &mut [Column] {
        &mut self.children
    }
}
