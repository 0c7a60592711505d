//! Which trails are in force at a position.

use std::ops::Range;

use opentrail_catalog::TrailRevision;
use opentrail_model::Trail;

/// All states of all trails, by the positions from which they are in force.
#[derive(Debug)]
pub(super) struct Revisions {
    /// Grouped by trail, in the order in which they were made.
    all: Vec<TrailRevision>,
    /// For each trail its first revision and the one after its last.
    trails: Vec<(usize, usize)>,
    /// What was in force at the position asked for last, and the position before which that holds.
    latest: (Vec<usize>, Range<u64>),
}

impl Revisions {
    pub(super) fn new(all: Vec<TrailRevision>) -> Self {
        let mut trails: Vec<(usize, usize)> = Vec::new();
        for (index, revision) in all.iter().enumerate() {
            match trails.last_mut() {
                Some((first, end)) if all[*first].trail_id == revision.trail_id => *end = index + 1,
                _ => trails.push((index, index + 1)),
            }
        }
        Self { all, trails, latest: (Vec::new(), 0..0) }
    }

    /// The revisions that are in force at a position: at most one for each trail.
    pub(super) fn in_force_at(&mut self, position: u64) -> &[usize] {
        if !self.latest.1.contains(&position) {
            let changes = self.all.iter().map(|revision| revision.effective_from);
            let next = changes.filter(|&change| change > position).min().unwrap_or(u64::MAX);
            self.latest = (self.look_up(position), position..next);
        }
        &self.latest.0
    }

    fn look_up(&self, position: u64) -> Vec<usize> {
        let in_force = |&(first, end): &(usize, usize)| {
            let before = self.all[first..end].iter().rposition(|revision| revision.effective_from <= position)?;
            Some(first + before)
        };
        self.trails.iter().filter_map(in_force).collect()
    }

    /// Whether no trail logs anything at or after a position.
    pub(super) fn is_nobody_logging_from(&self, position: u64) -> bool {
        let logs = |index: usize| self.trail(index).is_some_and(|trail| trail.is_logging);
        let later = (0..self.all.len()).filter(|&index| self.all[index].effective_from > position);
        !self.look_up(position).into_iter().chain(later).any(logs)
    }

    pub(super) fn trail(&self, index: usize) -> Option<&Trail> {
        self.all[index].trail.as_ref()
    }

    /// A revision that wanted a record, so that it has a trail.
    pub(super) fn get(&self, index: usize) -> (i64, &Trail) {
        let revision = &self.all[index];
        (revision.trail_id, revision.trail.as_ref().expect("a deleted trail wants no record"))
    }
}
