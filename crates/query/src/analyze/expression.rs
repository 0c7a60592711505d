//! Expressions: every node of the tree becomes an expression of DataFusion with a Trino type.

mod call;
mod condition;
mod json;
mod literal;
mod name;

use datafusion::logical_expr::{Expr, lit};
use opentrail_trino::ast::{self, BinaryOperator, ExprKind, ExtractField};
use opentrail_trino::{ErrorClass, Place, SqlError, Type, can_coerce};

use super::Analyzer;
use super::coerce::{coerce, common_type, compare, constant, no_lambda, null, relabel};
use super::context::{Context, Typed};
use super::effort::bounded;
use super::udf;
use crate::function::{Argument, Compiled, OnError, cast, cast_can_fail};

pub(super) use call::{Given, function_name};
pub(super) use condition::when;
pub(super) use name::path;

impl<'t> Analyzer<'t> {
    /// The expression over the plan of the context. Subqueries are joined to that plan.
    pub(super) fn expression<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        if let Some(known) = self.known(ast, cx)? {
            return Ok(known);
        }
        let value = match &ast.kind {
            // These alone are chained higher than anything nests, and shall take little of the stack.
            ExprKind::Binary { operator, left, right } => self.binary(*operator, left, right, ast.place, cx),
            _ => self.computed(ast, cx),
        };
        bounded(value?, ast.place)
    }

    fn computed<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let place = ast.place;
        match &ast.kind {
            ExprKind::Null => Ok(Typed::new(lit(datafusion::common::ScalarValue::Null), Type::Unknown)),
            ExprKind::Boolean(value) => Ok(Typed::new(lit(*value), Type::Boolean)),
            ExprKind::Integer(_)
            | ExprKind::Decimal(_)
            | ExprKind::Double(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_)
            | ExprKind::Interval { .. }
            | ExprKind::Typed { .. }
            | ExprKind::Current { .. } => self.literal(ast),
            ExprKind::Identifier(_) | ExprKind::Dereference { .. } => self.name(ast, cx),
            ExprKind::Subscript { base, index } => self.subscript(base, index, place, cx),
            ExprKind::Call(call) => self.call(call, ast, cx),
            ExprKind::Listagg { .. } => Err(self.misplaced(ast, cx)),
            ExprKind::Lambda { .. } => {
                let message = "Lambda expression should always be used inside a function";
                Err(SqlError::at(place, ErrorClass::TypeMismatch, message))
            }
            ExprKind::Row(items) => {
                let items = self.expressions(items, cx)?;
                self.operator("$row", items, place, cx)
            }
            ExprKind::Array(items) => self.array(items, place, cx),
            ExprKind::Cast { value, to, is_try } => self.cast(value, to, *is_try, place, cx),
            ExprKind::Try(value) => self.attempt(value, place, cx),
            ExprKind::Extract { field, value } => {
                let value = self.expression(value, cx)?;
                self.operator(extract_function(*field), vec![value], place, cx)
            }
            ExprKind::JsonPath(call) => self.json_path(call, place, cx),
            ExprKind::JsonObject { members, is_absent_on_null } => {
                let parts = members.iter().flat_map(|(name, value)| [name, value]).collect::<Vec<_>>();
                self.json_made("$json_object", &parts, *is_absent_on_null, place, cx)
            }
            ExprKind::JsonArray { items, is_absent_on_null } => {
                self.json_made("$json_array", &items.iter().collect::<Vec<_>>(), *is_absent_on_null, place, cx)
            }
            ExprKind::Grouping(of) => self.grouping(of, ast, cx),
            ExprKind::AtTimeZone { value, zone } => {
                let values = vec![self.expression(value, cx)?, self.expression(zone, cx)?];
                self.operator("$operator$at_timezone", values, place, cx)
            }
            ExprKind::Negate(value) => {
                let value = self.expression(value, cx)?;
                self.operator("$operator$negation", vec![value], place, cx)
            }
            ExprKind::Plus(value) => self.plus(value, place, cx),
            ExprKind::Binary { .. } => unreachable!("chains are computed apart"),
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::IsNull(_)
            | ExprKind::Between { .. }
            | ExprKind::InList { .. }
            | ExprKind::Like { .. }
            | ExprKind::Case { .. }
            | ExprKind::If { .. }
            | ExprKind::Coalesce(_)
            | ExprKind::NullIf(..) => self.condition(ast, cx),
            ExprKind::InSubquery { value, query } => self.in_subquery(value, query, place, cx),
            ExprKind::Quantified { operator, quantifier, value, query } => {
                self.quantified(*operator, *quantifier, value, query, place, cx)
            }
            ExprKind::Exists(query) => self.exists(query, place, cx),
            ExprKind::Subquery(query) => self.scalar_subquery(query, place, cx),
        }
    }

    /// Several of them.
    pub(super) fn expressions<'a>(
        &self,
        all: &'a [ast::Expr],
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Typed>, SqlError> {
        all.iter().map(|ast| self.expression(ast, cx)).collect()
    }

    /// A truth value; `words` makes the refusal of another type.
    pub(super) fn truth<'a>(
        &self,
        ast: &'a ast::Expr,
        cx: &mut Context<'a, '_>,
        words: impl Fn(&Type) -> String,
    ) -> Result<Expr, SqlError> {
        let value = self.expression(ast, cx)?;
        if !can_coerce(&value.ty, &Type::Boolean) {
            return Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, words(&value.ty)));
        }
        Ok(coerce(value, &Type::Boolean)?.expr)
    }

    /// A call of a function of the registry whose arguments are compiled.
    pub(super) fn operator(
        &self,
        name: &str,
        arguments: Vec<Typed>,
        place: Place,
        cx: &mut Context<'_, '_>,
    ) -> Result<Typed, SqlError> {
        let types: Vec<_> = arguments.iter().map(|argument| Argument::Value(&argument.ty)).collect();
        let resolved = self.functions.scalar(name, &types, &mut no_lambda).map_err(|error| error.at(place))?;
        cx.can_fail |= resolved.can_fail();
        let coerced = arguments.iter().zip(&resolved.parameters);
        let coerced = coerced.map(|(value, to)| Ok(Compiled::Value(coerce(value.clone(), to)?.expr)));
        let coerced = coerced.collect::<Result<_, SqlError>>().map_err(|error| error.or_at(place))?;
        let expr = resolved.call(coerced).map_err(|error| error.or_at(place))?;
        Ok(Typed::new(expr, resolved.returns.clone()))
    }

    fn binary<'a>(
        &self,
        operator: BinaryOperator,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let (left, right) = (self.expression(left, cx)?, self.expression(right, cx)?);
        let name = match operator {
            BinaryOperator::Add => "add",
            BinaryOperator::Subtract => "subtract",
            BinaryOperator::Multiply => "multiply",
            BinaryOperator::Divide => "divide",
            BinaryOperator::Modulus => "modulus",
            BinaryOperator::Concat => "concat",
            _ => return Ok(Typed::new(compare(self.functions, operator, left, right, place)?, Type::Boolean)),
        };
        self.operator(&format!("$operator${name}"), vec![left, right], place, cx)
    }

    fn plus<'a>(&self, value: &'a ast::Expr, place: Place, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let value = self.expression(value, cx)?;
        if value.ty.is_numeric() || value.ty == Type::Unknown {
            return Ok(value);
        }
        let message = format!("Unary '+' operator cannot by applied to {} type", value.ty);
        Err(SqlError::at(place, ErrorClass::TypeMismatch, message))
    }

    fn array<'a>(&self, items: &'a [ast::Expr], place: Place, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let items = self.expressions(items, cx)?;
        let common = common_type(items.iter().map(|item| &item.ty), |a, b| {
            let words = "All ARRAY elements must be the same type or coercible to a common type";
            let message = format!("{words}. Cannot find common type between {a} and {b}");
            SqlError::at(place, ErrorClass::TypeMismatch, message)
        })?;
        let items = items.into_iter().map(|item| coerce(item, &common).map(relabel));
        let items: Vec<_> =
            items.map(|item| item.map(|expr| Typed::new(expr, common.clone()))).collect::<Result<_, _>>()?;
        self.operator("$array", items, place, cx)
    }

    fn cast<'a>(
        &self,
        value: &'a ast::Expr,
        to: &Type,
        is_try: bool,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let value = self.expression(value, cx)?;
        if value.ty == Type::Unknown {
            return null(to);
        }
        cx.can_fail |= !is_try && cast_can_fail(&value.ty, to);
        let on_error = if is_try { OnError::Null } else { OnError::Fail };
        let expr = cast(value.expr, &value.ty, to, on_error).map_err(|error| error.or_at(place))?;
        Ok(Typed::new(expr, to.clone()))
    }

    /// `TRY(value)`: a lambda without parameters.
    fn attempt<'a>(&self, value: &'a ast::Expr, place: Place, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let could_fail = cx.can_fail;
        let value = self.expression(value, cx)?;
        cx.can_fail = could_fail;
        let types = [Argument::Lambda { parameters: 0 }];
        let mut lambda = |_: usize, _: &[Type]| Ok(value.ty.clone());
        let resolved = self.functions.scalar("try", &types, &mut lambda).map_err(|error| error.at(place))?;
        let captures = call::captures(&value.expr, &[]);
        let body = Compiled::Lambda { parameters: Vec::new(), body: value.expr.clone(), captures };
        Ok(Typed::new(resolved.call(vec![body])?, value.ty.clone()))
    }

    fn subscript<'a>(
        &self,
        base: &'a ast::Expr,
        index: &'a ast::Expr,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let row = self.expression(base, cx)?;
        let at = self.expression(index, cx)?;
        let Type::Row(fields) = &row.ty else {
            return self.operator("$operator$subscript", vec![row, at], place, cx);
        };
        if !matches!(at.expr, Expr::Literal(..)) || !at.ty.is_integral() {
            let message = "Subscript expression on ROW requires a constant index";
            return Err(SqlError::at(index.place, ErrorClass::ExpressionNotConstant, message));
        }
        let number = coerce(at, &Type::Bigint).and_then(|at| constant(&at.expr))?;
        let number = match number {
            datafusion::common::ScalarValue::Int64(Some(number)) => usize::try_from(number).unwrap_or(0),
            _ => 0,
        };
        let Some((_, ty)) = number.checked_sub(1).and_then(|number| fields.get(number)) else {
            let message = format!("ROW index out of bounds: {}", index);
            return Err(SqlError::at(index.place, ErrorClass::InvalidFunctionArgument, message));
        };
        let ty = ty.clone();
        Ok(Typed::new(udf::field(row.expr, number - 1), ty))
    }
}

/// `EXTRACT(field FROM …)` is a function.
fn extract_function(field: ExtractField) -> &'static str {
    match field {
        ExtractField::Year => "year",
        ExtractField::Quarter => "quarter",
        ExtractField::Month => "month",
        ExtractField::Week => "week",
        ExtractField::Day => "day",
        ExtractField::DayOfWeek => "day_of_week",
        ExtractField::DayOfYear => "day_of_year",
        ExtractField::YearOfWeek => "year_of_week",
        ExtractField::Hour => "hour",
        ExtractField::Minute => "minute",
        ExtractField::Second => "second",
        ExtractField::TimezoneHour => "timezone_hour",
        ExtractField::TimezoneMinute => "timezone_minute",
    }
}
