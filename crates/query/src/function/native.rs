//! Reading arrow columns as Rust values.

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, DurationMillisecondType, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, IntervalYearMonthType, Time64NanosecondType,
};
use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, FixedSizeBinaryArray, PrimitiveArray, StringArray};
use opentrail_trino::SqlError;

use super::fault;
use super::kernel::Input;

/// A kind of column whose values can be read one by one.
pub(super) trait Native {
    /// A value.
    type At<'a>;
    /// The column, ready to read.
    type Column<'a>;

    /// Prepares a column.
    fn column(array: &ArrayRef) -> Result<Self::Column<'_>, SqlError>;

    /// The value at an index; `None` is NULL.
    fn get<'a>(column: &Self::Column<'a>, index: usize) -> Option<Self::At<'a>>;
}

/// A column together with how it is indexed.
pub(super) struct Reader<'a, N: Native> {
    column: N::Column<'a>,
    input: &'a Input,
}

impl<'a, N: Native> Reader<'a, N> {
    /// Prepares an argument.
    pub(super) fn new(input: &'a Input) -> Result<Self, SqlError> {
        Ok(Self { column: N::column(input.array())?, input })
    }

    /// The value of a row.
    pub(super) fn get(&self, row: usize) -> Option<N::At<'a>> {
        N::get(&self.column, self.input.at(row))
    }
}

fn downcast<T: Array + 'static>(array: &ArrayRef) -> Result<&T, SqlError> {
    array.as_any().downcast_ref::<T>().ok_or_else(|| {
        fault::internal(format!("a column of `{}` came where another type was expected", array.data_type()))
    })
}

/// `boolean`
pub(super) struct Bool;
/// `varchar`, `json`
pub(super) struct Text;
/// `varbinary`
pub(super) struct Bytes;
/// `ipaddress`, `uuid`
pub(super) struct Sixteen;
/// `date`, in days.
pub(super) struct Day;
/// `time`, in nanoseconds.
pub(super) struct Clock;
/// `interval day to second`, in milliseconds.
pub(super) struct Span;
/// `interval year to month`, in months.
pub(super) struct Months;
/// `decimal`, unscaled.
pub(super) struct Unscaled;
/// `tinyint`
pub(super) struct I8;
/// `smallint`
pub(super) struct I16;
/// `integer`
pub(super) struct I32;
/// `bigint`
pub(super) struct I64;
/// `real`
pub(super) struct F32;
/// `double`
pub(super) struct F64;

macro_rules! primitives {
    ($($marker:ty => $arrow:ty;)+) => {$(
        impl Native for $marker {
            type At<'a> = <$arrow as ArrowPrimitiveType>::Native;
            type Column<'a> = &'a PrimitiveArray<$arrow>;

            fn column(array: &ArrayRef) -> Result<Self::Column<'_>, SqlError> {
                downcast(array)
            }

            fn get<'a>(column: &Self::Column<'a>, index: usize) -> Option<Self::At<'a>> {
                column.is_valid(index).then(|| column.value(index))
            }
        }
    )+};
}

primitives! {
    I8 => Int8Type;
    I16 => Int16Type;
    I32 => Int32Type;
    I64 => Int64Type;
    F32 => Float32Type;
    F64 => Float64Type;
    Day => Date32Type;
    Clock => Time64NanosecondType;
    Span => DurationMillisecondType;
    Months => IntervalYearMonthType;
    Unscaled => Decimal128Type;
}

macro_rules! others {
    ($($marker:ty => $array:ty, $at:ty;)+) => {$(
        impl Native for $marker {
            type At<'a> = $at;
            type Column<'a> = &'a $array;

            fn column(array: &ArrayRef) -> Result<Self::Column<'_>, SqlError> {
                downcast(array)
            }

            fn get<'a>(column: &Self::Column<'a>, index: usize) -> Option<Self::At<'a>> {
                let column: &'a $array = column;
                column.is_valid(index).then(|| column.value(index))
            }
        }
    )+};
}

others! {
    Bool => BooleanArray, bool;
    Text => StringArray, &'a str;
    Bytes => BinaryArray, &'a [u8];
    Sixteen => FixedSizeBinaryArray, &'a [u8];
}
