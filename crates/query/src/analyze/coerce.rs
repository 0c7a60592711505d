//! Implicit casts, and comparisons of any two values.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, ListArray, MapArray, StructArray, new_empty_array, new_null_array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::{Expr, Operator, binary_expr, cast as arrow_cast, lit};
use opentrail_trino::ast::BinaryOperator;
use opentrail_trino::{ErrorClass, Place, SqlError, Type, common_super_type};

use super::context::Typed;
use super::plan::fault;
use super::udf;
use crate::function::{Argument, Compiled, OnError, Registry, cast, data_type};

/// The value as one of another type that it turns into without a cast.
pub(super) fn coerce(value: Typed, to: &Type) -> Result<Typed, SqlError> {
    if value.ty == *to {
        return Ok(value);
    }
    if value.ty == Type::Unknown {
        return null(to);
    }
    let expr = match (&value.ty, to) {
        (Type::Varchar { .. }, Type::Varchar { .. }) => value.expr,
        _ => cast(value.expr, &value.ty, to, OnError::Fail)?,
    };
    Ok(Typed::new(expr, to.clone()))
}

/// NULL of a type.
pub(super) fn null(of: &Type) -> Result<Typed, SqlError> {
    let value = ScalarValue::try_from(&data_type(of)).map_err(fault)?;
    Ok(Typed::new(lit(value), of.clone()))
}

/// Any value of a type that is not NULL.
pub(super) fn something(of: &Type) -> Result<ScalarValue, SqlError> {
    let arrow = data_type(of);
    // DataFusion's own default of a map panics.
    Ok(match &arrow {
        DataType::Struct(fields) => {
            let nulls = fields.iter().map(|field| new_null_array(field.data_type(), 1)).collect();
            ScalarValue::Struct(Arc::new(StructArray::new(fields.clone(), nulls, None)))
        }
        DataType::List(item) => {
            let (none, nothing) = (OffsetBuffer::from_lengths([0]), new_empty_array(item.data_type()));
            ScalarValue::List(Arc::new(ListArray::new(Arc::clone(item), none, nothing, None)))
        }
        DataType::Map(entries, is_ordered) => {
            let (none, nothing) = (OffsetBuffer::from_lengths([0]), new_empty_array(entries.data_type()));
            let nothing = nothing.as_struct().clone();
            ScalarValue::Map(Arc::new(MapArray::new(Arc::clone(entries), none, nothing, None, *is_ordered)))
        }
        _ => ScalarValue::new_default(&arrow).map_err(fault)?,
    })
}

/// The same, so that the zones of several values with time zone do not differ in their arrow types. It changes no instant.
pub(super) fn relabel(value: Typed) -> Expr {
    match value.ty {
        Type::TimestampTz { .. } => arrow_cast(value.expr, data_type(&value.ty)),
        _ => value.expr,
    }
}

/// The least type of all values; `words` makes the refusal of the first two that have none.
pub(super) fn common_type<'t>(
    types: impl Iterator<Item = &'t Type>,
    words: impl Fn(&Type, &Type) -> SqlError,
) -> Result<Type, SqlError> {
    let mut common = Type::Unknown;
    for ty in types {
        common = common_super_type(&common, ty).ok_or_else(|| words(&common, ty))?;
    }
    Ok(common)
}

/// Both sides in one type, text beside a time read as a time; none if they have no common type.
pub(super) fn unify(left: Typed, right: Typed, place: Place) -> Result<Option<(Typed, Typed, Type)>, SqlError> {
    let (left, right) = match (is_time(&left.ty), is_time(&right.ty)) {
        (true, false) if right.ty.is_varchar() => {
            let right = read_time(right, &left.ty, place)?;
            (left, right)
        }
        (false, true) if left.ty.is_varchar() => (read_time(left, &right.ty, place)?, right),
        _ => (left, right),
    };
    let Some(common) = common_super_type(&left.ty, &right.ty) else { return Ok(None) };
    Ok(Some((coerce(left, &common)?, coerce(right, &common)?, common)))
}

fn is_time(of: &Type) -> bool {
    matches!(of, Type::Date | Type::Timestamp { .. } | Type::TimestampTz { .. })
}

/// Text that is compared with a time is a time in any of the usual spellings. A date becomes a timestamp for it.
pub(super) fn read_time(text: Typed, beside: &Type, place: Place) -> Result<Typed, SqlError> {
    let to = match beside {
        Type::Date => Type::TIMESTAMP,
        other => other.clone(),
    };
    let expr = udf::time(text.expr.clone(), data_type(&to));
    if !matches!(text.expr, Expr::Literal(..)) {
        return Ok(Typed::new(expr, to));
    }
    let value = constant(&expr).map_err(|error| error.or_at(place))?;
    Ok(Typed::new(lit(value), to))
}

/// The value of an expression without columns.
pub(super) fn constant(expr: &Expr) -> Result<ScalarValue, SqlError> {
    use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
    use datafusion::arrow::datatypes::Schema;

    let physical = udf::physical(expr, &DFSchema::empty(), &ExecutionProps::new()).map_err(fault)?;
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let row = RecordBatch::try_new_with_options(Schema::empty().into(), Vec::new(), &options)
        .map_err(|error| fault(error.into()))?;
    let array = physical.evaluate(&row).and_then(|value| value.into_array(1)).map_err(fault)?;
    ScalarValue::try_from_array(&array, 0).map_err(fault)
}

/// Can arrow's own comparison be trusted with values of this type?
fn is_plain(of: &Type) -> bool {
    !matches!(
        of,
        Type::Json
            | Type::Array(_)
            | Type::Map(..)
            | Type::Row(_)
            | Type::Char { .. }
            | Type::Unknown
            // It has NaN equal to itself and -0 less than 0.
            | Type::Double
            | Type::Real
    )
}

/// `left operator right`
pub(super) fn compare(
    functions: &Registry,
    operator: BinaryOperator,
    left: Typed,
    right: Typed,
    place: Place,
) -> Result<Expr, SqlError> {
    let mismatch = |left: &Type, right: &Type| {
        let message = format!("Cannot apply operator: {left} {} {right}", operator.text());
        SqlError::at(place, ErrorClass::TypeMismatch, message)
    };
    let types = (left.ty.clone(), right.ty.clone());
    let Some((left, right, common)) = unify(left, right, place)? else {
        return Err(mismatch(&types.0, &types.1));
    };
    let is_ordering =
        !matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual | BinaryOperator::IsDistinctFrom);
    if if is_ordering { !common.is_orderable() } else { !common.is_comparable() } {
        return Err(mismatch(&types.0, &types.1));
    }
    if common == Type::Unknown {
        return Ok(if operator == BinaryOperator::IsDistinctFrom {
            lit(false)
        } else {
            lit(ScalarValue::Boolean(None))
        });
    }
    if is_plain(&common) {
        return Ok(binary_expr(relabel(left), plain_operator(operator), relabel(right)));
    }
    let (left, right) = (left.expr, right.expr);
    let call = |name: &str, left: Expr, right: Expr| operator_call(functions, name, &common, vec![left, right], place);
    Ok(match operator {
        BinaryOperator::Equal => call("equal", left, right)?,
        BinaryOperator::NotEqual => !call("equal", left, right)?,
        BinaryOperator::IsDistinctFrom => !call("identical", left, right)?,
        BinaryOperator::LessThan => call("less_than", left, right)?,
        BinaryOperator::LessThanOrEqual => call("less_than_or_equal", left, right)?,
        BinaryOperator::GreaterThan => call("less_than", right, left)?,
        _ => call("less_than_or_equal", right, left)?,
    })
}

fn plain_operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::NotEqual => Operator::NotEq,
        BinaryOperator::IsDistinctFrom => Operator::IsDistinctFrom,
        BinaryOperator::LessThan => Operator::Lt,
        BinaryOperator::LessThanOrEqual => Operator::LtEq,
        BinaryOperator::GreaterThan => Operator::Gt,
        BinaryOperator::GreaterThanOrEqual => Operator::GtEq,
        _ => Operator::Eq,
    }
}

/// An operator of the registry on values of one type.
fn operator_call(
    functions: &Registry,
    name: &str,
    of: &Type,
    arguments: Vec<Expr>,
    place: Place,
) -> Result<Expr, SqlError> {
    let types = vec![Argument::Value(of); arguments.len()];
    let name = format!("$operator${name}");
    let resolved = functions.scalar(&name, &types, &mut no_lambda).map_err(|error| error.at(place))?;
    resolved.call(arguments.into_iter().map(Compiled::Value).collect())
}

/// For calls without lambdas.
pub(super) fn no_lambda(_: usize, _: &[Type]) -> Result<Type, SqlError> {
    Err(SqlError::new(ErrorClass::GenericInternalError, "no argument of this call is a lambda"))
}

/// The value in a form in which equal values have equal bytes: maps in the order of their keys.
pub(super) fn canonical(value: Expr, of: &Type) -> Expr {
    if has_map(of) { udf::canonical(value) } else { value }
}

/// Is there a map anywhere in values of this type?
fn has_map(of: &Type) -> bool {
    match of {
        Type::Map(..) => true,
        Type::Array(item) => has_map(item),
        Type::Row(fields) => fields.iter().any(|(_, field)| has_map(field)),
        _ => false,
    }
}
