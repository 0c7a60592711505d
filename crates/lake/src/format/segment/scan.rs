//! Columns of a segment, read from its ORC file.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::TimeUnit;
use opentrail_orc::{ColumnPath, Metadata, Predicate, ReadAt, ReadOptions, Reader};
use opentrail_stdx::Disk;

use super::Paths;
use super::checksums::{is_checksum, loosened, with_checksums, without};
use super::file::FileIn;
use super::write::orc_failed;
use crate::format::FormatError;
use crate::format::columns::CHECKSUM;

/// Which columns of a segment, and of which rows.
#[derive(Debug, Clone)]
pub(crate) struct ColumnsWanted {
    /// By their names.
    pub(crate) columns: Vec<ColumnPath>,
    /// Those of them that are wanted as dictionaries, where the file has them.
    pub(crate) dictionaries: Vec<ColumnPath>,
    /// Only rows for which this is true.
    pub(crate) predicate: Option<Predicate>,
    /// Only these stripes.
    pub(crate) stripes: Option<Range<usize>>,
}

/// Columns of a segment, batch by batch, nested as in the file.
pub(crate) struct ColumnRows {
    path: PathBuf,
    reader: Reader<CountedFile>,
    bytes: Arc<AtomicU64>,
    /// Rows of a row group.
    stride: u64,
    rows: u64,
    /// Whether checksums are wanted that the file doesn't have.
    makes_checksums: bool,
}

impl fmt::Debug for ColumnRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ColumnRows").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A file whose bytes are counted as they are read.
#[derive(Debug)]
struct CountedFile {
    file: FileIn,
    bytes: Arc<AtomicU64>,
}

impl ReadAt for CountedFile {
    fn bytes(&self) -> io::Result<u64> {
        self.file.bytes()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.bytes.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.file.read_at(offset, buffer)
    }
}

impl ColumnRows {
    /// Of a segment's file that says this of itself.
    pub(crate) fn open(
        disk: &dyn Disk,
        dir: &Path,
        name: &str,
        metadata: &Metadata,
        wanted: ColumnsWanted,
    ) -> Result<Self, FormatError> {
        let path = Paths::of(dir, name).orc;
        let failed = |error| orc_failed(&path, error);
        let bytes = Arc::new(AtomicU64::new(0));
        let file = CountedFile { file: FileIn::open(disk, &path)?, bytes: Arc::clone(&bytes) };
        let (stride, rows) = (metadata.row_index_stride().map_or(u64::MAX, u64::from), metadata.rows());
        let has_checksums = metadata.schema().field_with_name(CHECKSUM).is_ok();
        let makes_checksums = !has_checksums && wanted.columns.iter().any(is_checksum);
        let columns = if makes_checksums { without(wanted.columns) } else { wanted.columns };
        let predicate = wanted.predicate.and_then(|it| if has_checksums { Some(it) } else { loosened(it) });
        let dictionaries = wanted.dictionaries.into_iter().filter(|it| has_checksums || !is_checksum(it)).collect();
        let options = ReadOptions {
            projection: Some(columns),
            dictionaries,
            exact: predicate.is_some(),
            predicate,
            stripes: wanted.stripes,
            timestamps: TimeUnit::Millisecond,
            ..ReadOptions::default()
        };
        let reader = Reader::new(file, metadata.clone(), options).map_err(failed)?;
        Ok(Self { path, reader, bytes, stride, rows, makes_checksums })
    }

    /// Bytes of the file that were read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Rows that were looked at so far: those of the row groups that were read.
    pub(crate) fn records_read(&self) -> u64 {
        self.reader.row_groups_read().saturating_mul(self.stride).min(self.rows)
    }
}

impl Iterator for ColumnRows {
    type Item = Result<RecordBatch, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?.map_err(|error| orc_failed(&self.path, error));
        if !self.makes_checksums {
            return Some(batch);
        }
        let no_texts = || FormatError::damaged(&self.path, "its content", "it has no texts");
        Some(batch.and_then(|batch| with_checksums(&batch).ok_or_else(no_texts)))
    }
}

/// What the ORC file of a segment says of itself.
pub(crate) fn orc_metadata(disk: &dyn Disk, dir: &Path, name: &str) -> Result<Metadata, FormatError> {
    let path = Paths::of(dir, name).orc;
    Metadata::read(&FileIn::open(disk, &path)?).map_err(|error| orc_failed(&path, error))
}
