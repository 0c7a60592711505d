//! Event data stores as they are now, and every state they have had.
//!
//! As with trails, a change is two rows in one transaction: the new state, and a *revision* that says from which journal
//! position on it is in force. The lake looks a record's position up among the revisions, so that a store takes in what
//! it wanted when the record was written, however late it is fed.

use opentrail_model::{AccountId, EventDataStore, EventDataStoreArn, Region};
use opentrail_stdx::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

/// An event data store with its place in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEventDataStore {
    /// Never given to another one.
    pub id: i64,
    /// Grows with each change; the compare-and-swap value.
    pub version: i64,
    /// The settings.
    pub store: EventDataStore,
}

/// A state of an event data store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDataStoreRevision {
    /// The event data store: [`StoredEventDataStore::id`].
    pub store_id: i64,
    /// The first journal position that this state judges.
    pub effective_from: u64,
    /// The settings; `None` once it is gone for good.
    pub store: Option<EventDataStore>,
}

impl Catalog {
    /// The event data store of that ARN, also while its deletion is pending.
    pub async fn event_data_store(&self, arn: &EventDataStoreArn) -> Result<Option<StoredEventDataStore>, Error> {
        by_arn(self.reader(), arn).await
    }

    /// All event data stores of an account in a Region, by age.
    pub async fn event_data_stores_of(
        &self,
        account: &AccountId,
        region: &Region,
    ) -> Result<Vec<StoredEventDataStore>, Error> {
        of(self.reader(), account, region).await
    }

    /// All event data stores, by age.
    pub async fn event_data_stores(&self) -> Result<Vec<StoredEventDataStore>, Error> {
        let rows =
            sqlx::query("SELECT id, version, body FROM event_data_store ORDER BY id").fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }

    /// Those whose deletion was asked for so long ago that they are to be removed with all that they hold.
    pub async fn event_data_stores_to_remove(&self, now: Timestamp) -> Result<Vec<StoredEventDataStore>, Error> {
        let rows = sqlx::query("SELECT id, version, body FROM event_data_store WHERE gone_at_ms <= $1 ORDER BY id")
            .bind(now.as_ms())
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// All revisions, by event data store and then in the order in which they were made. The last one whose
    /// `effective_from` is not past a position is in force there.
    pub async fn event_data_store_revisions(&self) -> Result<Vec<EventDataStoreRevision>, Error> {
        revisions(self.reader()).await
    }
}

impl Transaction {
    /// The event data store of that ARN, also while its deletion is pending.
    pub async fn event_data_store(&mut self, arn: &EventDataStoreArn) -> Result<Option<StoredEventDataStore>, Error> {
        by_arn(self.connection(), arn).await
    }

    /// All event data stores of an account in a Region, by age.
    pub async fn event_data_stores_of(
        &mut self,
        account: &AccountId,
        region: &Region,
    ) -> Result<Vec<StoredEventDataStore>, Error> {
        of(self.connection(), account, region).await
    }

    /// All revisions, as [`Catalog::event_data_store_revisions`] gives them.
    pub async fn event_data_store_revisions(&mut self) -> Result<Vec<EventDataStoreRevision>, Error> {
        revisions(self.connection()).await
    }

    /// Adds an event data store and answers its id. [`Error::Conflict`] when its ARN or name is taken.
    pub async fn insert_event_data_store(&mut self, store: &EventDataStore, effective_from: u64) -> Result<i64, Error> {
        let body = write_body(store)?;
        let row = sqlx::query(
            "INSERT INTO event_data_store (arn, account, region, name, gone_at_ms, version, body) \
             VALUES ($1, $2, $3, $4, $5, 1, $6) RETURNING id",
        )
        .bind(store.arn.to_string())
        .bind(store.arn.account.as_str())
        .bind(store.arn.region.as_str())
        .bind(&store.name)
        .bind(store.gone_at.map(Timestamp::as_ms))
        .bind(&body)
        .fetch_one(self.connection())
        .await?;
        let id = row.try_get("id")?;
        self.insert_store_revision(id, effective_from, Some(&body)).await?;
        Ok(id)
    }

    /// Replaces the settings by those of `changed`, whose id and version are as they were read. [`Error::Conflict`]
    /// when somebody else changed or removed it since, or when its new name is taken.
    pub async fn update_event_data_store(
        &mut self,
        changed: &StoredEventDataStore,
        effective_from: u64,
    ) -> Result<(), Error> {
        let body = write_body(&changed.store)?;
        let done = sqlx::query(
            "UPDATE event_data_store SET version = version + 1, name = $1, gone_at_ms = $2, body = $3 \
             WHERE id = $4 AND version = $5",
        )
        .bind(&changed.store.name)
        .bind(changed.store.gone_at.map(Timestamp::as_ms))
        .bind(&body)
        .bind(changed.id)
        .bind(changed.version)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        self.insert_store_revision(changed.id, effective_from, Some(&body)).await
    }

    /// Removes an event data store for good, and its policy. [`Error::Conflict`] when somebody changed it since it was
    /// read: it may have been restored.
    pub async fn remove_event_data_store(
        &mut self,
        gone: &StoredEventDataStore,
        effective_from: u64,
    ) -> Result<(), Error> {
        let done = sqlx::query("DELETE FROM event_data_store WHERE id = $1 AND version = $2")
            .bind(gone.id)
            .bind(gone.version)
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        self.delete_resource_policy(&gone.store.arn.to_string()).await?;
        self.insert_store_revision(gone.id, effective_from, None).await
    }

    /// Forgets revisions that are in force nowhere at or after `before`: those followed by a later one that takes over
    /// there, and removals that have taken effect.
    pub async fn forget_event_data_store_revisions(&mut self, before: u64) -> Result<(), Error> {
        let before = write_position(before);
        sqlx::query(
            "DELETE FROM event_data_store_revision WHERE EXISTS (SELECT 1 FROM event_data_store_revision AS later \
             WHERE later.store_id = event_data_store_revision.store_id AND later.id > event_data_store_revision.id \
             AND later.effective_from <= $1)",
        )
        .bind(before)
        .execute(self.connection())
        .await?;
        sqlx::query("DELETE FROM event_data_store_revision WHERE body IS NULL AND effective_from <= $1")
            .bind(before)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Adds a revision after the others. Should an earlier change have been dated past `effective_from`, this one takes
    /// over there, so that revisions never go back.
    async fn insert_store_revision(
        &mut self,
        store_id: i64,
        effective_from: u64,
        body: Option<&str>,
    ) -> Result<(), Error> {
        let latest: Option<i64> =
            sqlx::query("SELECT MAX(effective_from) AS latest FROM event_data_store_revision WHERE store_id = $1")
                .bind(store_id)
                .fetch_one(self.connection())
                .await?
                .try_get("latest")?;
        let effective_from = write_position(effective_from).max(latest.unwrap_or(0));
        sqlx::query("INSERT INTO event_data_store_revision (store_id, effective_from, body) VALUES ($1, $2, $3)")
            .bind(store_id)
            .bind(effective_from)
            .bind(body)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

async fn by_arn<'c>(
    executor: impl SqliteExecutor<'c>,
    arn: &EventDataStoreArn,
) -> Result<Option<StoredEventDataStore>, Error> {
    let row = sqlx::query("SELECT id, version, body FROM event_data_store WHERE arn = $1")
        .bind(arn.to_string())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(read).transpose()
}

async fn of<'c>(
    executor: impl SqliteExecutor<'c>,
    account: &AccountId,
    region: &Region,
) -> Result<Vec<StoredEventDataStore>, Error> {
    let rows =
        sqlx::query("SELECT id, version, body FROM event_data_store WHERE account = $1 AND region = $2 ORDER BY id")
            .bind(account.as_str())
            .bind(region.as_str())
            .fetch_all(executor)
            .await?;
    rows.iter().map(read).collect()
}

async fn revisions<'c>(executor: impl SqliteExecutor<'c>) -> Result<Vec<EventDataStoreRevision>, Error> {
    let rows =
        sqlx::query("SELECT id, store_id, effective_from, body FROM event_data_store_revision ORDER BY store_id, id")
            .fetch_all(executor)
            .await?;
    rows.iter().map(read_revision).collect()
}

fn read(row: &SqliteRow) -> Result<StoredEventDataStore, Error> {
    let id = row.try_get("id")?;
    let body: String = row.try_get("body")?;
    let store = read_body(&body, || format!("event_data_store {id}"))?;
    Ok(StoredEventDataStore { id, version: row.try_get("version")?, store })
}

fn read_revision(row: &SqliteRow) -> Result<EventDataStoreRevision, Error> {
    let id: i64 = row.try_get("id")?;
    let place = || format!("event_data_store_revision {id}");
    let effective_from: i64 = row.try_get("effective_from")?;
    let body: Option<String> = row.try_get("body")?;
    Ok(EventDataStoreRevision {
        store_id: row.try_get("store_id")?,
        effective_from: u64::try_from(effective_from).map_err(|error| Error::corrupt(place(), error))?,
        store: body.map(|body| read_body(&body, place)).transpose()?,
    })
}

fn write_body(store: &EventDataStore) -> Result<String, Error> {
    serde_json::to_string(store).map_err(|error| Error::corrupt(format!("event data store {}", store.arn), error))
}

fn read_body(body: &str, place: impl Fn() -> String) -> Result<EventDataStore, Error> {
    serde_json::from_str(body).map_err(|error| Error::corrupt(place(), error))
}

fn write_position(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
