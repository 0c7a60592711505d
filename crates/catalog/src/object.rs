//! Objects of the embedded S3: what is known of them, and in which body files their bytes lie.

use std::collections::BTreeMap;

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::{Catalog, Error, Transaction};

/// A body file, or as much of an object's bytes as lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyRef {
    /// The file's name.
    pub id: String,
    /// Its length.
    pub bytes: u64,
}

/// What an object carries besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// Content headers (`content-type`, `cache-control`, …), names in lower case.
    pub headers: BTreeMap<String, String>,
    /// User metadata: names in lower case, without `x-amz-meta-`.
    pub metadata: BTreeMap<String, String>,
    /// Checksums in base64, by algorithm (`CRC32`, `SHA256`, …).
    pub checksums: BTreeMap<String, String>,
    /// `FULL_OBJECT` or `COMPOSITE`, where there are checksums.
    pub checksum_type: Option<String>,
    /// Object tags, in the order given.
    pub tags: Vec<(String, String)>,
    /// The ARN of the principal that wrote it.
    pub writer: Option<String>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was written.
    pub modified_at: Timestamp,
    /// Where its bytes lie, in order.
    pub bodies: Vec<BodyRef>,
    /// What else it carries.
    pub attributes: Attributes,
}

/// What to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing<'a> {
    /// Only keys that begin so.
    pub prefix: &'a str,
    /// Only what comes after this key or common prefix.
    pub after: Option<&'a str>,
    /// Keys that share what lies between the prefix and the first delimiter become one common prefix.
    pub delimiter: Option<&'a str>,
    /// At most so many keys and common prefixes.
    pub count_max: usize,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// An object; its `bodies` are left empty.
    Object(Box<Object>),
    /// Keys that begin with the same text up to the delimiter.
    Prefix(String),
}

impl Entry {
    /// The key or common prefix.
    pub fn name(&self) -> &str {
        match self {
            Self::Object(object) => &object.key,
            Self::Prefix(prefix) => prefix,
        }
    }
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// In the order of their names' bytes.
    pub entries: Vec<Entry>,
    /// Whether more follows.
    pub is_truncated: bool,
}

/// Rows asked for at a time while a delimiter may let us skip most of them.
const SKIPPING_ROWS: usize = 64;
/// Rows asked for at a time otherwise.
const ROWS_MAX: usize = 1001;
/// Greater than every key: no byte of UTF-8 is so large.
const BEYOND_ALL_KEYS: &[u8] = &[0xff];

impl Catalog {
    /// The object with this key.
    pub async fn object(&self, bucket: i64, key: &str) -> Result<Option<Object>, Error> {
        by_key(&mut *self.reader().acquire().await?, bucket, key).await
    }

    /// Keys and common prefixes in byte order. Costs what it answers: common prefixes are leapt over, not read through.
    pub async fn list_objects(&self, bucket: i64, listing: Listing<'_>) -> Result<Page, Error> {
        let mut page = Page::default();
        if listing.count_max == 0 {
            return Ok(page);
        }
        let mut connection = self.reader().acquire().await?;
        let end = successor(listing.prefix.as_bytes());
        let mut from = start(&listing);
        loop {
            let missing = listing.count_max + 1 - page.entries.len();
            let limit = missing.min(if listing.delimiter.is_some() { SKIPPING_ROWS } else { ROWS_MAX });
            let rows = range(&mut connection, bucket, &from, &end, limit).await?;
            let is_last = rows.len() < limit;
            let mut leap = None;
            for row in rows {
                let key = key_of(&row)?;
                if page.entries.len() == listing.count_max {
                    page.is_truncated = true;
                    return Ok(page);
                }
                if let Some(prefix) = common_prefix(&key, listing.prefix, listing.delimiter) {
                    leap = Some(successor(prefix.as_bytes()));
                    page.entries.push(Entry::Prefix(prefix.to_owned()));
                    break;
                }
                from = after(&key);
                page.entries.push(Entry::Object(Box::new(listed(&row, key)?)));
            }
            match leap {
                Some(place) => from = place,
                None if is_last => return Ok(page),
                None => {}
            }
        }
    }

    /// Whether anything refers to a body file.
    pub async fn body_is_kept(&self, id: &str) -> Result<bool, Error> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM body WHERE id = ?)")
            .bind(id)
            .fetch_one(self.reader())
            .await?)
    }

    /// The body files that something refers to and whose names begin with `prefix` (ASCII).
    pub async fn bodies_kept(&self, prefix: &str) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar("SELECT id FROM body WHERE id >= ?1 AND id < ?1 || '~' ORDER BY id")
            .bind(prefix)
            .fetch_all(self.reader())
            .await?)
    }
}

impl Transaction {
    /// The object with this key, as this transaction sees it.
    pub async fn object(&mut self, bucket: i64, key: &str) -> Result<Option<Object>, Error> {
        by_key(self.connection(), bucket, key).await
    }

    /// Puts an object over whatever had its key, and answers what that was. The caller keeps and drops bodies.
    pub async fn put_object(&mut self, bucket: i64, object: &Object) -> Result<Option<Object>, Error> {
        let old = self.object(bucket, &object.key).await?;
        sqlx::query(
            "INSERT OR REPLACE INTO object (bucket, key, etag, size_bytes, modified_at, bodies, attributes) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(bucket)
        .bind(object.key.as_bytes())
        .bind(&object.etag)
        .bind(signed(object.bytes))
        .bind(object.modified_at.as_ms())
        .bind(to_json(&object.bodies)?)
        .bind(to_json(&object.attributes)?)
        .execute(self.connection())
        .await?;
        Ok(old)
    }

    /// Removes an object and answers what it was. The caller drops its bodies.
    pub async fn delete_object(&mut self, bucket: i64, key: &str) -> Result<Option<Object>, Error> {
        let old = self.object(bucket, key).await?;
        if old.is_some() {
            sqlx::query("DELETE FROM object WHERE bucket = ? AND key = ?")
                .bind(bucket)
                .bind(key.as_bytes())
                .execute(self.connection())
                .await?;
        }
        Ok(old)
    }

    /// Notes that something refers to a body file from now on.
    pub async fn keep_body(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("INSERT INTO body (id) VALUES (?)").bind(id).execute(self.connection()).await?;
        Ok(())
    }

    /// Notes that nothing refers to a body file any longer.
    pub async fn drop_body(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM body WHERE id = ?").bind(id).execute(self.connection()).await?;
        Ok(())
    }
}

async fn by_key(connection: &mut SqliteConnection, bucket: i64, key: &str) -> Result<Option<Object>, Error> {
    let row = sqlx::query("SELECT * FROM object WHERE bucket = ? AND key = ?")
        .bind(bucket)
        .bind(key.as_bytes())
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut object = listed(&row, key.to_owned())?;
    object.bodies = from_json(row.try_get("bodies")?, "object.bodies")?;
    Ok(Some(object))
}

async fn range(
    connection: &mut SqliteConnection,
    bucket: i64,
    from: &[u8],
    end: &[u8],
    limit: usize,
) -> Result<Vec<SqliteRow>, Error> {
    Ok(sqlx::query(
        "SELECT key, etag, size_bytes, modified_at, attributes FROM object \
         WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?",
    )
    .bind(bucket)
    .bind(from)
    .bind(end)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?)
}

fn key_of(row: &SqliteRow) -> Result<String, Error> {
    String::from_utf8(row.try_get("key")?).map_err(|error| Error::corrupt("object.key", error))
}

fn listed(row: &SqliteRow, key: String) -> Result<Object, Error> {
    Ok(Object {
        key,
        etag: row.try_get("etag")?,
        bytes: unsigned(row.try_get("size_bytes")?, "object.size_bytes")?,
        modified_at: Timestamp::from_ms(row.try_get("modified_at")?),
        bodies: Vec::new(),
        attributes: from_json(row.try_get("attributes")?, "object.attributes")?,
    })
}

/// Where a listing begins to read.
fn start(listing: &Listing<'_>) -> Vec<u8> {
    let Some(name) = listing.after else { return listing.prefix.as_bytes().to_vec() };
    // A name inside a common prefix means that this prefix has been listed already.
    let place = match common_prefix(name, listing.prefix, listing.delimiter) {
        Some(prefix) => successor(prefix.as_bytes()),
        None => after(name),
    };
    place.max(listing.prefix.as_bytes().to_vec())
}

/// The first place after exactly this key.
fn after(key: &str) -> Vec<u8> {
    let mut place = key.as_bytes().to_vec();
    place.push(0);
    place
}

/// The first place after all keys that begin with `prefix`.
fn successor(prefix: &[u8]) -> Vec<u8> {
    let mut place = prefix.to_vec();
    while let Some(last) = place.last_mut() {
        if *last < 0xff {
            *last += 1;
            return place;
        }
        place.pop();
    }
    BEYOND_ALL_KEYS.to_vec()
}

fn common_prefix<'k>(key: &'k str, prefix: &str, delimiter: Option<&str>) -> Option<&'k str> {
    let delimiter = delimiter?;
    let place = key.strip_prefix(prefix)?.find(delimiter)?;
    Some(&key[..prefix.len() + place + delimiter.len()])
}

pub(crate) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).expect("no file is longer than an i64 can say")
}

pub(crate) fn unsigned(value: i64, place: &str) -> Result<u64, Error> {
    u64::try_from(value).map_err(|error| Error::corrupt(place, error))
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::corrupt("a value about to be stored", error))
}

pub(crate) fn from_json<T: for<'de> Deserialize<'de>>(text: &str, place: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::corrupt(place, error))
}

#[cfg(test)]
#[path = "object/tests.rs"]
mod tests;
