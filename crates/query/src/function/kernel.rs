//! What a scalar function does to a batch of rows.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use opentrail_trino::{SqlError, Type};

use super::lambda::Lambda;

/// From a batch of arguments to a column of answers.
type Work = dyn Fn(&Call<'_>) -> Result<ArrayRef, SqlError> + Send + Sync;

/// The work of a function. It is given whole columns and answers one, of the type that [`Call::shape`] tells.
#[derive(Clone)]
pub(super) struct Kernel {
    run: Arc<Work>,
    /// May it fail at run time?
    pub(super) can_fail: bool,
    /// May the same arguments get another answer?
    pub(super) is_volatile: bool,
}

impl Kernel {
    /// Work that never fails.
    pub(super) fn total(run: impl Fn(&Call<'_>) -> Result<ArrayRef, SqlError> + Send + Sync + 'static) -> Self {
        Self { run: Arc::new(run), can_fail: false, is_volatile: false }
    }

    /// Work that some arguments make fail.
    pub(super) fn partial(run: impl Fn(&Call<'_>) -> Result<ArrayRef, SqlError> + Send + Sync + 'static) -> Self {
        Self { run: Arc::new(run), can_fail: true, is_volatile: false }
    }

    /// The same work, never done ahead of time.
    pub(super) fn volatile(self) -> Self {
        Self { is_volatile: true, ..self }
    }

    pub(super) fn run(&self, call: &Call<'_>) -> Result<ArrayRef, SqlError> {
        (self.run)(call)
    }
}

/// A batch of arguments.
pub(super) struct Call<'a> {
    /// The values, in order, lambdas left out; then what lambdas capture.
    pub(super) inputs: &'a [Input],
    /// How many rows to answer.
    pub(super) rows: usize,
    /// The arrow type to answer.
    pub(super) shape: &'a DataType,
    /// The types of all arguments.
    pub(super) parameters: &'a [Type],
    /// The type of the answer.
    pub(super) returns: &'a Type,
    /// The lambdas, in order.
    pub(super) lambdas: &'a [Lambda],
}

/// One argument of a batch.
#[derive(Debug)]
pub(super) struct Input {
    array: ArrayRef,
    /// `array` has one row, which stands for all.
    is_constant: bool,
}

impl Input {
    /// A row for each row of the batch.
    pub(super) fn column(array: ArrayRef) -> Self {
        Self { array, is_constant: false }
    }

    /// One row for all.
    pub(super) fn constant(array: ArrayRef) -> Self {
        Self { array, is_constant: true }
    }

    /// The values; read them at [`Self::at`].
    pub(super) fn array(&self) -> &ArrayRef {
        &self.array
    }

    /// Is it one value for all rows?
    pub(super) fn is_constant(&self) -> bool {
        self.is_constant
    }

    /// Where in the array the value of a row is.
    pub(super) fn at(&self, row: usize) -> usize {
        if self.is_constant { 0 } else { row }
    }

    /// Is the value of a row NULL?
    pub(super) fn is_null(&self, row: usize) -> bool {
        self.array.is_null(self.at(row)) || *self.array.data_type() == DataType::Null
    }

    /// The values with one row for each of `rows`.
    pub(super) fn spread(&self, rows: usize) -> Result<ArrayRef, SqlError> {
        if !self.is_constant || rows == 1 {
            return Ok(Arc::clone(&self.array));
        }
        let zeros = arrow_array::UInt32Array::from(vec![0; rows]);
        super::arrays::take(&self.array, &zeros)
    }
}
