//! Sessions that STS handed out while we looked on. No secret is kept.

use opentrail_stdx::Timestamp;
use sqlx::Row;

use crate::{Catalog, Error, Transaction};

/// Whom a temporary key belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedSession {
    /// `ASIA…`.
    pub access_key_id: String,
    /// Whose it is, as its reader wrote it.
    pub session: String,
    /// When it is over.
    pub expires_at: Timestamp,
}

impl Catalog {
    /// At most `max` sessions that are not over yet, those that last longest first.
    pub async fn recorded_sessions(&self, now: Timestamp, max: u32) -> Result<Vec<RecordedSession>, Error> {
        let rows = sqlx::query(
            "SELECT access_key_id, session, expires_at_ms FROM recorded_session WHERE expires_at_ms > $1 \
             ORDER BY expires_at_ms DESC LIMIT $2",
        )
        .bind(now.as_ms())
        .bind(max)
        .fetch_all(self.reader())
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok(RecordedSession {
                access_key_id: row.try_get("access_key_id")?,
                session: row.try_get("session")?,
                expires_at: Timestamp::from_ms(row.try_get("expires_at_ms")?),
            })
        };
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// Keeps a session, in place of what was known of its key, and forgets those that are over.
    pub async fn put_recorded_session(&mut self, session: &RecordedSession, now: Timestamp) -> Result<(), Error> {
        sqlx::query("DELETE FROM recorded_session WHERE expires_at_ms <= $1")
            .bind(now.as_ms())
            .execute(self.connection())
            .await?;
        sqlx::query(
            "INSERT INTO recorded_session (access_key_id, session, expires_at_ms) VALUES ($1, $2, $3) \
             ON CONFLICT (access_key_id) DO UPDATE SET session = excluded.session, expires_at_ms = excluded.expires_at_ms",
        )
        .bind(&session.access_key_id)
        .bind(&session.session)
        .bind(session.expires_at.as_ms())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn session(key: &str, seconds: i64) -> RecordedSession {
        RecordedSession {
            access_key_id: key.to_owned(),
            session: "{}".to_owned(),
            expires_at: Timestamp::from_secs(seconds),
        }
    }

    #[tokio::test]
    async fn sessions_are_kept_until_they_are_over() {
        let catalog = Catalog::open_in_memory(Options::default()).await.expect("a catalog");
        for (key, end, now) in [("ASIA1", 100, 0), ("ASIA2", 200, 0), ("ASIA1", 150, 0), ("ASIA3", 300, 150)] {
            let mut transaction = catalog.begin().await.expect("begun");
            transaction.put_recorded_session(&session(key, end), Timestamp::from_secs(now)).await.expect("put");
            transaction.commit().await.expect("committed");
        }
        let kept = |now, max| catalog.recorded_sessions(Timestamp::from_secs(now), max);
        assert_eq!(kept(0, 10).await.expect("read"), [session("ASIA3", 300), session("ASIA2", 200)]);
        assert_eq!(kept(200, 10).await.expect("read"), [session("ASIA3", 300)]);
        assert_eq!(kept(0, 1).await.expect("read").len(), 1);
    }
}
