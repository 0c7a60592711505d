//! Multipart uploads that are under way.

use std::collections::BTreeMap;

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::object::{Attributes, from_json, signed, to_json, unsigned};
use crate::{Catalog, Error, Transaction};

/// What the finished object will carry, and who asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadAttributes {
    /// What the object will carry.
    pub object: Attributes,
    /// The checksum algorithm agreed on (`CRC32`, …).
    pub checksum_algorithm: Option<String>,
    /// `FULL_OBJECT` or `COMPOSITE`.
    pub checksum_type: Option<String>,
}

/// A multipart upload that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// The bucket's number.
    pub bucket: i64,
    /// The key of the object to be.
    pub key: String,
    /// When it was created.
    pub started_at: Timestamp,
    /// What else is known of it.
    pub attributes: UploadAttributes,
}

/// A part of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPart {
    /// From 1 to 10,000.
    pub number: u16,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was written.
    pub modified_at: Timestamp,
    /// The body file with its bytes.
    pub body: String,
    /// Checksums in base64, by algorithm.
    pub checksums: BTreeMap<String, String>,
}

impl Catalog {
    /// The upload with this id.
    pub async fn upload(&self, id: &str) -> Result<Option<Upload>, Error> {
        by_id(&mut *self.reader().acquire().await?, id).await
    }

    /// A bucket's uploads, by key, then id.
    pub async fn uploads_of_bucket(&self, bucket: i64) -> Result<Vec<Upload>, Error> {
        sqlx::query("SELECT * FROM upload WHERE bucket = ? ORDER BY key, id")
            .bind(bucket)
            .fetch_all(self.reader())
            .await?
            .iter()
            .map(from_row)
            .collect()
    }

    /// An upload's parts after number `after`, in order, at most `limit`.
    pub async fn upload_parts(&self, id: &str, after: u16, limit: u32) -> Result<Vec<UploadPart>, Error> {
        parts(&mut *self.reader().acquire().await?, id, after, limit).await
    }
}

impl Transaction {
    /// The upload with this id, as this transaction sees it.
    pub async fn upload(&mut self, id: &str) -> Result<Option<Upload>, Error> {
        by_id(self.connection(), id).await
    }

    /// Adds an upload.
    pub async fn insert_upload(&mut self, upload: &Upload) -> Result<(), Error> {
        sqlx::query("INSERT INTO upload (id, bucket, key, started_at, attributes) VALUES (?, ?, ?, ?, ?)")
            .bind(&upload.id)
            .bind(upload.bucket)
            .bind(upload.key.as_bytes())
            .bind(upload.started_at.as_ms())
            .bind(to_json(&upload.attributes)?)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// All parts of an upload, in order.
    pub async fn upload_parts(&mut self, id: &str) -> Result<Vec<UploadPart>, Error> {
        parts(self.connection(), id, 0, u32::MAX).await
    }

    /// Puts a part over the one with its number, and answers the old one's body. The caller keeps and drops bodies.
    pub async fn put_part(&mut self, upload: &str, part: &UploadPart) -> Result<Option<String>, Error> {
        let old = sqlx::query_scalar("SELECT body FROM upload_part WHERE upload = ? AND number = ?")
            .bind(upload)
            .bind(i64::from(part.number))
            .fetch_optional(&mut *self.connection())
            .await?;
        sqlx::query(
            "INSERT OR REPLACE INTO upload_part (upload, number, etag, size_bytes, modified_at, body, checksums) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(upload)
        .bind(i64::from(part.number))
        .bind(&part.etag)
        .bind(signed(part.bytes))
        .bind(part.modified_at.as_ms())
        .bind(&part.body)
        .bind(to_json(&part.checksums)?)
        .execute(self.connection())
        .await?;
        Ok(old)
    }

    /// Removes an upload and its parts. The caller drops their bodies, as far as no object has them now.
    pub async fn delete_upload(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM upload WHERE id = ?").bind(id).execute(self.connection()).await?;
        Ok(())
    }

    /// A bucket's uploads.
    pub async fn uploads_of_bucket(&mut self, bucket: i64) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar("SELECT id FROM upload WHERE bucket = ?")
            .bind(bucket)
            .fetch_all(self.connection())
            .await?)
    }
}

async fn by_id(connection: &mut SqliteConnection, id: &str) -> Result<Option<Upload>, Error> {
    let row = sqlx::query("SELECT * FROM upload WHERE id = ?").bind(id).fetch_optional(connection).await?;
    row.as_ref().map(from_row).transpose()
}

async fn parts(connection: &mut SqliteConnection, id: &str, after: u16, limit: u32) -> Result<Vec<UploadPart>, Error> {
    sqlx::query("SELECT * FROM upload_part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?")
        .bind(id)
        .bind(i64::from(after))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?
        .iter()
        .map(part_from_row)
        .collect()
}

fn from_row(row: &SqliteRow) -> Result<Upload, Error> {
    let key = String::from_utf8(row.try_get("key")?).map_err(|error| Error::corrupt("upload.key", error))?;
    Ok(Upload {
        id: row.try_get("id")?,
        bucket: row.try_get("bucket")?,
        key,
        started_at: Timestamp::from_ms(row.try_get("started_at")?),
        attributes: from_json(row.try_get("attributes")?, "upload.attributes")?,
    })
}

fn part_from_row(row: &SqliteRow) -> Result<UploadPart, Error> {
    Ok(UploadPart {
        number: row.try_get("number")?,
        etag: row.try_get("etag")?,
        bytes: unsigned(row.try_get("size_bytes")?, "upload_part.size_bytes")?,
        modified_at: Timestamp::from_ms(row.try_get("modified_at")?),
        body: row.try_get("body")?,
        checksums: from_json(row.try_get("checksums")?, "upload_part.checksums")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bucket, Options};

    #[tokio::test]
    async fn parts_are_replaced_listed_and_removed_with_their_upload() {
        let catalog = Catalog::open_in_memory(Options::default()).await.expect("opens");
        let mut tx = catalog.begin().await.expect("begins");
        let bucket = Bucket {
            id: 0,
            name: "b".to_owned(),
            account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            created_at: Timestamp::EPOCH,
            policy: None,
        };
        let bucket = tx.insert_bucket(&bucket).await.expect("inserted");
        let upload = Upload {
            id: "u".to_owned(),
            bucket,
            key: "k".to_owned(),
            started_at: Timestamp::from_ms(7),
            attributes: UploadAttributes::default(),
        };
        tx.insert_upload(&upload).await.expect("inserted");
        let part = |number, body: &str| UploadPart {
            number,
            etag: "e".to_owned(),
            bytes: 9,
            modified_at: Timestamp::EPOCH,
            body: body.to_owned(),
            checksums: BTreeMap::from([("CRC32".to_owned(), "AAAAAA==".to_owned())]),
        };
        assert_eq!(tx.put_part("u", &part(2, "x")).await.expect("put"), None);
        assert_eq!(tx.put_part("u", &part(2, "y")).await.expect("put").as_deref(), Some("x"));
        assert_eq!(tx.put_part("u", &part(1, "z")).await.expect("put"), None);
        tx.commit().await.expect("commits");
        assert_eq!(catalog.upload("u").await.expect("read"), Some(upload));
        assert_eq!(catalog.upload_parts("u", 0, 10).await.expect("read"), [part(1, "z"), part(2, "y")]);
        assert_eq!(catalog.upload_parts("u", 1, 10).await.expect("read"), [part(2, "y")]);

        let mut tx = catalog.begin().await.expect("begins");
        tx.delete_upload("u").await.expect("deleted");
        assert!(tx.upload_parts("u").await.expect("read").is_empty());
        tx.commit().await.expect("commits");
        assert!(catalog.uploads_of_bucket(bucket).await.expect("read").is_empty());
    }
}
