//! Opening: what the catalog says, and nothing else.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use opentrail_catalog::Catalog;
use opentrail_journal::Position;
use opentrail_stdx::Timestamp;

use super::job::Slot;
use super::tail::Tail;
use super::{Engine, LakeParts};
use crate::registry::Registry;
use crate::shared::Shared;
use crate::store::{Layout, StoreKey, StoreView, Stored, Stores};
use crate::{Error, PRODUCT};

impl Engine {
    /// Reads which segments there are, and removes files that are none. The tail is empty: consuming fills it again.
    pub async fn open(parts: LakeParts) -> Result<Self, Error> {
        let LakeParts { journal, catalog, disk, dir, clock, options } = parts;
        let mut transaction = catalog.begin().await?;
        // From now on the journal keeps what is in no segment. What it gave up before there was a lake is gone.
        let cursor = transaction.register_cursor(PRODUCT, journal.start().0).await?;
        transaction.commit().await?;
        let layout = Layout { dir };
        let stores = read_stores(&catalog, &layout).await?;
        let segments = || stores.values().flat_map(|view| view.segments.iter().map(Arc::clone));
        let serial = segments().filter_map(|stored| serial_of(&stored.row.name)).max().unwrap_or(0);
        let unchecked: VecDeque<_> = segments().collect();
        let registry = Registry::new(catalog.event_data_store_revisions().await?);
        let shared = Shared::new(disk, clock, layout, options.sane(), stores, registry, Position(cursor));
        let mut engine = Self {
            journal,
            catalog,
            next: cursor,
            tail: Tail { from: cursor, ..Tail::default() },
            frozen: VecDeque::new(),
            flush: Slot::Idle,
            upkeep: Slot::Idle,
            busy: Vec::new(),
            is_stopping: Arc::new(AtomicBool::new(false)),
            graveyard: Vec::new(),
            unchecked,
            is_unclean: true,
            serial,
            looked_at: None,
            merge_look_at: shared.clock.now(),
            merge_rest_until: Timestamp::EPOCH,
            behind_since: None,
            shared: Arc::new(shared),
        };
        engine.shared.metrics.update(|snapshot| (snapshot.cursor, snapshot.consumed) = (cursor, cursor));
        engine.count_segments();
        // A folder that can't be cleaned now is cleaned by a later tick; nothing is built before.
        if let Err(error) = engine.sweep().await {
            tracing::warn!(%error, "the lake's folder could not be cleaned; it is tried again");
        }
        Ok(engine)
    }
}

async fn read_stores(catalog: &Catalog, layout: &Layout) -> Result<Stores, Error> {
    let key = |store: opentrail_catalog::Store| (store.id, StoreKey { account: store.account, kind: store.kind });
    let keys: BTreeMap<_, _> = catalog.stores().await?.into_iter().map(key).collect();
    let mut stores: BTreeMap<_, Vec<Arc<Stored>>> = keys.values().map(|key| (key.clone(), Vec::new())).collect();
    for row in catalog.segments().await? {
        let damaged = |reason: String| opentrail_catalog::Error::corrupt(format!("segment {}", row.id), reason);
        let key = keys.get(&row.store_id).ok_or_else(|| damaged("it has no store".into()))?;
        let facts = serde_json::from_str(&row.facts).map_err(|error| damaged(error.to_string()))?;
        let dir = layout.day(key, &row.day);
        stores.entry(key.clone()).or_default().push(Arc::new(Stored::new(row, facts, dir)));
    }
    let view = |segments| Arc::new(StoreView { chunks: Vec::new(), segments: Arc::new(segments) });
    Ok(stores.into_iter().map(|(key, segments)| (key, view(segments))).collect())
}

/// The number of the build that a segment is named after.
fn serial_of(name: &str) -> Option<u64> {
    name.split('-').next()?.parse().ok()
}

/// The manifest's name for a segment of a build.
pub(super) fn segment_name(serial: u64, index: usize) -> String {
    format!("{serial:08}-{index:05}")
}
