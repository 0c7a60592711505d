//! The journal against a bare loop that appends the same records' bytes to a file and calls fdatasync.
//!
//! The loop gets the grouping for free: with 64 hands it writes 64 batches at once, as if group commit cost nothing.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use opentrail_bench::{machine, median, record, time};
use opentrail_journal::{Category, Entry, Envelope, Journal, Log, Options, Origin};
use opentrail_stdx::{SystemClock, SystemDisk, Timestamp};

const ROUNDS: usize = 7;

fn entries(count: u64) -> Vec<Entry> {
    let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
    let (category, arrived_at) = (Category::Data, Timestamp::from_secs(1));
    let envelope = Envelope { account, region, category, origin: Origin::Call, arrived_at };
    (0..count).map(|number| Entry { envelope: envelope.clone(), record: record(number).into() }).collect()
}

fn bare(dir: &Path, groups: &[Vec<u8>]) -> Duration {
    let mut file = File::create(dir.join("bare")).expect("space");
    file.sync_all().expect("a healthy disk");
    let (took, ()) = time(|| {
        for group in groups {
            file.write_all(group).expect("space");
            file.sync_data().expect("a healthy disk");
        }
    });
    took
}

fn log(dir: &Path, batches: &[&[Entry]]) -> (Duration, u64) {
    let mut log =
        Log::open(Arc::new(SystemDisk), dir.join("log"), Options::default(), Arc::new(SystemClock)).expect("opens");
    let (took, ()) = time(|| {
        for batch in batches {
            log.append(batch).expect("a healthy disk").into_inner();
        }
    });
    (took, batches.len() as u64)
}

fn journal(dir: &Path, batches: &[&[Entry]], hands: usize) -> (Duration, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("threads");
    let journal = Journal::open(Arc::new(SystemDisk), dir.join("journal"), Options::default(), Arc::new(SystemClock))
        .expect("opens");
    // Each hand takes every n-th batch; cloning is kept out of the time.
    let work: Vec<Vec<Vec<Entry>>> =
        (0..hands).map(|hand| batches.iter().skip(hand).step_by(hands).map(|batch| batch.to_vec()).collect()).collect();
    let (took, ()) = time(|| {
        runtime.block_on(async {
            let hands: Vec<_> = work
                .into_iter()
                .map(|batches| {
                    let journal = journal.clone();
                    tokio::spawn(async move {
                        for batch in batches {
                            journal.append(batch).await.expect("a healthy disk").into_inner();
                        }
                    })
                })
                .collect();
            for hand in hands {
                hand.await.expect("no panic");
            }
        });
    });
    (took, journal.stats().commits)
}

fn compare(dir: &Path, hands: usize, per_batch: usize, records: u64) {
    let entries = entries(records);
    let batches: Vec<&[Entry]> = entries.chunks(per_batch).collect();
    let bytes: usize = entries.iter().map(|entry| entry.record.len()).sum();
    let groups: Vec<Vec<u8>> = batches
        .chunks(hands)
        .map(|group| {
            group.iter().flat_map(|batch| batch.iter()).flat_map(|entry| entry.record.iter().copied()).collect()
        })
        .collect();
    let (mut bares, mut ours, mut fsyncs) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let fresh = tempfile::tempdir_in(dir).expect("space");
        bares.push(bare(fresh.path(), &groups));
        let (took, commits) =
            if hands == 1 { log(fresh.path(), &batches) } else { journal(fresh.path(), &batches, hands) };
        ours.push(took);
        fsyncs = commits;
    }
    let (bare, ours) = (median(bares), median(ours));
    let rate = |took: Duration| records as f64 / took.as_secs_f64() / 1000.0;
    println!(
        "| {} | {hands} | {per_batch} | {} | {:.1} | {:.1} | {:.1} | {} / {fsyncs} | **{:.0} %** |",
        if hands == 1 { "Log" } else { "Journal" },
        bytes / batches.len(),
        rate(bare),
        rate(ours),
        bytes as f64 / ours.as_secs_f64() / 1e6,
        groups.len(),
        100.0 * bare.as_secs_f64() / ours.as_secs_f64(),
    );
}

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let dir = Path::new(&dir);
    let hands_only = std::env::args().nth(2).map(|text| text.parse().expect("a number of hands"));
    println!("{}; opentrail-journal {}, median of {ROUNDS}", machine(), env!("CARGO_PKG_VERSION"));
    println!(
        "| what | hands | records per append | bytes per append | bare loop, k records/s | ours, k records/s | ours, MB/s | fsyncs, bare / ours | ours ÷ bare |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (hands, per_batch, records) in [
        (1, 1, 2_000),
        (1, 10, 10_000),
        (1, 100, 50_000),
        (1, 1000, 100_000),
        (8, 1000, 200_000),
        (64, 1, 50_000),
        (64, 10, 100_000),
        (64, 100, 200_000),
    ] {
        if hands_only.is_none_or(|only: usize| only == hands) {
            compare(dir, hands, per_batch, records);
        }
    }
}
