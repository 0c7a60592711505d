//! What a query can read.

mod logs;
mod store;

use std::fmt::Debug;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use opentrail_trino::Type;

pub use logs::{LOGS_TABLE, LogCounts, LogFiles, LogPlaces, LogTables, qualify_logs};
pub use store::StoreTables;
pub(crate) use store::{StoreExec, StoreFetch, external};

/// What FROM can name.
pub trait Tables: Send + Sync {
    /// The table of a name as it was written, one string for each part; none if there is no such table.
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>>;

    /// All names, for the nearest one to a misspelt name.
    fn names(&self) -> Vec<String>;
}

/// A table.
pub trait Table: Debug + Send + Sync {
    /// Titles (compared without regard to case) and types of the columns.
    fn columns(&self) -> &[(String, Type)];

    /// How many of the columns, the last ones, are left out by `SELECT *`.
    fn hidden_columns(&self) -> usize {
        0
    }

    /// A provider whose schema has exactly these leaves as columns named `c0`, `c1`, … in this order. A leaf is a path of
    /// indexes: `[3]` is the whole of column 3, `[1, 4, 0]` a field of a field of column 1. All leaves that a query *might*
    /// use are asked for; DataFusion's projection tells which it does use.
    fn scan(&self, leaves: &[Vec<usize>]) -> Arc<dyn TableProvider>;
}
