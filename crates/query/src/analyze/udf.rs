//! What plans need beside Trino's functions.

mod canonical;
mod field;
mod same;
mod single;
mod time;
mod zip;

use std::sync::Arc;

use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

pub(super) use canonical::canonical;
pub(super) use field::field;
pub(super) use same::{held, same};
pub(super) use single::single;
pub(super) use time::time;
pub(super) use zip::zip;

/// The expression in the form that computes.
pub(super) fn physical(expr: &Expr, schema: &DFSchema, props: &ExecutionProps) -> Result<Arc<dyn PhysicalExpr>> {
    create_physical_expr(expr, schema, props, &Default::default())
}
