//! An opened stripe: where its streams are, how its columns are encoded, and which of its bytes are in memory.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::Buffer;

use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind, StripeFooter, TypeKind};
use crate::read::column::RowIndexes;
use crate::read::metadata::{Metadata, message};
use crate::read::place::Place;
use crate::read::stream::{Piece, Stream};
use crate::read::zone::Zone;

/// The longest run of integers in bytes: what lies behind a position may still belong to what begins before it.
const RUN_BYTES_MAX: u64 = 4200;

/// An opened stripe.
#[derive(Debug)]
pub(crate) struct Stripe {
    pub(crate) number: usize,
    metadata: Metadata,
    /// Where each stream lies in the file.
    streams: HashMap<(u32, StreamKind), Range<u64>>,
    encodings: Vec<ColumnEncoding>,
    zone: Option<String>,
    /// Bytes of the file by their offset.
    loaded: BTreeMap<u64, Buffer>,
}

impl Stripe {
    /// Where a stripe's footer lies.
    pub(crate) fn footer_range(metadata: &Metadata, number: usize) -> Range<u64> {
        let info = &metadata.stripes()[number];
        let from = info.offset + info.index_bytes + info.data_bytes;
        from..from + info.footer_bytes
    }

    pub(crate) fn open(metadata: &Metadata, number: usize, footer: &[u8]) -> Result<Stripe, Error> {
        let place = format!("stripe {number}, footer");
        let footer: StripeFooter = message(&place, footer, metadata.framing())?;
        let info = &metadata.stripes()[number];
        let end = info.offset + info.index_bytes + info.data_bytes;
        let mut streams = HashMap::new();
        let mut from = info.offset;
        for stream in &footer.streams {
            let Some(to) = from.checked_add(stream.length()).filter(|to| *to <= end) else {
                return Err(Error::corrupt(place, format!("streams go beyond the stripe's end at {end}")));
            };
            // Kinds that are not known yet are nobody's here.
            if let Some(kind) = stream.kind.and_then(|kind| StreamKind::try_from(kind).ok()) {
                streams.insert((stream.column(), kind), from..to);
            }
            from = to;
        }
        let (metadata, loaded) = (metadata.clone(), BTreeMap::new());
        Ok(Stripe { number, metadata, streams, encodings: footer.columns, zone: footer.writer_timezone, loaded })
    }

    pub(crate) fn rows(&self) -> u64 {
        self.metadata.stripes()[self.number].rows
    }

    /// How many rows a row group has, if the file has row indexes.
    pub(crate) fn stride(&self) -> Option<u64> {
        self.metadata.row_index_stride().map(u64::from)
    }

    pub(crate) fn encoding(&self, id: u32) -> Result<EncodingKind, Error> {
        let encoding = self.encodings.get(id as usize).and_then(|it| it.kind);
        encoding.and_then(|kind| EncodingKind::try_from(kind).ok()).ok_or_else(|| {
            Error::corrupt(
                format!("stripe {}, footer", self.number),
                format!("no known encoding for column {id} `{}`", self.metadata.path(id)),
            )
        })
    }

    pub(crate) fn dictionary_size(&self, id: u32) -> usize {
        self.encodings.get(id as usize).map_or(0, |it| it.dictionary_size() as usize)
    }

    /// The zone of the writer.
    pub(crate) fn zone(&self) -> Result<Zone, Error> {
        Zone::named(self.zone.as_deref().unwrap_or(""))
    }

    /// Where a stream lies in the file, if the stripe has it.
    pub(crate) fn extent(&self, id: u32, kind: StreamKind) -> Option<Range<u64>> {
        self.streams.get(&(id, kind)).filter(|range| !range.is_empty()).cloned()
    }

    /// Puts bytes of the file into memory.
    pub(crate) fn supply(&mut self, offset: u64, bytes: Buffer) {
        // Pieces of a stream must not overlap: what comes whole replaces its parts.
        let within = self.loaded.range(offset..offset + bytes.len() as u64);
        let replaced: Vec<u64> = within.map(|(offset, _)| *offset).collect();
        replaced.iter().for_each(|offset| drop(self.loaded.remove(offset)));
        self.loaded.insert(offset, bytes);
    }

    /// Whether bytes of the file are in memory, in one piece.
    pub(crate) fn has(&self, range: &Range<u64>) -> bool {
        let before = self.loaded.range(..=range.start).next_back();
        before.is_some_and(|(offset, bytes)| offset + bytes.len() as u64 >= range.end)
    }

    /// A stream from its begin, of those of its bytes that are in memory. Nothing when the stripe doesn't have it.
    pub(crate) fn stream(&self, id: u32, kind: StreamKind) -> Option<Stream> {
        let extent = self.extent(id, kind)?;
        let pieces = self
            .loaded
            .range(extent.clone())
            .map(|(offset, bytes)| Piece { offset: offset - extent.start, bytes: bytes.clone() });
        Some(Stream::new(self.place(id, kind), self.metadata.framing(), pieces.collect()))
    }

    /// A stream without bytes, for what the stripe doesn't have.
    pub(crate) fn empty_stream(&self, id: u32, kind: StreamKind) -> Stream {
        Stream::new(self.place(id, kind), self.metadata.framing(), Vec::new())
    }

    fn place(&self, column: u32, kind: StreamKind) -> Arc<Place> {
        Arc::new(Place { stripe: self.number, column, path: self.metadata.path(column), kind })
    }

    /// Decodes a stream that is one message. Nothing when the stripe doesn't have it, or it is not in memory.
    pub(crate) fn section<M: prost::Message + Default>(&self, id: u32, kind: StreamKind) -> Result<Option<M>, Error> {
        let Some(extent) = self.extent(id, kind) else { return Ok(None) };
        let Some(bytes) = self.loaded.get(&extent.start) else { return Ok(None) };
        message(&self.place(id, kind).to_string(), bytes, self.metadata.framing()).map(Some)
    }

    /// Where the values of a column lie: everything, or what some row groups need.
    pub(crate) fn data_ranges(
        &self,
        id: u32,
        groups: Option<(&[Range<usize>], &RowIndexes)>,
    ) -> Result<Vec<Range<u64>>, Error> {
        const DATA: [StreamKind; 5] = [
            StreamKind::Present,
            StreamKind::Data,
            StreamKind::Length,
            StreamKind::Secondary,
            StreamKind::DictionaryData,
        ];
        let extents = DATA.into_iter().filter_map(|kind| Some((kind, self.extent(id, kind)?)));
        let Some((groups, indexes)) = groups else { return Ok(extents.map(|(_, extent)| extent).collect()) };
        let mut ranges = Vec::new();
        for (kind, extent) in extents {
            match self.position_of(id, kind)? {
                Some(position) => self.group_ranges(id, position, &extent, groups, indexes, &mut ranges)?,
                None => ranges.push(extent),
            }
        }
        Ok(ranges)
    }

    /// The parts of one stream that runs of row groups need.
    fn group_ranges(
        &self,
        id: u32,
        position: usize,
        extent: &Range<u64>,
        groups: &[Range<usize>],
        indexes: &RowIndexes,
        ranges: &mut Vec<Range<u64>>,
    ) -> Result<(), Error> {
        let Some(index) = indexes.0.get(&id) else {
            ranges.push(extent.clone());
            return Ok(());
        };
        let begin = |group: usize| {
            let stored = index.entry.get(group).and_then(|entry| entry.positions.get(position)).copied();
            let from = stored.and_then(|stored| extent.start.checked_add(stored)).filter(|from| *from <= extent.end);
            from.ok_or_else(|| {
                Error::corrupt(
                    format!("stripe {}, column {id} `{}`, row index", self.number, self.metadata.path(id)),
                    format!("row group {group} has no place in the stream"),
                )
            })
        };
        let first = ranges.len();
        for run in groups {
            let from = begin(run.start)?;
            let to = if run.end < index.entry.len() {
                begin(run.end)?.saturating_add(self.slack()).min(extent.end)
            } else {
                extent.end
            };
            match ranges[first..].last_mut() {
                Some(last) if from <= last.end => last.end = last.end.max(to),
                _ if from < to => ranges.push(from..to),
                _ => {}
            }
        }
        Ok(())
    }

    /// How far behind a position values may go that begin before it: to the end of a run, and of the chunk that has it.
    fn slack(&self) -> u64 {
        let block = self.metadata.framing().block_bytes as u64;
        RUN_BYTES_MAX.checked_div(block).map_or(RUN_BYTES_MAX, |chunks| (2 + chunks) * (3 + block))
    }

    /// Which of a column's positions is where a stream begins; nothing for streams that are needed as a whole.
    fn position_of(&self, id: u32, kind: StreamKind) -> Result<Option<usize>, Error> {
        let chunk = usize::from(self.metadata.framing().block_bytes > 0);
        let present = if self.extent(id, StreamKind::Present).is_some() { 3 + chunk } else { 0 };
        let is_dictionary = matches!(self.encoding(id)?, EncodingKind::Dictionary | EncodingKind::DictionaryV2);
        let type_kind = self.metadata.types()[id as usize].kind();
        // What the DATA stream takes before the second stream's positions.
        let data = match type_kind {
            TypeKind::List | TypeKind::Map => 0,
            TypeKind::Timestamp | TypeKind::TimestampInstant => 2 + chunk,
            _ => 1 + chunk,
        };
        Ok(match kind {
            StreamKind::Present => Some(0),
            StreamKind::Data => Some(present),
            StreamKind::Length if is_dictionary => None,
            StreamKind::Length | StreamKind::Secondary => Some(present + data),
            _ => None,
        })
    }
}
