//! Reading a result, page by page.

use std::io;
use std::path::Path;

use opentrail_stdx::{Disk, DiskFile};
use xxhash_rust::xxh3::xxh3_64;

use super::{CHUNK_HEAD, Directory, MAGIC, Row, TAIL};

/// The greatest chunk that is believed: a row is smaller than this, and a chunk has one row beyond its size at most.
const CHUNK_BYTES_MAX: usize = 64 << 20;

/// A whole result.
#[derive(Debug)]
pub struct ResultFile {
    file: Box<dyn DiskFile>,
    directory: Directory,
}

/// A part of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// In the order of the result.
    pub rows: Vec<Row>,
    /// Is there nothing behind them?
    pub is_end: bool,
}

impl ResultFile {
    /// Opens the result at `path`.
    ///
    /// # Errors
    /// The disk's (`NotFound`: there is no result), or `InvalidData` for a file that is damaged.
    pub fn open(disk: &dyn Disk, path: &Path) -> io::Result<Self> {
        let file = disk.open(path)?;
        let end = file.bytes()?.checked_sub(TAIL as u64).ok_or_else(|| damaged("it is too short"))?;
        let mut tail = [0; TAIL];
        file.read_at(end, &mut tail)?;
        let (length, checksum) = (u32_at(&tail, 0), u64_at(&tail, 4));
        let start = end.checked_sub(u64::from(length)).ok_or_else(|| damaged("its directory is too long"))?;
        if tail[12..] != *MAGIC {
            return Err(damaged("it does not end like a result"));
        }
        let mut bytes = vec![0; length as usize];
        file.read_at(start, &mut bytes)?;
        if xxh3_64(&bytes) != checksum {
            return Err(damaged("its directory does not match its checksum"));
        }
        let directory = serde_json::from_slice(&bytes).map_err(|_| damaged("its directory cannot be read"))?;
        Ok(Self { file, directory })
    }

    /// The titles of its columns.
    pub fn columns(&self) -> &[String] {
        &self.directory.columns
    }

    /// How many rows it has.
    pub fn row_count(&self) -> u64 {
        self.directory.rows
    }

    /// The rows from `first` (the first of all is 0) on: at most `count`, and no more than one beyond `bytes_max`.
    ///
    /// # Errors
    /// The disk's, or `InvalidData` for a chunk that is damaged.
    pub fn rows(&self, first: u64, count: usize, bytes_max: usize) -> io::Result<Rows> {
        let (mut rows, mut bytes, mut next) = (Vec::new(), 0, first);
        let begin = self.directory.chunks.partition_point(|(_, chunk_first)| *chunk_first <= first).saturating_sub(1);
        for (index, (offset, chunk_first)) in self.directory.chunks.iter().enumerate().skip(begin) {
            let chunk_end = self.directory.chunks.get(index + 1).map_or(self.directory.rows, |(_, next)| *next);
            let mut cells = Cells { rest: &self.chunk(*offset)? };
            for number in *chunk_first..chunk_end {
                let row = cells.row(self.directory.columns.len())?;
                if number < next {
                    continue;
                }
                if rows.len() >= count || bytes >= bytes_max {
                    return Ok(Rows { rows, is_end: false });
                }
                bytes += row.iter().flatten().map(String::len).sum::<usize>();
                rows.push(row);
                next = number + 1;
            }
        }
        Ok(Rows { rows, is_end: true })
    }

    fn chunk(&self, offset: u64) -> io::Result<Vec<u8>> {
        let mut head = [0; CHUNK_HEAD];
        self.file.read_at(offset, &mut head)?;
        let (length, packed_length) = (u32_at(&head, 0) as usize, u32_at(&head, 4) as usize);
        if length > CHUNK_BYTES_MAX || packed_length > CHUNK_BYTES_MAX {
            return Err(damaged("a chunk is too long"));
        }
        let mut packed = vec![0; packed_length];
        self.file.read_at(offset + CHUNK_HEAD as u64, &mut packed)?;
        if xxh3_64(&packed) != u64_at(&head, 8) {
            return Err(damaged("a chunk does not match its checksum"));
        }
        zstd::bulk::decompress(&packed, length)
    }
}

/// Cells of a chunk, one after another.
struct Cells<'a> {
    rest: &'a [u8],
}

impl Cells<'_> {
    fn row(&mut self, columns: usize) -> io::Result<Row> {
        (0..columns).map(|_| self.cell()).collect()
    }

    fn cell(&mut self) -> io::Result<Option<String>> {
        let (head, rest) = self.rest.split_at_checked(4).ok_or_else(|| damaged("a chunk is cut off"))?;
        self.rest = rest;
        let Some(length) = u32_at(head, 0).checked_sub(1) else { return Ok(None) };
        let (text, rest) = rest.split_at_checked(length as usize).ok_or_else(|| damaged("a chunk is cut off"))?;
        self.rest = rest;
        String::from_utf8(text.to_vec()).map(Some).map_err(|_| damaged("a cell is no text"))
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_le_bytes)
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the result is damaged: {why}"))
}
