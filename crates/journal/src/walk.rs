//! Walking a segment file from frame to frame.

use std::io;

use opentrail_stdx::DiskFile;

use crate::frame::{FRAME_HEADER_BYTES, FRAME_MAGIC, FrameHeader};
use crate::segment::Mark;

/// How much of a file is looked at together when searching it.
const WINDOW_BYTES: usize = 1 << 20;

/// Walks the frames of one segment file.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    file: &'a dyn DiskFile,
    file_bytes: u64,
    salt: u32,
    /// The frame to look at next.
    pub at: Mark,
}

/// What stands at a place in a segment file.
#[derive(Debug)]
pub(crate) enum Found {
    /// A frame whose header is sound and whose payload lies within the file.
    Frame(Mark, FrameHeader),
    /// Nothing: the file ends here.
    End,
    /// Something that is not the frame that belongs here.
    Broken(&'static str),
}

impl<'a> Walk<'a> {
    pub(crate) fn new(file: &'a dyn DiskFile, salt: u32, at: Mark) -> io::Result<Self> {
        Ok(Self { file, file_bytes: file.bytes()?, salt, at })
    }

    /// Looks at the next frame's header, and steps over the frame when there is one.
    pub(crate) fn step(&mut self) -> io::Result<Found> {
        let found = self.look()?;
        if let Found::Frame(_, header) = &found {
            self.at = Mark { base: header.end(), offset: self.payload_end(header) };
        }
        Ok(found)
    }

    fn look(&self) -> io::Result<Found> {
        if self.at.offset >= self.file_bytes {
            return Ok(Found::End);
        }
        if self.file_bytes - self.at.offset < FRAME_HEADER_BYTES as u64 {
            return Ok(Found::Broken("the file ends within a frame header"));
        }
        let mut bytes = [0; FRAME_HEADER_BYTES];
        self.file.read_at(self.at.offset, &mut bytes)?;
        Ok(match FrameHeader::decode(&bytes, self.salt) {
            Err(problem) => Found::Broken(problem),
            Ok(header) if header.base != self.at.base => Found::Broken("a frame with another position stands"),
            Ok(header) if self.payload_end(&header) > self.file_bytes => {
                Found::Broken("the file ends within a payload")
            }
            Ok(header) => Found::Frame(self.at, header),
        })
    }

    fn payload_end(&self, header: &FrameHeader) -> u64 {
        self.at.offset + FRAME_HEADER_BYTES as u64 + u64::from(header.stored_bytes)
    }

    /// Reads a frame's stored payload.
    pub(crate) fn payload(&self, frame: Mark, header: &FrameHeader) -> io::Result<Vec<u8>> {
        let mut stored = vec![0; header.stored_bytes as usize];
        self.file.read_at(frame.offset + FRAME_HEADER_BYTES as u64, &mut stored)?;
        Ok(stored)
    }

    /// Whether some frame after the place where the walk stands was written when that place was already durable.
    /// Then what is broken there was once whole; else it is the torn end of the last write.
    pub(crate) fn is_followed_by_proof(&self) -> io::Result<bool> {
        let mut from = self.at.offset;
        while from < self.file_bytes {
            // Windows overlap, so that no header falls between two.
            let window = (self.file_bytes - from).min((WINDOW_BYTES + FRAME_HEADER_BYTES) as u64);
            let mut bytes = vec![0; usize::try_from(window).map_err(io::Error::other)?];
            self.file.read_at(from, &mut bytes)?;
            if bytes.windows(FRAME_HEADER_BYTES).any(|bytes| self.proves_durable(bytes)) {
                return Ok(true);
            }
            from += WINDOW_BYTES as u64;
        }
        Ok(false)
    }

    fn proves_durable(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(&FRAME_MAGIC)
            && bytes
                .try_into()
                .is_ok_and(|bytes| FrameHeader::decode(bytes, self.salt).is_ok_and(|it| it.durable_end > self.at.base))
    }
}
