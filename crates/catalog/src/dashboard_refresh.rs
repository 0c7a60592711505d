//! How the latest refresh of each dashboard went.

use opentrail_model::DashboardArn;
use opentrail_stdx::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

/// The latest refresh of a dashboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DashboardRefresh {
    /// The latest that began.
    pub id: Option<String>,
    /// When the schedule last began one, or tried to.
    pub scheduled_at: Option<Timestamp>,
    /// Is the latest the schedule's?
    pub is_scheduled: bool,
    /// Why the schedule's latest try began none.
    pub failure: Option<String>,
}

impl Catalog {
    /// The latest refresh of a dashboard; of one that was never refreshed there is nothing in it.
    pub async fn dashboard_refresh(&self, arn: &DashboardArn) -> Result<DashboardRefresh, Error> {
        of(self.reader(), arn).await
    }

    /// Why the first query of a refresh failed, if one did.
    pub async fn refresh_failure(&self, id: &str) -> Result<Option<String>, Error> {
        let text = "SELECT coalesce(error, status) AS failure FROM query \
                    WHERE refresh_id = $1 AND status IN ('FAILED', 'TIMED_OUT', 'CANCELLED') ORDER BY number LIMIT 1";
        let row = sqlx::query(text).bind(id).fetch_optional(self.reader()).await?;
        Ok(row.map(|row| row.try_get("failure")).transpose()?)
    }
}

impl Transaction {
    /// The same as the catalog's.
    pub async fn dashboard_refresh(&mut self, arn: &DashboardArn) -> Result<DashboardRefresh, Error> {
        of(self.connection(), arn).await
    }

    /// How many queries of a refresh are queued or running.
    pub async fn active_queries_of_refresh(&mut self, id: &str) -> Result<u64, Error> {
        let text = "SELECT count(*) AS active FROM query WHERE refresh_id = $1 AND status IN ('QUEUED', 'RUNNING')";
        let row = sqlx::query(text).bind(id).fetch_one(self.connection()).await?;
        Ok(u64::try_from(row.try_get::<i64, _>("active")?).unwrap_or(0))
    }

    /// Notes the latest refresh of a dashboard.
    pub async fn put_dashboard_refresh(&mut self, arn: &DashboardArn, refresh: &DashboardRefresh) -> Result<(), Error> {
        sqlx::query(
            "INSERT OR REPLACE INTO dashboard_refresh (dashboard_arn, refresh_id, scheduled_at_ms, is_scheduled, failure) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(arn.to_string())
        .bind(&refresh.id)
        .bind(refresh.scheduled_at.map(Timestamp::as_ms))
        .bind(i64::from(refresh.is_scheduled))
        .bind(&refresh.failure)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Forgets the refreshes of a dashboard.
    pub(crate) async fn delete_dashboard_refresh(&mut self, arn: &DashboardArn) -> Result<(), Error> {
        sqlx::query("DELETE FROM dashboard_refresh WHERE dashboard_arn = $1")
            .bind(arn.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

async fn of<'c>(executor: impl SqliteExecutor<'c>, arn: &DashboardArn) -> Result<DashboardRefresh, Error> {
    let row = sqlx::query("SELECT * FROM dashboard_refresh WHERE dashboard_arn = $1")
        .bind(arn.to_string())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(read).transpose().map(Option::unwrap_or_default)
}

fn read(row: &SqliteRow) -> Result<DashboardRefresh, Error> {
    let at: Option<i64> = row.try_get("scheduled_at_ms")?;
    Ok(DashboardRefresh {
        id: row.try_get("refresh_id")?,
        scheduled_at: at.map(Timestamp::from_ms),
        is_scheduled: row.try_get::<i64, _>("is_scheduled")? != 0,
        failure: row.try_get("failure")?,
    })
}
