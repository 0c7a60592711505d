//! Calls of scalar functions, with their lambdas.

use datafusion::logical_expr::{Expr, lit};
use opentrail_trino::ast::{self, Call, ExprKind, Identifier};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use crate::analyze::Analyzer;
use crate::analyze::coerce::coerce;
use crate::analyze::context::{Clause, Context, Parameter, Typed};
use crate::function::{Argument, Compiled, Resolved, SEEDED};

/// The name of the function that is called, in lower case.
pub(in crate::analyze) fn function_name(call: &Call) -> String {
    call.name.iter().map(|part| part.text.to_lowercase()).collect::<Vec<_>>().join(".")
}

/// An argument before its overload is known.
pub(in crate::analyze) enum Given<'a> {
    Value(Typed),
    Lambda { names: &'a [Identifier], body: &'a ast::Expr },
}

impl Given<'_> {
    /// What overloads are chosen by.
    pub(in crate::analyze) fn shape(&self) -> Argument<'_> {
        match self {
            Self::Value(value) => Argument::Value(&value.ty),
            Self::Lambda { names, .. } => Argument::Lambda { parameters: names.len() },
        }
    }
}

impl Analyzer<'_> {
    pub(super) fn call<'a>(
        &self,
        call: &'a Call,
        ast: &'a ast::Expr,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let name = function_name(call);
        let is_scalar = self.functions.is_scalar(&name);
        if call.over.is_some() || (self.functions.is_aggregate(&name) && !is_scalar) {
            return Err(self.misplaced(ast, cx));
        }
        if self.functions.is_window(&name) && !is_scalar {
            let message = format!("Window function {name} requires an OVER clause");
            return Err(SqlError::at(ast.place, ErrorClass::MissingOver, message));
        }
        if name == "now" && call.arguments.is_empty() {
            return Ok(self.now());
        }
        if call.is_distinct || call.filter.is_some() || !call.order_by.is_empty() || call.is_star {
            let message =
                format!("DISTINCT, FILTER, ORDER BY and * are only for aggregate functions, not for '{name}'");
            return Err(SqlError::at(ast.place, ErrorClass::FunctionNotAggregate, message));
        }
        let mut given = self.given(&call.arguments, cx)?;
        if SEEDED.contains(&name.as_str()) {
            given.push(Given::Value(Typed::new(lit(self.now_ms), Type::Bigint)));
        }
        let shapes: Vec<_> = given.iter().map(Given::shape).collect();
        let resolved = self
            .functions
            .scalar(&name, &shapes, &mut |index, types| self.lambda_type(&given, index, types, cx))
            .map_err(|error| error.at(ast.place))?;
        cx.can_fail |= resolved.can_fail();
        let arguments = self.arguments(given, &resolved, ast.place, cx)?;
        let expr = resolved.call(arguments).map_err(|error| error.or_at(ast.place))?;
        Ok(Typed::new(expr, resolved.returns.clone()))
    }

    /// The arguments; lambdas wait until the types of their parameters are known.
    pub(in crate::analyze) fn given<'a>(
        &self,
        arguments: &'a [ast::Expr],
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Given<'a>>, SqlError> {
        let given = arguments.iter().map(|argument| match &argument.kind {
            ExprKind::Lambda { parameters, body } => Ok(Given::Lambda { names: parameters, body }),
            _ => self.expression(argument, cx).map(Given::Value),
        });
        given.collect()
    }

    /// The type of a lambda's body for parameters of the given types.
    pub(in crate::analyze) fn lambda_type<'a>(
        &self,
        given: &[Given<'a>],
        index: usize,
        types: &[Type],
        cx: &mut Context<'a, '_>,
    ) -> Result<Type, SqlError> {
        match &given[index] {
            Given::Value(value) => Ok(value.ty.clone()),
            Given::Lambda { names, body } => Ok(self.lambda_body(names, body, types, cx)?.1.ty),
        }
    }

    /// The arguments, coerced to what the overload takes.
    pub(in crate::analyze) fn arguments<'a>(
        &self,
        given: Vec<Given<'a>>,
        resolved: &Resolved,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Compiled>, SqlError> {
        let compile = |(given, parameter): (Given<'a>, &Type)| match (given, parameter) {
            (Given::Value(value), to) => Ok(Compiled::Value(coerce(value, to)?.expr)),
            (Given::Lambda { names, body }, Type::Function(types, result)) => {
                let (parameters, value) = self.lambda_body(names, body, types, cx)?;
                let body = coerce(value, result)?.expr;
                let captures = captures(&body, &parameters);
                Ok(Compiled::Lambda { parameters, body, captures })
            }
            (Given::Lambda { body, .. }, other) => {
                let message = format!("A lambda is no {other}");
                Err(SqlError::at(body.place, ErrorClass::TypeMismatch, message))
            }
        };
        let compiled: Result<_, SqlError> = given.into_iter().zip(&resolved.parameters).map(compile).collect();
        compiled.map_err(|error| error.or_at(place))
    }

    /// A lambda's body, with the columns that stand for its parameters.
    fn lambda_body<'a>(
        &self,
        names: &[Identifier],
        body: &'a ast::Expr,
        types: &[Type],
        cx: &mut Context<'a, '_>,
    ) -> Result<(Vec<(String, Type)>, Typed), SqlError> {
        let depth = cx.lambdas.len();
        let mut parameters: Vec<Parameter> = Vec::new();
        for (index, (name, ty)) in names.iter().zip(types).enumerate() {
            let lower = name.text.to_lowercase();
            if parameters.iter().any(|parameter| parameter.name == lower) {
                let message = format!("Lambda parameter '{lower}' is already defined");
                return Err(SqlError::at(name.place, ErrorClass::DuplicateParameterName, message));
            }
            // By depth, not by a fresh number: equal lambdas have to become equal expressions.
            parameters.push(Parameter { name: lower, column: format!("l{depth}_{index}"), ty: ty.clone() });
        }
        let columns = parameters.iter().map(|parameter| (parameter.column.clone(), parameter.ty.clone())).collect();
        cx.lambdas.push(parameters);
        let value = self.expression(body, cx);
        cx.lambdas.pop();
        Ok((columns, value?))
    }

    /// An aggregate, a window function or grouping() where there is no place for it.
    pub(in crate::analyze) fn misplaced(&self, ast: &ast::Expr, cx: &Context<'_, '_>) -> SqlError {
        let is_window = matches!(&ast.kind, ExprKind::Call(call) if call.over.is_some());
        let call = ast.to_string();
        let (class, message) = match cx.clause {
            _ if !cx.lambdas.is_empty() => (
                ErrorClass::ExpressionNotScalar,
                format!(
                    "Lambda expression cannot contain aggregations, window functions or grouping operations: [{call}]"
                ),
            ),
            Clause::Aggregate if is_window => {
                (ErrorClass::NestedWindow, format!("Cannot nest window functions inside aggregation: [{call}]"))
            }
            Clause::Aggregate => {
                (ErrorClass::NestedAggregation, format!("Cannot nest aggregations inside aggregation: [{call}]"))
            }
            Clause::Window if is_window => {
                (ErrorClass::NestedWindow, format!("Cannot nest window functions inside window function: [{call}]"))
            }
            clause => (
                ErrorClass::ExpressionNotScalar,
                format!(
                    "{} cannot contain aggregations, window functions or grouping operations: [{call}]",
                    clause.title()
                ),
            ),
        };
        SqlError::at(ast.place, class, message)
    }
}

/// The columns from outside that a lambda's body refers to, in a stable order.
pub(super) fn captures(body: &Expr, parameters: &[(String, Type)]) -> Vec<Expr> {
    let is_parameter = |name: &str| parameters.iter().any(|(parameter, _)| parameter == name);
    let mut columns: Vec<_> = body.column_refs().into_iter().filter(|column| !is_parameter(&column.name)).collect();
    columns.sort();
    columns.into_iter().cloned().map(Expr::Column).collect()
}
