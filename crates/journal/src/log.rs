//! The synchronous core.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opentrail_stdx::{Clock, Disk, DiskFile, DiskLock, Timestamp};

use crate::frame::PAYLOAD_BYTES_MAX;
use crate::payload::{FramePlace, NAME_BYTES_MAX, Payload, entry_bytes};
use crate::reader::Reader;
use crate::recover::{Failure, Recovered, recover};
use crate::segment::{Mark, Segment, SegmentHeader, SegmentName};
use crate::{AppendError, Durable, Entry, OpenError, Options, Position, ReadError, TrimError};

/// Small appends that are committed together share frames of about this size: large enough to compress well, small
/// enough to unpack quickly for one record.
const FRAME_BYTES: usize = 256 << 10;

/// The journal without threads: one owner, every call blocks on the disk.
#[derive(Debug)]
pub struct Log {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    options: Options,
    clock: Arc<dyn Clock>,
    reader: Arc<Reader>,
    /// The segment that takes the next batch; none after a failure, when the next batch begins a fresh one.
    current: Option<Current>,
    /// Files that were trimmed or superseded and whose removal is not durable yet, in the order of their removal. What
    /// supersedes a file is never removed before it: alone, the file would pass for the records that came after.
    doomed: VecDeque<PathBuf>,
    epoch_last: u32,
    arrived_last: Timestamp,
    /// The bytes of the commit at hand.
    frames: Vec<u8>,
    _lock: Box<dyn DiskLock>,
}

#[derive(Debug)]
struct Current {
    file: Box<dyn DiskFile>,
    salt: u32,
    /// Where the next frame goes.
    bytes: u64,
}

/// What was written by a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Committed {
    /// The position of its first record.
    pub base: u64,
    /// The bytes it took in the segment.
    pub stored_bytes: u64,
}

impl Log {
    /// Opens the journal in `dir`, making it when there is none.
    ///
    /// What the last run left is read back: a torn end is cut at the last whole batch, and the batches that may not
    /// have reached the disk are written again, so that all that can be read after this is durable.
    pub fn open(disk: Arc<dyn Disk>, dir: PathBuf, options: Options, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Io { dir: dir.clone(), source };
        disk.create_dir_all(&dir).map_err(failed)?;
        disk.sync_dir(parent(&dir)).map_err(failed)?;
        let lock = disk.lock(&dir.join("lock")).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => OpenError::InUse { dir: dir.clone() },
            _ => failed(error),
        })?;
        let mut recovered = recover(&*disk, &dir).map_err(|failure| match failure {
            Failure::Corrupt(corrupt) => OpenError::Corrupt(corrupt),
            Failure::Io(error) => failed(error),
        })?;
        let mut log = Self {
            reader: Arc::new(Reader::new(Arc::clone(&disk), std::mem::take(&mut recovered.segments))),
            current: None,
            doomed: VecDeque::new(),
            epoch_last: recovered.epoch_last,
            arrived_last: recovered.arrived_last,
            frames: Vec::new(),
            _lock: lock,
            disk,
            dir: dir.clone(),
            options: Options { batch_bytes_max: options.batch_bytes_max.min(PAYLOAD_BYTES_MAX.into()), ..options },
            clock,
        };
        log.begin_segment(recovered.durable_end, Some(&mut recovered)).map_err(failed)?;
        // A crash here leaves files that the new segment supersedes; the next opening removes them.
        log.doom_superseded(recovered.leftovers);
        Ok(log)
    }

    /// Appends `entries` as one batch, all or none, and returns their positions once they are on the disk.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Durable<Range<u64>>, AppendError> {
        check(&self.options, entries)?;
        let mut payload = Payload::encode(entries);
        payload.compress();
        let base = self.commit(&[payload]).map_err(unavailable)?.base;
        Ok(Durable::new(base..base + entries.len() as u64))
    }

    /// The position after the last durable record.
    pub fn end(&self) -> Position {
        Position(self.reader.end())
    }

    /// The first position that can be read.
    pub fn start(&self) -> Position {
        Position(self.reader.start())
    }

    /// Reads durable records from `from` on: at least one when there is one, then up to about `bytes_max` bytes.
    pub fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        self.reader.read(from, bytes_max)
    }

    /// Forgets whole segments that lie before `before`.
    pub fn trim(&mut self, before: Position) -> Result<(), TrimError> {
        // Readers are told first: from here on these positions are gone, whatever the disk says.
        self.reader.update(|segments| {
            let count = segments.iter().take_while(|segment| segment.end <= before.0).count();
            let count = count.min(segments.len().saturating_sub(1));
            self.doomed.extend(segments.drain(..count).map(|segment| segment.path));
        });
        self.sweep()
    }

    /// Removes what is doomed.
    fn sweep(&mut self) -> Result<(), TrimError> {
        while let Some(path) = self.doomed.front() {
            let failed = |source| TrimError { file: path.clone(), source };
            match self.disk.remove(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
            // One by one: a crash must never leave a gap between two segments.
            self.disk.sync_dir(&self.dir).map_err(failed)?;
            self.doomed.pop_front();
        }
        Ok(())
    }

    pub(crate) fn reader(&self) -> Arc<Reader> {
        Arc::clone(&self.reader)
    }

    /// Makes sure that there is a segment to write to. After a failure this is the probe.
    pub(crate) fn recover_writing(&mut self) -> io::Result<()> {
        let is_full = |current: &Current| current.bytes >= self.options.segment_bytes_max;
        if self.current.as_ref().is_none_or(is_full) {
            self.current = None;
            self.begin_segment(self.reader.end(), None)?;
        }
        Ok(())
    }

    /// Writes the appends in order, each of them whole in one frame, with one sync for all.
    pub(crate) fn commit(&mut self, appends: &[Payload]) -> io::Result<Committed> {
        let base = self.reader.end();
        if appends.iter().all(|append| append.count == 0) {
            return Ok(Committed { base, stored_bytes: 0 });
        }
        self.recover_writing()?;
        let mut current = self.current.take().expect("a segment was just made sure of");
        let (marks, arrived_last) = self.encode(appends, &current);
        current.file.write_at(current.bytes, &self.frames)?;
        // Up to here nothing is promised. An error leaves `current` empty: after a failed write or sync nobody knows
        // what the file holds, so it is never written again, and the next segment supersedes what it may hold.
        current.file.sync()?;
        // Durable: a crash from here on finds the batches. Readers may see them.
        self.reader.update(|segments| {
            let segment = segments.last_mut().expect("the current segment is listed");
            marks.into_iter().for_each(|(mark, end)| segment.push(mark, end));
        });
        let stored_bytes = self.frames.len() as u64;
        current.bytes += stored_bytes;
        self.arrived_last = arrived_last;
        self.current = Some(current);
        Ok(Committed { base, stored_bytes })
    }

    /// Fills `frames`, and tells where each frame stands and ends and when the last record arrived.
    fn encode(&mut self, appends: &[Payload], current: &Current) -> (Vec<(Mark, u64)>, Timestamp) {
        self.frames.clear();
        let durable_end = self.reader.end();
        let mut marks = Vec::new();
        let (mut base, mut arrived_before) = (durable_end, self.arrived_last);
        let mut put = |payload: &Payload| {
            if payload.count > 0 {
                let offset = current.bytes + self.frames.len() as u64;
                payload
                    .put_frame(&mut self.frames, FramePlace { base, durable_end, arrived_before, salt: current.salt });
                let end = base + u64::from(payload.count);
                marks.push((Mark { base, offset }, end));
                arrived_before = arrived_before.max(payload.arrived_max);
                base = end;
            }
        };
        let mut joined = Payload::default();
        for append in appends {
            if append.stands_alone() || joined.raw_bytes + append.raw_bytes > FRAME_BYTES {
                joined.compress();
                put(&std::mem::take(&mut joined));
            }
            if append.stands_alone() {
                put(append);
            } else {
                joined.join(append);
            }
        }
        joined.compress();
        put(&joined);
        (marks, arrived_before)
    }

    /// Makes the segment that takes batches from `base` on, with the tail that recovery found at its head.
    fn begin_segment(&mut self, base: u64, tail: Option<&mut Recovered>) -> io::Result<()> {
        self.epoch_last =
            self.epoch_last.checked_add(1).ok_or_else(|| io::Error::other("the journal's epochs are used up"))?;
        let name = SegmentName { epoch: self.epoch_last, base };
        let header = SegmentHeader { name, created_at: self.clock.now(), arrived_before: self.arrived_last };
        let mut bytes = header.encode().to_vec();
        let (_, salt) = SegmentHeader::decode(&header.encode()).expect("just encoded");
        let mut segment = Segment::new(name.path(&self.dir), base, salt);
        if let Some(recovered) = tail {
            recovered.take_tail(&mut segment, &mut bytes);
        }
        let file = self.write_segment(&segment.path, &bytes)?;
        self.current = Some(Current { file, salt, bytes: bytes.len() as u64 });
        // From here on the new segment is in force. One before it in which nothing was acknowledged is empty for good.
        let mut emptied = None;
        self.reader.update(|segments| {
            emptied = segments.pop_if(|last| last.base == last.end);
            segments.push(segment);
        });
        self.doom_superseded(emptied.map(|segment| segment.path));
        Ok(())
    }

    /// Writes a segment file so that under its name it is either whole or not there.
    fn write_segment(&mut self, path: &Path, bytes: &[u8]) -> io::Result<Box<dyn DiskFile>> {
        let mut staged = path.as_os_str().to_owned();
        staged.push(".tmp");
        let staged = PathBuf::from(staged);
        let written = (|| {
            let mut file = self.disk.create(&staged)?;
            file.write_at(0, bytes)?;
            file.sync()?;
            // A crash before the rename leaves the older segments in force; after it, this one, whole.
            self.disk.rename(&staged, path)?;
            self.disk.sync_dir(&self.dir)?;
            Ok(file)
        })();
        if written.is_err() {
            // Nothing in it was acknowledged, and the next segment, which begins at the same base, supersedes it.
            self.doom_superseded([staged, path.to_path_buf()]);
        }
        written
    }

    /// Removes files that hold nothing any more; what can't be removed now is tried again before the next trim.
    fn doom_superseded(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        self.doomed.extend(paths);
        if let Err(error) = self.sweep() {
            tracing::debug!(error = %error.source, file = %error.file.display(), "a journal file without use stays for now");
        }
    }
}

/// Refuses what can never be stored.
pub(crate) fn check(options: &Options, entries: &[Entry]) -> Result<(), AppendError> {
    let within = |what, bytes: usize, bytes_max: u64| match bytes as u64 {
        bytes if bytes > bytes_max => Err(AppendError::TooLarge { what, bytes, bytes_max }),
        _ => Ok(()),
    };
    for Entry { envelope, record } in entries {
        within("the record", record.len(), options.record_bytes_max)?;
        within("the account", envelope.account.len(), NAME_BYTES_MAX as u64)?;
        within("the Region", envelope.region.len(), NAME_BYTES_MAX as u64)?;
    }
    within("the batch", entries.iter().map(entry_bytes).sum(), options.batch_bytes_max)
}

pub(crate) fn unavailable(error: io::Error) -> AppendError {
    AppendError::Unavailable { source: Arc::new(error) }
}

fn parent(dir: &Path) -> &Path {
    dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
