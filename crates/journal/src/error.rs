//! What can go wrong, per operation.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::Position;

/// Stored bytes that are not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("corrupt journal: {problem} in `{}` at byte {offset}; restore this file from a copy", file.display())]
pub struct Corrupt {
    /// The segment file.
    pub file: PathBuf,
    /// Where in the file, in bytes.
    pub offset: u64,
    /// What is wrong there.
    pub problem: String,
}

/// Why a journal could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the journal in `{}` is in use by another process; stop that one first", dir.display())]
    InUse {
        /// The journal's folder.
        dir: PathBuf,
    },
    /// Its bytes are damaged before the last whole batch.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The disk refused.
    #[error("can't open the journal in `{}`; check that the disk is healthy, writable and not full", dir.display())]
    Io {
        /// The journal's folder.
        dir: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
}

/// Why records were not acknowledged. None of them is durable for sure; some may still be kept, once.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// Too many bytes are waiting for the disk: come back later. Nothing was written.
    #[error("the journal has {queued_bytes} bytes waiting for the disk; try again shortly")]
    Busy {
        /// How many bytes are waiting.
        queued_bytes: u64,
    },
    /// The append can never succeed. Nothing was written.
    #[error("{what} has {bytes} bytes, more than the {bytes_max} that the journal takes")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// The bound.
        bytes_max: u64,
    },
    /// The disk refused: nothing is acknowledged until it recovers, which is tried at each append and each second.
    #[error("the journal can't write; free space or mend the disk, it recovers by itself")]
    Unavailable {
        /// What the disk said.
        #[source]
        source: Arc<io::Error>,
    },
}

/// Why records could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The position was trimmed away.
    #[error("position {from} was trimmed; the journal starts at {start}")]
    Trimmed {
        /// The position asked for.
        from: Position,
        /// The first one there is.
        start: Position,
    },
    /// The stored bytes are damaged.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// The disk refused.
    #[error("can't read the journal file `{}`", file.display())]
    Io {
        /// The segment file.
        file: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
}

/// Why old segments could not be removed. Trimming again takes up where it stopped.
#[derive(Debug, thiserror::Error)]
#[error("can't remove the journal file `{}`", file.display())]
pub struct TrimError {
    /// The segment file.
    pub file: PathBuf,
    /// What the disk said.
    #[source]
    pub source: io::Error,
}
