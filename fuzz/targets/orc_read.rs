//! Any bytes read as an ORC file, and good files with some bytes changed: an error or batches, within bounds.
#![no_main]

use std::sync::{Arc, OnceLock};

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray,
};
use libfuzzer_sys::fuzz_target;
use opentrail_orc::{
    CompareOp, Compression, Error, Metadata, Predicate, ReadOptions, Reader, Scalar, TextPattern, Writer, WriterOptions,
};

fuzz_target!(|bytes: &[u8]| {
    let _ = match bytes.split_first() {
        // A good file, with the rest as changes: where, and what to.
        Some((which @ 0..=3, changes)) => {
            let mut file = good_files()[usize::from(*which)].clone();
            for change in changes.as_chunks::<3>().0 {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
                file[at] = change[2];
            }
            read_all(&file)
        }
        _ => read_all(&bytes.to_vec()),
    };
});

fn good_files() -> &'static Vec<Vec<u8>> {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let compressions =
        [Compression::None, Compression::Zlib { level: 6 }, Compression::Snappy, Compression::Zstd { level: 3 }];
    FILES.get_or_init(|| compressions.into_iter().map(good_file).collect())
}

fn good_file(compression: Compression) -> Vec<u8> {
    let count = 60;
    let mut lists = ListBuilder::new(StringBuilder::new());
    (0..count).for_each(|row| lists.append_option((row % 3 > 0).then(|| vec![Some("x"), None, Some("yy")])));
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(Int64Array::from_iter((0..count).map(|row| (row % 7 > 0).then_some(row * row * 1001))))),
        ("t", Arc::new(StringArray::from_iter((0..count).map(|row| (row % 5 > 0).then(|| format!("v{}", row % 9)))))),
        ("f", Arc::new(Float64Array::from_iter_values((0..count).map(|row| row as f64 / 3.0)))),
        ("b", Arc::new(BooleanArray::from_iter((0..count).map(|row| Some(row % 4 == 0))))),
        ("at", Arc::new(TimestampNanosecondArray::from_iter_values((0..count).map(|row| row * 1_000_000_007)))),
        ("l", Arc::new(lists.finish())),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let options = WriterOptions {
        compression,
        compression_block_bytes: 1024,
        row_index_stride: 16,
        bloom_columns: vec!["t".into()],
        ..WriterOptions::default()
    };
    let mut writer = Writer::new(Vec::new(), batch.schema(), options).expect("sound options");
    writer.write(&batch).expect("memory takes it");
    writer.finish().expect("memory takes it").0
}

fn read_all(file: &Vec<u8>) -> Result<(), Error> {
    let metadata = Metadata::read(file)?;
    let some = Predicate::Or(vec![
        Predicate::compare("t", CompareOp::Eq, Scalar::from("v3")),
        Predicate::compare("id", CompareOp::Lt, Scalar::Int(50_000)),
    ]);
    let like = Predicate::Like { column: "t".into(), pattern: TextPattern::new("%v%") };
    for (predicate, dictionaries) in [(None, vec![]), (Some(some), vec![]), (Some(like), vec!["t".into()])] {
        let exact = predicate.is_some();
        let options = ReadOptions { predicate, exact, dictionaries, memory_bytes: 1 << 25, ..ReadOptions::default() };
        let Ok(reader) = Reader::new(file, metadata.clone(), options) else { continue };
        for batch in reader.take(100) {
            batch?;
        }
    }
    if metadata.rows() < 1 << 20 {
        metadata.locate_values(file, &"t".into())?;
    }
    Ok(())
}
