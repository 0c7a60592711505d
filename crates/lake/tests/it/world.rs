//! A whole lake in memory, whose clock, disk, catalog and journal obey the test, and a naive model of what it must answer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use opentrail_catalog::faulty::NthCommit;
use opentrail_catalog::{Catalog, CommitFaults};
use opentrail_journal::{Category, Entry, Envelope, JournalReader, MemoryJournal, Origin, Position};
use opentrail_lake::{Engine, Found, Lake, LakeParts, Lookup, Options, Place, Summarize, TickReport};
use opentrail_model::{AccountId, Attribute, Filter, Terms, View};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{Clock, Disk, ManualClock, Timestamp};

use crate::stores::LakeStores;

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const OTHER: &str = "210987654321";
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3600);
pub(crate) const LAKE: &str = "data/lake";

/// A record that a store must have.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) account: AccountId,
    pub(crate) origin: Origin,
    pub(crate) place: Place,
    pub(crate) record: Bytes,
}

pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) catalog: Catalog,
    pub(crate) commits: Arc<NthCommit>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) disk: SimDisk,
    pub(crate) options: Options,
    pub(crate) kept: Vec<Kept>,
    /// The event data stores, and what they must have.
    pub(crate) stores: LakeStores,
    pub(crate) restarts: u64,
    /// How long it is from tick to tick.
    pub(crate) step: Duration,
    engine: Option<Engine>,
}

pub(crate) fn start() -> Timestamp {
    Timestamp::parse_iso("2026-11-22T10:29:23.456Z").unwrap()
}

pub(crate) fn small() -> Options {
    Options {
        history: DAY * 10,
        imported: DAY * 20,
        read_bytes_max: 4000,
        flush_records: 6,
        flush_bytes: 1 << 20,
        flush_age: MINUTE * 5,
        merge_count: 3,
        merge_rest: Duration::ZERO,
        merge_bytes_max: 100_000,
        settle_after: HOUR,
        open_segments_max: 2,
        cores: 1,
        in_background: false,
    }
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
        Self {
            clock: Arc::new(ManualClock::at(start())),
            catalog,
            commits,
            journal: Arc::default(),
            disk: SimDisk::new(seed),
            options: small(),
            kept: Vec::new(),
            stores: LakeStores::default(),
            restarts: 0,
            step: MINUTE,
            engine: None,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The engine, opened when it isn't; a fault may ask for several tries.
    pub(crate) async fn engine(&mut self) -> &mut Engine {
        while self.engine.is_none() {
            let parts = LakeParts {
                journal: Arc::clone(&self.journal) as _,
                catalog: self.catalog.clone(),
                disk: Arc::new(self.disk.clone()),
                dir: PathBuf::from(LAKE),
                clock: Arc::clone(&self.clock) as _,
                options: self.options.clone(),
            };
            match Engine::open(parts).await {
                Ok(engine) => self.engine = Some(engine),
                Err(_) => self.crash(),
            }
        }
        self.engine.as_mut().unwrap()
    }

    pub(crate) async fn lake(&mut self) -> Lake {
        self.engine().await.lake()
    }

    /// The power fails.
    pub(crate) fn crash(&mut self) {
        self.engine = None;
        self.disk.crash(self.restarts);
        self.restarts += 1;
    }

    /// The process ends.
    pub(crate) fn kill(&mut self) {
        self.engine = None;
        self.disk.kill();
    }

    /// Ticks until nothing more is to be consumed. Every other error ends the process with a loss of power.
    pub(crate) async fn tick(&mut self) -> TickReport {
        let mut sum = TickReport::default();
        loop {
            match self.engine().await.tick().await {
                Ok(report) => {
                    sum.consumed += report.consumed;
                    sum.flushed += report.flushed;
                    sum.merged += report.merged;
                    sum.expired += report.expired;
                    sum.repaired += report.repaired;
                    if !report.is_behind {
                        return sum;
                    }
                }
                Err(_) if self.restarts.is_multiple_of(2) => {
                    self.crash();
                    return sum;
                }
                Err(_) => {
                    // The same process goes on.
                    self.restarts += 1;
                    return sum;
                }
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

    /// Appends to the journal, and to the model what a store must keep of it.
    pub(crate) fn append(&mut self, account: &str, origin: Origin, category: Category, record: Bytes) {
        let arrived_at = self.now();
        let region = "us-east-1".to_owned();
        let envelope = Envelope { account: account.into(), region, category, origin, arrived_at };
        let Position(position) = self.journal.append(Entry { envelope, record: record.clone() });
        let is_of_history = matches!(category, Category::Management | Category::Insight);
        let is_wanted = origin == Origin::Import || (origin == Origin::Call && is_of_history);
        let time = View::parse(&record).unwrap().instant().unwrap_or(arrived_at);
        let account: AccountId = account.parse().unwrap();
        self.stores.append(&account, origin, Place { time, position }, &record);
        let is_twice = origin == Origin::Import && self.has_same(&account, &record);
        if is_wanted && !is_twice {
            self.kept.push(Kept { account, origin, place: Place { time, position }, record });
        }
    }

    fn has_same(&self, account: &AccountId, record: &[u8]) -> bool {
        let json = |record: &[u8]| serde_json::from_slice::<serde_json::Value>(record).unwrap();
        self.kept.iter().any(|kept| kept.account == *account && json(&kept.record) == json(record))
    }

    /// Records of a management call, numbered on from what is there.
    pub(crate) fn record_calls(&mut self, account: &str, count: usize) {
        for _ in 0..count {
            let number = self.journal.end().0;
            self.append(account, Origin::Call, Category::Management, record(number, self.now()));
        }
    }

    /// What the model says is visible of the records before a journal position, newest first.
    pub(crate) fn visible(&self, account: &AccountId, before: Position) -> Vec<Kept> {
        let kept_for = |origin| if origin == Origin::Import { self.options.imported } else { self.options.history };
        let is_visible = |kept: &&Kept| {
            kept.account == *account
                && kept.place.position < before.0
                && kept.place.time >= self.now().minus(kept_for(kept.origin))
        };
        let mut visible: Vec<_> = self.kept.iter().filter(is_visible).cloned().collect();
        visible.sort_by_key(|kept| std::cmp::Reverse(kept.place));
        visible
    }

    /// Compares all answers with the model's. `what` tells how it came to be so.
    pub(crate) async fn check(&mut self, what: &str) {
        let lake = self.lake().await;
        let consumed = *lake.consumed().borrow();
        self.stores.check(&lake, consumed, self.now(), what);
        for account in [ACCOUNT, OTHER].map(|account| account.parse::<AccountId>().unwrap()) {
            let visible = self.visible(&account, consumed);
            let name = |name: &str| Filter::Is { attribute: Attribute::EventName, value: name.into() };
            for (filter, limit) in [(Filter::All, 5), (name("Call1"), 2), (Filter::Not(Box::new(name("Call2"))), 1000)]
            {
                let expected: Vec<_> = visible.iter().filter(|kept| matches(&filter, &kept.record)).collect();
                let found = all_pages(&lake, &account, &filter, limit);
                assert_eq!(
                    places(&found),
                    expected.iter().map(|kept| kept.place).collect::<Vec<_>>(),
                    "{what}: {filter:?}"
                );
                assert!(found.iter().zip(&expected).all(|(found, kept)| found.record == kept.record), "{what}");
            }
            self.check_summary(&lake, &account, &visible, what);
            let mut by_arrival: Vec<_> = visible.iter().map(|kept| kept.place).collect();
            by_arrival.sort_by_key(|place| place.position);
            let found = lake.arrivals(&account, None, &Filter::All, 10_000).unwrap();
            assert_eq!(places(&found), by_arrival, "{what}: arrivals");
            if let Some(middle) = by_arrival.get(by_arrival.len() / 2) {
                let found = lake.arrivals(&account, Some(middle.position), &Filter::All, 3).unwrap();
                let expected: Vec<_> =
                    by_arrival.iter().filter(|place| place.position > middle.position).take(3).copied().collect();
                assert_eq!(places(&found), expected, "{what}: later arrivals");
            }
        }
    }

    /// A summary counts what the model has.
    fn check_summary(&self, lake: &Lake, account: &AccountId, visible: &[Kept], what: &str) {
        let filter = Filter::Not(Box::new(Filter::Is { attribute: Attribute::EventName, value: "Call2".into() }));
        let (from, to) = (self.now().minus(DAY * 3), self.now().minus(MINUTE));
        let facets = vec![Attribute::EventName];
        let question = Summarize { filter: filter.clone(), from: Some(from), to, buckets_max: 9, facets, top: 5 };
        let summary = lake.summarize(account, &question, self.now()).unwrap();
        let counted: Vec<_> = visible
            .iter()
            .filter(|kept| (from..=to).contains(&kept.place.time) && matches(&filter, &kept.record))
            .collect();
        assert!(summary.is_exact, "{what}");
        assert_eq!(summary.total, counted.len() as u64, "{what}: {summary:?}");
        let ends = summary.buckets.iter().skip(1).map(|bucket| bucket.start).chain([to.plus(MINUTE)]);
        for (bucket, end) in summary.buckets.iter().zip(ends) {
            let inside = counted.iter().filter(|kept| (bucket.start..end).contains(&kept.place.time)).count();
            assert_eq!(bucket.count, inside as u64, "{what}: {summary:?}");
        }
        let named: u64 = summary.facets[0].values.iter().map(|(_, count)| count).sum();
        assert_eq!((named, summary.facets[0].others), (summary.total, 0), "{what}: {summary:?}");
    }

    /// In the end all is in segments, each file belongs to one, and a new process answers the same.
    pub(crate) async fn check_end(&mut self, what: &str) {
        self.disk.clear_plan();
        self.commits.clear();
        self.tick().await;
        self.check(what).await;
        self.engine().await.drain().await.unwrap();
        self.check(what).await;
        assert_eq!(self.catalog.cursor(opentrail_lake::PRODUCT).await.unwrap(), self.journal.end().0, "{what}");
        self.kill();
        // From here on nothing may be read from the journal.
        self.journal.trim(self.journal.end()).await.unwrap();
        self.check(what).await;
        assert_eq!(self.files(), self.files_of_segments().await, "{what}");
        assert_eq!(self.lake().await.metrics().snapshot().damaged, Vec::<String>::new(), "{what}");
    }

    /// All files of the lake.
    pub(crate) fn files(&self) -> BTreeSet<PathBuf> {
        let mut files = BTreeSet::new();
        let lake = Path::new(LAKE);
        for store in self.disk.folders(lake).unwrap_or_default() {
            for day in self.disk.folders(&lake.join(&store)).unwrap() {
                let dir = lake.join(&store).join(day);
                files.extend(self.disk.list(&dir).unwrap().into_iter().map(|found| dir.join(found.name)));
            }
        }
        files
    }

    async fn files_of_segments(&self) -> BTreeSet<PathBuf> {
        let stores = self.catalog.stores().await.unwrap();
        let folder = |store: opentrail_catalog::Store| match store.kind {
            opentrail_catalog::StoreKind::History => format!("history-{}", store.account),
            kind @ opentrail_catalog::StoreKind::EventDataStore(_) => kind.name(),
        };
        let folders: BTreeMap<_, _> = stores.into_iter().map(|store| (store.id, folder(store))).collect();
        let mut files = BTreeSet::new();
        for row in self.catalog.segments().await.unwrap() {
            let dir = Path::new(LAKE).join(format!("{}/day={}", folders[&row.store_id], row.day));
            files.extend([format!("{}.orc", row.name), format!("_{}.idx", row.name)].map(|file| dir.join(file)));
        }
        files
    }
}

pub(crate) fn all_pages(lake: &Lake, account: &AccountId, filter: &Filter, limit: usize) -> Vec<Found> {
    let mut lookup = Lookup { filter: filter.clone(), from: None, to: None, after: None, limit };
    let mut found = Vec::new();
    loop {
        let page = lake.lookup(account, &lookup).unwrap();
        found.extend(page.events);
        match page.next {
            Some(next) => lookup.after = Some(next),
            None => return found,
        }
    }
}

pub(crate) fn places(found: &[Found]) -> Vec<Place> {
    found.iter().map(|found| found.place).collect()
}

pub(crate) fn matches(filter: &Filter, record: &[u8]) -> bool {
    let view = View::parse(record).unwrap();
    filter.matches(&Terms::of(&view))
}

pub(crate) fn record(number: u64, at: Timestamp) -> Bytes {
    // Odd spaces and escapes: the bytes must come out as they went in.
    Bytes::from(format!(
        r#"{{"eventVersion":"1.11", "eventTime":"{}","eventSource":"ec2.amazonaws.com","eventName":"Call{}","awsRegion":"us-east-1","eventID":"{number:036}","eventCategory":"Management","managementEvent":true,"recipientAccountId":"{ACCOUNT}","requestParameters":{{"a":1.0,"b":"\u00e9\/"  }}}}"#,
        at.iso(),
        number % 3
    ))
}
