//! A fold behind DataFusion's interfaces.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};
use opentrail_trino::SqlError;

use super::super::into_datafusion;
use super::{Fold, Rows};

/// Makes a fold that knows nothing yet.
pub(super) type Begin = Arc<dyn Fn() -> std::result::Result<Box<dyn Fold>, SqlError> + Send + Sync>;

/// Many groups.
pub(super) struct Groups {
    begin: Begin,
    fold: Box<dyn Fold>,
    count: usize,
}

impl Groups {
    pub(super) fn new(begin: Begin) -> Result<Self> {
        let fold = begin().map_err(into_datafusion)?;
        Ok(Self { begin, fold, count: 0 })
    }

    fn grow(&mut self, groups: usize) -> Result<()> {
        self.count = self.count.max(groups);
        self.fold.grow(self.count).map_err(into_datafusion)
    }

    /// How many groups to answer for, and whether all.
    fn emitted(&self, emit: EmitTo) -> usize {
        match emit {
            EmitTo::All => self.count,
            EmitTo::First(first) => first.min(self.count),
        }
    }

    fn forget(&mut self, first: usize) -> Result<()> {
        self.count -= first;
        self.fold.forget(first).map_err(into_datafusion)
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.grow(total)?;
        self.fold.update(&Rows { columns: values, groups: group_indices, filter }).map_err(into_datafusion)
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let count = self.emitted(emit);
        let answer = self.fold.answer(0..count).map_err(into_datafusion)?;
        self.forget(count)?;
        Ok(answer)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        let count = self.emitted(emit);
        let state = self.fold.state(0..count).map_err(into_datafusion)?;
        self.forget(count)?;
        Ok(state)
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total: usize) -> Result<()> {
        self.grow(total)?;
        self.fold.merge(values, group_indices).map_err(into_datafusion)
    }

    /// Each row becomes a group of its own.
    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, arrow_array::Array::len);
        let groups: Vec<usize> = (0..rows).collect();
        let mut fold = (self.begin)().map_err(into_datafusion)?;
        fold.grow(rows).map_err(into_datafusion)?;
        fold.update(&Rows { columns: values, groups: &groups, filter }).map_err(into_datafusion)?;
        fold.state(0..rows).map_err(into_datafusion)
    }

    fn size(&self) -> usize {
        self.fold.size()
    }
}

/// One group.
pub(super) struct Single {
    fold: Box<dyn Fold>,
}

impl Single {
    pub(super) fn new(mut fold: Box<dyn Fold>) -> Result<Self> {
        fold.grow(1).map_err(into_datafusion)?;
        Ok(Self { fold })
    }
}

impl std::fmt::Debug for Single {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Single")
    }
}

impl Accumulator for Single {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let rows = values.first().map_or(0, arrow_array::Array::len);
        let groups = vec![0; rows];
        self.fold.update(&Rows { columns: values, groups: &groups, filter: None }).map_err(into_datafusion)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let answer = self.fold.answer(0..1).map_err(into_datafusion)?;
        ScalarValue::try_from_array(&answer, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.fold.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let state = self.fold.state(0..1).map_err(into_datafusion)?;
        state.iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, arrow_array::Array::len);
        self.fold.merge(states, &vec![0; rows]).map_err(into_datafusion)
    }
}

/// One group whose first rows leave again, for window frames that move. It keeps the frame's rows and begins anew for each
/// answer.
pub(super) struct Sliding {
    begin: Begin,
    columns: Vec<ArrayRef>,
}

impl Sliding {
    pub(super) fn new(begin: Begin) -> Self {
        Self { begin, columns: Vec::new() }
    }

    fn fold(&self) -> Result<Single> {
        let mut single = Single::new((self.begin)().map_err(into_datafusion)?)?;
        if !self.columns.is_empty() {
            single.update_batch(&self.columns)?;
        }
        Ok(single)
    }
}

impl std::fmt::Debug for Sliding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sliding")
    }
}

impl Accumulator for Sliding {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        if self.columns.is_empty() {
            self.columns = values.to_vec();
            return Ok(());
        }
        for (column, more) in self.columns.iter_mut().zip(values) {
            *column = super::super::arrays::concat(&[Arc::clone(column), Arc::clone(more)]).map_err(into_datafusion)?;
        }
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let gone = values.first().map_or(0, arrow_array::Array::len);
        for column in &mut self.columns {
            let gone = gone.min(arrow_array::Array::len(column));
            *column = arrow_array::Array::slice(column, gone, arrow_array::Array::len(column) - gone);
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.fold()?.evaluate()
    }

    fn size(&self) -> usize {
        self.columns.iter().map(arrow_array::Array::get_array_memory_size).sum()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.fold()?.state()
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        Err(into_datafusion(super::super::fault::internal("a window's aggregate is never merged")))
    }
}
