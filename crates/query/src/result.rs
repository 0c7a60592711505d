//! A result on disk: rows of texts in compressed chunks, and at the end where each chunk begins. Written under another name and
//! moved into place when it is whole, so that a crash leaves the whole result or none. `docs/formats/query-result.md` draws it.

mod read;
mod write;

pub use read::{ResultFile, Rows};
pub use write::ResultWriter;

/// A row as texts; none is NULL.
pub type Row = Vec<Option<String>>;

/// What the file begins and ends with. Persisted: keep stable.
const MAGIC: &[u8; 8] = b"OTQRES01";

/// Chunk size and checksum before each chunk: bytes unpacked, bytes packed, xxh3 of the packed bytes.
const CHUNK_HEAD: usize = 4 + 4 + 8;

/// Behind the directory: its length, its xxh3, the magic.
const TAIL: usize = 4 + 8 + 8;

/// What the end of the file tells.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Directory {
    columns: Vec<String>,
    rows: u64,
    /// Offset and first row of each chunk.
    chunks: Vec<(u64, u64)>,
}

#[cfg(test)]
mod tests;
