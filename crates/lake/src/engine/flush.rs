//! Flush: a frozen tail into segments, one for each store, origin and day.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use opentrail_catalog::{Segment as SegmentRow, SegmentOrigin, SegmentState};
use opentrail_stdx::Disk;
use parking_lot::Mutex;

use super::open::segment_name;
use super::{Engine, TickReport};
use crate::format::{FormatError, MemorySegment, Row, SegmentFacts, SegmentOptions, Stay, Table, write_segment};
use crate::shared::Shared;
use crate::store::{StoreKey, StoreView, Stored, day_of};
use crate::{Error, PRODUCT};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A frozen tail whose segments are on the disk.
#[derive(Debug)]
pub(super) struct Flushed {
    generation: u64,
    from: u64,
    to: u64,
    made: Vec<Made>,
}

/// A segment that is on the disk and in no store yet.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) key: StoreKey,
    pub(super) row: SegmentRow,
    pub(super) facts: SegmentFacts,
    pub(super) dir: PathBuf,
}

/// What one segment is to be made of.
struct Plan {
    key: StoreKey,
    origin: SegmentOrigin,
    table: Table,
    /// Ascending by place, of one day.
    rows: Vec<Row>,
}

impl Engine {
    /// Commits the segments of a tail that were built, and begins to build those of the next.
    pub(super) async fn flush(&mut self, report: &mut TickReport) -> Result<(), Error> {
        self.settle_flush(report).await?;
        if !self.begin_flush() {
            return Ok(());
        }
        if !self.shared.options.in_background {
            self.flush.ended_now().await;
            self.settle_flush(report).await?;
        }
        Ok(())
    }

    fn begin_flush(&mut self) -> bool {
        if !self.flush.is_idle() || self.is_unclean {
            return false;
        }
        let Some(frozen) = self.frozen.front() else { return false };
        let (generation, from, to) = (frozen.generation, frozen.from, frozen.to);
        let (shared, serial) = (Arc::clone(&self.shared), self.next_serial());
        self.flush.start(move || {
            let made = build(&shared, generation, serial)?;
            Ok(Flushed { generation, from, to, made })
        });
        true
    }

    async fn settle_flush(&mut self, report: &mut TickReport) -> Result<(), Error> {
        self.flush.poll().await;
        match self.flush.outcome() {
            None => Ok(()),
            Some(Err(error)) => {
                self.is_unclean = true;
                Err(error)
            }
            Some(Ok(mut flushed)) => match self.commit_flush(&mut flushed).await {
                Ok(()) => {
                    self.apply_flush(flushed, report);
                    Ok(())
                }
                Err(error) => {
                    self.flush.put_back(flushed);
                    Err(error)
                }
            },
        }
    }

    async fn commit_flush(&mut self, flushed: &mut Flushed) -> Result<(), Error> {
        let mut transaction = self.catalog.begin().await?;
        if transaction.cursor(PRODUCT).await? == flushed.to {
            // An earlier try failed and was kept all the same; the ids are those it gave.
            return Ok(());
        }
        for made in &mut flushed.made {
            made.row.store_id = transaction.ensure_store(&made.key.account, made.key.kind).await?;
            made.row.id = transaction.insert_segment(&made.row).await?;
        }
        transaction.move_cursor(PRODUCT, flushed.from, flushed.to).await?;
        // As long as the journal has a record, a segment may have to be made again from it.
        transaction.forget_event_data_store_revisions(self.journal.start().0).await?;
        // Commit point. The files are synced, their names too. A crash before this leaves files that nobody knows, which
        // the next start removes, and the cursor where it was: the same records become the tail again. After it the
        // records are in segments, and the journal may forget them.
        transaction.commit().await?;
        Ok(())
    }

    /// The chunks of the tail go and the segments come in one step, so that each record is always found once.
    fn apply_flush(&mut self, flushed: Flushed, report: &mut TickReport) {
        let generation = flushed.generation;
        report.flushed += flushed.made.len() as u64;
        let mistyped = flushed.made.iter().map(|made| made.facts.mistyped).sum::<u64>();
        self.shared.change(|stores| {
            for made in flushed.made {
                let view = Arc::make_mut(stores.entry(made.key).or_default());
                let stored = Stored::new(made.row, made.facts, made.dir);
                Arc::make_mut(&mut view.segments).push(Arc::new(stored));
            }
            for view in stores.values_mut().filter(|view| has_generation(view, generation)) {
                Arc::make_mut(view).chunks.retain(|chunk| chunk.generation != generation);
            }
        });
        self.frozen.pop_front();
        self.merge_look_at = self.shared.clock.now();
        self.shared.metrics.update(|snapshot| {
            snapshot.flushes += 1;
            snapshot.cursor = flushed.to;
            snapshot.mistyped += mistyped;
        });
        self.count_segments();
    }
}

fn has_generation(view: &StoreView, generation: u64) -> bool {
    view.chunks.iter().any(|chunk| chunk.generation == generation)
}

/// Writes all segments of a frozen tail. Blocks.
fn build(shared: &Shared, generation: u64, serial: u64) -> Result<Vec<Made>, Error> {
    let (mut plans, registry) = (Vec::new(), shared.registry());
    for (key, view) in shared.stores() {
        // Of a store that is gone nothing is kept, whatever its columns were.
        let table = registry.table(key.kind).unwrap_or_default();
        for origin in [SegmentOrigin::Recorded, SegmentOrigin::Imported] {
            let of_tail = view.chunks.iter().filter(|chunk| chunk.generation == generation && chunk.origin == origin);
            let rows = sorted_rows(of_tail.map(|chunk| &*chunk.memory));
            let days = rows.chunk_by(|a, b| day_number(a) == day_number(b));
            plans.extend(days.map(|rows| Plan { key: key.clone(), origin, table, rows: rows.to_vec() }));
        }
    }
    make_folders(shared, plans.iter().map(|plan| (&plan.key, day_of(plan.rows[0].time))))?;
    let (next, made) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(plans.len())));
    let work = || {
        while let Some((index, plan)) = claim(&next, &plans) {
            let name = segment_name(serial, index);
            let day = day_of(plan.rows[0].time);
            let rows = plan.rows.iter().cloned().map(Ok);
            let place =
                SegmentPlace { key: &plan.key, origin: plan.origin, day: &day, table: plan.table, stay: Stay::Short };
            let built = make_segment(shared, place, name, rows);
            made.lock().push(built);
        }
    };
    let others = shared.options.cores.min(plans.len()).saturating_sub(1);
    std::thread::scope(|scope| {
        (0..others).for_each(|_| drop(scope.spawn(work)));
        work();
    });
    made.into_inner().into_iter().collect()
}

fn claim<'a>(next: &AtomicUsize, plans: &'a [Plan]) -> Option<(usize, &'a Plan)> {
    let index = next.fetch_add(1, Ordering::SeqCst);
    plans.get(index).map(|plan| (index, plan))
}

fn sorted_rows<'a>(chunks: impl Iterator<Item = &'a MemorySegment>) -> Vec<Row> {
    let mut rows: Vec<Row> = chunks.flat_map(|memory| memory.rows().iter().cloned()).collect();
    rows.sort_by_key(Row::place);
    rows
}

fn day_number(row: &Row) -> i64 {
    row.time.as_ms().div_euclid(DAY_MS)
}

/// Makes the folders of days, durably.
pub(super) fn make_folders<'a>(
    shared: &Shared,
    days: impl Iterator<Item = (&'a StoreKey, String)>,
) -> Result<(), Error> {
    let (disk, layout): (&dyn Disk, _) = (&*shared.disk, &shared.layout);
    let failed = |path: PathBuf| move |source| Error::Disk { doing: "make the folder", path, source };
    let mut parents = std::collections::BTreeSet::new();
    for (key, day) in days {
        let dir = layout.day(key, &day);
        disk.create_dir_all(&dir).map_err(failed(dir.clone()))?;
        parents.insert(layout.store(key));
    }
    if !parents.is_empty() {
        parents.insert(layout.dir.clone());
    }
    parents.into_iter().try_for_each(|dir| disk.sync_dir(&dir).map_err(failed(dir)))
}

/// Where a segment belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct SegmentPlace<'a> {
    pub(super) key: &'a StoreKey,
    pub(super) origin: SegmentOrigin,
    pub(super) day: &'a str,
    /// Its columns.
    pub(super) table: Table,
    pub(super) stay: Stay,
}

/// Writes one segment into the folder of its day, which is there.
pub(super) fn make_segment(
    shared: &Shared,
    place: SegmentPlace<'_>,
    name: String,
    rows: impl Iterator<Item = Result<Row, FormatError>>,
) -> Result<Made, Error> {
    let SegmentPlace { key, origin, day, table, stay } = place;
    let dir = shared.layout.day(key, day);
    let options = SegmentOptions::new(table, stay);
    let written = write_segment(&*shared.disk, &dir, &name, rows, &options);
    let facts = written.map_err(|source| Error::Segment { doing: "write", source: Box::new(source) })?;
    let row = row_of(shared, day.to_owned(), name, origin, &facts);
    Ok(Made { key: key.clone(), row, facts, dir })
}

/// The manifest's row for a segment that was written; its ids are given at its commit.
fn row_of(shared: &Shared, day: String, name: String, origin: SegmentOrigin, facts: &SegmentFacts) -> SegmentRow {
    SegmentRow {
        id: 0,
        store_id: 0,
        day,
        name,
        origin,
        state: SegmentState::Live,
        records: u64::from(facts.rows),
        record_bytes: facts.record_bytes,
        file_bytes: facts.orc_bytes + facts.idx_bytes,
        time_min: opentrail_stdx::Timestamp::from_ms(facts.time_min_ms),
        time_max: opentrail_stdx::Timestamp::from_ms(facts.time_max_ms),
        position_min: facts.position_min,
        position_max: facts.position_max,
        made_at: shared.clock.now(),
        facts: serde_json::to_string(facts).expect("numbers can be written as JSON"),
    }
}
