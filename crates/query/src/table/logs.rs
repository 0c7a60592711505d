//! Log files as a table: those under a prefix of a bucket, or in a folder, with the columns that Athena's documentation
//! gives them (Athena user guide, "Query AWS CloudTrail logs") and columns for the parts of their keys.
//!
//! Files are listed while the query runs, past what its conditions on the key's columns leave out, and read one after the
//! other: of each thread's share a few packed files and one batch of rows are in memory.

mod counts;
mod exec;
mod key;
mod listing;
mod places;
mod provider;
mod range;
mod read;

use std::fmt;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use opentrail_blob::{Listed, Objects};
use opentrail_lake::LogRows;
use opentrail_trino::{ErrorClass, SqlError, Type};

use self::key::LogKey;
use self::provider::LogProvider;
use super::store::type_of;
use super::{Table, Tables};

pub use self::counts::LogCounts;
pub use self::places::{LogPlaces, qualify_logs};

/// The name of the table, as in Athena's documentation.
pub const LOGS_TABLE: &str = "cloudtrail_logs";

/// Where log files are, and what to make of them.
#[derive(Clone)]
pub struct LogFiles {
    /// The bucket or folder.
    pub place: Arc<dyn Objects>,
    /// What the keys of the files begin with.
    pub prefix: String,
    /// What to call the place before a file's key, for messages and `$path`: `s3://bucket/`.
    pub name: String,
    /// Whether a key is that of a log file; others are passed over. Its name must have an ending, such as `.json.gz`.
    pub is_log_file: fn(&str) -> bool,
    /// Whether a damaged file is counted, and its other records are read, instead of failing the query.
    pub skips_damage: bool,
    /// The largest file that is read, as it is stored; a larger one fails the query. CloudTrail's are a few MB.
    pub file_bytes_max: u64,
}

impl fmt::Debug for LogFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogFiles").field("name", &self.name).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl LogFiles {
    /// Finds out whether the files can be listed.
    pub async fn check(&self) -> Result<(), SqlError> {
        self.list(None).await.map(drop)
    }

    /// A page of all that is there.
    async fn list(&self, after: Option<&str>) -> Result<Vec<Listed>, SqlError> {
        self.place.list(&self.prefix, after).await.map_err(|error| {
            let message = format!("Files of {}{} can't be listed: {error}", self.name, self.prefix);
            SqlError::new(ErrorClass::FilesystemError, message)
        })
    }

    /// What the key of a file tells, for each of [`key::COLUMNS`].
    fn values(&self, key: &str) -> [Option<String>; key::COLUMNS.len()] {
        let [account, region, year, month, day, date] =
            LogKey::parse(key).values().map(|value| value.map(str::to_owned));
        [account, region, year, month, day, date, Some(format!("{}{key}", self.name))]
    }
}

/// One table of log files, [`LOGS_TABLE`].
#[derive(Debug)]
pub struct LogTables {
    table: Arc<LogTable>,
}

impl LogTables {
    /// The table over these files.
    pub fn new(files: LogFiles) -> Self {
        Self { table: Arc::new(LogTable::new(Arc::new(files), LogCounts::default())) }
    }

    /// What has been read so far; it goes on counting.
    pub fn counts(&self) -> LogCounts {
        self.table.counts.clone()
    }
}

impl Tables for LogTables {
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>> {
        let [.., last] = name else { return None };
        let is_it = name.len() <= 3 && last.eq_ignore_ascii_case(LOGS_TABLE);
        is_it.then(|| Arc::clone(&self.table) as Arc<dyn Table>)
    }

    fn names(&self) -> Vec<String> {
        vec![LOGS_TABLE.to_owned()]
    }
}

/// The table.
#[derive(Debug)]
struct LogTable {
    files: Arc<LogFiles>,
    columns: Vec<(String, Type)>,
    counts: LogCounts,
}

impl LogTable {
    fn new(files: Arc<LogFiles>, counts: LogCounts) -> Self {
        let columns =
            schema().fields().iter().map(|field| (field.name().clone(), type_of(field.data_type()))).collect();
        Self { files, columns, counts }
    }
}

impl Table for LogTable {
    fn columns(&self) -> &[(String, Type)] {
        &self.columns
    }

    fn hidden_columns(&self) -> usize {
        1
    }

    fn scan(&self, leaves: &[Vec<usize>]) -> Arc<dyn TableProvider> {
        Arc::new(LogProvider::new(Arc::clone(&self.files), leaves.to_vec(), self.counts.clone()))
    }
}

/// Columns of records, then those of keys.
fn schema() -> Schema {
    let of_records = LogRows::schema();
    let of_keys = key::COLUMNS.into_iter().map(|name| Arc::new(Field::new(name, DataType::Utf8, true)));
    Schema::new(of_records.fields().iter().map(Arc::clone).chain(of_keys).collect::<Vec<_>>())
}
