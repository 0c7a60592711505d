//! A value that DataFusion knows nothing about, or that it leaves where it is.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

#[derive(Debug, PartialEq, Eq, Hash)]
struct Same {
    signature: Signature,
}

/// The value itself.
pub(in crate::analyze) fn same(value: Expr) -> Expr {
    identity(value, Volatility::Immutable)
}

/// The value itself; conditions on it are not moved below the place where it is computed.
pub(in crate::analyze) fn held(value: Expr) -> Expr {
    identity(value, Volatility::Volatile)
}

fn identity(value: Expr, volatility: Volatility) -> Expr {
    ScalarUDF::from(Same { signature: Signature::any(1, volatility) }).call(vec![value])
}

impl ScalarUDFImpl for Same {
    fn name(&self) -> &'static str {
        "$same"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments[0].clone())
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(arguments.args.swap_remove(0))
    }
}
