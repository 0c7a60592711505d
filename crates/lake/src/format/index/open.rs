//! An index that is open: its root in memory, all else read when it is asked for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use opentrail_model::Attribute;
use opentrail_stdx::{Disk, DiskFile};

use super::blocks::{self, BLOCK_ENTRIES, BlockRun, is_right};
use super::filter::IdentityFilter;
use super::leaf::{self, LeafLists, LeafReader, TermRows};
use super::postings::Postings;
use super::root::{FOOTER_BYTES, HEADER_BYTES, Leaf, Orc, Present, Root, RootPlace, Totals, header};
use super::values::{ValueChunk, ValuePlace};
use super::{identities, places, values};
use crate::format::FormatError;
use crate::format::plan::Part;
use crate::format::row::{Place, SegmentFacts};
use crate::format::rows::{All, Bitmap, Empty, Or, RowSet as _, Rows, TERMS_ASKED_MAX};
use crate::format::terms::slot;

/// The file of an index.
#[derive(Debug)]
pub(super) struct IndexFile {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    /// Where the root begins: all blocks lie before.
    end: u64,
    rows: u32,
}

impl IndexFile {
    /// How many rows the segment has.
    pub(super) fn row_count(&self) -> u32 {
        self.rows
    }

    /// Reads bytes that the root, or something that it leads to, names.
    pub(super) fn read(&self, offset: u64, bytes: u64, what: &str) -> Result<Vec<u8>, FormatError> {
        let fits = offset.checked_add(bytes).is_some_and(|end| end <= self.end);
        let Some(count) = usize::try_from(bytes).ok().filter(|_| fits) else { return Err(self.damaged(what, offset)) };
        let mut read = vec![0; count];
        self.file.read_at(offset, &mut read).map_err(|error| FormatError::io(&self.path, error))?;
        Ok(read)
    }

    /// What was read there is not what was written.
    pub(super) fn damaged(&self, what: &str, offset: u64) -> FormatError {
        FormatError::damaged(&self.path, format!("{what} at byte {offset}"), "the bytes are not what was written")
    }

    /// Decodes a block of a run.
    fn block<T>(
        &self,
        run: &BlockRun,
        index: usize,
        what: &str,
        decode: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, FormatError> {
        let (offset, bytes) = run.block(index).ok_or_else(|| self.damaged(what, self.end))?;
        decode(&self.read(offset, bytes, what)?).ok_or_else(|| self.damaged(what, offset))
    }
}

/// Who asks for more identities than this brings records in, of which most are new: then a look at all of them pays.
const ASKED_SINGLY: u32 = 64;

/// An open index. It keeps the root in memory: some 60 bytes for each 512 rows, and some 50 for each 8 KiB of terms.
#[derive(Debug)]
pub(in crate::format) struct Index {
    file: IndexFile,
    root: Root,
    /// How many identities were asked for, as far as that matters.
    asked: AtomicU32,
    /// Made when many are asked for; 1.25 bytes a row.
    filter: OnceLock<IdentityFilter>,
}

impl Index {
    /// Opens the index at `path`.
    pub(in crate::format) fn open(disk: &dyn Disk, path: &Path) -> Result<Self, FormatError> {
        let io = |error| FormatError::io(path, error);
        let file = disk.open(path).map_err(io)?;
        let file_bytes = file.bytes().map_err(io)?;
        if file_bytes < (HEADER_BYTES + FOOTER_BYTES) as u64 {
            return Err(FormatError::damaged(path, "header", "the file is too short to be an index"));
        }
        let mut head = [0; HEADER_BYTES];
        file.read_at(0, &mut head).map_err(io)?;
        if head != header() {
            return Err(FormatError::damaged(path, "header", "this is no index of a version that is known"));
        }
        let mut footer = [0; FOOTER_BYTES];
        file.read_at(file_bytes - FOOTER_BYTES as u64, &mut footer).map_err(io)?;
        let place =
            RootPlace::decode(&footer, file_bytes).map_err(|problem| FormatError::damaged(path, "footer", problem))?;
        let damaged = || FormatError::damaged(path, "root", "the bytes are not what was written");
        let mut bytes = vec![0; usize::try_from(place.bytes).map_err(|_| damaged())?];
        file.read_at(place.offset, &mut bytes).map_err(io)?;
        let root = if is_right(&bytes, place.crc) { Root::decode(&bytes, place.offset) } else { None };
        let root = root.ok_or_else(damaged)?;
        let file = IndexFile { file, path: path.to_path_buf(), end: place.offset, rows: root.rows };
        Ok(Self { file, root, asked: AtomicU32::new(0), filter: OnceLock::new() })
    }

    /// Is this the index of the segment that the manifest knows?
    pub(in crate::format) fn expect(&self, facts: &SegmentFacts) -> Result<(), FormatError> {
        let same = self.root.rows == facts.rows
            && (self.root.orc.bytes, self.root.orc.crc) == (facts.orc_bytes, facts.orc_crc)
            && self.root.totals == (Totals { record_bytes: facts.record_bytes, mistyped: facts.mistyped });
        if same { Ok(()) } else { Err(FormatError::damaged(&self.file.path, "root", "it is that of another segment")) }
    }

    /// The ORC file that the index belongs to.
    pub(in crate::format) fn orc(&self) -> Orc {
        self.root.orc
    }

    /// How many rows there are.
    pub(in crate::format) fn row_count(&self) -> u32 {
        self.root.rows
    }

    /// How many rows stand before `place`.
    pub(in crate::format) fn rows_before(&self, place: Place) -> Result<u32, FormatError> {
        let block = self.root.places.firsts.partition_point(|first| *first < place);
        let Some(block) = block.checked_sub(1) else { return Ok(0) };
        let inside = self.places(block)?.partition_point(|it| *it < place);
        Ok(self.row_of(block, inside))
    }

    /// The places of the rows of a block, and its first row.
    pub(in crate::format) fn places_around(&self, row: u32) -> Result<(u32, Vec<Place>), FormatError> {
        let block = row as usize / BLOCK_ENTRIES;
        Ok((self.row_of(block, 0), self.places(block)?))
    }

    /// The first row of the block of `row`, and the greatest position in it.
    pub(in crate::format) fn position_max_around(&self, row: u32) -> (u32, u64) {
        let block = row as usize / BLOCK_ENTRIES;
        (self.row_of(block, 0), self.root.places.position_max.get(block).copied().unwrap_or(u64::MAX))
    }

    fn places(&self, block: usize) -> Result<Vec<Place>, FormatError> {
        let first = self.root.places.firsts.get(block).ok_or_else(|| self.file.damaged("places", self.file.end))?;
        let count = self.entries_in(block, self.root.rows);
        self.file.block(&self.root.places.blocks, block, "places", |bytes| places::decode(bytes, *first, count))
    }

    /// The rows whose identity has this hash; rarely also one whose identity has not.
    pub(in crate::format) fn rows_of(&self, hash: u64) -> Result<Vec<u32>, FormatError> {
        let hash = identities::kept(hash);
        let mut found = Vec::new();
        if !self.may_have(hash)? {
            return Ok(found);
        }
        for block in self.root.identities.blocks_of(hash) {
            found.extend(self.identities(block)?.into_iter().filter(|(known, _)| *known == hash).map(|(_, row)| row));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn identities(&self, block: usize) -> Result<Vec<identities::Entry>, FormatError> {
        let (run, rows) = (&self.root.identities, self.root.rows);
        let (first, count) = (run.firsts[block], self.entries_in(block, rows));
        self.file.block(&run.blocks, block, "identities", |bytes| identities::decode(bytes, first, count, rows))
    }

    fn may_have(&self, kept: u64) -> Result<bool, FormatError> {
        if let Some(filter) = self.filter.get() {
            return Ok(filter.may_have(kept));
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) < ASKED_SINGLY {
            return Ok(true);
        }
        let mut filter = IdentityFilter::for_rows(self.root.rows);
        for block in 0..self.root.identities.firsts.len() {
            self.identities(block)?.into_iter().for_each(|(known, _)| filter.insert(known));
        }
        // Two may make it at a time: both are the same.
        Ok(self.filter.get_or_init(|| filter).may_have(kept))
    }

    /// Where the text of a row's record lies.
    pub(in crate::format) fn value(&self, row: u32) -> Result<ValuePlace, FormatError> {
        let block = row as usize / BLOCK_ENTRIES;
        let count = self.entries_in(block, self.root.rows);
        let values =
            self.file.block(&self.root.values.values, block, "values", |bytes| values::decode(bytes, count))?;
        values.get(row as usize % BLOCK_ENTRIES).copied().ok_or_else(|| self.file.damaged("values", self.file.end))
    }

    /// A chunk of the ORC file; nothing when there are not so many.
    pub(in crate::format) fn chunk(&self, chunk: u32) -> Result<Option<ValueChunk>, FormatError> {
        let run = &self.root.values;
        if chunk >= run.chunk_count {
            return Ok(None);
        }
        let block = chunk as usize / BLOCK_ENTRIES;
        let count = self.entries_in(block, run.chunk_count);
        let chunks = self.file.block(&run.chunks, block, "chunks", |bytes| values::decode_chunks(bytes, count))?;
        Ok(chunks.get(chunk as usize % BLOCK_ENTRIES).copied())
    }

    /// The rows that have exactly this value.
    pub(in crate::format) fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError> {
        let Some(leaf) = self.root.attributes[slot(attribute)].leaves.from(value).next() else {
            return Ok(Box::new(Empty));
        };
        let mut rows: Option<Rows<'_>> = None;
        self.each_term(leaf, |term, place| {
            if term == value {
                rows = Some(place.open(&self.file, leaf.offset)?);
            }
            Ok(term < value)
        })?;
        Ok(rows.unwrap_or_else(|| Box::new(Empty)))
    }

    /// The rows that have a value that compares so.
    pub(in crate::format) fn rows_of_part(
        &self,
        attribute: Attribute,
        part: Part<'_>,
    ) -> Result<Rows<'_>, FormatError> {
        let leaves = &self.root.attributes[slot(attribute)].leaves;
        let prefix = if let Part::Prefix(prefix) = part { prefix } else { "" };
        let mut gathered = Gathered::new(&self.file);
        for leaf in leaves.from(prefix) {
            if leaves.is_past(leaf, prefix) {
                break;
            }
            self.each_term(leaf, |term, place| {
                if part.fits(term) {
                    gathered.add(&place, leaf.offset)?;
                }
                Ok(true)
            })?;
        }
        Ok(gathered.finish())
    }

    /// The rows that have a value.
    pub(in crate::format) fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError> {
        Ok(match &self.root.attributes[slot(attribute)].present {
            Present::None => Box::new(Empty),
            Present::All => Box::new(All(self.root.rows)),
            Present::List(place) => Box::new(Postings::open(&self.file, *place)?),
        })
    }

    /// Calls `each` with every value that rows in `among` have, in the order of values, and with how many of them.
    pub(in crate::format) fn count_terms(
        &self,
        attribute: Attribute,
        among: &Bitmap,
        each: &mut dyn FnMut(&str, u32),
    ) -> Result<(), FormatError> {
        let is_whole = among.size_max() == self.root.rows;
        for leaf in self.root.attributes[slot(attribute)].leaves.from("") {
            let mut lists = LeafLists::new(&self.file, leaf.offset);
            self.each_term(leaf, |term, place| {
                let count = if is_whole { place.count() } else { place.count_in(&mut lists, among)? };
                if count > 0 {
                    each(term, count);
                }
                Ok(true)
            })?;
        }
        Ok(())
    }

    /// Calls `each` with the terms of a block until it answers that there is no need to go on.
    fn each_term(
        &self,
        leaf: &Leaf,
        mut each: impl FnMut(&str, TermRows<'_>) -> Result<bool, FormatError>,
    ) -> Result<(), FormatError> {
        let damaged = || self.file.damaged(leaf::WHAT, leaf.offset);
        let block = self.file.read(leaf.offset, leaf.bytes, leaf::WHAT)?;
        let mut reader = LeafReader::new(blocks::unseal(&block).ok_or_else(damaged)?, self.file.end);
        while let Some((term, place)) = reader.next().map_err(|()| damaged())? {
            if !each(term, place)? {
                break;
            }
        }
        Ok(())
    }

    fn row_of(&self, block: usize, inside: usize) -> u32 {
        u32::try_from(block * BLOCK_ENTRIES + inside).unwrap_or(u32::MAX).min(self.root.rows)
    }

    fn entries_in(&self, block: usize, all: u32) -> usize {
        (all as usize).saturating_sub(block * BLOCK_ENTRIES).min(BLOCK_ENTRIES)
    }
}

/// The rows of several terms: of few, asked one by one; of more, gathered.
struct Gathered<'i> {
    file: &'i IndexFile,
    few: Vec<Rows<'i>>,
    many: Option<Bitmap>,
}

impl<'i> Gathered<'i> {
    fn new(file: &'i IndexFile) -> Self {
        Self { file, few: Vec::new(), many: None }
    }

    fn add(&mut self, place: &TermRows<'_>, leaf_offset: u64) -> Result<(), FormatError> {
        if self.many.is_none() {
            if self.few.len() < TERMS_ASKED_MAX {
                self.few.push(place.open(self.file, leaf_offset)?);
                return Ok(());
            }
            let mut bitmap = Bitmap::new(self.file.row_count());
            Or::new(std::mem::take(&mut self.few)).gather(&mut bitmap)?;
            self.many = Some(bitmap);
        }
        let Some(bitmap) = &mut self.many else { return Ok(()) };
        place.each(self.file, leaf_offset, |row| bitmap.insert(row))
    }

    fn finish(self) -> Rows<'i> {
        match self.many {
            Some(bitmap) => Box::new(bitmap),
            None => Box::new(Or::new(self.few)),
        }
    }
}
