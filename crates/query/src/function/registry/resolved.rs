//! A call whose overload is known, and the expression that it becomes.

use std::sync::Arc;

use arrow_schema::SortOptions;
use datafusion::common::Column;
use datafusion::logical_expr::expr::{
    AggregateFunction, AggregateFunctionParams, ScalarFunction, WindowFunction, WindowFunctionParams,
};
use datafusion::logical_expr::{
    AggregateUDF, Expr, ScalarUDF, WindowFrame, WindowFunctionDefinition, WindowUDF, cast, lit,
};
use opentrail_trino::{ErrorClass, SqlError, Type};

use super::super::aggregate::{Types, Udaf};
use super::super::fault;
use super::super::lambda::Lambda;
use super::super::scalar::Scalar;
use super::super::shape::data_type;
use super::super::signature::Binding;
use super::super::window::Udwf;
use super::{Body, Compiled, Over};

/// A call whose overload is known.
pub(crate) struct Resolved {
    /// The type that each argument has to be coerced to; `Type::Function` for lambdas.
    pub(crate) parameters: Vec<Type>,
    /// The type of the answer.
    pub(crate) returns: Type,
    name: String,
    body: Body,
}

impl std::fmt::Debug for Resolved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({:?}) -> {}", self.name, self.parameters, self.returns)
    }
}

impl Resolved {
    pub(super) fn new(name: &str, binding: Binding, body: Body) -> Self {
        Self { parameters: binding.parameters, returns: binding.returns, name: name.to_owned(), body }
    }

    /// May the call fail at run time? Then it must not be evaluated for rows that an earlier condition excludes.
    pub(crate) fn can_fail(&self) -> bool {
        match &self.body {
            Body::Scalar(kernel) => kernel.can_fail,
            Body::Aggregate(_) | Body::Builtin(_) | Body::Window(_) => false,
        }
    }

    /// The call of a scalar function or operator.
    pub(crate) fn call(&self, arguments: Vec<Compiled>) -> Result<Expr, SqlError> {
        let Body::Scalar(kernel) = &self.body else { return Err(self.misused()) };
        let (values, lambdas) = split(arguments)?;
        let scalar =
            Scalar::new(self.name.clone(), self.parameters.clone(), self.returns.clone(), kernel.clone(), lambdas);
        let function = Arc::new(ScalarUDF::new_from_impl(scalar));
        Ok(Expr::ScalarFunction(ScalarFunction::new_udf(function, values)))
    }

    /// The call of an aggregate without OVER. The expression is one `Expr::AggregateFunction`.
    pub(crate) fn aggregate(&self, arguments: Vec<Compiled>, over: Over) -> Result<Expr, SqlError> {
        let (func, args, distinct) = self.udaf(arguments, &over)?;
        let params = AggregateFunctionParams {
            args,
            distinct,
            filter: over.filter.map(Box::new),
            order_by: Vec::new(),
            null_treatment: None,
        };
        Ok(Expr::AggregateFunction(AggregateFunction { func, params }))
    }

    /// The call of a window function, or of an aggregate with OVER. The expression is one `Expr::WindowFunction`.
    pub(crate) fn window(&self, arguments: Vec<Compiled>, over: Over) -> Result<Expr, SqlError> {
        let (fun, args, distinct) = match &self.body {
            Body::Window(window) => {
                if over.nulls.is_some() && !window.takes_nulls() {
                    return Err(SqlError::new(
                        ErrorClass::NullTreatmentNotAllowed,
                        format!("Cannot specify a null treatment clause for {} function", self.name),
                    ));
                }
                let (values, _) = split(arguments)?;
                let function = Udwf::new(self.name.clone(), *window, self.returns.clone());
                (WindowFunctionDefinition::WindowUDF(Arc::new(WindowUDF::new_from_impl(function))), values, false)
            }
            Body::Aggregate(_) | Body::Builtin(_) => {
                let (function, values, distinct) = self.udaf(arguments, &over)?;
                (WindowFunctionDefinition::AggregateUDF(function), values, distinct)
            }
            Body::Scalar(_) => return Err(self.misused()),
        };
        let window_frame =
            over.frame.unwrap_or_else(|| WindowFrame::new(if over.order_by.is_empty() { None } else { Some(false) }));
        let params = WindowFunctionParams {
            args,
            partition_by: over.partition_by,
            order_by: over.order_by,
            window_frame,
            filter: over.filter.map(Box::new),
            null_treatment: over.nulls,
            distinct,
        };
        Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })))
    }

    /// The aggregate, its arguments, and whether DataFusion has to care for DISTINCT.
    fn udaf(&self, arguments: Vec<Compiled>, over: &Over) -> Result<(Arc<AggregateUDF>, Vec<Expr>, bool), SqlError> {
        let (mut values, lambdas) = split(arguments)?;
        let aggregate = match &self.body {
            Body::Aggregate(aggregate) => Arc::clone(aggregate),
            Body::Builtin(builtin) => {
                if values.is_empty() {
                    values.push(lit(1_i64));
                }
                return Ok((builtin(), values, over.distinct && self.name == "count"));
            }
            Body::Scalar(_) | Body::Window(_) => return Err(self.misused()),
        };
        // States and answers are in UTC, so a column that is labelled with another zone is relabelled.
        let types = self.parameters.iter().filter(|of| !matches!(of, Type::Function(..)));
        for (value, of) in values.iter_mut().zip(types).filter(|(_, of)| has_zone(of)) {
            *value = cast(std::mem::take(value), data_type(of));
        }
        let order =
            over.argument_order.iter().map(|sort| SortOptions { descending: !sort.asc, nulls_first: sort.nulls_first });
        let order = order.collect();
        values.extend(over.argument_order.iter().map(|sort| sort.expr.clone()));
        let types = Types { parameters: self.parameters.clone(), returns: self.returns.clone(), lambdas };
        let udaf = Udaf::new(self.name.clone(), types, aggregate, order, over.distinct);
        Ok((Arc::new(AggregateUDF::new_from_impl(udaf)), values, false))
    }

    fn misused(&self) -> SqlError {
        fault::internal(format!("function `{}` was resolved as one kind and called as another", self.name))
    }
}

/// Is there a time with zone anywhere in values of this type?
fn has_zone(of: &Type) -> bool {
    match of {
        Type::TimestampTz { .. } => true,
        Type::Array(item) => has_zone(item),
        Type::Map(key, value) => has_zone(key) || has_zone(value),
        Type::Row(fields) => fields.iter().any(|(_, field)| has_zone(field)),
        _ => false,
    }
}

/// Values, followed by what lambdas capture; and the lambdas.
fn split(arguments: Vec<Compiled>) -> Result<(Vec<Expr>, Vec<Lambda>), SqlError> {
    let mut values = Vec::new();
    let mut rest = Vec::new();
    for argument in arguments {
        match argument {
            Compiled::Value(value) => values.push(value),
            Compiled::Lambda { parameters, body, captures } => rest.push((parameters, body, captures)),
        }
    }
    let mut lambdas = Vec::new();
    for (parameters, body, captures) in rest {
        let columns = captures.iter().map(|capture| match capture {
            Expr::Column(column) => Ok(column.clone()),
            other => Err(fault::internal(format!("a lambda captures `{other}`, which is no column"))),
        });
        let columns: Vec<Column> = columns.collect::<Result<_, _>>()?;
        lambdas.push(Lambda::new(&parameters, body, columns, values.len()));
        values.extend(captures);
    }
    Ok((values, lambdas))
}
