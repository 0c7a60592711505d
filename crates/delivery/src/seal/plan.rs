//! Which chains there ought to be, and what is next in each: decisions without deeds.

use std::time::Duration;

use opentrail_catalog::LogFile;
use opentrail_catalog::digest::DigestChain;
use opentrail_catalog::log_file::ChainPlace;
use opentrail_seal::name::{DigestName, root_folder};
use opentrail_stdx::Timestamp;

use super::epoch::{End, Epoch};
use super::{Target, View};
use crate::delivery::whole_ms;

const SECOND: Duration = Duration::from_secs(1);

/// A window to be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) end: Timestamp,
    pub(super) is_last: bool,
}

/// How a chain's epoch stands.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) ended: Option<End>,
    pub(super) target: Target,
}

/// The chains that ought to be there, by place: those of all Regions that a trail covers while it logs; of one that has
/// stopped, its home's, and those that log files wait for.
pub(super) fn wanted(view: &View) -> Vec<(ChainPlace, &Epoch)> {
    let mut wanted = Vec::new();
    for epoch in &view.epochs {
        let count = if epoch.ended.is_some() { 1 } else { epoch.regions.len() };
        let mut places: Vec<_> = epoch.regions.iter().take(count).map(|region| epoch.place(region)).collect();
        let waiting = view
            .unsealed
            .iter()
            .filter(|group| group.trail_id == epoch.trail_id && group.chain_started_at == epoch.started_at);
        for group in waiting {
            if !places.contains(&group.place) {
                places.push(group.place.clone());
            }
        }
        wanted.extend(places.into_iter().map(|place| (place, epoch)));
    }
    wanted
}

/// Where a new chain starts: with its epoch, or, when that is more than a window ago, with the window of its trail that
/// is under way; and always after the chain before it at the same place.
pub(super) fn chain_start(
    now: Timestamp,
    epoch: Timestamp,
    before: &[&DigestChain],
    interval: Duration,
) -> Option<Timestamp> {
    let interval_ms = whole_ms(interval).max(1);
    let epoch = epoch.floor_to_second();
    let passed = (now.as_ms() - epoch.as_ms()).max(0).div_euclid(interval_ms);
    let aligned = Timestamp::from_ms(epoch.as_ms() + passed * interval_ms);
    let free = before.iter().map(|chain| chain.end_at.plus(SECOND)).max();
    Some(free.map_or(aligned, |free| free.max(aligned)))
}

/// How a chain's epoch stands, as far as the revisions still tell.
pub(super) fn state_of(view: &View, chain: &DigestChain, started_at: Timestamp) -> State {
    let epoch = view.epochs.iter().find(|e| e.trail_id == chain.trail_id && e.started_at == started_at);
    if let Some(epoch) = epoch {
        // A trail that has given up a Region ends its chain there.
        let is_covered = epoch.regions.contains(&chain.place.region);
        let given_up = (!is_covered).then_some(End { position: epoch.set_at, at: None });
        return State { ended: epoch.ended.or(given_up), target: epoch.target() };
    }
    // Its revisions are forgotten, so that the cursor has passed them. What follows tells when it ended, at best.
    let next = view.revisions.iter().find(|revision| revision.trail_id == chain.trail_id);
    let at = next.and_then(|next| End::by(next).at);
    let last = chain.last.as_ref();
    let name = last.and_then(|last| DigestName::parse(&last.key));
    let target = Target {
        bucket: last.map(|last| last.bucket.clone()).unwrap_or_default(),
        root: name.map_or_else(|| root_folder(None), |name| name.chain.root),
        kms_key_id: next.and_then(|next| next.trail.as_ref()).and_then(|trail| trail.kms_key_id.clone()),
    };
    State { ended: Some(End { position: 0, at }), target }
}

/// The next window of a chain, if it is over.
pub(super) fn next_window(view: &View, chain: &DigestChain, state: &State, interval: Duration) -> Option<Window> {
    let end = chain.end_at.plus(interval);
    let Some(ended) = state.ended else {
        return (end <= view.now).then_some(Window { end, is_last: false });
    };
    let at = ended.at.filter(|at| *at <= view.now).unwrap_or(view.now).floor_to_second();
    let last = at.max(chain.end_at.plus(SECOND));
    if end < last {
        return (end <= view.now).then_some(Window { end, is_last: false });
    }
    let place_waits = view.unsealed.iter().any(|group| {
        group.place == chain.place && Some(group.chain_started_at) == chain.started_at && group.untried > 0
    });
    let is_complete = view.cursor >= ended.position && !place_waits;
    (is_complete && last <= view.now).then_some(Window { end: last, is_last: true })
}

/// Whether a delivered log file has missed its digest: its chain is closed, or it was first tried in a window that is
/// sealed.
pub(super) fn is_late(file: &LogFile, chains: &[DigestChain]) -> bool {
    let place = |chain: &&DigestChain| {
        chain.place.trail_arn == file.trail_arn
            && chain.place.account == file.account
            && chain.place.region == file.region
            && chain.started_at.is_some()
    };
    let at_place: Vec<_> = chains.iter().filter(place).collect();
    match at_place.iter().find(|chain| chain.started_at == file.chain_started_at) {
        Some(chain) => chain.is_closed || file.first_failed_at.is_some_and(|failed| failed <= chain.end_at),
        // A closed chain is forgotten when a later one follows; a chain that is not begun yet has no later one.
        None => at_place.iter().any(|chain| chain.started_at > file.chain_started_at),
    }
}
