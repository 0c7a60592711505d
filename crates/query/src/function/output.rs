//! Writing Rust values into arrow columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::types::{Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{ArrayRef, ListArray, MapArray, PrimitiveArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::arrays::conform;
use super::fault;

/// A kind of value that a column can be made of.
pub(super) trait Output: Sized {
    /// The column in the making.
    type Sink: Sink<Self>;
}

/// A column in the making.
pub(super) trait Sink<T>: Sized {
    /// Begins a column of an arrow type with room for so many rows.
    fn new(shape: &DataType, rows: usize) -> Self;
    /// Adds a row; `None` is NULL.
    fn push(&mut self, value: Option<T>) -> Result<(), SqlError>;
    /// The column.
    fn finish(self) -> Result<ArrayRef, SqlError>;
}

/// What a function may answer for a row: a value, maybe a value, or a failure.
pub(super) trait Answer {
    /// The kind of value.
    type Out: Output;
    /// Can it be a failure?
    const CAN_FAIL: bool;
    /// The value; `None` is NULL.
    fn answer(self) -> Result<Option<Self::Out>, SqlError>;
}

impl<T: Output> Answer for T {
    type Out = T;
    const CAN_FAIL: bool = false;
    fn answer(self) -> Result<Option<T>, SqlError> {
        Ok(Some(self))
    }
}

impl<T: Output> Answer for Option<T> {
    type Out = T;
    const CAN_FAIL: bool = false;
    fn answer(self) -> Result<Option<T>, SqlError> {
        Ok(self)
    }
}

impl<A: Answer> Answer for Result<A, SqlError> {
    type Out = A::Out;
    const CAN_FAIL: bool = true;
    fn answer(self) -> Result<Option<A::Out>, SqlError> {
        self?.answer()
    }
}

/// Numbers, and all that arrow keeps as numbers (dates, times, intervals, decimals).
pub(super) struct Numbers<P: arrow_array::ArrowPrimitiveType> {
    shape: DataType,
    values: PrimitiveBuilder<P>,
}

macro_rules! numbers {
    ($($native:ty => $arrow:ty;)+) => {$(
        impl Output for $native {
            type Sink = Numbers<$arrow>;
        }

        impl Sink<$native> for Numbers<$arrow> {
            fn new(shape: &DataType, rows: usize) -> Self {
                Self { shape: shape.clone(), values: PrimitiveBuilder::with_capacity(rows) }
            }

            fn push(&mut self, value: Option<$native>) -> Result<(), SqlError> {
                self.values.append_option(value);
                Ok(())
            }

            fn finish(mut self) -> Result<ArrayRef, SqlError> {
                relabel(self.values.finish(), &self.shape)
            }
        }
    )+};
}

numbers! {
    i8 => Int8Type;
    i16 => Int16Type;
    i32 => Int32Type;
    i64 => Int64Type;
    i128 => Decimal128Type;
    f32 => Float32Type;
    f64 => Float64Type;
}

/// The same numbers under another arrow type of the same width.
pub(super) fn relabel<P: arrow_array::ArrowPrimitiveType>(
    numbers: PrimitiveArray<P>,
    shape: &DataType,
) -> Result<ArrayRef, SqlError> {
    if shape == &P::DATA_TYPE {
        return Ok(Arc::new(numbers));
    }
    let data = arrow_array::Array::into_data(numbers).into_builder().data_type(shape.clone()).build();
    Ok(arrow_array::make_array(data.map_err(fault::internal)?))
}

/// Truth values.
pub(super) struct Truths(BooleanBuilder);

impl Output for bool {
    type Sink = Truths;
}

impl Sink<bool> for Truths {
    fn new(_: &DataType, rows: usize) -> Self {
        Self(BooleanBuilder::with_capacity(rows))
    }

    fn push(&mut self, value: Option<bool>) -> Result<(), SqlError> {
        self.0.append_option(value);
        Ok(())
    }

    fn finish(mut self) -> Result<ArrayRef, SqlError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// The most bytes of text that one column of a batch may have.
const TEXT_BYTES_MAX: usize = 1 << 30;

/// Texts.
pub(super) struct Texts(StringBuilder);

impl Texts {
    fn append(&mut self, value: Option<&str>) -> Result<(), SqlError> {
        if self.0.values_slice().len() + value.map_or(0, str::len) > TEXT_BYTES_MAX {
            return Err(too_large());
        }
        self.0.append_option(value);
        Ok(())
    }
}

fn too_large() -> SqlError {
    SqlError::new(
        opentrail_trino::ErrorClass::ExceededFunctionMemoryLimit,
        "a function made more than 1 GiB of text from one batch of rows",
    )
}

macro_rules! texts {
    ($($native:ty),+) => {$(
        impl Output for $native {
            type Sink = Texts;
        }

        impl Sink<$native> for Texts {
            fn new(_: &DataType, rows: usize) -> Self {
                Self(StringBuilder::with_capacity(rows, rows * 16))
            }

            fn push(&mut self, value: Option<$native>) -> Result<(), SqlError> {
                self.append(value.as_deref())
            }

            fn finish(mut self) -> Result<ArrayRef, SqlError> {
                Ok(Arc::new(self.0.finish()))
            }
        }
    )+};
}

texts!(String, Cow<'static, str>);

impl Output for &'static str {
    type Sink = Texts;
}

impl Sink<&'static str> for Texts {
    fn new(_: &DataType, rows: usize) -> Self {
        Self(StringBuilder::with_capacity(rows, rows * 16))
    }

    fn push(&mut self, value: Option<&'static str>) -> Result<(), SqlError> {
        self.append(value)
    }

    fn finish(mut self) -> Result<ArrayRef, SqlError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// Bytes.
pub(super) struct Binaries(BinaryBuilder);

impl Output for Vec<u8> {
    type Sink = Binaries;
}

impl Sink<Vec<u8>> for Binaries {
    fn new(_: &DataType, rows: usize) -> Self {
        Self(BinaryBuilder::with_capacity(rows, rows * 16))
    }

    fn push(&mut self, value: Option<Vec<u8>>) -> Result<(), SqlError> {
        if self.0.values_slice().len() + value.as_ref().map_or(0, Vec::len) > TEXT_BYTES_MAX {
            return Err(too_large());
        }
        self.0.append_option(value);
        Ok(())
    }

    fn finish(mut self) -> Result<ArrayRef, SqlError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// Addresses and UUIDs.
pub(super) struct Sixteens(FixedSizeBinaryBuilder);

impl Output for [u8; 16] {
    type Sink = Sixteens;
}

impl Sink<[u8; 16]> for Sixteens {
    fn new(_: &DataType, rows: usize) -> Self {
        Self(FixedSizeBinaryBuilder::with_capacity(rows, 16))
    }

    fn push(&mut self, value: Option<[u8; 16]>) -> Result<(), SqlError> {
        match value {
            Some(value) => self.0.append_value(value).map_err(fault::internal),
            None => {
                self.0.append_null();
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<ArrayRef, SqlError> {
        Ok(Arc::new(self.0.finish()))
    }
}

/// An array of items, some of them maybe NULL.
pub(super) struct Items<T>(pub(super) Vec<Option<T>>);

impl<T> FromIterator<T> for Items<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(Some).collect())
    }
}

/// Arrays.
pub(super) struct Lists<T: Output> {
    shape: DataType,
    items: T::Sink,
    lengths: Vec<usize>,
    valid: Vec<bool>,
}

impl<T: Output> Output for Items<T> {
    type Sink = Lists<T>;
}

impl<T: Output> Sink<Items<T>> for Lists<T> {
    fn new(shape: &DataType, rows: usize) -> Self {
        let item = match shape {
            DataType::List(field) => field.data_type().clone(),
            _ => DataType::Null,
        };
        let items = T::Sink::new(&item, rows);
        Self { shape: shape.clone(), items, lengths: Vec::with_capacity(rows), valid: Vec::with_capacity(rows) }
    }

    fn push(&mut self, value: Option<Items<T>>) -> Result<(), SqlError> {
        self.valid.push(value.is_some());
        let items = value.map_or_else(Vec::new, |items| items.0);
        self.lengths.push(items.len());
        items.into_iter().try_for_each(|item| self.items.push(item))
    }

    fn finish(self) -> Result<ArrayRef, SqlError> {
        let DataType::List(field) = &self.shape else {
            return Err(fault::internal("a function of arrays has another result type"));
        };
        let items = conform(&self.items.finish()?, field.data_type())?;
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        let list = ListArray::try_new(Arc::clone(field), offsets, items, Some(NullBuffer::from(self.valid)));
        Ok(Arc::new(list.map_err(fault::internal)?))
    }
}

/// The entries of a map.
pub(super) struct Entries<K, V>(pub(super) Vec<(K, Option<V>)>);

/// Maps.
pub(super) struct Maps<K: Output, V: Output> {
    shape: DataType,
    keys: K::Sink,
    values: V::Sink,
    lengths: Vec<usize>,
    valid: Vec<bool>,
}

impl<K: Output, V: Output> Output for Entries<K, V> {
    type Sink = Maps<K, V>;
}

impl<K: Output, V: Output> Sink<Entries<K, V>> for Maps<K, V> {
    fn new(shape: &DataType, rows: usize) -> Self {
        let (key, value) = match shape {
            DataType::Map(entries, _) => match entries.data_type() {
                DataType::Struct(fields) if fields.len() == 2 => {
                    (fields[0].data_type().clone(), fields[1].data_type().clone())
                }
                _ => (DataType::Null, DataType::Null),
            },
            _ => (DataType::Null, DataType::Null),
        };
        let (keys, values) = (K::Sink::new(&key, rows), V::Sink::new(&value, rows));
        Self { shape: shape.clone(), keys, values, lengths: Vec::new(), valid: Vec::new() }
    }

    fn push(&mut self, value: Option<Entries<K, V>>) -> Result<(), SqlError> {
        self.valid.push(value.is_some());
        let entries = value.map_or_else(Vec::new, |entries| entries.0);
        self.lengths.push(entries.len());
        entries.into_iter().try_for_each(|(key, value)| {
            self.keys.push(Some(key))?;
            self.values.push(value)
        })
    }

    fn finish(self) -> Result<ArrayRef, SqlError> {
        let DataType::Map(entries, _) = &self.shape else {
            return Err(fault::internal("a function of maps has another result type"));
        };
        let DataType::Struct(fields) = entries.data_type() else {
            return Err(fault::internal("a map type without entries"));
        };
        let keys = conform(&self.keys.finish()?, fields[0].data_type())?;
        let values = conform(&self.values.finish()?, fields[1].data_type())?;
        let pairs = StructArray::try_new(fields.clone(), vec![keys, values], None).map_err(fault::internal)?;
        let offsets = OffsetBuffer::from_lengths(self.lengths);
        let valid = Some(NullBuffer::from(self.valid));
        let map = MapArray::try_new(Arc::clone(entries), offsets, pairs, valid, false).map_err(fault::internal)?;
        Ok(Arc::new(map))
    }
}
