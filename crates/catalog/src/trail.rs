//! Trails as they are now, and every state they have had.
//!
//! Every change makes a [revision](crate::revision), by which delivery judges records.

use opentrail_model::{AccountId, Trail, TrailArn};
use sqlx::Row;

use crate::resource::{Kept, ResourceTable, write_body};
use crate::revision::{Revision, RevisionTable};
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

const TRAILS: ResourceTable<Trail> = ResourceTable::new("trail");
const REVISIONS: RevisionTable = RevisionTable { name: "trail_revision", owner: "trail_id" };

impl From<Kept<Trail>> for StoredTrail {
    fn from(Kept { id, version, settings }: Kept<Trail>) -> Self {
        Self { id, version, trail: settings }
    }
}

impl From<Revision<Trail>> for TrailRevision {
    fn from(Revision { owner, effective_from, settings }: Revision<Trail>) -> Self {
        Self { trail_id: owner, effective_from, trail: settings }
    }
}

impl Catalog {
    /// The trail of that ARN.
    pub async fn trail_by_arn(&self, arn: &TrailArn) -> Result<Option<StoredTrail>, Error> {
        TRAILS.by_arn(self.reader(), arn).await
    }

    /// All trails of an account, by age.
    pub async fn trails_of_account(&self, account: &AccountId) -> Result<Vec<StoredTrail>, Error> {
        TRAILS.of_account(self.reader(), account).await
    }

    /// All trails, by age.
    pub async fn trails(&self) -> Result<Vec<StoredTrail>, Error> {
        TRAILS.all(self.reader()).await
    }

    /// All revisions, by trail and then in the order in which they were made. The last one whose `effective_from` is
    /// not past a position is in force there.
    pub async fn trail_revisions(&self) -> Result<Vec<TrailRevision>, Error> {
        REVISIONS.all(self.reader()).await
    }
}

impl Transaction {
    /// The trail of that ARN.
    pub async fn trail_by_arn(&mut self, arn: &TrailArn) -> Result<Option<StoredTrail>, Error> {
        TRAILS.by_arn(self.connection(), arn).await
    }

    /// All trails of an account, by age.
    pub async fn trails_of_account(&mut self, account: &AccountId) -> Result<Vec<StoredTrail>, Error> {
        TRAILS.of_account(self.connection(), account).await
    }

    /// All revisions, as [`Catalog::trail_revisions`] gives them.
    pub async fn trail_revisions(&mut self) -> Result<Vec<TrailRevision>, Error> {
        REVISIONS.all(self.connection()).await
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
        REVISIONS.insert(self, id, effective_from, Some(&body)).await?;
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
        REVISIONS.insert(self, changed.id, effective_from, Some(&body)).await
    }

    /// Deletes a trail. [`Error::Conflict`] when it is gone already.
    pub async fn delete_trail(&mut self, id: i64, effective_from: u64) -> Result<(), Error> {
        let done = sqlx::query("DELETE FROM trail WHERE id = $1").bind(id).execute(self.connection()).await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        REVISIONS.insert(self, id, effective_from, None).await
    }

    /// Forgets revisions that are in force nowhere at or after `before`: those followed by a later one that takes over
    /// there, and deletions that have taken effect.
    pub async fn forget_revisions(&mut self, before: u64) -> Result<(), Error> {
        REVISIONS.forget(self, before).await
    }
}
