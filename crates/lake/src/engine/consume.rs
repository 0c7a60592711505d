//! Consume: the journal's next records into the hot tail, where they can be found at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use opentrail_catalog::SegmentOrigin;
use opentrail_journal::{Category, Entry, Envelope, Origin, Position};
use opentrail_model::{AccountId, View};
use opentrail_stdx::Timestamp;

use super::tail::{add_chunk, segment_origin};
use super::{Engine, TickReport};
use crate::Error;
use crate::format::{MemorySegment, Row, identity, identity_hash};
use crate::metrics::Snapshot;
use crate::read::{Candidate, Known, compare, look_up};
use crate::shared::Shared;
use crate::store::{Chunk, StoreView, Stores};

/// Times beyond these are no times of records: they have no day of four digits.
const TIME_MIN: Timestamp = Timestamp::from_secs(-62_135_596_800);
const TIME_MAX: Timestamp = Timestamp::from_secs(253_402_300_799);

impl Engine {
    /// Consumes up to [`crate::Options::read_bytes_max`] of the journal.
    pub(super) async fn consume(&mut self, report: &mut TickReport) -> Result<(), Error> {
        if self.next >= self.journal.end().0 || self.is_tail_full() {
            return Ok(());
        }
        let entries = self.journal.read(Position(self.next), self.shared.options.read_bytes_max).await?;
        let Some(after) = entries.last().map(|(last, _)| last.0 + 1) else { return Ok(()) };
        let journal_bytes = entries.iter().map(|(_, entry)| entry.record.len() as u64).sum::<u64>();
        let (shared, generation) = (Arc::clone(&self.shared), self.tail.generation);
        let taken = tokio::task::spawn_blocking(move || Intake::new(&shared, generation).take(&entries)).await??;
        let Taken { changed, records, bytes, counts } = taken;
        // Readers see all of a pass or nothing. Nobody else adds chunks, so none gets lost.
        self.shared.change(|stores| {
            for (account, chunks) in changed {
                let view = stores.entry(account).or_default();
                *view = Arc::new(StoreView { chunks, segments: Arc::clone(&view.segments) });
            }
        });
        report.consumed += after - self.next;
        self.next = after;
        self.tail.records += records;
        self.tail.bytes += bytes;
        self.tail.journal_bytes += journal_bytes;
        self.tail.since.get_or_insert_with(|| self.shared.clock.now());
        self.shared.metrics.update(|snapshot| counts.add_to(snapshot));
        self.shared.consumed.send_replace(Position(after));
        Ok(())
    }
}

/// What a pass made.
struct Taken {
    /// The chunks that the stores have from now on.
    changed: Vec<(AccountId, Vec<Chunk>)>,
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
    fn add_to(&self, snapshot: &mut Snapshot) {
        snapshot.duplicates += self.duplicates;
        snapshot.colliding += self.colliding;
        snapshot.undated += self.undated;
        snapshot.expired_on_arrival += self.expired;
        snapshot.unstorable += self.unstorable;
    }
}

/// One pass. All its work blocks.
struct Intake<'a> {
    shared: &'a Shared,
    generation: u64,
    stores: Stores,
    rows: BTreeMap<(AccountId, SegmentOrigin), Vec<Row>>,
    /// The records of this pass by the hash of their identity, when some of them are imported.
    fresh: HashMap<(AccountId, u64), Vec<Bytes>>,
    has_imports: bool,
    counts: Counts,
}

impl<'a> Intake<'a> {
    fn new(shared: &'a Shared, generation: u64) -> Self {
        Self {
            shared,
            generation,
            stores: shared.stores(),
            rows: BTreeMap::new(),
            fresh: HashMap::new(),
            has_imports: false,
            counts: Counts::default(),
        }
    }

    fn take(mut self, entries: &[(Position, Entry)]) -> Result<Taken, Error> {
        self.has_imports = entries.iter().any(|(_, entry)| entry.envelope.origin == Origin::Import);
        for (position, entry) in entries.iter().filter(|(_, entry)| is_for_history(&entry.envelope)) {
            self.take_one(*position, entry)?;
        }
        Ok(self.finish())
    }

    fn take_one(&mut self, position: Position, entry: &Entry) -> Result<(), Error> {
        let Ok(account) = entry.envelope.account.parse::<AccountId>() else {
            self.refuse(position, "its account is no account id");
            return Ok(());
        };
        let Ok(view) = View::parse(&entry.record) else {
            self.refuse(position, "it is no JSON object");
            return Ok(());
        };
        let origin = segment_origin(entry.envelope.origin);
        let told = time_of(&view);
        let time = told.unwrap_or(entry.envelope.arrived_at);
        if origin == SegmentOrigin::Imported && time < self.shared.cutoff(origin) {
            self.counts.expired += 1;
            return Ok(());
        }
        if self.has_imports {
            let identity = identity(&view, &entry.record);
            let hash = identity_hash(&identity);
            let candidate = Candidate { time: told, identity: &identity, hash, record: &entry.record };
            if origin == SegmentOrigin::Imported {
                match self.known(&account, candidate)? {
                    Known::Same => {
                        self.counts.duplicates += 1;
                        return Ok(());
                    }
                    Known::Colliding => self.counts.colliding += 1,
                    Known::New => {}
                }
            }
            self.fresh.entry((account.clone(), hash)).or_default().push(entry.record.clone());
        }
        self.counts.undated += u64::from(told.is_none());
        // A copy: the journal's own bytes are a part of a large batch, which one record must not keep in memory.
        let record = Bytes::copy_from_slice(&entry.record);
        self.rows.entry((account, origin)).or_default().push(Row { position: position.0, time, record });
        Ok(())
    }

    fn refuse(&mut self, position: Position, why: &'static str) {
        tracing::error!(position = position.0, why, "a record can't be kept in a store");
        self.counts.unstorable += 1;
    }

    /// Whether an imported record is in this pass or in its store.
    fn known(&self, account: &AccountId, candidate: Candidate<'_>) -> Result<Known, Error> {
        let mut known = Known::New;
        for record in self.fresh.get(&(account.clone(), candidate.hash)).into_iter().flatten() {
            match compare(record, candidate) {
                Known::Same => return Ok(Known::Same),
                Known::Colliding => known = Known::Colliding,
                Known::New => {}
            }
        }
        let Some(view) = self.stores.get(account) else { return Ok(known) };
        let stored = look_up(self.shared, view, candidate).map_err(|name| Error::Suspect { name })?;
        Ok(if stored == Known::New { known } else { stored })
    }

    fn finish(self) -> Taken {
        let mut changed: BTreeMap<AccountId, Vec<Chunk>> = BTreeMap::new();
        let (mut records, mut bytes) = (0, 0);
        for ((account, origin), rows) in self.rows {
            let memory = MemorySegment::new(rows);
            records += memory.len() as u64;
            bytes += memory.memory_bytes() as u64;
            let before = || self.stores.get(&account).map_or_else(Vec::new, |view| view.chunks.clone());
            let chunks = changed.entry(account.clone()).or_insert_with(before);
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
    }
}

/// The time that a record tells, if a day can be named after it.
pub(super) fn time_of(view: &View<'_>) -> Option<Timestamp> {
    view.instant().filter(|time| (TIME_MIN..=TIME_MAX).contains(time))
}
