//! Scans: all records of a store that a query may want, as columns.

mod bounds;
pub(in crate::read) mod leaf;
mod memory;
mod request;
mod segment;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use opentrail_catalog::StoreKind;
use opentrail_model::{AccountId, EventDataStore};
use opentrail_orc::{ColumnPath, Predicate, Scalar};
use opentrail_stdx::Timestamp;

use self::bounds::Bounds;
use self::leaf::Leaves;
use self::memory::MemoryRows;
pub use self::request::Scan;
use self::segment::SegmentRows;
use super::Lake;
use crate::Error;
use crate::format::{JSON, MemorySegment, POSITION, Table};
use crate::shared::Shared;
use crate::store::{StoreKey, StoreView, Stored};

impl Lake {
    /// An event data store at this moment. What is read from it later is of this moment, too, whatever becomes of its
    /// records and files. What it keeps is told by the settings that are given.
    pub fn snapshot(&self, store: &EventDataStore) -> StoreSnapshot {
        const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
        let kept_since = self.0.clock.now().minus(DAY * store.retention_days);
        let kind = StoreKind::event_data_store(store.arn.id());
        let key = kind.map(|kind| StoreKey { account: store.arn.account.clone(), kind });
        self.snapshot_of(key.as_ref(), Table::of(store.category()), kept_since)
    }

    /// The Event history of an account at this moment, the imported records among it.
    pub fn history_snapshot(&self, account: &AccountId) -> StoreSnapshot {
        self.snapshot_of(Some(&StoreKey::history(account)), Table::Events, self.kept_since())
    }

    fn snapshot_of(&self, key: Option<&StoreKey>, table: Table, kept_since: Timestamp) -> StoreSnapshot {
        let view = key.and_then(|key| self.0.store(key)).unwrap_or_default();
        StoreSnapshot { shared: Arc::clone(&self.0), view, table, kept_since }
    }
}

/// A store at one moment. Its files stay for as long as something holds this.
#[derive(Debug, Clone)]
pub struct StoreSnapshot {
    shared: Arc<Shared>,
    view: Arc<StoreView>,
    table: Table,
    kept_since: Timestamp,
}

/// What scans have read. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct ScanCounts {
    bytes: Arc<AtomicU64>,
    records: Arc<AtomicU64>,
}

impl ScanCounts {
    /// Bytes that were read: of files as they are stored, of records in memory as they were written.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Records that were looked at.
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// Counts bytes together with this, and records by itself: for what is read once more of records that were counted.
    #[must_use]
    pub fn of_bytes(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), records: Arc::default() }
    }

    fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn add_records(&self, records: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
    }
}

/// A part of a store that can be read by itself.
#[derive(Debug, Clone)]
pub struct ScanPart {
    shared: Arc<Shared>,
    table: Table,
    kept_since: Timestamp,
    source: PartSource,
}

#[derive(Debug, Clone)]
enum PartSource {
    Memory(Arc<MemorySegment>),
    /// Some stripes of a segment; all when none are named.
    Segment {
        stored: Arc<Stored>,
        stripes: Option<std::ops::Range<usize>>,
        rows: u64,
    },
}

impl StoreSnapshot {
    /// The columns, as the published table has them.
    pub fn schema(&self) -> SchemaRef {
        let whole = self.table.schema();
        let published = whole.fields().iter().filter(|field| field.name() != POSITION);
        Arc::new(Schema::new(published.map(Arc::clone).collect::<Vec<_>>()))
    }

    /// How many records there are; and whether that is exact, which it isn't when some are past their time.
    pub fn records(&self) -> (u64, bool) {
        let is_kept = |oldest: Timestamp| oldest >= self.kept_since;
        let chunks =
            self.view.chunks.iter().filter_map(|chunk| Some((chunk.memory.len() as u64, chunk.memory.times()?)));
        let readable = self.view.segments.iter().filter(|stored| stored.is_readable());
        let segments = readable.map(|stored| (stored.row.records, (stored.row.time_min, stored.row.time_max)));
        let some = chunks.chain(segments).filter(|(_, (_, newest))| is_kept(*newest));
        some.fold((0, true), |(sum, is_exact), (records, (oldest, _))| (sum + records, is_exact && is_kept(oldest)))
    }

    /// The segments whose records can't be had any more, by their names.
    pub fn lost(&self) -> Vec<String> {
        self.view.segments.iter().filter(|stored| stored.is_damaged()).map(|stored| stored.label()).collect()
    }

    /// The parts that may have records that the scan wants. With fewer than `wanted` of them, large segments are cut
    /// into several. Blocks.
    ///
    /// An error names a segment that is being looked into: whether its records can be read shows in a moment.
    pub fn parts(&self, scan: &Scan, wanted: usize) -> Result<Vec<ScanPart>, Error> {
        let bounds = Bounds::of(scan.predicate.as_ref(), self.table, self.kept_since);
        let part = |source| ScanPart {
            shared: Arc::clone(&self.shared),
            table: self.table,
            kept_since: self.kept_since,
            source,
        };
        let mut parts = Vec::new();
        for stored in self.view.segments.iter().filter(|stored| !stored.is_damaged()) {
            if !bounds.touch((stored.row.time_min, stored.row.time_max)) {
                continue;
            }
            if !stored.is_readable() {
                return Err(Error::Suspect { name: stored.label() });
            }
            if self.may_have(stored, &bounds)? {
                let (stored, rows) = (Arc::clone(stored), stored.row.records);
                parts.push(part(PartSource::Segment { stored, stripes: None, rows }));
            }
        }
        let chunks =
            self.view.chunks.iter().filter(|chunk| chunk.memory.times().is_some_and(|times| bounds.touch(times)));
        parts.extend(chunks.map(|chunk| part(PartSource::Memory(Arc::clone(&chunk.memory)))));
        if parts.len() < wanted { segment::cut(parts, wanted) } else { Ok(parts) }
    }

    /// Whether a segment may have the values that the scan asks for, as its index tells.
    fn may_have(&self, stored: &Stored, bounds: &Bounds) -> Result<bool, Error> {
        if bounds.terms.is_empty() {
            return Ok(true);
        }
        let may_have = self.shared.open(stored).and_then(|segment| {
            for (attribute, values) in &bounds.terms {
                let mut may_have = false;
                for value in values {
                    may_have = may_have || segment.may_have(*attribute, value)?;
                }
                if !may_have {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        may_have.map_err(|error| {
            stored.suspect(&error);
            Error::Segment { doing: "read", source: Box::new(error) }
        })
    }
}

impl ScanPart {
    /// About how much work it is, in records.
    pub fn weight(&self) -> u64 {
        match &self.source {
            PartSource::Memory(memory) => memory.len() as u64,
            PartSource::Segment { rows, .. } => *rows,
        }
    }

    /// The way to each record's position in the journal, which no other record of the store has.
    pub fn position(&self) -> Vec<usize> {
        let columns = self.table.schema();
        columns.index_of(POSITION).map_or_else(|_| Vec::new(), |column| vec![column])
    }

    /// What is true of the records at some positions.
    pub fn at(&self, positions: &[i64]) -> Predicate {
        let values = positions.iter().map(|position| Scalar::Int(*position)).collect();
        Predicate::In { column: ColumnPath::new([POSITION]), values }
    }

    /// Whether a leaf's values are mostly large: the records' own texts, objects of any members, lists.
    pub fn is_wide(&self, leaf: &[usize]) -> bool {
        let columns = self.table.schema();
        let is_text = leaf::path(&columns, leaf).is_some_and(|path| matches!(path.segments(), [only] if only == JSON));
        let is_nested = |field: &Field| matches!(field.data_type(), DataType::Map(..) | DataType::List(_));
        is_text || leaf::field(&columns.fields, leaf).is_some_and(is_nested)
    }

    /// Begins to read it. Its batches have the scan's leaves as columns, in their order. Opening and reading block.
    ///
    /// Every record for which the predicate is true is there once; others aren't, if [`StoreSnapshot::is_exact`].
    pub fn read(&self, scan: &Scan, counts: &ScanCounts) -> Result<ScanRows, Error> {
        let leaves = Leaves::new(&self.table.schema(), &scan.leaves, &scan.dictionaries);
        let rows = match &self.source {
            PartSource::Memory(memory) => {
                Rows::Memory(MemoryRows::new(Arc::clone(memory), self.table, scan, &leaves, self.kept_since)?)
            }
            PartSource::Segment { stored, stripes, .. } => {
                let (stored, stripes) = (Arc::clone(stored), stripes.clone());
                let rows = SegmentRows::open(&self.shared, stored, stripes, scan, &leaves, self.kept_since, counts)?;
                Rows::Segment(Box::new(rows))
            }
        };
        Ok(ScanRows { leaves, rows, counts: counts.clone() })
    }
}

/// The records of a part, batch by batch. After an error it is at its end.
#[derive(Debug)]
pub struct ScanRows {
    leaves: Leaves,
    rows: Rows,
    counts: ScanCounts,
}

#[derive(Debug)]
enum Rows {
    Memory(MemoryRows),
    Segment(Box<SegmentRows>),
}

impl Iterator for ScanRows {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match &mut self.rows {
            Rows::Memory(rows) => rows.next(&self.counts),
            Rows::Segment(rows) => rows.next(&self.counts),
        };
        batch.map(|batch| batch.map(|batch| self.leaves.take(&batch)))
    }
}
