//! What GetTrailStatus tells of a trail's deliveries. Each Region has its own status.

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Transaction};

/// How a trail's deliveries from one Region stand. All fields are empty before the first attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailStatus {
    /// When a log file was last delivered. An error doesn't reset it.
    pub latest_delivery_at: Option<Timestamp>,
    /// The S3 error code of the latest attempt, if it failed.
    pub latest_delivery_error: Option<String>,
    /// When a log file was last tried.
    pub latest_attempt_at: Option<Timestamp>,
    /// When the latest successful attempt was made.
    pub latest_attempt_succeeded_at: Option<Timestamp>,
    /// When a digest was last delivered.
    pub latest_digest_delivery_at: Option<Timestamp>,
    /// The S3 error code of the latest attempt to deliver a digest, if it failed.
    pub latest_digest_delivery_error: Option<String>,
}

impl Catalog {
    /// How a trail's deliveries from a Region stand.
    pub async fn trail_status(&self, trail_id: i64, region: &str) -> Result<TrailStatus, Error> {
        let row = sqlx::query("SELECT * FROM trail_status WHERE trail_id = $1 AND region = $2")
            .bind(trail_id)
            .bind(region)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map_or_else(|| Ok(TrailStatus::default()), read_status)
    }

    /// How a trail's deliveries stand in each Region where any was tried.
    pub async fn trail_statuses(&self, trail_id: i64) -> Result<Vec<(String, TrailStatus)>, Error> {
        let rows = sqlx::query("SELECT * FROM trail_status WHERE trail_id = $1 ORDER BY region")
            .bind(trail_id)
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(|row| Ok((row.try_get("region")?, read_status(row)?))).collect()
    }
}

fn read_status(row: &SqliteRow) -> Result<TrailStatus, Error> {
    let time = |column| row.try_get::<Option<i64>, _>(column).map(|ms| ms.map(Timestamp::from_ms));
    Ok(TrailStatus {
        latest_delivery_at: time("latest_delivery_at_ms")?,
        latest_delivery_error: row.try_get("latest_delivery_error")?,
        latest_attempt_at: time("latest_attempt_at_ms")?,
        latest_attempt_succeeded_at: time("latest_attempt_succeeded_at_ms")?,
        latest_digest_delivery_at: time("latest_digest_delivery_at_ms")?,
        latest_digest_delivery_error: row.try_get("latest_digest_delivery_error")?,
    })
}

impl Transaction {
    /// Notes how an attempt to deliver a log file ended: with an S3 error code, or well.
    pub async fn note_delivery(
        &mut self,
        trail_id: i64,
        region: &str,
        at: Timestamp,
        error: Option<&str>,
    ) -> Result<(), Error> {
        self.note(
            "INSERT INTO trail_status (trail_id, region, latest_attempt_at_ms, latest_delivery_error, \
               latest_delivery_at_ms, latest_attempt_succeeded_at_ms) \
             SELECT id, $2, $3, $4, $5, $5 FROM trail WHERE id = $1 \
             ON CONFLICT (trail_id, region) DO UPDATE SET \
               latest_attempt_at_ms = $3, \
               latest_delivery_error = $4, \
               latest_delivery_at_ms = COALESCE($5, latest_delivery_at_ms), \
               latest_attempt_succeeded_at_ms = COALESCE($5, latest_attempt_succeeded_at_ms)",
            (trail_id, region, at, error),
        )
        .await
    }

    /// Notes how an attempt to deliver a digest ended: with an S3 error code, or well.
    pub async fn note_digest_delivery(
        &mut self,
        trail_id: i64,
        region: &str,
        at: Timestamp,
        error: Option<&str>,
    ) -> Result<(), Error> {
        self.note(
            "INSERT INTO trail_status (trail_id, region, latest_digest_delivery_error, latest_digest_delivery_at_ms) \
             SELECT id, $2, $4, $5 FROM trail WHERE id = $1 AND $3 IS NOT NULL \
             ON CONFLICT (trail_id, region) DO UPDATE SET \
               latest_digest_delivery_error = $4, \
               latest_digest_delivery_at_ms = COALESCE($5, latest_digest_delivery_at_ms)",
            (trail_id, region, at, error),
        )
        .await
    }

    /// A trail that is gone keeps no status.
    async fn note(
        &mut self,
        statement: &'static str,
        (trail_id, region, at, error): (i64, &str, Timestamp, Option<&str>),
    ) -> Result<(), Error> {
        sqlx::query(statement)
            .bind(trail_id)
            .bind(region)
            .bind(at.as_ms())
            .bind(error)
            .bind(error.is_none().then_some(at.as_ms()))
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
