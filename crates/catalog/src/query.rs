//! Queries: what was asked, how far it is, what it cost. Their results are files of the server.

mod row;
mod status;

use opentrail_model::{AccountId, Region};
use opentrail_stdx::Timestamp;
use sqlx::Row;

use crate::{Catalog, Error, Transaction};
use row::{number, read};
pub use status::{QueryDelivery, QueryStatus};

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Grows with each query; 0 until the catalog has it.
    pub number: i64,
    /// A UUID.
    pub id: String,
    /// Whose query it is.
    pub account: AccountId,
    /// Where it was asked.
    pub region: Region,
    /// The SQL text.
    pub statement: String,
    /// The alias by which it was asked, or under which its last run is found.
    pub alias: Option<String>,
    /// The refresh of a dashboard that it belongs to.
    pub refresh_id: Option<String>,
    /// The ARNs of the event data stores that it reads.
    pub stores: Vec<String>,
    /// How far it is.
    pub status: QueryStatus,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked.
    pub created_at: Timestamp,
    /// What it cost so far.
    pub cost: QueryCost,
    /// How many rows its result has.
    pub rows: u64,
    /// Where the result goes beside.
    pub delivery_uri: Option<String>,
    /// How far that is.
    pub delivery: Option<QueryDelivery>,
}

/// What a query cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueryCost {
    /// Events that went through the filters.
    pub events_matched: u64,
    /// Events that were looked at.
    pub events_scanned: u64,
    /// Bytes that were read for it.
    pub bytes_scanned: u64,
    /// How long it ran, in milliseconds.
    pub execution_ms: u64,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryEnd {
    /// A status that doesn't change any more.
    pub status: QueryStatus,
    /// Why it failed.
    pub error: Option<String>,
    /// What it cost.
    pub cost: QueryCost,
    /// How many rows its result has.
    pub rows: u64,
}

/// Which queries a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryList {
    /// The ARN of the event data store that they read.
    pub store: String,
    /// Asked at or after this.
    pub from: Timestamp,
    /// Asked at or before this.
    pub to: Option<Timestamp>,
    /// In this status.
    pub status: Option<QueryStatus>,
    /// Older than the query of this number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// The columns of a query, with its stores in one text.
const SELECT: &str = "SELECT *, (SELECT group_concat(store_arn, ' ') FROM query_store WHERE query_number = number) AS stores \
     FROM query ";

impl Catalog {
    /// The query of this id.
    pub async fn query(&self, id: &str) -> Result<Option<Query>, Error> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The last query of an alias, or that of a refresh.
    pub async fn query_of_alias(
        &self,
        account: &AccountId,
        region: &Region,
        alias: &str,
        refresh_id: Option<&str>,
    ) -> Result<Option<Query>, Error> {
        let text = format!(
            "{SELECT} WHERE account = $1 AND region = $2 AND alias = $3 AND ($4 IS NULL OR refresh_id = $4) \
             ORDER BY number DESC LIMIT 1"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(account.as_str())
            .bind(region.as_str())
            .bind(alias)
            .bind(refresh_id)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Queries of one event data store, the newest first.
    pub async fn queries(&self, list: &QueryList) -> Result<Vec<Query>, Error> {
        let text = format!(
            "{SELECT} WHERE number IN (SELECT query_number FROM query_store WHERE store_arn = $1) \
             AND created_at_ms >= $2 AND created_at_ms <= $3 AND ($4 IS NULL OR status = $4) AND number < $5 \
             ORDER BY number DESC LIMIT $6"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(&list.store)
            .bind(list.from.as_ms())
            .bind(list.to.map_or(i64::MAX, Timestamp::as_ms))
            .bind(list.status.map(QueryStatus::as_str))
            .bind(list.before.unwrap_or(i64::MAX))
            .bind(i64::from(list.limit))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// The queries that are neither finished nor otherwise at their end, and those whose delivery is not.
    pub async fn unfinished_queries(&self) -> Result<Vec<Query>, Error> {
        let text =
            format!("{SELECT} WHERE status IN ('QUEUED', 'RUNNING') OR delivery_status = 'PENDING' ORDER BY number");
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// How many queries of an account in a Region are queued or running, those of refreshes left out.
    pub async fn active_queries(&mut self, account: &AccountId, region: &Region) -> Result<u64, Error> {
        let row = sqlx::query(
            "SELECT count(*) AS active FROM query WHERE status IN ('QUEUED', 'RUNNING') AND account = $1 AND region = $2 \
             AND refresh_id IS NULL",
        )
        .bind(account.as_str())
        .bind(region.as_str())
        .fetch_one(self.connection())
        .await?;
        Ok(u64::try_from(row.try_get::<i64, _>("active")?).unwrap_or(0))
    }

    /// Adds a query. Its number is the catalog's to give.
    pub async fn insert_query(&mut self, query: &Query) -> Result<(), Error> {
        let row = sqlx::query(
            "INSERT INTO query (id, account, region, statement, alias, status, error, created_at_ms, events_matched, \
             events_scanned, bytes_scanned, execution_ms, row_count, delivery_uri, delivery_status, \
             refresh_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING number",
        )
        .bind(&query.id)
        .bind(query.account.as_str())
        .bind(query.region.as_str())
        .bind(&query.statement)
        .bind(&query.alias)
        .bind(query.status.as_str())
        .bind(&query.error)
        .bind(query.created_at.as_ms())
        .bind(number(query.cost.events_matched))
        .bind(number(query.cost.events_scanned))
        .bind(number(query.cost.bytes_scanned))
        .bind(number(query.cost.execution_ms))
        .bind(number(query.rows))
        .bind(&query.delivery_uri)
        .bind(query.delivery.map(QueryDelivery::as_str))
        .bind(&query.refresh_id)
        .fetch_one(self.connection())
        .await?;
        let number: i64 = row.try_get("number")?;
        for store in &query.stores {
            sqlx::query("INSERT OR IGNORE INTO query_store (store_arn, query_number) VALUES ($1, $2)")
                .bind(store)
                .bind(number)
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }

    /// Notes that a queued query runs. False: it is no longer queued, and must not run.
    pub async fn begin_query(&mut self, id: &str) -> Result<bool, Error> {
        let done = sqlx::query("UPDATE query SET status = 'RUNNING' WHERE id = $1 AND status = 'QUEUED'")
            .bind(id)
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes how a query ended. False: it had ended before, and stays as it was.
    pub async fn end_query(&mut self, id: &str, end: &QueryEnd) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE query SET status = $1, error = $2, events_matched = $3, events_scanned = $4, bytes_scanned = $5, \
             execution_ms = $6, row_count = $7 WHERE id = $8 AND status IN ('QUEUED', 'RUNNING')",
        )
        .bind(end.status.as_str())
        .bind(&end.error)
        .bind(number(end.cost.events_matched))
        .bind(number(end.cost.events_scanned))
        .bind(number(end.cost.bytes_scanned))
        .bind(number(end.cost.execution_ms))
        .bind(number(end.rows))
        .bind(id)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Notes how far the delivery of a result is.
    pub async fn set_query_delivery(&mut self, id: &str, delivery: QueryDelivery) -> Result<(), Error> {
        sqlx::query("UPDATE query SET delivery_status = $1 WHERE id = $2")
            .bind(delivery.as_str())
            .bind(id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Forgets queries that were asked before an instant and have ended; answers their ids.
    pub async fn forget_queries(&mut self, before: Timestamp) -> Result<Vec<String>, Error> {
        let rows = sqlx::query(
            "DELETE FROM query WHERE created_at_ms < $1 AND status NOT IN ('QUEUED', 'RUNNING') RETURNING id",
        )
        .bind(before.as_ms())
        .fetch_all(self.connection())
        .await?;
        sqlx::query("DELETE FROM query_store WHERE query_number NOT IN (SELECT number FROM query)")
            .execute(self.connection())
            .await?;
        rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
    }
}

#[cfg(test)]
mod tests;
