//! SELECT: one clause after the other, in the order of their meaning.

use std::collections::HashSet;
use std::rc::Rc;

use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::Sort;
use opentrail_trino::ast::{self, ExprKind, Identifier, SelectItem, SortItem};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::Analyzer;
use super::coerce::canonical;
use super::context::{Clause, Context, Names, Typed};
use super::expression::path;
use super::group::check_orderable;
use super::plan::{self, column};
use super::relation::Relation;
use super::scope::{Field, Node};
use super::udf;

/// A column of the result, once stars are expanded.
pub(super) struct Item<'a> {
    /// What is computed; none for a column that a star stands for.
    pub(super) ast: Option<&'a ast::Expr>,
    /// That column.
    starred: Option<Typed>,
    /// Its title; none if it has none.
    name: Option<String>,
    place: Place,
}

impl Analyzer<'_> {
    /// The rows of a SELECT and the keys to sort them by.
    pub(super) fn select<'a>(
        &self,
        select: &'a ast::Select,
        order_by: &'a [SortItem],
        names: &Names<'a, '_>,
    ) -> Result<(Relation, Vec<Sort>), SqlError> {
        let from = self.from(&select.from, names)?;
        let mut cx = Context::new(from.plan, Rc::new(from.fields), Clause::Where, names);
        if let Some(filter) = &select.filter {
            self.filter(filter, &mut cx)?;
        }
        cx.clause = Clause::Select;
        let items = self.items(select, &mut cx)?;
        let roots = roots(select, order_by);
        let mut cx = self.group(select, &items, &roots, cx)?;
        if let Some(having) = &select.having {
            cx.clause = Clause::Having;
            let words = |ty: &Type| format!("HAVING clause must evaluate to a boolean: actual type {ty}");
            let having = self.truth(having, &mut cx, words)?;
            cx.plan = plan::filter(cx.take_plan(), having)?;
        }
        cx.clause = Clause::Window;
        self.windows(select, &roots, &mut cx)?;
        cx.clause = Clause::Select;
        let mut values = Vec::new();
        for item in &items {
            cx.can_fail = false;
            let value = self.item(item, &mut cx)?;
            values.push((value, cx.can_fail));
        }
        self.output(select, &items, values, order_by, cx)
    }

    /// WHERE.
    fn filter<'a>(&self, filter: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<(), SqlError> {
        let terms = match &filter.kind {
            ExprKind::And(terms) => terms.as_slice(),
            _ => std::slice::from_ref(filter),
        };
        // Subqueries that are terms of their own become semi-joins; all else is one predicate.
        let (joins, rest): (Vec<_>, Vec<_>) = terms.iter().partition(|term| is_semi_join(term));
        let words = |ty: &Type| format!("WHERE clause must evaluate to a boolean: actual type {ty}");
        match rest.as_slice() {
            [] => {}
            several if plan::has_filter(&cx.plan) => self.filter_terms(several, cx)?,
            [only] => {
                let predicate = self.truth(only, cx, words)?;
                cx.plan = plan::filter(cx.take_plan(), predicate)?;
            }
            several => {
                let predicate = self.terms(several, true, cx)?.expr;
                cx.plan = plan::filter(cx.take_plan(), predicate)?;
            }
        }
        joins.into_iter().try_for_each(|term| self.semi_join(term, cx))
    }

    /// The list after SELECT, with the stars expanded.
    fn items<'a>(&self, select: &'a ast::Select, cx: &mut Context<'a, '_>) -> Result<Vec<Item<'a>>, SqlError> {
        let mut items = Vec::new();
        for item in &select.items {
            match item {
                SelectItem::Value { value, alias } => {
                    let name = alias.as_ref().map(|alias| alias.text.clone()).or_else(|| natural_name(value));
                    items.push(Item { ast: Some(value), starred: None, name, place: value.place });
                }
                SelectItem::All { prefix, aliases, place } => {
                    let mut columns = self.starred(prefix.as_ref(), *place, cx)?;
                    self.effort.columns(columns.len())?;
                    rename(&mut columns, aliases, *place)?;
                    items.extend(columns.into_iter().map(|(name, value)| Item {
                        ast: None,
                        starred: Some(value),
                        name,
                        place: *place,
                    }));
                }
            }
        }
        Ok(items)
    }

    /// What a star stands for.
    fn starred<'a>(
        &self,
        prefix: Option<&'a ast::Expr>,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<(Option<String>, Typed)>, SqlError> {
        let column = |field: &Field| (field.name.clone(), Typed::column(field.node.clone()));
        let shown = || cx.fields.iter().filter(|field| !field.is_hidden);
        let Some(prefix) = prefix else {
            if cx.fields.is_empty() {
                return Err(SqlError::at(
                    place,
                    ErrorClass::NotSupported,
                    "SELECT * not allowed from relation that has no columns",
                ));
            }
            return Ok(shown().map(column).collect());
        };
        if let Some([relation]) = path(prefix).as_deref() {
            let lower = relation.text.to_lowercase();
            let of_relation = shown().filter(|field| field.relation.as_ref() == Some(&lower));
            let columns: Vec<_> = of_relation.map(column).collect();
            if !columns.is_empty() {
                return Ok(columns);
            }
        }
        let row = self.expression(prefix, cx).map_err(|error| match error.class {
            ErrorClass::ColumnNotFound => {
                let message = format!("Unable to resolve reference {}", prefix);
                SqlError::at(prefix.place, ErrorClass::InvalidColumnReference, message)
            }
            _ => error,
        })?;
        let Type::Row(fields) = &row.ty else {
            let message = "expected row type for expression.*";
            return Err(SqlError::at(prefix.place, ErrorClass::TypeMismatch, message));
        };
        let fields = fields
            .iter()
            .enumerate()
            .map(|(index, (name, ty))| (name.clone(), Typed::new(udf::field(row.expr.clone(), index), ty.clone())));
        Ok(fields.collect())
    }

    /// The value of an item in the present context.
    pub(super) fn item<'a>(&self, item: &Item<'a>, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        if let Some(ast) = item.ast {
            return self.expression(ast, cx);
        }
        let starred = item.starred.clone().expect("an item is an expression or a starred column");
        let (Some(grouping), Some(node)) = (&cx.grouping, &starred.node) else { return Ok(starred) };
        grouping.column(&[(node, 0)]).ok_or_else(|| {
            let name = item.name.as_deref().unwrap_or("*").to_lowercase();
            let message = format!("Column '{name}' not in GROUP BY clause");
            SqlError::at(item.place, ErrorClass::ExpressionNotAggregate, message)
        })
    }

    /// The last projection, DISTINCT, and the keys of ORDER BY.
    fn output<'a>(
        &self,
        select: &'a ast::Select,
        items: &[Item<'a>],
        values: Vec<(Typed, bool)>,
        order_by: &'a [SortItem],
        mut cx: Context<'a, '_>,
    ) -> Result<(Relation, Vec<Sort>), SqlError> {
        let is_filtered = plan::has_filter(&cx.plan);
        let (values, can_fail): (Vec<Typed>, Vec<bool>) = values.into_iter().unzip();
        let titled = items.iter().zip(&values);
        cx.titles =
            titled.filter_map(|(item, value)| Some((item.name.as_ref()?.to_lowercase(), value.clone()))).collect();
        let keys = order_by.iter().map(|key| self.sort_key(key, &values, &mut cx)).collect::<Result<Vec<_>, _>>()?;
        let mut output = Output::default();
        let mut fields = Vec::new();
        for ((item, value), can_fail) in items.iter().zip(&values).zip(can_fail) {
            let node = output.add(self, value, select.is_distinct);
            if can_fail && is_filtered {
                output.hold();
            }
            if !select.is_distinct {
                node.walk(&mut |part| output.pass(&part.column));
            }
            fields.push(Field::new(item.name.clone(), node));
        }
        self.domain_names(&cx.names).iter().for_each(|name| output.pass(name));
        let mut sort = Vec::new();
        for (item, key) in order_by.iter().zip(keys) {
            let position = values.iter().position(|value| value.expr == key.expr);
            let name = match position {
                Some(position) => fields[position].node.column.clone(),
                None if select.is_distinct => {
                    let message = "For SELECT DISTINCT, ORDER BY expressions must appear in select list";
                    return Err(SqlError::at(item.key.place, ErrorClass::ExpressionNotInDistinct, message));
                }
                None => output.add(self, &key, false).column,
            };
            sort.push(Sort::new(column(&name), !item.is_descending, item.is_nulls_first));
        }
        let mut plan = plan::project(cx.plan, output.expressions)?;
        if select.is_distinct {
            plan = plan::distinct(plan);
        }
        Ok((Relation { plan, fields }, sort))
    }

    /// A key of ORDER BY: a position, a title, or an expression over both titles and columns.
    fn sort_key<'a>(&self, item: &'a SortItem, values: &[Typed], cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let key = match &item.key.kind {
            ExprKind::Integer(position) => {
                let value = usize::try_from(*position).ok().and_then(|p| p.checked_sub(1)).and_then(|p| values.get(p));
                value.cloned().ok_or_else(|| position_error(*position, item.key.place))?
            }
            _ => self.expression(&item.key, cx)?,
        };
        check_orderable(&key.ty, &item.key)?;
        Ok(key)
    }
}

/// ORDER BY a position that there is not.
pub(super) fn position_error(position: i64, place: Place) -> SqlError {
    let message = format!("ORDER BY position {position} is not in select list");
    SqlError::at(place, ErrorClass::InvalidColumnReference, message)
}

/// The expressions of a projection, each name once.
#[derive(Default)]
struct Output {
    expressions: Vec<Expr>,
    seen: HashSet<String>,
}

impl Output {
    /// Adds a column of the result; one that is a column already keeps its name, if that is free.
    fn add(&mut self, analyzer: &Analyzer<'_>, value: &Typed, is_distinct: bool) -> Node {
        if let (Some(node), false) = (&value.node, is_distinct)
            && self.seen.insert(node.column.clone())
        {
            self.expressions.push(value.expr.clone());
            return node.clone();
        }
        let name = analyzer.fresh("o");
        self.seen.insert(name.clone());
        let expr = if is_distinct { canonical(value.expr.clone(), &value.ty) } else { value.expr.clone() };
        self.expressions.push(expr.alias(&name));
        Node::whole(name, value.ty.clone())
    }

    /// What was added last is computed after the conditions of this SELECT, whatever is asked of it outside.
    fn hold(&mut self) {
        let Some(Expr::Alias(last)) = self.expressions.last_mut() else { return };
        if !last.expr.column_refs().is_empty() {
            *last.expr = udf::held((*last.expr).clone());
        }
    }

    /// Keeps a column under its name.
    fn pass(&mut self, name: &str) {
        if self.seen.insert(name.to_owned()) {
            self.expressions.push(column(name));
        }
    }
}

/// All expressions of the query that may have aggregates and window functions in them.
fn roots<'a>(select: &'a ast::Select, order_by: &'a [SortItem]) -> Vec<&'a ast::Expr> {
    let items = select.items.iter().filter_map(|item| match item {
        SelectItem::Value { value, .. } => Some(value),
        SelectItem::All { .. } => None,
    });
    let keys = order_by.iter().map(|item| &item.key);
    let windows = select.windows.iter().flat_map(|window| {
        let specification = &window.specification;
        specification.partition_by.iter().chain(specification.order_by.iter().map(|item| &item.key))
    });
    items.chain(&select.having).chain(keys).chain(windows).collect()
}

/// The title of an item without an alias.
fn natural_name(of: &ast::Expr) -> Option<String> {
    match &of.kind {
        ExprKind::Identifier(name) | ExprKind::Dereference { field: name, .. } => Some(name.text.clone()),
        _ => None,
    }
}

/// `* AS (a, b)`
fn rename(columns: &mut [(Option<String>, Typed)], aliases: &[Identifier], place: Place) -> Result<(), SqlError> {
    if aliases.is_empty() {
        return Ok(());
    }
    if aliases.len() != columns.len() {
        let message =
            format!("Column alias list has {} entries but relation has {} columns", aliases.len(), columns.len());
        return Err(SqlError::at(place, ErrorClass::MismatchedColumnAliases, message));
    }
    for ((name, _), alias) in columns.iter_mut().zip(aliases) {
        *name = Some(alias.text.clone());
    }
    Ok(())
}

/// Is a term of WHERE a subquery that keeps or drops whole rows?
fn is_semi_join(term: &ast::Expr) -> bool {
    match &term.kind {
        ExprKind::InSubquery { .. } | ExprKind::Exists(_) => true,
        ExprKind::Not(inner) => matches!(inner.kind, ExprKind::Exists(_)),
        _ => false,
    }
}
