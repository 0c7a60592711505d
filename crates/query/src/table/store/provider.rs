//! What DataFusion scans: some leaves of a store.

use std::sync::Arc;

use arrow_schema::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use opentrail_lake::{Scan, ScanCounts, StoreSnapshot};
use opentrail_orc::{ColumnPath, Predicate};

use super::exec::StoreExec;
use super::push::Pushed;

/// Some leaves of a store.
#[derive(Debug)]
pub(super) struct StoreProvider {
    snapshot: StoreSnapshot,
    leaves: Vec<Vec<usize>>,
    /// Of each leaf its name in the store.
    paths: Vec<Option<ColumnPath>>,
    schema: SchemaRef,
    counts: ScanCounts,
}

impl StoreProvider {
    pub(super) fn new(snapshot: StoreSnapshot, leaves: Vec<Vec<usize>>, counts: ScanCounts) -> Self {
        let schema = snapshot.leaves(&leaves);
        let paths = leaves.iter().map(|leaf| snapshot.path(leaf)).collect();
        Self { snapshot, leaves, paths, schema, counts }
    }

    fn pushed(&self) -> Pushed<'_> {
        Pushed { schema: &self.schema, paths: &self.paths }
    }
}

#[async_trait]
impl TableProvider for StoreProvider {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// Whatever a scan answers exactly, DataFusion need not look at again, nor read columns for.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let pushed = self.pushed();
        let is_pushed = |filter: &&Expr| match pushed.predicate(filter) {
            Some(predicate) if self.snapshot.is_exact(&predicate) => TableProviderFilterPushDown::Exact,
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(is_pushed).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let pushed = self.pushed();
        let predicates: Vec<Predicate> = filters.iter().filter_map(|filter| pushed.predicate(filter)).collect();
        let predicate = (!predicates.is_empty()).then_some(Predicate::And(predicates));
        let all = (0..self.leaves.len()).collect();
        let wanted = projection.unwrap_or(&all);
        let fields: Vec<_> = wanted.iter().map(|leaf| Arc::clone(&self.schema.fields()[*leaf])).collect();
        let leaves = wanted.iter().map(|leaf| self.leaves[*leaf].clone()).collect();
        let scan = Arc::new(Scan { leaves, predicate, ..Scan::default() });
        let partitions = state.config().target_partitions().max(1);
        let (snapshot, of_parts) = (self.snapshot.clone(), Arc::clone(&scan));
        // Indexes and footers of segments are read to see which parts come into question.
        let parts = tokio::task::spawn_blocking(move || snapshot.parts(&of_parts, partitions)).await;
        let parts = parts.map_err(external)?.map_err(external)?;
        let records = if scan.predicate.is_none() { Some(self.snapshot.records()) } else { None };
        let counts = self.counts.clone();
        Ok(Arc::new(StoreExec::new(Arc::new(Schema::new(fields)), parts, partitions, scan, limit, records, counts)))
    }
}

/// An error of the store as DataFusion carries it.
pub(crate) fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
