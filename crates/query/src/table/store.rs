//! Stores of the lake as tables.

mod exec;
mod provider;
mod push;
mod types;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use opentrail_lake::{ScanCounts, StoreSnapshot};
use opentrail_trino::Type;

pub(crate) use self::exec::{StoreExec, StoreFetch};
use self::provider::StoreProvider;
pub(crate) use self::provider::external;
pub(super) use self::types::type_of;
use super::{Table, Tables};

/// The stores that a query may name, each by its id.
#[derive(Debug, Default)]
pub struct StoreTables {
    /// By the id in lower case.
    tables: BTreeMap<String, Arc<StoreTable>>,
    counts: ScanCounts,
}

impl StoreTables {
    /// No stores.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a store as it was at a moment; every part of the query sees it so.
    pub fn add(&mut self, id: &str, snapshot: StoreSnapshot) {
        let table = StoreTable::new(snapshot, self.counts.clone());
        self.tables.insert(id.to_ascii_lowercase(), Arc::new(table));
    }

    /// What has been read of the stores so far; it goes on counting.
    pub fn counts(&self) -> ScanCounts {
        self.counts.clone()
    }
}

impl Tables for StoreTables {
    fn table(&self, name: &[String]) -> Option<Arc<dyn Table>> {
        let [only] = name else { return None };
        let table = self.tables.get(&only.to_ascii_lowercase())?;
        Some(Arc::clone(table) as Arc<dyn Table>)
    }

    fn names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }
}

/// A store at one moment as a table.
pub(crate) struct StoreTable {
    snapshot: StoreSnapshot,
    columns: Vec<(String, Type)>,
    counts: ScanCounts,
}

impl fmt::Debug for StoreTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreTable").field("columns", &self.columns.len()).finish_non_exhaustive()
    }
}

impl StoreTable {
    fn new(snapshot: StoreSnapshot, counts: ScanCounts) -> Self {
        let schema = snapshot.schema();
        let column = |field: &Arc<arrow_schema::Field>| (field.name().clone(), types::type_of(field.data_type()));
        Self { columns: schema.fields().iter().map(column).collect(), snapshot, counts }
    }
}

impl Table for StoreTable {
    fn columns(&self) -> &[(String, Type)] {
        &self.columns
    }

    fn scan(&self, leaves: &[Vec<usize>]) -> Arc<dyn TableProvider> {
        Arc::new(StoreProvider::new(self.snapshot.clone(), leaves.to_vec(), self.counts.clone()))
    }
}
