//! The same on the machine's own file system.

use std::sync::Arc;

use opentrail_journal::{Category, Entry, Envelope, Journal, Log, OpenError, Options, Origin, Position};
use opentrail_stdx::{SystemClock, SystemDisk, Timestamp};

use crate::world::read_all;

const OPTIONS: Options = Options {
    segment_bytes_max: 40_000,
    record_bytes_max: 1 << 20,
    batch_bytes_max: 8 << 20,
    queue_bytes_max: 8 << 20,
};

fn open(dir: &std::path::Path) -> Result<Log, OpenError> {
    Log::open(Arc::new(SystemDisk), dir.join("journal"), OPTIONS, Arc::new(SystemClock))
}

fn entry(number: usize) -> Entry {
    let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
    let (category, arrived_at) = (Category::Data, Timestamp::from_secs(1));
    let envelope = Envelope { account, region, category, origin: Origin::Call, arrived_at };
    let record = format!("{{\"number\":{number},\"text\":\"{}\"}}", number.to_string().repeat(number % 300));
    Entry { envelope, record: record.into() }
}

#[test]
fn records_survive_restarts_and_are_trimmed_by_whole_files() {
    let dir = tempfile::tempdir().expect("a place for files");
    let all: Vec<_> = (0..600).map(entry).collect();
    for chunk in all.chunks(200) {
        let mut log = open(dir.path()).expect("healthy");
        for batch in chunk.chunks(7) {
            log.append(batch).expect("healthy").into_inner();
        }
    }
    let mut log = open(dir.path()).expect("healthy");
    let found = read_all(&log, Position(0)).expect("healthy");
    assert!(found.iter().map(|(_, entry)| entry).eq(&all));
    let files = || std::fs::read_dir(dir.path().join("journal")).expect("there").count();
    let before = files();
    log.trim(Position(400)).expect("healthy");
    assert!(files() < before && log.start() <= Position(400) && log.start() > Position(0));
    let rest = read_all(&log, Position(400)).expect("healthy");
    assert!(rest.iter().map(|(_, entry)| entry).eq(&all[400..]));
}

#[test]
fn two_can_not_have_it_open() {
    let dir = tempfile::tempdir().expect("a place for files");
    let log = open(dir.path()).expect("free");
    let error = open(dir.path()).expect_err("in use");
    assert!(error.to_string().contains("in use by another process"), "{error}");
    drop(log);
    open(dir.path()).expect("free again");
}

#[test]
fn a_torn_tail_is_cut_and_the_journal_goes_on() {
    let dir = tempfile::tempdir().expect("a place for files");
    let mut log = open(dir.path()).expect("free");
    for number in 0..3 {
        log.append(&[entry(number)]).expect("healthy").into_inner();
    }
    drop(log);
    let file = std::fs::read_dir(dir.path().join("journal")).expect("there").map(|it| it.expect("there").path());
    let file = file.filter(|it| it.extension().is_some_and(|it| it == "journal")).max().expect("one");
    let whole = std::fs::read(&file).expect("there");
    std::fs::write(&file, &whole[..whole.len() - 1]).expect("writable");
    let mut log = open(dir.path()).expect("torn, not corrupt");
    assert_eq!(log.end(), Position(2));
    assert_eq!(log.append(&[entry(9)]).expect("healthy").into_inner(), 2..3);
    let found = read_all(&log, Position(0)).expect("healthy");
    assert!(found.into_iter().map(|(_, entry)| entry).eq([0, 1, 9].map(entry)));
}

#[tokio::test]
async fn the_handle_works_on_real_files() {
    let dir = tempfile::tempdir().expect("a place for files");
    let open = || Journal::open(Arc::new(SystemDisk), dir.path().join("a/b"), OPTIONS, Arc::new(SystemClock));
    let journal = open().expect("free");
    journal.append(vec![entry(1), entry(2)]).await.expect("healthy").into_inner();
    journal.close().await;
    let journal = open().expect("free again");
    assert_eq!(journal.end(), Position(2));
    assert_eq!(journal.read(Position(1), 1).await.expect("healthy"), [(Position(1), entry(2))]);
}
