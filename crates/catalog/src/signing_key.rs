//! Keys that sign digests, by Region. None is ever deleted: digests of years ago must stay verifiable.

use opentrail_stdx::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

/// A stored key pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The Region whose digests it signs.
    pub region: String,
    /// MD5 of the public key's bytes, in hexadecimal.
    pub fingerprint: String,
    /// The public key: DER of a PKCS #1 `RSAPublicKey`.
    pub public_key: Vec<u8>,
    /// The private key, sealed by the vault.
    pub private_key: Vec<u8>,
    /// The first instant for which it signs.
    pub valid_from: Timestamp,
    /// The last instant for which it signs.
    pub valid_to: Timestamp,
}

impl Catalog {
    /// A Region's keys whose validity meets the range, oldest first.
    pub async fn signing_keys(&self, region: &str, from: Timestamp, to: Timestamp) -> Result<Vec<SigningKey>, Error> {
        signing_keys(self.reader(), region, from, to).await
    }
}

impl Transaction {
    /// A Region's keys whose validity meets the range, oldest first.
    pub async fn signing_keys(
        &mut self,
        region: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<SigningKey>, Error> {
        signing_keys(self.connection(), region, from, to).await
    }

    /// Adds a key pair.
    pub async fn insert_signing_key(&mut self, key: &SigningKey) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO signing_key (region, fingerprint, public_key, private_key, valid_from_ms, valid_to_ms) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&key.region)
        .bind(&key.fingerprint)
        .bind(&key.public_key)
        .bind(&key.private_key)
        .bind(key.valid_from.as_ms())
        .bind(key.valid_to.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

async fn signing_keys<'c>(
    executor: impl SqliteExecutor<'c>,
    region: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<SigningKey>, Error> {
    let rows = sqlx::query(
        "SELECT * FROM signing_key WHERE region = $1 AND valid_to_ms >= $2 AND valid_from_ms <= $3 \
         ORDER BY valid_from_ms, fingerprint",
    )
    .bind(region)
    .bind(from.as_ms())
    .bind(to.as_ms())
    .fetch_all(executor)
    .await?;
    rows.iter().map(read_key).collect()
}

fn read_key(row: &SqliteRow) -> Result<SigningKey, Error> {
    Ok(SigningKey {
        region: row.try_get("region")?,
        fingerprint: row.try_get("fingerprint")?,
        public_key: row.try_get("public_key")?,
        private_key: row.try_get("private_key")?,
        valid_from: Timestamp::from_ms(row.try_get("valid_from_ms")?),
        valid_to: Timestamp::from_ms(row.try_get("valid_to_ms")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn keys_are_found_by_any_overlap_in_their_region() {
        let catalog = Catalog::open_in_memory(Options::default()).await.unwrap();
        let at = Timestamp::from_secs;
        let key = |region: &str, from, to| SigningKey {
            region: region.into(),
            fingerprint: format!("{from}"),
            public_key: vec![1],
            private_key: vec![2],
            valid_from: at(from),
            valid_to: at(to),
        };
        let mut tx = catalog.begin().await.unwrap();
        for (region, from, to) in [("us-east-1", 10, 20), ("us-east-1", 18, 28), ("eu-west-1", 0, 99)] {
            tx.insert_signing_key(&key(region, from, to)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = async |from, to| catalog.signing_keys("us-east-1", at(from), at(to)).await.unwrap().len();
        assert_eq!(found(0, 9).await, 0);
        assert_eq!(found(0, 10).await, 1);
        assert_eq!(found(19, 19).await, 2);
        assert_eq!(found(28, 99).await, 1);
        assert_eq!(catalog.signing_keys("eu-west-1", at(5), at(6)).await.unwrap(), [key("eu-west-1", 0, 99)]);
    }
}
