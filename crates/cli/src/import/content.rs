//! A file's bytes and their hash, ready to be sent, twice if need be.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use bytes::Bytes;
use futures::TryStreamExt;
use opentrail_seal::hash::Sha256;
use tokio::io::AsyncReadExt as _;
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

/// Most bytes that are kept in memory; what is larger waits in a temporary file.
const MEMORY_BYTES_MAX: usize = 32 << 20;
const READ_BYTES: usize = 256 << 10;

/// What is to be sent.
#[derive(Debug)]
pub(super) struct Content {
    held: Held,
    /// Its SHA-256 in hexadecimal.
    pub(super) sha256: String,
    /// Its size.
    pub(super) bytes: u64,
}

#[derive(Debug)]
enum Held {
    Memory(Bytes),
    /// Open, and perhaps without a name any more.
    File(std::fs::File),
}

impl Content {
    /// A file of this machine.
    pub(super) async fn of_file(path: &Path) -> std::io::Result<Self> {
        let path = path.to_owned();
        spawn_blocking(move || Self::of_open_file(std::fs::File::open(path)?)).await?
    }

    /// The standard input, to its end.
    pub(super) async fn of_stdin() -> std::io::Result<Self> {
        spawn_blocking(|| {
            let mut gathering = Gathering::default();
            let (mut input, mut buffer) = (std::io::stdin().lock(), vec![0; READ_BYTES]);
            loop {
                match input.read(&mut buffer)? {
                    0 => return gathering.done(),
                    count => gathering.push(&buffer[..count])?,
                }
            }
        })
        .await?
    }

    /// A stream of bytes, to its end.
    pub(super) async fn of_stream(
        mut stream: impl futures::Stream<Item = object_store::Result<Bytes>> + Unpin,
    ) -> anyhow::Result<Self> {
        let mut gathering = Gathering::default();
        while let Some(bytes) = stream.try_next().await? {
            gathering.push(&bytes)?;
        }
        Ok(gathering.done()?)
    }

    fn of_open_file(mut file: std::fs::File) -> std::io::Result<Self> {
        let bytes = file.metadata()?.len();
        if bytes <= MEMORY_BYTES_MAX as u64 {
            let mut held = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
            file.read_to_end(&mut held)?;
            let mut hash = Sha256::new();
            hash.update(&held);
            return Ok(Self { bytes: held.len() as u64, held: Held::Memory(held.into()), sha256: hash.finish_hex() });
        }
        let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; READ_BYTES], 0);
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok(Self { held: Held::File(file), sha256: hash.finish_hex(), bytes });
            }
            hash.update(&buffer[..count]);
            bytes += count as u64;
        }
    }

    /// The bytes, to be sent once. A file that changes meanwhile is not what its hash says, and will be refused.
    pub(super) async fn body(&self) -> std::io::Result<reqwest::Body> {
        match &self.held {
            Held::Memory(bytes) => Ok(bytes.clone().into()),
            Held::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                let file = tokio::fs::File::from_std(file).take(self.bytes);
                Ok(reqwest::Body::wrap_stream(ReaderStream::with_capacity(file, READ_BYTES)))
            }
        }
    }
}

/// Bytes of unknown length, as they come.
#[derive(Default)]
struct Gathering {
    memory: Vec<u8>,
    file: Option<std::fs::File>,
    hash: Sha256,
    bytes: u64,
}

impl Gathering {
    fn push(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        if self.file.is_none() && self.memory.len() + bytes.len() > MEMORY_BYTES_MAX {
            let mut file = tempfile::tempfile()?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => self.memory.write_all(bytes),
        }
    }

    fn done(self) -> std::io::Result<Content> {
        let held = self.file.map_or_else(|| Held::Memory(self.memory.into()), Held::File);
        Ok(Content { held, sha256: self.hash.finish_hex(), bytes: self.bytes })
    }
}
