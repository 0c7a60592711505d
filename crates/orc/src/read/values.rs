//! Where single values lie, to read one without its stripe.

use arrow_buffer::NullBuffer;

use crate::compression::{BLOCK_BYTES, CHUNK_HEADER_BYTES, ChunkHeader, Decompressor};
use crate::proto::{CompressionKind, EncodingKind, StreamKind, TypeKind};
use crate::read::decode::boolean::Booleans;
use crate::read::decode::integer::{Integers, Version};
use crate::read::metadata::Metadata;
use crate::read::source::{ReadAt, read, read_ranges};
use crate::read::stream::Framing;
use crate::read::stripe::Stripe;
use crate::schema::column_id;
use crate::{ColumnPath, Error};

/// Uncompressed streams have no chunks: they are cut into some of this many bytes.
const CUT_BYTES: u64 = 256 * 1024;
/// The part of a chunk that tells how long it is decompressed: the longest header of a Zstandard frame.
const FRAME_HEADER_BYTES: u64 = 18;

/// The most values that are located: their places must fit into memory.
const VALUES_MAX: u64 = 1 << 26;

/// Where the values of a column lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueMap {
    /// The chunks that hold the values, in the order of the file.
    pub chunks: Vec<Chunk>,
    /// One for each row of the file.
    pub values: Vec<ValuePlace>,
}

/// A piece of a column's bytes that decompresses alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Where in the file the stored bytes begin.
    pub offset: u64,
    /// How many there are.
    pub stored_bytes: u32,
    /// Whether they are stored as they are.
    pub is_original: bool,
}

/// Where a value begins. It may go on in the chunks that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValuePlace {
    /// Which of the map's chunks.
    pub chunk: u32,
    /// Where in the decompressed chunk.
    pub offset: u32,
    /// How long the value is; 0 for a null as well.
    pub bytes: u32,
}

impl Metadata {
    /// Finds where the values of a string or binary column lie that is stored without a dictionary.
    ///
    /// Reads lengths, and of the values no more than it must: with Zstandard and Snappy a few bytes of each chunk.
    ///
    /// # Errors
    ///
    /// `UnknownColumn`; `Unsupported` for a column with a dictionary, of another type, or inside another column;
    /// `Corrupt` and `Io` as in reading.
    pub fn locate_values(&self, file: &dyn ReadAt, column: &ColumnPath) -> Result<ValueMap, Error> {
        let id = column_id(self.types(), column).ok_or_else(|| Error::UnknownColumn(column.clone()))?;
        let kind = self.types()[id as usize].kind();
        let is_text = matches!(kind, TypeKind::String | TypeKind::Varchar | TypeKind::Char | TypeKind::Binary);
        if !is_text || column.segments().len() != 1 {
            return Err(Error::unsupported(
                format!("column `{column}`"),
                "locating values of other than a text column of the root",
            ));
        }
        if self.rows() > VALUES_MAX {
            return Err(Error::unsupported("the file", format!("locating more than {VALUES_MAX} values")));
        }
        let mut map = ValueMap::default();
        for number in 0..self.stripes().len() {
            let footer = read(file, Stripe::footer_range(self, number))?;
            let stripe = Stripe::open(self, number, &footer)?;
            Locator { file, metadata: self, stripe, id }.locate(&mut map)?;
        }
        Ok(map)
    }
}

/// Reads and decompresses a chunk of a file with this codec and these blocks ([`Metadata::compression`],
/// [`Metadata::compression_block_bytes`]).
///
/// # Errors
///
/// `Corrupt` when the bytes don't decompress, `Io` when they can't be read.
pub fn read_chunk(
    file: &dyn ReadAt,
    compression: CompressionKind,
    chunk: &Chunk,
    block_bytes: usize,
) -> Result<Vec<u8>, Error> {
    if chunk.stored_bytes as usize > *BLOCK_BYTES.end() {
        return Err(Error::corrupt(format!("chunk at byte {}", chunk.offset), format!("{} bytes", chunk.stored_bytes)));
    }
    let stored = read(file, chunk.offset..chunk.offset.saturating_add(u64::from(chunk.stored_bytes)))?;
    if chunk.is_original {
        return Ok(stored.to_vec());
    }
    unpack(&stored, Framing { codec: compression, block_bytes }, chunk.offset)
}

fn unpack(stored: &[u8], framing: Framing, offset: u64) -> Result<Vec<u8>, Error> {
    let mut out = vec![0; framing.block_bytes];
    let length = Decompressor::new(framing.codec)?.decompress(stored, &mut out);
    out.truncate(length.map_err(|problem| Error::corrupt(format!("chunk at byte {offset}"), problem))?);
    Ok(out)
}

/// Finds the values of a column in one stripe.
struct Locator<'a> {
    file: &'a dyn ReadAt,
    metadata: &'a Metadata,
    stripe: Stripe,
    id: u32,
}

impl Locator<'_> {
    fn locate(mut self, map: &mut ValueMap) -> Result<(), Error> {
        let version = match self.stripe.encoding(self.id)? {
            EncodingKind::Direct => Version::One,
            EncodingKind::DirectV2 => Version::Two,
            EncodingKind::Dictionary | EncodingKind::DictionaryV2 => {
                return Err(Error::unsupported(self.place(), "locating values in a dictionary"));
            }
        };
        let kinds = [StreamKind::Present, StreamKind::Length];
        let ranges: Vec<_> = kinds.into_iter().filter_map(|kind| self.stripe.extent(self.id, kind)).collect();
        for (range, bytes) in ranges.iter().zip(read_ranges(self.file, &ranges)?) {
            self.stripe.supply(range.start, bytes);
        }
        let first = map.chunks.len();
        let lengths = self.chunks(map)?;
        let mut cursor = Cursor { chunk: first, first, at: 0, lengths: &lengths };
        let present = self.stripe.stream(self.id, StreamKind::Present).map(Booleans::new);
        let stream = self.stripe.stream(self.id, StreamKind::Length);
        let stream = stream.unwrap_or_else(|| self.stripe.empty_stream(self.id, StreamKind::Length));
        self.walk(present, Integers::new(stream, version, false), &mut cursor, map)
    }

    fn place(&self) -> String {
        format!("stripe {}, column `{}`", self.stripe.number, self.metadata.path(self.id))
    }

    fn walk(
        &self,
        mut present: Option<Booleans>,
        mut lengths: Integers,
        cursor: &mut Cursor<'_>,
        map: &mut ValueMap,
    ) -> Result<(), Error> {
        const STEP: u64 = 8192;
        let mut left = self.stripe.rows();
        while left > 0 {
            let step = left.min(STEP) as usize;
            let nulls = present.as_mut().map(|present| present.read(step)).transpose()?.map(NullBuffer::new);
            let mut stored = vec![0; step - nulls.as_ref().map_or(0, NullBuffer::null_count)];
            lengths.read(&mut stored)?;
            let mut stored = stored.into_iter();
            for row in 0..step {
                let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
                let length = if is_null { 0 } else { stored.next().unwrap_or_default() };
                let place = u32::try_from(length).ok().and_then(|length| cursor.value(length));
                map.values.push(place.ok_or_else(|| {
                    lengths.stream().corrupt(format!("a value of {length} bytes where the column has fewer"))
                })?);
            }
            left -= step as u64;
        }
        Ok(())
    }

    /// Adds the chunks of the stripe and gives how long each is decompressed.
    fn chunks(&self, map: &mut ValueMap) -> Result<Vec<u32>, Error> {
        let Some(extent) = self.stripe.extent(self.id, StreamKind::Data) else { return Ok(Vec::new()) };
        let framing = self.metadata.framing();
        let mut lengths = Vec::new();
        let mut at = extent.start;
        while at < extent.end {
            if framing.codec == CompressionKind::None {
                let stored_bytes = (extent.end - at).min(CUT_BYTES) as u32;
                map.chunks.push(Chunk { offset: at, stored_bytes, is_original: true });
                lengths.push(stored_bytes);
                at += u64::from(stored_bytes);
                continue;
            }
            let head = read(self.file, at..extent.end.min(at + CHUNK_HEADER_BYTES as u64 + FRAME_HEADER_BYTES))?;
            let from = at - extent.start;
            let corrupt = |problem| Error::corrupt(format!("{}, DATA stream, byte {from}", self.place()), problem);
            let (header, body) = head.split_first_chunk().ok_or_else(|| corrupt("a chunk's header is cut off"))?;
            let ChunkHeader { stored_bytes, is_original } = ChunkHeader::decode(*header);
            let offset = at + CHUNK_HEADER_BYTES as u64;
            at = offset + u64::from(stored_bytes);
            if at > extent.end {
                return Err(corrupt("a chunk goes beyond the stream"));
            }
            let length = if is_original {
                stored_bytes
            } else if let Some(length) = unpacked_bytes(framing, body) {
                length
            } else {
                unpack(&read(self.file, offset..at)?, framing, offset)?.len() as u32
            };
            map.chunks.push(Chunk { offset, stored_bytes, is_original });
            lengths.push(length);
        }
        Ok(lengths)
    }
}

/// What a chunk's begin says of its length.
fn unpacked_bytes(framing: Framing, begin: &[u8]) -> Option<u32> {
    let length = match framing.codec {
        CompressionKind::Zstd => zstd::zstd_safe::get_frame_content_size(begin).ok().flatten()?,
        CompressionKind::Snappy => snap::raw::decompress_len(begin).ok()? as u64,
        _ => return None,
    };
    u32::try_from(length).ok().filter(|length| *length as usize <= framing.block_bytes)
}

/// A place among a stripe's chunks.
struct Cursor<'a> {
    chunk: usize,
    /// The stripe's first chunk.
    first: usize,
    /// Where in the decompressed chunk.
    at: u32,
    /// Decompressed lengths, by chunk of the stripe.
    lengths: &'a [u32],
}

impl Cursor<'_> {
    /// Steps over a value; nothing when there are not so many bytes.
    fn value(&mut self, bytes: u32) -> Option<ValuePlace> {
        let mut left = bytes;
        // A value begins where its first byte is.
        while left > 0 && self.at == *self.lengths.get(self.chunk - self.first)? {
            self.chunk += 1;
            self.at = 0;
        }
        let place = ValuePlace { chunk: u32::try_from(self.chunk).ok()?, offset: self.at, bytes };
        loop {
            let step = left.min(self.lengths.get(self.chunk - self.first).map_or(0, |length| length - self.at));
            self.at += step;
            left -= step;
            if left == 0 {
                return Some(place);
            }
            self.lengths.get(self.chunk + 1 - self.first)?;
            self.chunk += 1;
            self.at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_run_over_into_the_chunks_that_follow() {
        let mut cursor = Cursor { chunk: 3, first: 3, at: 0, lengths: &[4, 0, 3, 2] };
        let mut value = |bytes| cursor.value(bytes).map(|it| (it.chunk, it.offset, it.bytes));
        assert_eq!(value(3), Some((3, 0, 3)));
        assert_eq!(value(1), Some((3, 3, 1)));
        assert_eq!(value(0), Some((3, 4, 0)));
        assert_eq!(value(4), Some((5, 0, 4)));
        assert_eq!(value(1), Some((6, 1, 1)));
        assert_eq!(value(1), None);
        assert_eq!(
            Cursor { chunk: 0, first: 0, at: 0, lengths: &[] }.value(0),
            Some(ValuePlace { chunk: 0, offset: 0, bytes: 0 })
        );
    }
}
