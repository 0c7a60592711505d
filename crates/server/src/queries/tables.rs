//! What a query may read.

use std::sync::Arc;

use opentrail_api::Caller;
use opentrail_model::EventDataStore;
use opentrail_query::{LogFiles, LogPlaces, StoreTables, Table, Tables};
use opentrail_seal::name::is_log_file;

use super::Desk;

/// The largest log file that a query reads, as it is stored: it is in memory as a whole.
const LOG_FILE_BYTES_MAX: u64 = 64 << 20;

/// Stores as they were at a moment, and log files of any bucket as the caller may read them.
#[derive(Debug)]
pub(super) struct QueryTables {
    pub(super) stores: StoreTables,
    pub(super) logs: LogPlaces,
}

impl Tables for QueryTables {
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>> {
        self.stores.table(name).or_else(|| self.logs.table(name))
    }

    fn names(&self) -> Vec<String> {
        self.stores.names()
    }
}

impl Desk {
    /// Stores as they are now, and log files with the rights of the caller.
    pub(super) fn tables(&self, stores: &[EventDataStore], caller: &Caller) -> QueryTables {
        let mut tables = StoreTables::new();
        for store in stores {
            tables.add(store.arn.id(), self.lake.snapshot(store));
        }
        QueryTables { stores: tables, logs: self.logs(caller) }
    }

    fn logs(&self, caller: &Caller) -> LogPlaces {
        let (chain, caller) = (Arc::clone(&self.chain), caller.clone());
        LogPlaces::new(move |bucket, prefix| LogFiles {
            place: chain.of_caller(bucket, &caller),
            prefix: prefix.to_owned(),
            name: format!("s3://{bucket}/"),
            is_log_file,
            skips_damage: false,
            file_bytes_max: LOG_FILE_BYTES_MAX,
        })
    }
}
