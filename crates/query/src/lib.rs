//! SQL in Trino's dialect over stores of records: analysis, functions, execution within bounds. Only this crate knows DataFusion.

mod analyze;
mod counted;
mod function;
mod nearest;
mod prepare;
mod result;
mod run;
mod table;
pub mod value;

pub use opentrail_trino::{ErrorClass, SqlError};
pub use prepare::{Prepared, prepare, session_config};
pub use result::{ResultFile, ResultWriter, Row, Rows};
pub use run::{Limits, Meter, Run, begin};
pub use table::{LOGS_TABLE, LogCounts, LogFiles, LogPlaces, LogTables, StoreTables, Table, Tables, qualify_logs};
