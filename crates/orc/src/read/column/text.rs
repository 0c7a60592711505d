//! Strings and binaries, stored one after the other or as references to a dictionary.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray, DictionaryArray, StringArray, UInt32Array};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::ArrowError;
use arrow_select::take::take;

use super::presence::valid_count;
use super::{Budget, Column, Presence, RowIndexes, Slots, spread};
use crate::Error;
use crate::read::decode::integer::Integers;
use crate::read::stream::Stream;

/// Text or bytes with 32-bit offsets.
pub(super) trait Text: fmt::Debug + Send + 'static {
    fn array(offsets: OffsetBuffer<i32>, bytes: Buffer, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError>;
}

/// UTF-8, which may be stored with a dictionary.
pub(super) trait Texts: Text {
    /// The entries of a dictionary that are referred to, one for each slot. References of valid slots have been checked.
    fn referred(dictionary: &Arc<StringArray>, references: UInt32Array, budget: &mut Budget)
    -> Result<ArrayRef, Error>;
}

/// Each slot's own text.
#[derive(Debug)]
pub(super) struct Plain;

impl Text for Plain {
    fn array(offsets: OffsetBuffer<i32>, bytes: Buffer, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(StringArray::try_new(offsets, bytes, nulls)?))
    }
}

impl Texts for Plain {
    fn referred(
        dictionary: &Arc<StringArray>,
        references: UInt32Array,
        budget: &mut Budget,
    ) -> Result<ArrayRef, Error> {
        let lengths = dictionary.value_offsets();
        let length = |at: u32| (lengths[at as usize + 1] - lengths[at as usize]) as usize;
        let total: usize = references.iter().flatten().map(length).sum();
        if total > i32::MAX as usize {
            return Err(Error::unsupported(
                "the reader",
                "a batch with more than 2 GiB in a column (read fewer rows a batch)",
            ));
        }
        budget.charge(total, 1)?;
        Ok(take(&**dictionary, &references, None)?)
    }
}

/// References to texts that slots share.
#[derive(Debug)]
pub(super) struct Shared;

impl Text for Shared {
    fn array(offsets: OffsetBuffer<i32>, bytes: Buffer, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
        let texts = StringArray::try_new(offsets, bytes, None)?;
        let references = UInt32Array::new((0..texts.len() as u32).collect(), nulls);
        Ok(Arc::new(DictionaryArray::try_new(references, Arc::new(texts))?))
    }
}

impl Texts for Shared {
    fn referred(dictionary: &Arc<StringArray>, references: UInt32Array, _: &mut Budget) -> Result<ArrayRef, Error> {
        Ok(Arc::new(DictionaryArray::try_new(references, Arc::clone(dictionary) as ArrayRef)?))
    }
}

/// Any bytes.
#[derive(Debug)]
pub(super) struct Octets;

impl Text for Octets {
    fn array(offsets: OffsetBuffer<i32>, bytes: Buffer, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(BinaryArray::try_new(offsets, bytes, nulls)?))
    }
}

/// A column whose values are stored one after the other.
#[derive(Debug)]
pub(super) struct DirectColumn<T> {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Stream,
    pub(super) lengths: Integers,
    pub(super) of: PhantomData<T>,
}

impl<T: Text> Column for DirectColumn<T> {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 12)?;
        let nulls = self.presence.read(slots)?;
        let mut lengths = Vec::new();
        self.lengths.append(valid_count(slots.count, nulls.as_ref()), &mut lengths)?;
        let offsets = offsets(&spread(lengths, nulls.as_ref()), &self.lengths)?;
        let total = offsets.last().copied().unwrap_or(0) as usize;
        budget.charge(total, 1)?;
        let mut bytes = Vec::with_capacity(total.min(self.data.rest().len()));
        self.data.copy(total, &mut bytes)?;
        T::array(offsets, bytes.into(), nulls).map_err(|error| self.data.corrupt(error))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        let bytes = self.lengths.skip_sum(count)?;
        self.data.skip(bytes)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        positions.seek(&mut self.data)?;
        self.lengths.seek(&mut positions)
    }
}

/// Where values of these lengths lie; refuses lengths that are negative or too much for 32-bit offsets.
pub(super) fn offsets(lengths: &[i64], source: &Integers) -> Result<OffsetBuffer<i32>, Error> {
    let mut offsets = Vec::with_capacity(lengths.len() + 1);
    let mut end = 0i64;
    offsets.push(0);
    for &length in lengths {
        if !(0..=i64::from(i32::MAX)).contains(&length) {
            return Err(source.stream().corrupt(format!("a length of {length}")));
        }
        end += length;
        offsets.push(end as i32);
        if end > i64::from(i32::MAX) {
            return Err(Error::unsupported(
                "the reader",
                "a batch with more than 2 GiB or 2^31 values in a column (read fewer rows a batch)",
            ));
        }
    }
    Ok(OffsetBuffer::new(offsets.into()))
}

/// A column of references to the stripe's dictionary.
#[derive(Debug)]
pub(super) struct DictionaryColumn<T> {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Integers,
    pub(super) dictionary: Dictionary,
    pub(super) of: PhantomData<T>,
}

/// The values of a stripe's dictionary, read when the first reference is.
#[derive(Debug)]
pub(super) enum Dictionary {
    Stored(Box<StoredDictionary>),
    Read(Arc<StringArray>),
}

/// A dictionary as it is in the file.
#[derive(Debug)]
pub(super) struct StoredDictionary {
    pub(super) bytes: Stream,
    pub(super) lengths: Integers,
    /// How many entries it has.
    pub(super) size: usize,
}

impl Dictionary {
    fn values(&mut self, budget: &mut Budget) -> Result<&Arc<StringArray>, Error> {
        if let Dictionary::Stored(stored) = self {
            *self = Dictionary::Read(Arc::new(stored.read(budget)?));
        }
        match self {
            Dictionary::Read(values) => Ok(values),
            Dictionary::Stored(_) => unreachable!("it was read above"),
        }
    }
}

impl StoredDictionary {
    fn read(&mut self, budget: &mut Budget) -> Result<StringArray, Error> {
        budget.charge(self.size, 12)?;
        let mut lengths = Vec::new();
        self.lengths.append(self.size, &mut lengths)?;
        let offsets = offsets(&lengths, &self.lengths)?;
        let total = offsets.last().copied().unwrap_or(0) as usize;
        budget.charge(total, 1)?;
        let mut text = Vec::new();
        self.bytes.copy(total, &mut text)?;
        StringArray::try_new(offsets, text.into(), None).map_err(|error| self.bytes.corrupt(error))
    }
}

impl<T: Texts> Column for DictionaryColumn<T> {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 12)?;
        let nulls = self.presence.read(slots)?;
        let valid = valid_count(slots.count, nulls.as_ref());
        if valid == 0 {
            return Ok(T::array(OffsetBuffer::new_zeroed(slots.count), Buffer::default(), nulls)?);
        }
        let mut references = Vec::new();
        self.data.append(valid, &mut references)?;
        let dictionary = self.dictionary.values(budget)?;
        let entries = dictionary.len() as u64;
        if let Some(beyond) = references.iter().find(|reference| **reference as u64 >= entries) {
            let problem = format!("reference {beyond} to a dictionary of {entries}");
            return Err(self.data.stream().corrupt(problem));
        }
        let narrow = references.into_iter().map(|reference| reference as u32).collect();
        let narrow = spread(narrow, nulls.as_ref());
        T::referred(dictionary, UInt32Array::new(narrow.into(), nulls), budget)
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        self.data.skip(count)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        self.data.seek(&mut positions)
    }
}
