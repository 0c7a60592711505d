//! A file that is being received: in memory while it is small, on disk from then on.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use opentrail_stdx::{Disk, DiskFile};

/// Most bytes of a file that are kept in memory.
const MEMORY_BYTES_MAX: usize = 8 << 20;

/// A file's bytes and their hash. Dropping it removes them.
pub(super) struct Spool {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    memory: Vec<u8>,
    file: Option<Box<dyn DiskFile>>,
    bytes: u64,
    hash: Context,
}

impl Spool {
    /// An empty one, which makes a file at `path` when it needs one.
    pub(super) fn new(disk: Arc<dyn Disk>, path: PathBuf) -> Self {
        Self { disk, path, memory: Vec::new(), file: None, bytes: 0, hash: Context::new(&SHA256) }
    }

    /// Adds bytes. Blocks.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        if self.file.is_none() && self.memory.len() + bytes.len() > MEMORY_BYTES_MAX {
            let mut file = self.disk.create(&self.path)?;
            file.write_at(0, &self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        match &mut self.file {
            // Not synced: after a crash the file is sent again.
            Some(file) => file.write_at(self.bytes, bytes)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// How many bytes there are.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Their SHA-256 in hexadecimal.
    pub(super) fn sha256(&self) -> String {
        hex::encode(self.hash.clone().finish())
    }

    /// Reads them from the start. Blocks.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { spool: self, at: 0 }
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spool").field("path", &self.path).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.file.take().is_some()
            && let Err(error) = self.disk.remove(&self.path)
        {
            tracing::warn!(%error, path = %self.path.display(), "a received file could not be removed; the next start does");
        }
    }
}

/// Reads a spool.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    spool: &'a Spool,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.spool.bytes - self.at).unwrap_or(usize::MAX);
        let count = left.min(into.len());
        match &self.spool.file {
            Some(file) => file.read_at(self.at, &mut into[..count])?,
            None => {
                let start = usize::try_from(self.at).expect("it is in memory");
                into[..count].copy_from_slice(&self.spool.memory[start..start + count]);
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use opentrail_stdx::SystemDisk;

    use super::*;

    #[test]
    fn small_and_large_files_come_back_and_leave_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        for pieces in [0, 3, 12] {
            let path = dir.path().join("spooled");
            let mut spool = Spool::new(Arc::new(SystemDisk), path.clone());
            let mut expected = Vec::new();
            for piece in 0..pieces {
                let bytes = vec![piece; (1 << 20) + 7];
                spool.push(&bytes).expect("kept");
                expected.extend_from_slice(&bytes);
            }
            let mut read = Vec::new();
            spool.reader().read_to_end(&mut read).expect("readable");
            assert!(read == expected);
            assert_eq!(spool.sha256(), hex::encode(aws_lc_rs::digest::digest(&SHA256, &expected)));
            assert_eq!(path.exists(), pieces == 12);
            drop(spool);
            assert!(!path.exists());
        }
    }
}
