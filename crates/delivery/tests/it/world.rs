//! A whole delivery in memory, whose clock, disk, catalog and buckets obey the test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use opentrail_blob::faulty::{FaultyBuckets, PutFault, PutFaults};
use opentrail_blob::{Blob, Buckets, Memory, ObjectStoreBuckets};
use opentrail_catalog::faulty::NthCommit;
use opentrail_catalog::{Catalog, CommitFaults, StoredTrail, Vault};
use opentrail_delivery::{Delivery, DeliveryParts, Options, PooledKeys, TickReport};
use opentrail_journal::{Category, Entry, Envelope, JournalReader, MemoryJournal, Origin};
use opentrail_model::{Selectors, Trail};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{Backoff, Clock, Disk, ManualClock, SeededEntropy, Timestamp};
use parking_lot::Mutex;

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const BUCKET: &str = "logs";
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

static KEYS: LazyLock<PooledKeys> = LazyLock::new(PooledKeys::default);

/// Fails what the test says.
#[derive(Debug, Default)]
pub(crate) struct Puts {
    pub(crate) nth: Mutex<Option<(u64, PutFault)>>,
    pub(crate) outage: Mutex<Option<(String, &'static str)>>,
    pub(crate) count: AtomicU64,
}

impl PutFaults for Puts {
    fn fault(&self, number: u64, _bucket: &str, key: &str) -> Option<PutFault> {
        self.count.store(number + 1, Ordering::SeqCst);
        if let Some((part, code)) = &*self.outage.lock()
            && key.contains(part)
        {
            return Some(PutFault::Refused(code));
        }
        self.nth.lock().filter(|(nth, _)| *nth == number).map(|(_, fault)| fault)
    }
}

pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) catalog: Catalog,
    pub(crate) commits: Arc<NthCommit>,
    pub(crate) puts: Arc<Puts>,
    pub(crate) bucket: Arc<Memory>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) disk: SimDisk,
    pub(crate) options: Options,
    /// Records that some trail wants, by bucket prefix and text.
    pub(crate) wanted: Vec<(String, Bytes)>,
    pub(crate) restarts: u64,
    /// How long it is from tick to tick.
    pub(crate) step: Duration,
    buckets: Arc<dyn Buckets>,
    vault: Vault,
    entropy: Arc<SeededEntropy>,
    delivery: Option<Delivery>,
    appended: u64,
}

pub(crate) fn start() -> Timestamp {
    Timestamp::parse_iso("2026-11-22T10:29:23.456Z").unwrap()
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let commits = Arc::new(NthCommit::default());
        let options = opentrail_catalog::Options {
            faults: Some(Arc::clone(&commits) as Arc<dyn CommitFaults>),
            ..opentrail_catalog::Options::default()
        };
        let catalog = Catalog::open_in_memory(options).await.unwrap();
        commits.arm(true);
        let (bucket, puts) = (Arc::new(Memory::new()), Arc::new(Puts::default()));
        let inner = ObjectStoreBuckets::new().with(BUCKET, Arc::clone(&bucket) as Arc<dyn Blob>);
        let inner = inner.with("other", Arc::clone(&bucket) as Arc<dyn Blob>);
        let buckets = FaultyBuckets::new(Arc::new(inner), Arc::clone(&puts) as _);
        let entropy = Arc::new(SeededEntropy::new(seed));
        let safe = SimDisk::new(0);
        safe.create_dir_all(Path::new("safe")).unwrap();
        let vault = Vault::open(&safe, Path::new("safe/master.key"), Arc::clone(&entropy) as _).unwrap();
        let options = Options {
            backoff: Backoff { first: Duration::from_secs(60), max: Duration::from_secs(600) },
            ..Options::default()
        };
        Self {
            clock: Arc::new(ManualClock::at(start())),
            catalog,
            commits,
            puts,
            bucket,
            journal: Arc::default(),
            disk: SimDisk::new(seed),
            options,
            wanted: Vec::new(),
            restarts: 0,
            step: MINUTE,
            buckets: Arc::new(buckets),
            vault,
            entropy,
            delivery: None,
            appended: 0,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn delivery(&mut self) -> &mut Delivery {
        if self.delivery.is_none() {
            let parts = DeliveryParts {
                journal: Arc::clone(&self.journal) as _,
                catalog: self.catalog.clone(),
                buckets: Arc::clone(&self.buckets),
                disk: Arc::new(self.disk.clone()),
                staging_dir: PathBuf::from("data/staging"),
                vault: self.vault.clone(),
                keys: Arc::new(KEYS.rewound()),
                clock: Arc::clone(&self.clock) as _,
                entropy: Arc::clone(&self.entropy) as _,
                options: self.options.clone(),
            };
            self.delivery = Some(Delivery::new(parts));
        }
        self.delivery.as_mut().unwrap()
    }

    /// The power fails.
    pub(crate) fn crash(&mut self) {
        self.delivery = None;
        self.disk.crash(self.restarts);
        self.restarts += 1;
    }

    /// Ticks once. An error ends the process with a loss of power, now or a tick later.
    pub(crate) async fn tick(&mut self) -> TickReport {
        match self.delivery().tick().await {
            Ok(report) => report,
            Err(_) if self.restarts.is_multiple_of(2) => {
                self.crash();
                TickReport::default()
            }
            Err(_) => {
                // The same process goes on.
                self.restarts += 1;
                TickReport::default()
            }
        }
    }

    /// Lets time pass, a tick a step.
    pub(crate) async fn pass(&mut self, time: Duration) {
        let end = self.now().plus(time);
        while self.now() < end {
            self.clock.advance(self.step.min(end.since(self.now())));
            self.tick().await;
        }
    }

    async fn unfaulted<T>(&self, work: impl Future<Output = T>) -> T {
        self.commits.arm(false);
        let done = work.await;
        self.commits.arm(true);
        done
    }

    /// A trail at home in us-east-1 that wants all Regions and logs from now on.
    pub(crate) async fn start_trail(&self, name: &str, change: impl FnOnce(&mut Trail)) -> StoredTrail {
        let mut trail = trail(name, self.now());
        change(&mut trail);
        self.unfaulted(async {
            let mut transaction = self.catalog.begin().await.unwrap();
            transaction.insert_trail(&trail, self.journal.end().0).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await;
        self.stored(name).await
    }

    pub(crate) async fn stored(&self, name: &str) -> StoredTrail {
        self.catalog.trail_by_arn(&trail(name, start()).arn).await.unwrap().unwrap()
    }

    pub(crate) async fn update(&self, name: &str, change: impl FnOnce(&mut Trail)) {
        let mut stored = self.stored(name).await;
        let was_logging = stored.trail.is_logging;
        change(&mut stored.trail);
        let own_record = u64::from(was_logging && !stored.trail.is_logging);
        self.unfaulted(async {
            let mut transaction = self.catalog.begin().await.unwrap();
            transaction.update_trail(&stored, self.journal.end().0 + own_record).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await;
    }

    pub(crate) async fn stop(&self, name: &str) {
        let now = self.now();
        self.update(name, |trail| {
            trail.is_logging = false;
            trail.stopped_at = Some(now);
            trail.chain_started_at = None;
        })
        .await;
    }

    pub(crate) async fn restart(&self, name: &str) {
        let now = self.now();
        self.update(name, |trail| {
            trail.is_logging = true;
            trail.started_at = Some(now);
            trail.chain_started_at = trail.log_file_validation.then_some(now);
        })
        .await;
    }

    pub(crate) async fn delete(&self, name: &str) {
        let stored = self.stored(name).await;
        self.unfaulted(async {
            let mut transaction = self.catalog.begin().await.unwrap();
            transaction.delete_trail(stored.id, self.journal.end().0 + 1).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await;
    }

    /// Appends records of a Region that the trails with these prefixes want.
    pub(crate) async fn append(&mut self, region: &str, count: usize, wanting: &[&str]) {
        self.unfaulted(async {
            let mut transaction = self.catalog.begin().await.unwrap();
            let (account, region) = (ACCOUNT.parse().unwrap(), region.parse().unwrap());
            transaction.note_region(&account, &region, self.now()).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await;
        for _ in 0..count {
            let record = record(region, self.appended, self.now());
            self.appended += 1;
            self.append_raw(region, Category::Management, record.clone());
            self.wanted.extend(wanting.iter().map(|prefix| ((*prefix).to_owned(), record.clone())));
        }
    }

    pub(crate) fn append_raw(&self, region: &str, category: Category, record: Bytes) {
        self.append_as(ACCOUNT, region, category, record);
    }

    pub(crate) fn append_as(&self, account: &str, region: &str, category: Category, record: Bytes) {
        self.append_from(Origin::Call, account, region, category, record);
    }

    pub(crate) fn append_from(&self, origin: Origin, account: &str, region: &str, category: Category, record: Bytes) {
        let (account, region) = (account.into(), region.into());
        let envelope = Envelope { account, region, category, origin, arrived_at: self.now() };
        self.journal.append(Entry { envelope, record });
    }

    pub(crate) fn trimmed(&self) -> u64 {
        self.journal.start().0
    }
}

pub(crate) fn record(region: &str, number: u64, at: Timestamp) -> Bytes {
    // Odd spaces and escapes: the bytes must come out as they went in.
    Bytes::from(format!(
        r#"{{"eventVersion":"1.11", "eventTime":"{}","eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"{region}","eventID":"{number:036}","eventCategory":"Management","managementEvent":true,"recipientAccountId":"{ACCOUNT}","requestParameters":{{"a":1.0,"b":"\u00e9\/"  }}}}"#,
        at.iso()
    ))
}

pub(crate) fn trail(name: &str, now: Timestamp) -> Trail {
    Trail {
        arn: format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}").parse().unwrap(),
        bucket: BUCKET.into(),
        prefix: Some(name.to_owned()),
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: true,
        log_file_validation: true,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: true,
        selectors: Selectors::default(),
        has_custom_event_selectors: false,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: true,
        started_at: Some(now),
        stopped_at: None,
        chain_started_at: Some(now),
        created_at: now,
    }
}
