//! Writing a segment: rows go by once, into the ORC file and into the index's collection of terms.

use std::path::Path;

use opentrail_model::{RecordError, Terms, View};
use opentrail_orc::{ColumnPath, Compression, Metadata, Writer, WriterOptions};
use opentrail_stdx::Disk;

use super::file::{FileIn, FileOut, staged};
use super::{Paths, SegmentOptions, texts};
use crate::format::FormatError;
use crate::format::columns::{self, BatchBuilder, Table};
use crate::format::index::{self, IndexWriter, Orc, Totals, ValueChunk, ValuePlace};
use crate::format::row::{Place, Row, SegmentFacts, identity, identity_hash};

/// Writes the two files of a segment: `NAME.orc` and `_NAME.idx` in `dir`, which exists. Rows come in ascending order of
/// their places. What is left of an earlier attempt is overwritten. When it returns, both are durable.
///
/// Memory: a stripe and a batch of rows, and what the index collects of each row: some 60 bytes and the terms that were
/// not there before (`IndexWriter` tells more).
pub(crate) fn write_segment(
    disk: &dyn Disk,
    dir: &Path,
    name: &str,
    rows: impl Iterator<Item = Result<Row, FormatError>>,
    options: &SegmentOptions,
) -> Result<SegmentFacts, FormatError> {
    let paths = Paths::of(dir, name);
    let (collected, orc_bytes, orc_crc) = write_orc(disk, &paths.orc, rows, options)?;
    let orc = Orc { bytes: orc_bytes, crc: orc_crc, block_bytes: block_bytes(options) };
    let facts = write_index(disk, &paths, collected, &staged(&paths.orc), orc, options.table)?;
    // Nobody knows of the files before the manifest names them: a crash leaves some that are removed as orphans.
    for path in [&paths.orc, &paths.idx] {
        disk.rename(&staged(path), path).map_err(|error| FormatError::io(path, error))?;
    }
    disk.sync_dir(dir).map_err(|error| FormatError::io(dir, error))?;
    Ok(facts)
}

fn block_bytes(options: &SegmentOptions) -> u32 {
    u32::try_from(options.compression_block_bytes).unwrap_or(u32::MAX)
}

/// What is known of rows that went by.
#[derive(Default)]
pub(super) struct Collected {
    index: IndexWriter,
    rows: u64,
    totals: Totals,
    first: Option<Place>,
    last: Option<Place>,
    positions: Option<(u64, u64)>,
}

impl Collected {
    /// Takes note of the next row; what its record says is `view`.
    pub(super) fn push(&mut self, row: &Row, view: &View<'_>) -> Result<(), FormatError> {
        let place = row.place();
        if self.last.is_some_and(|last| place <= last) {
            return Err(FormatError::OutOfOrder { position: row.position });
        }
        self.rows += 1;
        if self.rows > u64::from(u32::MAX) {
            return Err(FormatError::RowCount { rows: self.rows });
        }
        self.index.push(place, identity_hash(&identity(view, &row.record)), &Terms::of(view));
        self.totals.record_bytes += row.record.len() as u64;
        self.first = self.first.or(Some(place));
        self.last = Some(place);
        let (least, greatest) = self.positions.unwrap_or((row.position, row.position));
        self.positions = Some((least.min(row.position), greatest.max(row.position)));
        Ok(())
    }

    pub(super) fn set_mistyped(&mut self, mistyped: u64) {
        self.totals.mistyped = mistyped;
    }
}

/// What a row's record says. One that is no JSON object that we can read is kept all the same, and counted: its text is
/// whole and its columns are null. Only what isn't text has no place in a column of texts.
pub(super) fn view_of(row: &Row) -> Result<(View<'_>, &str), FormatError> {
    let json = std::str::from_utf8(&row.record)
        .map_err(|error| FormatError::Record { position: row.position, source: RecordError::NotUtf8(error) })?;
    let view = View::parse(&row.record).unwrap_or_else(|_| View { mistyped: 1, ..View::default() });
    Ok((view, json))
}

fn write_orc(
    disk: &dyn Disk,
    path: &Path,
    rows: impl Iterator<Item = Result<Row, FormatError>>,
    options: &SegmentOptions,
) -> Result<(Collected, u64, u32), FormatError> {
    let failed = |error: opentrail_orc::Error| orc_failed(&staged(path), error);
    let mut batch = BatchBuilder::stored(options.table);
    let mut writer =
        Writer::new(FileOut::create(disk, path)?, batch.schema(), writer_options(options)).map_err(failed)?;
    let mut collected = Collected::default();
    for row in rows {
        let row = row?;
        let (view, json) = view_of(&row)?;
        collected.push(&row, &view)?;
        batch.push(&row, &view, json);
        if batch.is_full()
            && let Some(batch) = batch.finish()
        {
            writer.write(&batch).map_err(failed)?;
        }
    }
    if let Some(batch) = batch.finish() {
        writer.write(&batch).map_err(failed)?;
    }
    collected.set_mistyped(batch.mistyped());
    let (out, _) = writer.finish().map_err(failed)?;
    let (bytes, crc) = out.sync()?;
    Ok((collected, bytes, crc))
}

fn writer_options(options: &SegmentOptions) -> WriterOptions {
    let paths = |names: &[&str]| names.iter().map(|name| ColumnPath::from(*name)).collect();
    WriterOptions {
        compression: Compression::Zstd { level: options.zstd_level },
        compression_block_bytes: options.compression_block_bytes,
        stripe_bytes: options.stripe_bytes,
        bloom_columns: paths(options.table.bloom()),
        direct_columns: paths(options.table.direct()),
        ..WriterOptions::default()
    }
}

/// Writes the index of rows that are in the ORC file at `orc_path`, under its staged name.
pub(super) fn write_index(
    disk: &dyn Disk,
    paths: &Paths,
    collected: Collected,
    orc_path: &Path,
    orc: Orc,
    table: Table,
) -> Result<SegmentFacts, FormatError> {
    let rows = u32::try_from(collected.rows).ok().filter(|rows| *rows > 0);
    let rows = rows.ok_or(FormatError::RowCount { rows: collected.rows })?;
    let (values, chunks) = locate(&FileIn::open(disk, orc_path)?, rows)?;
    let out = FileOut::create(disk, &paths.idx)?;
    let totals = collected.totals;
    let out = collected.index.finish(out, orc, totals, &values, &chunks);
    let (idx_bytes, idx_crc) = out.map_err(|error| FormatError::io(&staged(&paths.idx), error))?.sync()?;
    let (position_min, position_max) = collected.positions.unwrap_or_default();
    let time_ms = |place: Option<Place>| place.map_or(0, |place| place.time.as_ms());
    Ok(SegmentFacts {
        rows,
        record_bytes: totals.record_bytes,
        orc_bytes: orc.bytes,
        orc_crc: orc.crc,
        idx_bytes,
        idx_crc,
        time_min_ms: time_ms(collected.first),
        time_max_ms: time_ms(collected.last),
        position_min,
        position_max,
        mistyped: totals.mistyped,
        table,
    })
}

/// Where each row's text lies in the ORC file, and the chunks that it lies in, with their checksums.
fn locate(orc: &FileIn, rows: u32) -> Result<(Vec<ValuePlace>, Vec<ValueChunk>), FormatError> {
    let failed = |error| orc_failed(orc.path(), error);
    let metadata = Metadata::read(orc).map_err(failed)?;
    let map = metadata.locate_values(orc, &ColumnPath::from(columns::JSON)).map_err(failed)?;
    let values: Vec<ValuePlace> = map
        .values
        .iter()
        .map(|value| ValuePlace { chunk: value.chunk, offset: value.offset, bytes: value.bytes })
        .collect();
    if values.len() != rows as usize {
        return Err(orc.damaged("the column of texts", format!("it has {} values for {rows} rows", values.len())));
    }
    let mut chunks = Vec::with_capacity(map.chunks.len());
    for chunk in &map.chunks {
        let stored = texts::read_stored(orc, chunk.offset, chunk.stored_bytes)?;
        let (offset, stored_bytes, is_original) = (chunk.offset, chunk.stored_bytes, chunk.is_original);
        chunks.push(ValueChunk { offset, stored_bytes, is_original, crc: index::crc(&stored) });
    }
    Ok((values, chunks))
}

/// What the ORC crate says, as what is wrong with our file.
pub(super) fn orc_failed(path: &Path, error: opentrail_orc::Error) -> FormatError {
    match error {
        opentrail_orc::Error::Io { source, .. } => FormatError::io(path, source),
        other => FormatError::damaged(path, "its content", other.to_string()),
    }
}
