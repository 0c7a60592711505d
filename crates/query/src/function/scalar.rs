//! A scalar function of ours as DataFusion sees it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use opentrail_trino::{SqlError, Type};

use super::arrays::conform;
use super::kernel::{Call, Input, Kernel};
use super::lambda::Lambda;
use super::shape::data_type;
use super::{fault, into_datafusion, zone};

/// One call's function: its overload with types filled in, and its lambdas.
pub(super) struct Scalar {
    name: String,
    parameters: Vec<Type>,
    returns: Type,
    kernel: Kernel,
    lambdas: Vec<Lambda>,
    signature: Signature,
}

impl Scalar {
    pub(super) fn new(
        name: String,
        parameters: Vec<Type>,
        returns: Type,
        kernel: Kernel,
        lambdas: Vec<Lambda>,
    ) -> Self {
        let volatility = if kernel.is_volatile { Volatility::Volatile } else { Volatility::Immutable };
        let any = vec![TypeSignature::VariadicAny, TypeSignature::Nullary];
        Self { name, parameters, returns, kernel, lambdas, signature: Signature::one_of(any, volatility) }
    }

    /// The types of arguments that are values.
    fn values(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().filter(|of| !matches!(of, Type::Function(..)))
    }

    fn inputs(&self, arguments: &[ColumnarValue]) -> std::result::Result<Vec<Input>, SqlError> {
        let mut types = self.values();
        let inputs = arguments.iter().map(|argument| {
            let of = types.next();
            let (array, is_constant) = match argument {
                ColumnarValue::Array(array) => (Arc::clone(array), false),
                ColumnarValue::Scalar(value) => (value.to_array().map_err(fault::internal)?, true),
            };
            let array = match of.map(data_type) {
                Some(shape) if !zone::is_label_only(array.data_type(), &shape) => conform(&array, &shape)?,
                _ => array,
            };
            Ok(if is_constant { Input::constant(array) } else { Input::column(array) })
        });
        inputs.collect()
    }
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scalar").field("name", &self.name).field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.parameters == other.parameters
            && self.returns == other.returns
            && self.lambdas == other.lambdas
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.parameters.hash(state);
        self.returns.hash(state);
        self.lambdas.hash(state);
    }
}

impl ScalarUDFImpl for Scalar {
    fn name(&self) -> &str {
        &self.name
    }

    /// Two calls of one function with different lambdas or result types are different columns.
    fn schema_name(&self, arguments: &[datafusion::logical_expr::Expr]) -> Result<String> {
        let mut parts: Vec<String> = arguments.iter().map(|argument| argument.schema_name().to_string()).collect();
        parts.extend(self.lambdas.iter().map(ToString::to_string));
        Ok(format!("{}({}) {}", self.name, parts.join(","), self.returns))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(data_type(&self.returns))
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let shape = zone::label(&self.name, data_type(&self.returns), &arguments);
        Ok(Arc::new(Field::new(&self.name, shape, true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let inputs = self.inputs(&arguments.args).map_err(into_datafusion)?;
        let is_constant = !self.kernel.is_volatile && inputs.iter().all(Input::is_constant);
        let shape = arguments.return_field.data_type();
        let call = Call {
            inputs: &inputs,
            rows: if is_constant { 1 } else { arguments.number_rows },
            shape,
            parameters: &self.parameters,
            returns: &self.returns,
            lambdas: &self.lambdas,
        };
        let answer = self.kernel.run(&call).and_then(|answer| conform(&answer, shape)).map_err(into_datafusion)?;
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&answer, 0)?));
        }
        Ok(ColumnarValue::Array(answer))
    }
}
