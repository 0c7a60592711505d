//! Rows on their way into record batches.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{Schema, SchemaRef};
use opentrail_model::View;

use super::builder::{Builder, Subject};
use super::table::{Column, Kind};
use super::{Table, field, flatten};
use crate::format::row::Row;

/// A batch is full when it has so many rows.
pub(super) const BATCH_ROWS: usize = 4096;

/// A batch is full when its texts have so many bytes.
pub(super) const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Rows that become a batch. Memory: their texts, and about as much again for the columns that show parts of them.
pub(crate) struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<(&'static Column, Builder)>,
    /// Whether a column needs the record's members by name.
    needs_members: bool,
    rows: usize,
    bytes: usize,
    odd: u64,
}

impl BatchBuilder {
    /// The columns of a table that files have: checksums are made when they are read.
    pub(crate) fn stored(table: Table) -> Self {
        Self::of(table, |place| !matches!(table.columns()[place].kind, Kind::Checksum))
    }

    /// Those columns of a table whose place in it is wanted.
    pub(crate) fn of(table: Table, is_wanted: impl Fn(usize) -> bool) -> Self {
        let wanted = table.columns().iter().enumerate().filter(|(place, _)| is_wanted(*place));
        let columns: Vec<_> = wanted.map(|(_, column)| (column, Builder::new(column))).collect();
        let schema = Arc::new(Schema::new(columns.iter().map(|(column, _)| field(column)).collect::<Vec<_>>()));
        let needs_members = columns.iter().any(|(column, _)| matches!(column.kind, Kind::Member { .. }));
        Self { schema, columns, needs_members, rows: 0, bytes: 0, odd: 0 }
    }

    /// The schema of the batches.
    pub(crate) fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    /// Adds a row, what its record says, and the record's text.
    pub(crate) fn push(&mut self, row: &Row, view: &View<'_>, json: &str) {
        let members = if self.needs_members { flatten::of_text(json).unwrap_or_default() } else { Vec::new() };
        let subject = Subject { row, view, json, members: &members };
        for (column, builder) in &mut self.columns {
            builder.push(&column.kind, &subject, &mut self.odd);
        }
        self.odd += u64::from(view.mistyped);
        self.rows += 1;
        self.bytes += json.len();
    }

    /// Is it time for [`Self::finish`]?
    pub(crate) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The batch of what was added since the last; nothing without rows.
    pub(crate) fn finish(&mut self) -> Option<RecordBatch> {
        if self.rows == 0 {
            return None;
        }
        let columns = self.columns.iter_mut().map(|(column, builder)| builder.finish(column));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), columns.collect(), &options)
            .expect("columns are built from the table that the schema is made of");
        (self.rows, self.bytes) = (0, 0);
        Some(batch)
    }

    /// How many members of the records so far are null for their type.
    pub(crate) fn mistyped(&self) -> u64 {
        self.odd
    }
}
