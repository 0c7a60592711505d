//! Small files by the C++ library of Apache ORC, whose every value is computed from its row's number
//! (`testdata/make.py`).

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping")]

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int8Type, Int32Type, Int64Type, TimestampNanosecondType,
};
use arrow_array::{Array, RecordBatch};
use arrow_select::concat::concat_batches;
use chrono::{Offset, TimeZone};
use opentrail_orc::proto::CompressionKind;
use opentrail_orc::{CompareOp, Metadata, Predicate, ReadOptions, Reader, Scalar};

const ROWS: i64 = 60;

fn open(name: &str) -> (Vec<u8>, Metadata) {
    let file = std::fs::read(format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let metadata = Metadata::read(&file).unwrap();
    (file, metadata)
}

fn read(name: &str, options: ReadOptions) -> (RecordBatch, u64) {
    let (file, metadata) = open(name);
    let mut reader = Reader::new(&file, metadata, options).unwrap();
    let batches: Vec<_> = reader.by_ref().map(Result::unwrap).collect();
    (concat_batches(&reader.schema(), &batches).unwrap(), reader.row_groups_read())
}

fn a(row: i64) -> Option<i32> {
    (row % 7 != 0).then_some((row * row * 1000 - 5000) as i32)
}

fn s(row: i64) -> Option<String> {
    (row % 5 != 0).then(|| format!("s{}", row % 4))
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    batch.column_by_name(name).unwrap().as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

fn check(name: &str, zone: chrono_tz::Tz) {
    let (batch, _) = read(name, ReadOptions { batch_rows: 13, ..ReadOptions::default() });
    assert_eq!(batch.num_rows() as i64, ROWS);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    assert_eq!(
        column("a").as_primitive::<Int32Type>().iter().collect::<Vec<_>>(),
        (0..ROWS).map(a).collect::<Vec<_>>()
    );
    assert_eq!(texts(&batch, "s"), (0..ROWS).map(s).collect::<Vec<_>>());
    assert_eq!(texts(&batch, "v"), (0..ROWS).map(|row| Some(format!("v{row}"))).collect::<Vec<_>>());
    let decimals = column("d").as_primitive::<Decimal128Type>();
    assert_eq!(decimals.values()[..], (0..ROWS).map(|row| i128::from(row * 12345 - 300_000)).collect::<Vec<_>>());
    let days = column("dt").as_primitive::<Date32Type>();
    assert_eq!(days.values()[..], (0..ROWS).map(|row| (row * 100 - 3000) as i32).collect::<Vec<_>>());
    for row in 0..ROWS {
        check_times(&batch, row, zone);
        check_union(&batch, row);
        check_list_and_map(&batch, row);
    }
}

fn check_times(batch: &RecordBatch, row: i64, zone: chrono_tz::Tz) {
    let value =
        |name: &str| batch.column_by_name(name).unwrap().as_primitive::<TimestampNanosecondType>().value(row as usize);
    let nanos = row * 8_640_001_000_000_000 + row * 1_001_000;
    assert_eq!(value("ti"), nanos, "row {row}");
    let seconds = nanos.div_euclid(1_000_000_000);
    let ahead = zone.timestamp_opt(seconds, 0).unwrap().offset().fix().local_minus_utc();
    assert_eq!(value("ts"), nanos + i64::from(ahead) * 1_000_000_000, "row {row}");
}

fn check_union(batch: &RecordBatch, row: i64) {
    let value = batch.column_by_name("u").unwrap().as_union().value(row as usize);
    if row % 11 == 0 {
        assert!(value.is_null(0));
    } else if row % 3 == 0 {
        assert_eq!(value.as_primitive::<Int32Type>().value(0), row as i32);
    } else {
        assert_eq!(value.as_string::<i32>().value(0), format!("u{row}"));
    }
}

fn check_list_and_map(batch: &RecordBatch, row: i64) {
    let lists = batch.column_by_name("l").unwrap().as_list::<i32>();
    assert_eq!(lists.is_null(row as usize), row % 6 == 0);
    let list = lists.value(row as usize);
    let elements = list.as_struct();
    assert_eq!(elements.len() as i64, if row % 6 == 0 { 0 } else { row % 4 });
    for k in 0..elements.len() {
        assert_eq!(elements.is_null(k), k == 2);
        if k != 2 {
            assert_eq!(elements.column(0).as_primitive::<Float64Type>().value(k), k as f64 + 0.5);
            assert_eq!(elements.column(1).as_primitive::<Int8Type>().value(k), k as i8);
        }
    }
    let pairs = batch.column_by_name("m").unwrap().as_map().value(row as usize);
    let keys: Vec<_> = pairs.column(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect();
    assert_eq!(keys, (0..row % 3).map(|k| format!("k{k}")).collect::<Vec<_>>());
    assert_eq!(
        pairs.column(1).as_primitive::<Int64Type>().values()[..],
        (0..row % 3).map(|k| row * k).collect::<Vec<_>>()
    );
}

#[test]
fn every_kind_of_value_reads_as_it_was_written() {
    check("zlib-los-angeles.orc", chrono_tz::America::Los_Angeles);
    check("zstd-berlin.orc", chrono_tz::Europe::Berlin);
}

#[test]
fn the_first_encodings_read() {
    let (_, metadata) = open("format-0.11.orc");
    assert_eq!((metadata.format_version(), metadata.compression()), (&[0, 11][..], CompressionKind::Lz4));
    let (batch, _) = read("format-0.11.orc", ReadOptions::default());
    assert_eq!(
        batch.column(0).as_primitive::<Int32Type>().iter().collect::<Vec<_>>(),
        (0..ROWS).map(a).collect::<Vec<_>>()
    );
    assert_eq!(texts(&batch, "s"), (0..ROWS).map(s).collect::<Vec<_>>());
    assert_eq!(texts(&batch, "v"), (0..ROWS).map(|row| Some(format!("v{row}"))).collect::<Vec<_>>());
}

#[test]
fn bloom_filters_and_statistics_of_others_leave_out_row_groups() {
    let count = |column: &str, value: &str| {
        let predicate = Some(Predicate::compare(column, CompareOp::Eq, Scalar::from(value)));
        let (batch, groups) = read("bloom.orc", ReadOptions { predicate, exact: true, ..ReadOptions::default() });
        (batch.num_rows(), groups)
    };
    // Between `s1` and `s2`: only the bloom filters know.
    assert_eq!(count("s", "s15"), (0, 0));
    assert_eq!(count("s", "s2"), (12, 6));
    // Without a bloom filter: the group of `v30` to `v39`, and that of `v0` to `v9`, which it lies between.
    assert_eq!(count("v", "v37"), (1, 2));
}
