//! The analyzer: from the syntax tree of a query to a plan of DataFusion, by Trino's rules. It resolves names, types every
//! expression, inserts every coercion, chooses overloads, and refuses with Trino's error classes and places.
//!
//! Every column of every intermediate relation gets a name that no other column of the statement has, so DataFusion never
//! has to resolve anything, and a relation may be joined with itself. Subqueries become joins ([`subquery`]), correlated
//! ones too, so they may stand anywhere an expression may.

mod coerce;
mod context;
mod effort;
mod expression;
mod group;
mod parts;
mod plan;
mod query;
mod relation;
mod scope;
mod select;
mod subquery;
mod udf;
mod unnest;
mod window;

use std::cell::Cell;

use datafusion::logical_expr::LogicalPlan;
use opentrail_trino::{SqlError, Type, ast};

use crate::function::Registry;
use crate::table::Tables;
use context::Names;
use effort::Effort;

/// A query that can be run.
#[derive(Debug)]
pub(crate) struct Analyzed {
    /// Its columns are those of `columns`, in order.
    pub(crate) plan: LogicalPlan,
    /// Titles (an alias or a column as it was written, the last part of a dotted path, `_colN`) and types.
    pub(crate) columns: Vec<(String, Type)>,
}

/// Analyzes a query. `now_ms` is the statement's one instant for `current_timestamp` and its kin, in milliseconds since 1970.
pub(crate) fn analyze(
    query: &ast::Query,
    tables: &dyn Tables,
    functions: &'static Registry,
    now_ms: i64,
) -> Result<Analyzed, SqlError> {
    let analyzer = Analyzer { tables, functions, now_ms, next: Cell::new(0), effort: Effort::default() };
    let relation = analyzer.query(query, &Names::default())?;
    let columns = relation.fields.iter().map(|field| field.node.column.as_str());
    let plan = plan::select(relation.plan.clone(), columns)?;
    let columns = relation.fields.iter().enumerate().map(|(index, field)| {
        let title = field.name.clone().unwrap_or_else(|| format!("_col{index}"));
        (title, field.node.ty.clone())
    });
    Ok(Analyzed { plan, columns: columns.collect() })
}

/// What is the same for the whole statement.
struct Analyzer<'t> {
    tables: &'t dyn Tables,
    functions: &'static Registry,
    now_ms: i64,
    /// The number of names given so far.
    next: Cell<usize>,
    effort: Effort,
}

impl Analyzer<'_> {
    /// A column name that nothing else has.
    fn fresh(&self, prefix: &str) -> String {
        let number = self.next.get();
        self.next.set(number + 1);
        format!("{prefix}{number}")
    }
}
