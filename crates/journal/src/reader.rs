//! Reading records by position while others append.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentrail_stdx::Disk;
use parking_lot::RwLock;

use crate::payload::{entry_bytes, open_payload, take_entries};
use crate::segment::{Mark, Segment};
use crate::walk::{Found, Walk};
use crate::{Corrupt, Entry, Position, ReadError};

/// What readers and the one writer share.
#[derive(Debug)]
pub(crate) struct Reader {
    disk: Arc<dyn Disk>,
    /// The position after the last durable record. Moves after `segments` do.
    end: AtomicU64,
    /// The segments in order. Held for look-ups and pushes only, never while the disk works.
    segments: RwLock<Vec<Segment>>,
}

/// Where to start looking for a position.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    salt: u32,
    mark: Mark,
    /// Where the segment's durable records end.
    end: u64,
}

/// Records on their way to the caller.
#[derive(Debug)]
struct Taken {
    entries: Vec<(Position, Entry)>,
    next: u64,
    bytes: usize,
    bytes_max: usize,
}

impl Taken {
    fn is_full(&self) -> bool {
        self.bytes >= self.bytes_max && !self.entries.is_empty()
    }

    fn take(&mut self, base: u64, entries: Vec<Entry>) {
        for (position, entry) in (base..).zip(entries) {
            if position >= self.next && !self.is_full() {
                self.bytes += entry_bytes(&entry);
                self.entries.push((Position(position), entry));
                self.next = position + 1;
            }
        }
    }
}

impl Reader {
    pub(crate) fn new(disk: Arc<dyn Disk>, segments: Vec<Segment>) -> Self {
        let end = segments.last().map_or(0, |segment| segment.end);
        Self { disk, end: AtomicU64::new(end), segments: RwLock::new(segments) }
    }

    pub(crate) fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    pub(crate) fn start(&self) -> u64 {
        self.segments.read().first().map_or(0, |segment| segment.base)
    }

    /// Changes the list of segments, then lets readers see its new end.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Vec<Segment>)) {
        let mut segments = self.segments.write();
        change(&mut segments);
        self.end.store(segments.last().map_or(0, |segment| segment.end), Ordering::Release);
    }

    pub(crate) fn look<T>(&self, view: impl FnOnce(&[Segment]) -> T) -> T {
        view(&self.segments.read())
    }

    pub(crate) fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        let mut taken = Taken { entries: Vec::new(), next: from.0, bytes: 0, bytes_max };
        while !taken.is_full() {
            let Some(place) = self.find(taken.next)? else { break };
            match self.take_from(&place, &mut taken) {
                Ok(()) => {}
                // The segment was trimmed between the look-up and the read: look again, which says so.
                Err(ReadError::Io { .. }) if self.start() > taken.next => {}
                Err(error) => return Err(error),
            }
        }
        Ok(taken.entries)
    }

    /// The place of `position`; none at the end of the journal.
    fn find(&self, position: u64) -> Result<Option<Place>, ReadError> {
        let segments = self.segments.read();
        let Some(index) = segments.partition_point(|segment| segment.base <= position).checked_sub(1) else {
            let start = segments.first().map_or(0, |segment| segment.base);
            return Err(ReadError::Trimmed { from: Position(position), start: Position(start) });
        };
        let segment = &segments[index];
        if position >= segment.end {
            return Ok(None);
        }
        let mark = segment.mark_before(position);
        Ok(Some(Place { path: segment.path.clone(), salt: segment.salt, mark, end: segment.end }))
    }

    fn take_from(&self, place: &Place, taken: &mut Taken) -> Result<(), ReadError> {
        let io = |source| ReadError::Io { file: place.path.clone(), source };
        let file = self.disk.open(&place.path).map_err(io)?;
        let mut walk = Walk::new(&*file, place.salt, place.mark).map_err(io)?;
        while walk.at.base < place.end && !taken.is_full() {
            let offset = walk.at.offset;
            let corrupt = |problem: &str| Corrupt { file: place.path.clone(), offset, problem: problem.to_owned() };
            let (frame, header) = match walk.step().map_err(io)? {
                Found::Frame(frame, header) => (frame, header),
                Found::End => return Err(corrupt("the file ends before its last batch").into()),
                Found::Broken(problem) => return Err(corrupt(problem).into()),
            };
            if header.end() > taken.next {
                let stored = walk.payload(frame, &header).map_err(io)?;
                let payload = open_payload(&header, stored).map_err(corrupt)?;
                taken.take(header.base, take_entries(&payload, header.count, header.arrived_before).map_err(corrupt)?);
            }
        }
        Ok(())
    }
}
