//! Arrays from a seed: nulls here and there, values that run, rise, repeat or jump.

use arrow_array::builder::{BinaryViewBuilder, FixedSizeBinaryBuilder, StringViewBuilder};
use arrow_array::types::*;
use arrow_array::*;
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, FieldRef, TimeUnit, UnionFields, UnionMode};
use std::sync::Arc;

/// A small generator: the same seed, the same arrays.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Nulls: none, few, many or all.
    fn nulls(&mut self, rows: usize) -> Option<NullBuffer> {
        let of_eight = [0, 0, 1, 4, 7, 8][self.below(6) as usize];
        (of_eight > 0).then(|| NullBuffer::from_iter((0..rows).map(|_| self.below(8) >= of_eight)))
    }

    /// Integers between two bounds, in one of the shapes that encodings are for.
    fn integers(&mut self, rows: usize, low: i64, high: i64) -> Vec<i64> {
        let span = (high as i128 - low as i128) as u64;
        let within =
            |value: u64| if span == u64::MAX { value as i64 } else { low.wrapping_add((value % (span + 1)) as i64) };
        let shape = self.below(6);
        let (start, step) = (self.next(), self.below(9));
        let mut last = start;
        (0..rows as u64)
            .map(|row| match shape {
                0 => within(self.next()),
                1 => within(start.wrapping_add(row * step)),
                2 => within(start),
                3 => within(self.below(4)),
                4 => within(if self.below(40) == 0 { self.next() } else { self.below(100) }),
                _ => {
                    if self.below(12) == 0 {
                        last = self.next();
                    }
                    within(last)
                }
            })
            .collect()
    }

    fn texts(&mut self, rows: usize) -> Vec<String> {
        let kinds = [1, 3, 50, 1 << 40][self.below(4) as usize];
        let long = self.below(20) == 0;
        (0..rows)
            .map(|_| {
                let number = self.below(kinds);
                let text = ["", "ä", "text ", "arn:aws:iam::123456789012:user/"][(number % 4) as usize];
                match self.below(30) {
                    0 => String::new(),
                    1..4 if long => text.repeat(60) + &"ü".repeat(600),
                    _ => format!("{text}{number}"),
                }
            })
            .collect()
    }
}

/// An array of any type that the tests name.
pub(crate) fn array(random: &mut Random, data_type: &DataType, rows: usize) -> ArrayRef {
    match data_type {
        DataType::Boolean => {
            let values = random.integers(rows, 0, 1).into_iter().map(|value| value == 1).collect();
            Arc::new(BooleanArray::new(values, random.nulls(rows)))
        }
        DataType::Int8 => numbers::<Int8Type>(random, rows, i8::MIN.into(), i8::MAX.into()),
        DataType::Int16 => numbers::<Int16Type>(random, rows, i16::MIN.into(), i16::MAX.into()),
        DataType::Int32 => numbers::<Int32Type>(random, rows, i32::MIN.into(), i32::MAX.into()),
        DataType::Int64 => numbers::<Int64Type>(random, rows, i64::MIN, i64::MAX),
        DataType::UInt8 => numbers::<UInt8Type>(random, rows, 0, u8::MAX.into()),
        DataType::UInt16 => numbers::<UInt16Type>(random, rows, 0, u16::MAX.into()),
        DataType::UInt32 => numbers::<UInt32Type>(random, rows, 0, u32::MAX.into()),
        DataType::UInt64 => numbers::<UInt64Type>(random, rows, 0, i64::MAX),
        DataType::Date32 => numbers::<Date32Type>(random, rows, -800_000, 3_000_000),
        DataType::Float32 => {
            let values = random.integers(rows, -1000, 1 << 20).into_iter().map(|value| value as f32 / 8.0).collect();
            Arc::new(Float32Array::new(values, random.nulls(rows)))
        }
        DataType::Float64 => {
            let values = random.integers(rows, i64::MIN, i64::MAX).into_iter().map(|bits| f64::from_bits(bits as u64));
            Arc::new(Float64Array::new(values.collect(), random.nulls(rows)))
        }
        DataType::Decimal128(precision, scale) => decimals(random, rows, *precision, *scale),
        DataType::Timestamp(unit, zone) => timestamps(random, rows, *unit, zone.clone()),
        DataType::Utf8 => Arc::new(StringArray::from_iter(texts(random, rows))),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from_iter(texts(random, rows))),
        DataType::Utf8View => {
            let mut builder = StringViewBuilder::new();
            texts(random, rows).into_iter().for_each(|text| builder.append_option(text));
            Arc::new(builder.finish())
        }
        DataType::Binary => Arc::new(BinaryArray::from_iter(texts(random, rows))),
        DataType::LargeBinary => Arc::new(LargeBinaryArray::from_iter(texts(random, rows))),
        DataType::BinaryView => {
            let mut builder = BinaryViewBuilder::new();
            texts(random, rows).into_iter().for_each(|text| builder.append_option(text));
            Arc::new(builder.finish())
        }
        DataType::FixedSizeBinary(3) => {
            let mut builder = FixedSizeBinaryBuilder::new(3);
            (0..rows).for_each(|row| match random.below(4) {
                0 => builder.append_null(),
                byte => builder.append_value([byte as u8, row as u8, 7]).unwrap(),
            });
            Arc::new(builder.finish())
        }
        DataType::Dictionary(_, value) if **value == DataType::Utf8 => {
            let kinds: StringArray = texts(random, 40).into_iter().collect();
            let keys = random.integers(rows, 0, 39).into_iter().map(|key| key as i32).collect();
            let keys = Int32Array::new(keys, random.nulls(rows));
            Arc::new(DictionaryArray::new(keys, Arc::new(kinds)))
        }
        DataType::Dictionary(_, _) => {
            let kinds = numbers::<Int64Type>(random, 9, i64::MIN, i64::MAX);
            let keys = random.integers(rows, 0, 8).into_iter().map(|key| key as i8).collect();
            Arc::new(DictionaryArray::new(Int8Array::new(keys, random.nulls(rows)), kinds))
        }
        DataType::List(element) => lists::<i32>(random, element, rows),
        DataType::LargeList(element) => lists::<i64>(random, element, rows),
        DataType::FixedSizeList(element, length) => {
            let values = array(random, element.data_type(), rows * *length as usize);
            Arc::new(FixedSizeListArray::new(Arc::clone(element), *length, values, random.nulls(rows)))
        }
        DataType::Map(entries, _) => maps(random, entries, rows),
        DataType::Struct(fields) => {
            let children = fields.iter().map(|field| array(random, field.data_type(), rows)).collect();
            Arc::new(StructArray::new(fields.clone(), children, random.nulls(rows)))
        }
        DataType::Union(fields, mode) => unions(random, fields, *mode, rows),
        other => panic!("no arrays of `{other}` yet"),
    }
}

fn numbers<T: ArrowPrimitiveType<Native: TryFrom<i64>>>(
    random: &mut Random,
    rows: usize,
    low: i64,
    high: i64,
) -> ArrayRef {
    let value = |value: i64| T::Native::try_from(value).unwrap_or_default();
    let values: Vec<T::Native> = random.integers(rows, low, high).into_iter().map(value).collect();
    Arc::new(PrimitiveArray::<T>::new(values.into(), random.nulls(rows)))
}

fn decimals(random: &mut Random, rows: usize, precision: u8, scale: i8) -> ArrayRef {
    let limit = 10i128.pow(precision.into());
    let values = random
        .integers(rows, i64::MIN, i64::MAX)
        .into_iter()
        .map(|value| i128::from(value).wrapping_mul(i128::from(random.below(1 << 60)) + 1).wrapping_mul(1000) % limit);
    let values: ScalarBuffer<i128> = values.collect();
    Arc::new(Decimal128Array::new(values, random.nulls(rows)).with_precision_and_scale(precision, scale).unwrap())
}

/// Within what nanoseconds hold, and outside of the second before 1970, of which ORC has no milliseconds.
fn timestamps(random: &mut Random, rows: usize, unit: TimeUnit, zone: Option<Arc<str>>) -> ArrayRef {
    let per_second = [1, 1_000, 1_000_000, 1_000_000_000][unit as usize];
    let mut values = random.integers(rows, -9_000_000_000 * per_second, 9_000_000_000 * per_second);
    values.iter_mut().filter(|value| (-per_second..0).contains(value)).for_each(|value| *value -= per_second);
    let (values, nulls) = (values.into(), random.nulls(rows));
    match unit {
        TimeUnit::Second => Arc::new(TimestampSecondArray::new(values, nulls).with_timezone_opt(zone)),
        TimeUnit::Millisecond => Arc::new(TimestampMillisecondArray::new(values, nulls).with_timezone_opt(zone)),
        TimeUnit::Microsecond => Arc::new(TimestampMicrosecondArray::new(values, nulls).with_timezone_opt(zone)),
        TimeUnit::Nanosecond => Arc::new(TimestampNanosecondArray::new(values, nulls).with_timezone_opt(zone)),
    }
}

fn texts(random: &mut Random, rows: usize) -> Vec<Option<String>> {
    let nulls = random.nulls(rows);
    let is_null = |row: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
    random.texts(rows).into_iter().enumerate().map(|(row, text)| (!is_null(row)).then_some(text)).collect()
}

/// Lists that don't begin at the first element, and nulls that have elements under them.
fn offsets<O: OffsetSizeTrait>(random: &mut Random, rows: usize) -> OffsetBuffer<O> {
    let most = [1, 2, 5, 40][random.below(4) as usize];
    let mut end = O::usize_as(2);
    let mut offsets = vec![end];
    for _ in 0..rows {
        end += O::usize_as(random.below(most) as usize);
        offsets.push(end);
    }
    OffsetBuffer::new(offsets.into())
}

fn lists<O: OffsetSizeTrait>(random: &mut Random, element: &FieldRef, rows: usize) -> ArrayRef {
    let offsets = offsets::<O>(random, rows);
    let values = array(random, element.data_type(), offsets[rows].as_usize() + 1);
    Arc::new(GenericListArray::new(Arc::clone(element), offsets, values, random.nulls(rows)))
}

fn maps(random: &mut Random, entries: &FieldRef, rows: usize) -> ArrayRef {
    let DataType::Struct(fields) = entries.data_type() else { panic!("entries are structs") };
    let offsets = offsets::<i32>(random, rows);
    let count = offsets[rows] as usize;
    // Keys are never null; values that happen to be go into another array.
    let keys: ArrayRef = match fields[0].data_type() {
        DataType::Utf8 => Arc::new(StringArray::from_iter_values(random.texts(count))),
        _ => Arc::new(Int16Array::from_iter_values((0..count).map(|key| key as i16))),
    };
    let values = array(random, fields[1].data_type(), count);
    let entries_array = StructArray::new(fields.clone(), vec![keys, values], None);
    Arc::new(MapArray::new(Arc::clone(entries), offsets, entries_array, random.nulls(rows), false))
}

fn unions(random: &mut Random, fields: &UnionFields, mode: UnionMode, rows: usize) -> ArrayRef {
    let numbers: Vec<i8> = fields.iter().map(|(number, _)| number).collect();
    let type_ids: Vec<i8> = (0..rows).map(|_| numbers[random.below(numbers.len() as u64) as usize]).collect();
    let mut next = vec![0i32; 128];
    let offsets: Vec<i32> = type_ids
        .iter()
        .map(|number| {
            next[*number as usize] += 1;
            next[*number as usize] - 1
        })
        .collect();
    let length = |number: i8| if mode == UnionMode::Dense { next[number as usize] as usize } else { rows };
    let children = fields.iter().map(|(number, field)| array(random, field.data_type(), length(number))).collect();
    let offsets = (mode == UnionMode::Dense).then(|| offsets.into());
    Arc::new(UnionArray::try_new(fields.clone(), type_ids.into(), offsets, children).unwrap())
}
