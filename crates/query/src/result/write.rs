//! Writing a result.

use std::io;
use std::path::{Path, PathBuf};

use opentrail_stdx::{Disk, DiskFile};
use xxhash_rust::xxh3::xxh3_64;

use super::{Directory, MAGIC};

/// A chunk is written when its rows are so many bytes.
const CHUNK_BYTES: usize = 256 << 10;

/// Compression: speed matters more than the last percent.
const LEVEL: i32 = 1;

/// A result that is being written.
#[derive(Debug)]
pub struct ResultWriter {
    file: Box<dyn DiskFile>,
    staged: PathBuf,
    path: PathBuf,
    end: u64,
    chunk: Vec<u8>,
    /// The first row of the chunk that is being filled.
    chunk_first: u64,
    directory: Directory,
}

impl ResultWriter {
    /// Begins a result at `path`, where there is nothing until it is finished. What an earlier attempt left is removed.
    ///
    /// # Errors
    /// The disk's.
    pub fn create(disk: &dyn Disk, path: &Path, columns: Vec<String>) -> io::Result<Self> {
        let staged = path.with_extension("tmp");
        if let Err(error) = disk.remove(&staged)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = disk.create(&staged)?;
        file.write_at(0, MAGIC)?;
        let directory = Directory { columns, rows: 0, chunks: Vec::new() };
        let end = MAGIC.len() as u64;
        Ok(Self { file, staged, path: path.to_owned(), end, chunk: Vec::new(), chunk_first: 0, directory })
    }

    /// How many rows were pushed.
    pub fn rows(&self) -> u64 {
        self.directory.rows
    }

    /// Adds a row: one cell for each column, none is NULL.
    ///
    /// # Errors
    /// The disk's. The result is lost then.
    pub fn push(&mut self, row: &[Option<String>]) -> io::Result<()> {
        for cell in row {
            // 0 is NULL, else the length and one.
            let head = cell.as_ref().map_or(0, |text| text.len() as u64 + 1);
            self.chunk.extend(u32::try_from(head).map_err(io::Error::other)?.to_le_bytes());
            self.chunk.extend(cell.as_deref().unwrap_or_default().as_bytes());
        }
        self.directory.rows += 1;
        if self.chunk.len() >= CHUNK_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.chunk_first == self.directory.rows {
            return Ok(());
        }
        let packed = zstd::bulk::compress(&self.chunk, LEVEL)?;
        let mut bytes = Vec::with_capacity(super::CHUNK_HEAD + packed.len());
        bytes.extend(u32::try_from(self.chunk.len()).map_err(io::Error::other)?.to_le_bytes());
        bytes.extend(u32::try_from(packed.len()).map_err(io::Error::other)?.to_le_bytes());
        bytes.extend(xxh3_64(&packed).to_le_bytes());
        bytes.extend(packed);
        self.directory.chunks.push((self.end, self.chunk_first));
        self.write(&bytes)?;
        self.chunk.clear();
        self.chunk_first = self.directory.rows;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(self.end, bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Makes the result durable and moves it into place; answers how many rows it has.
    ///
    /// # Errors
    /// The disk's: then there is no result, or the whole of it.
    pub fn finish(mut self, disk: &dyn Disk) -> io::Result<u64> {
        self.flush()?;
        let mut bytes = serde_json::to_vec(&self.directory).map_err(io::Error::other)?;
        let tail = (u32::try_from(bytes.len()).map_err(io::Error::other)?, xxh3_64(&bytes));
        bytes.extend(tail.0.to_le_bytes());
        bytes.extend(tail.1.to_le_bytes());
        bytes.extend(MAGIC);
        self.write(&bytes)?;
        self.file.sync()?;
        // Commit point: from the rename on there is a result, and it is whole.
        disk.rename(&self.staged, &self.path)?;
        disk.sync_dir(self.path.parent().unwrap_or_else(|| Path::new(".")))?;
        Ok(self.directory.rows)
    }
}
