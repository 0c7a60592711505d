//! Access keys: who may call, and the secret that they sign with.

use opentrail_model::Principal;
use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Secret, Transaction, Vault};

/// A key that calls are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `AKIA…`, or `ASIA…` for a session.
    pub id: String,
    /// What signatures are made with; sealed at rest.
    pub secret: Secret,
    /// Who calls with it.
    pub principal: Principal,
    /// What a session's calls must carry besides; sealed at rest.
    pub session_token: Option<Secret>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it is the key that the first start made.
    pub is_root: bool,
}

impl Catalog {
    /// The key of that id.
    pub async fn access_key(&self, id: &str, vault: &Vault) -> Result<Option<AccessKey>, Error> {
        let row = sqlx::query(
            "SELECT id, principal, secret, session_token, is_root, created_at_ms FROM access_key WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| read(&row, vault)).transpose()
    }

    /// All keys, by age.
    pub async fn access_keys(&self, vault: &Vault) -> Result<Vec<AccessKey>, Error> {
        let rows = sqlx::query(
            "SELECT id, principal, secret, session_token, is_root, created_at_ms FROM access_key \
             ORDER BY created_at_ms, id",
        )
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(|row| read(row, vault)).collect()
    }
}

impl Transaction {
    /// Adds a key. [`Error::Conflict`] when its id is taken.
    pub async fn insert_access_key(&mut self, key: &AccessKey, vault: &Vault) -> Result<(), Error> {
        let principal = serde_json::to_string(&key.principal).map_err(|error| Error::corrupt(place(&key.id), error))?;
        sqlx::query(
            "INSERT INTO access_key (id, account, principal, secret, session_token, is_root, created_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&key.id)
        .bind(key.principal.account.as_str())
        .bind(principal)
        .bind(vault.seal(key.secret.expose().as_bytes()))
        .bind(key.session_token.as_ref().map(|token| vault.seal(token.expose().as_bytes())))
        .bind(key.is_root)
        .bind(key.created_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Deletes a key and answers whether there was one.
    pub async fn delete_access_key(&mut self, id: &str) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM access_key WHERE id = $1").bind(id).execute(self.connection()).await?;
        Ok(done.rows_affected() > 0)
    }
}

fn read(row: &SqliteRow, vault: &Vault) -> Result<AccessKey, Error> {
    let id: String = row.try_get("id")?;
    let principal: String = row.try_get("principal")?;
    let secret: Vec<u8> = row.try_get("secret")?;
    let session_token: Option<Vec<u8>> = row.try_get("session_token")?;
    Ok(AccessKey {
        principal: serde_json::from_str(&principal).map_err(|error| Error::corrupt(place(&id), error))?,
        secret: unseal(&secret, &id, vault)?,
        session_token: session_token.map(|token| unseal(&token, &id, vault)).transpose()?,
        created_at: Timestamp::from_ms(row.try_get("created_at_ms")?),
        is_root: row.try_get("is_root")?,
        id,
    })
}

fn unseal(sealed: &[u8], id: &str, vault: &Vault) -> Result<Secret, Error> {
    let plain = vault.unseal(sealed).map_err(|error| Error::corrupt(place(id), error))?;
    let text = std::str::from_utf8(&plain).map_err(|error| Error::corrupt(place(id), error))?;
    Ok(Secret::new(text))
}

fn place(id: &str) -> String {
    format!("access_key {id}")
}
