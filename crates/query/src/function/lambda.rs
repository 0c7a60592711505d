//! Lambdas: expressions that functions evaluate over columns of their own making.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::{Field, FieldRef, SchemaRef};
use datafusion::common::{Column, DFSchema, TableReference};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use opentrail_trino::SqlError;

use super::arrays::{conform, take};
use super::fault;
use super::kernel::Input;
use super::shape::data_type;

/// A lambda within a call.
#[derive(Debug)]
pub(super) struct Lambda {
    parameters: Vec<FieldRef>,
    body: Expr,
    /// What the body calls the captured columns.
    captures: Vec<Column>,
    /// Where among the call's inputs the captured columns begin.
    first: usize,
    ready: OnceLock<Ready>,
}

#[derive(Debug)]
struct Ready {
    schema: SchemaRef,
    body: Arc<dyn PhysicalExpr>,
}

impl PartialEq for Lambda {
    fn eq(&self, other: &Self) -> bool {
        self.parameters == other.parameters && self.body == other.body && self.captures == other.captures
    }
}

impl Eq for Lambda {}

impl std::hash::Hash for Lambda {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.body.hash(state);
        self.captures.hash(state);
    }
}

impl Lambda {
    /// A lambda whose captured columns are the call's inputs from `first` on.
    pub(super) fn new(
        parameters: &[(String, opentrail_trino::Type)],
        body: Expr,
        captures: Vec<Column>,
        first: usize,
    ) -> Self {
        let parameters = parameters.iter().map(|(name, of)| Arc::new(Field::new(name, data_type(of), true))).collect();
        Self { parameters, body, captures, first, ready: OnceLock::new() }
    }

    /// The same lambda, not yet compiled.
    pub(super) fn again(&self) -> Self {
        Self {
            parameters: self.parameters.clone(),
            body: self.body.clone(),
            captures: self.captures.clone(),
            first: self.first,
            ready: OnceLock::new(),
        }
    }

    /// Evaluates the body for columns of parameters. `rows` tells for each of their rows the row of `inputs`, the call's, that
    /// it belongs to.
    pub(super) fn evaluate(
        &self,
        inputs: &[Input],
        parameters: &[ArrayRef],
        rows: &UInt32Array,
    ) -> Result<ArrayRef, SqlError> {
        let captured = inputs.get(self.first..).unwrap_or_default();
        let captured = &captured[..self.captures.len().min(captured.len())];
        let ready = self.ready(captured)?;
        let mut columns = Vec::with_capacity(parameters.len() + captured.len());
        for (array, field) in parameters.iter().zip(&self.parameters) {
            columns.push(conform(array, field.data_type())?);
        }
        for input in captured {
            columns.push(if input.is_constant() {
                input.spread(arrow_array::Array::len(rows))?
            } else {
                take(input.array(), rows)?
            });
        }
        let count = arrow_array::Array::len(rows);
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&ready.schema), columns, &options);
        let answer = ready.body.evaluate(&batch.map_err(fault::internal)?);
        answer.and_then(|answer| answer.into_array(count)).map_err(|error| super::into_sql(&error))
    }

    /// The body, compiled at its first use, when the types of what it captures are known.
    fn ready(&self, captured: &[Input]) -> Result<&Ready, SqlError> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let mut fields: Vec<(Option<TableReference>, FieldRef)> =
            self.parameters.iter().map(|field| (None, Arc::clone(field))).collect();
        for (column, input) in self.captures.iter().zip(captured) {
            let field = Field::new(&column.name, input.array().data_type().clone(), true);
            fields.push((column.relation.clone(), Arc::new(field)));
        }
        let schema = DFSchema::new_with_metadata(fields, HashMap::new());
        let schema = schema.map_err(|error| super::into_sql(&error))?;
        let body = create_physical_expr(&self.body, &schema, &ExecutionProps::new(), &Default::default());
        let body = body.map_err(|error| super::into_sql(&error))?;
        Ok(self.ready.get_or_init(|| Ready { schema: Arc::clone(schema.inner()), body }))
    }
}

impl std::fmt::Display for Lambda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|field| field.name().as_str()).collect();
        write!(f, "({}) -> {}", names.join(","), self.body.schema_name())
    }
}
