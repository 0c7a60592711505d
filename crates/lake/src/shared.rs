//! What the engine and its readers share.

use std::sync::Arc;

use opentrail_catalog::{SegmentOrigin, StoreKind};
use opentrail_journal::Position;
use opentrail_orc::Metadata;
use opentrail_stdx::{Clock, Disk, Timestamp};
use parking_lot::RwLock;
use tokio::sync::watch;

use crate::format::{ChunkCache, FormatError, Segment, orc_metadata};
use crate::recent::Recent;
use crate::registry::Registry;
use crate::store::{Layout, StoreKey, StoreView, Stored, Stores};
use crate::{Metrics, Options};

/// So many bytes of unpacked texts are kept for lookups.
const CHUNK_CACHE_BYTES: usize = 32 << 20;

/// What the engine and its readers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) layout: Layout,
    pub(crate) options: Options,
    pub(crate) metrics: Metrics,
    pub(crate) consumed: watch::Sender<Position>,
    /// Guards which chunks and segments make up each store. Held to look and to swap only.
    stores: RwLock<Stores>,
    /// Guards what is known of event data stores. Held to look and to swap only.
    registry: RwLock<Arc<Registry>>,
    /// Segments whose index is open.
    opened: Recent<Segment>,
    /// What is known of the ORC files of segments.
    files: Recent<Metadata>,
    chunks: Arc<ChunkCache>,
}

impl Shared {
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        layout: Layout,
        options: Options,
        stores: Stores,
        registry: Registry,
        consumed: Position,
    ) -> Self {
        let (opened, files) = (Recent::new(options.open_segments_max), Recent::new(options.open_segments_max));
        let chunks = Arc::new(ChunkCache::new(CHUNK_CACHE_BYTES));
        let (metrics, (consumed, _)) = (Metrics::default(), watch::channel(consumed));
        let (stores, registry) = (RwLock::new(stores), RwLock::new(Arc::new(registry)));
        Self { disk, clock, layout, options, metrics, consumed, stores, registry, opened, files, chunks }
    }

    /// A store as it is now.
    pub(crate) fn store(&self, key: &StoreKey) -> Option<Arc<StoreView>> {
        self.stores.read().get(key).map(Arc::clone)
    }

    /// What is known of event data stores.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read())
    }

    /// From now on this is known of event data stores.
    pub(crate) fn register(&self, registry: Registry) {
        *self.registry.write() = Arc::new(registry);
    }

    /// All stores as they are now.
    pub(crate) fn stores(&self) -> Stores {
        self.stores.read().clone()
    }

    /// Changes stores in one step: readers see all of it or nothing.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Stores)) {
        change(&mut self.stores.write());
    }

    /// The earliest time of records that a store keeps now. One that is gone keeps none.
    pub(crate) fn cutoff(&self, store: StoreKind, origin: SegmentOrigin) -> Timestamp {
        let now = self.clock.now();
        match (store, origin) {
            (StoreKind::History, SegmentOrigin::Recorded) => now.minus(self.options.history),
            (StoreKind::History, SegmentOrigin::Imported) => now.minus(self.options.imported),
            (StoreKind::EventDataStore(number), _) => self.registry.read().kept_since(number, now),
        }
    }

    /// A segment, opened when it isn't. Whoever can't read it suspects it.
    pub(crate) fn open(&self, stored: &Stored) -> Result<Arc<Segment>, FormatError> {
        self.opened.get(&stored.row.name, || {
            let segment = Segment::open(&*self.disk, &stored.dir, &stored.row.name, &stored.facts)?;
            Ok(segment.with_chunks(&self.chunks))
        })
    }

    /// What the ORC file of a segment says of itself. Whoever can't read it suspects it.
    pub(crate) fn metadata(&self, stored: &Stored) -> Result<Arc<Metadata>, FormatError> {
        self.files.get(&stored.row.name, || orc_metadata(&*self.disk, &stored.dir, &stored.row.name))
    }

    /// Closes a segment that is not asked any more.
    pub(crate) fn close(&self, name: &str) {
        self.opened.forget(name);
        self.files.forget(name);
    }
}
