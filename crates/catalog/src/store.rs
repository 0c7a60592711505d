//! Stores: named collections of records, each of one account.

use opentrail_model::{AccountId, uuid_number, uuid_text};
use sqlx::Row;

use crate::{Catalog, Error, Transaction};

/// What a store is for. Persisted by [`StoreKind::name`]: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// Event history, which every account has without asking for it.
    History,
    /// The event data store whose UUID has this number.
    EventDataStore(u128),
}

/// What the names of event data stores begin with.
const EVENT_DATA_STORE: &str = "eds-";

impl StoreKind {
    /// The event data store of this id, a UUID in lower-case text.
    pub fn event_data_store(id: &str) -> Option<Self> {
        uuid_number(id).map(Self::EventDataStore)
    }

    /// The name it is stored under: `history`, or `eds-` and the id of the event data store.
    pub fn name(self) -> String {
        match self {
            Self::History => "history".to_owned(),
            Self::EventDataStore(number) => format!("{EVENT_DATA_STORE}{}", uuid_text(number)),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        if name == "history" {
            return Some(Self::History);
        }
        name.strip_prefix(EVENT_DATA_STORE).and_then(Self::event_data_store)
    }
}

/// A store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Never used again.
    pub id: i64,
    /// Whose records it holds.
    pub account: AccountId,
    /// What it is for.
    pub kind: StoreKind,
}

impl Catalog {
    /// All stores, oldest first.
    pub async fn stores(&self) -> Result<Vec<Store>, Error> {
        let rows = sqlx::query("SELECT id, account, kind FROM store ORDER BY id").fetch_all(self.reader()).await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let id: i64 = row.try_get("id")?;
            let damaged = |reason: String| Error::corrupt(format!("store {id}"), reason);
            let account: String = row.try_get("account")?;
            let kind: String = row.try_get("kind")?;
            Ok(Store {
                id,
                account: account.parse().map_err(|error| damaged(format!("{error}")))?,
                kind: StoreKind::from_name(&kind).ok_or_else(|| damaged(format!("unknown kind `{kind}`")))?,
            })
        };
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// The id of an account's store, which is made when it is not there.
    pub async fn ensure_store(&mut self, account: &AccountId, kind: StoreKind) -> Result<i64, Error> {
        sqlx::query("INSERT INTO store (account, kind) VALUES ($1, $2) ON CONFLICT (account, kind) DO NOTHING")
            .bind(account.as_str())
            .bind(kind.name())
            .execute(self.connection())
            .await?;
        let row = sqlx::query("SELECT id FROM store WHERE account = $1 AND kind = $2")
            .bind(account.as_str())
            .bind(kind.name())
            .fetch_one(self.connection())
            .await?;
        Ok(row.try_get("id")?)
    }

    /// Forgets a store without segments; one that is not there is fine.
    pub async fn delete_store(&mut self, account: &AccountId, kind: StoreKind) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM store WHERE account = $1 AND kind = $2 \
             AND NOT EXISTS (SELECT 1 FROM segment WHERE store_id = store.id)",
        )
        .bind(account.as_str())
        .bind(kind.name())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn a_store_is_made_once() {
        let catalog = Catalog::open_in_memory(Options::default()).await.unwrap();
        let (one, two): (AccountId, AccountId) = ("111111111111".parse().unwrap(), "222222222222".parse().unwrap());
        let mut transaction = catalog.begin().await.unwrap();
        let first = transaction.ensure_store(&one, StoreKind::History).await.unwrap();
        let second = transaction.ensure_store(&two, StoreKind::History).await.unwrap();
        assert_eq!(transaction.ensure_store(&one, StoreKind::History).await.unwrap(), first);
        transaction.commit().await.unwrap();
        let kind = StoreKind::History;
        let expected = [Store { id: first, account: one.clone(), kind }, Store { id: second, account: two, kind }];
        assert_eq!(catalog.stores().await.unwrap(), expected);
        let lake = StoreKind::event_data_store("01234567-89ab-cdef-0123-456789abcdef").unwrap();
        let mut transaction = catalog.begin().await.unwrap();
        let third = transaction.ensure_store(&one, lake).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(catalog.stores().await.unwrap()[2], Store { id: third, account: one.clone(), kind: lake });
        let mut transaction = catalog.begin().await.unwrap();
        transaction.delete_store(&one, lake).await.unwrap();
        transaction.delete_store(&one, lake).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(catalog.stores().await.unwrap(), expected);
    }
}
