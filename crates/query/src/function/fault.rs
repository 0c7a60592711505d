//! Failures of functions, worded and classed like Trino's, and their way through DataFusion.

use datafusion::common::DataFusionError;
use opentrail_trino::{ErrorClass, SqlError};

/// INVALID_FUNCTION_ARGUMENT
pub(super) fn argument(message: impl Into<String>) -> SqlError {
    SqlError::new(ErrorClass::InvalidFunctionArgument, message)
}

/// INVALID_CAST_ARGUMENT
pub(super) fn cast(message: impl Into<String>) -> SqlError {
    SqlError::new(ErrorClass::InvalidCastArgument, message)
}

/// NUMERIC_VALUE_OUT_OF_RANGE
pub(super) fn range(message: impl Into<String>) -> SqlError {
    SqlError::new(ErrorClass::NumericValueOutOfRange, message)
}

/// DIVISION_BY_ZERO
pub(super) fn division() -> SqlError {
    SqlError::new(ErrorClass::DivisionByZero, "Division by zero")
}

/// A failure that is nobody's but ours.
pub(super) fn internal(error: impl std::fmt::Display) -> SqlError {
    SqlError::new(ErrorClass::GenericInternalError, error.to_string())
}

/// The error as DataFusion carries it.
pub(crate) fn into_datafusion(error: SqlError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// The error that a function of ours raised, if `error` carries one; an internal error otherwise.
pub(crate) fn into_sql(error: &DataFusionError) -> SqlError {
    find(error).unwrap_or_else(|| match error {
        DataFusionError::ResourcesExhausted(message) => {
            SqlError::new(ErrorClass::ExceededLocalMemoryLimit, message.clone())
        }
        other => internal(other),
    })
}

/// Looks for our error beneath contexts, collections and arrow's wrapping.
fn find(error: &DataFusionError) -> Option<SqlError> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = source {
        if let Some(sql) = current.downcast_ref::<SqlError>() {
            return Some(sql.clone());
        }
        if let Some(DataFusionError::External(inner)) = current.downcast_ref::<DataFusionError>()
            && let Some(sql) = inner.downcast_ref::<SqlError>()
        {
            return Some(sql.clone());
        }
        if let Some(DataFusionError::Shared(inner)) = current.downcast_ref::<DataFusionError>() {
            return find(inner);
        }
        source = current.source();
    }
    None
}
