//! Terms in their order, in blocks of some kilobytes; of each term only what differs from the one before is stored.

use super::blocks;
use super::open::IndexFile;
use super::postings::{self, ListPlace, Postings};
use super::take::Take;
use crate::format::FormatError;
use crate::format::rows::{All, Bitmap, Listed, Rows};
use crate::format::varint;

/// A block is closed when it has reached so many bytes.
pub(super) const LEAF_BYTES: usize = 8 * 1024;

/// Lists up to this length stand beside their term.
const INLINE_BYTES_MAX: usize = 40;

/// Where a term's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermRows<'b> {
    /// Beside it.
    Inline { count: u32, bytes: &'b [u8] },
    /// In a list of their own.
    List(ListPlace),
}

impl TermRows<'_> {
    /// How many rows have the term.
    pub(super) fn count(&self) -> u32 {
        match self {
            Self::Inline { count, .. } | Self::List(ListPlace { count, .. }) => *count,
        }
    }

    /// How many of the rows are in `among`.
    pub(super) fn count_in(&self, lists: &mut LeafLists<'_>, among: &Bitmap) -> Result<u32, FormatError> {
        match self {
            Self::Inline { .. } => {
                let mut count = 0;
                self.each(lists.file, lists.leaf_offset, |row| count += u32::from(among.has(row)))?;
                Ok(count)
            }
            Self::List(place) => lists.open(*place)?.count_in(among),
        }
    }

    pub(super) fn open<'i>(&self, file: &'i IndexFile, leaf_offset: u64) -> Result<Rows<'i>, FormatError> {
        Ok(match self {
            Self::Inline { count, bytes } => {
                let rows = postings::decode_inline(*count, bytes, file.row_count());
                Box::new(Listed::new(rows.ok_or_else(|| file.damaged(WHAT, leaf_offset))?))
            }
            Self::List(place) if place.count == file.row_count() => Box::new(All(place.count)),
            Self::List(place) => Box::new(Postings::open(file, *place)?),
        })
    }

    /// Calls `each` with every row.
    pub(super) fn each(&self, file: &IndexFile, leaf_offset: u64, each: impl FnMut(u32)) -> Result<(), FormatError> {
        match self {
            Self::Inline { count, bytes } => {
                let rows = postings::decode_inline(*count, bytes, file.row_count());
                rows.ok_or_else(|| file.damaged(WHAT, leaf_offset))?.into_iter().for_each(each);
                Ok(())
            }
            Self::List(place) => Postings::open(file, *place)?.each(each),
        }
    }
}

pub(super) const WHAT: &str = "terms";

/// So many bytes of lists are read at once at most.
const LISTS_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The lists of a block of terms, which stand before it one after the other: whoever wants all of them reads them at once.
pub(super) struct LeafLists<'i> {
    file: &'i IndexFile,
    leaf_offset: u64,
    /// Where what was read begins, and what was read.
    read: Option<(u64, Vec<u8>)>,
}

impl<'i> LeafLists<'i> {
    pub(super) fn new(file: &'i IndexFile, leaf_offset: u64) -> Self {
        Self { file, leaf_offset, read: None }
    }

    fn open(&mut self, place: ListPlace) -> Result<Postings<'i>, FormatError> {
        let bytes = place.bytes();
        if bytes > LISTS_BYTES_MAX {
            return Postings::open(self.file, place);
        }
        if self.slice(place).is_none() {
            let until_leaf = self.leaf_offset.saturating_sub(place.offset).min(LISTS_BYTES_MAX);
            let read = self.file.read(place.offset, until_leaf.max(bytes), "rows of terms")?;
            self.read = Some((place.offset, read));
        }
        let list = self.slice(place).ok_or_else(|| self.file.damaged(WHAT, self.leaf_offset))?;
        Postings::read(self.file, place, list)
    }

    fn slice(&self, place: ListPlace) -> Option<&[u8]> {
        let (offset, read) = self.read.as_ref()?;
        let start = usize::try_from(place.offset.checked_sub(*offset)?).ok()?;
        read.get(start..start.checked_add(usize::try_from(place.bytes()).ok()?)?)
    }
}

/// A block of terms while it is written.
#[derive(Debug, Default)]
pub(super) struct LeafWriter {
    block: Vec<u8>,
    last: Vec<u8>,
}

impl LeafWriter {
    /// Adds the next term with its rows, which `place_list` stores elsewhere when they are many.
    pub(super) fn push<E>(
        &mut self,
        term: &str,
        rows: &[u32],
        place_list: impl FnOnce(&[u32]) -> Result<ListPlace, E>,
    ) -> Result<(), E> {
        let term = term.as_bytes();
        let shared = term.iter().zip(&self.last).take_while(|(a, b)| a == b).count();
        varint::put(&mut self.block, shared as u64);
        varint::put(&mut self.block, (term.len() - shared) as u64);
        self.block.extend_from_slice(&term[shared..]);
        varint::put(&mut self.block, rows.len() as u64);
        // A gap takes at least one byte, so that longer lists need not be tried.
        let inline = (rows.len() <= INLINE_BYTES_MAX).then(|| postings::encode_inline(rows));
        match inline.filter(|inline| inline.len() <= INLINE_BYTES_MAX) {
            Some(inline) => {
                varint::put(&mut self.block, inline.len() as u64 + 1);
                self.block.extend_from_slice(&inline);
            }
            None => {
                self.block.push(0);
                place_list(rows)?.encode_place(&mut self.block);
            }
        }
        self.last.clear();
        self.last.extend_from_slice(term);
        Ok(())
    }

    /// How many bytes there are so far.
    pub(super) fn len(&self) -> usize {
        self.block.len()
    }

    /// The last term.
    pub(super) fn last(&self) -> &[u8] {
        &self.last
    }

    /// The sealed block; the next begins anew.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.last.clear();
        let mut block = std::mem::take(&mut self.block);
        blocks::seal(&mut block);
        block
    }
}

/// The terms of a block, one by one.
pub(super) struct LeafReader<'b> {
    take: Take<'b>,
    term: Vec<u8>,
    file_end: u64,
}

impl<'b> LeafReader<'b> {
    /// Of the content of a block in a file that has `file_end` bytes before its root.
    pub(super) fn new(content: &'b [u8], file_end: u64) -> Self {
        Self { take: Take(content), term: Vec::new(), file_end }
    }

    /// The next term; nothing at the end, and an empty error when the bytes are no terms.
    pub(super) fn next(&mut self) -> Result<Option<(&str, TermRows<'b>)>, ()> {
        if self.take.is_empty() {
            return Ok(None);
        }
        let rows = self.read().ok_or(())?;
        let term = std::str::from_utf8(&self.term).map_err(|_| ())?;
        Ok(Some((term, rows)))
    }

    fn read(&mut self) -> Option<TermRows<'b>> {
        let take = &mut self.take;
        let shared = take.varint_usize().filter(|shared| *shared <= self.term.len())?;
        self.term.truncate(shared);
        let suffix = take.varint_usize()?;
        self.term.extend_from_slice(take.bytes(suffix)?);
        let count = take.varint_u32()?;
        match take.varint_usize()?.checked_sub(1) {
            Some(bytes) => Some(TermRows::Inline { count, bytes: take.bytes(bytes)? }),
            None => ListPlace::decode_place(count, take, self.file_end).map(TermRows::List),
        }
    }
}

/// The shortest bytes that are greater than `last` and not greater than `next`, which is greater than `last`.
pub(super) fn separator<'t>(last: &[u8], next: &'t [u8]) -> &'t [u8] {
    let shared = last.iter().zip(next).take_while(|(a, b)| a == b).count();
    &next[..(shared + 1).min(next.len())]
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn terms_lead_back(terms in proptest::collection::btree_map("[a-cé]{1,6}", proptest::collection::btree_set(0_u32..100_000, 1..80), 1..40)) {
            let mut writer = LeafWriter::default();
            let list = |rows: &[u32]| ListPlace { count: u32::try_from(rows.len()).expect("few"), offset: 7, table_bytes: 8, block_bytes: 9 };
            for (term, rows) in &terms {
                let rows: Vec<u32> = rows.iter().copied().collect();
                writer.push(term, &rows, |rows| Ok::<_, Infallible>(list(rows))).expect("infallible");
            }
            let block = writer.take();
            let mut reader = LeafReader::new(blocks::unseal(&block).expect("sealed"), 1000);
            for (term, rows) in &terms {
                let rows: Vec<u32> = rows.iter().copied().collect();
                let (found, place) = reader.next().expect("terms").expect("one more");
                prop_assert_eq!(found, term.as_str());
                match place {
                    TermRows::Inline { count, bytes } => {
                        prop_assert_eq!(postings::decode_inline(count, bytes, 100_000), Some(rows));
                    }
                    TermRows::List(place) => prop_assert_eq!(place, list(&rows)),
                }
            }
            prop_assert!(reader.next().expect("the end").is_none());
        }

        #[test]
        fn separators_separate(a in "[a-c]{0,5}", b in "[a-c]{0,5}") {
            prop_assume!(a < b);
            let between = separator(a.as_bytes(), b.as_bytes());
            prop_assert!(a.as_bytes() < between && between <= b.as_bytes());
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = LeafReader::new(&bytes, 1000);
            while let Ok(Some(_)) = reader.next() {}
        }
    }
}
