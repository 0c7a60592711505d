//! GROUP BY and aggregates.

use std::collections::HashSet;
use std::rc::Rc;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::expr::{GroupingSet, NullTreatment, Sort};
use datafusion::logical_expr::{Expr, LogicalPlan, Operator, binary_expr, cast as arrow_cast, lit};
use opentrail_trino::ast::{self, Call, ExprKind, ListaggOverflow, SortItem};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::Analyzer;
use super::coerce::{canonical, coerce, null};
use super::context::{Clause, Context, Typed, address};
use super::expression::{Given, function_name, when};
use super::parts::parts;
use super::plan::{self, column};
use super::scope::{Field, Node};
use super::select::Item;
use super::udf;
use crate::function::{Compiled, Over};

/// Grouping sets that one query may have.
const SETS_MAX: usize = 2048;
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

/// An aggregate, compiled.
struct Aggregated {
    address: usize,
    call: Expr,
    ty: Type,
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
        for (_, key) in &keys {
            let name = self.fresh("k");
            let key = if key.ty == Type::Unknown { null(&Type::Boolean)? } else { key.clone() };
            new.push(canonical(key.expr, &key.ty).alias(&name));
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
            let call = present.as_ref().map_or(aggregate.call.clone(), |present| only(aggregate.call.clone(), present));
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

    /// Aggregates by columns; the result has those columns and the calls under the names given.
    pub(super) fn aggregate_by(
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
    pub(super) fn count_all(&self) -> Result<Expr, SqlError> {
        self.simple_aggregate("count", Vec::new())
    }

    /// An aggregate with nothing around.
    pub(super) fn simple_aggregate(&self, name: &str, arguments: Vec<Typed>) -> Result<Expr, SqlError> {
        let shapes: Vec<_> = arguments.iter().map(|a| crate::function::Argument::Value(&a.ty)).collect();
        let nowhere = Place { line: 1, column: 1 };
        let resolved = self.functions.aggregate(name, &shapes, &mut super::coerce::no_lambda);
        let resolved = resolved.map_err(|error| error.at(nowhere))?;
        let compiled = arguments.into_iter().map(|argument| Compiled::Value(argument.expr));
        resolved.aggregate(compiled.collect(), Over::default())
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

    /// Finds aggregates that belong to this query, without those within them.
    fn collect_aggregates<'a>(&self, root: &'a ast::Expr, found: &mut Vec<&'a ast::Expr>) {
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

    fn aggregate<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Aggregated, SqlError> {
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
    pub(super) fn sort_keys<'a>(
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

    /// The grouping sets, as indexes of `keys`, which they fill.
    fn grouping_sets<'a>(
        &self,
        group_by: &'a ast::GroupBy,
        items: &[Item<'a>],
        keys: &mut Vec<(Option<&'a ast::Expr>, Typed)>,
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Vec<usize>>, SqlError> {
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for element in &group_by.elements {
            let mut indexes = |set: &'a Vec<ast::Expr>| {
                set.iter().map(|key| self.grouping_key(key, items, keys, cx)).collect::<Result<Vec<usize>, SqlError>>()
            };
            let sets: Vec<Vec<usize>> = match element {
                ast::GroupingElement::Set(set) => vec![indexes(set)?],
                ast::GroupingElement::Sets(sets) => sets.iter().map(indexes).collect::<Result<_, _>>()?,
                ast::GroupingElement::Rollup(sets) => {
                    let sets: Vec<_> = sets.iter().map(indexes).collect::<Result<_, _>>()?;
                    (0..=sets.len()).rev().map(|count| sets[..count].concat()).collect()
                }
                ast::GroupingElement::Cube(sets) => {
                    let sets: Vec<_> = sets.iter().map(indexes).collect::<Result<_, _>>()?;
                    subsets(&sets)
                }
            };
            if all.len().saturating_mul(sets.len()) > SETS_MAX {
                let message = format!("GROUP BY has more than {SETS_MAX} grouping sets");
                return Err(SqlError::new(ErrorClass::TooManyGroupingSets, message));
            }
            all = all.iter().flat_map(|left| sets.iter().map(|right| union(left, right))).collect();
        }
        if group_by.is_distinct {
            let mut seen = HashSet::new();
            all.retain(|set| {
                let mut sorted = set.clone();
                sorted.sort_unstable();
                seen.insert(sorted)
            });
        }
        Ok(all)
    }

    /// The index of a key, which is added unless it is there.
    fn grouping_key<'a>(
        &self,
        ast: &'a ast::Expr,
        items: &[Item<'a>],
        keys: &mut Vec<(Option<&'a ast::Expr>, Typed)>,
        cx: &mut Context<'a, '_>,
    ) -> Result<usize, SqlError> {
        let (source, value) = match &ast.kind {
            ExprKind::Integer(position) => {
                let item = usize::try_from(*position).ok().and_then(|p| p.checked_sub(1)).and_then(|p| items.get(p));
                let Some(item) = item else {
                    let message = format!("GROUP BY position {position} is not in select list");
                    return Err(SqlError::at(ast.place, ErrorClass::InvalidColumnReference, message));
                };
                (item.ast, self.item(item, cx)?)
            }
            _ => (Some(ast), self.expression(ast, cx)?),
        };
        if !value.ty.is_comparable() {
            let message = format!("{} is not comparable, and therefore cannot be used in GROUP BY", value.ty);
            return Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, message));
        }
        if let Some(index) = keys.iter().position(|(_, key)| key.expr == value.expr) {
            return Ok(index);
        }
        keys.push((source, value));
        Ok(keys.len() - 1)
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
                let message = format!(
                    "The arguments to GROUPING() must be expressions referenced by the GROUP BY: {}",
                    argument.to_string()
                );
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

fn union(left: &[usize], right: &[usize]) -> Vec<usize> {
    let mut all = left.to_vec();
    all.extend(right.iter().filter(|key| !left.contains(key)));
    all
}

/// All subsets, the whole first.
fn subsets(sets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let Some((first, rest)) = sets.split_first() else { return vec![Vec::new()] };
    let rest = subsets(rest);
    let with = rest.iter().map(|set| union(first, set));
    with.chain(rest.iter().cloned()).collect()
}

fn has_grouping(ast: &ast::Expr) -> bool {
    let mut found = matches!(ast.kind, ExprKind::Grouping(_));
    parts(ast, &mut |part| found |= has_grouping(part));
    found
}

/// Each call, the name of its output column, and the name it shall have. Calls that look alike to DataFusion get aliases.
fn named(calls: Vec<(Expr, String)>) -> Vec<(Expr, String, String)> {
    let mut seen = HashSet::new();
    let named = calls.into_iter().map(|(call, name)| {
        let output = call.schema_name().to_string();
        if seen.insert(output.clone()) { (call, output, name) } else { (call.alias(&name), name.clone(), name) }
    });
    named.collect()
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

pub(super) fn null_treatment(of: ast::NullTreatment) -> NullTreatment {
    match of {
        ast::NullTreatment::Ignore => NullTreatment::IgnoreNulls,
        ast::NullTreatment::Respect => NullTreatment::RespectNulls,
    }
}

pub(super) fn check_orderable(ty: &Type, ast: &ast::Expr) -> Result<(), SqlError> {
    if ty.is_orderable() {
        return Ok(());
    }
    let message = format!("Type {ty} is not orderable, and therefore cannot be used in ORDER BY: {}", ast.to_string());
    Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, message))
}
