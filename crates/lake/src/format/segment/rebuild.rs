//! Making an index again from its ORC file.

use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::TimeUnit;
use bytes::Bytes;
use opentrail_orc::{ColumnPath, Metadata, ReadOptions, Reader};
use opentrail_stdx::{Disk, Timestamp};

use super::Paths;
use super::file::{FileIn, staged};
use super::write::{Collected, orc_failed, view_of, write_index};
use crate::format::FormatError;
use crate::format::columns::{BatchBuilder, JSON, POSITION, TIME, Table};
use crate::format::index::Orc;
use crate::format::row::{Row, SegmentFacts};

/// Makes `_NAME.idx` again from `NAME.orc`; the facts are those of the files as they are then. An ORC file with another
/// checksum than it was written with is damaged, and its index is left as it is: it may fit again once somebody puts the
/// file back.
pub(crate) fn rebuild_index(
    disk: &dyn Disk,
    dir: &Path,
    name: &str,
    table: Table,
    orc_crc: u32,
) -> Result<SegmentFacts, FormatError> {
    let paths = Paths::of(dir, name);
    let file = FileIn::open(disk, &paths.orc)?;
    let (bytes, crc) = file.checksum()?;
    if crc != orc_crc {
        return Err(file.damaged("the file", "its checksum is another one than it was written with"));
    }
    let failed = |error| orc_failed(&paths.orc, error);
    let metadata = Metadata::read(&file).map_err(failed)?;
    let block_bytes = u32::try_from(metadata.compression_block_bytes()).unwrap_or(u32::MAX);
    let projection = [JSON, TIME, POSITION].map(ColumnPath::from).to_vec();
    let options =
        ReadOptions { projection: Some(projection), timestamps: TimeUnit::Millisecond, ..ReadOptions::default() };
    let mut collected = Collected::default();
    let mut columns = BatchBuilder::stored(table);
    for batch in Reader::new(&file, metadata, options).map_err(failed)? {
        for row in rows_of(&file, &batch.map_err(failed)?)? {
            let (view, json) = view_of(&row)?;
            collected.push(&row, &view)?;
            // The columns count what has an unexpected type.
            columns.push(&row, &view, json);
            if columns.is_full() {
                columns.finish();
            }
        }
    }
    collected.set_mistyped(columns.mistyped());
    let facts = write_index(disk, &paths, collected, &paths.orc, Orc { bytes, crc, block_bytes }, table)?;
    disk.rename(&staged(&paths.idx), &paths.idx).map_err(|error| FormatError::io(&paths.idx, error))?;
    disk.sync_dir(dir).map_err(|error| FormatError::io(dir, error))?;
    Ok(facts)
}

/// The rows of a batch.
fn rows_of(file: &FileIn, batch: &RecordBatch) -> Result<Vec<Row>, FormatError> {
    let damaged = |problem: &str| file.damaged("its content", problem);
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| damaged(&format!("no column `{name}`")));
    let other = || damaged("a column has another type than it should");
    let texts = column(JSON)?.as_string_opt::<i32>().ok_or_else(other)?;
    let positions = column(POSITION)?.as_primitive_opt::<Int64Type>().ok_or_else(other)?;
    let times = column(TIME)?.as_primitive_opt::<TimestampMillisecondType>().ok_or_else(other)?;
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        if texts.is_null(row) {
            return Err(damaged("a row has no record"));
        }
        let record = Bytes::copy_from_slice(texts.value(row).as_bytes());
        let time = Timestamp::from_ms(times.value(row));
        rows.push(Row { position: positions.value(row).cast_unsigned(), time, record });
    }
    Ok(rows)
}
