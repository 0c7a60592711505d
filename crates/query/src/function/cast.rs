//! CAST and TRY_CAST.

mod apply;
mod from_json;
mod nested;
mod number;
mod text;
mod time;
mod to_json;

use std::sync::Arc;

use arrow_array::ArrayRef;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, ScalarUDF, cast as datafusion_cast};
use opentrail_trino::{ErrorClass, SqlError, Type};

use super::kernel::Kernel;
use super::scalar::Scalar;
use super::shape::data_type;

pub(super) use apply::{exists, is_mendable};
pub(super) use number::parse as parse_decimal;

/// What a cast does with a value that the type cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnError {
    /// CAST: the query fails.
    Fail,
    /// TRY_CAST: NULL.
    Null,
}

/// The expression as another type. An error tells that there is no such cast (TYPE_MISMATCH).
pub(crate) fn cast(expr: Expr, from: &Type, to: &Type, on_error: OnError) -> Result<Expr, SqlError> {
    if from == to || (from.is_varchar() && *to == Type::VARCHAR) {
        return Ok(expr);
    }
    if *from == Type::Unknown || is_widening(from, to) {
        return Ok(datafusion_cast(expr, data_type(to)));
    }
    if !apply::exists(from, to) {
        return Err(SqlError::new(ErrorClass::TypeMismatch, format!("Cannot cast {from} to {to}")));
    }
    let (source, target) = (from.clone(), to.clone());
    let is_lenient = on_error == OnError::Null;
    let kernel = Kernel::partial(move |call| {
        let input = super::adapt::input(call, 0)?;
        let answer = apply::cast(input.array(), &source, &target, is_lenient)?;
        if input.is_constant() { super::kernel::Input::constant(answer).spread(call.rows) } else { Ok(answer) }
    });
    let name = if is_lenient { "$try_cast" } else { "$cast" };
    let function = Scalar::new(name.to_owned(), vec![from.clone()], to.clone(), kernel, Vec::new());
    Ok(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(ScalarUDF::new_from_impl(function)), vec![expr])))
}

/// A column as another type; failures fail.
pub(super) fn column(array: &ArrayRef, from: &Type, to: &Type) -> Result<ArrayRef, SqlError> {
    apply::cast(array, from, to, false)
}

/// May the cast fail at run time?
pub(crate) fn can_fail(from: &Type, to: &Type) -> bool {
    !(from == to || *from == Type::Unknown || is_widening(from, to) || *to == Type::VARCHAR && *from != Type::Json)
}

/// Casts that no value fails, and that the optimizer understands.
fn is_widening(from: &Type, to: &Type) -> bool {
    use Type::{Bigint, Date, Double, Integer, Real, Smallint, Timestamp, Tinyint};
    match (from, to) {
        (Tinyint, Smallint | Integer | Bigint | Real | Double)
        | (Smallint, Integer | Bigint | Real | Double)
        | (Integer, Bigint | Double)
        | (Bigint | Real, Double) => true,
        (Date, Timestamp { precision }) => *precision <= 6,
        (Timestamp { precision: from }, Timestamp { precision: to }) => from <= to && *to <= 6,
        _ => false,
    }
}
