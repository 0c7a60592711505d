//! Aggregates: finding them, compiling them, and the node that computes them.

use std::collections::HashSet;

use datafusion::logical_expr::expr::{NullTreatment, Sort};
use datafusion::logical_expr::{Expr, LogicalPlan, lit};
use opentrail_trino::ast::{self, Call, ExprKind, ListaggOverflow, SortItem};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::check_orderable;
use crate::analyze::Analyzer;
use crate::analyze::coerce::{coerce, no_lambda, null};
use crate::analyze::context::{Context, Typed, address};
use crate::analyze::expression::{Given, function_name, when};
use crate::analyze::parts::parts;
use crate::analyze::plan::{self, column};
use crate::function::{Argument, Compiled, Over};

/// An aggregate, compiled.
pub(super) struct Aggregated {
    pub(super) address: usize,
    pub(super) call: Expr,
    pub(super) ty: Type,
}

impl Analyzer<'_> {
    /// Aggregates by columns; the result has those columns and the calls under the names given.
    pub(in crate::analyze) fn aggregate_by(
        &self,
        input: LogicalPlan,
        keys: &[String],
        mut calls: Vec<(Expr, String)>,
    ) -> Result<LogicalPlan, SqlError> {
        if keys.is_empty() && calls.is_empty() {
            calls.push((self.count_all()?, self.fresh("a")));
        }
        let calls = named(calls);
        let key_columns = keys.iter().map(|name| column(name)).collect();
        let plan = plan::aggregate(input, key_columns, calls.iter().map(|(call, _, _)| call.clone()).collect())?;
        let mut results: Vec<Expr> = keys.iter().map(|name| column(name)).collect();
        results.extend(calls.into_iter().map(|(_, output, name)| column(&output).alias(name)));
        plan::project(plan, results)
    }

    /// `count(*)`
    pub(in crate::analyze) fn count_all(&self) -> Result<Expr, SqlError> {
        self.simple_aggregate("count", Vec::new())
    }

    /// An aggregate with nothing around.
    pub(in crate::analyze) fn simple_aggregate(&self, name: &str, arguments: Vec<Typed>) -> Result<Expr, SqlError> {
        let shapes: Vec<_> = arguments.iter().map(|a| Argument::Value(&a.ty)).collect();
        let nowhere = Place { line: 1, column: 1 };
        let resolved = self.functions.aggregate(name, &shapes, &mut no_lambda);
        let resolved = resolved.map_err(|error| error.at(nowhere))?;
        let compiled = arguments.into_iter().map(|argument| Compiled::Value(argument.expr));
        resolved.aggregate(compiled.collect(), Over::default())
    }

    /// Finds aggregates that belong to this query, without those within them.
    pub(super) fn collect_aggregates<'a>(&self, root: &'a ast::Expr, found: &mut Vec<&'a ast::Expr>) {
        if self.is_aggregate(root) {
            found.push(root);
        } else {
            parts(root, &mut |part| self.collect_aggregates(part, found));
        }
    }

    fn is_aggregate(&self, ast: &ast::Expr) -> bool {
        match &ast.kind {
            ExprKind::Listagg { .. } => true,
            ExprKind::Call(call) => {
                let name = function_name(call);
                call.over.is_none() && self.functions.is_aggregate(&name) && !self.functions.is_scalar(&name)
            }
            _ => false,
        }
    }

    pub(super) fn aggregate<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Aggregated, SqlError> {
        let could_fail = std::mem::replace(&mut cx.can_fail, false);
        let (name, given, order_by, filter, is_distinct, nulls) = match &ast.kind {
            ExprKind::Call(call) => {
                check_star(call, ast.place)?;
                let given = self.given(&call.arguments, cx)?;
                let nulls = call.null_treatment.map(null_treatment);
                (function_name(call), given, &call.order_by, call.filter.as_ref(), call.is_distinct, nulls)
            }
            ExprKind::Listagg { is_distinct, value, separator, overflow, order_by, filter } => {
                if *overflow != ListaggOverflow::Error {
                    let message = "LISTAGG with ON OVERFLOW TRUNCATE is not supported";
                    return Err(SqlError::at(ast.place, ErrorClass::NotSupported, message));
                }
                let value = Given::Value(self.expression(value, cx)?);
                let separator = Given::Value(Typed::new(lit(separator.as_str()), Type::VARCHAR));
                let given = vec![value, separator];
                ("listagg".to_owned(), given, order_by, filter.as_deref(), *is_distinct, None)
            }
            _ => unreachable!("aggregates only"),
        };
        let shapes: Vec<_> = given.iter().map(Given::shape).collect();
        let resolved = self
            .functions
            .aggregate(&name, &shapes, &mut |index, types| self.lambda_type(&given, index, types, cx))
            .map_err(|error| error.at(ast.place))?;
        let mut arguments = self.arguments(given, &resolved, ast.place, cx)?;
        let argument_order = self.sort_keys(order_by, cx)?;
        let words = |ty: &Type| format!("Filter expression must evaluate to a boolean: actual type {ty}");
        let filter = filter.map(|filter| self.truth(filter, cx, words)).transpose()?;
        if let (true, Some(filter)) = (cx.can_fail, &filter) {
            guard(&mut arguments, &resolved.parameters, filter)?;
        }
        cx.can_fail |= could_fail;
        let over = Over { distinct: is_distinct, argument_order, filter, nulls, ..Over::default() };
        let call = resolved.aggregate(arguments, over).map_err(|error| error.or_at(ast.place))?;
        Ok(Aggregated { address: address(ast), call, ty: resolved.returns.clone() })
    }

    /// Keys of an ORDER BY that has no titles to refer to.
    pub(in crate::analyze) fn sort_keys<'a>(
        &self,
        order_by: &'a [SortItem],
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Sort>, SqlError> {
        let keys = order_by.iter().map(|item| {
            let key = self.expression(&item.key, cx)?;
            check_orderable(&key.ty, &item.key)?;
            Ok(Sort::new(key.expr, !item.is_descending, item.is_nulls_first))
        });
        keys.collect()
    }
}

/// Each call, the name of its output column, and the name it shall have. Calls that look alike to DataFusion get aliases.
pub(super) fn named(calls: Vec<(Expr, String)>) -> Vec<(Expr, String, String)> {
    let mut seen = HashSet::new();
    let named = calls.into_iter().map(|(call, name)| {
        let output = call.schema_name().to_string();
        if seen.insert(output.clone()) { (call, output, name) } else { (call.alias(&name), name.clone(), name) }
    });
    named.collect()
}

/// DataFusion computes the arguments for all rows, those that the filter leaves out too: they must not fail there.
fn guard(arguments: &mut [Compiled], types: &[Type], filter: &Expr) -> Result<(), SqlError> {
    for (argument, ty) in arguments.iter_mut().zip(types) {
        if let Compiled::Value(value) = argument
            && !matches!(value, Expr::Literal(..))
        {
            *value = when(vec![(filter.clone(), value.clone())], coerce(null(ty)?, ty)?.expr);
        }
    }
    Ok(())
}

fn check_star(call: &Call, place: Place) -> Result<(), SqlError> {
    if call.is_star && function_name(call) != "count" {
        let message = format!("Unexpected parameters (*) for function {}", function_name(call));
        return Err(SqlError::at(place, ErrorClass::FunctionNotFound, message));
    }
    Ok(())
}

pub(in crate::analyze) fn null_treatment(of: ast::NullTreatment) -> NullTreatment {
    match of {
        ast::NullTreatment::Ignore => NullTreatment::IgnoreNulls,
        ast::NullTreatment::Respect => NullTreatment::RespectNulls,
    }
}
