//! What the writer writes, the reader reads: every type, nulls at every level, every codec, any cut into batches, row
//! groups, stripes and chunks.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod arrays;
mod cells;

use arrays::Random;
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit, UnionFields, UnionMode};
use opentrail_orc::{
    ColumnPath, CompareOp, Compression, Metadata, Predicate, ReadOptions, Reader, Scalar, Writer, WriterOptions,
};
use proptest::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

fn leaves() -> Vec<DataType> {
    use DataType::*;
    let utc = || Some(Arc::from("UTC"));
    vec![
        Boolean,
        Int8,
        Int16,
        Int32,
        Int64,
        UInt8,
        UInt16,
        UInt32,
        UInt64,
        Float32,
        Float64,
        Decimal128(5, 2),
        Decimal128(38, 10),
        Utf8,
        LargeUtf8,
        Utf8View,
        Dictionary(Box::new(Int32), Box::new(Utf8)),
        Dictionary(Box::new(Int8), Box::new(Int64)),
        Binary,
        LargeBinary,
        BinaryView,
        FixedSizeBinary(3),
        Date32,
        Timestamp(TimeUnit::Second, None),
        Timestamp(TimeUnit::Millisecond, utc()),
        Timestamp(TimeUnit::Microsecond, None),
        Timestamp(TimeUnit::Nanosecond, utc()),
    ]
}

fn field(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, true)
}

fn map(key: DataType, value: DataType) -> DataType {
    let entries = Fields::from(vec![Field::new("key", key, false), field("value", value)]);
    DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entries), false)), false)
}

fn union(children: Vec<DataType>, mode: UnionMode) -> DataType {
    let fields = children.into_iter().enumerate().map(|(index, child)| field(&index.to_string(), child));
    // Numbers that are no indexes: what goes into the file is the index.
    let numbers: Vec<i8> = (0..fields.len() as i8).map(|index| index * 3 + 1).collect();
    DataType::Union(UnionFields::try_new(numbers, fields).unwrap(), mode)
}

/// A type, and types made of it.
fn data_type() -> impl Strategy<Value = DataType> {
    prop::sample::select(leaves()).prop_recursive(3, 8, 3, |inner| {
        let element = |inner: DataType| Arc::new(field("item", inner));
        prop_oneof![
            inner.clone().prop_map(move |inner| DataType::List(element(inner))),
            inner.clone().prop_map(move |inner| DataType::LargeList(element(inner))),
            inner.clone().prop_map(move |inner| DataType::FixedSizeList(element(inner), 2)),
            inner.clone().prop_map(|inner| map(DataType::Utf8, inner)),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|inner| {
                let fields = inner.into_iter().enumerate().map(|(index, inner)| field(&format!("f{index}"), inner));
                DataType::Struct(fields.collect())
            }),
            (prop::collection::vec(inner, 1..3), any::<bool>())
                .prop_map(|(inner, dense)| { union(inner, if dense { UnionMode::Dense } else { UnionMode::Sparse }) }),
        ]
    })
}

fn compression() -> impl Strategy<Value = Compression> {
    prop::sample::select(vec![
        Compression::None,
        Compression::Zlib { level: 4 },
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd { level: 1 },
    ])
}

fn options() -> impl Strategy<Value = WriterOptions> {
    let strides = prop::sample::select(vec![0usize, 1, 7, 64, 1000, 10_000]);
    let stripes = prop::sample::select(vec![1usize, 5000, 100_000, 64 << 20]);
    (compression(), strides, stripes, 1024usize..5000, any::<bool>()).prop_map(
        |(compression, row_index_stride, stripe_bytes, compression_block_bytes, direct)| WriterOptions {
            compression,
            row_index_stride,
            stripe_bytes,
            compression_block_bytes,
            direct_columns: if direct { vec![ColumnPath::from("c0")] } else { Vec::new() },
            ..WriterOptions::default()
        },
    )
}

fn write(batches: &[RecordBatch], options: WriterOptions) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), batches[0].schema(), options).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    let (file, summary) = writer.finish().unwrap();
    assert_eq!(summary.bytes, file.len() as u64);
    assert_eq!(summary.rows, batches.iter().map(|batch| batch.num_rows() as u64).sum::<u64>());
    file
}

fn read(file: Vec<u8>, batch_rows: usize) -> Vec<RecordBatch> {
    let metadata = Metadata::read(&file).unwrap();
    let options = ReadOptions { batch_rows, ..ReadOptions::default() };
    Reader::new(file, metadata, options).unwrap().collect::<Result<_, _>>().unwrap()
}

fn batches(types: &[DataType], lengths: &[usize], seed: u64) -> Vec<RecordBatch> {
    let fields: Fields =
        types.iter().enumerate().map(|(index, inner)| field(&format!("c{index}"), inner.clone())).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut random = Random::new(seed);
    let batch = |rows: &usize| {
        let columns = types.iter().map(|inner| arrays::array(&mut random, inner, *rows)).collect();
        RecordBatch::try_new(Arc::clone(&schema), columns).unwrap()
    };
    lengths.iter().map(batch).collect()
}

fn check(written: &[RecordBatch], options: WriterOptions, batch_rows: usize) {
    let read = read(write(written, options), batch_rows);
    assert!(read.iter().all(|batch| batch.num_rows() <= batch_rows));
    let columns = written[0].num_columns();
    for column in 0..columns {
        let expected = cells::of(written, column);
        let actual = cells::of(&read, column);
        assert_eq!(actual.len(), expected.len());
        for (row, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
            assert_eq!(actual, expected, "row {row} of {}", written[0].schema().field(column));
        }
    }
}

#[test]
fn every_type_at_once() {
    let mut types = leaves();
    types.extend([
        DataType::new_list(DataType::Utf8, true),
        map(DataType::Int16, DataType::Float64),
        DataType::Struct(Fields::from(vec![
            field("a", DataType::Utf8),
            field("b", DataType::new_list(DataType::Date32, true)),
        ])),
        union(vec![DataType::Int8, DataType::Utf8], UnionMode::Dense),
        union(vec![DataType::Boolean, DataType::Int64], UnionMode::Sparse),
    ]);
    let written = batches(&types, &[700, 0, 1, 1500], 7);
    for compression in [Compression::None, Compression::Zstd { level: 3 }] {
        let options =
            WriterOptions { compression, row_index_stride: 500, stripe_bytes: 300_000, ..WriterOptions::default() };
        check(&written, options, 333);
    }
}

#[test]
fn files_without_rows_or_columns() {
    let none = RecordBatch::new_empty(Arc::new(Schema::new(vec![field("a", DataType::Utf8)])));
    assert!(read(write(&[none], WriterOptions::default()), 10).iter().all(|batch| batch.num_rows() == 0));
    let bare = RecordBatch::new_empty(Arc::new(Schema::empty()));
    assert!(Metadata::read(&write(&[bare], WriterOptions::default())).unwrap().types().len() == 1);
}

#[test]
fn dictionaries_that_are_given_up_lose_nothing() {
    // Unique values for a while, so that the dictionary ends amid a row group; then values that come back.
    let texts = |rows: std::ops::Range<usize>| -> RecordBatch {
        let text = |row: usize| {
            (!row.is_multiple_of(5)).then(|| if row < 9000 { format!("unique {row}") } else { format!("{}", row % 9) })
        };
        let array: arrow_array::StringArray = rows.map(text).collect();
        RecordBatch::try_from_iter_with_nullable([("c0", Arc::new(array) as _, true)]).unwrap()
    };
    let written: Vec<RecordBatch> = (0..20_000).step_by(2500).map(|start| texts(start..start + 2500)).collect();
    for row_index_stride in [1000, 10_000] {
        check(&written, WriterOptions { row_index_stride, ..WriterOptions::default() }, 4096);
        check(&written, WriterOptions { row_index_stride, stripe_bytes: 40_000, ..WriterOptions::default() }, 4096);
    }
}

#[test]
fn varchars_and_chars_keep_their_types() {
    let asked = |name: &str, kind: &str| {
        field(name, DataType::Utf8).with_metadata(HashMap::from([("orc.type".to_owned(), kind.to_owned())]))
    };
    let schema = Arc::new(Schema::new(vec![asked("short", "varchar(3)"), asked("code", "char(4)")]));
    let text = |values: [&str; 2]| Arc::new(arrow_array::StringArray::from(values.to_vec())) as arrow_array::ArrayRef;
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![text(["äöü", ""]), text(["ab", "äöüß"])]).unwrap();
    let read = read(write(&[batch], WriterOptions::default()), 10);
    assert_eq!(read[0].schema(), schema);
    let long = RecordBatch::try_new(Arc::clone(&schema), vec![text(["abcd", ""]), text(["", ""])]).unwrap();
    let mut writer = Writer::new(Vec::new(), schema, WriterOptions::default()).unwrap();
    let error = writer.write(&long).unwrap_err().to_string();
    assert_eq!(error, "column `short`, row 0: 4 characters where the type allows 3");
    let error = writer.finish().unwrap_err().to_string();
    assert!(error.contains("an earlier batch failed"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_schema_reads_back(
        types in prop::collection::vec(data_type(), 1..4),
        lengths in prop::collection::vec(0usize..700, 1..4),
        options in options(),
        batch_rows in prop::sample::select(vec![1usize, 10, 333, 8192]),
        seed in any::<u64>(),
    ) {
        check(&batches(&types, &lengths, seed), options, batch_rows);
    }

    /// Readers that skip start amid streams, at the positions of the row indexes.
    #[test]
    fn any_rows_are_found_by_position(
        types in prop::collection::vec(data_type(), 1..3),
        lengths in prop::collection::vec(1usize..700, 1..4),
        options in options(),
        ends in (0.0..1.0, 0.0..1.0),
        seed in any::<u64>(),
    ) {
        let written = numbered(batches(&types, &lengths, seed));
        let rows = lengths.iter().sum::<usize>();
        let (one, two) = ((ends.0 * rows as f64) as usize, (ends.1 * rows as f64) as usize);
        let wanted = one.min(two)..one.max(two);
        let read = read_rows(write(&written, options), &wanted);
        for column in 0..written[0].num_columns() {
            prop_assert_eq!(cells::of(&read, column), cells::of(&written, column).drain(wanted.clone()).collect::<Vec<_>>());
        }
    }
}

/// With each row's number as the last column.
fn numbered(batches: Vec<RecordBatch>) -> Vec<RecordBatch> {
    let mut next = 0;
    let number = |batch: RecordBatch| {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values((next..).take(batch.num_rows())));
        next += batch.num_rows() as i64;
        let mut fields = batch.schema().fields().to_vec();
        fields.push(Arc::new(field("row", DataType::Int64)));
        let columns = batch.columns().iter().cloned().chain([numbers]).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
    };
    batches.into_iter().map(number).collect()
}

fn read_rows(file: Vec<u8>, rows: &Range<usize>) -> Vec<RecordBatch> {
    let bound = |op, row: usize| Predicate::compare("row", op, Scalar::Int(row as i64));
    let range = Predicate::And(vec![bound(CompareOp::GtEq, rows.start), bound(CompareOp::Lt, rows.end)]);
    let options = ReadOptions { predicate: Some(range), exact: true, ..ReadOptions::default() };
    let metadata = Metadata::read(&file).unwrap();
    Reader::new(file, metadata, options).unwrap().collect::<Result<_, _>>().unwrap()
}
