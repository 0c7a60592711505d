//! What DataFusion scans: some leaves of log files.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use opentrail_lake::LogRows;

use super::exec::{LogExec, Reading};
use super::key;
use super::listing::{Listing, Wanted};
use super::range::KeyRange;
use super::{LogCounts, LogFiles};

/// Some leaves of log files.
#[derive(Debug)]
pub(super) struct LogProvider {
    files: Arc<LogFiles>,
    leaves: Vec<Leaf>,
    schema: SchemaRef,
    counts: LogCounts,
}

/// A leaf of a record, or what a key tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leaf {
    /// The way to it.
    Record(Vec<usize>),
    /// The number of the column in [`key::COLUMNS`].
    Key(usize),
}

impl LogProvider {
    pub(super) fn new(files: Arc<LogFiles>, leaves: Vec<Vec<usize>>, counts: LogCounts) -> Self {
        let of_records = LogRows::schema().fields().len();
        let leaves: Vec<Leaf> = leaves
            .into_iter()
            .map(|way| match way[..] {
                [column] if column >= of_records => Leaf::Key(column - of_records),
                _ => Leaf::Record(way),
            })
            .collect();
        let records = LogRows::leaves(&record_leaves(&leaves));
        let mut records = records.fields().iter();
        let fields = leaves.iter().enumerate().map(|(index, leaf)| {
            let data_type = match leaf {
                Leaf::Key(_) => DataType::Utf8,
                Leaf::Record(_) => records.next().map_or(DataType::Null, |field| field.data_type().clone()),
            };
            Field::new(format!("c{index}"), data_type, true)
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Self { files, leaves, schema, counts }
    }

    /// The number in [`key::COLUMNS`] of a column by its name in conditions.
    fn key_column(&self, name: &str) -> Option<usize> {
        match self.leaves.get(self.schema.index_of(name).ok()?)? {
            Leaf::Key(number) => Some(*number),
            Leaf::Record(_) => None,
        }
    }

    /// Whether keys alone tell if a condition holds.
    fn is_of_keys(&self, condition: &Expr) -> bool {
        !condition.is_volatile() && condition.column_refs().iter().all(|column| self.key_column(&column.name).is_some())
    }

    fn wanted(&self, state: &dyn Session, conditions: &[Expr]) -> Result<Wanted> {
        let names = self.schema.fields().iter().map(|field| field.name());
        let (fields, columns): (Vec<_>, Vec<_>) =
            names.filter_map(|name| Some((Field::new(name, DataType::Utf8, true), self.key_column(name)?))).unzip();
        let schema = Arc::new(Schema::new(fields));
        let known = DFSchema::try_from(Arc::clone(&schema))?;
        let compiled = conditions.iter().map(|condition| state.create_physical_expr(condition.clone(), &known));
        let title = |name: &str| self.key_column(name).map(|number| key::COLUMNS[number]);
        let range = KeyRange::of(conditions, &title);
        Ok(Wanted { range, conditions: compiled.collect::<Result<_>>()?, columns, schema })
    }
}

/// The ways to the leaves of records.
pub(super) fn record_leaves(leaves: &[Leaf]) -> Vec<Vec<usize>> {
    let way = |leaf: &Leaf| match leaf {
        Leaf::Record(way) => Some(way.clone()),
        Leaf::Key(_) => None,
    };
    leaves.iter().filter_map(way).collect()
}

#[async_trait]
impl TableProvider for LogProvider {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let is_pushed = |filter: &&Expr| match self.is_of_keys(filter) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(is_pushed).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all = (0..self.leaves.len()).collect();
        let projection = projection.unwrap_or(&all);
        let leaves: Vec<Leaf> = projection.iter().map(|leaf| self.leaves[*leaf].clone()).collect();
        let schema = Arc::new(self.schema.project(projection)?);
        let wanted = self.wanted(state, filters)?;
        let listing = Listing::new(Arc::clone(&self.files), wanted, self.counts.clone());
        let reading = Reading::new(Arc::clone(&self.files), listing, leaves, &schema, self.counts.clone());
        // Whoever has read a file takes the next that is listed. Nobody reads on past the limit: nobody asks for more.
        Ok(Arc::new(LogExec::new(reading, state.config().target_partitions().max(1))))
    }
}
