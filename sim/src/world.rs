//! Everything there is in one life: disk, journal, catalog, buckets, delivery, and a clock that obeys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use opentrail_blob::faulty::FaultyBuckets;
use opentrail_blob::{Buckets, Memory, Object};
use opentrail_catalog::{Catalog, CommitFaults, Vault};
use opentrail_delivery::{Delivery, DeliveryParts, PooledKeys};
use opentrail_journal::{Entry, Envelope, Log, OpenError, Origin, Position, SharedLog};
use opentrail_lake::{Engine, LakeParts};
use opentrail_stdx::{Backoff, Clock, Disk, Entropy, ManualClock, SeededEntropy, SimDisk, Timestamp};
use parking_lot::Mutex;
use tempfile::TempDir;

use crate::faults::{Commits, Places, Puts};
use crate::records::Record;

pub const BUCKETS: [&str; 2] = ["logs-a", "logs-b"];

/// One life of the whole system.
pub struct World {
    pub clock: Arc<ManualClock>,
    pub disk: SimDisk,
    pub commits: Arc<Commits>,
    pub puts: Arc<Puts>,
    pub places: BTreeMap<&'static str, Arc<Memory>>,
    pub catalog: Catalog,
    /// None while the process is down.
    pub process: Option<Process>,
    buckets: Arc<dyn Buckets>,
    keys: Arc<PooledKeys>,
    vault: Vault,
    entropy: Arc<SeededEntropy>,
    folder: TempDir,
}

/// What dies in a crash.
pub struct Process {
    pub log: Arc<Mutex<Log>>,
    pub delivery: Delivery,
    /// None until its first tick.
    pub lake: Option<Engine>,
}

impl World {
    pub async fn new(seed: u64, keys: &PooledKeys) -> Self {
        let commits = Arc::new(Commits::default());
        let folder = fast_folder();
        let catalog = open_catalog(folder.path(), &commits).await;
        keep_for_the_lake(&catalog).await;
        let puts = Arc::new(Puts::new(seed));
        let places: BTreeMap<_, _> = BUCKETS.iter().map(|&name| (name, Arc::new(Memory::new()))).collect();
        let inner = Arc::new(Places(places.clone()));
        let entropy = Arc::new(SeededEntropy::new(seed));
        let safe = SimDisk::new(0);
        safe.create_dir_all(Path::new("/safe")).expect("a healthy disk");
        let vault = Vault::open(&safe, Path::new("/safe/master.key"), Arc::clone(&entropy) as Arc<dyn Entropy>);
        Self {
            clock: Arc::new(ManualClock::at(Timestamp::from_secs(1_795_000_123))),
            disk: SimDisk::new(seed),
            commits,
            puts: Arc::clone(&puts),
            places,
            catalog,
            process: None,
            buckets: Arc::new(FaultyBuckets::new(inner, puts)),
            keys: Arc::new(keys.rewound()),
            vault: vault.expect("a healthy disk"),
            entropy,
            folder,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Starts the process unless it runs.
    pub fn start(&mut self) -> Result<&mut Process, OpenError> {
        if self.process.is_none() {
            let options = opentrail_journal::Options {
                // Small, so that segments come and go within minutes.
                segment_bytes_max: 30_000,
                record_bytes_max: 100_000,
                batch_bytes_max: 1_000_000,
                queue_bytes_max: 1_000_000,
            };
            let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
            let disk = Arc::new(self.disk.clone());
            let log = Log::open(Arc::clone(&disk) as Arc<dyn Disk>, PathBuf::from("/data/journal"), options, clock)?;
            let log = Arc::new(Mutex::new(log));
            let delivery = Delivery::new(DeliveryParts {
                journal: Arc::new(SharedLog(Arc::clone(&log))),
                catalog: self.catalog.clone(),
                buckets: Arc::clone(&self.buckets),
                disk,
                staging_dir: PathBuf::from("/data/staging"),
                vault: self.vault.clone(),
                keys: Arc::clone(&self.keys) as _,
                clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
                entropy: Arc::clone(&self.entropy) as Arc<dyn Entropy>,
                options: opentrail_delivery::Options {
                    log_bytes_max: 20_000,
                    read_bytes_max: 4000,
                    pass_bytes_max: 40_000,
                    open_files_max: 8,
                    uploads_max: 4,
                    backoff: Backoff { first: Duration::from_secs(5), max: Duration::from_secs(600) },
                    ..opentrail_delivery::Options::default()
                },
            });
            self.process = Some(Process { log, delivery, lake: None });
        }
        Ok(self.process.as_mut().expect("just started"))
    }

    /// The lake of the process, which is opened when it isn't. The process must run.
    pub async fn lake(&mut self) -> Result<&mut Engine, opentrail_lake::Error> {
        let process = self.process.as_mut().expect("the process runs");
        if process.lake.is_none() {
            let parts = LakeParts {
                journal: Arc::new(SharedLog(Arc::clone(&process.log))),
                catalog: self.catalog.clone(),
                disk: Arc::new(self.disk.clone()),
                dir: PathBuf::from("/data/lake"),
                clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
                options: opentrail_lake::Options {
                    read_bytes_max: 4000,
                    flush_records: 120,
                    flush_bytes: 200_000,
                    merge_count: 3,
                    merge_bytes_max: 400_000,
                    open_segments_max: 4,
                    cores: 1,
                    in_background: false,
                    ..opentrail_lake::Options::default()
                },
            };
            process.lake = Some(Engine::open(parts).await?);
        }
        Ok(process.lake.as_mut().expect("just opened"))
    }

    /// The process is killed; the machine goes on.
    pub async fn kill(&mut self) {
        self.process = None;
        self.disk.kill();
        self.reopen_catalog().await;
    }

    /// The power fails.
    pub async fn crash(&mut self, seed: u64) {
        self.process = None;
        self.disk.crash(seed);
        self.reopen_catalog().await;
    }

    /// SQLite is trusted with its own recovery: the file is left as it is and opened again.
    async fn reopen_catalog(&mut self) {
        self.catalog.close().await;
        self.catalog = open_catalog(self.folder.path(), &self.commits).await;
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.disk.clear_plan();
        self.disk.set_full(false);
        self.disk.set_sync_failing(false);
        self.commits.clear();
        self.puts.clear();
    }

    /// Appends records as one batch; their first position when they were acknowledged.
    pub fn append(&mut self, records: &[Record]) -> Option<u64> {
        let now = self.now();
        let log = Arc::clone(&self.start().ok()?.log);
        let entries: Vec<Entry> = records
            .iter()
            .map(|record| {
                let (account, region) = (record.account.to_owned(), record.region.to_owned());
                let category = record.category();
                let origin = if record.is_imported { Origin::Import } else { Origin::Call };
                let envelope = Envelope { account, region, category, origin, arrived_at: now };
                Entry { envelope, record: record.bytes.clone() }
            })
            .collect();
        let appended = log.lock().append(&entries);
        appended.ok().map(|positions| positions.into_inner().start)
    }

    /// What the journal holds from a position on.
    pub fn journal_from(&mut self, from: u64) -> Vec<(u64, Vec<u8>)> {
        let log = Arc::clone(&self.start().expect("no fault is left").log);
        let log = log.lock();
        let mut all = Vec::new();
        let mut next = from.max(log.start().0);
        loop {
            let some = log.read(Position(next), 1 << 20).expect("no fault is left");
            let Some((last, _)) = some.last() else { return all };
            next = last.0 + 1;
            all.extend(some.into_iter().map(|(position, entry)| (position.0, entry.record.to_vec())));
        }
    }

    /// All objects in all buckets.
    pub fn objects(&self) -> BTreeMap<(String, String), Object> {
        let mut objects = BTreeMap::new();
        for (bucket, place) in &self.places {
            for key in place.keys() {
                let object = place.object(&key).expect("listed");
                objects.insert(((*bucket).to_owned(), key), object);
            }
        }
        objects
    }

    pub fn journal_end(&mut self) -> Option<u64> {
        Some(self.start().ok()?.log.lock().end().0)
    }
}

/// The server opens its lake before it delivers anything, so that the journal is never trimmed past what the lake has not
/// seen. Here a lake is opened at its first tick, so its cursor is made at the beginning of the world.
async fn keep_for_the_lake(catalog: &Catalog) {
    let mut transaction = catalog.begin().await.expect("a healthy catalog");
    transaction.register_cursor(opentrail_lake::PRODUCT, 0).await.expect("a healthy catalog");
    transaction.commit().await.expect("a healthy catalog");
}

async fn open_catalog(folder: &Path, commits: &Arc<Commits>) -> Catalog {
    let faults = Some(Arc::clone(commits) as Arc<dyn CommitFaults>);
    // One reader, so that reads come in order.
    let options = opentrail_catalog::Options { readers: 1, faults };
    Catalog::open(&folder.join("catalog.db"), options).await.expect("the catalog opens")
}

/// In memory where there is such a place: the machine's own disk is none of the simulation's business.
fn fast_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a place for the catalog")
}
