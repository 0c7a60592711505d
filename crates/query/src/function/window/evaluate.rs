//! What a window function answers for the rows of a partition.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array};
use arrow_schema::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::PartitionEvaluator;
use opentrail_trino::SqlError;

use super::super::arrays::{conform, interleave};
use super::super::native::{I64, Native};
use super::super::{fault, into_datafusion};
use super::Window;

/// The rows of one partition.
#[derive(Debug)]
pub(super) struct Evaluator {
    window: Window,
    shape: DataType,
    ignore_nulls: bool,
}

impl Evaluator {
    pub(super) fn new(window: Window, shape: DataType, ignore_nulls: bool) -> Self {
        Self { window, shape, ignore_nulls }
    }

    fn all(&self, values: &[ArrayRef], rows: usize) -> std::result::Result<ArrayRef, SqlError> {
        match self.window {
            Window::RowNumber => Ok(Arc::new(Int64Array::from_iter_values((1_i64..).take(rows)))),
            Window::Ntile => ntile(values, rows),
            Window::Lag => self.moved(values, rows, true),
            Window::Lead => self.moved(values, rows, false),
            _ => Err(fault::internal("a window function was asked for what it does not answer")),
        }
    }

    /// The value so many rows before or after; the default beyond the partition.
    fn moved(&self, values: &[ArrayRef], rows: usize, is_back: bool) -> std::result::Result<ArrayRef, SqlError> {
        let value = values.first().ok_or_else(|| fault::internal("a window function lacks an argument"))?;
        let distance = values.get(1).map(I64::column).transpose()?;
        let default = values.get(2).map(|default| conform(default, value.data_type())).transpose()?;
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let distance = match distance {
                None => 1,
                Some(distance) if distance.is_null(row) => return Err(fault::argument("Offset must not be null")),
                Some(distance) => {
                    usize::try_from(distance.value(row)).map_err(|_| fault::argument("Offset must be at least 0"))?
                }
            };
            let place = if self.ignore_nulls {
                nth_valid(value, row, distance, is_back)
            } else if is_back {
                row.checked_sub(distance)
            } else {
                row.checked_add(distance).filter(|at| *at < rows)
            };
            places.push(match place {
                Some(at) => Some((0, at)),
                None => default.is_some().then_some((1, row)),
            });
        }
        match &default {
            Some(default) => interleave(&[value, default], &places),
            None => interleave(&[value], &places),
        }
    }

    fn framed(&self, values: &[ArrayRef], range: &Range<usize>) -> std::result::Result<ScalarValue, SqlError> {
        let value = values.first().ok_or_else(|| fault::internal("a window function lacks an argument"))?;
        let counts = |row: &usize| !self.ignore_nulls || value.is_valid(*row);
        let place = match self.window {
            Window::First => range.clone().find(counts),
            Window::Last => range.clone().rev().find(counts),
            _ => {
                let nth = I64::column(values.get(1).ok_or_else(|| fault::internal("`nth_value` lacks an argument"))?)?;
                match range.clone().next() {
                    Some(row) if nth.is_valid(row) => {
                        let index = usize::try_from(nth.value(row)).ok().filter(|index| *index > 0);
                        let index = index.ok_or_else(|| fault::argument("Offset must be at least 1"))?;
                        range.clone().filter(counts).nth(index - 1)
                    }
                    _ => None,
                }
            }
        };
        match place {
            Some(row) => ScalarValue::try_from_array(value, row).map_err(fault::internal),
            None => ScalarValue::try_from(value.data_type()).map_err(fault::internal),
        }
    }
}

/// The row of the n-th value that is not NULL, counted away from `row`; 0 is `row` itself.
fn nth_valid(value: &ArrayRef, row: usize, distance: usize, is_back: bool) -> Option<usize> {
    if distance == 0 {
        return Some(row);
    }
    let is_valid = |at: &usize| value.is_valid(*at);
    if is_back {
        (0..row).rev().filter(is_valid).nth(distance - 1)
    } else {
        (row + 1..value.len()).filter(is_valid).nth(distance - 1)
    }
}

fn ntile(values: &[ArrayRef], rows: usize) -> std::result::Result<ArrayRef, SqlError> {
    let buckets = I64::column(values.first().ok_or_else(|| fault::internal("`ntile` lacks an argument"))?)?;
    let tile = |row: usize| {
        if buckets.is_null(row) {
            return Ok(None);
        }
        let count = usize::try_from(buckets.value(row)).ok().filter(|count| *count > 0);
        let count = count.ok_or_else(|| fault::argument("Buckets must be greater than 0"))?;
        let (size, larger) = (rows / count, rows % count);
        let border = larger * (size + 1);
        let tile = if row < border { row / (size + 1) } else { larger + (row - border) / size.max(1) };
        Ok(i64::try_from(tile + 1).ok())
    };
    let tiles = (0..rows).map(tile).collect::<std::result::Result<Int64Array, SqlError>>()?;
    Ok(Arc::new(tiles))
}

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let answer = self.all(values, rows).map_err(into_datafusion)?;
        if matches!(self.shape, DataType::Timestamp(_, Some(_))) {
            return Ok(answer);
        }
        conform(&answer, &self.shape).map_err(into_datafusion)
    }

    fn evaluate(&mut self, values: &[ArrayRef], range: &Range<usize>) -> Result<ScalarValue> {
        self.framed(values, range).map_err(into_datafusion)
    }

    fn evaluate_all_with_rank(&self, rows: usize, ranks: &[Range<usize>]) -> Result<ArrayRef> {
        let each = |answer: &dyn Fn(usize, &Range<usize>) -> f64| -> ArrayRef {
            let all = ranks
                .iter()
                .enumerate()
                .flat_map(|(index, range)| std::iter::repeat_n(answer(index, range), range.len()));
            Arc::new(Float64Array::from_iter_values(all))
        };
        let whole = |answer: &dyn Fn(usize, &Range<usize>) -> usize| -> ArrayRef {
            let all = ranks.iter().enumerate().flat_map(|(index, range)| {
                std::iter::repeat_n(i64::try_from(answer(index, range)).unwrap_or(i64::MAX), range.len())
            });
            Arc::new(Int64Array::from_iter_values(all))
        };
        Ok(match self.window {
            Window::Rank => whole(&|_, range| range.start + 1),
            Window::DenseRank => whole(&|index, _| index + 1),
            Window::PercentRank if rows > 1 => each(&|_, range| range.start as f64 / (rows - 1) as f64),
            Window::PercentRank => each(&|_, _| 0.0),
            _ => each(&|_, range| range.end as f64 / rows as f64),
        })
    }

    fn uses_window_frame(&self) -> bool {
        self.window.is_framed()
    }

    fn include_rank(&self) -> bool {
        self.window.is_ranked()
    }
}
