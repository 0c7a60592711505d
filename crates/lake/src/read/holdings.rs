//! What each store holds now.

use opentrail_catalog::StoreKind;
use opentrail_model::AccountId;
use opentrail_stdx::Timestamp;

use crate::shared::Shared;
use crate::store::StoreView;

/// What a store holds, in memory and in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Which store.
    pub kind: StoreKind,
    /// Its events.
    pub events: u64,
    /// The bytes of its files.
    pub bytes: u64,
    /// Its segments, damaged ones included.
    pub segments: u64,
    /// Those that can't be read.
    pub damaged: u64,
    /// The times of its oldest and newest events.
    pub times: Option<(Timestamp, Timestamp)>,
}

pub(super) fn holdings(shared: &Shared, account: &AccountId) -> Vec<Holding> {
    let stores = shared.stores();
    let of_account = stores.iter().filter(|(key, _)| key.account == *account);
    of_account.map(|(key, view)| holding(key.kind, view)).collect()
}

fn holding(kind: StoreKind, view: &StoreView) -> Holding {
    let rows = || view.segments.iter().map(|stored| &stored.row);
    let in_memory: usize = view.chunks.iter().map(|chunk| chunk.memory.len()).sum();
    let times = rows().map(|row| (row.time_min, row.time_max));
    let times = times.chain(view.chunks.iter().filter_map(|chunk| chunk.memory.times()));
    Holding {
        kind,
        events: rows().map(|row| row.records).sum::<u64>() + in_memory as u64,
        bytes: rows().map(|row| row.file_bytes).sum(),
        segments: view.segments.len() as u64,
        damaged: view.segments.iter().filter(|stored| !stored.is_readable()).count() as u64,
        times: times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
    }
}
