//! Queries as rows.

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Query, QueryCost, QueryDelivery, QueryStatus};
use crate::Error;

/// SQLite's integers are signed; no count of ours comes near their end.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn read(row: &SqliteRow) -> Result<Query, Error> {
    let id: String = row.try_get("id")?;
    let text = |name: &str| -> Result<String, Error> { Ok(row.try_get(name)?) };
    let count = |name: &str| -> Result<u64, Error> { Ok(u64::try_from(row.try_get::<i64, _>(name)?).unwrap_or(0)) };
    let place = |member: &str| format!("{member} of query {id}");
    let status = text("status")?;
    let delivery: Option<String> = row.try_get("delivery_status")?;
    let unknown = |member: &str, found: &str| Error::corrupt(place(member), format!("unknown value `{found}`"));
    let stores: Option<String> = row.try_get("stores")?;
    Ok(Query {
        number: row.try_get("number")?,
        account: text("account")?.parse().map_err(|error| Error::corrupt(place("account"), error))?,
        region: text("region")?.parse().map_err(|error| Error::corrupt(place("region"), error))?,
        statement: text("statement")?,
        alias: row.try_get("alias")?,
        refresh_id: row.try_get("refresh_id")?,
        stores: stores.unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        status: QueryStatus::parse(&status).ok_or_else(|| unknown("status", &status))?,
        error: row.try_get("error")?,
        created_at: Timestamp::from_ms(row.try_get("created_at_ms")?),
        cost: QueryCost {
            events_matched: count("events_matched")?,
            events_scanned: count("events_scanned")?,
            bytes_scanned: count("bytes_scanned")?,
            execution_ms: count("execution_ms")?,
        },
        rows: count("row_count")?,
        delivery_uri: row.try_get("delivery_uri")?,
        delivery: match delivery {
            None => None,
            Some(name) => Some(QueryDelivery::parse(&name).ok_or_else(|| unknown("delivery status", &name))?),
        },
        id,
    })
}
