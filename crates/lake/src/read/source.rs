//! One part of a store that a lookup asks: a chunk of the tail or a segment.

use std::sync::Arc;

use bytes::Bytes;
use opentrail_catalog::SegmentOrigin;
use opentrail_model::Filter;
use opentrail_stdx::Timestamp;

use crate::format::{CountQuestion, FormatError, Hit, MemorySegment, Place, Segment, Tally, TimeRange};
use crate::shared::Shared;
use crate::store::{StoreView, Stored};

/// A part of a store.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) origin: SegmentOrigin,
    pub(crate) times: (Timestamp, Timestamp),
    pub(crate) positions: (u64, u64),
    part: Part,
}

#[derive(Debug)]
enum Part {
    Memory(Arc<MemorySegment>),
    Disk { stored: Arc<Stored>, opened: Option<Arc<Segment>> },
}

impl Source {
    /// The parts of a store that answer.
    pub(crate) fn of(view: &StoreView) -> impl Iterator<Item = Self> {
        let chunks = view.chunks.iter().filter_map(|chunk| {
            let (times, positions) = (chunk.memory.times()?, chunk.memory.positions()?);
            Some(Self { origin: chunk.origin, times, positions, part: Part::Memory(Arc::clone(&chunk.memory)) })
        });
        let readable = view.segments.iter().filter(|stored| stored.is_readable());
        let segments = readable.map(|stored| Self {
            origin: stored.row.origin,
            times: (stored.row.time_min, stored.row.time_max),
            positions: (stored.row.position_min, stored.row.position_max),
            part: Part::Disk { stored: Arc::clone(stored), opened: None },
        });
        chunks.chain(segments)
    }

    /// The newest hits, or none when this can't be read: then the engine looks into it, and the others answer.
    pub(crate) fn lookup(
        &mut self,
        shared: &Shared,
        filter: &Filter,
        range: TimeRange,
        after: Option<Place>,
        limit: usize,
    ) -> Vec<Hit> {
        self.ask(
            shared,
            |memory| memory.lookup(filter, range, after, limit),
            |segment| segment.lookup(filter, range, after, limit),
        )
        .unwrap_or_default()
    }

    /// Counts the rows that match; false when this can't be read to its end.
    pub(crate) fn count(&mut self, shared: &Shared, question: &CountQuestion<'_>, tally: &mut Tally) -> bool {
        // Only one of the two is called.
        let tally = std::cell::RefCell::new(tally);
        let counted = self.ask(
            shared,
            |memory| memory.count(question, &mut tally.borrow_mut()),
            |segment| segment.count(question, &mut tally.borrow_mut()),
        );
        counted.is_some()
    }

    /// The hits that arrived first after a position.
    pub(crate) fn arrivals(&mut self, shared: &Shared, after: Option<u64>, filter: &Filter, limit: usize) -> Vec<Hit> {
        self.ask(
            shared,
            |memory| memory.arrivals(after, filter, limit),
            |segment| segment.arrivals(after, filter, limit),
        )
        .unwrap_or_default()
    }

    /// The rows with this hash; none of them when it can't be read, and then `Err` names the segment.
    pub(crate) fn rows_of(&mut self, shared: &Shared, hash: u64) -> Result<Vec<u32>, String> {
        let found = self.ask(shared, |memory| Ok(memory.rows_of(hash)), |segment| segment.rows_of(hash));
        found.ok_or_else(|| self.label())
    }

    /// The text of a hit's record.
    pub(crate) fn record(&mut self, shared: &Shared, row: u32) -> Option<Bytes> {
        self.ask(shared, |memory| memory.record(row), |segment| segment.record(row))
    }

    /// Keeps no file open from here on.
    pub(crate) fn close(&mut self) {
        if let Part::Disk { opened, .. } = &mut self.part {
            *opened = None;
        }
    }

    /// How people find it.
    pub(crate) fn label(&self) -> String {
        match &self.part {
            Part::Memory(_) => "the hot tail".to_owned(),
            Part::Disk { stored, .. } => stored.label(),
        }
    }

    fn ask<T>(
        &mut self,
        shared: &Shared,
        of_memory: impl FnOnce(&MemorySegment) -> Result<T, FormatError>,
        of_segment: impl FnOnce(&Segment) -> Result<T, FormatError>,
    ) -> Option<T> {
        match &mut self.part {
            Part::Memory(memory) => {
                let answer = of_memory(memory);
                answer.inspect_err(|error| tracing::error!(%error, "the hot tail doesn't answer")).ok()
            }
            Part::Disk { stored, opened } => {
                let open = || match &opened {
                    Some(segment) => Ok(Arc::clone(segment)),
                    None => shared.open(stored),
                };
                let answer = open().and_then(|segment| {
                    let answer = of_segment(&segment);
                    *opened = Some(segment);
                    answer
                });
                // The engine tells the log when it has looked into it.
                answer.inspect_err(|error| stored.suspect(error)).ok()
            }
        }
    }
}
