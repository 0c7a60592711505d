//! Delivery against a bare loop that parses the same records and compresses them, on one core and without a disk.
//!
//! What is timed is all of delivery: reading the journal, routing, hashing, compressing, syncing the staged files, three
//! catalog transactions, and the put into a local folder, which syncs again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use opentrail_bench::{machine, median, record, time};
use opentrail_blob::{Blob, Folder, ObjectStoreBuckets};
use opentrail_catalog::{Catalog, Vault};
use opentrail_delivery::{Delivery, DeliveryParts, FreshKeys, Options};
use opentrail_journal::{Category, Entry, Envelope, Journal, Origin};
use opentrail_model::{AdvancedEventSelector, Selectors, Trail};
use opentrail_stdx::{SystemClock, SystemDisk, SystemEntropy, Timestamp};

const ACCOUNT: &str = "123456789012";
const ROUNDS: usize = 5;

fn bare(records: &[Vec<u8>]) -> (Duration, usize) {
    let (took, body) = time(|| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        for record in records {
            let _: serde::de::IgnoredAny = serde_json::from_slice(record).expect("JSON");
            gzip.write_all(record).expect("memory");
        }
        gzip.finish().expect("memory")
    });
    (took, body.len())
}

async fn delivery(dir: &Path, records: &[Vec<u8>]) -> (Duration, Duration) {
    let disk = Arc::new(SystemDisk);
    let clock = Arc::new(SystemClock);
    let entropy = Arc::new(SystemEntropy);
    let journal =
        Journal::open(Arc::clone(&disk) as _, dir.join("journal"), Default::default(), Arc::clone(&clock) as _);
    let journal = journal.expect("opens");
    let envelope = Envelope {
        account: ACCOUNT.into(),
        region: "us-east-1".into(),
        category: Category::Data,
        origin: Origin::Call,
        arrived_at: Timestamp::from_secs(1),
    };
    for batch in records.chunks(1000) {
        let entry = |record: &Vec<u8>| Entry { envelope: envelope.clone(), record: record.clone().into() };
        journal.append(batch.iter().map(entry).collect()).await.expect("a healthy disk").into_inner();
    }
    let catalog = Catalog::open(&dir.join("catalog.db"), Default::default()).await.expect("opens");
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.insert_trail(&trail(), 0).await.expect("inserts");
    transaction.commit().await.expect("commits");
    let bucket: Arc<dyn Blob> = Arc::new(Folder::new(Arc::clone(&disk) as _, dir.join("bucket")));
    let vault = Vault::open(&*disk, &dir.join("master.key"), Arc::clone(&entropy) as _).expect("opens");
    let mut delivery = Delivery::new(DeliveryParts {
        journal: Arc::new(journal.clone()),
        catalog,
        buckets: Arc::new(ObjectStoreBuckets::new().with("logs", bucket)),
        disk,
        staging_dir: PathBuf::from(dir).join("staging"),
        vault,
        keys: Arc::new(FreshKeys),
        clock,
        entropy,
        options: Options::default(),
    });
    let (start, spent) = (std::time::Instant::now(), cpu());
    let report = delivery.drain().await.expect("delivers");
    let took = (start.elapsed(), cpu().saturating_sub(spent));
    assert_eq!(report.records_staged, records.len() as u64);
    assert_eq!(report.log_files_delivered, report.log_files_staged);
    journal.close().await;
    took
}

fn trail() -> Trail {
    let everything = AdvancedEventSelector { name: None, field_selectors: Vec::new() };
    Trail {
        arn: format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/bench").parse().expect("valid"),
        bucket: "logs".into(),
        prefix: None,
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: true,
        log_file_validation: false,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: true,
        selectors: Selectors::Advanced(vec![everything]),
        has_custom_event_selectors: true,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: true,
        started_at: None,
        stopped_at: None,
        chain_started_at: None,
        created_at: Timestamp::from_secs(0),
    }
}

/// CPU time of this process, all threads, user and system, in steps of a hundredth of a second. On a machine that others
/// use, too, it tells more than the wall's clock.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(ticks * 10)
}

fn main() {
    println!("{}", machine());
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000_u64);
    let records: Vec<Vec<u8>> = (0..count).map(record).collect();
    let bytes: usize = records.iter().map(Vec::len).sum();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    let (mut bares, mut deliveries, mut compressed) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()], 0);
    for _ in 0..ROUNDS {
        let spent = cpu();
        let (took, size) = bare(&records);
        bares[0].push(took);
        bares[1].push(cpu().saturating_sub(spent));
        compressed = size;
        let dir = tempfile::tempdir().expect("a folder");
        let (took, spent) = runtime.block_on(delivery(dir.path(), &records));
        deliveries[0].push(took);
        deliveries[1].push(spent);
    }
    let ([bare, bare_cpu], [ours, ours_cpu]) = (bares.map(median), deliveries.map(median));
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    let rate = |took: Duration| count as f64 / took.as_secs_f64();
    println!("{count} records, {bytes} bytes, {compressed} compressed; median of {ROUNDS}");
    println!("                                    by the wall   by CPU time (records/s)");
    println!("parse + gzip, one core, memory   {:>14.0} {:>13.0}", rate(bare), rate(bare_cpu));
    println!("delivery, journal to bucket      {:>14.0} {:>13.0}", rate(ours), rate(ours_cpu));
    println!(
        "ratio                            {:>14.2} {:>13.2}",
        rate(ours) / rate(bare),
        rate(ours_cpu) / rate(bare_cpu)
    );
}
