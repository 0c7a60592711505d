//! The handle: many hands, bounds, health, endings.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use opentrail_journal::{
    AppendError, Category, Entry, Envelope, Health, Journal, OpenError, Options, Origin, Position,
};
use opentrail_stdx::{Disk, ManualClock, SimDisk, Timestamp};

fn entry(record: &str) -> Entry {
    let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
    let (category, arrived_at) = (Category::Management, Timestamp::from_secs(1));
    let envelope = Envelope { account, region, category, origin: Origin::Call, arrived_at };
    Entry { envelope, record: record.to_owned().into() }
}

fn open(disk: &SimDisk, options: Options) -> Result<Journal, OpenError> {
    let clock = Arc::new(ManualClock::at(Timestamp::from_secs(1)));
    Journal::open(Arc::new(disk.clone()) as Arc<dyn Disk>, PathBuf::from("/journal"), options, clock)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_hands_get_dense_positions_and_find_their_records_there() {
    let disk = SimDisk::new(1);
    let journal = open(&disk, Options { segment_bytes_max: 20_000, ..Options::default() }).expect("healthy");
    let mut changed = journal.changed();
    let hands = (0..40).map(|hand| {
        let journal = journal.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            for turn in 0..25 {
                let records = [format!("{hand}/{turn}/a"), format!("{hand}/{turn}/b")];
                let positions = journal.append(records.iter().map(|it| entry(it)).collect()).await.expect("healthy");
                assert!(journal.end().0 >= positions.get().end, "an answer implies that it can be read");
                mine.extend(positions.into_inner().zip(records));
            }
            mine
        })
    });
    let mut expected = Vec::new();
    for hand in hands.collect::<Vec<_>>() {
        expected.extend(hand.await.expect("no panic"));
    }
    expected.sort();
    assert!(expected.iter().map(|(position, _)| *position).eq(0..2000));
    changed.wait_for(|end| *end == Position(2000)).await.expect("open");

    let mut found = Vec::new();
    while found.len() < 2000 {
        let some = journal.read(Position(found.len() as u64), 5000).await.expect("healthy");
        found.extend(
            some.into_iter().map(|(position, entry)| (position.0, String::from_utf8_lossy(&entry.record).into_owned())),
        );
    }
    assert_eq!(found, expected);
    let stats = journal.stats();
    assert_eq!((stats.records, stats.queued_bytes, stats.oldest_waiting_since), (2000, 0, None));
    assert!(stats.commits <= 1000 && stats.segments > 1, "{stats:?}");

    journal.trim(Position(1000)).await.expect("healthy");
    assert!(journal.start() > Position(0) && journal.start() <= Position(1000));
    assert!(journal.read(Position(0), 10).await.is_err());
}

#[tokio::test]
async fn what_can_never_be_stored_is_refused() {
    let disk = SimDisk::new(1);
    let journal =
        open(&disk, Options { record_bytes_max: 10, batch_bytes_max: 100, ..Options::default() }).expect("healthy");
    let mut long_account = entry("x");
    long_account.envelope.account = "1".repeat(256);
    for entries in [vec![entry("12345678901")], vec![entry("1"); 20], vec![long_account]] {
        let refused = journal.append(entries).await;
        assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    }
    assert_eq!(journal.append(vec![]).await.expect("nothing to store").into_inner(), 0..0);
    assert_eq!(journal.append(vec![entry("1234567890")]).await.expect("fits").into_inner(), 0..1);
}

#[tokio::test]
async fn a_full_disk_is_told_and_passes_without_an_append() {
    let disk = SimDisk::new(1);
    let journal = open(&disk, Options::default()).expect("healthy");
    disk.set_full(true);
    let refused = journal.append(vec![entry("lost")]).await.expect_err("the disk is full");
    assert!(
        matches!(&refused, AppendError::Unavailable { source } if source.kind() == std::io::ErrorKind::StorageFull)
    );
    let Health::Failing { message, .. } = journal.health() else { panic!("{:?}", journal.health()) };
    assert!(message.contains("No space left"), "{message}");
    disk.set_full(false);
    wait_until_well(&journal).await;
    assert_eq!(journal.append(vec![entry("kept")]).await.expect("space again").into_inner(), 0..1);
    assert!(journal.stats().failures >= 1);
}

async fn wait_until_well(journal: &Journal) {
    for _ in 0..100 {
        if journal.health() == Health::Ok {
            return;
        }
        tokio::task::spawn_blocking(|| std::thread::park_timeout(Duration::from_millis(50))).await.expect("no panic");
    }
    panic!("no probe found the disk well again: {:?}", journal.health());
}

#[tokio::test]
async fn positions_go_on_after_everything_was_trimmed_and_the_disk_failed() {
    let disk = SimDisk::new(1);
    let journal = open(&disk, Options::default()).expect("healthy");
    journal.append(vec![entry("old"), entry("old")]).await.expect("healthy").into_inner();
    for _ in 0..2 {
        // The probe begins an empty segment, so that everything before it can go.
        disk.set_full(true);
        assert!(journal.append(vec![entry("lost")]).await.is_err());
        disk.set_full(false);
        wait_until_well(&journal).await;
        journal.trim(journal.end()).await.expect("healthy");
        assert_eq!((journal.start(), journal.end()), (Position(2), Position(2)));
    }
    disk.set_full(true);
    assert!(journal.append(vec![entry("lost")]).await.is_err());
    journal.close().await;
    drop(journal);
    disk.set_full(false);
    for seed in 0..10 {
        disk.crash(seed);
        let journal = open(&disk, Options::default()).expect("healthy");
        assert!(journal.end() >= Position(2), "{}", journal.end());
    }
}

#[tokio::test]
async fn a_failed_sync_is_told_and_passes_with_the_next_append() {
    let disk = SimDisk::new(1);
    let journal = open(&disk, Options::default()).expect("healthy");
    disk.set_sync_failing(true);
    assert!(matches!(journal.append(vec![entry("lost")]).await, Err(AppendError::Unavailable { .. })));
    disk.set_sync_failing(false);
    assert_eq!(journal.append(vec![entry("kept")]).await.expect("mended").into_inner(), 0..1);
    assert_eq!(journal.health(), Health::Ok);
    let found = journal.read(Position(0), 100).await.expect("healthy");
    assert_eq!(found, [(Position(0), entry("kept"))]);
}

#[tokio::test]
async fn closing_finishes_what_was_accepted_and_frees_the_folder() {
    let disk = SimDisk::new(1);
    let journal = open(&disk, Options::default()).expect("healthy");
    assert!(matches!(open(&disk, Options::default()), Err(OpenError::InUse { .. })));
    let appends: Vec<_> = (0..50).map(|n| journal.append(vec![entry(&n.to_string())])).collect();
    let (appended, ()) = tokio::join!(futures_all(appends), journal.close());
    let positions: BTreeSet<_> = appended.into_iter().flatten().map(|it| it.into_inner().start).collect();
    assert!(matches!(journal.append(vec![entry("late")]).await, Err(AppendError::Unavailable { .. })));
    drop(journal);
    let journal = open(&disk, Options::default()).expect("the folder is free");
    assert_eq!(journal.end().0, positions.len() as u64);
}

/// Polls all of them in turn until each is done.
async fn futures_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs = Vec::new();
    for future in futures {
        outputs.push(future.await);
    }
    outputs
}

#[tokio::test]
async fn dropping_the_last_handle_frees_the_folder() {
    let disk = SimDisk::new(1);
    for round in 0..3 {
        let journal = open(&disk, Options::default()).expect("free");
        assert_eq!(journal.end(), Position(round));
        journal.append(vec![entry("x")]).await.expect("healthy").into_inner();
    }
}
