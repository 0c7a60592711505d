//! A life: records, changes of trails, time, faults, crashes, in the order that the seed has it.

use std::collections::BTreeMap;
use std::time::Duration;

use opentrail_delivery::{PooledKeys, TickReport};
use opentrail_stdx::{Entropy, Fault, SeededEntropy};

use crate::records::{ACCOUNTS, REGIONS, Record};
use crate::stores::{StoreWant, Stores, new_store};
use crate::trails::{State, Trails, Want, new_trail};
use crate::world::{BUCKETS, World};

const NAMES: [&str; 5] = ["one", "two", "three", "four", "five"];
/// The regular rhythm of delivery.
const TICK: Duration = Duration::from_secs(60);

/// A life, and what must be true at its end.
pub struct Life {
    pub world: World,
    pub trails: Trails,
    pub stores: Stores,
    /// What the journal has kept, by position.
    pub kept: BTreeMap<u64, Record>,
    /// Appended without an acknowledgement, and not found in the journal so far.
    loose: BTreeMap<u64, Record>,
    /// What happened, line by line.
    pub trace: Vec<String>,
    pub totals: Totals,
    random: SeededEntropy,
    serial: u64,
    wants: BTreeMap<String, Want>,
}

/// What happened, in numbers.
#[derive(Debug, Default, Clone, Copy)]
pub struct Totals {
    pub acknowledged: u64,
    pub unacknowledged: u64,
    pub crashes: u64,
    pub kills: u64,
    pub failed_ticks: u64,
    pub failed_puts: u64,
    pub changes: u64,
}

impl Life {
    pub async fn new(seed: u64, keys: &PooledKeys) -> Self {
        Self {
            world: World::new(seed, keys).await,
            trails: Trails::default(),
            stores: Stores::default(),
            kept: BTreeMap::new(),
            loose: BTreeMap::new(),
            trace: Vec::new(),
            totals: Totals::default(),
            random: SeededEntropy::new(seed ^ 0x5eed),
            serial: 0,
            wants: BTreeMap::new(),
        }
    }

    fn below(&self, bound: u64) -> u64 {
        (&self.random as &dyn Entropy).below(bound)
    }

    fn pick<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).expect("small")]
    }

    fn note(&mut self, line: String) {
        let now = self.world.now();
        self.trace.push(format!("{now} {line}"));
    }

    /// Lives through `steps` random steps, then through a calm time in which everything must come to its end.
    pub async fn live(&mut self, steps: u64) {
        for _ in 0..12 {
            self.change_trail().await;
        }
        for _ in 0..3 {
            self.change_store().await;
        }
        for _ in 0..steps {
            self.step().await;
        }
        self.come_to_rest().await;
    }

    async fn step(&mut self) {
        match self.below(100) {
            0..43 => self.append_some().await,
            43..71 => self.pass_time().await,
            71..75 => self.change_store().await,
            75..87 => self.change_trail().await,
            87..93 => self.break_something(),
            93..95 => self.crash().await,
            95..97 => self.kill().await,
            _ => {
                self.world.heal();
                self.note("all faults end".to_owned());
            }
        }
    }

    async fn append_some(&mut self) {
        let (account, region) = (self.pick(&ACCOUNTS), self.pick(&REGIONS));
        if !self.note_region(account, region).await {
            return;
        }
        let count = 1 + self.below(8);
        let now = self.world.now();
        let records: Vec<_> =
            (0..count).map(|offset| Record::make(self.serial + offset, account, region, now, &self.random)).collect();
        self.serial += count;
        if self.append(&records).await {
            return;
        }
        match self.below(3) {
            // A client that tries the same again, with the same process.
            0 if self.world.process.is_some() => drop(self.append(&records).await),
            1 => self.crash().await,
            _ => {}
        }
    }

    async fn append(&mut self, records: &[Record]) -> bool {
        let first = records[0].serial;
        self.learn_end();
        let appended = if self.world.process.is_some() { self.world.append(records) } else { None };
        self.note(format!("append {}+{} -> {appended:?}", first, records.len()));
        match appended {
            Some(position) => {
                self.totals.acknowledged += records.len() as u64;
                for (position, record) in (position..).zip(records) {
                    self.loose.remove(&record.serial);
                    let before = self.kept.insert(position, record.clone());
                    assert!(before.is_none(), "position {position} is given twice");
                }
                true
            }
            None => {
                self.totals.unacknowledged += records.len() as u64;
                self.loose.extend(records.iter().map(|record| (record.serial, record.clone())));
                false
            }
        }
    }

    /// A Region is known before its first record is.
    async fn note_region(&mut self, account: &str, region: &str) -> bool {
        let now = self.world.now();
        let noted = async {
            let mut transaction = self.world.catalog.begin().await?;
            let (account, region) = (account.parse().expect("valid"), region.parse().expect("valid"));
            transaction.note_region(&account, &region, now).await?;
            transaction.commit().await
        };
        noted.await.is_ok()
    }

    async fn pass_time(&mut self) {
        if self.below(15) == 0 {
            // Somebody sets the clock.
            let back = Duration::from_millis(1 + self.below(1500));
            self.world.clock.set(self.world.now().minus(back));
            self.note(format!("the clock goes back by {back:?}"));
        }
        let time = match self.below(20) {
            0 => Duration::from_secs(3600 + self.below(7200)),
            1..6 => Duration::from_secs(300 + self.below(600)),
            6..15 => Duration::from_secs(1 + self.below(300)),
            _ => Duration::from_millis(1 + self.below(2000)),
        };
        let end = self.world.now().plus(time);
        while self.world.now() < end {
            let step = TICK.min(end.since(self.world.now()));
            self.world.clock.advance(step);
            self.tick().await;
            self.tick_lake().await;
        }
    }

    async fn tick(&mut self) {
        let Ok(process) = self.world.start() else {
            self.note("start -> refused".to_owned());
            self.world.heal();
            return;
        };
        let ticked = process.delivery.tick().await;
        match ticked {
            Ok(report) => {
                self.totals.failed_puts += report.puts_failed;
                if report != TickReport::default() {
                    self.note(format!("tick -> {report:?}"));
                }
            }
            Err(error) => {
                self.totals.failed_ticks += 1;
                self.note(format!("tick -> {error}"));
                match self.below(3) {
                    0 => self.crash().await,
                    1 => self.kill().await,
                    _ => {}
                }
            }
        }
    }

    /// Lets the lake take in all that the journal has, unless it stops before.
    async fn tick_lake(&mut self) {
        while self.world.process.is_some() {
            let ticked = match self.world.lake().await {
                Ok(lake) => lake.tick().await,
                Err(error) => Err(error),
            };
            match ticked {
                Ok(report) => {
                    if report != opentrail_lake::TickReport::default() {
                        self.note(format!("lake -> {report:?}"));
                    }
                    if !report.is_behind {
                        return;
                    }
                }
                Err(error) => {
                    self.totals.failed_ticks += 1;
                    self.note(format!("lake -> {error}"));
                    match self.below(3) {
                        0 => self.crash().await,
                        1 => self.kill().await,
                        _ => {}
                    }
                    return;
                }
            }
        }
    }

    async fn change_trail(&mut self) {
        // Each name belongs to one account and has one home.
        let index = usize::try_from(self.below(NAMES.len() as u64)).expect("small");
        let (name, account, home) = (NAMES[index], ACCOUNTS[index % 3], REGIONS[index * 2 % 3]);
        // Some calls fall into one millisecond.
        self.world.clock.advance(Duration::from_millis(self.below(3) * 17));
        let now = self.world.now();
        let Some(end) = self.world.journal_end() else {
            self.world.heal();
            return;
        };
        let arn = new_trail(name, account, home, now).arn;
        let Some(mut stored) = self.world.catalog.trail_by_arn(&arn).await.expect("reads have no faults") else {
            let mut trail = new_trail(name, account, home, now);
            trail.is_multi_region = self.below(3) > 0;
            trail.log_file_validation = self.below(5) > 0;
            trail.bucket = self.pick(&BUCKETS).to_owned();
            let want = Want::random(&self.random);
            trail.selectors = want.selectors();
            self.wants.insert(name.to_owned(), want);
            let done = async {
                let mut transaction = self.world.catalog.begin().await?;
                transaction.insert_trail(&trail, end).await?;
                transaction.commit().await
            };
            let done = done.await.is_ok();
            return self.learn(name, &format!("create {name} {want:?}"), done, end, want, &arn, None).await;
        };
        let before = stored.version;
        let mut want = self.wants[name];
        let trail = &mut stored.trail;
        let mut from = end;
        let choice = if trail.is_logging { self.below(12) } else { self.below(12).max(6) };
        let what = match choice {
            0..2 => {
                // The call's own record is still delivered.
                from = end + 1;
                trail.is_logging = false;
                trail.stopped_at = Some(now);
                trail.chain_started_at = None;
                "stop"
            }
            2..4 => {
                trail.log_file_validation = !trail.log_file_validation;
                trail.chain_started_at = trail.log_file_validation.then_some(now);
                "validation"
            }
            4 => {
                trail.is_multi_region = !trail.is_multi_region;
                "multi-Region"
            }
            5 => {
                trail.bucket = self.pick(&BUCKETS).to_owned();
                "bucket"
            }
            6..10 if !trail.is_logging => {
                trail.is_logging = true;
                trail.started_at = Some(now);
                trail.chain_started_at = trail.log_file_validation.then_some(now);
                "start"
            }
            6..11 => {
                want = Want::random(&self.random);
                trail.selectors = want.selectors();
                "selectors"
            }
            _ => {
                from = end + 1;
                let done = async {
                    let mut transaction = self.world.catalog.begin().await?;
                    transaction.delete_trail(stored.id, from).await?;
                    transaction.commit().await
                };
                let done = done.await.is_ok();
                return self.learn(name, &format!("delete {name}"), done, from, want, &arn, Some(before)).await;
            }
        };
        let done = async {
            let mut transaction = self.world.catalog.begin().await?;
            transaction.update_trail(&stored, from).await?;
            transaction.commit().await
        };
        let done = done.await.is_ok();
        self.learn(name, &format!("{what} {name} {want:?}"), done, from, want, &arn, Some(before)).await;
    }

    /// Makes an event data store or changes one: each number belongs to one account and has one home.
    async fn change_store(&mut self) {
        let number = self.below(6);
        let index = usize::try_from(number).expect("small");
        let now = self.world.now();
        let Some(end) = self.world.journal_end() else {
            self.world.heal();
            return;
        };
        let mut want = StoreWant::random(&self.random);
        let fresh = new_store(number, ACCOUNTS[index % 3], REGIONS[index * 2 % 3], now, want);
        let stored = self.world.catalog.event_data_store(&fresh.arn).await.expect("reads have no faults");
        let version_before = stored.as_ref().map(|stored| stored.version);
        let (what, done) = match stored {
            None => {
                let done = async {
                    let mut transaction = self.world.catalog.begin().await?;
                    transaction.insert_event_data_store(&fresh, end).await?;
                    transaction.commit().await
                };
                ("create", done.await.is_ok())
            }
            Some(mut stored) => {
                let what = if self.below(3) == 0 {
                    want = self.stores.want(&fresh.arn);
                    stored.store.is_ingesting = !stored.store.is_ingesting;
                    "stop or start"
                } else {
                    stored.store.selectors = want.selectors();
                    "selectors"
                };
                let done = async {
                    let mut transaction = self.world.catalog.begin().await?;
                    transaction.update_event_data_store(&stored, end).await?;
                    transaction.commit().await
                };
                (what, done.await.is_ok())
            }
        };
        let stored = self.world.catalog.event_data_store(&fresh.arn).await.expect("reads have no faults");
        let is_changed = stored.as_ref().map(|stored| stored.version) != version_before;
        assert!(is_changed || !done, "an acknowledged change is there");
        self.note(format!("store {number}: {what} {want:?} from {end} -> {done}, kept {is_changed}"));
        if let Some(stored) = stored.filter(|_| is_changed) {
            self.totals.changes += 1;
            self.stores.note(end, stored.store, want);
        }
    }

    /// Looks at what a change has left: a commit that failed may have been kept all the same.
    #[allow(clippy::too_many_arguments, reason = "one caller per kind of change, all in sight")]
    async fn learn(
        &mut self,
        name: &str,
        what: &str,
        done: bool,
        from: u64,
        want: Want,
        arn: &opentrail_model::TrailArn,
        version_before: Option<i64>,
    ) {
        let stored = self.world.catalog.trail_by_arn(arn).await.expect("reads have no faults");
        let is_changed = stored.as_ref().map(|stored| stored.version) != version_before;
        assert!(is_changed || !done, "an acknowledged change is there");
        self.note(format!("{what} from {from} -> {done}, kept {is_changed}"));
        if is_changed {
            self.totals.changes += 1;
            self.wants.insert(name.to_owned(), want);
            self.trails.note(name, from, stored.map(|stored| State { id: stored.id, trail: stored.trail, want }));
        }
    }

    fn break_something(&mut self) {
        let disk = &self.world.disk;
        let what = match self.below(10) {
            0..4 => {
                let (after, fault) = (self.below(40), self.pick(&Fault::ALL));
                disk.plan(disk.operations() + after, fault);
                format!("disk: {fault:?} after {after}")
            }
            4 => {
                disk.set_full(true);
                "disk: full".to_owned()
            }
            5 => {
                disk.set_sync_failing(true);
                "disk: syncs fail".to_owned()
            }
            6..8 => {
                let (after, is_kept) = (self.below(6), self.below(2) == 0);
                self.world.commits.plan(after, is_kept);
                format!("commit: fails after {after}, kept {is_kept}")
            }
            8 => {
                let (bucket, code) = (self.pick(&BUCKETS), self.pick(&["AccessDenied", "NoSuchBucket"]));
                self.world.puts.set_broken(bucket, code);
                format!("bucket {bucket}: {code}")
            }
            _ => {
                let per_mille = self.below(500);
                self.world.puts.set_per_mille(per_mille);
                format!("puts: {per_mille} of a thousand fail")
            }
        };
        self.note(what);
    }

    async fn crash(&mut self) {
        let seed = self.below(u64::MAX);
        self.totals.crashes += 1;
        self.world.crash(seed).await;
        self.note(format!("power loss {seed:016x}"));
        self.mend_disk();
    }

    async fn kill(&mut self) {
        self.totals.kills += 1;
        self.world.kill().await;
        self.note("kill".to_owned());
        self.mend_disk();
    }

    /// Whoever starts the process again has looked after the disk, but for faults that are planned for later.
    fn mend_disk(&mut self) {
        self.world.disk.set_full(false);
        self.world.disk.set_sync_failing(false);
    }

    /// After a start the journal may hold records that nobody was told of: from now on they are kept like any other.
    fn learn_end(&mut self) {
        let known = self.kept.last_key_value().map_or(0, |(position, _)| position + 1);
        if self.world.journal_end().is_none_or(|end| end <= known) {
            return;
        }
        for (position, bytes) in self.world.journal_from(known) {
            let found = self.loose.iter().find(|(_, record)| record.bytes == bytes).map(|(&serial, _)| serial);
            let serial = found.unwrap_or_else(|| panic!("position {position} was never appended, or is there twice"));
            let record = self.loose.remove(&serial).expect("just found");
            self.note(format!("found {serial} at {position}, though nobody was told"));
            self.kept.insert(position, record);
        }
    }

    /// All faults end, and time passes until every window is over.
    async fn come_to_rest(&mut self) {
        self.world.heal();
        self.learn_end();
        self.note("calm".to_owned());
        // A trail that was stopped or deleted still waits for the record of that call, or for the one in its place.
        self.append_some().await;
        for _ in 0..6 * 12 {
            self.world.clock.advance(Duration::from_secs(300));
            self.tick().await;
            self.tick_lake().await;
        }
        self.learn_end();
        let owed = self.world.catalog.owed().await.expect("no fault is left");
        self.note(format!("owed: {owed:?}"));
    }
}
