//! What the tables of resources share: an id, a version to compare and swap, and the settings as one JSON text.

use std::fmt::Display;
use std::marker::PhantomData;

use opentrail_model::{AccountId, Region};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqliteExecutor};

use crate::Error;

/// A row of such a table.
pub(crate) struct Kept<T> {
    /// Never given to another one.
    pub(crate) id: i64,
    /// Grows with each change.
    pub(crate) version: i64,
    /// What the customer set.
    pub(crate) settings: T,
}

/// A table with the columns `id`, `arn`, `account`, `version` and `body`, most with a `region`. What it answers is any
/// type that is made of a row.
pub(crate) struct ResourceTable<T> {
    name: &'static str,
    settings: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> ResourceTable<T> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, settings: PhantomData }
    }

    /// The one of that ARN.
    pub(crate) async fn by_arn<'c, S: From<Kept<T>>>(
        &self,
        executor: impl SqliteExecutor<'c>,
        arn: &impl Display,
    ) -> Result<Option<S>, Error> {
        let row = sqlx::query(self.select("WHERE arn = $1")).bind(arn.to_string()).fetch_optional(executor).await?;
        row.as_ref().map(|row| self.read(row)).transpose()
    }

    /// All of an account in a Region, by age.
    pub(crate) async fn of<'c, S: From<Kept<T>>>(
        &self,
        executor: impl SqliteExecutor<'c>,
        account: &AccountId,
        region: &Region,
    ) -> Result<Vec<S>, Error> {
        let rows = sqlx::query(self.select("WHERE account = $1 AND region = $2 ORDER BY id"))
            .bind(account.as_str())
            .bind(region.as_str())
            .fetch_all(executor)
            .await?;
        self.read_all(&rows)
    }

    /// All of an account, by age.
    pub(crate) async fn of_account<'c, S: From<Kept<T>>>(
        &self,
        executor: impl SqliteExecutor<'c>,
        account: &AccountId,
    ) -> Result<Vec<S>, Error> {
        let select = self.select("WHERE account = $1 ORDER BY id");
        let rows = sqlx::query(select).bind(account.as_str()).fetch_all(executor).await?;
        self.read_all(&rows)
    }

    /// All there are, by age.
    pub(crate) async fn all<'c, S: From<Kept<T>>>(&self, executor: impl SqliteExecutor<'c>) -> Result<Vec<S>, Error> {
        let rows = sqlx::query(self.select("ORDER BY id")).fetch_all(executor).await?;
        self.read_all(&rows)
    }

    /// The statement that selects what [`ResourceTable::read`] reads.
    pub(crate) fn select(&self, clauses: &'static str) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("SELECT id, version, body FROM {} {clauses}", self.name))
    }

    /// What rows of [`ResourceTable::select`] hold.
    pub(crate) fn read_all<S: From<Kept<T>>>(&self, rows: &[SqliteRow]) -> Result<Vec<S>, Error> {
        rows.iter().map(|row| self.read(row)).collect()
    }

    fn read<S: From<Kept<T>>>(&self, row: &SqliteRow) -> Result<S, Error> {
        let id: i64 = row.try_get("id")?;
        let body: String = row.try_get("body")?;
        let settings = read_body(&body, || format!("{} {id}", self.name))?;
        Ok(Kept { id, version: row.try_get("version")?, settings }.into())
    }
}

/// The text that keeps settings.
pub(crate) fn write_body<T: Serialize>(settings: &T) -> Result<String, Error> {
    serde_json::to_string(settings).map_err(|error| Error::corrupt("settings to be kept", error))
}

/// What such a text keeps, or damage at `place`.
pub(crate) fn read_body<T: DeserializeOwned>(body: &str, place: impl FnOnce() -> String) -> Result<T, Error> {
    serde_json::from_str(body).map_err(|error| Error::corrupt(place(), error))
}
