//! The hot tail: what was consumed and is in no segment yet.

use std::sync::Arc;

use opentrail_catalog::SegmentOrigin;
use opentrail_journal::Origin;
use opentrail_stdx::Timestamp;

use super::Engine;
use crate::format::{MemorySegment, Table};
use crate::store::Chunk;

/// So many tails may wait for their flush; then consuming stops.
const FROZEN_MAX: usize = 2;

/// A tail is flushed, if only to move the cursor, when so much of the journal lies behind it: a crash makes us read that
/// again.
const JOURNAL_BYTES_MAX: u64 = 512 << 20;

/// So many neighbouring chunks of about one size become one.
const CHUNKS_MERGED: usize = 8;

/// Chunks of more records stay as they are.
const CHUNK_RECORDS_MAX: usize = 16_384;

/// The tail that takes records in.
#[derive(Debug, Default)]
pub(super) struct Tail {
    pub(super) generation: u64,
    /// The journal position of its first record.
    pub(super) from: u64,
    pub(super) records: u64,
    /// What it takes in memory, about.
    pub(super) bytes: u64,
    /// The bytes of the journal that were read for it.
    pub(super) journal_bytes: u64,
    /// When it got its first position.
    pub(super) since: Option<Timestamp>,
}

/// A tail that waits to become segments, or does.
#[derive(Debug)]
pub(super) struct Frozen {
    pub(super) generation: u64,
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) since: Timestamp,
}

impl Engine {
    /// Whether nothing more may be consumed until a flush is done.
    pub(super) fn is_tail_full(&self) -> bool {
        self.frozen.len() >= FROZEN_MAX && self.is_tail_large()
    }

    fn is_tail_large(&self) -> bool {
        let (tail, options) = (&self.tail, &self.shared.options);
        tail.records >= options.flush_records
            || tail.bytes >= options.flush_bytes
            || tail.journal_bytes >= JOURNAL_BYTES_MAX
    }

    pub(super) fn freeze_when_due(&mut self) {
        let age = self.tail.since.map(|since| self.shared.clock.now().since(since));
        let is_old = age.is_some_and(|age| age >= self.shared.options.flush_age);
        let is_large = self.is_tail_large();
        if self.frozen.len() < FROZEN_MAX && (is_old || is_large) {
            if is_large {
                self.merge_rest_until = self.shared.clock.now().plus(self.shared.options.merge_rest);
            }
            self.freeze();
        }
    }

    /// Ends the tail, if it has anything, and begins the next.
    pub(super) fn freeze(&mut self) {
        let Some(since) = self.tail.since else { return };
        let Tail { generation, from, records, bytes, .. } = self.tail;
        self.frozen.push_back(Frozen { generation, from, to: self.next, records, bytes, since });
        self.tail = Tail { generation: generation + 1, from: self.next, ..Tail::default() };
    }
}

/// Adds a chunk to those of a store. Neighbours of about one size become one, so that a tail of many small chunks has
/// few of them to ask, and each record is copied a few times only.
pub(super) fn add_chunk(chunks: &mut Vec<Chunk>, added: Chunk) {
    let (generation, origin) = (added.generation, added.origin);
    let is_neighbour = |chunk: &Chunk| chunk.generation == generation && chunk.origin == origin;
    chunks.push(added);
    loop {
        let newest = chunks.iter().rev().filter(|chunk| is_neighbour(chunk));
        let tier = tier(chunks.last().map_or(0, |chunk| chunk.memory.len()));
        let alike = newest
            .take_while(|chunk| chunk.memory.len() <= CHUNK_RECORDS_MAX && self::tier(chunk.memory.len()) <= tier);
        let alike: Vec<Arc<MemorySegment>> = alike.take(CHUNKS_MERGED).map(|chunk| Arc::clone(&chunk.memory)).collect();
        if alike.len() < CHUNKS_MERGED {
            return;
        }
        let merged = MemorySegment::merge(&alike.iter().map(|memory| &**memory).collect::<Vec<_>>());
        chunks.retain(|chunk| !alike.iter().any(|memory| Arc::ptr_eq(memory, &chunk.memory)));
        chunks.push(Chunk { generation, origin, memory: Arc::new(merged) });
    }
}

/// Chunks of one tier have about the same number of records.
fn tier(records: usize) -> u32 {
    records.max(1).ilog(CHUNKS_MERGED)
}

/// The origin of segments for records of the journal that go to a store with these columns. Into stores of CloudTrail's
/// own events nothing is put but by imports.
pub(super) fn segment_origin(origin: Origin, table: Option<Table>) -> SegmentOrigin {
    match origin {
        Origin::Call => SegmentOrigin::Recorded,
        Origin::Import => SegmentOrigin::Imported,
        Origin::Store(_) if table == Some(Table::Events) => SegmentOrigin::Imported,
        Origin::Store(_) => SegmentOrigin::Recorded,
    }
}
