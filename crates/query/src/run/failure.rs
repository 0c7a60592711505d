//! DataFusion's errors, for the person who wrote the statement.

use datafusion::common::DataFusionError;
use opentrail_trino::{ErrorClass, SqlError};

/// What DataFusion names when the spilled rows outgrow their part of the disk; it has no kind of error for that.
const SPILL_LIMIT: &str = "max_temp_directory_size";

/// Our own error, if DataFusion carries one; out of memory or disk in CloudTrail's words; else a fault of ours.
pub(crate) fn read(error: &DataFusionError) -> SqlError {
    let root = error.find_root();
    if matches!(root, DataFusionError::ResourcesExhausted(_)) || root.to_string().contains(SPILL_LIMIT) {
        let message = "Query exhausted resources at this scale factor";
        return SqlError::new(ErrorClass::ExceededLocalMemoryLimit, message);
    }
    crate::function::into_sql(error)
}
