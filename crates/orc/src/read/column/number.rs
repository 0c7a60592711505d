//! Booleans, integers of all widths, dates, and floating-point numbers.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};

use super::presence::valid_count;
use super::{Budget, Column, Presence, RowIndexes, Slots, spread};
use crate::Error;
use crate::read::decode::boolean::Booleans;
use crate::read::decode::byte_rle::Bytes;
use crate::read::decode::integer::Integers;
use crate::read::stream::Stream;

/// A column of bits.
#[derive(Debug)]
pub(super) struct BooleanColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Booleans,
}

impl Column for BooleanColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count.div_ceil(4), 1)?;
        let nulls = self.presence.read(slots)?;
        let values = self.data.read(valid_count(slots.count, nulls.as_ref()))?;
        let values = match &nulls {
            None => values,
            Some(nulls) => spread_bits(&values, nulls.valid_slices(), nulls.len()),
        };
        Ok(Arc::new(BooleanArray::new(values, nulls)))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        self.data.skip(count).map(drop)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        self.data.seek(&mut positions)
    }
}

fn spread_bits(values: &BooleanBuffer, slices: impl Iterator<Item = (usize, usize)>, length: usize) -> BooleanBuffer {
    let mut bits = BooleanBufferBuilder::new(length);
    let mut from = 0;
    for (begin, end) in slices {
        bits.append_n(begin - bits.len(), false);
        bits.append_buffer(&values.slice(from, end - begin));
        from += end - begin;
    }
    bits.append_n(length - bits.len(), false);
    bits.finish()
}

/// A column of 8-bit integers.
#[derive(Debug)]
pub(super) struct ByteColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Bytes,
}

impl Column for ByteColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 2)?;
        let nulls = self.presence.read(slots)?;
        let mut bytes = Vec::new();
        self.data.append(valid_count(slots.count, nulls.as_ref()), &mut bytes)?;
        let values: Vec<i8> = bytes.into_iter().map(|byte| byte as i8).collect();
        let values = spread(values, nulls.as_ref());
        Ok(Arc::new(PrimitiveArray::<Int8Type>::new(values.into(), nulls)))
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

/// An Arrow type that is stored as run-length encoded integers.
pub(super) trait Integer: ArrowPrimitiveType + fmt::Debug + Send {
    /// The integers as Arrow has them; nothing when one doesn't fit.
    fn narrow(values: Vec<i64>) -> Option<Vec<Self::Native>>;
}

macro_rules! narrow {
    ($($arrow:ty => $native:ty),*) => {$(
        impl Integer for $arrow {
            fn narrow(values: Vec<i64>) -> Option<Vec<$native>> {
                // Without a branch a value, so that the compiler vectorises the loop.
                let mut lost = 0;
                let narrow = values.iter().map(|&value| {
                    let narrow = value as $native;
                    lost |= i64::from(narrow) ^ value;
                    narrow
                }).collect();
                (lost == 0).then_some(narrow)
            }
        }
    )*};
}

narrow!(Int16Type => i16, Int32Type => i32, Date32Type => i32);

impl Integer for Int64Type {
    fn narrow(values: Vec<i64>) -> Option<Vec<i64>> {
        Some(values)
    }
}

/// A column of 16 to 64-bit integers, or of dates.
#[derive(Debug)]
pub(super) struct IntegerColumn<T> {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Integers,
    pub(super) of: PhantomData<T>,
}

impl<T: Integer> Column for IntegerColumn<T> {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 16)?;
        let nulls = self.presence.read(slots)?;
        let mut values = Vec::new();
        self.data.append(valid_count(slots.count, nulls.as_ref()), &mut values)?;
        let values =
            T::narrow(values).ok_or_else(|| self.data.stream().corrupt(format!("a value beyond {}", T::DATA_TYPE)))?;
        let values = spread(values, nulls.as_ref());
        Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), nulls)))
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

/// A floating-point type, stored in little-endian order.
pub(super) trait Float: ArrowPrimitiveType + fmt::Debug + Send {
    /// The numbers of whole bytes.
    fn decode(bytes: &[u8]) -> Vec<Self::Native>;
}

impl Float for Float32Type {
    fn decode(bytes: &[u8]) -> Vec<f32> {
        bytes.as_chunks().0.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect()
    }
}

impl Float for Float64Type {
    fn decode(bytes: &[u8]) -> Vec<f64> {
        bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect()
    }
}

/// A column of floats or doubles.
#[derive(Debug)]
pub(super) struct FloatColumn<T> {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Stream,
    pub(super) of: PhantomData<T>,
}

impl<T: Float> FloatColumn<T> {
    const BYTES: usize = size_of::<T::Native>();
}

impl<T: Float> Column for FloatColumn<T> {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 2 * Self::BYTES)?;
        let nulls = self.presence.read(slots)?;
        let mut bytes = Vec::new();
        self.data.copy(valid_count(slots.count, nulls.as_ref()) * Self::BYTES, &mut bytes)?;
        let values = spread(T::decode(&bytes), nulls.as_ref());
        Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), nulls)))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        self.data.skip((count * Self::BYTES) as u64)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        positions.seek(&mut self.data)
    }
}
