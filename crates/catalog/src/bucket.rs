//! Buckets of the embedded S3, and the documents that are kept with them.

use opentrail_stdx::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::{Catalog, Error, Transaction};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Our number for it.
    pub id: i64,
    /// Its name, unique among all accounts.
    pub name: String,
    /// The account that owns it.
    pub account: String,
    /// Its Region.
    pub region: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its resource policy, as it was put.
    pub policy: Option<String>,
}

impl Catalog {
    /// The bucket with this name.
    pub async fn bucket(&self, name: &str) -> Result<Option<Bucket>, Error> {
        by_name(&mut *self.reader().acquire().await?, name).await
    }

    /// An account's buckets, by name.
    pub async fn buckets_of_account(&self, account: &str) -> Result<Vec<Bucket>, Error> {
        sqlx::query("SELECT * FROM bucket WHERE account = ? ORDER BY name")
            .bind(account)
            .fetch_all(self.reader())
            .await?
            .iter()
            .map(from_row)
            .collect()
    }

    /// A document that is kept with a bucket.
    pub async fn bucket_setting(&self, bucket: i64, name: &str) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar("SELECT body FROM bucket_setting WHERE bucket = ? AND name = ?")
            .bind(bucket)
            .bind(name)
            .fetch_optional(self.reader())
            .await?)
    }
}

impl Transaction {
    /// The bucket with this name, as this transaction sees it.
    pub async fn bucket(&mut self, name: &str) -> Result<Option<Bucket>, Error> {
        by_name(self.connection(), name).await
    }

    /// Adds a bucket and answers its number, whatever number it brings. A taken name is a [`Error::Conflict`].
    pub async fn insert_bucket(&mut self, bucket: &Bucket) -> Result<i64, Error> {
        let done = sqlx::query("INSERT INTO bucket (name, account, region, created_at, policy) VALUES (?, ?, ?, ?, ?)")
            .bind(&bucket.name)
            .bind(&bucket.account)
            .bind(&bucket.region)
            .bind(bucket.created_at.as_ms())
            .bind(&bucket.policy)
            .execute(self.connection())
            .await?;
        Ok(done.last_insert_rowid())
    }

    /// Whether a bucket holds any object.
    pub async fn bucket_has_objects(&mut self, bucket: i64) -> Result<bool, Error> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM object WHERE bucket = ?)")
            .bind(bucket)
            .fetch_one(self.connection())
            .await?)
    }

    /// Removes a bucket, which must hold no objects and no uploads.
    pub async fn delete_bucket(&mut self, bucket: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM bucket WHERE id = ?").bind(bucket).execute(self.connection()).await?;
        Ok(())
    }

    /// Sets a bucket's policy, or takes it away.
    pub async fn set_bucket_policy(&mut self, bucket: i64, policy: Option<&str>) -> Result<(), Error> {
        sqlx::query("UPDATE bucket SET policy = ? WHERE id = ?")
            .bind(policy)
            .bind(bucket)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps a document with a bucket, or takes it away.
    pub async fn set_bucket_setting(&mut self, bucket: i64, name: &str, body: Option<&str>) -> Result<(), Error> {
        let query = match body {
            Some(body) => sqlx::query("INSERT OR REPLACE INTO bucket_setting (bucket, name, body) VALUES (?, ?, ?)")
                .bind(bucket)
                .bind(name)
                .bind(body),
            None => sqlx::query("DELETE FROM bucket_setting WHERE bucket = ? AND name = ?").bind(bucket).bind(name),
        };
        query.execute(self.connection()).await?;
        Ok(())
    }
}

async fn by_name(connection: &mut SqliteConnection, name: &str) -> Result<Option<Bucket>, Error> {
    let row = sqlx::query("SELECT * FROM bucket WHERE name = ?").bind(name).fetch_optional(connection).await?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &SqliteRow) -> Result<Bucket, Error> {
    Ok(Bucket {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        account: row.try_get("account")?,
        region: row.try_get("region")?,
        created_at: Timestamp::from_ms(row.try_get("created_at")?),
        policy: row.try_get("policy")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn bucket(name: &str) -> Bucket {
        Bucket {
            id: 0,
            name: name.to_owned(),
            account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            created_at: Timestamp::from_ms(1234),
            policy: None,
        }
    }

    #[tokio::test]
    async fn a_bucket_is_found_changed_and_removed() {
        let catalog = Catalog::open_in_memory(Options::default()).await.expect("opens");
        let mut tx = catalog.begin().await.expect("begins");
        let id = tx.insert_bucket(&bucket("trails")).await.expect("inserted");
        assert!(matches!(tx.insert_bucket(&bucket("trails")).await, Err(Error::Conflict)));
        tx.set_bucket_policy(id, Some("{}")).await.expect("set");
        tx.set_bucket_setting(id, "tagging", Some("<Tagging/>")).await.expect("set");
        assert!(!tx.bucket_has_objects(id).await.expect("read"));
        tx.commit().await.expect("commits");

        let found = catalog.bucket("trails").await.expect("read").expect("there");
        assert_eq!(found, Bucket { id, policy: Some("{}".to_owned()), ..bucket("trails") });
        assert_eq!(catalog.bucket_setting(id, "tagging").await.expect("read").as_deref(), Some("<Tagging/>"));
        assert_eq!(catalog.buckets_of_account("111122223333").await.expect("read"), [found]);

        let mut tx = catalog.begin().await.expect("begins");
        tx.delete_bucket(id).await.expect("deleted");
        tx.commit().await.expect("commits");
        assert_eq!(catalog.bucket("trails").await.expect("read"), None);
        assert_eq!(catalog.bucket_setting(id, "tagging").await.expect("read"), None);
    }
}
