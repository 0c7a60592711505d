//! Log files between the journal and their digest.
//!
//! A row is made in the transaction that moves delivery's cursor past the file's records; from then on the file is owed.
//! It goes when the file is delivered and listed by a digest (or delivered, where no digest is to list it).

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Transaction};

/// A log file: what was written to the staging folder, and how its delivery stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Grows with age. Ignored by [`Transaction::insert_log_file`].
    pub id: i64,
    /// The trail that it is for.
    pub trail_id: i64,
    /// That trail's ARN.
    pub trail_arn: String,
    /// Whose records it holds.
    pub account: String,
    /// The Region of its records.
    pub region: String,
    /// Where it goes.
    pub bucket: String,
    /// Under which key.
    pub key: String,
    /// What encrypts it.
    pub kms_key_id: Option<String>,
    /// The digest chain that lists it, if one does.
    pub chain_started_at: Option<Timestamp>,
    /// SHA-256 of the uncompressed JSON, in hexadecimal.
    pub sha256: String,
    /// How many records it holds.
    pub records: u64,
    /// The least `eventTime` in it.
    pub oldest_event_at: Timestamp,
    /// The greatest `eventTime` in it.
    pub newest_event_at: Timestamp,
    /// When the first of its records reached the journal.
    pub oldest_arrived_at: Timestamp,
    /// Its name in the staging folder.
    pub staged_name: String,
    /// When it was staged.
    pub staged_at: Timestamp,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it was first tried in vain.
    pub first_failed_at: Option<Timestamp>,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
}

/// Which chain's log files are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainPlace {
    /// The trail's ARN: trails of one name share their place, one after the other.
    pub trail_arn: String,
    /// Whose records.
    pub account: String,
    /// Of which Region.
    pub region: String,
}

/// Log files that want a digest, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// The trail that they are for.
    pub trail_id: i64,
    /// Which chain.
    pub place: ChainPlace,
    /// When that chain started.
    pub chain_started_at: Timestamp,
    /// How many of them were neither delivered nor tried in vain.
    pub untried: u64,
    /// How many of them were not delivered, tried or not.
    pub undelivered: u64,
    /// When the last of the delivered ones was delivered.
    pub last_delivered_at: Option<Timestamp>,
}

/// How much is owed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// Log files not delivered yet.
    pub undelivered: u64,
    /// When the first record in them reached the journal.
    pub oldest_undelivered_at: Option<Timestamp>,
    /// Log files that wait for their digest.
    pub unsealed: u64,
    /// When the first of those that are delivered was delivered.
    pub oldest_unsealed_at: Option<Timestamp>,
    /// Digests that are signed and not delivered yet.
    pub undelivered_digests: u64,
}

impl Catalog {
    /// The names in the staging folder that are still needed.
    pub async fn staged_names(&self) -> Result<Vec<String>, Error> {
        let rows =
            sqlx::query("SELECT staged_name FROM log_file WHERE delivered_at_ms IS NULL").fetch_all(self.reader());
        rows.await?.iter().map(|row| Ok(row.try_get("staged_name")?)).collect()
    }

    /// The trails that have log files to be tried by `now`.
    pub async fn trails_with_due_log_files(&self, now: Timestamp) -> Result<Vec<i64>, Error> {
        let rows = sqlx::query(
            "SELECT DISTINCT trail_id FROM log_file \
             WHERE delivered_at_ms IS NULL AND next_attempt_at_ms <= $1 ORDER BY trail_id",
        )
        .bind(now.as_ms())
        .fetch_all(self.reader());
        rows.await?.iter().map(|row| Ok(row.try_get("trail_id")?)).collect()
    }

    /// The oldest of a trail's log files that are to be tried by `now`.
    pub async fn due_log_files(&self, trail_id: i64, now: Timestamp, count_max: u32) -> Result<Vec<LogFile>, Error> {
        let rows = sqlx::query(
            "SELECT * FROM log_file WHERE trail_id = $1 AND delivered_at_ms IS NULL AND next_attempt_at_ms <= $2 \
             ORDER BY id LIMIT $3",
        )
        .bind(trail_id)
        .bind(now.as_ms())
        .bind(count_max)
        .fetch_all(self.reader());
        rows.await?.iter().map(read_log_file).collect()
    }

    /// All log files that want a digest, summed up by chain.
    pub async fn unsealed(&self) -> Result<Vec<Unsealed>, Error> {
        let rows = sqlx::query(
            "SELECT trail_id, trail_arn, account, region, chain_started_at_ms, \
               SUM(delivered_at_ms IS NULL AND first_failed_at_ms IS NULL) AS untried, \
               SUM(delivered_at_ms IS NULL) AS undelivered, \
               MAX(delivered_at_ms) AS last_delivered_at_ms \
             FROM log_file WHERE chain_started_at_ms IS NOT NULL \
             GROUP BY trail_arn, account, region, chain_started_at_ms \
             ORDER BY trail_arn, account, region, chain_started_at_ms",
        )
        .fetch_all(self.reader());
        rows.await?.iter().map(read_unsealed).collect()
    }

    /// What a chain's digests may list: the delivered log files, oldest first.
    pub async fn unsealed_log_files(
        &self,
        place: &ChainPlace,
        chain_started_at: Option<Timestamp>,
    ) -> Result<Vec<LogFile>, Error> {
        let rows = sqlx::query(
            "SELECT * FROM log_file WHERE trail_arn = $1 AND account = $2 AND region = $3 \
             AND chain_started_at_ms IS NOT NULL AND ($4 IS NULL OR chain_started_at_ms = $4) \
             AND delivered_at_ms IS NOT NULL ORDER BY id",
        )
        .bind(&place.trail_arn)
        .bind(&place.account)
        .bind(&place.region)
        .bind(chain_started_at.map(Timestamp::as_ms))
        .fetch_all(self.reader());
        rows.await?.iter().map(read_log_file).collect()
    }

    /// How much delivery owes.
    pub async fn owed(&self) -> Result<Owed, Error> {
        let row = sqlx::query(
            "SELECT COALESCE(SUM(delivered_at_ms IS NULL), 0) AS undelivered, \
               MIN(CASE WHEN delivered_at_ms IS NULL THEN oldest_arrived_at_ms END) AS oldest_undelivered_at_ms, \
               COALESCE(SUM(chain_started_at_ms IS NOT NULL), 0) AS unsealed, \
               MIN(CASE WHEN chain_started_at_ms IS NOT NULL THEN delivered_at_ms END) AS oldest_unsealed_at_ms, \
               (SELECT COUNT(*) FROM digest) AS undelivered_digests FROM log_file",
        )
        .fetch_one(self.reader())
        .await?;
        Ok(Owed {
            undelivered: read_count(&row, "undelivered")?,
            oldest_undelivered_at: read_time(&row, "oldest_undelivered_at_ms")?,
            unsealed: read_count(&row, "unsealed")?,
            oldest_unsealed_at: read_time(&row, "oldest_unsealed_at_ms")?,
            undelivered_digests: read_count(&row, "undelivered_digests")?,
        })
    }
}

impl Transaction {
    /// Adds a staged log file, due at once.
    pub async fn insert_log_file(&mut self, file: &LogFile) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO log_file (trail_id, trail_arn, account, region, bucket, key, kms_key_id, chain_started_at_ms, \
               sha256, records, oldest_event_at_ms, newest_event_at_ms, oldest_arrived_at_ms, staged_name, \
               staged_at_ms, next_attempt_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
        )
        .bind(file.trail_id)
        .bind(&file.trail_arn)
        .bind(&file.account)
        .bind(&file.region)
        .bind(&file.bucket)
        .bind(&file.key)
        .bind(&file.kms_key_id)
        .bind(file.chain_started_at.map(Timestamp::as_ms))
        .bind(&file.sha256)
        .bind(i64::try_from(file.records).unwrap_or(i64::MAX))
        .bind(file.oldest_event_at.as_ms())
        .bind(file.newest_event_at.as_ms())
        .bind(file.oldest_arrived_at.as_ms())
        .bind(&file.staged_name)
        .bind(file.staged_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes that a log file was delivered. One that no digest is to list is forgotten.
    pub async fn log_file_delivered(&mut self, id: i64, at: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM log_file WHERE id = $1 AND chain_started_at_ms IS NULL")
            .bind(id)
            .execute(self.connection())
            .await?;
        sqlx::query("UPDATE log_file SET delivered_at_ms = $2 WHERE id = $1 AND delivered_at_ms IS NULL")
            .bind(id)
            .bind(at.as_ms())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes that a log file was tried in vain, and puts off all of its trail's log files that are due: their turn has
    /// come, and the bucket wasn't there.
    pub async fn log_file_failed(
        &mut self,
        id: i64,
        trail_id: i64,
        at: Timestamp,
        next_attempt_at: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE log_file SET attempts = attempts + 1 WHERE id = $1")
            .bind(id)
            .execute(self.connection())
            .await?;
        sqlx::query(
            "UPDATE log_file SET first_failed_at_ms = COALESCE(first_failed_at_ms, $2), next_attempt_at_ms = $3 \
             WHERE trail_id = $1 AND delivered_at_ms IS NULL AND next_attempt_at_ms <= $2",
        )
        .bind(trail_id)
        .bind(at.as_ms())
        .bind(next_attempt_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Gives up the log files that were staged before `staged_before` and tried in vain ever since. Answers their keys.
    pub async fn give_up_log_files(&mut self, staged_before: Timestamp) -> Result<Vec<(String, String)>, Error> {
        let rows = sqlx::query(
            "DELETE FROM log_file WHERE delivered_at_ms IS NULL AND first_failed_at_ms IS NOT NULL \
             AND staged_at_ms < $1 RETURNING bucket, key",
        )
        .bind(staged_before.as_ms())
        .fetch_all(self.connection());
        rows.await?.iter().map(|row| Ok((row.try_get("bucket")?, row.try_get("key")?))).collect()
    }

    /// Forgets a log file that a digest lists.
    pub async fn log_file_sealed(&mut self, id: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM log_file WHERE id = $1").bind(id).execute(self.connection()).await?;
        Ok(())
    }
}

fn read_log_file(row: &SqliteRow) -> Result<LogFile, Error> {
    Ok(LogFile {
        id: row.try_get("id")?,
        trail_id: row.try_get("trail_id")?,
        trail_arn: row.try_get("trail_arn")?,
        account: row.try_get("account")?,
        region: row.try_get("region")?,
        bucket: row.try_get("bucket")?,
        key: row.try_get("key")?,
        kms_key_id: row.try_get("kms_key_id")?,
        chain_started_at: read_time(row, "chain_started_at_ms")?,
        sha256: row.try_get("sha256")?,
        records: read_count(row, "records")?,
        oldest_event_at: Timestamp::from_ms(row.try_get("oldest_event_at_ms")?),
        newest_event_at: Timestamp::from_ms(row.try_get("newest_event_at_ms")?),
        oldest_arrived_at: Timestamp::from_ms(row.try_get("oldest_arrived_at_ms")?),
        staged_name: row.try_get("staged_name")?,
        staged_at: Timestamp::from_ms(row.try_get("staged_at_ms")?),
        attempts: u32::try_from(read_count(row, "attempts")?).unwrap_or(u32::MAX),
        first_failed_at: read_time(row, "first_failed_at_ms")?,
        delivered_at: read_time(row, "delivered_at_ms")?,
    })
}

fn read_unsealed(row: &SqliteRow) -> Result<Unsealed, Error> {
    Ok(Unsealed {
        trail_id: row.try_get("trail_id")?,
        place: ChainPlace {
            trail_arn: row.try_get("trail_arn")?,
            account: row.try_get("account")?,
            region: row.try_get("region")?,
        },
        chain_started_at: Timestamp::from_ms(row.try_get("chain_started_at_ms")?),
        untried: read_count(row, "untried")?,
        undelivered: read_count(row, "undelivered")?,
        last_delivered_at: read_time(row, "last_delivered_at_ms")?,
    })
}

fn read_time(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_ms))
}

fn read_count(row: &SqliteRow, column: &str) -> Result<u64, Error> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|error| Error::corrupt(format!("log_file.{column}"), error))
}
