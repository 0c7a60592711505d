//! A field of a row.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayData, ArrayRef, AsArray, make_array};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

#[derive(Debug, PartialEq, Eq, Hash)]
struct FieldOf {
    signature: Signature,
    index: usize,
    name: String,
}

/// The field at an index; NULL where the row is. Unlike DataFusion's, it goes by position, since names may repeat.
pub(in crate::analyze) fn field(row: Expr, index: usize) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::from(FieldOf { signature, index, name: format!("$field{index}") }).call(vec![row])
}

impl ScalarUDFImpl for FieldOf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match &arguments[0] {
            DataType::Struct(fields) if self.index < fields.len() => Ok(fields[self.index].data_type().clone()),
            other => plan_err!("{other} has no field {}", self.index),
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let row = arguments.args[0].to_array(arguments.number_rows)?;
        let row = row.as_struct();
        Ok(ColumnarValue::Array(masked(row.column(self.index), row.nulls())?))
    }
}

/// The values, with NULL also where the row is NULL.
fn masked(values: &ArrayRef, nulls: Option<&NullBuffer>) -> Result<ArrayRef> {
    if nulls.is_none_or(|nulls| nulls.null_count() == 0) || *values.data_type() == DataType::Null {
        return Ok(Arc::clone(values));
    }
    let both = NullBuffer::union(values.nulls(), nulls);
    let data: ArrayData = values.to_data();
    Ok(make_array(data.into_builder().nulls(both).build()?))
}
