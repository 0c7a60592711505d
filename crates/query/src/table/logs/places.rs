//! Log files by where they are: `"s3://bucket/prefix"` is a table, and as good as a schema in which [`LOGS_TABLE`] is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use opentrail_blob::split_s3_uri;
use opentrail_trino::ast::Identifier;
use opentrail_trino::{ErrorClass, Place, SqlError, table_names};
use parking_lot::Mutex;

use super::{LOGS_TABLE, LogCounts, LogFiles, LogTable};
use crate::table::{Table, Tables};

/// Makes log files of a bucket and a prefix.
type Open = dyn Fn(&str, &str) -> LogFiles + Send + Sync;

/// Tables of log files, each called by its place.
pub struct LogPlaces {
    open: Box<Open>,
    counts: LogCounts,
    /// The places that a statement named, by their names.
    named: Mutex<BTreeMap<String, Arc<LogFiles>>>,
}

impl fmt::Debug for LogPlaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogPlaces").field("named", &self.named.lock().keys()).finish_non_exhaustive()
    }
}

impl LogPlaces {
    /// The log files that `open` makes of a bucket and a prefix. It doesn't look for them.
    pub fn new(open: impl Fn(&str, &str) -> LogFiles + Send + Sync + 'static) -> Self {
        Self { open: Box::new(open), counts: LogCounts::default(), named: Mutex::default() }
    }

    /// The places that statements named so far.
    pub fn named(&self) -> Vec<Arc<LogFiles>> {
        self.named.lock().values().cloned().collect()
    }

    /// What has been read so far, of all places; it goes on counting.
    pub fn counts(&self) -> LogCounts {
        self.counts.clone()
    }
}

impl Tables for LogPlaces {
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>> {
        let place = match name {
            [place] => place,
            [place, table] if table.eq_ignore_ascii_case(LOGS_TABLE) => place,
            _ => return None,
        };
        let (bucket, prefix) = split_s3_uri(place).filter(|(bucket, _)| !bucket.is_empty())?;
        let mut named = self.named.lock();
        let files = named.entry(place.clone()).or_insert_with(|| Arc::new((self.open)(bucket, prefix)));
        Some(Arc::new(LogTable::new(Arc::clone(files), self.counts.clone())))
    }

    fn names(&self) -> Vec<String> {
        self.named.lock().keys().cloned().collect()
    }
}

/// The statement with `place`, as `s3://bucket/prefix`, before each [`LOGS_TABLE`] that it reads.
///
/// # Errors
/// Those of the parser, and `NOT_SUPPORTED` where a query of a WITH has the table's name.
pub fn qualify_logs(statement: &str, place: &str) -> Result<String, SqlError> {
    let names = table_names(statement)?;
    if let Some(name) = names.with_queries.iter().find(|name| name.is(LOGS_TABLE)) {
        let message = format!("{LOGS_TABLE} is the table of log files; give the query of the WITH another name");
        return Err(SqlError::at(name.place, ErrorClass::NotSupported, message));
    }
    let is_logs = |name: &&Vec<Identifier>| matches!(&name[..], [only] if only.is(LOGS_TABLE));
    let mut wanted = names.tables.iter().filter(is_logs).map(|name| name[0].place).peekable();
    let schema = format!("\"{}\".", place.replace('"', "\"\""));
    let mut text = String::with_capacity(statement.len() + schema.len());
    let mut at = Place { line: 1, column: 1 };
    for character in statement.chars() {
        if wanted.next_if_eq(&at).is_some() {
            text.push_str(&schema);
        }
        text.push(character);
        at = match character {
            '\n' => Place { line: at.line + 1, column: 1 },
            _ => Place { column: at.column + 1, ..at },
        };
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_stands_before_the_table_of_logs() {
        let statement = "-- Ä\nSELECT 'cloudtrail_logs', l.x\n  FROM CloudTrail_Logs l, other WHERE 'é' IN (TABLE \"cloudtrail_logs\")";
        let expected = "-- Ä\nSELECT 'cloudtrail_logs', l.x\n  FROM \"s3://b/p\".CloudTrail_Logs l, other WHERE 'é' IN (TABLE \"s3://b/p\".\"cloudtrail_logs\")";
        assert_eq!(qualify_logs(statement, "s3://b/p").as_deref(), Ok(expected));
        assert_eq!(qualify_logs("TABLE a.cloudtrail_logs", "s3://b").as_deref(), Ok("TABLE a.cloudtrail_logs"));
    }

    #[test]
    fn a_query_of_that_name_is_refused() {
        let statement = "WITH cloudtrail_logs AS (SELECT 1) TABLE cloudtrail_logs";
        let error = qualify_logs(statement, "s3://b").expect_err("it means something else");
        assert_eq!(
            error.to_string(),
            "line 1:6: cloudtrail_logs is the table of log files; give the query of the WITH another name"
        );
    }
}
