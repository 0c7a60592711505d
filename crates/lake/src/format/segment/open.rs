//! An open segment and its answers.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use opentrail_model::{Attribute, Filter, View};
use opentrail_stdx::{Disk, Timestamp};

use super::Paths;
use super::cache::ChunkCache;
use super::file::FileIn;
use super::texts::Texts;
use crate::format::FormatError;
use crate::format::count::{self, CountIndex, CountQuestion, Tally};
use crate::format::index::{Index, ValuePlace};
use crate::format::plan::{self, Part, Position, TermIndex};
use crate::format::row::{Hit, Place, Row, SegmentFacts, TimeRange, identity_hash};
use crate::format::rows::{Bitmap, Listed, RowSet, Rows};

/// An open segment. It keeps the root of its index in memory; what a question needs beside it is read from the files,
/// and checked.
pub(crate) struct Segment {
    index: Index,
    texts: Texts,
    facts: SegmentFacts,
    /// The index's file, to be read whole.
    idx: FileIn,
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("orc", &self.texts.orc().path())
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl Segment {
    /// Opens the segment `name` in `dir`, of which `facts` are known. Files that are missing, or others than the facts
    /// tell of, are an error; what is inside them is checked when it is read, or by [`Segment::verify`].
    pub(crate) fn open(disk: &dyn Disk, dir: &Path, name: &str, facts: &SegmentFacts) -> Result<Self, FormatError> {
        let Paths { orc, idx } = Paths::of(dir, name);
        let index = Index::open(disk, &idx)?;
        index.expect(facts)?;
        let file = FileIn::open(disk, &orc)?;
        let bytes = file.len()?;
        if bytes != facts.orc_bytes {
            let problem = format!("the file has {bytes} bytes and should have {}", facts.orc_bytes);
            return Err(file.damaged("its length", problem));
        }
        Ok(Self { index, texts: Texts::new(file), facts: facts.clone(), idx: FileIn::open(disk, &idx)? })
    }

    /// The same segment, keeping unpacked chunks where others keep theirs.
    #[must_use]
    pub(crate) fn with_chunks(mut self, chunks: &Arc<ChunkCache>) -> Self {
        self.texts.share(chunks);
        self
    }

    /// The newest rows in `range` that match, newest first, strictly before `after` in that order, at most `limit`.
    pub(crate) fn lookup(
        &self,
        filter: &Filter,
        range: TimeRange,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Hit>, FormatError> {
        let first_at = |time: Timestamp| self.index.rows_before(Place { time, position: 0 });
        let low = range.from.map_or(Ok(0), first_at)?;
        let mut end = self.index.row_count();
        // After the last millisecond of all there is none.
        if let Some(past) = range.to.and_then(|to| to.as_ms().checked_add(1)) {
            end = first_at(Timestamp::from_ms(past))?;
        }
        if let Some(after) = after {
            end = end.min(self.index.rows_before(after)?);
        }
        let found = plan::newest(plan::plan(filter, self)?, low, end, limit)?;
        self.hits(found)
    }

    /// The rows that match with the least positions after `after` (or of all), ascending by position, at most `limit`.
    pub(crate) fn arrivals(&self, after: Option<u64>, filter: &Filter, limit: usize) -> Result<Vec<Hit>, FormatError> {
        if after.is_some_and(|after| self.facts.position_max <= after) {
            return Ok(Vec::new());
        }
        let mut places = AtHand::places(&self.index);
        let position_of = |row: u32| {
            let (first, greatest) = self.index.position_max_around(row);
            if after.is_some_and(|after| greatest <= after) {
                return Ok(Position::NoneDownTo(first));
            }
            Ok(Position::At(places.get(row)?.position))
        };
        let found = plan::arrivals(plan::plan(filter, self)?, self.index.row_count(), after, limit, position_of)?;
        self.hits(found)
    }

    /// Counts the rows that match.
    pub(crate) fn count(&self, question: &CountQuestion<'_>, tally: &mut Tally) -> Result<(), FormatError> {
        count::count(self, question, tally)
    }

    /// The text of a row's record.
    pub(crate) fn record(&self, row: u32) -> Result<Bytes, FormatError> {
        self.texts.text(&self.index, row, self.index.value(row)?)
    }

    /// The rows whose identity has this hash; rarely also one whose identity has not.
    pub(crate) fn rows_of(&self, hash: u64) -> Result<Vec<u32>, FormatError> {
        self.index.rows_of(hash)
    }

    /// Whether some row may have this value; event ids are compared by their hashes only.
    pub(crate) fn may_have(&self, attribute: Attribute, value: &str) -> Result<bool, FormatError> {
        if attribute == Attribute::EventId {
            return Ok(!self.index.rows_of(identity_hash(value))?.is_empty());
        }
        Ok(self.index.rows_of_term(attribute, value)?.seek(u32::MAX)?.is_some())
    }

    /// All rows, ascending by place.
    pub(crate) fn rows(&self) -> Result<impl Iterator<Item = Result<Row, FormatError>> + '_, FormatError> {
        let (mut places, mut values) = (AtHand::places(&self.index), AtHand::values(&self.index));
        let row = move |row: u32| {
            let Place { time, position } = places.get(row)?;
            Ok(Row { position, time, record: self.texts.text(&self.index, row, values.get(row)?)? })
        };
        Ok((0..self.index.row_count()).map(row))
    }

    /// Reads both files whole and compares them with the facts.
    pub(crate) fn verify(&self) -> Result<(), FormatError> {
        let facts = &self.facts;
        for (file, bytes, crc) in
            [(self.texts.orc(), facts.orc_bytes, facts.orc_crc), (&self.idx, facts.idx_bytes, facts.idx_crc)]
        {
            if file.checksum()? != (bytes, crc) {
                return Err(file.damaged("its checksum", "the bytes are not what was written"));
            }
        }
        Ok(())
    }

    fn hits(&self, rows: Vec<u32>) -> Result<Vec<Hit>, FormatError> {
        let mut places = AtHand::places(&self.index);
        rows.into_iter().map(|row| Ok(Hit { place: places.get(row)?, row })).collect()
    }

    /// Does the record of a row have an event id that this accepts?
    fn has_event_id(&self, row: u32, accepts: impl FnOnce(&str) -> bool) -> Result<bool, FormatError> {
        let record = self.record(row)?;
        let view = View::parse(&record).unwrap_or_default();
        Ok(view.event_id.is_some_and(|id| !id.is_empty() && accepts(&id)))
    }
}

impl TermIndex for Segment {
    fn row_count(&self) -> u32 {
        self.index.row_count()
    }

    fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError> {
        if attribute != Attribute::EventId {
            return self.index.rows_of_term(attribute, value);
        }
        let mut rows = Vec::new();
        for row in self.index.rows_of(identity_hash(value))? {
            if self.has_event_id(row, |id| id == value)? {
                rows.push(row);
            }
        }
        Ok(Box::new(Listed::new(rows)))
    }

    fn rows_of_part(&self, attribute: Attribute, part: Part<'_>) -> Result<Rows<'_>, FormatError> {
        if attribute != Attribute::EventId {
            return self.index.rows_of_part(attribute, part);
        }
        let part = match part {
            Part::Prefix(value) => OwnedPart::Prefix(value.to_owned()),
            Part::Contains(value) => OwnedPart::Contains(value.to_owned()),
        };
        Ok(Box::new(EventIds { segment: self, part }))
    }

    fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError> {
        self.index.rows_of_attribute(attribute)
    }
}

impl CountIndex for Segment {
    fn rows_before(&self, time: Timestamp) -> Result<u32, FormatError> {
        self.index.rows_before(Place { time, position: 0 })
    }

    fn count_terms(
        &self,
        attribute: Attribute,
        among: &Bitmap,
        each: &mut dyn FnMut(&str, u32),
    ) -> Result<(), FormatError> {
        self.index.count_terms(attribute, among, each)
    }
}

/// The rows whose event ids compare so. Event ids are no terms of the index, which would nearly double it for questions
/// that are hardly ever asked: the records themselves are looked at, one after the other.
struct EventIds<'s> {
    segment: &'s Segment,
    part: OwnedPart,
}

enum OwnedPart {
    Prefix(String),
    Contains(String),
}

impl RowSet for EventIds<'_> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let part = match &self.part {
            OwnedPart::Prefix(value) => Part::Prefix(value),
            OwnedPart::Contains(value) => Part::Contains(value),
        };
        let end = at_most.saturating_add(1).min(self.segment.row_count());
        for row in (0..end).rev() {
            if self.segment.has_event_id(row, |id| part.fits(id))? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn size_max(&self) -> u32 {
        self.segment.row_count()
    }
}

/// Reads the entries of the rows around one, the first of these rows first.
type ReadAround<T> = fn(&Index, u32) -> Result<(u32, Vec<T>), FormatError>;

/// Entries of rows; those of the block that was read last are at hand.
struct AtHand<'s, T> {
    index: &'s Index,
    read: ReadAround<T>,
    first: u32,
    block: Vec<T>,
}

impl<'s> AtHand<'s, Place> {
    fn places(index: &'s Index) -> Self {
        Self { index, read: Index::places_around, first: 0, block: Vec::new() }
    }
}

impl<'s> AtHand<'s, ValuePlace> {
    fn values(index: &'s Index) -> Self {
        Self { index, read: Index::values_around, first: 0, block: Vec::new() }
    }
}

impl<T: Copy> AtHand<'_, T> {
    fn get(&mut self, row: u32) -> Result<T, FormatError> {
        if let Some(entry) = row.checked_sub(self.first).and_then(|inside| self.block.get(inside as usize)) {
            return Ok(*entry);
        }
        (self.first, self.block) = (self.read)(self.index, row)?;
        Ok(self.block[(row - self.first) as usize])
    }
}
