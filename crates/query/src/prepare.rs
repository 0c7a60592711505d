//! From the text of a statement to its rows.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::{SessionConfig, SessionContext};
use opentrail_trino::{SqlError, Type, parse};

use crate::analyze::analyze;
use crate::function::{Registry, into_sql};
use crate::run::{FetchLate, GroupByDictionaries};
use crate::table::Tables;

/// A statement that is right: it names what there is, and its types fit. No row was read for that.
#[derive(Debug, Clone)]
pub struct Prepared {
    plan: LogicalPlan,
    columns: Vec<(String, Type)>,
}

/// Parses and analyzes a statement. `now_ms` is its instant for `current_timestamp` and the like, in milliseconds since 1970.
pub fn prepare(text: &str, tables: &dyn Tables, now_ms: i64) -> Result<Prepared, SqlError> {
    let query = parse(text)?;
    let analyzed = analyze(&query, tables, Registry::get(), now_ms)?;
    Ok(Prepared { plan: analyzed.plan, columns: analyzed.columns })
}

impl Prepared {
    /// Titles and types of the columns.
    pub fn columns(&self) -> &[(String, Type)] {
        &self.columns
    }

    /// What DataFusion shall run; its columns are [`Self::columns`] in order, under names of its own.
    pub fn plan(&self) -> &LogicalPlan {
        &self.plan
    }

    /// All rows at once, without bounds on memory or time: for tests and small tables.
    pub async fn collect(&self) -> Result<Vec<RecordBatch>, SqlError> {
        let state = SessionStateBuilder::new().with_config(session_config()).with_default_features();
        let context = SessionContext::new_with_state(state.with_physical_optimizer_rules(physical_rules()).build());
        let frame = context.execute_logical_plan(self.plan.clone()).await.map_err(|error| into_sql(&error))?;
        frame.collect().await.map_err(|error| into_sql(&error))
    }
}

/// DataFusion's rules for physical plans, two of our own, and one not: its `FilterPushdown` moves conditions below projections without regard to volatile
/// expressions in them, which here keep a condition above what guards it. What a condition can be moved below, the logical rules
/// have moved it.
pub(crate) fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    rules.retain(|rule| rule.name() != "FilterPushdown");
    rules.push(Arc::new(GroupByDictionaries));
    rules.push(Arc::new(FetchLate));
    rules
}

/// How DataFusion has to be set for plans of ours to mean what they say.
pub fn session_config() -> SessionConfig {
    SessionConfig::new().with_information_schema(false)
}
