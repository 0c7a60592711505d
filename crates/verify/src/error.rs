//! Why nothing could be proven.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

/// Nothing was proven, for or against.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path leads to no folder.
    #[error("cannot look into `{}`: {source}", path.display())]
    NoFolder {
        /// The path.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// A folder can't be listed.
    #[error("cannot list `{}`", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// A bucket can't be listed.
    #[error("cannot list the objects: {0}")]
    Bucket(String),
    /// Whoever has the keys, or knows what was delivered, didn't tell.
    #[error(transparent)]
    Untold(Box<dyn StdError + Send + Sync>),
    /// A worker thread stopped.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
}
