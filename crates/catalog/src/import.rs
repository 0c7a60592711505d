//! Imports: copies of log files into event data stores, how far each is, and what of it failed.
//!
//! All but its status is said by the run that copies. A run's word counts while the import is active and no later run was
//! begun, so that one that was stopped and has not noticed yet changes nothing.

mod failure;
mod progress;
mod status;

use opentrail_model::{AccountId, EventDataStoreArn, Region};
use opentrail_stdx::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};

use crate::object::{signed, unsigned};
use crate::{Catalog, Error, Transaction};
pub use failure::{FailureStatus, ImportFailure};
pub use progress::{FailedEntry, ImportProgress, ImportRun};
pub use status::ImportStatus;

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Grows with each import; 0 until the catalog has it.
    pub number: i64,
    /// A UUID.
    pub id: String,
    /// Whose import it is.
    pub account: AccountId,
    /// Where it was asked for.
    pub region: Region,
    /// The event data store that takes the records.
    pub store: EventDataStoreArn,
    /// Where the files are, as it was asked for: `s3://bucket/prefix`.
    pub location_uri: String,
    /// The Region of the bucket, as it was told.
    pub bucket_region: String,
    /// The role that reads the bucket.
    pub role_arn: String,
    /// Files from this time on.
    pub from: Option<Timestamp>,
    /// Files up to this time.
    pub to: Option<Timestamp>,
    /// How far it is.
    pub status: ImportStatus,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something was last noted of it.
    pub updated_at: Timestamp,
    /// Grows with each retry.
    pub run: i64,
    /// All keys up to this one were dealt with; what failed of them is in the list of failures.
    pub after_key: Option<String>,
    /// There is no key behind it.
    pub is_listed: bool,
    /// What was done.
    pub statistics: ImportStatistics,
}

/// What an import has done, over all its runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportStatistics {
    /// Folders in which files were found.
    pub prefixes_found: u64,
    /// Of these, the ones whose files were all dealt with.
    pub prefixes_completed: u64,
    /// Files that were copied whole.
    pub files_completed: u64,
    /// Records that were copied.
    pub events_completed: u64,
    /// What failed, and has not succeeded since.
    pub failed_entries: u64,
}

/// The columns of an import, with the count of its failures.
const SELECT: &str = "SELECT *, (SELECT count(*) FROM import_failure WHERE import_number = import.number \
     AND import_failure.status <> 'SUCCEEDED') AS failed_entries FROM import ";

impl Catalog {
    /// The import of this id.
    pub async fn import(&self, id: &str) -> Result<Option<Import>, Error> {
        by_id(self.reader(), id).await
    }

    /// All imports of an account in a Region, by age.
    pub async fn imports_of(&self, account: &AccountId, region: &Region) -> Result<Vec<Import>, Error> {
        let text = format!("{SELECT} WHERE account = $1 AND region = $2 ORDER BY number");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(account.as_str())
            .bind(region.as_str())
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// The imports that have not ended, by age.
    pub async fn active_imports(&self) -> Result<Vec<Import>, Error> {
        let text = format!("{SELECT} WHERE status IN ('INITIALIZING', 'IN_PROGRESS') ORDER BY number");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// The import of this id.
    pub async fn import(&mut self, id: &str) -> Result<Option<Import>, Error> {
        by_id(self.connection(), id).await
    }

    /// Whether an import of an account in a Region has not ended.
    pub async fn has_active_import(&mut self, account: &AccountId, region: &Region) -> Result<bool, Error> {
        let row = sqlx::query(
            "SELECT 1 FROM import WHERE status IN ('INITIALIZING', 'IN_PROGRESS') AND account = $1 AND region = $2",
        )
        .bind(account.as_str())
        .bind(region.as_str())
        .fetch_optional(self.connection())
        .await?;
        Ok(row.is_some())
    }

    /// Whether an import into an event data store has not ended.
    pub async fn is_import_ongoing(&mut self, store: &EventDataStoreArn) -> Result<bool, Error> {
        let row =
            sqlx::query("SELECT 1 FROM import WHERE status IN ('INITIALIZING', 'IN_PROGRESS') AND store_arn = $1")
                .bind(store.to_string())
                .fetch_optional(self.connection())
                .await?;
        Ok(row.is_some())
    }

    /// Adds an import of which nothing was done yet. Its number is the catalog's to give.
    pub async fn insert_import(&mut self, import: &Import) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO import (id, account, region, store_arn, location_uri, bucket_region, role_arn, start_ms, end_ms, \
             status, created_at_ms, updated_at_ms, run, is_listed, prefixes_found, prefixes_completed, files_completed, \
             events_completed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, FALSE, 0, 0, 0, 0)",
        )
        .bind(&import.id)
        .bind(import.account.as_str())
        .bind(import.region.as_str())
        .bind(import.store.to_string())
        .bind(&import.location_uri)
        .bind(&import.bucket_region)
        .bind(&import.role_arn)
        .bind(import.from.map(Timestamp::as_ms))
        .bind(import.to.map(Timestamp::as_ms))
        .bind(import.status.as_str())
        .bind(import.created_at.as_ms())
        .bind(import.run)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Begins an import anew that failed or was stopped: what failed is tried again, and what was not come to yet is
    /// done. False: it is in another status, and stays as it was.
    pub async fn retry_import(&mut self, import: &Import, at: Timestamp) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE import SET status = 'INITIALIZING', run = run + 1, updated_at_ms = $1 \
             WHERE number = $2 AND status IN ('FAILED', 'STOPPED')",
        )
        .bind(at.as_ms())
        .bind(import.number)
        .execute(self.connection())
        .await?;
        let is_begun = done.rows_affected() > 0;
        if is_begun {
            self.retry_import_failures(import.number, at).await?;
        }
        Ok(is_begun)
    }

    /// Stops an import. False: it had ended before, and stays as it was.
    pub async fn stop_import(&mut self, id: &str, at: Timestamp) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE import SET status = 'STOPPED', updated_at_ms = $1 \
             WHERE id = $2 AND status IN ('INITIALIZING', 'IN_PROGRESS')",
        )
        .bind(at.as_ms())
        .bind(id)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets imports that ended before an instant, and what failed of them.
    pub async fn forget_imports(&mut self, before: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM import WHERE updated_at_ms < $1 AND status NOT IN ('INITIALIZING', 'IN_PROGRESS')")
            .bind(before.as_ms())
            .execute(self.connection())
            .await?;
        sqlx::query("DELETE FROM import_failure WHERE import_number NOT IN (SELECT number FROM import)")
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

async fn by_id<'c>(executor: impl SqliteExecutor<'c>, id: &str) -> Result<Option<Import>, Error> {
    let text = format!("{SELECT} WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(id).fetch_optional(executor).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &SqliteRow) -> Result<Import, Error> {
    let id: String = row.try_get("id")?;
    let place = |member: &str| format!("{member} of import {id}");
    let text = |name: &str| -> Result<String, Error> { Ok(row.try_get(name)?) };
    let count = |name: &str| -> Result<u64, Error> { unsigned(row.try_get(name)?, &place(name)) };
    let time = |name: &str| -> Result<Timestamp, Error> { Ok(Timestamp::from_ms(row.try_get(name)?)) };
    let bound = |name: &str| -> Result<Option<Timestamp>, Error> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(Timestamp::from_ms))
    };
    let (status, store) = (text("status")?, text("store_arn")?);
    let store = store.parse().map_err(|_| Error::corrupt(place("store_arn"), format!("not an ARN: `{store}`")))?;
    Ok(Import {
        number: row.try_get("number")?,
        account: text("account")?.parse().map_err(|error| Error::corrupt(place("account"), error))?,
        region: text("region")?.parse().map_err(|error| Error::corrupt(place("region"), error))?,
        store,
        location_uri: text("location_uri")?,
        bucket_region: text("bucket_region")?,
        role_arn: text("role_arn")?,
        from: bound("start_ms")?,
        to: bound("end_ms")?,
        status: ImportStatus::parse(&status)
            .ok_or_else(|| Error::corrupt(place("status"), format!("unknown value `{status}`")))?,
        created_at: time("created_at_ms")?,
        updated_at: time("updated_at_ms")?,
        run: row.try_get("run")?,
        after_key: row.try_get("after_key")?,
        is_listed: row.try_get("is_listed")?,
        statistics: ImportStatistics {
            prefixes_found: count("prefixes_found")?,
            prefixes_completed: count("prefixes_completed")?,
            files_completed: count("files_completed")?,
            events_completed: count("events_completed")?,
            failed_entries: count("failed_entries")?,
        },
        id,
    })
}

#[cfg(test)]
mod tests;
