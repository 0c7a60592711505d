//! What can go wrong with the catalog, by who can mend it.

use sqlx::migrate::MigrateError;

/// Why the catalog didn't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the database doesn't serve us now. When [`crate::Transaction::commit`] returned this, the change
    /// may have been kept all the same: read to know.
    #[error("the catalog is unavailable: {hint}")]
    Unavailable {
        /// What an operator can do.
        hint: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// Somebody else changed or made the same thing first: read again, then decide again.
    #[error("the catalog was changed by another call at the same time")]
    Conflict,
    /// Stored bytes that can't be what we wrote.
    #[error("the catalog holds damaged data in `{place}`: {reason}")]
    Corrupt {
        /// Table and row.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file was written by a version of OpenTrail that this one can't follow.
    #[error("the catalog can't be brought to this version's form; run the newest OpenTrail that has opened it")]
    Migration(#[source] MigrateError),
}

impl Error {
    /// Damaged data at `place`.
    pub fn corrupt(place: impl Into<String>, reason: impl ToString) -> Self {
        Self::Corrupt { place: place.into(), reason: reason.to_string() }
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Conflict,
            sqlx::Error::Database(error) => match primary_code(error.code().as_deref()) {
                SQLITE_CORRUPT | SQLITE_NOTADB => Self::corrupt("database file", error.message()),
                code => Self::Unavailable { hint: hint(code), source },
            },
            sqlx::Error::ColumnDecode { index, source } => Self::corrupt(format!("column {index}"), source),
            sqlx::Error::Decode(source) => Self::corrupt("a column", source),
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable { hint: "too many calls wait for it; they may try again", source }
            }
            _ => Self::Unavailable { hint: "its database failed", source },
        }
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => source.into(),
            other => Self::Migration(other),
        }
    }
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_NOTADB: u32 = 26;

/// SQLite keeps the primary result code in the lowest byte of an extended one.
fn primary_code(code: Option<&str>) -> u32 {
    code.and_then(|code| code.parse::<u32>().ok()).unwrap_or(0) & 0xff
}

fn hint(code: u32) -> &'static str {
    match code {
        SQLITE_FULL => "its disk is full; free some space and writes go on by themselves",
        SQLITE_IOERR => "its disk failed to read or write; once the disk works again, so do we",
        SQLITE_BUSY => "another process holds it; end that process or wait for it",
        SQLITE_READONLY => "its file can't be written; check the owner and mode of the data folder",
        SQLITE_CANTOPEN => "its file can't be opened; check that the data folder exists and is ours",
        _ => "its database refused a statement",
    }
}
