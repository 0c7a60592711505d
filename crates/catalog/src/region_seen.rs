//! The Regions that an account has used: a multi-Region trail covers a Region from its first use.

use opentrail_model::{AccountId, Region};
use opentrail_stdx::Timestamp;
use sqlx::Row;

use crate::{Catalog, Error, Transaction};

impl Catalog {
    /// The Regions that an account has called, by name.
    pub async fn regions_seen(&self, account: &AccountId) -> Result<Vec<Region>, Error> {
        let rows = sqlx::query("SELECT region FROM region_seen WHERE account = $1 ORDER BY region")
            .bind(account.as_str())
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(|row| read_region(row.try_get("region")?)).collect()
    }

    /// All accounts and Regions that have called, by account and name.
    pub async fn all_regions_seen(&self) -> Result<Vec<(AccountId, Region)>, Error> {
        let rows = sqlx::query("SELECT account, region FROM region_seen ORDER BY account, region")
            .fetch_all(self.reader())
            .await?;
        rows.iter()
            .map(|row| Ok((read_account(row.try_get("account")?)?, read_region(row.try_get("region")?)?)))
            .collect()
    }
}

impl Transaction {
    /// Notes a call to a Region; the first one counts.
    pub async fn note_region(&mut self, account: &AccountId, region: &Region, at: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO region_seen (account, region, first_seen_at_ms) VALUES ($1, $2, $3) \
             ON CONFLICT (account, region) DO NOTHING",
        )
        .bind(account.as_str())
        .bind(region.as_str())
        .bind(at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

fn read_account(text: String) -> Result<AccountId, Error> {
    text.parse().map_err(|error| Error::corrupt("region_seen", error))
}

fn read_region(text: String) -> Result<Region, Error> {
    text.parse().map_err(|error| Error::corrupt("region_seen", error))
}
