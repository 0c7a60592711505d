//! Files of a [`Disk`] as readers and writers see them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use opentrail_orc::ReadAt;
use opentrail_stdx::{Disk, DiskFile};

use crate::format::FormatError;

/// Bytes are written in pieces of this size.
const BUFFER_BYTES: usize = 1024 * 1024;

/// A file that is written from its beginning to its end, under a name of its own until it is complete.
#[derive(Debug)]
pub(super) struct FileOut {
    file: Box<dyn DiskFile>,
    staged: PathBuf,
    buffer: Vec<u8>,
    offset: u64,
    crc: crc_fast::Digest,
}

impl FileOut {
    /// Begins the file that will be `path`. What an earlier attempt left is removed.
    pub(super) fn create(disk: &dyn Disk, path: &Path) -> Result<Self, FormatError> {
        let staged = staged(path);
        let failed = |error| FormatError::io(&staged, error);
        match disk.remove(&staged) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let file = disk.create(&staged).map_err(failed)?;
        let crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32Iscsi);
        Ok(Self { file, staged, buffer: Vec::new(), offset: 0, crc })
    }

    /// Makes the file durable under its staged name; answers its length and checksum.
    pub(super) fn sync(mut self) -> Result<(u64, u32), FormatError> {
        let synced = self.flush().and_then(|()| self.file.sync());
        synced.map_err(|error| FormatError::io(&self.staged, error))?;
        Ok((self.offset, crc_of(self.crc)))
    }
}

impl Write for FileOut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.file.write_at(self.offset, &self.buffer)?;
            self.crc.update(&self.buffer);
            self.offset += self.buffer.len() as u64;
            self.buffer.clear();
        }
        Ok(())
    }
}

/// The name of a file until it is complete.
pub(super) fn staged(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    PathBuf::from(name)
}

/// A file that is read where it is asked.
#[derive(Debug)]
pub(super) struct FileIn {
    file: Box<dyn DiskFile>,
    path: PathBuf,
}

impl FileIn {
    pub(super) fn open(disk: &dyn Disk, path: &Path) -> Result<Self, FormatError> {
        let file = disk.open(path).map_err(|error| FormatError::io(path, error))?;
        Ok(Self { file, path: path.to_path_buf() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn failed(&self, error: io::Error) -> FormatError {
        FormatError::io(&self.path, error)
    }

    /// The file is not what was written.
    pub(super) fn damaged(&self, place: impl Into<String>, problem: impl Into<String>) -> FormatError {
        FormatError::damaged(&self.path, place, problem)
    }

    /// Its length.
    pub(super) fn len(&self) -> Result<u64, FormatError> {
        self.file.bytes().map_err(|error| self.failed(error))
    }

    /// Reads all of it; answers its length and checksum.
    pub(super) fn checksum(&self) -> Result<(u64, u32), FormatError> {
        let bytes = self.len()?;
        let mut crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32Iscsi);
        let mut buffer = vec![0; BUFFER_BYTES.min(usize::try_from(bytes).unwrap_or(BUFFER_BYTES))];
        let mut offset = 0;
        while offset < bytes {
            let count = usize::try_from(bytes - offset).unwrap_or(BUFFER_BYTES).min(BUFFER_BYTES);
            self.file.read_at(offset, &mut buffer[..count]).map_err(|error| self.failed(error))?;
            crc.update(&buffer[..count]);
            offset += count as u64;
        }
        Ok((bytes, crc_of(crc)))
    }
}

impl ReadAt for FileIn {
    fn bytes(&self) -> io::Result<u64> {
        self.file.bytes()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_at(offset, buffer)
    }
}

fn crc_of(digest: crc_fast::Digest) -> u32 {
    u32::try_from(digest.finalize()).expect("CRC-32C has 32 bits")
}
