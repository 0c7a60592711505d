//! Writes a file with a column of every kind, nulls in all of them, for other readers to be tried on.
//!
//! `cargo run -p opentrail-orc --example every_type -- FILE [none|zlib|snappy|lz4|zstd] [ROWS] [without-union]`
//! (Spark reads no file with a union in it.)
//!
//! Values follow from the row's number alone, so that whoever reads the file can check them.

use arrow_array::builder::{
    BinaryBuilder, Decimal128Builder, Int64Builder, ListBuilder, MapBuilder, StringBuilder, StringDictionaryBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::*;
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields, Schema, UnionFields};
use opentrail_orc::{Compression, Writer, WriterOptions};
use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::ops::Range;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("name the file to be written")?;
    let compression = match args.next().as_deref() {
        Some("none") => Compression::None,
        Some("zlib") => Compression::Zlib { level: 6 },
        Some("snappy") => Compression::Snappy,
        Some("lz4") => Compression::Lz4,
        Some("zstd") | None => Compression::Zstd { level: 3 },
        Some(other) => return Err(format!("unknown codec `{other}`").into()),
    };
    let rows: i64 = args.next().map_or(Ok(25_000), |rows| rows.parse())?;
    let has_union = args.next().as_deref() != Some("without-union");
    let options = WriterOptions {
        compression,
        compression_block_bytes: 64 << 10,
        stripe_bytes: 1 << 20,
        bloom_columns: ["id", "text", "nested.name", "list.element", "decimal", "time"].map(Into::into).to_vec(),
        direct_columns: vec!["plain".into()],
        metadata: vec![("made.by".to_owned(), b"every_type".to_vec())],
        ..WriterOptions::default()
    };
    let mut writer = Writer::new(BufWriter::new(File::create(path)?), batch(0..1, has_union)?.schema(), options)?;
    for start in (0..rows).step_by(3000) {
        writer.write(&batch(start..(start + 3000).min(rows), has_union)?)?;
    }
    writer.finish()?;
    Ok(())
}

/// Every seventh row is null, where the column has nulls.
fn value<T>(row: i64, value: T) -> Option<T> {
    (row % 7 != 3).then_some(value)
}

fn column<A: Array + FromIterator<Option<T>> + 'static, T>(rows: &Range<i64>, make: impl Fn(i64) -> T) -> ArrayRef {
    Arc::new(rows.clone().map(|row| value(row, make(row))).collect::<A>())
}

fn batch(rows: Range<i64>, has_union: bool) -> Result<RecordBatch, Box<dyn Error>> {
    let rows = &rows;
    let zoned: TimestampMillisecondArray =
        rows.clone().map(|row| value(row, row * 86_400_123 - 1_000_000_000_000)).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from_iter_values(rows.clone()))),
        ("boolean", column::<BooleanArray, _>(rows, |row| row % 3 == 0)),
        ("byte", column::<Int8Array, _>(rows, |row| row as i8)),
        ("short", column::<Int16Array, _>(rows, |row| row as i16)),
        ("int", column::<Int32Array, _>(rows, |row| (row * 7919 % 1_000_003) as i32)),
        ("long", column::<Int64Array, _>(rows, |row| row.wrapping_mul(0x9e37_79b9_7f4a_7c15u64 as i64))),
        ("spiky", column::<Int64Array, _>(rows, |row| if row % 50 == 0 { row * 1_000_000_007 } else { row % 100 })),
        ("unsigned", column::<UInt32Array, _>(rows, |row| row as u32 + (1 << 31))),
        ("float", column::<Float32Array, _>(rows, |row| row as f32 / 4.0)),
        ("double", column::<Float64Array, _>(rows, |row| row as f64 / 8.0)),
        ("text", column::<StringArray, _>(rows, |row| format!("text {}", row % 1000))),
        ("plain", column::<LargeStringArray, _>(rows, |row| format!("a plain väluе {row}"))),
        ("unique", column::<StringViewArray, _>(rows, |row| format!("unique {row:032}"))),
        ("looked_up", looked_up(rows)),
        ("binary", binaries(rows)),
        ("date", column::<Date32Array, _>(rows, |row| row as i32 * 3 - 30_000)),
        ("time", column::<TimestampNanosecondArray, _>(rows, |row| row * 1_000_003_000_007 - 9_000_000_000_000_000)),
        ("micros", column::<TimestampMicrosecondArray, _>(rows, |row| row * 1_000_003 + 1_500_000_000_000_000)),
        ("instant", Arc::new(zoned.with_timezone("UTC"))),
        ("decimal", decimals(rows)?),
        ("list", lists(rows)),
        ("map", maps(rows)?),
        ("nested", nested(rows)),
        ("nothing", new_null_array(&DataType::Utf8, (rows.end - rows.start) as usize)),
    ];
    if has_union {
        columns.push(("either", unions(rows)?));
    }
    let mut fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let mut arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, array)| array).collect();
    for (name, kind) in [("varchar", "varchar(12)"), ("char", "char(8)")] {
        let metadata = HashMap::from([("orc.type".to_owned(), kind.to_owned())]);
        fields.push(Field::new(name, DataType::Utf8, true).with_metadata(metadata));
        arrays.push(column::<StringArray, _>(rows, |row| format!("ä{}", row % 2000)));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

fn looked_up(rows: &Range<i64>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    rows.clone().for_each(|row| builder.append_option(value(row, format!("region-{}", row % 17))));
    Arc::new(builder.finish())
}

fn binaries(rows: &Range<i64>) -> ArrayRef {
    let mut builder = BinaryBuilder::new();
    rows.clone().for_each(|row| builder.append_option(value(row, vec![row as u8; row as usize % 5])));
    Arc::new(builder.finish())
}

fn decimals(rows: &Range<i64>) -> Result<ArrayRef, Box<dyn Error>> {
    let mut builder = Decimal128Builder::new().with_precision_and_scale(38, 3)?;
    rows.clone()
        .for_each(|row| builder.append_option(value(row, i128::from(row - 5000) * 10_i128.pow(20) + i128::from(row))));
    Ok(Arc::new(builder.finish()))
}

fn lists(rows: &Range<i64>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for row in rows.clone() {
        (0..row % 4).for_each(|item| builder.values().append_option(value(row + item, format!("item {item}"))));
        builder.append(value(row, ()).is_some());
    }
    Arc::new(builder.finish())
}

fn maps(rows: &Range<i64>) -> Result<ArrayRef, Box<dyn Error>> {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    for row in rows.clone() {
        for item in 0..row % 3 {
            builder.keys().append_value(format!("key {item}"));
            builder.values().append_option(value(row + item, row * item));
        }
        builder.append(value(row, ()).is_some())?;
    }
    Ok(Arc::new(builder.finish()))
}

fn nested(rows: &Range<i64>) -> ArrayRef {
    let inner_fields = Fields::from(vec![Field::new("deep", DataType::Int64, true)]);
    let deep = column::<Int64Array, _>(rows, |row| row * 2);
    let inner_nulls = NullBuffer::from_iter(rows.clone().map(|row| row % 5 != 0));
    let inner = StructArray::new(inner_fields.clone(), vec![deep], Some(inner_nulls));
    let fields = Fields::from(vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("inner", DataType::Struct(inner_fields), true),
    ]);
    let names = column::<StringArray, _>(rows, |row| format!("name {}", row % 300));
    let nulls = NullBuffer::from_iter(rows.clone().map(|row| row % 11 != 0));
    Arc::new(StructArray::new(fields, vec![names, Arc::new(inner)], Some(nulls)))
}

fn unions(rows: &Range<i64>) -> Result<ArrayRef, Box<dyn Error>> {
    let fields =
        UnionFields::try_new([0, 1], [Field::new("0", DataType::Int64, true), Field::new("1", DataType::Utf8, true)])?;
    let tags: ScalarBuffer<i8> = rows.clone().map(|row| (row % 2) as i8).collect();
    let numbers = column::<Int64Array, _>(rows, |row| row);
    let texts = column::<StringArray, _>(rows, |row| format!("either {row}"));
    Ok(Arc::new(UnionArray::try_new(fields, tags, None, vec![numbers, texts])?))
}
