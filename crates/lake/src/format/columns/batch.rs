//! Rows on their way into record batches.

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use opentrail_model::View;

use super::builder::{Builder, Subject};
use super::{schema, table};
use crate::format::row::Row;

/// A batch is full when it has so many rows.
const BATCH_ROWS: usize = 4096;

/// A batch is full when its texts have so many bytes.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Rows that become a batch. Memory: their texts, and about as much again for the columns that show parts of them.
pub(in crate::format) struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
    bytes: usize,
    odd: u64,
}

impl BatchBuilder {
    pub(in crate::format) fn new() -> Self {
        let columns = table::COLUMNS.iter().map(Builder::new).collect();
        Self { schema: schema(), columns, rows: 0, bytes: 0, odd: 0 }
    }

    /// The schema of the batches.
    pub(in crate::format) fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// Adds a row, what its record says, and the record's text.
    pub(in crate::format) fn push(&mut self, row: &Row, view: &View<'_>, json: &str) {
        let subject = Subject { row, view, json };
        for (builder, column) in self.columns.iter_mut().zip(table::COLUMNS) {
            builder.push(&column.kind, &subject, &mut self.odd);
        }
        self.odd += u64::from(view.mistyped);
        self.rows += 1;
        self.bytes += json.len();
    }

    /// Is it time for [`Self::finish`]?
    pub(in crate::format) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The batch of what was added since the last; nothing without rows.
    pub(in crate::format) fn finish(&mut self) -> Option<RecordBatch> {
        if self.rows == 0 {
            return None;
        }
        let columns = self.columns.iter_mut().zip(table::COLUMNS).map(|(builder, column)| builder.finish(column));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), columns.collect(), &options)
            .expect("columns are built from the table that the schema is made of");
        (self.rows, self.bytes) = (0, 0);
        Some(batch)
    }

    /// How many members of the records so far are null for their type.
    pub(in crate::format) fn mistyped(&self) -> u64 {
        self.odd
    }
}
