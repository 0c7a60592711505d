//! Maps in the order of their keys, so that equal ones have equal bytes and can be grouped.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray, StructArray, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

#[derive(Debug, PartialEq, Eq, Hash)]
struct Canonical {
    signature: Signature,
}

/// The value with the entries of its maps sorted.
pub(in crate::analyze) fn canonical(value: Expr) -> Expr {
    ScalarUDF::from(Canonical { signature: Signature::any(1, Volatility::Immutable) }).call(vec![value])
}

impl ScalarUDFImpl for Canonical {
    fn name(&self) -> &'static str {
        "$canonical"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments[0].clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let array = arguments.args[0].to_array(arguments.number_rows)?;
        Ok(ColumnarValue::Array(sorted(&array)?))
    }
}

fn sorted(array: &ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        DataType::Map(entries, is_ordered) => {
            let map = array.as_map();
            let order = entry_order(map)?;
            let columns = map.entries().columns().iter().map(|column| sorted(&take(column, &order, None)?));
            let fields = map.entries().fields().clone();
            let sorted_entries = StructArray::try_new(fields, columns.collect::<Result<_>>()?, None)?;
            let (offsets, nulls) = (map.offsets().clone(), map.nulls().cloned());
            // The offsets may begin beyond zero; the order covers all entries, so they still fit.
            Arc::new(MapArray::try_new(Arc::clone(entries), offsets, sorted_entries, nulls, *is_ordered)?)
        }
        DataType::List(item) => {
            let list = array.as_list::<i32>();
            let values = sorted(list.values())?;
            Arc::new(ListArray::try_new(Arc::clone(item), list.offsets().clone(), values, list.nulls().cloned())?)
        }
        DataType::Struct(fields) => {
            let row = array.as_struct();
            let columns = row.columns().iter().map(sorted).collect::<Result<_>>()?;
            Arc::new(StructArray::try_new(fields.clone(), columns, row.nulls().cloned())?)
        }
        _ => Arc::clone(array),
    })
}

/// Where each entry of the sorted maps comes from.
fn entry_order(map: &MapArray) -> Result<UInt32Array> {
    let count = u32::try_from(map.keys().len()).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..count).collect();
    // Keys may be rows or arrays, which arrow's own sort doesn't take.
    let converter = RowConverter::new(vec![SortField::new(map.keys().data_type().clone())])?;
    let keys = converter.convert_columns(&[Arc::clone(map.keys())])?;
    for window in map.offsets().windows(2) {
        let [start, end] = [window[0], window[1]].map(|offset| usize::try_from(offset).unwrap_or(0));
        order[start..end].sort_by(|a, b| keys.row(*a as usize).cmp(&keys.row(*b as usize)));
    }
    Ok(order.into())
}
