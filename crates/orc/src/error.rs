//! What can go wrong, and who mends it.

use crate::ColumnPath;
use std::io;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file's bytes contradict the format, or their own statistics. The file must be made again from its source.
    #[error("corrupt ORC file at {place}: {problem}")]
    Corrupt {
        /// Where, from the outside in: ``stripe 2, column 5 `userIdentity.arn`, DATA stream, byte 17``.
        place: String,
        /// What was found there.
        problem: String,
    },
    /// The file or the request is sound, but this crate can't do it.
    #[error("{place}: {what} is not supported")]
    Unsupported {
        /// Where it was met: a file section or a column.
        place: String,
        /// What it is.
        what: String,
    },
    /// The file below failed. What was being written may or may not be there.
    #[error("cannot {action}")]
    Io {
        /// What was tried, as in `read 4096 bytes at 17`.
        action: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A value that the column's ORC type can't hold. The caller mends the batch and begins the file anew.
    #[error("column `{column}`, row {row}: {problem}")]
    InvalidValue {
        /// Whose value it is.
        column: ColumnPath,
        /// The row of the column's array.
        row: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A batch whose schema is not the writer's.
    #[error("the batch doesn't fit the writer's schema: {problem}")]
    InvalidBatch {
        /// What differs.
        problem: String,
    },
    /// No column has this path.
    #[error("unknown column `{0}`")]
    UnknownColumn(ColumnPath),
    /// An option out of its range.
    #[error("option `{option}`: {problem}")]
    InvalidOption {
        /// The option's name.
        option: &'static str,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// Arrow refused to build an array.
    #[error("arrow: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
}

impl Error {
    /// Bytes that contradict the format.
    pub(crate) fn corrupt(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Corrupt { place: place.into(), problem: problem.into() }
    }

    /// Something this crate can't do.
    pub(crate) fn unsupported(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Unsupported { place: place.into(), what: what.into() }
    }

    /// A failed operation on the file below.
    pub(crate) fn io(action: impl Into<String>, source: io::Error) -> Self {
        Self::Io { action: action.into(), source }
    }
}
