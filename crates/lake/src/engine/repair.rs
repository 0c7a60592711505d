//! Repair: a segment that somebody could not read. Its index is made again from its ORC file, or both from the journal,
//! as long as that has the records; what can't be mended is named in the log and in the metrics, and the others answer.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use opentrail_catalog::{SegmentState, StoreKind};
use opentrail_journal::{Entry, Origin, Position};
use opentrail_model::{Routed, View};

use super::consume::{is_for_history, time_of};
use super::flush::{Made, SegmentPlace, make_folders, make_segment};
use super::open::segment_name;
use super::tail::segment_origin;
use super::{Engine, TickReport, Upkeep};
use crate::Error;
use crate::format::{Row, Segment, SegmentFacts, Stay, describe, rebuild_index};
use crate::read::{Candidate, Known, Sameness, Sources, compare};
use crate::registry::{Feed, Registry};
use crate::shared::Shared;
use crate::store::{StoreKey, StoreView, Stored, day_of};

/// A segment that was looked into.
#[derive(Debug)]
pub(super) struct Mended {
    key: StoreKey,
    stored: Arc<Stored>,
    how: How,
}

#[derive(Debug)]
enum How {
    /// It can be read.
    Whole,
    /// Its index was made again.
    Index(SegmentFacts),
    /// Both files were made again.
    Rewritten(Box<Made>),
    /// Nothing is left to make it from.
    Lost,
}

impl Engine {
    /// Begins to look into a segment that somebody could not read, if there is one.
    pub(super) async fn begin_repair(&mut self) -> Result<bool, Error> {
        let Some((key, stored)) = self.suspect() else { return Ok(false) };
        let entries = self.entries_of(&key, &stored).await;
        self.busy = vec![Arc::clone(&stored)];
        let (shared, serial) = (Arc::clone(&self.shared), self.next_serial());
        self.upkeep.start(move || {
            let how = mend(&shared, &key, &stored, &entries, segment_name(serial, 0))?;
            Ok(Upkeep::Mended(Mended { key, stored, how }))
        });
        Ok(true)
    }

    fn suspect(&self) -> Option<(StoreKey, Arc<Stored>)> {
        self.shared.stores().into_iter().find_map(|(key, view)| {
            let is_suspect = |stored: &&Arc<Stored>| !stored.is_damaged() && !stored.is_readable();
            view.segments.iter().find(is_suspect).map(|stored| (key, Arc::clone(stored)))
        })
    }

    /// The records of the journal among which the segment's are; none when the journal has given some of them up.
    async fn entries_of(&self, key: &StoreKey, stored: &Stored) -> Vec<(Position, Entry)> {
        let (from, to) = (stored.row.position_min, stored.row.position_max);
        // Whatever is still in the journal was flushed lately, and is as small as a flush.
        let is_small = stored.row.record_bytes <= self.shared.options.flush_bytes.saturating_mul(2);
        if self.journal.start().0 > from || !is_small {
            return Vec::new();
        }
        let registry = self.shared.registry();
        let (mut entries, mut next) = (Vec::new(), from);
        while next <= to {
            let Ok(read) = self.journal.read(Position(next), self.shared.options.read_bytes_max).await else {
                return Vec::new();
            };
            let Some(last) = read.last().map(|(position, _)| position.0) else { return Vec::new() };
            let mut candidates = Candidates { key, stored, registry: &registry, feed: Feed::new(&registry) };
            let of_segment =
                read.into_iter().filter(|(position, entry)| position.0 <= to && candidates.has(*position, entry));
            // Copies: the journal's own bytes are a part of large batches.
            entries.extend(of_segment.map(|(position, mut entry)| {
                entry.record = Bytes::copy_from_slice(&entry.record);
                (position, entry)
            }));
            next = last + 1;
        }
        entries
    }

    /// Lets a segment that was looked into answer again, or gives it up.
    pub(super) async fn commit_repair(&mut self, mut mended: Mended, report: &mut TickReport) -> Result<(), Error> {
        let stored = Arc::clone(&mended.stored);
        let why = stored.suspicion().unwrap_or_default();
        let label = stored.label();
        let done = match &mut mended.how {
            How::Whole => self.note_state(&stored, SegmentState::Live).await,
            How::Index(facts) => {
                let facts = facts.clone();
                self.note_facts(&stored, SegmentState::Live, facts).await
            }
            How::Lost => self.note_state(&stored, SegmentState::Damaged).await,
            How::Rewritten(made) => self.store_rewritten(&stored, made).await,
        };
        if let Err(error) = done {
            self.upkeep.put_back(Upkeep::Mended(mended));
            return Err(error);
        }
        report.repaired += u64::from(!matches!(mended.how, How::Lost));
        match mended.how {
            How::Whole => tracing::warn!(segment = label, why, "a segment could not be read for a moment"),
            How::Index(_) => tracing::warn!(segment = label, why, "a segment was damaged; its index was made again"),
            How::Lost => tracing::error!(
                segment = label,
                why,
                "a segment is damaged and its records are no longer in the journal; others answer without it; \
                 put its files back from a copy and start again"
            ),
            How::Rewritten(made) => {
                tracing::warn!(segment = label, why, "a segment was damaged; it was made again from the journal");
                let Made { row, facts, dir, .. } = *made;
                let rewritten = Arc::new(Stored::new(row, facts, dir));
                self.replace(&mended.key, std::slice::from_ref(&stored), Some(rewritten));
                self.graveyard.push(Arc::clone(&stored));
            }
        }
        self.count_segments();
        Ok(())
    }

    async fn store_rewritten(&self, stored: &Stored, made: &mut Made) -> Result<(), Error> {
        let mut transaction = self.catalog.begin().await?;
        if transaction.has_segment(&made.row.name).await? {
            return Ok(());
        }
        transaction.delete_segment(stored.row.id).await?;
        made.row.store_id = stored.row.store_id;
        made.row.id = transaction.insert_segment(&made.row).await?;
        // Commit point. As with a merge, either pair of files is the segment, and the other is removed.
        transaction.commit().await?;
        Ok(())
    }

    /// Notes in the catalog whether a segment can be read, then lets readers see it.
    pub(super) async fn note_state(&mut self, stored: &Arc<Stored>, state: SegmentState) -> Result<(), Error> {
        self.note_facts(stored, state, stored.facts.clone()).await
    }

    async fn note_facts(
        &mut self,
        stored: &Arc<Stored>,
        state: SegmentState,
        facts: SegmentFacts,
    ) -> Result<(), Error> {
        let mut row = stored.row.clone();
        row.state = state;
        row.file_bytes = facts.orc_bytes + facts.idx_bytes;
        row.facts = serde_json::to_string(&facts).expect("numbers can be written as JSON");
        if row != stored.row {
            let mut transaction = self.catalog.begin().await?;
            transaction.set_segment_state(row.id, state, row.file_bytes, &row.facts).await?;
            // Commit point. Before it, a new index doesn't fit the facts, so that it will be made once more.
            transaction.commit().await?;
        }
        let key = self.key_of(stored);
        let renewed = Arc::new(Stored::new(row, facts, stored.dir.clone()));
        if let Some(key) = key {
            self.replace(&key, std::slice::from_ref(stored), Some(renewed));
        }
        self.count_segments();
        Ok(())
    }

    fn key_of(&self, stored: &Arc<Stored>) -> Option<StoreKey> {
        let has = |view: &StoreView| view.segments.iter().any(|other| Arc::ptr_eq(other, stored));
        self.shared.stores().into_iter().find_map(|(key, view)| has(&view).then_some(key))
    }
}

/// Tells which records of the journal may be a segment's.
struct Candidates<'a> {
    key: &'a StoreKey,
    stored: &'a Stored,
    registry: &'a Registry,
    feed: Feed<'a>,
}

impl Candidates<'_> {
    fn has(&mut self, position: Position, entry: &Entry) -> bool {
        let (envelope, account) = (&entry.envelope, self.key.account.as_str());
        let is_of_store = match (self.key.kind, envelope.origin) {
            (StoreKind::History, _) => is_for_history(envelope),
            (StoreKind::EventDataStore(number), Origin::Store(of)) => number == of,
            (StoreKind::EventDataStore(number), Origin::Call | Origin::Import) => {
                let Ok(event) = Routed::parse(&entry.record) else { return false };
                self.feed.takers(position.0, &envelope.account, &envelope.region, &event).any(|taker| taker == number)
            }
        };
        let origin = segment_origin(envelope.origin, self.registry.table(self.key.kind));
        is_of_store && envelope.account == account && origin == self.stored.row.origin
    }
}

/// Looks into a segment and mends it if that is possible. Blocks.
fn mend(
    shared: &Shared,
    key: &StoreKey,
    stored: &Stored,
    entries: &[(Position, Entry)],
    name: String,
) -> Result<How, Error> {
    let verify = |facts: &SegmentFacts| {
        let opened = Segment::open(&*shared.disk, &stored.dir, &stored.row.name, facts);
        opened.and_then(|segment| segment.verify())
    };
    if verify(&stored.facts).is_ok() {
        return Ok(How::Whole);
    }
    shared.close(&stored.row.name);
    let (name_before, table, crc) = (&stored.row.name, stored.facts.table, stored.facts.orc_crc);
    if let Ok(facts) = rebuild_index(&*shared.disk, &stored.dir, name_before, table, crc)
        && is_same_content(&facts, &stored.facts)
        && verify(&facts).is_ok()
    {
        return Ok(How::Index(facts));
    }
    let rows = rows_again(shared, key, stored, entries);
    if rows.len() as u64 != stored.row.records {
        return Ok(How::Lost);
    }
    make_folders(shared, std::iter::once((key, stored.row.day.clone())))?;
    let rows = rows.into_iter().map(Ok);
    let place = SegmentPlace {
        key,
        origin: stored.row.origin,
        day: &stored.row.day,
        table: stored.facts.table,
        stay: Stay::Medium,
    };
    let made = make_segment(shared, place, name, rows)?;
    Ok(if is_same_content(&made.facts, &stored.facts) { How::Rewritten(Box::new(made)) } else { How::Lost })
}

/// Whether both are of the same records.
fn is_same_content(one: &SegmentFacts, other: &SegmentFacts) -> bool {
    let content = |facts: &SegmentFacts| {
        let times = (facts.time_min_ms, facts.time_max_ms);
        (facts.rows, facts.record_bytes, times, facts.position_min, facts.position_max)
    };
    content(one) == content(other)
}

/// The segment's rows as the journal has them: those of its day that are in no other segment, without the duplicates
/// among those that may come twice. Whoever asks compares their number with what is known.
fn rows_again(shared: &Shared, key: &StoreKey, stored: &Stored, entries: &[(Position, Entry)]) -> Vec<Row> {
    let mut others = others(shared, key, stored);
    let mut seen: HashMap<u64, Vec<Bytes>> = HashMap::new();
    let mut rows = Vec::new();
    for (position, entry) in entries {
        let Ok(view) = View::parse(&entry.record) else { continue };
        let told = time_of(&view);
        let time = told.unwrap_or(entry.envelope.arrived_at);
        // What was past its time is in no segment any more.
        let is_in_time = (stored.row.time_min..=stored.row.time_max).contains(&time);
        if !is_in_time || day_of(time) != stored.row.day || others.positions.contains(&position.0) {
            continue;
        }
        if entry.envelope.origin != Origin::Call {
            let described = describe(&entry.record);
            let (identity, hash) = (described.identity.as_str(), described.hash);
            let sameness = Sameness::of(stored.facts.table);
            let candidate = Candidate { time: told, identity, hash, record: &entry.record, sameness };
            let before = seen.entry(hash).or_default();
            let is_twice = before.iter().any(|record| compare(record, candidate) == Known::Same)
                || others.sources.look_up(shared, candidate) == Ok(Known::Same);
            if is_twice {
                continue;
            }
            before.push(entry.record.clone());
        }
        rows.push(Row { position: position.0, time, record: entry.record.clone() });
    }
    rows.sort_by_key(Row::place);
    rows
}

/// The store without the segment, and the positions that are in its other segments of that day.
struct Others {
    sources: Sources,
    positions: BTreeSet<u64>,
}

fn others(shared: &Shared, key: &StoreKey, stored: &Stored) -> Others {
    let mut view = shared.store(key).map_or_else(StoreView::default, |view| (*view).clone());
    Arc::make_mut(&mut view.segments).retain(|other| other.row.name != stored.row.name);
    let is_near = |other: &&Arc<Stored>| {
        let (row, of) = (&other.row, &stored.row);
        row.day == of.day && row.position_min <= of.position_max && of.position_min <= row.position_max
    };
    let mut positions = BTreeSet::new();
    for other in view.segments.iter().filter(|other| other.is_readable()).filter(is_near) {
        let opened = Segment::open(&*shared.disk, &other.dir, &other.row.name, &other.facts);
        let read = opened.and_then(|segment| {
            segment.rows()?.try_for_each(|row| {
                positions.insert(row?.position);
                Ok(())
            })
        });
        if let Err(error) = read {
            other.suspect(&error);
        }
    }
    Others { sources: Sources::of(key.kind, &view), positions }
}
