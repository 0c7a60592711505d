//! Writing an index: terms are collected while the rows go by, and laid out at the end.

use std::io::{self, Write};

use opentrail_model::{Attribute, Terms};

use super::blocks::{BLOCK_ENTRIES, BlockRun};
use super::filter::{HashFilter, term_hash};
use super::identities;
use super::leaf::{LEAF_BYTES, LeafWriter, separator};
use super::places::{PlaceBlock, PlaceWriter};
use super::postings::{self, ListPlace};
use super::root::{self, AttributeRoot, Present, Root};
pub(in crate::format) use super::root::{Orc, Totals};
use super::values::{self, ValueChunk, ValuePlace};
use crate::format::row::Place;
use crate::format::terms::{SortedTerms, TermLog};

/// An index that is being made.
///
/// Memory: 16 bytes a row for identities, some 3 for its place, some 2 to 4 for each of its terms, and some 80 and its
/// text for each term that was not there before; then, while it is laid out, 12 bytes more for each entry of the
/// attribute that is being written.
#[derive(Default)]
pub(in crate::format) struct IndexWriter {
    terms: TermLog,
    /// Rows that have no event id.
    nameless: Vec<u32>,
    identities: Vec<identities::Entry>,
    places: PlaceWriter,
    place_blocks: Vec<PlaceBlock>,
    rows: u32,
}

impl IndexWriter {
    /// Adds the next row. Event ids are found by the hash of the identity and are no terms here.
    pub(in crate::format) fn push(&mut self, place: Place, identity_hash: u64, terms: &Terms<'_>) {
        let row = self.terms.push(terms.iter().filter(|(attribute, _)| *attribute != Attribute::EventId));
        if terms.values(Attribute::EventId).next().is_none() {
            self.nameless.push(row);
        }
        self.identities.push((identities::kept(identity_hash), row));
        self.place_blocks.extend(self.places.push(place));
        self.rows = row + 1;
    }

    /// Writes the index of all rows that were added, of which there is at least one.
    pub(in crate::format) fn finish<W: Write>(
        self,
        out: W,
        orc: Orc,
        totals: Totals,
        values: &[ValuePlace],
        chunks: &[ValueChunk],
    ) -> io::Result<W> {
        let mut out = Out { out, offset: 0 };
        out.write(&root::header())?;
        let mut root = Root { rows: self.rows, orc, totals, ..Root::default() };
        write_places(&mut out, &mut root, self.place_blocks, self.places)?;
        write_identities(&mut out, &mut root, self.identities)?;
        root.values.values = out.run(values.chunks(BLOCK_ENTRIES).map(values::encode))?;
        root.values.chunks = out.run(chunks.chunks(BLOCK_ENTRIES).map(values::encode_chunks))?;
        root.values.chunk_count = u32::try_from(chunks.len()).map_err(io::Error::other)?;
        let mut filter = HashFilter::for_terms(self.terms.distinct());
        for (attribute, terms) in self.terms.finish() {
            terms.iter().for_each(|(term, _)| filter.insert(term_hash(attribute, term)));
            let present = if attribute == Attribute::EventId {
                let mut nameless = self.nameless.iter().copied().peekable();
                (0..self.rows).filter(|row| nameless.next_if_eq(row).is_none()).collect()
            } else {
                terms.present()
            };
            let present = out.present(&present, self.rows)?;
            root.attributes.push(AttributeRoot { present, leaves: out.terms(&terms)? });
        }
        let block = filter.encode();
        root.term_filter = Some((out.offset, block.len() as u64));
        out.write(&block)?;
        let bytes = root.encode();
        let footer = root::footer(out.offset, &bytes);
        out.write(&bytes)?;
        out.write(&footer)?;
        Ok(out.out)
    }
}

fn write_places<W: Write>(
    out: &mut Out<W>,
    root: &mut Root,
    mut blocks: Vec<PlaceBlock>,
    mut rest: PlaceWriter,
) -> io::Result<()> {
    blocks.extend(rest.finish());
    for block in &blocks {
        root.places.firsts.push(block.first);
        root.places.position_max.push(block.position_max);
    }
    root.places.blocks = out.run(blocks.into_iter().map(|block| block.bytes))?;
    Ok(())
}

fn write_identities<W: Write>(
    out: &mut Out<W>,
    root: &mut Root,
    mut entries: Vec<identities::Entry>,
) -> io::Result<()> {
    entries.sort_unstable();
    root.identities.firsts = entries.chunks(BLOCK_ENTRIES).map(|block| block[0].0).collect();
    root.identities.blocks = out.run(entries.chunks(BLOCK_ENTRIES).map(identities::encode))?;
    Ok(())
}

/// What is written to, and how far.
struct Out<W> {
    out: W,
    offset: u64,
}

impl<W: Write> Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn run(&mut self, blocks: impl Iterator<Item = Vec<u8>>) -> io::Result<BlockRun> {
        let mut run = BlockRun::at(self.offset);
        for block in blocks {
            self.write(&block)?;
            run.push(block.len());
        }
        Ok(run)
    }

    fn list(&mut self, rows: &[u32]) -> io::Result<ListPlace> {
        let (table, blocks) = postings::encode(rows);
        let place = ListPlace {
            count: u32::try_from(rows.len()).map_err(io::Error::other)?,
            offset: self.offset,
            table_bytes: table.len() as u64,
            block_bytes: blocks.len() as u64,
        };
        self.write(&table)?;
        self.write(&blocks)?;
        Ok(place)
    }

    fn present(&mut self, rows: &[u32], row_count: u32) -> io::Result<Present> {
        Ok(match rows.len() {
            0 => Present::None,
            all if all == row_count as usize => Present::All,
            _ => Present::List(self.list(rows)?),
        })
    }

    fn terms(&mut self, terms: &SortedTerms) -> io::Result<super::root::Leaves> {
        let mut leaves = super::root::Leaves::default();
        let mut writer = LeafWriter::default();
        let mut first: Vec<u8> = Vec::new();
        for (term, rows) in terms.iter() {
            if writer.len() >= LEAF_BYTES {
                let next = separator(writer.last(), term.as_bytes()).to_vec();
                self.leaf(&mut leaves, &mut writer, &first)?;
                first = next;
            }
            writer.push(term, rows, |rows| self.list(rows))?;
        }
        if writer.len() > 0 {
            self.leaf(&mut leaves, &mut writer, &first)?;
        }
        Ok(leaves)
    }

    fn leaf(&mut self, leaves: &mut super::root::Leaves, writer: &mut LeafWriter, separator: &[u8]) -> io::Result<()> {
        let block = writer.take();
        leaves.push(separator, self.offset, block.len());
        self.write(&block)
    }
}
