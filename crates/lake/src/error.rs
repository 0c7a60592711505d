//! Why a step of the engine, or a lookup, stopped.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

use opentrail_journal::ReadError;

/// A step of the engine stopped, or a lookup. Nothing is lost: the next tick goes on from what the catalog says.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] ReadError),
    /// A folder of the lake can't be made, read or cleaned.
    #[error("could not {doing} `{}`; check its disk", path.display())]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// A segment can't be written or read.
    #[error("could not {doing} a segment; check the disk of the data folder")]
    Segment {
        /// What was tried.
        doing: &'static str,
        /// Which file and why.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A scan's predicate doesn't fit the columns.
    #[error("the condition of a scan can't be told by its columns")]
    Predicate(#[source] opentrail_orc::Error),
    /// Whether a record was imported before can't be told until a segment is mended, which is tried.
    #[error("segment `{name}` must be mended before more can be imported")]
    Suspect {
        /// The segment.
        name: String,
    },
    /// A worker thread stopped.
    #[error("a worker thread of the lake stopped")]
    Worker(#[from] tokio::task::JoinError),
}
