//! The policies of event data stores, channels and dashboards, as they were submitted.

use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

impl Catalog {
    /// The policy of the resource with that ARN.
    pub async fn resource_policy(&self, arn: &str) -> Result<Option<String>, Error> {
        policy(self.reader(), arn).await
    }
}

impl Transaction {
    /// The policy of the resource with that ARN.
    pub async fn resource_policy(&mut self, arn: &str) -> Result<Option<String>, Error> {
        policy(self.connection(), arn).await
    }

    /// Puts a policy in place of the one that the resource may have.
    pub async fn put_resource_policy(&mut self, arn: &str, body: &str) -> Result<(), Error> {
        self.change_rules();
        sqlx::query(
            "INSERT INTO resource_policy (arn, body) VALUES ($1, $2) ON CONFLICT (arn) DO UPDATE SET body = $2",
        )
        .bind(arn)
        .bind(body)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Deletes the resource's policy and answers whether it had one.
    pub async fn delete_resource_policy(&mut self, arn: &str) -> Result<bool, Error> {
        self.change_rules();
        let done =
            sqlx::query("DELETE FROM resource_policy WHERE arn = $1").bind(arn).execute(self.connection()).await?;
        Ok(done.rows_affected() > 0)
    }
}

async fn policy<'c>(executor: impl SqliteExecutor<'c>, arn: &str) -> Result<Option<String>, Error> {
    let row = sqlx::query("SELECT body FROM resource_policy WHERE arn = $1").bind(arn).fetch_optional(executor).await?;
    Ok(row.map(|row| row.try_get("body")).transpose()?)
}
