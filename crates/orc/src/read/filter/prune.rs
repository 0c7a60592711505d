//! Which stripes and row groups can have rows for which a predicate is true.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::possible::Outcomes;
use super::{Filter, Leaf, Node};
use crate::Error;
use crate::proto::{BloomFilterIndex, StreamKind};
use crate::read::column::RowIndexes;
use crate::read::metadata::Metadata;
use crate::read::statistics::{ColumnStatistics, Trust};
use crate::read::stripe::Stripe;

/// Neighbouring row groups of which the same is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) groups: Range<usize>,
    /// Whether the predicate is true for all of their rows.
    pub(crate) is_sure: bool,
}

impl Filter {
    /// What the predicate can be for the rows of the file.
    pub(crate) fn outcomes_in_file(&self, metadata: &Metadata) -> Outcomes {
        self.outcomes(&self.tree, &|leaf| leaf.possible(&leaf.statistics(|id| metadata.statistics_of_file(id))))
    }

    /// What it can be for the rows of a stripe, by the statistics at the file's end.
    pub(crate) fn outcomes_in_stripe(&self, metadata: &Metadata, stripe: usize) -> Outcomes {
        let known = |leaf: &Leaf| leaf.statistics(|id| metadata.statistics_of_stripe(stripe, id));
        self.outcomes(&self.tree, &|leaf| leaf.possible(&known(leaf)))
    }

    /// Where the stripe keeps what tells its row groups apart.
    pub(crate) fn index_ranges(&self, stripe: &Stripe, trust: Trust) -> Vec<Range<u64>> {
        let ids: BTreeSet<u32> = self.leaves.iter().flat_map(|leaf| leaf.way.iter().copied()).collect();
        let indexes = ids.into_iter().filter_map(|id| stripe.extent(id, StreamKind::RowIndex));
        let blooms: BTreeSet<(u32, StreamKind)> =
            self.leaves.iter().filter_map(|leaf| Some((leaf.id, leaf.bloom_kind(stripe, trust)?))).collect();
        let blooms = blooms.into_iter().filter_map(|(id, kind)| stripe.extent(id, kind));
        indexes.chain(blooms).collect()
    }

    /// The runs of row groups that can have such rows, of a stripe whose indexes are in memory.
    pub(crate) fn prune(
        &self,
        stripe: &Stripe,
        indexes: &RowIndexes,
        groups: usize,
        trust: Trust,
    ) -> Result<Vec<Run>, Error> {
        let mut blooms: HashMap<u32, BloomFilterIndex> = HashMap::new();
        for leaf in &self.leaves {
            let Some(kind) = leaf.bloom_kind(stripe, trust) else { continue };
            if let Some(index) = stripe.section(leaf.id, kind)? {
                blooms.insert(leaf.id, index);
            }
        }
        let outcomes = |leaf: &Leaf, group: usize| {
            let known = |id| {
                let index = indexes.0.get(&id).filter(|index| index.entry.len() == groups)?;
                index.entry[group].statistics.as_ref().map(|stored| ColumnStatistics::of(stored, trust))
            };
            let mut outcomes = leaf.possible(&leaf.statistics(known));
            if outcomes.yes && leaf.is_bloomable() {
                let index = blooms.get(&leaf.id).filter(|index| index.bloom_filter.len() == groups);
                outcomes.yes = index.is_none_or(|index| leaf.may_be_in(&index.bloom_filter[group]));
                outcomes.no |= !outcomes.yes;
            }
            outcomes
        };
        let mut runs: Vec<Run> = Vec::new();
        for group in 0..groups {
            let found = self.outcomes(&self.tree, &|leaf| outcomes(leaf, group));
            let is_sure = found.holds();
            match runs.last_mut() {
                _ if !found.may_hold() => {}
                Some(last) if last.groups.end == group && last.is_sure == is_sure => last.groups.end += 1,
                _ => runs.push(Run { groups: group..group + 1, is_sure }),
            }
        }
        Ok(runs)
    }

    fn outcomes(&self, node: &Node, of: &dyn Fn(&Leaf) -> Outcomes) -> Outcomes {
        match node {
            Node::Leaf(at) => of(&self.leaves[*at]),
            Node::And(all) => all.iter().fold(Outcomes::YES, |sum, one| sum & self.outcomes(one, of)),
            Node::Or(all) => all.iter().fold(Outcomes::NO, |sum, one| sum | self.outcomes(one, of)),
            Node::Not(one) => !self.outcomes(one, of),
        }
    }
}

impl Leaf {
    fn statistics(&self, of: impl Fn(u32) -> Option<ColumnStatistics>) -> Vec<Option<ColumnStatistics>> {
        self.way.iter().map(|id| of(*id)).collect()
    }

    /// The bloom filters to ask, if there are some to believe.
    fn bloom_kind(&self, stripe: &Stripe, trust: Trust) -> Option<StreamKind> {
        if !self.is_bloomable() {
            return None;
        }
        let has = |kind| stripe.extent(self.id, kind).is_some();
        if has(StreamKind::BloomFilterUtf8) {
            return Some(StreamKind::BloomFilterUtf8);
        }
        let is_sound = !self.is_text() || trust.old_blooms_of_text;
        (is_sound && has(StreamKind::BloomFilter)).then_some(StreamKind::BloomFilter)
    }
}
