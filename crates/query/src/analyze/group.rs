//! GROUP BY and aggregates.

mod aggregate;
mod sets;

use std::rc::Rc;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::expr::GroupingSet;
use datafusion::logical_expr::{Expr, LogicalPlan, Operator, binary_expr, cast as arrow_cast, lit};
use opentrail_trino::ast::{self, ExprKind};
use opentrail_trino::{ErrorClass, SqlError, Type};

use super::Analyzer;
use super::coerce::{canonical, null};
use super::context::{Clause, Context, Typed, address};
use super::parts::parts;
use super::plan::{self, column};
use super::scope::{Field, Node};
use super::select::Item;
use super::udf;
use aggregate::{Aggregated, named};

pub(super) use aggregate::null_treatment;

/// What DataFusion calls the column that tells the grouping sets apart.
const GROUPING_ID: &str = "__grouping_id";

/// What is left of the rows after GROUP BY.
pub(super) struct Grouping<'a> {
    keys: Vec<Key<'a>>,
    /// What could be named before.
    input: Rc<Vec<Field>>,
    /// With several grouping sets: the column that tells them apart, and for each key its bit.
    id: Option<(String, Vec<usize>)>,
}

/// What is grouped by.
struct Key<'a> {
    ast: Option<&'a ast::Expr>,
    /// The key over the input.
    source: Expr,
    /// The column of the result.
    result: Typed,
}

impl Grouping<'_> {
    /// The column or field that a trail of columns and fields beneath them ends with, if any part of it is a key.
    pub(super) fn column(&self, trail: &[(&Node, usize)]) -> Option<Typed> {
        (0..trail.len()).rev().find_map(|depth| {
            let source = column(&trail[depth].0.column);
            let key = self.keys.iter().find(|key| key.source == source)?;
            let rest = trail[depth + 1..].iter();
            let expr = rest.fold(key.result.expr.clone(), |row, (_, index)| udf::field(row, *index));
            Some(Typed::new(expr, trail[trail.len() - 1].0.ty.clone()))
        })
    }
}

impl Analyzer<'_> {
    /// What the expression is already: a column of an aggregate or window function, or a key of GROUP BY.
    pub(super) fn known<'a>(&self, ast: &'a ast::Expr, cx: &Context<'a, '_>) -> Result<Option<Typed>, SqlError> {
        if let Some(call) = cx.calls.get(&address(ast)) {
            return Ok(Some(call.clone()));
        }
        let Some(grouping) = &cx.grouping else { return Ok(None) };
        let kind = std::mem::discriminant(&ast.kind);
        // Keys that are columns are found by their names.
        let is_computed = |key: &Key<'_>| !matches!(key.source, Expr::Column(_));
        let alike =
            |key: &&Key<'_>| is_computed(key) && key.ast.is_some_and(|key| std::mem::discriminant(&key.kind) == kind);
        let mut alike = grouping.keys.iter().filter(alike).peekable();
        if alike.peek().is_none() {
            return Ok(None);
        }
        let mut probe = Context::new(plan::one_row(), Rc::clone(&grouping.input), Clause::GroupBy, &cx.names);
        probe.lambdas.clone_from(&cx.lambdas);
        let Ok(value) = self.expression(ast, &mut probe) else { return Ok(None) };
        Ok(alike.find(|key| key.source == value.expr).map(|key| key.result.clone()))
    }

    /// Groups, if the query does. `roots` are all expressions that may have aggregates in them.
    pub(super) fn group<'a, 'o>(
        &self,
        select: &'a ast::Select,
        items: &[Item<'a>],
        roots: &[&'a ast::Expr],
        mut cx: Context<'a, 'o>,
    ) -> Result<Context<'a, 'o>, SqlError> {
        let mut found = Vec::new();
        roots.iter().for_each(|root| self.collect_aggregates(root, &mut found));
        let has_grouping = roots.iter().any(|root| has_grouping(root));
        if select.group_by.is_none() && select.having.is_none() && found.is_empty() && !has_grouping {
            return Ok(cx);
        }
        cx.clause = Clause::GroupBy;
        let mut keys: Vec<(Option<&'a ast::Expr>, Typed)> = Vec::new();
        let sets = match &select.group_by {
            Some(group_by) => self.grouping_sets(group_by, items, &mut keys, &mut cx)?,
            None => vec![Vec::new()],
        };
        cx.clause = Clause::Aggregate;
        let aggregates = found.iter().map(|ast| self.aggregate(ast, &mut cx)).collect::<Result<Vec<_>, _>>()?;
        self.grouped_context(keys, &sets, aggregates, cx)
    }

    /// The context after the aggregation.
    fn grouped_context<'a, 'o>(
        &self,
        keys: Vec<(Option<&'a ast::Expr>, Typed)>,
        sets: &[Vec<usize>],
        aggregates: Vec<Aggregated>,
        cx: Context<'a, 'o>,
    ) -> Result<Context<'a, 'o>, SqlError> {
        let mut input = cx.plan;
        let mut new = Vec::new();
        let mut columns = Vec::new();
        // What DataFusion knows of the input (that the key of an aggregation below determines its row) it takes to hold for the
        // result too, and then leaves out keys of further groupings that matter. Of computed keys it knows nothing.
        let is_filtered = plan::has_filter(&input);
        let depends = !input.schema().functional_dependencies().is_empty();
        for (_, key) in &keys {
            let name = self.fresh("k");
            let key = if key.ty == Type::Unknown { null(&Type::Boolean)? } else { key.clone() };
            let key = canonical(key.expr, &key.ty);
            // What is asked of the key outside is asked after the conditions here.
            let is_held = cx.can_fail && is_filtered && !matches!(key, Expr::Column(_) | Expr::Literal(..));
            let key = if is_held { udf::held(key) } else { key };
            new.push(if depends { udf::same(key).alias(&name) } else { key.alias(&name) });
            columns.push(name);
        }
        input = plan::extend(input, new)?;
        let domain = self.domain_names(&cx.names);
        let is_global = keys.is_empty() && sets.len() == 1;
        let present = if is_global && !domain.is_empty() {
            let (padded, present) = self.pad(input, &domain, &cx.names)?;
            input = padded;
            Some(present)
        } else {
            None
        };
        let id = (sets.len() > 1).then(|| self.fresh("i"));
        let mut calls: Vec<(Expr, String)> = Vec::new();
        let mut results = std::collections::HashMap::new();
        for aggregate in aggregates {
            let call = match &present {
                Some(present) => only(aggregate.call, present),
                None => aggregate.call,
            };
            let name = match calls.iter().find(|(known, _)| *known == call) {
                Some((_, name)) => name.clone(),
                None => {
                    let name = self.fresh("a");
                    calls.push((call, name.clone()));
                    name
                }
            };
            results.insert(aggregate.address, Typed::new(column(&name), aggregate.ty));
        }
        let plan = self.aggregate_plan(input, &domain, &columns, sets, calls, id.as_deref())?;
        let order = key_order(sets);
        let bits = (0..keys.len()).map(|key| order.len() - 1 - order.iter().position(|k| *k == key).unwrap_or(0));
        let id = id.map(|name| (name, bits.collect()));
        let keys = keys.into_iter().zip(columns).map(|((ast, key), name)| Key {
            ast,
            source: key.expr,
            result: Typed::new(column(&name), key.ty),
        });
        let grouping = Grouping { keys: keys.collect(), input: Rc::clone(&cx.fields), id };
        Ok(Context { plan, grouping: Some(Rc::new(grouping)), calls: results, clause: Clause::Having, ..cx })
    }

    /// The node itself, with its columns named.
    fn aggregate_plan(
        &self,
        input: LogicalPlan,
        domain: &[String],
        columns: &[String],
        sets: &[Vec<usize>],
        calls: Vec<(Expr, String)>,
        id: Option<&str>,
    ) -> Result<LogicalPlan, SqlError> {
        let Some(id) = id else {
            let keys = domain.iter().chain(sets[0].iter().map(|key| &columns[*key]));
            return self.aggregate_by(input, &keys.cloned().collect::<Vec<_>>(), calls);
        };
        let set = |set: &Vec<usize>| {
            domain.iter().chain(set.iter().map(|key| &columns[*key])).map(|name| column(name)).collect::<Vec<_>>()
        };
        let sets = Expr::GroupingSet(GroupingSet::GroupingSets(sets.iter().map(set).collect()));
        let calls = named(calls);
        let plan = plan::aggregate(input, vec![sets], calls.iter().map(|(call, _, _)| call.clone()).collect())?;
        let mut results: Vec<Expr> = domain.iter().chain(columns).map(|name| column(name)).collect();
        results.push(arrow_cast(column(GROUPING_ID), DataType::Int64).alias(id));
        results.extend(calls.into_iter().map(|(_, output, name)| column(&output).alias(name)));
        plan::project(plan, results)
    }

    /// A row for each row of the domain, also where the input has none; those of the input have `present`.
    fn pad(
        &self,
        input: LogicalPlan,
        domain: &[String],
        names: &super::context::Names<'_, '_>,
    ) -> Result<(LogicalPlan, Expr), SqlError> {
        let present = self.fresh("p");
        let mut on = Vec::new();
        let renamed = plan::names(&input).into_iter().map(|name| {
            if !domain.contains(&name) {
                return column(&name);
            }
            let other = self.fresh("d");
            on.push((column(&name), column(&other)));
            column(&name).alias(other)
        });
        let mut expressions: Vec<Expr> = renamed.collect();
        expressions.push(lit(true).alias(&present));
        let input = plan::project(input, expressions)?;
        let Some(all) = self.domain_plan(names)? else { return Ok((input, lit(true))) };
        let padded = plan::join_null_safe(all, input, datafusion::common::JoinType::Left, on)?;
        Ok((padded, column(&present).is_not_null()))
    }

    /// `GROUPING(a, b)`: a bit for each argument, the last one the lowest; 1 where the set lacks it.
    pub(super) fn grouping<'a>(
        &self,
        of: &'a [ast::Expr],
        ast: &'a ast::Expr,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let Some(grouping) = cx.grouping.clone() else { return Err(self.misplaced(ast, cx)) };
        let mut all = lit(0_i64);
        for argument in of {
            let mut probe = Context::new(plan::one_row(), Rc::clone(&grouping.input), Clause::GroupBy, &cx.names);
            let value = self.expression(argument, &mut probe)?;
            let Some(key) = grouping.keys.iter().position(|key| key.source == value.expr) else {
                let message =
                    format!("The arguments to GROUPING() must be expressions referenced by the GROUP BY: {}", argument);
                return Err(SqlError::at(argument.place, ErrorClass::InvalidArguments, message));
            };
            let bit = match &grouping.id {
                Some((id, bits)) => {
                    let shift = lit(i64::try_from(bits[key]).unwrap_or(0));
                    let shifted = binary_expr(column(id), Operator::BitwiseShiftRight, shift);
                    binary_expr(shifted, Operator::BitwiseAnd, lit(1_i64))
                }
                None => lit(0_i64),
            };
            all = binary_expr(binary_expr(all, Operator::BitwiseShiftLeft, lit(1_i64)), Operator::BitwiseOr, bit);
        }
        Ok(Typed::new(arrow_cast(all, DataType::Int32), Type::Integer))
    }
}

/// The order in which DataFusion numbers the keys of grouping sets: that of their first appearance.
fn key_order(sets: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::new();
    for key in sets.iter().flatten() {
        if !order.contains(key) {
            order.push(*key);
        }
    }
    order
}

fn has_grouping(ast: &ast::Expr) -> bool {
    let mut found = matches!(ast.kind, ExprKind::Grouping(_));
    parts(ast, &mut |part| found |= has_grouping(part));
    found
}

/// The call over those rows only for which the condition is true.
fn only(call: Expr, condition: &Expr) -> Expr {
    match call {
        Expr::AggregateFunction(mut call) => {
            let both = match call.params.filter.take() {
                Some(filter) => filter.and(condition.clone()),
                None => condition.clone(),
            };
            call.params.filter = Some(Box::new(both));
            Expr::AggregateFunction(call)
        }
        other => other,
    }
}

pub(super) fn check_orderable(ty: &Type, ast: &ast::Expr) -> Result<(), SqlError> {
    if ty.is_orderable() {
        return Ok(());
    }
    let message = format!("Type {ty} is not orderable, and therefore cannot be used in ORDER BY: {ast}");
    Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, message))
}
