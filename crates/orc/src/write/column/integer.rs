//! Integers and dates; the smallest integers are bytes in runs.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_long;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::{self, Kind};
use crate::write::stream::{ByteStream, IntStream, Packer};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{Array, PrimitiveArray, UInt64Array};
use arrow_schema::DataType;
use std::mem::take;

/// Bytes, the integers of 8 bits.
#[derive(Debug)]
pub(super) struct Bytes {
    stream: ByteStream,
    statistics: statistics::Integers,
}

impl Bytes {
    pub(super) fn new() -> Self {
        Self { stream: ByteStream::new(), statistics: statistics::Integers::default() }
    }
}

impl Values for Bytes {
    fn append(&mut self, array: &dyn Array, rows: &Rows, mut bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let values = downcast::<PrimitiveArray<Int8Type>>(array)?.values();
        for range in rows {
            let slice = &values[range.clone()];
            self.statistics.add_all(slice.iter().map(|value| i64::from(*value)));
            if let Some(bloom) = &mut bloom {
                slice.iter().for_each(|value| bloom.add(hash_long(i64::from(*value))));
            }
            self.stream.extend(slice.iter().map(|value| *value as u8));
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.stream.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Integers(take(&mut self.statistics))
    }

    fn mark(&mut self) {
        self.stream.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::Direct))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, self.stream.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.stream.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.stream.memory_bytes()
    }
}

/// Integers of 16 to 64 bits, and dates in days.
#[derive(Debug)]
pub(super) struct Integers {
    stream: IntStream,
    statistics: statistics::Integers,
    are_dates: bool,
}

impl Integers {
    pub(super) fn new(are_dates: bool) -> Self {
        Self { stream: IntStream::signed(), statistics: statistics::Integers::default(), are_dates }
    }

    fn append_array<T>(&mut self, array: &dyn Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused>
    where
        T: ArrowPrimitiveType<Native: Into<i64>>,
    {
        let values = downcast::<PrimitiveArray<T>>(array)?.values();
        self.append_slices(rows.iter().map(|range| &values[range.clone()]), |value| value.into(), bloom);
        Ok(())
    }

    fn append_slices<'a, T: Copy + 'a>(
        &mut self,
        slices: impl Iterator<Item = &'a [T]>,
        widen: impl Fn(T) -> i64 + Copy,
        mut bloom: Option<&mut Bloom>,
    ) {
        for slice in slices {
            self.statistics.add_all(slice.iter().map(|value| widen(*value)));
            if let Some(bloom) = &mut bloom {
                slice.iter().for_each(|value| bloom.add(hash_long(widen(*value))));
            }
            self.stream.extend(slice.iter().map(|value| widen(*value)));
        }
    }

    /// ORC has no unsigned integers: the upper half is refused.
    fn append_unsigned(&mut self, array: &UInt64Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let values = array.values();
        if let Some(row) = rows.iter().flat_map(Clone::clone).find(|row| values[*row] > i64::MAX as u64) {
            let problem = format!("{} is above {}, the greatest bigint", values[row], i64::MAX);
            return Err(Refused::Value { row, problem });
        }
        self.append_slices(rows.iter().map(|range| &values[range.clone()]), |value| value as i64, bloom);
        Ok(())
    }
}

impl Values for Integers {
    fn append(&mut self, array: &dyn Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        match array.data_type() {
            DataType::Int16 => self.append_array::<Int16Type>(array, rows, bloom),
            DataType::Int32 => self.append_array::<Int32Type>(array, rows, bloom),
            DataType::Int64 => self.append_array::<Int64Type>(array, rows, bloom),
            DataType::UInt8 => self.append_array::<UInt8Type>(array, rows, bloom),
            DataType::UInt16 => self.append_array::<UInt16Type>(array, rows, bloom),
            DataType::UInt32 => self.append_array::<UInt32Type>(array, rows, bloom),
            DataType::UInt64 => self.append_unsigned(downcast(array)?, rows, bloom),
            DataType::Date32 => self.append_array::<Date32Type>(array, rows, bloom),
            _ => Err(Refused::Type),
        }
    }

    fn flush(&mut self) {
        self.stream.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        let statistics = take(&mut self.statistics);
        if self.are_dates { Kind::Dates(statistics) } else { Kind::Integers(statistics) }
    }

    fn mark(&mut self) {
        self.stream.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, self.stream.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.stream.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.stream.memory_bytes()
    }
}
