//! `opentrail verify` against `aws cloudtrail validate-logs`: the same trail, the same server, the same 2,000 log files.
//!
//! Makes a data folder in which a trail has been delivering for a week, starts `opentrail serve` on it, and runs both
//! tools as a user would; then `opentrail verify` alone on a copy of the bucket, with saved keys and no server. `OPENTRAIL` and `AWS` in the environment say where they are (by default
//! `../target/release/opentrail` and `aws`).

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opentrail_bench::{machine, median, record, time};
use opentrail_catalog::{Bucket, Catalog, Vault};
use opentrail_delivery::{Delivery, DeliveryParts, FreshKeys, Options};
use opentrail_journal::{Category, Entry, Envelope, Journal, Origin};
use opentrail_model::{AdvancedEventSelector, Selectors, Trail};
use opentrail_s3::{CallSink, EmbeddedBuckets, S3Service, ServiceCall, SinkError};
use opentrail_stdx::{Clock, ManualClock, SystemClock, SystemDisk, SystemEntropy, Timestamp};

const ACCOUNT: &str = "123456789012";
const ARN: &str = "arn:aws:cloudtrail:us-east-1:123456789012:trail/bench";
const LOG_FILES: u32 = 2_000;
const RECORDS_PER_LOG_FILE: u64 = 100;
const STEP: Duration = Duration::from_secs(300);
const LISTEN: &str = "127.0.0.1:7419";

/// The bench's own deliveries aren't recorded.
#[derive(Debug)]
struct Nowhere;

#[async_trait]
impl CallSink for Nowhere {
    async fn record(&self, _call: ServiceCall) -> Result<(), SinkError> {
        Ok(())
    }
}

fn trail(started_at: Timestamp) -> Trail {
    let everything = AdvancedEventSelector { name: None, field_selectors: Vec::new() };
    Trail {
        arn: ARN.parse().expect("valid"),
        bucket: "logs".into(),
        prefix: None,
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: false,
        log_file_validation: true,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: false,
        selectors: Selectors::Advanced(vec![everything]),
        has_custom_event_selectors: true,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: true,
        started_at: Some(started_at),
        stopped_at: None,
        chain_started_at: Some(started_at),
        created_at: started_at,
    }
}

/// A data folder as a server leaves it after a week.
async fn make(dir: &Path, start: Timestamp) {
    let (disk, entropy) = (Arc::new(SystemDisk), Arc::new(SystemEntropy));
    let clock = Arc::new(ManualClock::at(start));
    let system = Arc::new(SystemClock);
    let journal =
        Journal::open(Arc::clone(&disk) as _, dir.join("journal"), Default::default(), system).expect("opens");
    let vault = Vault::open(&*disk, &dir.join("master.key"), Arc::clone(&entropy) as _).expect("opens");
    let catalog = Catalog::open(&dir.join("catalog.sqlite"), Default::default()).await.expect("opens");
    let mut transaction = catalog.begin().await.expect("begins");
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:*","Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/*"]}]}"#;
    let bucket = Bucket {
        id: 0,
        name: "logs".into(),
        account: ACCOUNT.into(),
        region: "us-east-1".into(),
        created_at: start,
        policy: Some(policy.into()),
    };
    let id = transaction.insert_bucket(&bucket).await.expect("inserts");
    transaction.set_bucket_policy(id, Some(policy)).await.expect("sets");
    transaction.insert_trail(&trail(start), 0).await.expect("inserts");
    transaction.commit().await.expect("commits");
    let options = opentrail_s3::Options { dir: dir.join("objects"), domains: Vec::new() };
    let s3 = S3Service::new(
        catalog.clone(),
        Arc::clone(&disk) as _,
        Arc::clone(&clock) as _,
        Arc::clone(&entropy) as _,
        options,
    );
    let mut delivery = Delivery::new(DeliveryParts {
        journal: Arc::new(journal.clone()),
        catalog: catalog.clone(),
        buckets: Arc::new(EmbeddedBuckets::new(s3, Arc::new(Nowhere))),
        disk,
        staging_dir: dir.join("staging"),
        vault,
        keys: Arc::new(FreshKeys),
        clock: Arc::clone(&clock) as _,
        entropy,
        options: Options::default(),
    });
    for step in 0..u64::from(LOG_FILES) {
        let envelope = Envelope {
            account: ACCOUNT.into(),
            region: "us-east-1".into(),
            category: Category::Data,
            origin: Origin::Call,
            arrived_at: clock.now(),
        };
        let numbers = step * RECORDS_PER_LOG_FILE..(step + 1) * RECORDS_PER_LOG_FILE;
        let entries = numbers.map(|number| Entry { envelope: envelope.clone(), record: record(number).into() });
        journal.append(entries.collect()).await.expect("a healthy disk").into_inner();
        clock.advance(STEP);
        let report = delivery.tick().await.expect("delivers");
        assert_eq!(report.log_files_delivered, 1, "one log file each five minutes");
    }
    clock.advance(STEP * 12);
    delivery.tick().await.expect("seals the rest");
    journal.close().await;
    catalog.close().await;
}

/// Ends the server with the bench.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn opentrail() -> PathBuf {
    std::env::var_os("OPENTRAIL").map_or_else(|| PathBuf::from("../target/release/opentrail"), PathBuf::from)
}

fn serve(dir: &Path) -> Server {
    let mut command = Command::new(opentrail());
    command.args(["serve", "--listen", LISTEN, "--data-dir"]).arg(dir).stderr(Stdio::null());
    let server = Server(command.spawn().expect("`OPENTRAIL` says where the binary is"));
    for _ in 0..300 {
        if std::net::TcpStream::connect(LISTEN).is_ok() {
            return server;
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
    panic!("the server did not start");
}

/// What `opentrail env` prints, as variables.
fn variables(dir: &Path) -> Vec<(String, String)> {
    let output = Command::new(opentrail()).args(["env", "--data-dir"]).arg(dir).output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let pair = |line: &str| {
        let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
        Some((name.to_owned(), value.trim_matches(['\'', '"']).to_owned()))
    };
    text.lines().filter_map(pair).collect()
}

/// Runs a tool, which must find all valid, and takes its time.
fn run(command: &mut Command, expected: &str) -> Duration {
    let (took, output) = time(|| command.output().expect("runs"));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains(expected), "{told}");
    took
}

/// Verifies a plain copy of the bucket with saved keys.
fn offline(dir: &Path, aws: &Path, variables: &[(String, String)]) -> Duration {
    let (copy, keys) = (dir.join("copy"), dir.join("keys.json"));
    let aws = |args: &[&str]| {
        let output = Command::new(aws).envs(variables.iter().cloned()).args(args).output().expect("runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    aws(&["s3", "sync", "--quiet", "s3://logs", &copy.to_string_lossy()]);
    let answer = aws(&["cloudtrail", "list-public-keys", "--start-time", "2020-01-01", "--end-time", "2100-01-01"]);
    std::fs::write(&keys, answer).expect("space");
    let verify = || {
        let mut command = Command::new(opentrail());
        command.arg("verify").arg(&copy).arg("--public-keys").arg(&keys).arg("--allow-unsigned-tail");
        run(&mut command, "log files valid")
    };
    median((0..5).map(|_| verify()).collect())
}

fn main() {
    println!("{}", machine());
    let dir = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    let now = SystemClock.now();
    let start = now.minus(STEP * (LOG_FILES + 20));
    runtime.block_on(make(dir.path(), start));
    let _server = serve(dir.path());
    let variables = variables(dir.path());
    let (start, all) = (start.minus(STEP).iso(), format!("{LOG_FILES}/{LOG_FILES} log files valid"));
    let aws = std::env::var_os("AWS").unwrap_or_else(|| "aws".into());
    let theirs = run(
        Command::new(&aws).envs(variables.clone()).args([
            "cloudtrail",
            "validate-logs",
            "--trail-arn",
            ARN,
            "--start-time",
            &start,
        ]),
        &all,
    );
    let ours = (0..5)
        .map(|_| {
            run(
                Command::new(opentrail()).envs(variables.clone()).args([
                    "verify",
                    "--trail-arn",
                    ARN,
                    "--start",
                    &start,
                ]),
                &all,
            )
        })
        .collect();
    let ours = median(ours);
    let offline = offline(dir.path(), Path::new(&aws), &variables);
    println!("{LOG_FILES} log files of {RECORDS_PER_LOG_FILE} records, through one server on this machine");
    println!("aws cloudtrail validate-logs  {:>8.2} s", theirs.as_secs_f64());
    println!("opentrail verify              {:>8.2} s (median of 5)", ours.as_secs_f64());
    println!("opentrail verify, offline     {:>8.2} s (median of 5)", offline.as_secs_f64());
    println!("ratio                         {:>8.1}", theirs.as_secs_f64() / ours.as_secs_f64());
    println!("ratio, offline                {:>8.1}", theirs.as_secs_f64() / offline.as_secs_f64());
}
