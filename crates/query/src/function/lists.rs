//! Arrays and maps row by row, and new ones made of their items.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray, UInt32Array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::arrays::{conform, interleave};
use super::fault;
use super::kernel::Input;

/// Where the items of a row are.
pub(super) fn range(offsets: &[i32], row: usize) -> Range<usize> {
    let at = |index: usize| offsets.get(index).and_then(|offset| usize::try_from(*offset).ok()).unwrap_or(0);
    at(row)..at(row + 1)
}

/// An argument that is an array.
pub(super) struct Lists<'a> {
    input: &'a Input,
    list: &'a ListArray,
}

impl<'a> Lists<'a> {
    pub(super) fn new(input: &'a Input) -> Result<Self, SqlError> {
        let list = input.array().as_list_opt::<i32>();
        Ok(Self { input, list: list.ok_or_else(|| fault::internal("an array was expected"))? })
    }

    /// Where the items of a row are; `None` is NULL.
    pub(super) fn get(&self, row: usize) -> Option<Range<usize>> {
        let index = self.input.at(row);
        self.list.is_valid(index).then(|| range(self.list.offsets(), index))
    }

    /// The items of all rows.
    pub(super) fn values(&self) -> &'a ArrayRef {
        self.list.values()
    }
}

/// An argument that is a map.
pub(super) struct Maps<'a> {
    input: &'a Input,
    map: &'a MapArray,
}

impl<'a> Maps<'a> {
    pub(super) fn new(input: &'a Input) -> Result<Self, SqlError> {
        let map = input.array().as_map_opt();
        Ok(Self { input, map: map.ok_or_else(|| fault::internal("a map was expected"))? })
    }

    /// Where the entries of a row are; `None` is NULL.
    pub(super) fn get(&self, row: usize) -> Option<Range<usize>> {
        let index = self.input.at(row);
        self.map.is_valid(index).then(|| range(self.map.offsets(), index))
    }

    /// The keys of all rows.
    pub(super) fn keys(&self) -> &'a ArrayRef {
        self.map.keys()
    }

    /// The values of all rows.
    pub(super) fn values(&self) -> &'a ArrayRef {
        self.map.values()
    }
}

/// Items of all rows one after the other, and the row of each; what functions with lambdas evaluate those over.
pub(super) struct Flat {
    pub(super) items: Vec<usize>,
    pub(super) rows: Vec<u32>,
    pub(super) lengths: Vec<usize>,
    pub(super) valid: Vec<bool>,
}

impl Flat {
    /// Of the ranges that `get` tells for each row.
    pub(super) fn new(rows: usize, get: impl Fn(usize) -> Option<Range<usize>>) -> Self {
        let mut flat = Self { items: Vec::new(), rows: Vec::new(), lengths: Vec::new(), valid: Vec::new() };
        for row in 0..rows {
            let range = get(row);
            flat.valid.push(range.is_some());
            let range = range.unwrap_or(0..0);
            flat.lengths.push(range.len());
            flat.rows.extend(std::iter::repeat_n(u32::try_from(row).unwrap_or(u32::MAX), range.len()));
            flat.items.extend(range);
        }
        flat
    }

    /// The items of a column that lie where this tells.
    pub(super) fn of(&self, values: &ArrayRef) -> Result<ArrayRef, SqlError> {
        let indices: UInt32Array = self.items.iter().map(|index| u32::try_from(*index).ok()).collect();
        super::arrays::take(values, &indices)
    }

    /// The row of each item.
    pub(super) fn rows(&self) -> UInt32Array {
        UInt32Array::from(self.rows.clone())
    }

    /// Where the items of each row are among all; `None` for NULL rows.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Option<Range<usize>>> + '_ {
        let mut begin = 0;
        self.lengths.iter().zip(&self.valid).map(move |(length, valid)| {
            let range = begin..begin + length;
            begin += length;
            valid.then_some(range)
        })
    }
}

/// New arrays: places of items in source columns, row after row.
#[derive(Default)]
pub(super) struct Builder {
    places: Vec<Option<(usize, usize)>>,
    lengths: Vec<usize>,
    valid: Vec<bool>,
    begin: usize,
}

/// The most items that one batch's arrays may have together.
pub(super) const ITEMS_MAX: usize = 100_000_000;

impl Builder {
    /// Adds an item of source `source` to the row in the making.
    pub(super) fn item(&mut self, source: usize, index: usize) {
        self.places.push(Some((source, index)));
    }

    /// Adds items of a source.
    pub(super) fn items(&mut self, source: usize, range: impl IntoIterator<Item = usize>) {
        self.places.extend(range.into_iter().map(|index| Some((source, index))));
    }

    /// The row is complete.
    pub(super) fn end(&mut self) {
        self.lengths.push(self.places.len() - self.begin);
        self.valid.push(true);
        self.begin = self.places.len();
    }

    /// The row is NULL.
    pub(super) fn end_null(&mut self) {
        self.places.truncate(self.begin);
        self.lengths.push(0);
        self.valid.push(false);
    }

    /// The arrays.
    pub(super) fn finish(self, sources: &[&ArrayRef], shape: &DataType) -> Result<ArrayRef, SqlError> {
        if self.places.len() > ITEMS_MAX {
            return Err(fault::argument("arrays have too many items"));
        }
        let values = if sources.is_empty() {
            arrow_array::new_null_array(&DataType::Null, self.places.len())
        } else {
            interleave(sources, &self.places)?
        };
        list(values, self.lengths, self.valid, shape)
    }
}

/// Arrays of items that lie one row after the other.
pub(super) fn list(
    values: ArrayRef,
    lengths: Vec<usize>,
    valid: Vec<bool>,
    shape: &DataType,
) -> Result<ArrayRef, SqlError> {
    let DataType::List(field) = shape else { return Err(fault::internal("an array type was promised")) };
    let values = conform(&values, field.data_type())?;
    let nulls = Some(NullBuffer::from(valid));
    let list = ListArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths(lengths), values, nulls);
    Ok(Arc::new(list.map_err(fault::internal)?))
}

/// Maps of keys and values that lie one row after the other.
pub(super) fn map(
    keys: &ArrayRef,
    values: &ArrayRef,
    lengths: Vec<usize>,
    valid: Vec<bool>,
    shape: &DataType,
) -> Result<ArrayRef, SqlError> {
    let DataType::Map(field, _) = shape else { return Err(fault::internal("a map type was promised")) };
    let DataType::Struct(fields) = field.data_type() else { return Err(fault::internal("a map type without entries")) };
    let [key, value] = &**fields else { return Err(fault::internal("entries of a map without key and value")) };
    let columns = vec![conform(keys, key.data_type())?, conform(values, value.data_type())?];
    let entries = StructArray::try_new(fields.clone(), columns, None).map_err(fault::internal)?;
    let nulls = Some(NullBuffer::from(valid));
    let map = MapArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths(lengths), entries, nulls, false);
    Ok(Arc::new(map.map_err(fault::internal)?))
}
