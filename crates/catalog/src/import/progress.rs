//! What a run of an import says.

use opentrail_stdx::Timestamp;

use super::{Import, ImportStatus, signed};
use crate::{Error, Transaction};

/// A run of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportRun {
    import_number: i64,
    run: i64,
}

impl Import {
    /// The run that is under way or would be.
    pub fn this_run(&self) -> ImportRun {
        ImportRun { import_number: self.number, run: self.run }
    }
}

/// What was done since it was last noted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// All keys up to this one were dealt with; none: those up to the one noted last.
    pub after_key: Option<String>,
    /// There is no key behind it.
    pub is_listed: bool,
    /// Folders that were found.
    pub prefixes_found: u64,
    /// Folders whose files were all dealt with.
    pub prefixes_completed: u64,
    /// Files that were copied.
    pub files: u64,
    /// Records in them.
    pub events: u64,
    /// What failed, perhaps again.
    pub failed: Vec<FailedEntry>,
    /// What had failed and went well now: its key, and whether that is a prefix.
    pub succeeded: Vec<(String, bool)>,
}

/// Something that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedEntry {
    /// The file's key, or the prefix.
    pub key: String,
    /// It is a prefix.
    pub is_prefix: bool,
    /// The kind of error.
    pub error_type: String,
    /// What happened.
    pub error_message: String,
}

impl Transaction {
    /// Notes that a run copies files. False: its word doesn't count.
    pub async fn begin_import(&mut self, run: ImportRun, at: Timestamp) -> Result<bool, Error> {
        self.set_import_status(run, ImportStatus::InProgress, at).await
    }

    /// Notes that a run has come to its end: whole, or with failures. False: its word doesn't count.
    pub async fn end_import(&mut self, run: ImportRun, at: Timestamp) -> Result<bool, Error> {
        let failed = sqlx::query("SELECT 1 FROM import_failure WHERE import_number = $1 AND status <> 'SUCCEEDED'")
            .bind(run.import_number)
            .fetch_optional(self.connection())
            .await?;
        let status = if failed.is_some() { ImportStatus::Failed } else { ImportStatus::Completed };
        self.set_import_status(run, status, at).await
    }

    async fn set_import_status(&mut self, run: ImportRun, status: ImportStatus, at: Timestamp) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE import SET status = $1, updated_at_ms = $2 \
             WHERE number = $3 AND run = $4 AND status IN ('INITIALIZING', 'IN_PROGRESS')",
        )
        .bind(status.as_str())
        .bind(at.as_ms())
        .bind(run.import_number)
        .bind(run.run)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes what a run has done. False: its word doesn't count, and nothing was noted.
    pub async fn note_import_progress(
        &mut self,
        run: ImportRun,
        progress: &ImportProgress,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE import SET after_key = coalesce($1, after_key), is_listed = is_listed OR $2, \
             prefixes_found = prefixes_found + $3, prefixes_completed = prefixes_completed + $4, \
             files_completed = files_completed + $5, events_completed = events_completed + $6, updated_at_ms = $7 \
             WHERE number = $8 AND run = $9 AND status IN ('INITIALIZING', 'IN_PROGRESS')",
        )
        .bind(&progress.after_key)
        .bind(progress.is_listed)
        .bind(signed(progress.prefixes_found))
        .bind(signed(progress.prefixes_completed))
        .bind(signed(progress.files))
        .bind(signed(progress.events))
        .bind(at.as_ms())
        .bind(run.import_number)
        .bind(run.run)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        for entry in &progress.failed {
            self.note_import_failure(run, entry, at).await?;
        }
        for (key, is_prefix) in &progress.succeeded {
            sqlx::query(
                "UPDATE import_failure SET status = 'SUCCEEDED', updated_at_ms = $1 \
                 WHERE import_number = $2 AND key = $3 AND is_prefix = $4",
            )
            .bind(at.as_ms())
            .bind(run.import_number)
            .bind(key)
            .bind(is_prefix)
            .execute(self.connection())
            .await?;
        }
        Ok(true)
    }

    async fn note_import_failure(&mut self, run: ImportRun, entry: &FailedEntry, at: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO import_failure (import_number, key, is_prefix, status, error_type, error_message, updated_at_ms) \
             VALUES ($1, $2, $3, 'FAILED', $4, $5, $6) ON CONFLICT (import_number, key, is_prefix) DO UPDATE SET \
             status = 'FAILED', error_type = $4, error_message = $5, updated_at_ms = $6",
        )
        .bind(run.import_number)
        .bind(&entry.key)
        .bind(entry.is_prefix)
        .bind(&entry.error_type)
        .bind(&entry.error_message)
        .bind(at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
