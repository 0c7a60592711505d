//! Merge: many small segments of a day into one that is sorted.
//!
//! Segments of about one size (within a factor of four) are merged when there are enough of them, so that each record is
//! written a few times only; once a day is quiet, all of its segments that fit into one are.
//!
//! Records that are past their time are left out. A segment whose oldest ones have been so for a while is written again
//! without them: the merge of one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentrail_catalog::SegmentOrigin;
use opentrail_stdx::Timestamp;

use super::flush::{Made, SegmentPlace, make_segment};
use super::open::segment_name;
use super::{Engine, TickReport, Upkeep};
use crate::Error;
use crate::format::{FormatError, Place, Row, Segment, Stay};
use crate::shared::Shared;
use crate::store::{StoreKey, StoreView, Stored};

/// So many segments are merged at most: each of them is open, with a part of it in memory.
const INPUTS_MAX: usize = 16;

/// How often quiet days are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// A merged segment that is on the disk.
#[derive(Debug)]
pub(super) struct Merged {
    made: Made,
    inputs: Vec<Arc<Stored>>,
}

/// What to merge.
struct Plan {
    key: StoreKey,
    origin: SegmentOrigin,
    day: String,
    inputs: Vec<Arc<Stored>>,
    /// What is older is left out.
    kept_since: Timestamp,
    /// Of what becomes of them.
    stay: Stay,
}

impl Engine {
    /// Begins to merge segments, if there are some to merge.
    pub(super) fn begin_merge(&mut self) -> bool {
        let now = self.shared.clock.now();
        if now < self.merge_look_at {
            return false;
        }
        let Some(plan) = self.plan_merge().or_else(|| self.plan_trim()) else {
            self.merge_look_at = now.plus(LOOK_EVERY);
            return false;
        };
        self.busy.clone_from(&plan.inputs);
        let (shared, serial, stopping) = (Arc::clone(&self.shared), self.next_serial(), Arc::clone(&self.is_stopping));
        self.upkeep.start(move || {
            merge(&shared, plan, segment_name(serial, 0), &stopping).map(|merged| Upkeep::Merged(Box::new(merged)))
        });
        true
    }

    fn plan_merge(&self) -> Option<Plan> {
        let (now, options) = (self.shared.clock.now(), &self.shared.options);
        let settled_before = now.minus(options.settle_after);
        let count = if now < self.merge_rest_until { options.merge_count.max(INPUTS_MAX) } else { options.merge_count };
        for (key, view) in self.shared.stores() {
            for ((day, origin), segments) in by_day(&view) {
                let is_quiet = segments.iter().all(|stored| stored.row.made_at <= settled_before);
                let wanted = if is_quiet { 2 } else { count };
                let kept_since = self.shared.cutoff(key.kind, origin);
                let is_over = segments.iter().any(|stored| stored.row.time_max < kept_since);
                let tiers = if is_quiet { vec![segments] } else { by_tier(segments) };
                let inputs = tiers.into_iter().map(|tier| self.fitting(tier)).find(|tier| tier.len() >= wanted);
                if let Some(inputs) = inputs.filter(|_| !is_over) {
                    let stay = if is_quiet { Stay::Long } else { Stay::Medium };
                    return Some(Plan { key, origin, day, inputs, kept_since, stay });
                }
            }
        }
        None
    }

    /// The segment that has had records past their time for longest, if that is too long. With six hours, what is left of a
    /// day is written three times at most, one and a half times its records in all.
    fn plan_trim(&self) -> Option<Plan> {
        let (now, trim_after) = (self.shared.clock.now(), self.shared.options.trim_after);
        if now < self.merge_rest_until {
            return None;
        }
        let mut oldest: Option<(Timestamp, Plan)> = None;
        for (key, view) in self.shared.stores() {
            for stored in view.segments.iter().filter(|stored| stored.is_readable()) {
                let (row, kept_since) = (&stored.row, self.shared.cutoff(key.kind, stored.row.origin));
                let is_due = row.time_min.plus(trim_after) < kept_since && row.time_max >= kept_since;
                if is_due && oldest.as_ref().is_none_or(|(time, _)| row.time_min < *time) {
                    let (key, origin, day) = (key.clone(), row.origin, row.day.clone());
                    let inputs = vec![Arc::clone(stored)];
                    oldest = Some((row.time_min, Plan { key, origin, day, inputs, kept_since, stay: Stay::Short }));
                }
            }
        }
        oldest.map(|(_, plan)| plan)
    }

    /// The smallest of them that fit into one segment.
    fn fitting(&self, mut segments: Vec<Arc<Stored>>) -> Vec<Arc<Stored>> {
        segments.sort_by_key(|stored| stored.row.record_bytes);
        let mut bytes = 0;
        let fits = |stored: &Arc<Stored>| {
            bytes += stored.row.record_bytes;
            bytes <= self.shared.options.merge_bytes_max
        };
        segments.into_iter().take_while(fits).take(INPUTS_MAX).collect()
    }

    /// Puts a merged segment into the place of those that it was made of.
    pub(super) async fn commit_merge(&mut self, mut merged: Box<Merged>, report: &mut TickReport) -> Result<(), Error> {
        if let Err(error) = self.store_merge(&mut merged).await {
            self.upkeep.put_back(Upkeep::Merged(merged));
            return Err(error);
        }
        let Merged { made, inputs } = *merged;
        let merged = Arc::new(Stored::new(made.row, made.facts, made.dir));
        self.replace(&made.key, &inputs, Some(merged));
        report.merged += inputs.len() as u64;
        self.graveyard.extend(inputs);
        self.merge_look_at = self.shared.clock.now();
        self.shared.metrics.update(|snapshot| snapshot.merges += 1);
        self.count_segments();
        Ok(())
    }

    async fn store_merge(&self, merged: &mut Merged) -> Result<(), Error> {
        let mut transaction = self.catalog.begin().await?;
        if transaction.has_segment(&merged.made.row.name).await? {
            // An earlier try failed and was kept all the same; the id is the one it gave.
            return Ok(());
        }
        for input in &merged.inputs {
            transaction.delete_segment(input.row.id).await?;
        }
        merged.made.row.store_id = merged.inputs[0].row.store_id;
        merged.made.row.id = transaction.insert_segment(&merged.made.row).await?;
        // Commit point. The new files are synced. A crash before this leaves them unknown, after it the old ones; the
        // next start removes either.
        transaction.commit().await?;
        Ok(())
    }

    /// Changes which segments a store has, in one step; the files of those that go are removed when nobody reads them.
    pub(super) fn replace(&mut self, key: &StoreKey, gone: &[Arc<Stored>], come: Option<Arc<Stored>>) {
        self.shared.change(|stores| {
            let view = Arc::make_mut(stores.entry(key.clone()).or_default());
            let segments = Arc::make_mut(&mut view.segments);
            segments.retain(|stored| !gone.iter().any(|gone| Arc::ptr_eq(gone, stored)));
            segments.extend(come);
        });
        gone.iter().for_each(|stored| self.shared.close(&stored.row.name));
        self.unchecked.retain(|stored| !gone.iter().any(|gone| Arc::ptr_eq(gone, stored)));
    }
}

type Days = BTreeMap<(String, SegmentOrigin), Vec<Arc<Stored>>>;

fn by_day(view: &StoreView) -> Days {
    let mut days = Days::new();
    for stored in view.segments.iter().filter(|stored| stored.is_readable()) {
        days.entry((stored.row.day.clone(), stored.row.origin)).or_default().push(Arc::clone(stored));
    }
    days
}

/// Segments of about one size, the smallest first.
fn by_tier(segments: Vec<Arc<Stored>>) -> Vec<Vec<Arc<Stored>>> {
    let mut tiers: BTreeMap<u32, Vec<Arc<Stored>>> = BTreeMap::new();
    for stored in segments {
        tiers.entry(stored.row.record_bytes.max(1).ilog(4)).or_default().push(stored);
    }
    tiers.into_values().collect()
}

/// Merges segments, whose checksums are looked at before. Blocks.
fn merge(shared: &Shared, plan: Plan, name: String, stopping: &AtomicBool) -> Result<Merged, Error> {
    let suspect = |stored: &Stored, error: FormatError| {
        stored.suspect(&error);
        Error::Segment { doing: "merge", source: Box::new(error) }
    };
    let open = |stored: &Arc<Stored>| {
        let opened = Segment::open(&*shared.disk, &stored.dir, &stored.row.name, &stored.facts);
        let checked = opened.and_then(|segment| segment.verify().map(|()| segment));
        checked.map_err(|error| suspect(stored, error))
    };
    let segments = plan.inputs.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut parts = Vec::with_capacity(segments.len());
    for (stored, segment) in plan.inputs.iter().zip(&segments) {
        let stored = Arc::clone(stored);
        let rows = segment.rows().map_err(|error| suspect(&stored, error))?;
        parts.push(rows.inspect(move |row| {
            if let Err(error) = row {
                stored.suspect(error);
            }
        }));
    }
    let rows = Ascending::new(parts).map_err(|source| Error::Segment { doing: "merge", source: Box::new(source) })?;
    let kept = rows.filter(|row| row.as_ref().map_or(true, |row| row.time >= plan.kept_since));
    let until_stopped = kept.map(|row| if stopping.load(Ordering::Relaxed) { Err(stopped()) } else { row });
    let table = plan.inputs[0].facts.table;
    let place = SegmentPlace { key: &plan.key, origin: plan.origin, day: &plan.day, table, stay: plan.stay };
    let made = make_segment(shared, place, name, until_stopped)?;
    Ok(Merged { made, inputs: plan.inputs })
}

fn stopped() -> FormatError {
    let source = std::io::Error::new(std::io::ErrorKind::Interrupted, "the server stops");
    FormatError::Io { path: PathBuf::new(), source }
}

/// Rows of several sorted parts, ascending by place.
struct Ascending<I> {
    parts: Vec<I>,
    heads: BinaryHeap<Reverse<(Place, usize)>>,
    next: Vec<Option<Row>>,
}

impl<I: Iterator<Item = Result<Row, FormatError>>> Ascending<I> {
    fn new(parts: Vec<I>) -> Result<Self, FormatError> {
        let next = (0..parts.len()).map(|_| None).collect();
        let mut ascending = Self { heads: BinaryHeap::with_capacity(parts.len()), next, parts };
        (0..ascending.parts.len()).try_for_each(|part| ascending.advance(part))?;
        Ok(ascending)
    }

    fn advance(&mut self, part: usize) -> Result<(), FormatError> {
        if let Some(row) = self.parts[part].next().transpose()? {
            self.heads.push(Reverse((row.place(), part)));
            self.next[part] = Some(row);
        }
        Ok(())
    }
}

impl<I: Iterator<Item = Result<Row, FormatError>>> Iterator for Ascending<I> {
    type Item = Result<Row, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((_, part)) = self.heads.pop()?;
        let row = self.next[part].take()?;
        Some(self.advance(part).map(|()| row))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn parts_come_out_in_one_order() {
        let row = |time, position| Row { time: Timestamp::from_ms(time), position, record: Bytes::new() };
        let parts = [vec![row(1, 0), row(1, 5), row(9, 1)], vec![], vec![row(0, 7), row(1, 4), row(9, 2)]];
        let ascending = Ascending::new(parts.map(|part| part.into_iter().map(Ok)).into()).expect("no part fails");
        let places: Vec<_> =
            ascending.map(|row| row.map(|row| (row.time.as_ms(), row.position))).collect::<Result<_, _>>().unwrap();
        assert_eq!(places, [(0, 7), (1, 0), (1, 4), (1, 5), (9, 1), (9, 2)]);
    }
}
