//! Broken files are errors: no panic, no endless loop, no memory that the file only claims to need.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping")]

#[allow(dead_code, reason = "what a predicate says of a row is for other tests")]
mod support;

use opentrail_orc::{CompareOp, Compression, Error, Metadata, Predicate, ReadOptions, Reader, Scalar, WriterOptions};
use support::{Dice, file, rows};

fn small(compression: Compression) -> Vec<u8> {
    let mut dice = Dice(11);
    let rows = loop {
        let rows = rows(&mut dice);
        if rows.len() > 20 {
            break rows[..20].to_vec();
        }
    };
    let options = WriterOptions {
        compression,
        compression_block_bytes: 1024,
        row_index_stride: 8,
        bloom_columns: vec!["id".into()],
        bloom_fpp: 0.5,
        direct_columns: vec!["t".into()],
        ..WriterOptions::default()
    };
    file(&rows, &mut dice, options)
}

/// Reads a file in every way there is, and gives the first error.
fn read_all(file: &Vec<u8>) -> Result<(), Error> {
    let metadata = Metadata::read(file)?;
    let some = Predicate::Or(vec![
        Predicate::compare("id", CompareOp::Eq, Scalar::Int(51)),
        Predicate::compare("s.k.x", CompareOp::Lt, Scalar::Int(2)),
    ]);
    for (predicate, exact) in [(None, false), (Some(some), true)] {
        let options = ReadOptions { predicate, exact, memory_bytes: 1 << 20, ..ReadOptions::default() };
        for batch in Reader::new(file, metadata.clone(), options)?.take(1000) {
            batch?;
        }
    }
    metadata.locate_values(file, &"t".into()).map(drop)
}

#[test]
fn every_flipped_byte_is_read_or_refused() {
    for (compression, step) in [(Compression::None, 1), (Compression::Zlib { level: 6 }, 5)] {
        let good = small(compression);
        read_all(&good).unwrap();
        let mut errors = 0;
        for at in (0..good.len()).step_by(step) {
            let mut bad = good.clone();
            bad[at] ^= [0xff, 0x01, 0x80, 0x10][at % 4];
            errors += usize::from(read_all(&bad).is_err());
        }
        assert!(errors > good.len() / step / 10, "{errors} of {} flips were seen", good.len() / step);
    }
}

#[test]
fn every_cut_file_is_refused() {
    let good = small(Compression::Zstd { level: 1 });
    for length in 0..good.len() {
        assert!(read_all(&good[..length].to_vec()).is_err(), "{length} of {} bytes", good.len());
    }
}

#[test]
fn errors_have_a_place() {
    let good = small(Compression::None);
    let metadata = Metadata::read(&good).unwrap();
    let stripe = &metadata.stripes()[0];
    let mut bad = good.clone();
    let data = (stripe.offset + stripe.index_bytes) as usize;
    bad[data..data + stripe.data_bytes as usize].fill(0x5e);
    let error = read_all(&bad).unwrap_err().to_string();
    assert!(error.starts_with("corrupt ORC file at stripe 0, column "), "{error}");
    assert!(error.contains(" stream, byte "), "{error}");
    assert!(matches!(Metadata::read(&Vec::new()), Err(Error::Corrupt { .. })));
    assert!(matches!(Metadata::read(&b"hello, this is no ORC file".to_vec()), Err(Error::Corrupt { .. })));
}

#[test]
fn a_batch_takes_no_more_memory_than_it_may() {
    let good = small(Compression::None);
    let options = ReadOptions { memory_bytes: 500, ..ReadOptions::default() };
    let first = Reader::new(&good, Metadata::read(&good).unwrap(), options).unwrap().next().unwrap();
    assert!(matches!(first, Err(Error::Unsupported { .. })));
}
