//! A segment file: its name, its header, and what is remembered of it.
//!
//! ```text
//!  0          8         12       16       24        32         40       44     48
//!  ┌──────────┬─────────┬────────┬────────┬─────────┬──────────┬────────┬──────┐
//!  │ OPENTRLJ │ version │ epoch  │ base   │ created │ arrived  │ crc    │ zero │ frames …
//!  │          │ = 1     │        │        │ ms      │ before ms│        │      │
//!  └──────────┴─────────┴────────┴────────┴─────────┴──────────┴────────┴──────┘
//! ```
//! The checksum covers bytes 0 to 40 and is the salt of the frame headers in the file.

use std::path::{Path, PathBuf};

use opentrail_stdx::Timestamp;

use crate::frame::{crc32c, u32_at, u64_at};

pub(crate) const SEGMENT_HEADER_BYTES: usize = 48;
const MAGIC: [u8; 8] = *b"OPENTRLJ";
const VERSION: u32 = 1;
/// A position is remembered for about every so many bytes of a segment.
const MARK_BYTES: u64 = 64 << 10;

/// What a segment file's name says. Later epochs win: what an older segment holds at or past the base of a later
/// one is superseded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentName {
    pub epoch: u32,
    pub base: u64,
}

impl SegmentName {
    pub(crate) fn path(self, dir: &Path) -> PathBuf {
        dir.join(format!("{:020}-{:08}.journal", self.base, self.epoch))
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (base, epoch) = name.strip_suffix(".journal")?.split_once('-')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !number(base) || !number(epoch) || base.len() != 20 || epoch.len() < 8 {
            return None;
        }
        Some(Self { base: base.parse().ok()?, epoch: epoch.parse().ok()? })
    }
}

/// The start of a segment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub name: SegmentName,
    pub created_at: Timestamp,
    /// The arrival of the record before the first.
    pub arrived_before: Timestamp,
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.name.epoch.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.name.base.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.created_at.as_ms().to_le_bytes());
        bytes[32..40].copy_from_slice(&self.arrived_before.as_ms().to_le_bytes());
        let crc = crc32c(&bytes[..40]);
        bytes[40..44].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header back with its salt, or says what is wrong with it.
    pub(crate) fn decode(bytes: &[u8; SEGMENT_HEADER_BYTES]) -> Result<(Self, u32), &'static str> {
        if bytes[0..8] != MAGIC {
            return Err("this is not a journal segment");
        }
        let crc = u32_at(bytes, 40);
        if crc32c(&bytes[..40]) != crc {
            return Err("the segment header's checksum doesn't match");
        }
        if u32_at(bytes, 8) != VERSION {
            return Err("the segment was written by a version that this one doesn't know");
        }
        let name = SegmentName { epoch: u32_at(bytes, 12), base: u64_at(bytes, 16) };
        let created_at = Timestamp::from_ms(u64_at(bytes, 24).cast_signed());
        let arrived_before = Timestamp::from_ms(u64_at(bytes, 32).cast_signed());
        Ok((Self { name, created_at, arrived_before }, crc))
    }
}

/// What is remembered of a segment: enough to find a position with a short walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub path: PathBuf,
    pub base: u64,
    /// The position after its last durable record.
    pub end: u64,
    pub salt: u32,
    marks: Vec<Mark>,
}

/// The place of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub base: u64,
    pub offset: u64,
}

impl Segment {
    /// A segment without frames.
    pub(crate) fn new(path: PathBuf, base: u64, salt: u32) -> Self {
        Self { path, base, end: base, salt, marks: Vec::new() }
    }

    /// Notes a frame that follows the last.
    pub(crate) fn push(&mut self, frame: Mark, end: u64) {
        if self.marks.last().is_none_or(|last| frame.offset - last.offset >= MARK_BYTES) {
            self.marks.push(frame);
        }
        self.end = end;
    }

    /// Where to start walking for `position`.
    pub(crate) fn mark_before(&self, position: u64) -> Mark {
        let after = self.marks.partition_point(|mark| mark.base <= position);
        let start = Mark { base: self.base, offset: SEGMENT_HEADER_BYTES as u64 };
        after.checked_sub(1).map_or(start, |at| self.marks[at])
    }

    /// Ends the segment at `end`, because a later one takes over there.
    pub(crate) fn cut(&mut self, end: u64) {
        self.end = end;
        self.marks.retain(|mark| mark.base < end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> SegmentHeader {
        let name = SegmentName { epoch: 3, base: 77 };
        SegmentHeader { name, created_at: Timestamp::from_ms(5), arrived_before: Timestamp::from_ms(-1) }
    }

    #[test]
    fn names_come_back() {
        let name = SegmentName { epoch: 12, base: 345 };
        let path = name.path(Path::new("/j"));
        assert_eq!(path, Path::new("/j/00000000000000000345-00000012.journal"));
        assert_eq!(SegmentName::parse("00000000000000000345-00000012.journal"), Some(name));
        for other in ["lock", "345-12.journal", "0000000000000000034x-00000012.journal", "x.journal.tmp"] {
            assert_eq!(SegmentName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn headers_come_back_and_flipped_bits_are_noticed() {
        let bytes = header().encode();
        assert_eq!(SegmentHeader::decode(&bytes).expect("valid").0, header());
        for bit in 0..44 * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(SegmentHeader::decode(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn marks_are_sparse_and_find_the_frame_before() {
        let mut segment = Segment::new(PathBuf::from("s"), 10, 0);
        for frame in 0..1000 {
            segment.push(Mark { base: 10 + frame * 2, offset: 48 + frame * 1000 }, 12 + frame * 2);
        }
        assert!(segment.marks.len() <= 16, "{}", segment.marks.len());
        for position in [10, 11, 500, 2009] {
            let mark = segment.mark_before(position);
            assert!(mark.base <= position && position - mark.base <= 2 * 66, "{position}: {mark:?}");
        }
        segment.cut(12);
        assert_eq!((segment.end, segment.marks.len()), (12, 1));
    }
}
