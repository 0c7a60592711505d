//! One row's value of each group: `max_by`, `min_by`, `arbitrary`.

use std::ops::Range;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use datafusion::common::ScalarValue;
use opentrail_trino::{SqlError, Type};

use super::super::keys::keys_of;
use super::super::shape::data_type;
use super::super::signature::Binding;
use super::super::{Registry, fault};
use super::{Aggregate, Fold, Rows, Types};

pub(super) fn register(to: &mut Registry) {
    to.add_aggregate("max_by(V, O) -> V", By(Which::Greatest));
    to.add_aggregate("min_by(V, O) -> V", By(Which::Least));
    // DataFusion's own can't compare what is nested twice.
    to.add_aggregate_adjusted("max(O) -> O", nested_only, By(Which::Greatest));
    to.add_aggregate_adjusted("min(O) -> O", nested_only, By(Which::Least));
    to.add_aggregate("arbitrary(V) -> V", By(Which::Any));
    to.add_aggregate("any_value(V) -> V", By(Which::Any));
}

fn nested_only(binding: Binding) -> Option<Binding> {
    matches!(binding.returns, Type::Array(_) | Type::Row(_)).then_some(binding)
}

#[derive(Clone, Copy, PartialEq)]
enum Which {
    Greatest,
    Least,
    /// The first that is not NULL.
    Any,
}

struct By(Which);

impl Aggregate for By {
    fn begin(&self, of: &Types) -> Result<Box<dyn Fold>, SqlError> {
        let shapes = of.values().map(data_type).collect();
        Ok(Box::new(Best { which: self.0, shapes, groups: Vec::new(), heap: 0 }))
    }

    fn state(&self, of: &Types) -> Vec<DataType> {
        of.values().map(data_type).collect()
    }
}

/// The best row of a group so far.
#[derive(Clone)]
struct Row {
    /// Of what decides; empty where nothing does.
    key: Vec<u8>,
    value: ScalarValue,
    by: Option<ScalarValue>,
}

struct Best {
    which: Which,
    shapes: Vec<DataType>,
    groups: Vec<Option<Row>>,
    heap: usize,
}

impl Best {
    fn take(&mut self, rows: &Rows<'_>) -> Result<(), SqlError> {
        let value = rows.column(0)?;
        if self.which == Which::Any {
            for (row, group) in rows.iter() {
                let best = self.groups.get_mut(group).ok_or_else(no_place)?;
                if best.is_none() && value.is_valid(row) {
                    *best = Some(Row { key: Vec::new(), value: scalar(value, row)?, by: None });
                }
            }
            return Ok(());
        }
        let by = rows.columns.get(1).unwrap_or(value);
        let keys = keys_of(by)?;
        // Winners of this batch first: only they are copied.
        let mut winners: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
        for (row, group) in rows.iter().filter(|(row, _)| by.is_valid(*row)) {
            let winner = winners.entry(group).or_insert(row);
            if self.is_better(keys.row(row).data(), keys.row(*winner).data()) {
                *winner = row;
            }
        }
        for (group, row) in winners {
            let key = keys.row(row);
            let best = self.groups.get(group).ok_or_else(no_place)?;
            if best.as_ref().is_none_or(|best| self.is_better(key.data(), &best.key)) {
                let row = Row { key: key.data().to_vec(), value: scalar(value, row)?, by: Some(scalar(by, row)?) };
                self.heap += row.value.size() + row.key.len() * 2;
                self.groups[group] = Some(row);
            }
        }
        Ok(())
    }

    fn is_better(&self, a: &[u8], b: &[u8]) -> bool {
        if self.which == Which::Greatest { a > b } else { a < b }
    }

    fn column(
        &self,
        groups: Range<usize>,
        index: usize,
        of: impl Fn(&Row) -> Option<ScalarValue>,
    ) -> Result<ArrayRef, SqlError> {
        let shape = self.shapes.get(index).ok_or_else(no_place)?;
        let null = ScalarValue::try_from(shape).map_err(fault::internal)?;
        let rows = self.groups.get(groups).unwrap_or_default();
        if rows.is_empty() {
            return Ok(arrow_array::new_empty_array(shape));
        }
        let values = rows.iter().map(|row| row.as_ref().and_then(&of).unwrap_or_else(|| null.clone()));
        ScalarValue::iter_to_array(values).map_err(fault::internal)
    }
}

fn no_place() -> SqlError {
    fault::internal("a group without a place")
}

fn scalar(column: &ArrayRef, row: usize) -> Result<ScalarValue, SqlError> {
    ScalarValue::try_from_array(column, row).map(|value| value.compacted()).map_err(fault::internal)
}

impl Fold for Best {
    fn grow(&mut self, groups: usize) -> Result<(), SqlError> {
        if groups > self.groups.len() {
            self.groups.resize(groups, None);
        }
        Ok(())
    }

    fn update(&mut self, rows: &Rows<'_>) -> Result<(), SqlError> {
        self.take(rows)
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize]) -> Result<(), SqlError> {
        self.take(&Rows { columns: states, groups, filter: None })
    }

    fn answer(&self, groups: Range<usize>) -> Result<ArrayRef, SqlError> {
        self.column(groups, 0, |row| Some(row.value.clone()))
    }

    fn state(&self, groups: Range<usize>) -> Result<Vec<ArrayRef>, SqlError> {
        let mut columns = vec![self.answer(groups.clone())?];
        if self.shapes.len() > 1 {
            columns.push(self.column(groups, 1, |row| row.by.clone())?);
        }
        Ok(columns)
    }

    fn forget(&mut self, first: usize) -> Result<(), SqlError> {
        self.groups.drain(..first.min(self.groups.len()));
        Ok(())
    }

    fn size(&self) -> usize {
        self.groups.capacity() * size_of::<Option<Row>>() + self.heap
    }
}
