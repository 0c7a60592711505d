//! What predicates leave out, and what single values are found: against the naive answers.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray, UInt64Array};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema};
use arrow_select::concat::concat_batches;
use arrow_select::take::{take, take_record_batch};
use opentrail_orc::{
    ColumnPath, CompareOp, Compression, Error, Metadata, Predicate, ReadAt, ReadOptions, Reader, RowFilter, Scalar,
    WriterOptions, read_chunk,
};
use proptest::prelude::*;
use support::{Dice, Row, file, predicate, rows};

fn read(file: &Vec<u8>, options: ReadOptions) -> (RecordBatch, u64, u64) {
    let metadata = Metadata::read(file).unwrap();
    let mut reader = Reader::new(file, metadata, options).unwrap();
    let batches: Vec<RecordBatch> = reader.by_ref().map(Result::unwrap).collect();
    let all = concat_batches(&reader.schema(), &batches).unwrap();
    (all, reader.row_groups_read(), reader.row_groups_pruned())
}

fn ids(batch: &RecordBatch) -> Vec<i64> {
    batch.column_by_name("id").unwrap().as_primitive::<Int64Type>().values().to_vec()
}

fn options(dice: &mut Dice) -> WriterOptions {
    let compressions = [
        Compression::None,
        Compression::Zlib { level: 1 },
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd { level: 1 },
    ];
    WriterOptions {
        compression: *dice.of(&compressions),
        compression_block_bytes: *dice.of(&[1024, 4096, 65_536]),
        stripe_bytes: *dice.of(&[20_000, 60_000, 1 << 26]),
        row_index_stride: *dice.of(&[0, 17, 100, 333]),
        ..WriterOptions::default()
    }
}

fn check(seed: u64) {
    let mut dice = Dice(seed);
    let mut options = options(&mut dice);
    if options.row_index_stride > 0 && dice.one_in(2) {
        options.bloom_columns = ["id", "n", "t", "s.arn", "day"].map(ColumnPath::from).to_vec();
    }
    let rows = rows(&mut dice);
    let file = file(&rows, &mut dice, options);
    let (whole, ..) = read(&file, ReadOptions::default());
    assert_eq!(ids(&whole), rows.iter().map(|row| row.id).collect::<Vec<_>>());
    for _ in 0..6 {
        let predicate = predicate(&mut dice, &rows, 3);
        let matching: Vec<&Row> = rows.iter().filter(|row| row.is(&predicate) == Some(true)).collect();
        let batch_rows = *dice.of(&[1, 7, 64, 1000, 8192]);
        let ask = ReadOptions { predicate: Some(predicate.clone()), batch_rows, ..ReadOptions::default() };

        let (exact, ..) = read(&file, ReadOptions { exact: true, ..ask.clone() });
        let places = UInt64Array::from_iter_values(matching.iter().map(|row| row.place));
        assert_eq!(exact, take_record_batch(&whole, &places).unwrap(), "{predicate:?}");
        let filter = RowFilter::new(&whole.schema(), &predicate).unwrap();
        assert_eq!(filter.apply(&whole).unwrap(), exact, "{predicate:?}");

        // Dictionaries hold the same texts.
        let dictionaries = vec!["t".into(), "s".into()];
        let (shared, ..) = read(&file, ReadOptions { exact: true, dictionaries, ..ask.clone() });
        assert_eq!(without_dictionaries(&shared), exact, "{predicate:?}");

        // The predicate's columns need not be read.
        let projection = Some(vec!["id".into(), "s.k".into(), "l".into()]);
        let (part, ..) = read(&file, ReadOptions { exact: true, projection: projection.clone(), ..ask.clone() });
        assert_eq!(ids(&part), matching.iter().map(|row| row.id).collect::<Vec<_>>(), "{predicate:?}");

        let (pruned, ..) = read(&file, ReadOptions { projection, ..ask });
        let kept: std::collections::HashSet<i64> = ids(&pruned).into_iter().collect();
        assert!(matching.iter().all(|row| kept.contains(&row.id)), "{predicate:?}");
        let full = read(
            &file,
            ReadOptions { projection: Some(vec!["id".into(), "s.k".into(), "l".into()]), ..ReadOptions::default() },
        )
        .0;
        let places =
            UInt64Array::from_iter_values(rows.iter().filter(|row| kept.contains(&row.id)).map(|row| row.place));
        assert_eq!(pruned, take_record_batch(&full, &places).unwrap(), "{predicate:?}");
    }
}

/// The same rows with each row's own text.
fn without_dictionaries(batch: &RecordBatch) -> RecordBatch {
    fn plain(array: &ArrayRef) -> ArrayRef {
        match array.data_type() {
            DataType::Dictionary(..) => {
                let dictionary = array.as_dictionary::<UInt32Type>();
                take(dictionary.values(), dictionary.keys(), None).unwrap()
            }
            DataType::Struct(fields) => {
                let columns: Vec<ArrayRef> = array.as_struct().columns().iter().map(plain).collect();
                let field = |(field, column): (&FieldRef, &ArrayRef)| {
                    Arc::new(Field::clone(field).with_data_type(column.data_type().clone()))
                };
                let fields: Fields = fields.iter().zip(&columns).map(field).collect();
                Arc::new(StructArray::new(fields, columns, array.nulls().cloned()))
            }
            _ => Arc::clone(array),
        }
    }
    let (is_text, columns) = (|name: &str| matches!(name, "t" | "s"), batch.columns().iter().map(plain));
    let columns: Vec<ArrayRef> = columns.collect();
    for (field, column) in batch.schema().fields().iter().zip(&columns) {
        assert_eq!(field.data_type() != column.data_type(), is_text(field.name()), "{field}");
    }
    let field = |(field, column): (&FieldRef, &ArrayRef)| {
        Arc::new(Field::clone(field).with_data_type(column.data_type().clone()))
    };
    let fields: Fields = batch.schema().fields().iter().zip(&columns).map(field).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn answers_equal_a_naive_filter(seed in any::<u64>()) {
        check(seed);
    }
}

/// 10,000 rows in a hundred row groups of 100, two thirds of the groups without any `t`.
fn sorted() -> Vec<u8> {
    let mut dice = Dice(1);
    let rows: Vec<Row> = (0..10_000u64)
        .map(|place| Row {
            place,
            id: place as i64 * 10,
            t: (place / 100 % 3 == 0).then(|| format!("needle-{:05}", place * 7919 % 10_000)),
            ..Row::default()
        })
        .collect();
    let options = WriterOptions { row_index_stride: 100, bloom_columns: vec!["t".into()], ..WriterOptions::default() };
    file(&rows, &mut dice, options)
}

#[test]
fn only_row_groups_that_can_match_are_read() {
    let file = sorted();
    let count = |predicate: Predicate| {
        let (batch, read, pruned) =
            read(&file, ReadOptions { predicate: Some(predicate), exact: true, ..ReadOptions::default() });
        assert_eq!(read + pruned, 100);
        (batch.num_rows(), read)
    };
    let id = |op, value| Predicate::compare("id", op, Scalar::Int(value));
    assert_eq!(count(Predicate::And(vec![id(CompareOp::GtEq, 50_000), id(CompareOp::Lt, 51_500)])), (150, 2));
    assert_eq!(count(id(CompareOp::Lt, 0)), (0, 0));
    assert_eq!(count(id(CompareOp::Eq, 77_770)), (1, 1));
    assert_eq!(count(Predicate::IsNotNull { column: "t".into() }), (3400, 34));
    let (found, groups) = count(Predicate::compare("t", CompareOp::Eq, Scalar::from("needle-07919")));
    assert_eq!(found, 1);
    assert!(groups <= 4, "{groups} row groups for one value: bloom filters let through one in a hundred");
    let none = Predicate::In { column: "t".into(), values: vec![Scalar::from("needle-x"), Scalar::from("needle-y")] };
    assert_eq!(count(none).0, 0);
}

#[test]
fn predicates_that_do_not_fit_are_refused() {
    let file = sorted();
    let metadata = Metadata::read(&file).unwrap();
    let error = |predicate| {
        let options = ReadOptions { predicate: Some(predicate), ..ReadOptions::default() };
        Reader::new(&file, metadata.clone(), options).unwrap_err()
    };
    let compare = |column: &str, value| Predicate::compare(column, CompareOp::Eq, value);
    assert!(matches!(error(compare("nowhere", Scalar::Int(1))), Error::UnknownColumn(_)));
    assert!(matches!(error(compare("id", Scalar::from("1"))), Error::InvalidOption { option: "predicate", .. }));
    assert!(matches!(error(compare("l.element", Scalar::Int(1))), Error::InvalidOption { .. }));
    assert!(matches!(error(compare("s", Scalar::Int(1))), Error::InvalidOption { .. }));
    let deep = (0..100).fold(compare("id", Scalar::Int(1)), |inner, _| Predicate::Not(Box::new(inner)));
    assert!(matches!(error(deep), Error::InvalidOption { .. }));
}

#[test]
fn every_value_is_where_the_map_says() {
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut options = options(&mut dice);
        options.direct_columns = vec!["t".into()];
        let rows = rows(&mut dice);
        let file = file(&rows, &mut dice, options);
        let metadata = Metadata::read(&file).unwrap();
        let map = metadata.locate_values(&file, &"t".into()).unwrap();
        let chunk = |at: u32| {
            let chunk = map.chunks.get(at as usize)?;
            Some(read_chunk(&file, metadata.compression(), chunk, metadata.compression_block_bytes()).unwrap())
        };
        assert_eq!(map.values.len(), rows.len());
        for (row, place) in rows.iter().zip(&map.values) {
            let (mut at, mut from, mut bytes) = (place.chunk, place.offset as usize, Vec::new());
            while bytes.len() < place.bytes as usize {
                let chunk = chunk(at).unwrap();
                let to = chunk.len().min(from + place.bytes as usize - bytes.len());
                bytes.extend_from_slice(&chunk[from..to]);
                (at, from) = (at + 1, 0);
            }
            assert_eq!(bytes, row.t.clone().unwrap_or_default().into_bytes());
        }
    }
    let file = sorted();
    let metadata = Metadata::read(&file).unwrap();
    assert!(matches!(metadata.locate_values(&file, &"id".into()), Err(Error::Unsupported { .. })));
}

/// A file whose bytes are counted as they are read.
struct Counted<'f>(&'f Vec<u8>, &'f AtomicU64);

impl ReadAt for Counted<'_> {
    fn bytes(&self) -> std::io::Result<u64> {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.1.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.0.read_at(offset, buffer)
    }
}

#[test]
fn what_statistics_prove_is_not_read() {
    let file = sorted();
    let read_with = |predicate: Option<Predicate>, projection: &[&str]| {
        let bytes = AtomicU64::new(0);
        let source = Counted(&file, &bytes);
        let metadata = Metadata::read(&source).unwrap();
        bytes.store(0, Ordering::Relaxed);
        let projection = Some(projection.iter().copied().map(ColumnPath::from).collect());
        let options = ReadOptions { predicate, projection, exact: true, ..ReadOptions::default() };
        let rows: usize = Reader::new(source, metadata, options).unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        (rows, bytes.load(Ordering::Relaxed))
    };
    let below = |id: i64| Predicate::compare("id", CompareOp::Lt, Scalar::from(id));
    let needle = Predicate::IsNotNull { column: "t".into() };
    let (_, nothing) = read_with(None, &[]);
    // Proven by the whole file: only the stripes' footers are read.
    assert_eq!(read_with(Some(below(100_000)), &[]), (10_000, nothing));
    let (rows, texts) = read_with(Some(needle.clone()), &["t"]);
    assert_eq!(read_with(Some(Predicate::And(vec![below(100_000), needle])), &["t"]), (rows, texts));
    // Proven but for one row group, whose rows are looked at one by one.
    assert_eq!(read_with(Some(below(50_550)), &["id"]).0, 5_055);
    assert_eq!(read_with(Some(below(50_550)), &[]).0, 5_055);
}
