//! Running an analyzed statement: within its memory and its part of the disk, row by row.
//!
//! [`begin`] makes the physical plan; [`Run::next`] gives rows as they are made. Whoever drops a [`Run`] has called it off:
//! its tasks end with it, at their next batch of rows. Time is the caller's to watch.

mod cooperate;
mod cost;
mod dictionary;
mod failure;
mod late;
mod session;

use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use futures::StreamExt;
use opentrail_trino::{ErrorClass, SqlError, Type};

use crate::counted::CountedRecords;
use crate::prepare::Prepared;
use crate::result::Row;
use crate::value::text;

pub(crate) use dictionary::GroupByDictionaries;
pub(crate) use late::FetchLate;
pub use session::Limits;

/// Plans the run of a statement and begins it.
///
/// # Errors
/// What the optimizer finds out by computing constants, such as a division by zero.
pub async fn begin(statement: &Prepared, limits: &Limits) -> Result<Run, SqlError> {
    let counted = CountedRecords::default();
    let state = session::session(limits, &counted).map_err(|error| failure::read(&error))?;
    let plan = state.create_physical_plan(statement.plan()).await.map_err(|error| failure::read(&error))?;
    let plan = cooperate::cooperative(plan).map_err(|error| failure::read(&error))?;
    let stream = execute_stream(Arc::clone(&plan), state.task_ctx()).map_err(|error| failure::read(&error))?;
    let meter = Meter { plan, counted };
    Ok(Run { meter, stream, columns: statement.columns().to_vec(), row_bytes_max: limits.row_bytes_max })
}

/// A statement that is running.
pub struct Run {
    meter: Meter,
    stream: SendableRecordBatchStream,
    columns: Vec<(String, Type)>,
    row_bytes_max: usize,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl Run {
    /// Tells how many records the run wanted, also while it goes on.
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// The next rows, at least one; none: there are no more.
    ///
    /// # Errors
    /// Whatever went wrong with the rows, the memory or the disk. After an error there are no more rows.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, SqlError> {
        while let Some(batch) = self.stream.next().await {
            let batch = batch.map_err(|error| failure::read(&error))?;
            if batch.num_rows() > 0 {
                return self.texts(&batch).map(Some);
            }
        }
        Ok(None)
    }

    fn texts(&self, batch: &RecordBatch) -> Result<Vec<Row>, SqlError> {
        let mut rows: Vec<Row> = vec![Vec::with_capacity(self.columns.len()); batch.num_rows()];
        for (array, (_, of)) in batch.columns().iter().zip(&self.columns) {
            for (index, row) in rows.iter_mut().enumerate() {
                row.push(text(array, index, of));
            }
        }
        let bytes = |row: &Row| row.iter().flatten().map(String::len).sum::<usize>();
        if rows.iter().any(|row| bytes(row) > self.row_bytes_max) {
            return Err(SqlError::new(ErrorClass::ExceededFunctionMemoryLimit, "Query response is too large"));
        }
        Ok(rows)
    }
}

/// What a run does.
#[derive(Clone)]
pub struct Meter {
    plan: Arc<dyn ExecutionPlan>,
    counted: CountedRecords,
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter").finish_non_exhaustive()
    }
}

impl Meter {
    /// Records that went through the filters up to now, or were counted.
    pub fn rows_matched(&self) -> u64 {
        cost::rows_matched(self.plan.as_ref()) + self.counted.get()
    }

    /// Records that were counted without being read.
    pub fn rows_counted(&self) -> u64 {
        self.counted.get()
    }
}
