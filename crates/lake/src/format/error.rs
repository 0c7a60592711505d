//! What can be wrong with a segment.

use std::io;
use std::path::{Path, PathBuf};

use opentrail_model::RecordError;

/// A segment could not be read or written. Whatever it says, no wrong answer was given: the segment's files can be made
/// again from one another or from the journal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatError {
    /// The disk failed, or a file is missing or shorter than it should be.
    #[error("`{path}` can't be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// The file's bytes are not what was written.
    #[error("`{path}` is damaged in {place}: {problem}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// A record can't be stored: it is no JSON object.
    #[error("the record at journal position {position} can't be stored")]
    Record {
        /// Where it came from.
        position: u64,
        /// What is wrong with it.
        #[source]
        source: RecordError,
    },
    /// A segment holds at least one record and at most `u32::MAX`.
    #[error("a segment can't hold {rows} records")]
    RowCount {
        /// So many.
        rows: u64,
    },
    /// Rows must come in ascending order of their places, each place once.
    #[error("the row at journal position {position} is out of order")]
    OutOfOrder {
        /// The row that should have come before.
        position: u64,
    },
}

impl FormatError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_path_buf(), source }
    }

    pub(crate) fn damaged(path: &Path, place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_path_buf(), place: place.into(), problem: problem.into() }
    }
}
