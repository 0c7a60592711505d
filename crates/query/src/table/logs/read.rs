//! The records of files as rows.

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use bytes::Bytes;
use datafusion::common::Result;
use opentrail_intake::import::{Item, LogFile, Rejection};
use opentrail_lake::LogRows;
use opentrail_trino::{ErrorClass, SqlError};

use super::key::COLUMNS;
use super::provider::{Leaf, record_leaves};
use super::{LogCounts, LogFiles};
use crate::function::into_datafusion;

/// Rows of one file after the other.
#[derive(Debug)]
pub(super) struct FileRows {
    files: Arc<LogFiles>,
    schema: SchemaRef,
    counts: LogCounts,
    /// In the order of the schema's columns.
    leaves: Arc<[Leaf]>,
    rows: LogRows,
    /// Of each key column that is wanted: its number, and its values so far.
    keys: Vec<(usize, StringBuilder)>,
    open: Option<Open>,
}

/// A file that is being read.
#[derive(Debug)]
struct Open {
    key: String,
    /// What its key tells.
    values: [Option<String>; COLUMNS.len()],
    items: LogFile<Cursor<Bytes>>,
}

impl FileRows {
    pub(super) fn new(files: Arc<LogFiles>, leaves: &Arc<[Leaf]>, schema: &SchemaRef, counts: LogCounts) -> Self {
        let key = |leaf: &Leaf| match leaf {
            Leaf::Key(number) => Some((*number, StringBuilder::new())),
            Leaf::Record(_) => None,
        };
        Self {
            files,
            schema: Arc::clone(schema),
            counts,
            leaves: Arc::clone(leaves),
            rows: LogRows::new(&record_leaves(leaves)),
            keys: leaves.iter().filter_map(key).collect(),
            open: None,
        }
    }

    /// Whether there is a file whose end was not come to.
    pub(super) fn has_file(&self) -> bool {
        self.open.is_some()
    }

    /// Goes on with a file.
    pub(super) fn open(&mut self, key: String, body: Bytes) {
        let values = self.files.values(&key);
        self.open = Some(Open { key, values, items: LogFile::new(Cursor::new(body)) });
    }

    /// Reads on to the end of the file, or until there are rows for a batch.
    pub(super) fn step(mut self) -> Result<(Self, Option<RecordBatch>)> {
        let Some(mut open) = self.open.take() else { return Ok((self, None)) };
        while let Some(item) = open.items.next() {
            self.add(&open, item)?;
            if self.rows.is_full() {
                self.open = Some(open);
                let batch = self.finish();
                return Ok((self, batch));
            }
        }
        Ok((self, None))
    }

    fn add(&mut self, open: &Open, item: Item) -> Result<()> {
        let found = match item {
            Item::Record(found) => found,
            Item::Rejected(rejection) => return self.damaged(&open.key, &rejection),
        };
        if !std::str::from_utf8(&found.text).is_ok_and(|record| self.rows.push(record)) {
            let problem = "it is no JSON object".to_owned();
            return self.damaged(&open.key, &Rejection { index: found.index, offset: found.offset, problem });
        }
        self.counts.add_record();
        for (number, column) in &mut self.keys {
            column.append_option(open.values[*number].as_deref());
        }
        Ok(())
    }

    fn damaged(&self, key: &str, Rejection { index, offset, problem }: &Rejection) -> Result<()> {
        let what = format!("{}{key} is damaged at record {}, byte {offset}: {problem}", self.files.name, index + 1);
        if !self.files.skips_damage {
            return Err(into_datafusion(SqlError::new(ErrorClass::BadData, what)));
        }
        self.counts.add_damage(what);
        Ok(())
    }

    /// The rows that no batch has yet.
    pub(super) fn finish(&mut self) -> Option<RecordBatch> {
        let count = self.rows.rows();
        if count == 0 {
            return None;
        }
        let records = self.rows.finish();
        let mut records = records.columns().iter();
        let mut keys = self.keys.iter_mut();
        let columns = self.leaves.iter().filter_map(|leaf| match leaf {
            Leaf::Record(_) => records.next().map(Arc::clone),
            Leaf::Key(_) => keys.next().map(|(_, column)| Arc::new(column.finish()) as ArrayRef),
        });
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns.collect(), &options);
        Some(batch.expect("each leaf has its column, and all were given the same rows"))
    }
}
