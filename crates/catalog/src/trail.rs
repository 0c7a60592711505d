//! Trails as they are now, and every state they have had.
//!
//! A change of a trail is two rows in one transaction: the new state in `trail`, and a *revision* that says from which
//! journal position on it is in force. Delivery looks a record's position up among the revisions, so a record is judged
//! by the settings that were in force when it was written, however late it is delivered.

use opentrail_model::{AccountId, Trail, TrailArn};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

/// A trail with its place in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTrail {
    /// Never given to another trail, not even to one of the same name.
    pub id: i64,
    /// Grows with each change; the compare-and-swap value.
    pub version: i64,
    /// The settings.
    pub trail: Trail,
}

/// A state of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailRevision {
    /// The trail.
    pub trail_id: i64,
    /// The first journal position that this state judges.
    pub effective_from: u64,
    /// The settings; `None` once the trail is deleted.
    pub trail: Option<Trail>,
}

impl Catalog {
    /// The trail of that ARN.
    pub async fn trail_by_arn(&self, arn: &TrailArn) -> Result<Option<StoredTrail>, Error> {
        trail_by_arn(self.reader(), arn).await
    }

    /// All trails of an account, by age.
    pub async fn trails_of_account(&self, account: &AccountId) -> Result<Vec<StoredTrail>, Error> {
        trails_of_account(self.reader(), account).await
    }

    /// All trails, by age.
    pub async fn trails(&self) -> Result<Vec<StoredTrail>, Error> {
        let rows = sqlx::query("SELECT id, version, body FROM trail ORDER BY id").fetch_all(self.reader()).await?;
        rows.iter().map(read_trail).collect()
    }

    /// All revisions, by trail and then in the order in which they were made. The last one whose `effective_from` is
    /// not past a position is in force there.
    pub async fn trail_revisions(&self) -> Result<Vec<TrailRevision>, Error> {
        trail_revisions(self.reader()).await
    }
}

impl Transaction {
    /// The trail of that ARN.
    pub async fn trail_by_arn(&mut self, arn: &TrailArn) -> Result<Option<StoredTrail>, Error> {
        trail_by_arn(self.connection(), arn).await
    }

    /// All trails of an account, by age.
    pub async fn trails_of_account(&mut self, account: &AccountId) -> Result<Vec<StoredTrail>, Error> {
        trails_of_account(self.connection(), account).await
    }

    /// All revisions, as [`Catalog::trail_revisions`] gives them.
    pub async fn trail_revisions(&mut self) -> Result<Vec<TrailRevision>, Error> {
        trail_revisions(self.connection()).await
    }

    /// Adds a trail and answers its id. [`Error::Conflict`] when its ARN is taken.
    pub async fn insert_trail(&mut self, trail: &Trail, effective_from: u64) -> Result<i64, Error> {
        let body = write_body(trail)?;
        let row = sqlx::query("INSERT INTO trail (arn, account, version, body) VALUES ($1, $2, 1, $3) RETURNING id")
            .bind(trail.arn.to_string())
            .bind(trail.arn.account.as_str())
            .bind(&body)
            .fetch_one(self.connection())
            .await?;
        let id = row.try_get("id")?;
        self.insert_revision(id, effective_from, Some(&body)).await?;
        Ok(id)
    }

    /// Replaces a trail's settings by those of `changed`, whose id and version are as they were read.
    /// [`Error::Conflict`] when somebody else changed or deleted it since.
    pub async fn update_trail(&mut self, changed: &StoredTrail, effective_from: u64) -> Result<(), Error> {
        let body = write_body(&changed.trail)?;
        let done = sqlx::query("UPDATE trail SET version = version + 1, body = $1 WHERE id = $2 AND version = $3")
            .bind(&body)
            .bind(changed.id)
            .bind(changed.version)
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        self.insert_revision(changed.id, effective_from, Some(&body)).await
    }

    /// Deletes a trail. [`Error::Conflict`] when it is gone already.
    pub async fn delete_trail(&mut self, id: i64, effective_from: u64) -> Result<(), Error> {
        let done = sqlx::query("DELETE FROM trail WHERE id = $1").bind(id).execute(self.connection()).await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        self.insert_revision(id, effective_from, None).await
    }

    /// Forgets revisions that are in force nowhere at or after `before`: those followed by a later one that takes over
    /// there, and deletions that have taken effect.
    pub async fn forget_revisions(&mut self, before: u64) -> Result<(), Error> {
        let before = write_position(before);
        sqlx::query(
            "DELETE FROM trail_revision WHERE EXISTS (SELECT 1 FROM trail_revision AS later \
             WHERE later.trail_id = trail_revision.trail_id AND later.id > trail_revision.id \
             AND later.effective_from <= $1)",
        )
        .bind(before)
        .execute(self.connection())
        .await?;
        sqlx::query("DELETE FROM trail_revision WHERE body IS NULL AND effective_from <= $1")
            .bind(before)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Adds a revision after the trail's others. Should an earlier change have been dated past `effective_from` (a stop
    /// takes effect after its own record), this one takes over there, so that revisions never go back.
    async fn insert_revision(&mut self, trail_id: i64, effective_from: u64, body: Option<&str>) -> Result<(), Error> {
        let latest: Option<i64> =
            sqlx::query("SELECT MAX(effective_from) AS latest FROM trail_revision WHERE trail_id = $1")
                .bind(trail_id)
                .fetch_one(self.connection())
                .await?
                .try_get("latest")?;
        let effective_from = write_position(effective_from).max(latest.unwrap_or(0));
        sqlx::query("INSERT INTO trail_revision (trail_id, effective_from, body) VALUES ($1, $2, $3)")
            .bind(trail_id)
            .bind(effective_from)
            .bind(body)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

async fn trail_by_arn<'c>(executor: impl SqliteExecutor<'c>, arn: &TrailArn) -> Result<Option<StoredTrail>, Error> {
    let row = sqlx::query("SELECT id, version, body FROM trail WHERE arn = $1")
        .bind(arn.to_string())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(read_trail).transpose()
}

async fn trails_of_account<'c>(
    executor: impl SqliteExecutor<'c>,
    account: &AccountId,
) -> Result<Vec<StoredTrail>, Error> {
    let rows = sqlx::query("SELECT id, version, body FROM trail WHERE account = $1 ORDER BY id")
        .bind(account.as_str())
        .fetch_all(executor)
        .await?;
    rows.iter().map(read_trail).collect()
}

async fn trail_revisions<'c>(executor: impl SqliteExecutor<'c>) -> Result<Vec<TrailRevision>, Error> {
    let rows = sqlx::query("SELECT id, trail_id, effective_from, body FROM trail_revision ORDER BY trail_id, id")
        .fetch_all(executor)
        .await?;
    rows.iter().map(read_revision).collect()
}

fn read_trail(row: &SqliteRow) -> Result<StoredTrail, Error> {
    let id = row.try_get("id")?;
    let body: String = row.try_get("body")?;
    let trail = read_body(&body, || format!("trail {id}"))?;
    Ok(StoredTrail { id, version: row.try_get("version")?, trail })
}

fn read_revision(row: &SqliteRow) -> Result<TrailRevision, Error> {
    let id: i64 = row.try_get("id")?;
    let place = || format!("trail_revision {id}");
    let effective_from: i64 = row.try_get("effective_from")?;
    let body: Option<String> = row.try_get("body")?;
    Ok(TrailRevision {
        trail_id: row.try_get("trail_id")?,
        effective_from: u64::try_from(effective_from).map_err(|error| Error::corrupt(place(), error))?,
        trail: body.map(|body| read_body(&body, place)).transpose()?,
    })
}

fn write_body(trail: &Trail) -> Result<String, Error> {
    serde_json::to_string(trail).map_err(|error| Error::corrupt(format!("trail {}", trail.arn), error))
}

fn read_body(body: &str, place: impl Fn() -> String) -> Result<Trail, Error> {
    serde_json::from_str(body).map_err(|error| Error::corrupt(place(), error))
}

/// Journal positions fit the database's signed integers for the next 300,000 years at a million records a second.
fn write_position(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
