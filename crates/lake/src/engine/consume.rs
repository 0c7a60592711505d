//! Consume: the journal's next records into the hot tail, where they can be found at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use opentrail_catalog::{SegmentOrigin, StoreKind};
use opentrail_journal::{Category, Entry, Envelope, Origin, Position};
use opentrail_model::{AccountId, RecordKey, Routed, View};
use opentrail_stdx::Timestamp;

use super::tail::{add_chunk, segment_origin};
use super::{Engine, TickReport};
use crate::Error;
use crate::format::{MemorySegment, Row, identity_hash, identity_of};
use crate::metrics::Snapshot;
use crate::read::{Candidate, Known, Sameness, Sources, compare};
use crate::registry::{Feed, Registry};
use crate::shared::Shared;
use crate::store::{Chunk, StoreKey, StoreView, Stores};

/// Times beyond these are no times of records: they have no day of four digits.
const TIME_MIN: Timestamp = Timestamp::from_secs(-62_135_596_800);
const TIME_MAX: Timestamp = Timestamp::from_secs(253_402_300_799);

impl Engine {
    /// Consumes up to [`crate::Options::read_bytes_max`] of the journal.
    pub(super) async fn consume(&mut self, report: &mut TickReport) -> Result<(), Error> {
        if self.next >= self.journal.end().0 || self.is_tail_full() {
            return Ok(());
        }
        let end = self.journal.end();
        // After the end was looked at: of what is before it, each store that was answered to be there takes its part.
        self.refresh().await?;
        let mut entries = self.journal.read(Position(self.next), self.shared.options.read_bytes_max).await?;
        entries.retain(|(position, _)| *position < end);
        let Some(after) = entries.last().map(|(last, _)| last.0 + 1) else { return Ok(()) };
        let journal_bytes = entries.iter().map(|(_, entry)| entry.record.len() as u64).sum::<u64>();
        let (shared, generation) = (Arc::clone(&self.shared), self.tail.generation);
        let take = move || Intake::new(&shared, &shared.registry(), generation).take(&entries);
        let taken = tokio::task::spawn_blocking(take).await??;
        let Taken { changed, records, bytes, counts } = taken;
        // Readers see all of a pass or nothing. Nobody else adds chunks, so none gets lost.
        self.shared.change(|stores| {
            for (key, chunks) in changed {
                let view = stores.entry(key).or_default();
                *view = Arc::new(StoreView { chunks, segments: Arc::clone(&view.segments) });
            }
        });
        report.consumed += after - self.next;
        self.next = after;
        self.tail.records += records;
        self.tail.bytes += bytes;
        self.tail.journal_bytes += journal_bytes;
        let now = self.shared.clock.now();
        self.tail.since.get_or_insert(now);
        self.shared.metrics.update(|snapshot| counts.add_to(snapshot, now));
        self.shared.consumed.send_replace(Position(after));
        Ok(())
    }
}

/// What a pass made.
struct Taken {
    /// The chunks that the stores have from now on.
    changed: Vec<(StoreKey, Vec<Chunk>)>,
    records: u64,
    bytes: u64,
    counts: Counts,
}

/// What was seen and isn't told by the records themselves.
#[derive(Debug, Default)]
struct Counts {
    duplicates: u64,
    colliding: u64,
    undated: u64,
    expired: u64,
    unstorable: u64,
}

impl Counts {
    fn add_to(&self, snapshot: &mut Snapshot, now: Timestamp) {
        snapshot.duplicates += self.duplicates;
        snapshot.colliding.add(self.colliding, now);
        snapshot.undated.add(self.undated, now);
        snapshot.expired_on_arrival += self.expired;
        snapshot.unstorable.add(self.unstorable, now);
    }
}

/// One pass. All its work blocks.
struct Intake<'a> {
    shared: &'a Shared,
    registry: &'a Registry,
    feed: Feed<'a>,
    generation: u64,
    stores: Stores,
    /// The stores that were asked for records that may come twice.
    sources: HashMap<StoreKey, Sources>,
    /// The records by the hash of their identity.
    rows: BTreeMap<(StoreKey, SegmentOrigin), Vec<(Row, u64)>>,
    /// The records of this pass by the hash of their identity, when some of them may come twice.
    fresh: HashMap<(StoreKey, u64), Vec<Bytes>>,
    may_repeat: bool,
    /// Room for the texts of this pass, which come together and go together: in one piece of memory.
    texts: BytesMut,
    counts: Counts,
}

/// A record on its way into stores.
struct Arrival<'e> {
    position: Position,
    entry: &'e Entry,
    key: &'e RecordKey<'e>,
    /// The time that it tells.
    told: Option<Timestamp>,
    /// Its text, shared by all stores that have it: the journal's own bytes are a part of a large batch, which one record
    /// that is wanted must not keep in memory.
    text: Bytes,
}

impl<'a> Intake<'a> {
    fn new(shared: &'a Shared, registry: &'a Registry, generation: u64) -> Self {
        Self {
            shared,
            registry,
            feed: Feed::new(registry),
            generation,
            stores: shared.stores(),
            sources: HashMap::new(),
            rows: BTreeMap::new(),
            fresh: HashMap::new(),
            may_repeat: false,
            texts: BytesMut::new(),
            counts: Counts::default(),
        }
    }

    fn take(mut self, entries: &[(Position, Entry)]) -> Result<Taken, Error> {
        self.texts.reserve(entries.iter().map(|(_, entry)| entry.record.len()).sum());
        self.may_repeat = entries.iter().any(|(_, entry)| entry.envelope.origin != Origin::Call);
        for (position, entry) in entries {
            self.take_one(*position, entry)?;
        }
        Ok(self.finish())
    }

    fn take_one(&mut self, position: Position, entry: &Entry) -> Result<(), Error> {
        let is_for_history = is_for_history(&entry.envelope);
        let is_call = entry.envelope.origin == Origin::Call;
        if !is_for_history && is_call && !self.feed.has_takers(position.0) {
            return Ok(());
        }
        let Ok(account) = entry.envelope.account.parse::<AccountId>() else {
            self.refuse(position, "its account is no account id");
            return Ok(());
        };
        let stores = self.takers(position, entry, &account);
        if stores.is_empty() {
            return Ok(());
        }
        let Ok(key) = RecordKey::parse(&entry.record) else {
            self.refuse(position, "it is no JSON object");
            return Ok(());
        };
        self.texts.extend_from_slice(&entry.record);
        let (told, text) = (datable(key.instant()), self.texts.split().freeze());
        let arrival = Arrival { position, entry, key: &key, told, text };
        stores.into_iter().try_for_each(|kind| self.put(StoreKey { account: account.clone(), kind }, &arrival))
    }

    /// The stores that a record goes to.
    fn takers(&mut self, position: Position, entry: &Entry, account: &AccountId) -> Vec<StoreKind> {
        let envelope = &entry.envelope;
        let mut takers = Vec::new();
        if is_for_history(envelope) {
            takers.push(StoreKind::History);
        }
        match envelope.origin {
            // One that was removed since has nothing to take it.
            Origin::Store(number) if self.registry.belongs_to(number, account) => {
                takers.push(StoreKind::EventDataStore(number));
            }
            Origin::Store(_) => {}
            Origin::Call | Origin::Import if self.feed.has_takers(position.0) => {
                if let Ok(event) = Routed::parse(&entry.record) {
                    let wanted = self.feed.takers(position.0, &envelope.account, &envelope.region, &event);
                    takers.extend(wanted.map(StoreKind::EventDataStore));
                }
            }
            Origin::Call | Origin::Import => {}
        }
        takers
    }

    fn put(&mut self, key: StoreKey, arrival: &Arrival<'_>) -> Result<(), Error> {
        let &Arrival { position, entry, key: of_record, told, ref text } = arrival;
        let table = self.registry.table(key.kind);
        let origin = segment_origin(entry.envelope.origin, table);
        let time = told.unwrap_or(entry.envelope.arrived_at);
        if origin == SegmentOrigin::Imported && time < self.shared.cutoff(key.kind, origin) {
            self.counts.expired += 1;
            return Ok(());
        }
        let identity = identity_of(of_record.event_id.as_deref(), text);
        let hash = identity_hash(&identity);
        if self.may_repeat {
            let sameness = Sameness::of(table.unwrap_or_default());
            let candidate = Candidate { time: told, identity: &identity, hash, record: text, sameness };
            if entry.envelope.origin != Origin::Call {
                match self.known(&key, candidate)? {
                    Known::Same => {
                        self.counts.duplicates += 1;
                        return Ok(());
                    }
                    Known::Colliding => self.counts.colliding += 1,
                    Known::New => {}
                }
            }
            self.fresh.entry((key.clone(), hash)).or_default().push(text.clone());
        }
        self.counts.undated += u64::from(told.is_none());
        let row = Row { position: position.0, time, record: text.clone() };
        self.rows.entry((key, origin)).or_default().push((row, hash));
        Ok(())
    }

    fn refuse(&mut self, position: Position, why: &'static str) {
        tracing::error!(position = position.0, why, "a record can't be kept in a store");
        self.counts.unstorable += 1;
    }

    /// Whether a record that may come twice is in this pass or in its store.
    fn known(&mut self, key: &StoreKey, candidate: Candidate<'_>) -> Result<Known, Error> {
        let mut known = Known::New;
        for record in self.fresh.get(&(key.clone(), candidate.hash)).into_iter().flatten() {
            match compare(record, candidate) {
                Known::Same => return Ok(Known::Same),
                Known::Colliding => known = Known::Colliding,
                Known::New => {}
            }
        }
        let Some(view) = self.stores.get(key) else { return Ok(known) };
        let sources = self.sources.entry(key.clone()).or_insert_with(|| Sources::of(key.kind, view));
        let stored = sources.look_up(self.shared, candidate).map_err(|name| Error::Suspect { name })?;
        Ok(if stored == Known::New { known } else { stored })
    }

    fn finish(self) -> Taken {
        let mut changed: BTreeMap<StoreKey, Vec<Chunk>> = BTreeMap::new();
        let (mut records, mut bytes) = (0, 0);
        for ((key, origin), rows) in self.rows {
            let memory = MemorySegment::new(rows);
            // What is imported comes in bulk and goes to segments soon, mostly before somebody asks. Event data stores are
            // asked by queries, which look at the records themselves.
            let is_looked_up = key.kind == StoreKind::History && origin == SegmentOrigin::Recorded;
            let memory = if is_looked_up { memory.index() } else { memory };
            records += memory.len() as u64;
            bytes += memory.memory_bytes() as u64;
            let before = || self.stores.get(&key).map_or_else(Vec::new, |view| view.chunks.clone());
            let chunks = changed.entry(key.clone()).or_insert_with(before);
            add_chunk(chunks, Chunk { generation: self.generation, origin, memory: Arc::new(memory) });
        }
        Taken { changed: changed.into_iter().collect(), records, bytes, counts: self.counts }
    }
}

/// Whether a record goes to Event history: what was recorded of management and Insights, and all that was imported.
pub(super) fn is_for_history(envelope: &Envelope) -> bool {
    match envelope.origin {
        Origin::Import => true,
        Origin::Call => matches!(envelope.category, Category::Management | Category::Insight),
        Origin::Store(_) => false,
    }
}

/// The time that a record tells, if a day can be named after it.
pub(super) fn time_of(view: &View<'_>) -> Option<Timestamp> {
    datable(view.instant())
}

fn datable(time: Option<Timestamp>) -> Option<Timestamp> {
    time.filter(|time| (TIME_MIN..=TIME_MAX).contains(time))
}
