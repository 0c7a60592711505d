//! Event data stores as they are now, and every state they have had.
//!
//! Every change makes a [revision](crate::revision), by which the lake feeds the stores.

use opentrail_model::{AccountId, EventDataStore, EventDataStoreArn, Region};
use opentrail_stdx::Timestamp;
use sqlx::Row;

use crate::resource::{Kept, ResourceTable, write_body};
use crate::revision::{Revision, RevisionTable};
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

const STORES: ResourceTable<EventDataStore> = ResourceTable::new("event_data_store");
const REVISIONS: RevisionTable = RevisionTable { name: "event_data_store_revision", owner: "store_id" };

impl From<Kept<EventDataStore>> for StoredEventDataStore {
    fn from(Kept { id, version, settings }: Kept<EventDataStore>) -> Self {
        Self { id, version, store: settings }
    }
}

impl From<Revision<EventDataStore>> for EventDataStoreRevision {
    fn from(Revision { owner, effective_from, settings }: Revision<EventDataStore>) -> Self {
        Self { store_id: owner, effective_from, store: settings }
    }
}

impl Catalog {
    /// The event data store of that ARN, also while its deletion is pending.
    pub async fn event_data_store(&self, arn: &EventDataStoreArn) -> Result<Option<StoredEventDataStore>, Error> {
        STORES.by_arn(self.reader(), arn).await
    }

    /// All event data stores of an account in a Region, by age.
    pub async fn event_data_stores_of(
        &self,
        account: &AccountId,
        region: &Region,
    ) -> Result<Vec<StoredEventDataStore>, Error> {
        STORES.of(self.reader(), account, region).await
    }

    /// All event data stores, by age.
    pub async fn event_data_stores(&self) -> Result<Vec<StoredEventDataStore>, Error> {
        STORES.all(self.reader()).await
    }

    /// Those whose deletion was asked for so long ago that they are to be removed with all that they hold.
    pub async fn event_data_stores_to_remove(&self, now: Timestamp) -> Result<Vec<StoredEventDataStore>, Error> {
        let rows = sqlx::query(STORES.select("WHERE gone_at_ms <= $1 ORDER BY id"))
            .bind(now.as_ms())
            .fetch_all(self.reader())
            .await?;
        STORES.read_all(&rows)
    }

    /// All revisions, by event data store and then in the order in which they were made. The last one whose
    /// `effective_from` is not past a position is in force there.
    pub async fn event_data_store_revisions(&self) -> Result<Vec<EventDataStoreRevision>, Error> {
        REVISIONS.all(self.reader()).await
    }
}

impl Transaction {
    /// The event data store of that ARN, also while its deletion is pending.
    pub async fn event_data_store(&mut self, arn: &EventDataStoreArn) -> Result<Option<StoredEventDataStore>, Error> {
        STORES.by_arn(self.connection(), arn).await
    }

    /// All event data stores of an account in a Region, by age.
    pub async fn event_data_stores_of(
        &mut self,
        account: &AccountId,
        region: &Region,
    ) -> Result<Vec<StoredEventDataStore>, Error> {
        STORES.of(self.connection(), account, region).await
    }

    /// All revisions, as [`Catalog::event_data_store_revisions`] gives them.
    pub async fn event_data_store_revisions(&mut self) -> Result<Vec<EventDataStoreRevision>, Error> {
        REVISIONS.all(self.connection()).await
    }

    /// Adds an event data store and answers its id. [`Error::Conflict`] when its ARN or name is taken.
    pub async fn insert_event_data_store(&mut self, store: &EventDataStore, effective_from: u64) -> Result<i64, Error> {
        self.change_rules();
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
        REVISIONS.insert(self, id, effective_from, Some(&body)).await?;
        Ok(id)
    }

    /// Replaces the settings by those of `changed`, whose id and version are as they were read. [`Error::Conflict`]
    /// when somebody else changed or removed it since, or when its new name is taken.
    pub async fn update_event_data_store(
        &mut self,
        changed: &StoredEventDataStore,
        effective_from: u64,
    ) -> Result<(), Error> {
        self.change_rules();
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
        REVISIONS.insert(self, changed.id, effective_from, Some(&body)).await
    }

    /// Removes an event data store for good, and its policy. [`Error::Conflict`] when somebody changed it since it was
    /// read: it may have been restored.
    pub async fn remove_event_data_store(
        &mut self,
        gone: &StoredEventDataStore,
        effective_from: u64,
    ) -> Result<(), Error> {
        self.change_rules();
        let done = sqlx::query("DELETE FROM event_data_store WHERE id = $1 AND version = $2")
            .bind(gone.id)
            .bind(gone.version)
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Conflict);
        }
        self.delete_resource_policy(&gone.store.arn.to_string()).await?;
        REVISIONS.insert(self, gone.id, effective_from, None).await
    }

    /// Forgets revisions that are in force nowhere at or after `before`: those followed by a later one that takes over
    /// there, and removals that have taken effect.
    pub async fn forget_event_data_store_revisions(&mut self, before: u64) -> Result<(), Error> {
        REVISIONS.forget(self, before).await
    }
}
