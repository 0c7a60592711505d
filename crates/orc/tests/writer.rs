//! What the writer promises beside the values: statistics, bounds, refusals, memory.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use arrow_array::*;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use opentrail_orc::{ColumnPath, Compression, Error, Metadata, Scalar, Writer, WriterOptions};
use std::io::{self, Write};
use std::sync::Arc;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn texts(texts: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

fn write(batch: &RecordBatch, options: WriterOptions) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(Vec::new(), batch.schema(), options)?;
    writer.write(batch)?;
    Ok(writer.finish()?.0)
}

fn refusal(column: ArrayRef) -> String {
    write(&batch(vec![("a", column)]), WriterOptions::default()).unwrap_err().to_string()
}

#[test]
fn statistics_of_the_file_and_its_stripes() {
    let numbers: ArrayRef =
        Arc::new(Int64Array::from_iter((0..10_000).map(|row| (row % 10 > 0).then_some(row - 5000))));
    let names = texts((0..10_000).map(|row| format!("name {row:05}")));
    let options = WriterOptions { stripe_bytes: 40_000, row_index_stride: 1000, ..WriterOptions::default() };
    let file = write(&batch(vec![("number", numbers), ("name", names)]), options).unwrap();
    let metadata = Metadata::read(&file).unwrap();
    let all = metadata.file_statistics(&"number".into()).unwrap();
    assert_eq!((all.values, all.has_null), (Some(9000), true));
    assert_eq!((all.minimum, all.maximum), (Some(Scalar::Int(-4999)), Some(Scalar::Int(4999))));
    assert!(metadata.stripes().len() > 1, "{} stripes", metadata.stripes().len());
    let last = metadata.stripe_statistics(metadata.stripes().len() - 1, &"name".into()).unwrap();
    assert_eq!(last.maximum, Some(Scalar::Text("name 09999".to_owned())));
    let rows: u64 = metadata.stripes().iter().map(|stripe| stripe.rows).sum();
    assert_eq!(rows, 10_000);
}

#[test]
fn what_orc_can_not_hold_is_refused_with_its_row() {
    let great: ArrayRef = Arc::new(UInt64Array::from(vec![0, u64::MAX]));
    let problem = "column `a`, row 1: 18446744073709551615 is above 9223372036854775807, the greatest bigint";
    assert_eq!(refusal(great), problem);
    let lost: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![-1001, 0, -1]));
    assert!(refusal(lost).starts_with("column `a`, row 2: ORC has no time between 1969-12-31T23:59:59.001Z and 1970"));
    let far: ArrayRef = Arc::new(TimestampSecondArray::from(vec![i64::MAX]));
    assert!(refusal(far).contains("outside of what ORC's milliseconds hold"));
    let long: ArrayRef = Arc::new(Decimal128Array::from(vec![1234]).with_precision_and_scale(3, 1).unwrap());
    assert_eq!(refusal(long), "column `a`, row 0: 1234 has more than 3 digits");
    let fine: ArrayRef = Arc::new(UInt64Array::from(vec![None, Some(i64::MAX as u64)]));
    assert!(write(&batch(vec![("a", fine)]), WriterOptions::default()).is_ok());
}

#[test]
fn types_and_options_that_do_not_fit_are_refused() {
    let none = batch(vec![("a", new_null_array(&DataType::Time32(TimeUnit::Second), 1))]);
    let error = write(&none, WriterOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    let text = batch(vec![("a", texts(["x".to_owned()]))]);
    let check = |options: WriterOptions| write(&text, options).unwrap_err().to_string();
    let default = WriterOptions::default;
    assert_eq!(check(WriterOptions { bloom_columns: vec!["b.c".into()], ..default() }), "unknown column `b.c`");
    assert!(check(WriterOptions { bloom_fpp: 1.0, ..default() }).contains("between 0 and 1"));
    assert!(check(WriterOptions { compression_block_bytes: 1, ..default() }).contains("must be 1024 to 8388607 bytes"));
    let root = WriterOptions { bloom_columns: vec![ColumnPath::root()], ..default() };
    assert!(check(root).contains("has no bloom filter"));
    let unindexed = WriterOptions { bloom_columns: vec!["a".into()], row_index_stride: 0, ..default() };
    assert!(check(unindexed).contains("`row_index_stride` above 0"));
}

#[test]
fn a_batch_of_another_schema_leaves_the_file_as_it_was() {
    let good = batch(vec![("a", texts(["x".to_owned()]))]);
    let other = batch(vec![("a", Arc::new(Int8Array::from(vec![1])))]);
    let mut writer = Writer::new(Vec::new(), good.schema(), WriterOptions::default()).unwrap();
    let error = writer.write(&other).unwrap_err().to_string();
    assert_eq!(error, "the batch doesn't fit the writer's schema: column `a` of `Int8` instead of `a` of `Utf8`");
    writer.write(&good).unwrap();
    assert_eq!(writer.finish().unwrap().1.rows, 1);
}

/// A disk that is full after some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| io::Error::from(io::ErrorKind::StorageFull))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_wherever_it_is_met() {
    let rows = batch(vec![("a", texts((0..3000).map(|row| format!("{row}"))))]);
    let options = WriterOptions { stripe_bytes: 5000, ..WriterOptions::default() };
    let bytes = write(&rows, options.clone()).unwrap().len();
    for room in (0..bytes).step_by(97) {
        let outcome = Writer::new(Full(room), rows.schema(), options.clone()).and_then(|mut writer| {
            writer.write(&rows)?;
            writer.finish().map(|_| ())
        });
        assert!(matches!(outcome, Err(Error::Io { .. })), "room for {room}: {outcome:?}");
    }
}

#[test]
fn memory_stays_within_a_few_stripes_bytes() {
    let schema =
        Arc::new(Schema::new(vec![Field::new("a", DataType::Utf8, true), Field::new("b", DataType::Utf8, true)]));
    let stripe_bytes = 1 << 20;
    let options = WriterOptions {
        stripe_bytes,
        compression: Compression::Lz4,
        direct_columns: vec!["b".into()],
        ..WriterOptions::default()
    };
    let mut writer = Writer::new(io::sink(), Arc::clone(&schema), options).unwrap();
    let mut most = 0;
    for start in (0..100_000u64).step_by(1000) {
        let unique = |row: u64| format!("{:016x}", row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let columns = vec![
            texts((start..start + 1000).map(|row| format!("{}", row % 70))),
            texts((start..start + 1000).map(unique)),
        ];
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns).unwrap()).unwrap();
        most = most.max(writer.memory_bytes());
    }
    let (_, summary) = writer.finish().unwrap();
    assert!(summary.stripes > 1, "{summary:?}");
    assert!(most < 3 * stripe_bytes, "{most} bytes");
}
