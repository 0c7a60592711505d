//! Writing a stripe: indexes first, then data, both column by column, then the footer that lists them.

use super::column::Column;
use super::statistics::Statistics;
use super::stream::Packer;
use crate::Error;
use crate::proto::{ColumnEncoding, Stream, StreamKind, StripeFooter};
use prost::Message;
use std::io::Write;

/// The zone in which seconds are counted. UTC: no reader needs to know another zone's history.
const WRITER_TIMEZONE: &str = "UTC";

/// What a stripe took, bytes, and what is in it.
pub(super) struct Written {
    pub(super) index_bytes: u64,
    pub(super) data_bytes: u64,
    pub(super) footer_bytes: u64,
    /// One for each column.
    pub(super) statistics: Vec<Statistics>,
}

/// Writes the columns, whose last row group has ended, and empties them.
pub(super) fn write(
    root: &mut Column,
    packer: &mut Packer,
    has_index: bool,
    out: &mut impl Write,
) -> Result<Written, Error> {
    let mut directory = Directory::default();
    let mut statistics = Vec::new();
    let mut index = Vec::new();
    root.walk(&mut |column| {
        let finished = column.finish(packer)?;
        if has_index {
            directory.add(column.id, StreamKind::RowIndex, &mut index, |index| {
                packer.section(&finished.row_index.encode_to_vec(), index)
            })?;
        }
        if let Some(bloom) = column.bloom() {
            let filters = bloom.take().encode_to_vec();
            directory
                .add(column.id, StreamKind::BloomFilterUtf8, &mut index, |index| packer.section(&filters, index))?;
        }
        statistics.push(finished.statistics);
        Ok(())
    })?;
    put(out, &index)?;
    let data_bytes = write_data(root, &mut directory, out)?;
    let footer = StripeFooter {
        streams: directory.streams,
        columns: directory.encodings,
        writer_timezone: Some(WRITER_TIMEZONE.to_owned()),
    };
    let mut section = Vec::new();
    packer.section(&footer.encode_to_vec(), &mut section)?;
    put(out, &section)?;
    Ok(Written { index_bytes: index.len() as u64, data_bytes, footer_bytes: section.len() as u64, statistics })
}

fn write_data(root: &mut Column, directory: &mut Directory, out: &mut impl Write) -> Result<u64, Error> {
    let mut data_bytes = 0;
    root.walk(&mut |column| {
        let id = column.id;
        column.visit(&mut |kind, stream| {
            let bytes = stream.stored().len() as u64;
            directory.streams.push(entry(id, kind, bytes));
            data_bytes += bytes;
            put(out, stream.stored())
        })?;
        directory.encodings.push(column.encoding());
        column.reset();
        Ok(())
    })?;
    Ok(data_bytes)
}

/// What the footer lists, in file order.
#[derive(Default)]
struct Directory {
    streams: Vec<Stream>,
    encodings: Vec<ColumnEncoding>,
}

impl Directory {
    fn add(
        &mut self,
        column: u32,
        kind: StreamKind,
        index: &mut Vec<u8>,
        append: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = index.len();
        append(index)?;
        self.streams.push(entry(column, kind, (index.len() - start) as u64));
        Ok(())
    }
}

fn entry(column: u32, kind: StreamKind, bytes: u64) -> Stream {
    Stream { kind: Some(kind as i32), column: Some(column), length: Some(bytes) }
}

/// Writes bytes into the file.
pub(super) fn put(out: &mut impl Write, bytes: &[u8]) -> Result<(), Error> {
    out.write_all(bytes).map_err(|source| Error::io(format!("write {} bytes", bytes.len()), source))
}
