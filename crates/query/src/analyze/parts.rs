//! Walking expressions.

use opentrail_trino::ast::{Call, Expr, ExprKind, JsonBehavior, SortItem};

/// Visits the direct parts of an expression that belong to the same query; lambdas are passed over.
pub(super) fn parts<'a>(of: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &of.kind {
        ExprKind::Dereference { base: value, .. }
        | ExprKind::Cast { value, .. }
        | ExprKind::Try(value)
        | ExprKind::Extract { value, .. }
        | ExprKind::Negate(value)
        | ExprKind::Plus(value)
        | ExprKind::Not(value)
        | ExprKind::IsNull(value)
        | ExprKind::InSubquery { value, .. }
        | ExprKind::Quantified { value, .. } => visit(value),
        ExprKind::Subscript { base: a, index: b }
        | ExprKind::NullIf(a, b)
        | ExprKind::AtTimeZone { value: a, zone: b }
        | ExprKind::Binary { left: a, right: b, .. } => [a, b].into_iter().for_each(|part| visit(part)),
        ExprKind::Between { value, low, high } => [value, low, high].into_iter().for_each(|part| visit(part)),
        ExprKind::Call(call) => call_parts(call, visit),
        ExprKind::Listagg { value, order_by, filter, .. } => {
            visit(value);
            keys(order_by, visit);
            filter.iter().for_each(|part| visit(part));
        }
        ExprKind::Row(items)
        | ExprKind::Array(items)
        | ExprKind::Coalesce(items)
        | ExprKind::Grouping(items)
        | ExprKind::And(items)
        | ExprKind::Or(items) => items.iter().for_each(visit),
        ExprKind::Case { operand, branches, otherwise } => {
            operand.iter().for_each(|part| visit(part));
            for (condition, result) in branches {
                visit(condition);
                visit(result);
            }
            otherwise.iter().for_each(|part| visit(part));
        }
        ExprKind::If { condition, then, otherwise } => {
            visit(condition);
            visit(then);
            otherwise.iter().for_each(|part| visit(part));
        }
        ExprKind::InList { value, list } => {
            visit(value);
            list.iter().for_each(visit);
        }
        ExprKind::Like { value, pattern, escape } => {
            visit(value);
            visit(pattern);
            escape.iter().for_each(|part| visit(part));
        }
        ExprKind::JsonPath(call) => {
            visit(&call.input);
            call.passing.iter().for_each(|argument| visit(&argument.value));
            for behavior in call.on_empty.iter().chain(&call.on_error) {
                if let JsonBehavior::Default(value) = behavior {
                    visit(value);
                }
            }
        }
        ExprKind::JsonObject { members, .. } => members.iter().for_each(|(name, value)| {
            visit(name);
            visit(value);
        }),
        ExprKind::JsonArray { items, .. } => items.iter().for_each(visit),
        _ => {}
    }
}

fn call_parts<'a>(call: &'a Call, visit: &mut dyn FnMut(&'a Expr)) {
    call.arguments.iter().for_each(&mut *visit);
    keys(&call.order_by, visit);
    call.filter.iter().for_each(&mut *visit);
    if let Some(opentrail_trino::ast::Window::Inline(window)) = &call.over {
        window.partition_by.iter().for_each(&mut *visit);
        keys(&window.order_by, visit);
    }
}

fn keys<'a>(of: &'a [SortItem], visit: &mut dyn FnMut(&'a Expr)) {
    of.iter().for_each(|item| visit(&item.key));
}
