//! DataFusion's errors, for the person who wrote the statement.

use datafusion::common::DataFusionError;
use opentrail_trino::{ErrorClass, SqlError};

/// Our own error, if DataFusion carries one; out of memory or disk in CloudTrail's words; else a fault of ours.
pub(crate) fn read(error: &DataFusionError) -> SqlError {
    if matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) {
        let message = "Query exhausted resources at this scale factor";
        return SqlError::new(ErrorClass::ExceededLocalMemoryLimit, message);
    }
    crate::function::into_sql(error)
}
