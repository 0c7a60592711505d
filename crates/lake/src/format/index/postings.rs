//! The rows of a term: in blocks of 256, each packed as tightly as its gaps allow, with a table by which a search from
//! the end finds its block.

use super::blocks::{crc, is_right};
use super::open::IndexFile;
use super::take::Take;
use crate::format::FormatError;
use crate::format::rows::{Bitmap, RowSet};
use crate::format::varint;

/// Rows of a block.
const BLOCK_ROWS: usize = 256;

/// The most bytes of a block's packed gaps: 32 bits each.
const PACKED_BYTES_MAX: usize = (BLOCK_ROWS - 1) * 4;

/// The kind of a block whose gaps are varints; the others are packed with as many bits as their kind says.
const VARINTS: u8 = 0xff;

/// Lists up to this length are read in one go.
const READ_WHOLE_BYTES: u64 = 8 * 1024;

/// Where a list lies: its table, then its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListPlace {
    pub(super) count: u32,
    pub(super) offset: u64,
    pub(super) table_bytes: u64,
    pub(super) block_bytes: u64,
}

impl ListPlace {
    /// How long the list is.
    pub(super) fn bytes(&self) -> u64 {
        self.table_bytes + self.block_bytes
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        varint::put(out, u64::from(self.count));
        self.encode_place(out);
    }

    pub(super) fn encode_place(&self, out: &mut Vec<u8>) {
        varint::put(out, self.offset);
        varint::put(out, self.table_bytes);
        varint::put(out, self.block_bytes);
    }

    pub(super) fn decode(take: &mut Take<'_>, file_end: u64) -> Option<Self> {
        let count = take.varint_u32()?;
        Self::decode_place(count, take, file_end)
    }

    /// The way back from [`Self::encode_place`]; the whole list lies before `file_end`.
    pub(super) fn decode_place(count: u32, take: &mut Take<'_>, file_end: u64) -> Option<Self> {
        let place = Self { count, offset: take.varint()?, table_bytes: take.varint()?, block_bytes: take.varint()? };
        let end = place.offset.checked_add(place.table_bytes)?.checked_add(place.block_bytes)?;
        (end <= file_end).then_some(place)
    }
}

/// Encodes ascending rows: the table with its checksum, and the blocks.
pub(super) fn encode(rows: &[u32]) -> (Vec<u8>, Vec<u8>) {
    let (mut table, mut blocks) = (Vec::new(), Vec::new());
    let mut base = 0;
    for rows in rows.chunks(BLOCK_ROWS) {
        let start = blocks.len();
        let kind = encode_block(base, rows, &mut blocks);
        let last = rows[rows.len() - 1];
        varint::put(&mut table, u64::from(last) - base);
        table.push(kind);
        varint::put(&mut table, (blocks.len() - start) as u64);
        table.extend_from_slice(&crc(&blocks[start..]).to_le_bytes());
        base = u64::from(last) + 1;
    }
    super::blocks::seal(&mut table);
    (table, blocks)
}

/// The gap before the first row, then those between rows. `base` is the least that the first row can be.
fn encode_block(base: u64, rows: &[u32], out: &mut Vec<u8>) -> u8 {
    varint::put(out, u64::from(rows[0]) - base);
    let gaps = || rows.windows(2).map(|pair| pair[1] - pair[0] - 1);
    let width = gaps().map(|gap| 32 - gap.leading_zeros()).max().unwrap_or(0);
    let packed_bytes = ((rows.len() - 1) * width as usize).div_ceil(8);
    let start = out.len();
    gaps().for_each(|gap| varint::put(out, u64::from(gap)));
    if out.len() - start < packed_bytes {
        return VARINTS;
    }
    out.truncate(start);
    let (mut bits, mut count) = (0_u64, 0);
    for gap in gaps() {
        bits |= u64::from(gap) << count;
        count += width;
        while count >= 8 {
            out.push(bits.to_le_bytes()[0]);
            bits >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        out.push(bits.to_le_bytes()[0]);
    }
    width.to_le_bytes()[0]
}

/// Decodes `count` rows of a block of that kind in place of `rows`; nothing when the bytes are no such block.
fn decode_block(base: u64, kind: u8, count: usize, bytes: &[u8], rows: &mut Vec<u32>) -> Option<()> {
    let mut take = Take(bytes);
    let first = u32::try_from(base.checked_add(take.varint()?)?).ok()?;
    rows.clear();
    rows.push(first);
    let mut row = u64::from(first);
    match kind {
        VARINTS => {
            for _ in 1..count {
                row = row.checked_add(take.varint()?)?.checked_add(1)?;
                rows.push(row as u32);
            }
        }
        0..=32 => {
            let width = usize::from(kind);
            let packed = take.bytes(((count - 1) * width).div_ceil(8))?;
            // Eight bytes can be read from each of them.
            let mut padded = [0; PACKED_BYTES_MAX + 8];
            padded.get_mut(..packed.len())?.copy_from_slice(packed);
            let mask = (1_u64 << width) - 1;
            rows.extend((0..count - 1).map(|gap| {
                let (byte, bit) = (gap * width / 8, gap * width % 8);
                let word = padded[byte..byte + 8].try_into().map_or(0, u64::from_le_bytes);
                // Some 2^40 at most.
                row += (word >> bit & mask) + 1;
                row as u32
            }));
        }
        _ => return None,
    }
    // Rows ascend: when the last is one, all are.
    (take.is_empty() && u32::try_from(row).is_ok()).then_some(())
}

/// Encodes a few rows without a table.
pub(super) fn encode_inline(rows: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut base = 0;
    for row in rows {
        varint::put(&mut out, u64::from(*row) - base);
        base = u64::from(*row) + 1;
    }
    out
}

/// The way back from [`encode_inline`]; nothing when the bytes are no such list.
pub(super) fn decode_inline(count: u32, bytes: &[u8], row_count: u32) -> Option<Vec<u32>> {
    let mut take = Take(bytes);
    let mut rows = Vec::with_capacity(bytes.len().min(count as usize));
    let mut base = 0_u64;
    for _ in 0..count {
        let row = u32::try_from(base.checked_add(take.varint()?)?).ok().filter(|row| *row < row_count)?;
        rows.push(row);
        base = u64::from(row) + 1;
    }
    take.is_empty().then_some(rows)
}

/// One line of a table.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// The least that its first row can be.
    base: u64,
    last: u32,
    kind: u8,
    /// From the first block on.
    offset: u64,
    bytes: u64,
    crc: u32,
}

/// A list that is read block by block, as far as it is asked.
pub(super) struct Postings<'i> {
    file: &'i IndexFile,
    place: ListPlace,
    blocks: Vec<Block>,
    /// All blocks, of a short list.
    whole: Option<Vec<u8>>,
    /// The block that was decoded last.
    loaded: Option<usize>,
    /// Its rows.
    rows: Vec<u32>,
}

impl<'i> Postings<'i> {
    /// Reads the table.
    pub(super) fn open(file: &'i IndexFile, place: ListPlace) -> Result<Self, FormatError> {
        let bytes = place.bytes();
        let is_short = bytes <= READ_WHOLE_BYTES;
        let mut table = file.read(place.offset, if is_short { bytes } else { place.table_bytes }, WHAT)?;
        let table_bytes = usize::try_from(place.table_bytes).unwrap_or(usize::MAX);
        let whole = is_short.then(|| table.split_off(table_bytes));
        Self::of(file, place, &table, whole)
    }

    /// Of a list that was read whole.
    pub(super) fn read(file: &'i IndexFile, place: ListPlace, list: &[u8]) -> Result<Self, FormatError> {
        let table_bytes = usize::try_from(place.table_bytes).unwrap_or(usize::MAX);
        let (table, blocks) = list.split_at_checked(table_bytes).ok_or_else(|| file.damaged(WHAT, place.offset))?;
        Self::of(file, place, table, Some(blocks.to_vec()))
    }

    fn of(file: &'i IndexFile, place: ListPlace, table: &[u8], whole: Option<Vec<u8>>) -> Result<Self, FormatError> {
        let blocks = super::blocks::unseal(table).and_then(|table| decode_table(&place, table, file.row_count()));
        let blocks = blocks.ok_or_else(|| file.damaged(WHAT, place.offset))?;
        Ok(Self { file, place, blocks, whole, loaded: None, rows: Vec::new() })
    }

    /// Calls `each` with every row.
    pub(super) fn each(&mut self, mut each: impl FnMut(u32)) -> Result<(), FormatError> {
        self.read_whole()?;
        for index in 0..self.blocks.len() {
            self.rows(index)?.iter().for_each(|row| each(*row));
        }
        Ok(())
    }

    /// How many rows are in `among`. A block is read only where `among` has some rows and not others.
    pub(super) fn count_in(&mut self, among: &Bitmap) -> Result<u32, FormatError> {
        let mut sum = 0;
        for index in 0..self.blocks.len() {
            let Block { base, last, .. } = self.blocks[index];
            let base = u32::try_from(base).unwrap_or(last);
            let inside = among.count(base..last + 1);
            sum += match inside {
                0 => 0,
                all if all > last - base => self.rows_in_block(index),
                _ => {
                    self.read_whole()?;
                    self.rows(index)?.iter().map(|row| u32::from(among.has(*row))).sum()
                }
            };
        }
        Ok(sum)
    }

    fn read_whole(&mut self) -> Result<(), FormatError> {
        if self.whole.is_none() {
            let first = self.place.offset + self.place.table_bytes;
            self.whole = Some(self.file.read(first, self.place.block_bytes, WHAT)?);
        }
        Ok(())
    }

    fn rows_in_block(&self, index: usize) -> u32 {
        let before = u32::try_from(index * BLOCK_ROWS).unwrap_or(u32::MAX);
        self.place.count.saturating_sub(before).min(BLOCK_ROWS as u32)
    }

    fn rows(&mut self, index: usize) -> Result<&[u32], FormatError> {
        if self.loaded != Some(index) {
            self.loaded = None;
            self.load(index)?;
            self.loaded = Some(index);
        }
        Ok(&self.rows)
    }

    fn load(&mut self, index: usize) -> Result<(), FormatError> {
        let block = self.blocks[index];
        let offset = self.place.offset + self.place.table_bytes + block.offset;
        let read;
        let bytes = match &self.whole {
            Some(whole) => slice(whole, block.offset, block.bytes).unwrap_or_default(),
            None => {
                read = self.file.read(offset, block.bytes, WHAT)?;
                read.as_slice()
            }
        };
        let count = self.rows_in_block(index) as usize;
        let is_whole = is_right(bytes, block.crc)
            && decode_block(block.base, block.kind, count, bytes, &mut self.rows).is_some()
            && self.rows.last() == Some(&block.last);
        if is_whole { Ok(()) } else { Err(self.file.damaged(WHAT, offset)) }
    }
}

const WHAT: &str = "rows of a term";

fn slice(bytes: &[u8], offset: u64, count: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(count).ok()?)?)
}

/// The lines of a table; they cover exactly the blocks and the rows of the list.
fn decode_table(place: &ListPlace, table: &[u8], row_count: u32) -> Option<Vec<Block>> {
    let mut take = Take(table);
    let count = (place.count as usize).div_ceil(BLOCK_ROWS);
    // A line has at least 7 bytes.
    if count == 0 || count > table.len() {
        return None;
    }
    let mut blocks = Vec::with_capacity(count);
    let (mut base, mut offset) = (0_u64, 0_u64);
    for _ in 0..count {
        let last = u32::try_from(base.checked_add(take.varint()?)?).ok().filter(|last| *last < row_count)?;
        let (kind, bytes, crc) = (take.u8()?, take.varint()?, take.u32_le()?);
        blocks.push(Block { base, last, kind, offset, bytes, crc });
        base = u64::from(last) + 1;
        offset = offset.checked_add(bytes)?;
    }
    (take.is_empty() && offset == place.block_bytes).then_some(blocks)
}

impl RowSet for Postings<'_> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        // The last rows of blocks are in the table: mostly only the block that spans `at_most` is read.
        let index = self.blocks.partition_point(|block| block.last < at_most);
        let before = index.checked_sub(1).map(|before| self.blocks[before].last);
        match self.blocks.get(index) {
            None => Ok(before),
            Some(block) if block.last == at_most => Ok(Some(at_most)),
            Some(block) if u64::from(at_most) < block.base => Ok(before),
            Some(_) => {
                let rows = self.rows(index)?;
                let below = rows.partition_point(|row| *row <= at_most);
                Ok(below.checked_sub(1).map(|last| rows[last]).or(before))
            }
        }
    }

    fn size_max(&self) -> u32 {
        self.place.count
    }

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        self.each(|row| into.insert(row))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = Vec<u32>> {
        let gap = prop_oneof![3 => Just(1_u32), 3 => 1_u32..9, 2 => 1_u32..3000, 1 => 1_u32..5_000_000];
        proptest::collection::vec(gap, 1..900).prop_map(|gaps| {
            let sums = gaps.into_iter().scan(0_u32, |row, gap| {
                *row = row.saturating_add(gap);
                Some(*row - 1)
            });
            let mut rows: Vec<_> = sums.collect();
            rows.dedup();
            rows
        })
    }

    proptest! {
        #[test]
        fn blocks_lead_back(rows in rows()) {
            let (table, blocks) = encode(&rows);
            let place = ListPlace {
                count: u32::try_from(rows.len()).expect("few"),
                offset: 0,
                table_bytes: table.len() as u64,
                block_bytes: blocks.len() as u64,
            };
            let table = super::super::blocks::unseal(&table).expect("sealed");
            let lines = decode_table(&place, table, u32::MAX).expect("a table");
            let (mut decoded, mut block) = (Vec::new(), Vec::new());
            for (line, rows) in lines.iter().zip(rows.chunks(BLOCK_ROWS)) {
                let bytes = slice(&blocks, line.offset, line.bytes).expect("a block");
                decode_block(line.base, line.kind, rows.len(), bytes, &mut block).expect("rows");
                decoded.extend_from_slice(&block);
            }
            prop_assert_eq!(&decoded, &rows);
            let few = &rows[..rows.len().min(9)];
            let inline = encode_inline(few);
            let decoded = decode_inline(u32::try_from(few.len()).expect("few"), &inline, u32::MAX);
            prop_assert_eq!(decoded.as_deref(), Some(few));
        }

        #[test]
        fn no_bytes_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
            count in 1_usize..257,
            kind in prop_oneof![0_u8..34, Just(VARINTS)],
            base in prop_oneof![Just(0), Just(u64::MAX), any::<u64>()],
        ) {
            let _ = decode_block(base, kind, count, &bytes, &mut Vec::new());
            let place = ListPlace { count: u32::try_from(count).expect("few"), offset: 0, table_bytes: 0, block_bytes: 50 };
            let _ = decode_table(&place, &bytes, 1000);
            let _ = decode_inline(place.count, &bytes, 1000);
        }
    }

    #[test]
    fn runs_take_no_bytes() {
        let (table, blocks) = encode(&(0..10_000).collect::<Vec<_>>());
        assert!(table.len() + blocks.len() < 500, "{} {}", table.len(), blocks.len());
    }
}
