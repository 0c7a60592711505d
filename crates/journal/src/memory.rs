//! A journal that keeps its records in memory only.

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::{Entry, JournalReader, Position, ReadError, TrimError};

/// Records in memory, for the tests of the engines that follow a journal. Reading what was trimmed is a bug of the
/// engine, and panics.
#[derive(Debug, Default)]
pub struct MemoryJournal(Mutex<Records>);

#[derive(Debug, Default)]
struct Records {
    entries: Vec<Entry>,
    start: u64,
}

impl MemoryJournal {
    /// Appends a record, which is at once as durable as it will ever be, and answers its position.
    pub fn append(&self, entry: Entry) -> Position {
        let mut records = self.0.lock();
        records.entries.push(entry);
        Position(records.entries.len() as u64 - 1)
    }
}

#[async_trait]
impl JournalReader for MemoryJournal {
    fn end(&self) -> Position {
        Position(self.0.lock().entries.len() as u64)
    }

    fn start(&self) -> Position {
        Position(self.0.lock().start)
    }

    async fn read(&self, from: Position, bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        let records = self.0.lock();
        assert!(from.0 >= records.start, "read {from} after it was trimmed");
        let mut bytes = 0;
        let fits = |(_, entry): &(Position, &Entry)| {
            let is_first = bytes == 0;
            bytes += entry.record.len();
            is_first || bytes <= bytes_max
        };
        let first = usize::try_from(from.0).unwrap_or(usize::MAX);
        let found = (from.0..).map(Position).zip(records.entries.iter().skip(first));
        Ok(found.take_while(fits).map(|(position, entry)| (position, entry.clone())).collect())
    }

    async fn trim(&self, before: Position) -> Result<(), TrimError> {
        let mut records = self.0.lock();
        records.start = records.start.max(before.0);
        Ok(())
    }
}
