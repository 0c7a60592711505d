//! The root of an index: where its blocks are, and what opens the ORC file beside it. It is the last part of the file
//! but for a footer that says where it begins.

use opentrail_model::Attribute;

use super::blocks::{CRC_BYTES, crc};
use super::filter::TERM_FILTER_BYTES_MAX;
use super::identities::IdentityRun;
use super::places::PlaceRun;
use super::postings::ListPlace;
use super::take::Take;
use super::values::ValueRun;
use super::{MAGIC, VERSION};
use crate::format::varint;

/// What a file begins with: the magic and the version.
pub(super) const HEADER_BYTES: usize = 12;

/// What a file ends with: offset, length and checksum of the root, version, checksum of these, magic.
pub(super) const FOOTER_BYTES: usize = 8 + 8 + 4 + 4 + 4 + 8;

/// Roots are far smaller: some bytes for each 512 rows and each 8 KiB of terms.
const ROOT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// As many bytes are compressed at once at most, and reserved to unpack them.
const BLOCK_BYTES_MAX: u32 = 8 * 1024 * 1024;

/// The filter of terms with its checksum.
const TERM_FILTER_BLOCK_BYTES_MAX: u64 = (TERM_FILTER_BYTES_MAX + CRC_BYTES) as u64;

/// The ORC file that the index belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::format) struct Orc {
    /// Its length.
    pub(in crate::format) bytes: u64,
    /// Its CRC-32C.
    pub(in crate::format) crc: u32,
    /// How many bytes are compressed at once.
    pub(in crate::format) block_bytes: u32,
}

/// Sums over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::format) struct Totals {
    pub(in crate::format) record_bytes: u64,
    pub(in crate::format) mistyped: u64,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Root {
    pub(super) rows: u32,
    pub(super) orc: Orc,
    pub(super) totals: Totals,
    pub(super) places: PlaceRun,
    pub(super) identities: IdentityRun,
    pub(super) values: ValueRun,
    /// In the order of the attributes' numbers.
    pub(super) attributes: Vec<AttributeRoot>,
    /// Where the filter of all terms is, and its bytes. Files that were written before have none.
    pub(super) term_filter: Option<(u64, u64)>,
}

/// The filter of all terms stands among the attributes under this number, as a list without a table, so that whoever
/// doesn't know it passes over it. Persisted, keep stable.
const TERM_FILTER: u8 = u8::MAX;

/// Where the terms of one attribute are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct AttributeRoot {
    pub(super) present: Present,
    pub(super) leaves: Leaves,
}

/// Which rows have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Present {
    #[default]
    None,
    All,
    List(ListPlace),
}

/// Where the blocks of terms are, and from which term on each has them. Other blocks stand between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Leaves {
    separators: Vec<u8>,
    leaves: Vec<Leaf>,
}

/// One block of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    separator_end: usize,
}

impl Leaves {
    /// Adds a block; its terms are not less than `separator`, those of the blocks before are.
    pub(super) fn push(&mut self, separator: &[u8], offset: u64, bytes: usize) {
        self.separators.extend_from_slice(separator);
        self.leaves.push(Leaf { offset, bytes: bytes as u64, separator_end: self.separators.len() });
    }

    /// The blocks, from the one on that has `term` if any has it.
    pub(super) fn from(&self, term: &str) -> impl Iterator<Item = &Leaf> {
        let (mut low, mut high) = (0, self.leaves.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.separator(middle) <= term.as_bytes() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.leaves[low.saturating_sub(1)..].iter()
    }

    /// Is every term of this block and those after it greater than all that begin with `prefix`?
    pub(super) fn is_past(&self, leaf: &Leaf, prefix: &str) -> bool {
        let start = self.leaves.partition_point(|it| it.separator_end < leaf.separator_end);
        let separator = self.separator(start);
        let head = &separator[..separator.len().min(prefix.len())];
        head > prefix.as_bytes()
    }

    fn separator(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.leaves[before].separator_end);
        &self.separators[start..self.leaves[index].separator_end]
    }

    fn encode(&self, out: &mut Vec<u8>) {
        varint::put(out, self.leaves.len() as u64);
        let mut end = 0;
        for (index, leaf) in self.leaves.iter().enumerate() {
            let separator = self.separator(index);
            varint::put(out, separator.len() as u64);
            out.extend_from_slice(separator);
            varint::put(out, leaf.offset - end);
            varint::put(out, leaf.bytes);
            end = leaf.offset + leaf.bytes;
        }
    }

    fn decode(take: &mut Take<'_>, file_end: u64) -> Option<Self> {
        let mut leaves = Self::default();
        let mut end = 0_u64;
        for _ in 0..take.count()? {
            let bytes = take.varint_usize()?;
            leaves.separators.extend_from_slice(take.bytes(bytes)?);
            let offset = end.checked_add(take.varint()?)?;
            let bytes = take.varint()?;
            end = offset.checked_add(bytes).filter(|end| *end <= file_end)?;
            leaves.leaves.push(Leaf { offset, bytes, separator_end: leaves.separators.len() });
        }
        Some(leaves)
    }
}

impl Root {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        varint::put(&mut out, u64::from(self.rows));
        for number in [
            self.orc.bytes,
            u64::from(self.orc.crc),
            u64::from(self.orc.block_bytes),
            self.totals.record_bytes,
            self.totals.mistyped,
        ] {
            varint::put(&mut out, number);
        }
        self.places.encode(&mut out);
        self.identities.encode(&mut out);
        self.values.encode(&mut out);
        let count = self.attributes.len() + usize::from(self.term_filter.is_some());
        out.push(u8::try_from(count).expect("there are few attributes"));
        for (number, attribute) in (1_u8..).zip(&self.attributes) {
            out.push(number);
            match &attribute.present {
                Present::None => out.push(0),
                Present::All => out.push(1),
                Present::List(place) => {
                    out.push(2);
                    place.encode(&mut out);
                }
            }
            attribute.leaves.encode(&mut out);
        }
        if let Some((offset, block_bytes)) = self.term_filter {
            out.extend_from_slice(&[TERM_FILTER, 2]);
            ListPlace { count: 0, offset, table_bytes: 0, block_bytes }.encode(&mut out);
            Leaves::default().encode(&mut out);
        }
        out
    }

    /// The way back; all that it names lies before `file_end`. Attributes that are not known are passed over.
    pub(super) fn decode(bytes: &[u8], file_end: u64) -> Option<Self> {
        let take = &mut Take(bytes);
        let rows = take.varint_u32().filter(|rows| *rows > 0)?;
        let orc = Orc {
            bytes: take.varint()?,
            crc: take.varint_u32()?,
            block_bytes: take.varint_u32().filter(|bytes| *bytes <= BLOCK_BYTES_MAX)?,
        };
        let totals = Totals { record_bytes: take.varint()?, mistyped: take.varint()? };
        let places = PlaceRun::decode(take, file_end, rows)?;
        let identities = IdentityRun::decode(take, file_end, rows)?;
        let values = ValueRun::decode(take, file_end, rows)?;
        let (mut attributes, mut term_filter) = (vec![AttributeRoot::default(); Attribute::ALL.len()], None);
        for _ in 0..take.u8()? {
            let number = take.u8()?;
            let present = match take.u8()? {
                0 => Present::None,
                1 => Present::All,
                2 => Present::List(ListPlace::decode(take, file_end)?),
                _ => return None,
            };
            let leaves = Leaves::decode(take, file_end)?;
            if let (TERM_FILTER, Present::List(place)) = (number, present) {
                let is_bounded = place.block_bytes <= TERM_FILTER_BLOCK_BYTES_MAX;
                term_filter = Some((place.offset, place.block_bytes)).filter(|_| is_bounded);
            }
            if let Some(known) = Attribute::from_number(number) {
                attributes[crate::format::terms::slot(known)] = AttributeRoot { present, leaves };
            }
        }
        take.is_empty().then_some(Self { rows, orc, totals, places, identities, values, attributes, term_filter })
    }
}

/// The first bytes of a file.
pub(super) fn header() -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(MAGIC);
    header[8..].copy_from_slice(&VERSION.to_le_bytes());
    header
}

/// The last bytes of a file whose root begins at `offset`.
pub(super) fn footer(offset: u64, root: &[u8]) -> Vec<u8> {
    let mut footer = Vec::with_capacity(FOOTER_BYTES);
    footer.extend_from_slice(&offset.to_le_bytes());
    footer.extend_from_slice(&(root.len() as u64).to_le_bytes());
    footer.extend_from_slice(&crc(root).to_le_bytes());
    footer.extend_from_slice(&VERSION.to_le_bytes());
    super::blocks::seal(&mut footer);
    footer.extend_from_slice(MAGIC);
    footer
}

/// Where a root lies, and its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RootPlace {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) crc: u32,
}

impl RootPlace {
    /// What the last bytes of a file of `file_bytes` say; else what is wrong with them.
    pub(super) fn decode(footer: &[u8], file_bytes: u64) -> Result<Self, String> {
        let (sealed, magic) = footer.split_at_checked(FOOTER_BYTES - MAGIC.len()).unwrap_or_default();
        if magic != MAGIC {
            return Err("no index ends here".to_owned());
        }
        let fields = super::blocks::unseal(sealed).ok_or("its checksum is wrong")?;
        let mut take = Take(fields);
        let (Some(offset), Some(bytes), Some(crc), Some(version)) =
            (take.u64_le(), take.u64_le(), take.u32_le(), take.u32_le())
        else {
            return Err("it is too short".to_owned());
        };
        if version != VERSION {
            return Err(format!("version {version} is not known; this program reads version {VERSION}"));
        }
        if offset.checked_add(bytes).and_then(|end| end.checked_add(FOOTER_BYTES as u64)) != Some(file_bytes)
            || bytes > ROOT_BYTES_MAX
        {
            return Err("the root can't be where it says".to_owned());
        }
        Ok(Self { offset, bytes, crc })
    }
}
