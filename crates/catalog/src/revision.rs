//! Which settings are in force from which journal position on.
//!
//! A change of a trail or of an event data store is two rows in one transaction: the new state, and a *revision*. What
//! reads the journal looks a record's position up among the revisions, so that a record is judged by the settings that
//! were in force when it was written, however late it is read.

use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteExecutor};

use crate::cursor::{read_position, write_position};
use crate::resource::read_body;
use crate::{Error, Transaction};

/// A table of revisions: `id`, the column that names the owner, `effective_from` and `body`.
pub(crate) struct RevisionTable {
    pub(crate) name: &'static str,
    pub(crate) owner: &'static str,
}

/// A state of a resource.
pub(crate) struct Revision<T> {
    /// Whose state it is.
    pub(crate) owner: i64,
    /// The first journal position that this state judges.
    pub(crate) effective_from: u64,
    /// The settings; `None` once the owner is gone.
    pub(crate) settings: Option<T>,
}

impl RevisionTable {
    /// All revisions, by owner and then in the order in which they were made.
    pub(crate) async fn all<'c, T: DeserializeOwned, R: From<Revision<T>>>(
        &self,
        executor: impl SqliteExecutor<'c>,
    ) -> Result<Vec<R>, Error> {
        let Self { name, owner } = self;
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {name} ORDER BY {owner}, id")))
            .fetch_all(executor)
            .await?;
        rows.iter().map(|row| self.read(row).map(R::from)).collect()
    }

    /// Adds a revision after the owner's others. Should an earlier change have been dated past `effective_from` (a stop
    /// takes effect after its own record), this one takes over there, so that revisions never go back.
    pub(crate) async fn insert(
        &self,
        transaction: &mut Transaction,
        owner: i64,
        effective_from: u64,
        body: Option<&str>,
    ) -> Result<(), Error> {
        let Self { name, owner: column } = self;
        let latest = format!("SELECT MAX(effective_from) AS latest FROM {name} WHERE {column} = $1");
        let latest: Option<i64> = sqlx::query(AssertSqlSafe(latest))
            .bind(owner)
            .fetch_one(transaction.connection())
            .await?
            .try_get("latest")?;
        let effective_from = write_position(effective_from).max(latest.unwrap_or(0));
        let insert = format!("INSERT INTO {name} ({column}, effective_from, body) VALUES ($1, $2, $3)");
        sqlx::query(AssertSqlSafe(insert))
            .bind(owner)
            .bind(effective_from)
            .bind(body)
            .execute(transaction.connection())
            .await?;
        Ok(())
    }

    /// Forgets revisions that are in force nowhere at or after `before`: those followed by a later one that takes over
    /// there, and removals that have taken effect.
    pub(crate) async fn forget(&self, transaction: &mut Transaction, before: u64) -> Result<(), Error> {
        let Self { name, owner } = self;
        let before = write_position(before);
        let replaced = format!(
            "DELETE FROM {name} WHERE EXISTS (SELECT 1 FROM {name} AS later WHERE later.{owner} = {name}.{owner} \
             AND later.id > {name}.id AND later.effective_from <= $1)"
        );
        let removed = format!("DELETE FROM {name} WHERE body IS NULL AND effective_from <= $1");
        for statement in [replaced, removed] {
            sqlx::query(AssertSqlSafe(statement)).bind(before).execute(transaction.connection()).await?;
        }
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, row: &SqliteRow) -> Result<Revision<T>, Error> {
        let id: i64 = row.try_get("id")?;
        let body: Option<String> = row.try_get("body")?;
        Ok(Revision {
            owner: row.try_get(self.owner)?,
            effective_from: read_position(row.try_get("effective_from")?)?,
            settings: body.map(|body| read_body(&body, || format!("{} {id}", self.name))).transpose()?,
        })
    }
}
