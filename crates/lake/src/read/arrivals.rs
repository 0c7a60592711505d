//! Records in the order of their arrival, for those who follow.

use opentrail_catalog::StoreKind;
use opentrail_model::{AccountId, Filter};

use super::{Found, Source};
use crate::format::Hit;
use crate::shared::Shared;
use crate::store::StoreKey;

/// An answer ends before the texts in it exceed this, but for its first record.
const ANSWER_BYTES_MAX: usize = 16 << 20;

pub(super) fn arrivals(
    shared: &Shared,
    account: &AccountId,
    after: Option<u64>,
    filter: &Filter,
    limit: usize,
) -> Vec<Found> {
    let Some(view) = shared.store(&StoreKey::history(account)) else { return Vec::new() };
    let is_behind = |source: &Source| after.is_none_or(|after| source.positions.1 > after);
    let mut sources: Vec<_> = Source::of(&view).filter(is_behind).collect();
    let mut hits: Vec<(Hit, usize)> = Vec::new();
    for (index, source) in sources.iter_mut().enumerate() {
        hits.extend(kept_of(source, shared, after, filter, limit).into_iter().map(|hit| (hit, index)));
        // Each part gives its first ones, so the first of all are among them; the rest need not wait in memory.
        hits.sort_unstable_by_key(|(hit, _)| hit.place.position);
        hits.truncate(limit);
    }
    let (mut found, mut bytes) = (Vec::with_capacity(hits.len()), 0);
    for (hit, index) in hits {
        let Some(record) = sources[index].record(shared, hit.row) else { continue };
        bytes += record.len();
        if bytes > ANSWER_BYTES_MAX && !found.is_empty() {
            break;
        }
        found.push(Found { place: hit.place, record });
    }
    found
}

/// The first hits of a part that are not past their time.
fn kept_of(source: &mut Source, shared: &Shared, after: Option<u64>, filter: &Filter, limit: usize) -> Vec<Hit> {
    let cutoff = shared.cutoff(StoreKind::History, source.origin);
    let (mut kept, mut after) = (Vec::new(), after);
    loop {
        let hits = source.arrivals(shared, after, filter, limit);
        let is_drained = hits.len() < limit.max(1);
        after = hits.last().map(|hit| hit.place.position).or(after);
        kept.extend(hits.into_iter().filter(|hit| hit.place.time >= cutoff));
        if is_drained || kept.len() >= limit {
            return kept;
        }
    }
}
