//! Reading from an object store equals reading from a disk, with few requests.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by unwrapping")]

#[allow(dead_code, reason = "what a predicate says of a row is for other tests")]
mod support;

use std::sync::Arc;

use arrow_array::RecordBatch;
use futures::executor::block_on;
use futures::{StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use opentrail_orc::object_store::{AsyncReader, read_metadata};
use opentrail_orc::{Error, Metadata, ReadOptions, Reader, WriterOptions};
use support::{Dice, file, predicate, rows};

#[test]
fn answers_are_those_of_the_reader_of_files() {
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let rows = rows(&mut dice);
        let options = WriterOptions { row_index_stride: 50, stripe_bytes: 40_000, ..WriterOptions::default() };
        let file = file(&rows, &mut dice, options);
        let predicate = Some(predicate(&mut dice, &rows, 2));
        let options = ReadOptions { predicate, exact: seed % 2 == 0, batch_rows: 333, ..ReadOptions::default() };
        let here: Result<Vec<RecordBatch>, Error> =
            Reader::new(&file, Metadata::read(&file).unwrap(), options.clone()).unwrap().collect();
        let there = block_on(async {
            let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            let path = Path::from("a.orc");
            store.put(&path, file.clone().into()).await.unwrap();
            let metadata = read_metadata(&store, &path).await.unwrap();
            let reader = AsyncReader::new(store, path, metadata, options).unwrap();
            reader.into_stream().try_collect::<Vec<RecordBatch>>().await.unwrap()
        });
        assert_eq!(here.unwrap(), there);
    }
}

#[test]
fn what_the_store_says_is_told_once() {
    block_on(async {
        let mut dice = Dice(3);
        let rows = rows(&mut dice);
        let file = file(&rows, &mut dice, WriterOptions::default());
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let path = Path::from("gone.orc");
        assert!(matches!(read_metadata(&store, &path).await, Err(Error::Io { .. })));
        let metadata = Metadata::read(&file).unwrap();
        let reader = AsyncReader::new(store, path, metadata, ReadOptions::default()).unwrap();
        let told: Vec<_> = reader.into_stream().collect().await;
        assert!(matches!(&told[..], [Err(Error::Io { .. })]), "{told:?}");
    });
}
