//! The value of a subquery that must not have more than one row.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility};
use opentrail_trino::{ErrorClass, SqlError};
use std::sync::Arc;

use crate::function::into_datafusion;

#[derive(Debug, PartialEq, Eq, Hash)]
struct Single {
    signature: Signature,
}

/// The only value, NULL if there is none; more than one row is `SUBQUERY_MULTIPLE_ROWS`.
pub(in crate::analyze) fn single(value: Expr) -> Expr {
    let function = AggregateUDF::from(Single { signature: Signature::any(1, Volatility::Immutable) });
    let call = AggregateFunction::new_udf(Arc::new(function), vec![value], false, None, Vec::new(), None);
    Expr::AggregateFunction(call)
}

impl AggregateUDFImpl for Single {
    fn name(&self) -> &'static str {
        "$single"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments[0].clone())
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let value = ScalarValue::try_from(arguments.return_field.data_type())?;
        Ok(Box::new(Only { value, rows: 0 }))
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let value = Field::new("value", arguments.return_field.data_type().clone(), true);
        Ok(vec![Arc::new(value), Arc::new(Field::new("rows", DataType::Int64, true))])
    }
}

#[derive(Debug)]
struct Only {
    value: ScalarValue,
    rows: i64,
}

impl Only {
    fn add(&mut self, values: &ArrayRef, index: usize, rows: i64) -> Result<()> {
        if rows == 0 {
            return Ok(());
        }
        self.rows += rows;
        if self.rows > 1 {
            let message = "Scalar sub-query has returned multiple rows";
            return Err(into_datafusion(SqlError::new(ErrorClass::SubqueryMultipleRows, message)));
        }
        self.value = ScalarValue::try_from_array(values, index)?;
        Ok(())
    }
}

impl Accumulator for Only {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        (0..values[0].len()).try_for_each(|index| self.add(&values[0], index, 1))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.value.clone())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.value.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.value.clone(), ScalarValue::from(self.rows)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states[1].as_primitive::<Int64Type>();
        (0..rows.len()).try_for_each(|index| self.add(&states[0], index, rows.value(index)))
    }
}
