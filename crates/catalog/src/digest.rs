//! Digest chains, and digests between their signature and their bucket.

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::log_file::ChainPlace;
use crate::{Catalog, Error, Transaction};

/// A chain of digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChain {
    /// Grows with age.
    pub id: i64,
    /// The trail that it is of.
    pub trail_id: i64,
    /// Where it is.
    pub place: ChainPlace,
    /// The trail's `chain_started_at`; none for a backfill chain, of which each place has one.
    pub started_at: Option<Timestamp>,
    /// The end of its newest digest, where the next window begins.
    pub end_at: Timestamp,
    /// No more digests will follow.
    pub is_closed: bool,
    /// Its newest digest.
    pub last: Option<DigestLink>,
}

/// What a digest says of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestLink {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// SHA-256 of its uncompressed JSON, in hexadecimal.
    pub sha256: String,
    /// Its signature, in hexadecimal.
    pub signature: String,
}

/// A signed digest on its way to its bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Grows with age. Ignored by [`Transaction::insert_digest`].
    pub id: i64,
    /// The trail that it is of.
    pub trail_id: i64,
    /// Where its chain is.
    pub place: ChainPlace,
    /// Where it goes.
    pub bucket: String,
    /// Under which key.
    pub key: String,
    /// What encrypts it.
    pub kms_key_id: Option<String>,
    /// The object's bytes, compressed.
    pub body: Vec<u8>,
    /// Its signature, in hexadecimal.
    pub signature: String,
    /// When a backfill digest was made; none for a regular one.
    pub backfilled_at: Option<Timestamp>,
    /// When it was signed.
    pub sealed_at: Timestamp,
    /// How often it was tried in vain.
    pub attempts: u32,
}

impl Catalog {
    /// All chains, oldest first.
    pub async fn digest_chains(&self) -> Result<Vec<DigestChain>, Error> {
        let rows = sqlx::query("SELECT * FROM digest_chain ORDER BY id").fetch_all(self.reader());
        rows.await?.iter().map(read_chain).collect()
    }

    /// The trails that have digests to be tried by `now`.
    pub async fn trails_with_due_digests(&self, now: Timestamp) -> Result<Vec<i64>, Error> {
        let rows = sqlx::query("SELECT DISTINCT trail_id FROM digest WHERE next_attempt_at_ms <= $1 ORDER BY trail_id")
            .bind(now.as_ms())
            .fetch_all(self.reader());
        rows.await?.iter().map(|row| Ok(row.try_get("trail_id")?)).collect()
    }

    /// The oldest of a trail's digests that are to be tried by `now`.
    pub async fn due_digests(&self, trail_id: i64, now: Timestamp, count_max: u32) -> Result<Vec<Digest>, Error> {
        let rows =
            sqlx::query("SELECT * FROM digest WHERE trail_id = $1 AND next_attempt_at_ms <= $2 ORDER BY id LIMIT $3")
                .bind(trail_id)
                .bind(now.as_ms())
                .bind(count_max)
                .fetch_all(self.reader());
        rows.await?.iter().map(read_digest).collect()
    }
}

impl Transaction {
    /// Opens a chain that has no digest yet. [`Error::Conflict`] when there is one.
    pub async fn insert_digest_chain(&mut self, chain: &DigestChain) -> Result<i64, Error> {
        let row = sqlx::query(
            "INSERT INTO digest_chain (trail_id, trail_arn, account, region, is_backfill, started_at_ms, end_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(chain.trail_id)
        .bind(&chain.place.trail_arn)
        .bind(&chain.place.account)
        .bind(&chain.place.region)
        .bind(chain.started_at.is_none())
        .bind(chain.started_at.map_or(0, Timestamp::as_ms))
        .bind(chain.end_at.as_ms())
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get("id")?)
    }

    /// Moves a chain's head to a new digest. [`Error::Conflict`] when its newest digest doesn't end at `from`.
    pub async fn extend_digest_chain(
        &mut self,
        id: i64,
        from: Timestamp,
        to: Timestamp,
        last: &DigestLink,
        is_closed: bool,
    ) -> Result<(), Error> {
        let done = sqlx::query(
            "UPDATE digest_chain SET end_at_ms = $3, last_bucket = $4, last_key = $5, last_sha256 = $6, \
             last_signature = $7, is_closed = $8 WHERE id = $1 AND end_at_ms = $2 AND NOT is_closed",
        )
        .bind(id)
        .bind(from.as_ms())
        .bind(to.as_ms())
        .bind(&last.bucket)
        .bind(&last.key)
        .bind(&last.sha256)
        .bind(&last.signature)
        .bind(is_closed)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 { Err(Error::Conflict) } else { Ok(()) }
    }

    /// Forgets closed chains that a later one at the same place follows.
    pub async fn forget_digest_chains(&mut self) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM digest_chain WHERE is_closed AND EXISTS (SELECT 1 FROM digest_chain AS later \
             WHERE later.trail_arn = digest_chain.trail_arn AND later.account = digest_chain.account \
             AND later.region = digest_chain.region AND NOT later.is_backfill AND later.id > digest_chain.id \
             AND later.last_key IS NOT NULL)",
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Adds a signed digest, due at once. [`Error::Conflict`] when its key is taken.
    pub async fn insert_digest(&mut self, digest: &Digest) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO digest (trail_id, trail_arn, account, region, bucket, key, kms_key_id, body, signature, \
               backfilled_at_ms, sealed_at_ms, next_attempt_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        )
        .bind(digest.trail_id)
        .bind(&digest.place.trail_arn)
        .bind(&digest.place.account)
        .bind(&digest.place.region)
        .bind(&digest.bucket)
        .bind(&digest.key)
        .bind(&digest.kms_key_id)
        .bind(&digest.body)
        .bind(&digest.signature)
        .bind(digest.backfilled_at.map(Timestamp::as_ms))
        .bind(digest.sealed_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Forgets a digest that was delivered.
    pub async fn digest_delivered(&mut self, id: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM digest WHERE id = $1").bind(id).execute(self.connection()).await?;
        Ok(())
    }

    /// Notes that a digest was tried in vain, and puts off all of its trail's digests that are due.
    pub async fn digest_failed(
        &mut self,
        id: i64,
        trail_id: i64,
        at: Timestamp,
        next_attempt_at: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE digest SET attempts = attempts + 1 WHERE id = $1")
            .bind(id)
            .execute(self.connection())
            .await?;
        sqlx::query(
            "UPDATE digest SET first_failed_at_ms = COALESCE(first_failed_at_ms, $2), next_attempt_at_ms = $3 \
             WHERE trail_id = $1 AND next_attempt_at_ms <= $2",
        )
        .bind(trail_id)
        .bind(at.as_ms())
        .bind(next_attempt_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Gives up the digests that were signed before `sealed_before` and tried in vain ever since. Answers their keys.
    pub async fn give_up_digests(&mut self, sealed_before: Timestamp) -> Result<Vec<(String, String)>, Error> {
        let rows = sqlx::query(
            "DELETE FROM digest WHERE first_failed_at_ms IS NOT NULL AND sealed_at_ms < $1 RETURNING bucket, key",
        )
        .bind(sealed_before.as_ms())
        .fetch_all(self.connection());
        rows.await?.iter().map(|row| Ok((row.try_get("bucket")?, row.try_get("key")?))).collect()
    }
}

fn read_place(row: &SqliteRow) -> Result<ChainPlace, Error> {
    Ok(ChainPlace {
        trail_arn: row.try_get("trail_arn")?,
        account: row.try_get("account")?,
        region: row.try_get("region")?,
    })
}

fn read_chain(row: &SqliteRow) -> Result<DigestChain, Error> {
    let is_backfill: bool = row.try_get("is_backfill")?;
    let started_at = Timestamp::from_ms(row.try_get("started_at_ms")?);
    Ok(DigestChain {
        id: row.try_get("id")?,
        trail_id: row.try_get("trail_id")?,
        place: read_place(row)?,
        started_at: (!is_backfill).then_some(started_at),
        end_at: Timestamp::from_ms(row.try_get("end_at_ms")?),
        is_closed: row.try_get("is_closed")?,
        last: read_link(row)?,
    })
}

fn read_link(row: &SqliteRow) -> Result<Option<DigestLink>, Error> {
    let Some(bucket) = row.try_get("last_bucket")? else { return Ok(None) };
    Ok(Some(DigestLink {
        bucket,
        key: row.try_get("last_key")?,
        sha256: row.try_get("last_sha256")?,
        signature: row.try_get("last_signature")?,
    }))
}

fn read_digest(row: &SqliteRow) -> Result<Digest, Error> {
    let attempts: i64 = row.try_get("attempts")?;
    Ok(Digest {
        id: row.try_get("id")?,
        trail_id: row.try_get("trail_id")?,
        place: read_place(row)?,
        bucket: row.try_get("bucket")?,
        key: row.try_get("key")?,
        kms_key_id: row.try_get("kms_key_id")?,
        body: row.try_get("body")?,
        signature: row.try_get("signature")?,
        backfilled_at: row.try_get::<Option<i64>, _>("backfilled_at_ms")?.map(Timestamp::from_ms),
        sealed_at: Timestamp::from_ms(row.try_get("sealed_at_ms")?),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
    })
}
