//! LookupEvents on a lake whose records are in memory and in segments, compared with a naive filter.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_api::History;
use opentrail_catalog::Catalog;
use opentrail_journal::{Category, Entry, Envelope, JournalReader, Origin, Position, ReadError, TrimError};
use opentrail_lake::{Engine, Lake, LakeParts, Lookup, Options, Page};
use opentrail_model::AccountId;
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{Clock, ManualClock};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{ACCOUNT, HOME, World};
use crate::questions::{all, naive, questions, records};

/// Records in memory.
#[derive(Debug, Default)]
struct MemoryJournal(Mutex<Vec<Entry>>);

#[async_trait]
impl JournalReader for MemoryJournal {
    fn start(&self) -> Position {
        Position(0)
    }

    fn end(&self) -> Position {
        Position(self.0.lock().len() as u64)
    }

    async fn read(&self, from: Position, _: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        let entries = self.0.lock();
        let taken = entries.iter().skip(usize::try_from(from.0).expect("small")).cloned();
        Ok((from.0..).map(Position).zip(taken).collect())
    }

    async fn trim(&self, _: Position) -> Result<(), TrimError> {
        Ok(())
    }
}

/// The lake, asked where the test runs.
#[derive(Debug)]
struct Answers(Lake);

#[async_trait]
impl History for Answers {
    async fn lookup(&self, account: &AccountId, lookup: Lookup) -> Result<Page, opentrail_lake::Error> {
        self.0.lookup(account, &lookup)
    }
}

struct Store {
    engine: Engine,
    journal: Arc<MemoryJournal>,
    clock: Arc<ManualClock>,
}

impl Store {
    async fn open(catalog: &Catalog, clock: &Arc<ManualClock>, seed: u64) -> Self {
        let (journal, hour) = (Arc::<MemoryJournal>::default(), Duration::from_secs(3600));
        let parts = LakeParts {
            journal: Arc::clone(&journal) as _,
            catalog: catalog.clone(),
            disk: Arc::new(SimDisk::new(seed)),
            dir: PathBuf::from("data/lake"),
            clock: Arc::clone(clock) as _,
            options: Options { flush_records: 12, flush_age: hour, in_background: false, ..Options::default() },
        };
        let engine = Engine::open(parts).await.expect("opens");
        Self { engine, journal, clock: Arc::clone(clock) }
    }

    /// Takes a record in; a part of those before are in segments by then.
    async fn add(&mut self, record: &Value) {
        let envelope = Envelope {
            account: ACCOUNT.to_owned(),
            region: HOME.to_owned(),
            category: Category::Management,
            // Imports are of every category.
            origin: Origin::Import,
            arrived_at: self.clock.now(),
        };
        let record = Bytes::from(record.to_string());
        self.journal.0.lock().push(Entry { envelope, record });
        while self.engine.tick().await.expect("ticks").is_behind {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn answers_equal_those_of_a_naive_filter(
        mut records in records(),
        questions in proptest::collection::vec(questions(), 1..8),
        seed in any::<u64>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("builds");
        runtime.block_on(async {
            let mut world = World::new().await;
            let mut store = Store::open(&world.api.catalog, &world.clock, seed).await;
            world.api.history = Arc::new(Answers(store.engine.lake()));
            for (id, record) in records.iter_mut().enumerate() {
                record["eventID"] = json!(id.to_string());
                store.add(record).await;
            }
            for question in &questions {
                assert_eq!(all(&world, question).await, naive(&records, question), "{question}");
            }
            store.engine.drain().await.expect("drains");
            for question in &questions {
                assert_eq!(all(&world, question).await, naive(&records, question), "in segments: {question}");
            }
        });
    }
}
