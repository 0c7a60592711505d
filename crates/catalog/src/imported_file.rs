//! Log files that were brought in.

use opentrail_model::AccountId;
use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Transaction};

/// A log file that was brought in whole, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// Into whose history.
    pub account: AccountId,
    /// SHA-256 of the file as it was sent, in hexadecimal.
    pub sha256: String,
    /// What the sender called it.
    pub name: String,
    /// Its size as it was sent.
    pub bytes: u64,
    /// How many records it holds.
    pub records: u64,
    /// How many of them were new.
    pub imported: u64,
    /// How many of them were there already.
    pub duplicates: u64,
    /// How many things in it were no records.
    pub rejected: u64,
    /// When it was brought in.
    pub imported_at: Timestamp,
}

/// Where a file came from, and what tells that it is still the same there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSource {
    /// Its address.
    pub uri: String,
    /// Its entity tag there.
    pub etag: String,
    /// Its size there.
    pub bytes: u64,
}

impl Catalog {
    /// The file with this content, if it was brought in.
    pub async fn imported_file(&self, account: &AccountId, sha256: &str) -> Result<Option<ImportedFile>, Error> {
        let row = sqlx::query("SELECT * FROM imported_file WHERE account = $1 AND sha256 = $2")
            .bind(account.as_str())
            .bind(sha256)
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| from_row(account, &row)).transpose()
    }

    /// The file that came from this source, if the source is still the same.
    pub async fn imported_from(
        &self,
        account: &AccountId,
        source: &ImportSource,
    ) -> Result<Option<ImportedFile>, Error> {
        let row = sqlx::query(
            "SELECT imported_file.* FROM imported_source JOIN imported_file USING (account, sha256) \
             WHERE account = $1 AND uri = $2 AND etag = $3 AND imported_source.bytes = $4",
        )
        .bind(account.as_str())
        .bind(&source.uri)
        .bind(&source.etag)
        .bind(number(source.bytes))
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| from_row(account, &row)).transpose()
    }
}

impl Transaction {
    /// Notes that a file was brought in, and where it came from. The first note of a content stays.
    pub async fn note_imported_file(
        &mut self,
        file: &ImportedFile,
        source: Option<&ImportSource>,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT OR IGNORE INTO imported_file \
             (account, sha256, name, bytes, records, imported, duplicates, rejected, imported_at_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(file.account.as_str())
        .bind(&file.sha256)
        .bind(&file.name)
        .bind(number(file.bytes))
        .bind(number(file.records))
        .bind(number(file.imported))
        .bind(number(file.duplicates))
        .bind(number(file.rejected))
        .bind(file.imported_at.as_ms())
        .execute(self.connection())
        .await?;
        let Some(source) = source else { return Ok(()) };
        sqlx::query(
            "INSERT OR REPLACE INTO imported_source (account, uri, etag, bytes, sha256) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(file.account.as_str())
        .bind(&source.uri)
        .bind(&source.etag)
        .bind(number(source.bytes))
        .bind(&file.sha256)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// SQLite's integers are signed; no count of ours comes near their end.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn from_row(account: &AccountId, row: &SqliteRow) -> Result<ImportedFile, Error> {
    let count = |name: &str| -> Result<u64, Error> { Ok(u64::try_from(row.try_get::<i64, _>(name)?).unwrap_or(0)) };
    Ok(ImportedFile {
        account: account.clone(),
        sha256: row.try_get("sha256")?,
        name: row.try_get("name")?,
        bytes: count("bytes")?,
        records: count("records")?,
        imported: count("imported")?,
        duplicates: count("duplicates")?,
        rejected: count("rejected")?,
        imported_at: Timestamp::from_ms(row.try_get("imported_at_ms")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn a_file_is_known_by_its_content_and_its_source() {
        let catalog = Catalog::open_in_memory(Options::default()).await.expect("a catalog");
        let (account, other): (AccountId, AccountId) =
            ("111122223333".parse().expect("valid"), "444455556666".parse().expect("valid"));
        let file = ImportedFile {
            account: account.clone(),
            sha256: "ab".repeat(32),
            name: "a.json.gz".to_owned(),
            bytes: 7,
            records: 5,
            imported: 3,
            duplicates: 2,
            rejected: 1,
            imported_at: Timestamp::from_secs(9),
        };
        let source = ImportSource { uri: "s3://b/a.json.gz".to_owned(), etag: "e".to_owned(), bytes: 7 };
        let mut transaction = catalog.begin().await.expect("a transaction");
        transaction.note_imported_file(&file, Some(&source)).await.expect("noted");
        let again = ImportedFile { imported: 0, ..file.clone() };
        transaction.note_imported_file(&again, None).await.expect("the first note stays");
        transaction.commit().await.expect("committed");

        assert_eq!(catalog.imported_file(&account, &file.sha256).await.expect("readable"), Some(file.clone()));
        assert_eq!(catalog.imported_file(&other, &file.sha256).await.expect("readable"), None);
        assert_eq!(catalog.imported_from(&account, &source).await.expect("readable"), Some(file));
        for changed in [
            ImportSource { etag: "f".to_owned(), ..source.clone() },
            ImportSource { bytes: 8, ..source.clone() },
            ImportSource { uri: "s3://b/b".to_owned(), ..source },
        ] {
            assert_eq!(catalog.imported_from(&account, &changed).await.expect("readable"), None);
        }
    }
}
