//! How far each product has read the journal.

use sqlx::{Row, SqliteExecutor};

use crate::{Catalog, Error, Transaction};

impl Catalog {
    /// The next journal position that a product will read; 0 before it has read any.
    pub async fn cursor(&self, product: &str) -> Result<u64, Error> {
        cursor(self.reader(), product).await
    }

    /// The least of all cursors: what lies before it in the journal nobody will read again.
    pub async fn least_cursor(&self) -> Result<u64, Error> {
        let row = sqlx::query("SELECT MIN(position) AS least FROM cursor").fetch_one(self.reader()).await?;
        read_position(row.try_get::<Option<i64>, _>("least")?.unwrap_or(0))
    }
}

impl Transaction {
    /// The next journal position that a product will read; 0 before it has read any.
    pub async fn cursor(&mut self, product: &str) -> Result<u64, Error> {
        cursor(self.connection(), product).await
    }

    /// Makes a product's cursor, unless it has one: from then on the journal keeps what it will read. Answers where the
    /// cursor stands.
    pub async fn register_cursor(&mut self, product: &str, at: u64) -> Result<u64, Error> {
        sqlx::query("INSERT INTO cursor (product, position) VALUES ($1, $2) ON CONFLICT (product) DO NOTHING")
            .bind(product)
            .bind(write_position(at))
            .execute(self.connection())
            .await?;
        self.cursor(product).await
    }

    /// Moves a product's cursor from where the product read it. [`Error::Conflict`] when it stands elsewhere.
    pub async fn move_cursor(&mut self, product: &str, from: u64, to: u64) -> Result<(), Error> {
        let done = sqlx::query(
            "INSERT INTO cursor (product, position) VALUES ($1, $3) \
             ON CONFLICT (product) DO UPDATE SET position = $3 WHERE position = $2",
        )
        .bind(product)
        .bind(write_position(from))
        .bind(write_position(to))
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 { Err(Error::Conflict) } else { Ok(()) }
    }
}

async fn cursor<'c>(executor: impl SqliteExecutor<'c>, product: &str) -> Result<u64, Error> {
    let row =
        sqlx::query("SELECT position FROM cursor WHERE product = $1").bind(product).fetch_optional(executor).await?;
    row.map_or(Ok(0), |row| read_position(row.try_get("position")?))
}

/// The position of a stored one.
pub(crate) fn read_position(stored: i64) -> Result<u64, Error> {
    u64::try_from(stored).map_err(|error| Error::corrupt("a journal position", error))
}

/// Journal positions fit the database's signed integers for the next 300,000 years at a million records a second.
pub(crate) fn write_position(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn a_cursor_moves_only_from_where_it_stands() {
        let catalog = Catalog::open_in_memory(Options::default()).await.unwrap();
        assert_eq!(catalog.cursor("delivery").await.unwrap(), 0);
        let mut tx = catalog.begin().await.unwrap();
        tx.move_cursor("delivery", 0, 5).await.unwrap();
        assert!(matches!(tx.move_cursor("delivery", 0, 9).await, Err(Error::Conflict)));
        tx.move_cursor("delivery", 5, 7).await.unwrap();
        tx.move_cursor("history", 0, 3).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = catalog.begin().await.unwrap();
        assert_eq!(tx.register_cursor("history", 9).await.unwrap(), 3);
        assert_eq!(tx.register_cursor("lake", 4).await.unwrap(), 4);
        tx.commit().await.unwrap();
        assert_eq!(catalog.cursor("delivery").await.unwrap(), 7);
        assert_eq!(catalog.least_cursor().await.unwrap(), 3);
    }
}
