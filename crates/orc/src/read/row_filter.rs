//! Predicates on batches that come from elsewhere than a file.

use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::Schema;
use arrow_select::filter::filter_record_batch;

use crate::Error;
use crate::read::filter::Filter;
use crate::read::predicate::Predicate;
use crate::schema::to_orc;

/// Leaves the rows of batches for which a predicate is true: those that a file of the same rows would give.
#[derive(Debug, Clone)]
pub struct RowFilter(Filter);

impl RowFilter {
    /// Of batches with this schema.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] and [`Error::InvalidOption`] for a predicate that doesn't fit the schema,
    /// [`Error::Unsupported`] for types that ORC doesn't have.
    pub fn new(schema: &Schema, predicate: &Predicate) -> Result<RowFilter, Error> {
        Ok(RowFilter(Filter::over_batches(&to_orc(schema)?, schema, predicate)?))
    }

    /// The rows of a batch for which the predicate is true.
    ///
    /// # Errors
    ///
    /// What Arrow says of a batch that is too large to be filtered.
    pub fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let mask = self.0.evaluate(batch);
        if mask.count_set_bits() == mask.len() {
            return Ok(batch.clone());
        }
        Ok(filter_record_batch(batch, &BooleanArray::new(mask, None))?)
    }
}
