//! The segments of stores: which files hold their records.
//!
//! A row is made, and the rows that it stands for go, in one transaction; files come before their row and go after it.

use opentrail_stdx::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Catalog, Error, Transaction};

/// Where a segment's records come from. Persisted by number: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SegmentOrigin {
    /// They were recorded here.
    Recorded = 1,
    /// They were imported.
    Imported = 2,
}

/// Whether a segment can be read. Persisted by number: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SegmentState {
    /// It can.
    Live = 1,
    /// Its files are damaged and nothing is left to make them from.
    Damaged = 2,
}

/// A segment: files of a store that are never changed, only replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Grows with age. Ignored by [`Transaction::insert_segment`].
    pub id: i64,
    /// Whose records.
    pub store_id: i64,
    /// The day of its records' times, `YYYY-MM-DD`.
    pub day: String,
    /// The files' name without its ending; no two segments have the same.
    pub name: String,
    /// Where its records come from.
    pub origin: SegmentOrigin,
    /// Whether it can be read.
    pub state: SegmentState,
    /// How many records it holds.
    pub records: u64,
    /// The bytes of their own texts.
    pub record_bytes: u64,
    /// The bytes of its files.
    pub file_bytes: u64,
    /// The least time of a record.
    pub time_min: Timestamp,
    /// The greatest time of a record.
    pub time_max: Timestamp,
    /// The least journal position of a record.
    pub position_min: u64,
    /// The greatest journal position of a record.
    pub position_max: u64,
    /// When it was made.
    pub made_at: Timestamp,
    /// What the format knows of its files, as JSON.
    pub facts: String,
}

impl Catalog {
    /// All segments of all stores, oldest first.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        let rows = sqlx::query("SELECT * FROM segment ORDER BY id").fetch_all(self.reader()).await?;
        rows.iter().map(read_segment).collect()
    }
}

impl Transaction {
    /// Adds a segment and answers its id.
    pub async fn insert_segment(&mut self, segment: &Segment) -> Result<i64, Error> {
        let done = sqlx::query(
            "INSERT INTO segment (store_id, day, name, origin, state, records, record_bytes, file_bytes, time_min_ms, \
               time_max_ms, position_min, position_max, made_at_ms, facts) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(segment.store_id)
        .bind(&segment.day)
        .bind(&segment.name)
        .bind(segment.origin as u8)
        .bind(segment.state as u8)
        .bind(written(segment.records))
        .bind(written(segment.record_bytes))
        .bind(written(segment.file_bytes))
        .bind(segment.time_min.as_ms())
        .bind(segment.time_max.as_ms())
        .bind(written(segment.position_min))
        .bind(written(segment.position_max))
        .bind(segment.made_at.as_ms())
        .bind(&segment.facts)
        .execute(self.connection())
        .await?;
        Ok(done.last_insert_rowid())
    }

    /// Whether a segment of this name is there.
    pub async fn has_segment(&mut self, name: &str) -> Result<bool, Error> {
        let row = sqlx::query("SELECT 1 FROM segment WHERE name = $1").bind(name).fetch_optional(self.connection());
        Ok(row.await?.is_some())
    }

    /// Takes a segment out of its store; one that is not there is fine.
    pub async fn delete_segment(&mut self, id: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM segment WHERE id = $1").bind(id).execute(self.connection()).await?;
        Ok(())
    }

    /// Notes whether a segment can be read, and what is known of its files now.
    pub async fn set_segment_state(
        &mut self,
        id: i64,
        state: SegmentState,
        file_bytes: u64,
        facts: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE segment SET state = $2, file_bytes = $3, facts = $4 WHERE id = $1")
            .bind(id)
            .bind(state as u8)
            .bind(written(file_bytes))
            .bind(facts)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn read_segment(row: &SqliteRow) -> Result<Segment, Error> {
    let id: i64 = row.try_get("id")?;
    let damaged = |reason: String| Error::corrupt(format!("segment {id}"), reason);
    let count = |column: &str| {
        let stored: i64 = row.try_get(column)?;
        u64::try_from(stored).map_err(|error| damaged(format!("{column}: {error}")))
    };
    let time = |column: &str| Ok::<_, Error>(Timestamp::from_ms(row.try_get(column)?));
    Ok(Segment {
        id,
        store_id: row.try_get("store_id")?,
        day: row.try_get("day")?,
        name: row.try_get("name")?,
        origin: match count("origin")? {
            1 => SegmentOrigin::Recorded,
            2 => SegmentOrigin::Imported,
            other => return Err(damaged(format!("unknown origin {other}"))),
        },
        state: match count("state")? {
            1 => SegmentState::Live,
            2 => SegmentState::Damaged,
            other => return Err(damaged(format!("unknown state {other}"))),
        },
        records: count("records")?,
        record_bytes: count("record_bytes")?,
        file_bytes: count("file_bytes")?,
        time_min: time("time_min_ms")?,
        time_max: time("time_max_ms")?,
        position_min: count("position_min")?,
        position_max: count("position_max")?,
        made_at: time("made_at_ms")?,
        facts: row.try_get("facts")?,
    })
}

fn written(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::store::StoreKind;

    fn segment(store_id: i64, name: &str) -> Segment {
        Segment {
            id: 0,
            store_id,
            day: "2026-11-22".into(),
            name: name.into(),
            origin: SegmentOrigin::Imported,
            state: SegmentState::Live,
            records: 3,
            record_bytes: 4000,
            file_bytes: 900,
            time_min: Timestamp::from_ms(-5),
            time_max: Timestamp::from_ms(7),
            position_min: 10,
            position_max: 12,
            made_at: Timestamp::from_secs(9),
            facts: "{}".into(),
        }
    }

    #[tokio::test]
    async fn segments_come_back_and_go() {
        let catalog = Catalog::open_in_memory(Options::default()).await.unwrap();
        let mut transaction = catalog.begin().await.unwrap();
        let account = "111111111111".parse().unwrap();
        let store = transaction.ensure_store(&account, StoreKind::History).await.unwrap();
        let (mut one, mut two) = (segment(store, "one"), segment(store, "two"));
        one.id = transaction.insert_segment(&one).await.unwrap();
        two.id = transaction.insert_segment(&two).await.unwrap();
        assert!(transaction.has_segment("one").await.unwrap());
        assert!(!transaction.has_segment("three").await.unwrap());
        assert!(matches!(transaction.insert_segment(&one).await, Err(Error::Conflict)), "names are unique");
        transaction.set_segment_state(two.id, SegmentState::Damaged, 901, "[]").await.unwrap();
        transaction.commit().await.unwrap();
        (two.state, two.file_bytes, two.facts) = (SegmentState::Damaged, 901, "[]".into());
        assert_eq!(catalog.segments().await.unwrap(), [one.clone(), two.clone()]);
        let mut transaction = catalog.begin().await.unwrap();
        transaction.delete_segment(one.id).await.unwrap();
        transaction.delete_segment(one.id).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(catalog.segments().await.unwrap(), [two]);
    }
}
