//! Window functions.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{
    Expr, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFrameBound, WindowFrameUnits,
};
use opentrail_trino::ast::{
    self, Call, ExprKind, Frame, FrameBound, FrameUnit, Identifier, NamedWindow, SortItem, Window, WindowSpecification,
};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::Analyzer;
use super::coerce::{canonical, constant};
use super::context::{Context, Typed, address};
use super::expression::{Given, function_name};
use super::group::null_treatment;
use super::parts::parts;
use super::plan::{self, column};
use crate::function::Over;

/// A window with what it takes from the one it is based on.
#[derive(Clone, Copy)]
struct Merged<'a> {
    partition_by: &'a [ast::Expr],
    order_by: &'a [SortItem],
    frame: Option<&'a Frame>,
}

impl Analyzer<'_> {
    /// Computes all window functions of the query; they are columns from then on.
    pub(super) fn windows<'a>(
        &self,
        select: &'a ast::Select,
        roots: &[&'a ast::Expr],
        cx: &mut Context<'a, '_>,
    ) -> Result<(), SqlError> {
        for (index, window) in select.windows.iter().enumerate() {
            if select.windows[..index].iter().any(|earlier| earlier.name.is(&window.name.text)) {
                let message = format!("WINDOW '{}' specified more than once", window.name.text.to_lowercase());
                return Err(SqlError::at(window.name.place, ErrorClass::DuplicateWindowName, message));
            }
            merge(&window.specification, &select.windows[..index])?;
        }
        let mut found = Vec::new();
        roots.iter().for_each(|root| collect(root, &mut found));
        let mut calls: Vec<(Expr, String)> = Vec::new();
        let mut results = Vec::new();
        for (ast, call) in found {
            let (expr, ty) = self.window_call(call, ast.place, &select.windows, cx)?;
            let name = match calls.iter().find(|(known, _)| *known == expr) {
                Some((_, name)) => name.clone(),
                None => {
                    let name = self.fresh("w");
                    calls.push((expr, name.clone()));
                    name
                }
            };
            results.push((address(ast), Typed::new(column(&name), ty)));
        }
        cx.plan = self.window_columns(cx.take_plan(), calls)?;
        cx.calls.extend(results);
        Ok(())
    }

    /// The plan with the calls as columns of the given names.
    pub(super) fn window_columns(
        &self,
        mut plan: LogicalPlan,
        mut calls: Vec<(Expr, String)>,
    ) -> Result<LogicalPlan, SqlError> {
        // Calls that look alike to DataFusion cannot stand in one node.
        while !calls.is_empty() {
            let mut seen = std::collections::HashSet::new();
            let (batch, later): (Vec<_>, Vec<_>) =
                calls.into_iter().partition(|(call, _)| seen.insert(call.schema_name().to_string()));
            calls = later;
            let mut columns: Vec<Expr> = plan::names(&plan).iter().map(|name| column(name)).collect();
            let renamed = batch.iter().map(|(call, name)| column(&call.schema_name().to_string()).alias(name));
            columns.extend(renamed);
            let batch = batch.iter().map(|(call, _)| call.clone());
            let windows = LogicalPlanBuilder::window_plan(plan, batch).map_err(plan::fault)?;
            plan = plan::project(windows, columns)?;
        }
        Ok(plan)
    }

    fn window_call<'a>(
        &self,
        call: &'a Call,
        place: Place,
        named: &'a [NamedWindow],
        cx: &mut Context<'a, '_>,
    ) -> Result<(Expr, Type), SqlError> {
        let window = match &call.over {
            Some(Window::Named(name)) => find(name, named)?,
            Some(Window::Inline(specification)) => merge(specification, named)?,
            None => unreachable!("window functions have OVER"),
        };
        let name = function_name(call);
        if !call.order_by.is_empty() {
            let message = "Window function with ORDER BY is not supported";
            return Err(SqlError::at(place, ErrorClass::NotSupported, message));
        }
        let given = self.given(&call.arguments, cx)?;
        let shapes: Vec<_> = given.iter().map(Given::shape).collect();
        let resolved = self
            .functions
            .window(&name, &shapes, &mut |index, types| self.lambda_type(&given, index, types, cx))
            .map_err(|error| error.at(place))?;
        let arguments = self.arguments(given, &resolved, place, cx)?;
        let mut partition_by: Vec<Expr> = self.domain_names(&cx.names).iter().map(|name| column(name)).collect();
        for key in window.partition_by {
            let value = self.expression(key, cx)?;
            if !value.ty.is_comparable() {
                let message = format!(
                    "{} is not comparable, and therefore cannot be used in window function PARTITION BY",
                    value.ty
                );
                return Err(SqlError::at(key.place, ErrorClass::TypeMismatch, message));
            }
            partition_by.push(canonical(value.expr, &value.ty));
        }
        let order_by = self.sort_keys(window.order_by, cx)?;
        let frame = window.frame.map(|frame| self.frame(frame, window.order_by, place, cx)).transpose()?;
        let words = |ty: &Type| format!("Filter expression must evaluate to a boolean: actual type {ty}");
        let filter = call.filter.as_ref().map(|filter| self.truth(filter, cx, words)).transpose()?;
        let nulls = call.null_treatment.map(null_treatment);
        let over = Over {
            distinct: call.is_distinct,
            argument_order: Vec::new(),
            filter,
            partition_by,
            order_by,
            frame,
            nulls,
        };
        let expr = resolved.window(arguments, over).map_err(|error| error.or_at(place))?;
        Ok((expr, resolved.returns.clone()))
    }

    fn frame<'a>(
        &self,
        frame: &'a Frame,
        order_by: &'a [SortItem],
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<WindowFrame, SqlError> {
        let units = match frame.unit {
            FrameUnit::Rows => WindowFrameUnits::Rows,
            FrameUnit::Range => WindowFrameUnits::Range,
            FrameUnit::Groups => WindowFrameUnits::Groups,
        };
        let end = frame.end.as_ref().unwrap_or(&FrameBound::CurrentRow);
        let invalid = |message: &str| Err(SqlError::at(place, ErrorClass::InvalidWindowFrame, message));
        match (&frame.start, end) {
            (FrameBound::UnboundedFollowing, _) => return invalid("Window frame start cannot be UNBOUNDED FOLLOWING"),
            (_, FrameBound::UnboundedPreceding) => return invalid("Window frame end cannot be UNBOUNDED PRECEDING"),
            (FrameBound::CurrentRow, FrameBound::Preceding(_)) => {
                return invalid("Window frame starting from CURRENT ROW cannot end with PRECEDING");
            }
            (FrameBound::Following(_), FrameBound::Preceding(_)) => {
                return invalid("Window frame starting from FOLLOWING cannot end with PRECEDING");
            }
            (FrameBound::Following(_), FrameBound::CurrentRow) => {
                return invalid("Window frame starting from FOLLOWING cannot end with CURRENT ROW");
            }
            _ => {}
        }
        let start = self.frame_bound(&frame.start, units, order_by, cx)?;
        let end = self.frame_bound(end, units, order_by, cx)?;
        Ok(WindowFrame::new_bounds(units, start, end))
    }

    fn frame_bound<'a>(
        &self,
        bound: &'a FrameBound,
        units: WindowFrameUnits,
        order_by: &'a [SortItem],
        cx: &mut Context<'a, '_>,
    ) -> Result<WindowFrameBound, SqlError> {
        Ok(match bound {
            FrameBound::UnboundedPreceding => WindowFrameBound::Preceding(unbounded(units)),
            FrameBound::UnboundedFollowing => WindowFrameBound::Following(unbounded(units)),
            FrameBound::CurrentRow => WindowFrameBound::CurrentRow,
            FrameBound::Preceding(distance) => {
                WindowFrameBound::Preceding(self.distance(distance, units, order_by, cx)?)
            }
            FrameBound::Following(distance) => {
                WindowFrameBound::Following(self.distance(distance, units, order_by, cx)?)
            }
        })
    }

    /// How far a bound is away: a constant, of rows or of the sort key.
    fn distance<'a>(
        &self,
        distance: &'a ast::Expr,
        units: WindowFrameUnits,
        order_by: &'a [SortItem],
        cx: &mut Context<'a, '_>,
    ) -> Result<ScalarValue, SqlError> {
        let value = self.expression(distance, cx)?;
        let not_constant = || {
            let message = "Window frame offset must be a constant";
            SqlError::at(distance.place, ErrorClass::NotSupported, message)
        };
        if !value.expr.column_refs().is_empty() {
            return Err(not_constant());
        }
        let constant = constant(&value.expr).map_err(|error| error.or_at(distance.place))?;
        if units != WindowFrameUnits::Range {
            let rows = match constant {
                ScalarValue::Int32(Some(rows)) => u64::try_from(rows).ok(),
                ScalarValue::Int64(Some(rows)) => u64::try_from(rows).ok(),
                _ => None,
            };
            let message = "Window frame offset value must not be negative or null";
            let rows = rows.ok_or_else(|| SqlError::at(distance.place, ErrorClass::InvalidWindowFrame, message))?;
            return Ok(ScalarValue::UInt64(Some(rows)));
        }
        let [key] = order_by else {
            let message = "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY";
            return Err(SqlError::at(distance.place, ErrorClass::InvalidOrderBy, message));
        };
        let key = self.expression(&key.key, cx)?;
        range_distance(&constant, &key.ty).ok_or_else(|| {
            let message =
                format!("Window frame offset of type {} does not fit a sort key of type {}", value.ty, key.ty);
            SqlError::at(distance.place, ErrorClass::TypeMismatch, message)
        })
    }
}

/// The distance in the form that DataFusion adds to the sort key.
fn range_distance(constant: &ScalarValue, key: &Type) -> Option<ScalarValue> {
    match (constant, key) {
        (
            ScalarValue::DurationMillisecond(Some(ms)),
            Type::Timestamp { .. } | Type::TimestampTz { .. } | Type::Date,
        ) => {
            let nanoseconds = ms.checked_mul(1_000_000)?;
            Some(ScalarValue::new_interval_mdn(0, 0, nanoseconds))
        }
        (
            ScalarValue::IntervalYearMonth(Some(months)),
            Type::Timestamp { .. } | Type::TimestampTz { .. } | Type::Date,
        ) => Some(ScalarValue::new_interval_mdn(*months, 0, 0)),
        (number, key) if key.is_numeric() => number.cast_to(&crate::function::data_type(key)).ok(),
        _ => None,
    }
}

fn unbounded(units: WindowFrameUnits) -> ScalarValue {
    match units {
        WindowFrameUnits::Range => ScalarValue::Null,
        _ => ScalarValue::UInt64(None),
    }
}

/// Finds window functions that belong to this query.
fn collect<'a>(root: &'a ast::Expr, found: &mut Vec<(&'a ast::Expr, &'a Call)>) {
    match &root.kind {
        ExprKind::Call(call) if call.over.is_some() => found.push((root, call)),
        _ => parts(root, &mut |part| collect(part, found)),
    }
}

fn find<'a>(name: &Identifier, named: &'a [NamedWindow]) -> Result<Merged<'a>, SqlError> {
    let Some(index) = named.iter().position(|window| window.name.is(&name.text)) else {
        let message = format!("Cannot resolve WINDOW name {}", name.text.to_lowercase());
        return Err(SqlError::at(name.place, ErrorClass::InvalidWindowReference, message));
    };
    merge(&named[index].specification, &named[..index])
}

fn merge<'a>(specification: &'a WindowSpecification, named: &'a [NamedWindow]) -> Result<Merged<'a>, SqlError> {
    let own = Merged {
        partition_by: &specification.partition_by,
        order_by: &specification.order_by,
        frame: specification.frame.as_ref(),
    };
    let Some(base) = &specification.base else { return Ok(own) };
    let found = find(base, named)?;
    let refuse = |class, message: &str| Err(SqlError::at(base.place, class, message));
    if !own.partition_by.is_empty() {
        let message = "WINDOW specification with named WINDOW reference cannot specify PARTITION BY";
        return refuse(ErrorClass::InvalidPartitionBy, message);
    }
    if !own.order_by.is_empty() && !found.order_by.is_empty() {
        let message = "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY";
        return refuse(ErrorClass::InvalidOrderBy, message);
    }
    if found.frame.is_some() {
        let message = "Cannot reference named WINDOW containing frame specification";
        return refuse(ErrorClass::InvalidWindowReference, message);
    }
    let order_by = if own.order_by.is_empty() { found.order_by } else { own.order_by };
    Ok(Merged { partition_by: found.partition_by, order_by, frame: own.frame })
}
