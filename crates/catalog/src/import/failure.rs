//! What of an import failed.

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Transaction};

/// What became of something that failed. The names are CloudTrail's, and persisted: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureStatus {
    /// It failed, and nobody has asked for it again.
    Failed,
    /// It is about to be tried again.
    Retry,
    /// It was tried again, and went well.
    Succeeded,
}

impl FailureStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Failed, Self::Retry, Self::Succeeded];

    /// CloudTrail's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "FAILED",
            Self::Retry => "RETRY",
            Self::Succeeded => "SUCCEEDED",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// A file that could not be copied, or a prefix that could not be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFailure {
    /// Grows with each failure.
    pub number: i64,
    /// The file's key, or the prefix.
    pub key: String,
    /// It is a prefix.
    pub is_prefix: bool,
    /// What became of it.
    pub status: FailureStatus,
    /// The kind of error: `AccessDenied` and its like.
    pub error_type: String,
    /// What happened.
    pub error_message: String,
    /// When it was last tried.
    pub updated_at: Timestamp,
}

impl Catalog {
    /// What of an import failed, by number, from after `after` on, in one status or in all.
    pub async fn import_failures(
        &self,
        import_number: i64,
        after: i64,
        status: Option<FailureStatus>,
        limit: u32,
    ) -> Result<Vec<ImportFailure>, Error> {
        let rows = sqlx::query(
            "SELECT * FROM import_failure WHERE import_number = $1 AND number > $2 AND ($3 IS NULL OR status = $3) \
             ORDER BY number LIMIT $4",
        )
        .bind(import_number)
        .bind(after)
        .bind(status.map(FailureStatus::as_str))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// All that failed is to be tried again.
    pub(super) async fn retry_import_failures(&mut self, import_number: i64, at: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "UPDATE import_failure SET status = 'RETRY', updated_at_ms = $1 \
             WHERE import_number = $2 AND status = 'FAILED'",
        )
        .bind(at.as_ms())
        .bind(import_number)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<ImportFailure, Error> {
    let (number, status): (i64, String) = (row.try_get("number")?, row.try_get("status")?);
    let unknown = || Error::corrupt(format!("import failure {number}"), format!("unknown status `{status}`"));
    Ok(ImportFailure {
        number,
        key: row.try_get("key")?,
        is_prefix: row.try_get("is_prefix")?,
        status: FailureStatus::parse(&status).ok_or_else(unknown)?,
        error_type: row.try_get("error_type")?,
        error_message: row.try_get("error_message")?,
        updated_at: Timestamp::from_ms(row.try_get("updated_at_ms")?),
    })
}
