//! Dashboards that customers made.

use opentrail_model::{AccountId, Dashboard, DashboardArn, Region};
use sqlx::Row;

use crate::resource::{Kept, ResourceTable, write_body};
use crate::{Catalog, Error, Transaction};

/// A dashboard with its place in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDashboard {
    /// Never given to another one.
    pub id: i64,
    /// Grows with each change; the compare-and-swap value.
    pub version: i64,
    /// The settings.
    pub dashboard: Dashboard,
}

const DASHBOARDS: ResourceTable<Dashboard> = ResourceTable::new("dashboard");

impl From<Kept<Dashboard>> for StoredDashboard {
    fn from(Kept { id, version, settings }: Kept<Dashboard>) -> Self {
        Self { id, version, dashboard: settings }
    }
}

impl Catalog {
    /// The dashboard of that ARN.
    pub async fn dashboard(&self, arn: &DashboardArn) -> Result<Option<StoredDashboard>, Error> {
        DASHBOARDS.by_arn(self.reader(), arn).await
    }

    /// All dashboards of all accounts and Regions, by age.
    pub async fn dashboards(&self) -> Result<Vec<StoredDashboard>, Error> {
        DASHBOARDS.all(self.reader()).await
    }

    /// All dashboards of an account in a Region, by age.
    pub async fn dashboards_of(&self, account: &AccountId, region: &Region) -> Result<Vec<StoredDashboard>, Error> {
        DASHBOARDS.of(self.reader(), account, region).await
    }
}

impl Transaction {
    /// The dashboard of that ARN.
    pub async fn dashboard(&mut self, arn: &DashboardArn) -> Result<Option<StoredDashboard>, Error> {
        DASHBOARDS.by_arn(self.connection(), arn).await
    }

    /// All dashboards of an account in a Region, by age.
    pub async fn dashboards_of(&mut self, account: &AccountId, region: &Region) -> Result<Vec<StoredDashboard>, Error> {
        DASHBOARDS.of(self.connection(), account, region).await
    }

    /// Adds a dashboard and answers its id. [`Error::Conflict`] when its ARN is taken.
    pub async fn insert_dashboard(&mut self, dashboard: &Dashboard) -> Result<i64, Error> {
        let row = sqlx::query(
            "INSERT INTO dashboard (arn, account, region, version, body) VALUES ($1, $2, $3, 1, $4) RETURNING id",
        )
        .bind(dashboard.arn.to_string())
        .bind(dashboard.arn.account.as_str())
        .bind(dashboard.arn.region.as_str())
        .bind(write_body(dashboard)?)
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get("id")?)
    }

    /// Replaces the settings by those of `changed`, whose id and version are as they were read. [`Error::Conflict`]
    /// when somebody else changed or deleted it since.
    pub async fn update_dashboard(&mut self, changed: &StoredDashboard) -> Result<(), Error> {
        let done = sqlx::query("UPDATE dashboard SET version = version + 1, body = $1 WHERE id = $2 AND version = $3")
            .bind(write_body(&changed.dashboard)?)
            .bind(changed.id)
            .bind(changed.version)
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 { Err(Error::Conflict) } else { Ok(()) }
    }

    /// Deletes a dashboard, its policy, and what is known of its refreshes.
    pub async fn delete_dashboard(&mut self, gone: &StoredDashboard) -> Result<(), Error> {
        sqlx::query("DELETE FROM dashboard WHERE id = $1").bind(gone.id).execute(self.connection()).await?;
        self.delete_resource_policy(&gone.dashboard.arn.to_string()).await?;
        self.delete_dashboard_refresh(&gone.dashboard.arn).await
    }
}
