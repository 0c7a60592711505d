//! Finding what a folder of segment files holds, after whatever ended the last run.
//!
//! Recovery only looks: it changes no segment file, so that it can fail or be killed at any point and be run again.

use std::io;
use std::path::{Path, PathBuf};

use opentrail_stdx::{Disk, DiskFile, Timestamp};

use crate::error::Corrupt;
use crate::frame::{FRAME_HEADER_BYTES, FrameHeader, crc32c};
use crate::segment::{Mark, SEGMENT_HEADER_BYTES, Segment, SegmentHeader, SegmentName};
use crate::walk::{Found, Walk};

/// What a folder of segment files holds.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    /// The segments in order, each ending where the next begins.
    pub segments: Vec<Segment>,
    /// Up to here every record is on the disk for sure.
    pub durable_end: u64,
    /// The whole batches after that. They are in the file system's cache, which a failed sync may have left without
    /// a copy on the disk: they must be written again to a file of their own.
    pub tail: Vec<(FrameHeader, Vec<u8>)>,
    /// The arrival of the last record.
    pub arrived_last: Timestamp,
    /// The highest epoch in use.
    pub epoch_last: u32,
    /// Files that hold nothing any more.
    pub leftovers: Vec<PathBuf>,
}

/// Why recovery stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    Corrupt(Corrupt),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Looks through `dir`.
pub(crate) fn recover(disk: &dyn Disk, dir: &Path) -> Result<Recovered, Failure> {
    let mut recovered = Recovered::default();
    let mut names = Vec::new();
    for found in disk.list(dir)? {
        if let Some(name) = SegmentName::parse(&found.name) {
            names.push(name);
        } else if let Some(name) = found.name.strip_suffix(".tmp").and_then(SegmentName::parse) {
            // A segment that was never finished: nothing in it was acknowledged.
            recovered.epoch_last = recovered.epoch_last.max(name.epoch);
            recovered.leftovers.push(dir.join(found.name));
        }
    }
    names.sort_by_key(|name| (name.epoch, name.base));
    for (index, &name) in names.iter().enumerate() {
        recovered.epoch_last = recovered.epoch_last.max(name.epoch);
        match names.get(index + 1) {
            Some(next) => recovered.look_at_older(disk, dir, name, next.base)?,
            None => recovered.look_at_last(disk, dir, name)?,
        }
    }
    Ok(recovered)
}

impl Recovered {
    /// Takes in a segment that another one follows, which begins at `end`.
    fn look_at_older(&mut self, disk: &dyn Disk, dir: &Path, name: SegmentName, end: u64) -> Result<(), Failure> {
        let path = name.path(dir);
        if end == name.base {
            self.leftovers.push(path);
            return Ok(());
        }
        let (file, mut segment, _) = self.begin(disk, &path, name)?;
        let mut walk = Walk::new(&*file, segment.salt, segment.mark_before(name.base))?;
        while walk.at.base < end {
            match walk.step()? {
                Found::Frame(frame, header) if header.end() <= end => segment.push(frame, header.end()),
                Found::Frame(frame, _) => {
                    return Err(corrupt(&path, frame.offset, "the next segment begins within a batch"));
                }
                Found::End => {
                    return Err(corrupt(&path, walk.at.offset, "the next segment begins later: batches are missing"));
                }
                Found::Broken(problem) => return Err(corrupt(&path, walk.at.offset, problem)),
            }
        }
        self.durable_end = end;
        self.segments.push(segment);
        Ok(())
    }

    /// Takes in the last segment up to its last whole batch.
    fn look_at_last(&mut self, disk: &dyn Disk, dir: &Path, name: SegmentName) -> Result<(), Failure> {
        let path = name.path(dir);
        let (file, mut segment, header) = self.begin(disk, &path, name)?;
        self.arrived_last = header.arrived_before;
        self.durable_end = name.base;
        let mut walk = Walk::new(&*file, segment.salt, segment.mark_before(name.base))?;
        loop {
            let at = walk.at;
            let problem = match walk.step()? {
                Found::End => break,
                Found::Broken(problem) => problem,
                Found::Frame(frame, header) => {
                    let stored = walk.payload(frame, &header)?;
                    if crc32c(&stored) == header.payload_crc {
                        segment.push(frame, header.end());
                        self.accept(header, stored);
                        continue;
                    }
                    "the payload's checksum doesn't match"
                }
            };
            walk.at = at;
            if walk.is_followed_by_proof()? {
                return Err(corrupt(&path, at.offset, problem));
            }
            break;
        }
        // What the tail holds moves to a segment of its own.
        segment.cut(self.durable_end);
        if segment.base == segment.end {
            self.leftovers.push(path);
        } else {
            self.segments.push(segment);
        }
        Ok(())
    }

    /// Takes a whole batch for the last one seen: those that it proves durable leave the tail.
    fn accept(&mut self, header: FrameHeader, stored: Vec<u8>) {
        self.durable_end = self.durable_end.max(header.durable_end.min(header.base));
        self.tail.retain(|(kept, _)| kept.base >= self.durable_end);
        self.arrived_last = header.arrived_last;
        self.tail.push((header, stored));
    }

    fn begin(
        &self,
        disk: &dyn Disk,
        path: &Path,
        name: SegmentName,
    ) -> Result<(Box<dyn DiskFile>, Segment, SegmentHeader), Failure> {
        if self.segments.last().is_some_and(|before| before.end != name.base) {
            return Err(corrupt(path, 0, "segments before it are missing or out of order"));
        }
        let file = disk.open(path)?;
        if file.bytes()? < SEGMENT_HEADER_BYTES as u64 {
            return Err(corrupt(path, 0, "the file ends within the segment header"));
        }
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        file.read_at(0, &mut bytes)?;
        let (header, salt) = SegmentHeader::decode(&bytes).map_err(|problem| corrupt(path, 0, problem))?;
        if header.name != name {
            return Err(corrupt(path, 0, "the segment header belongs to another file name"));
        }
        Ok((file, Segment::new(path.to_path_buf(), name.base, salt), header))
    }

    /// Where in a new segment file each batch of the tail will stand, and the bytes to write there.
    pub(crate) fn take_tail(&mut self, segment: &mut Segment, out: &mut Vec<u8>) {
        for (header, stored) in self.tail.drain(..) {
            segment.push(Mark { base: header.base, offset: out.len() as u64 }, header.end());
            out.reserve(FRAME_HEADER_BYTES + stored.len());
            out.extend_from_slice(&header.encode(segment.salt));
            out.extend_from_slice(&stored);
        }
    }
}

fn corrupt(file: &Path, offset: u64, problem: &str) -> Failure {
    Failure::Corrupt(Corrupt { file: file.to_path_buf(), offset, problem: problem.to_owned() })
}
