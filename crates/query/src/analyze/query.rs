//! Queries: WITH, set operations, VALUES, the last ORDER BY and LIMIT.

use std::rc::Rc;

use datafusion::arrow::datatypes::Field as ArrowField;
use datafusion::common::{DFSchema, JoinType};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, LogicalPlan, Values, lit};
use opentrail_trino::ast::{self, ExprKind, Limit, Query, QueryBody, SetOperation, SetOperator};
use opentrail_trino::{ErrorClass, Place, SqlError, Type, common_super_type};
use std::sync::Arc;

use super::Analyzer;
use super::coerce::{canonical, coerce, common_type, null, relabel};
use super::context::{Clause, Context, Names, Typed, With};
use super::group::check_orderable;
use super::plan::{self, column};
use super::relation::Relation;
use super::scope::{Field, Node};
use super::select::position_error;
use crate::function::{Over, data_type};

impl Analyzer<'_> {
    /// The rows of a query. Under a domain the plan has the domain's columns too.
    pub(super) fn query<'a>(&self, query: &'a Query, names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let relation = self.effort.nested(query.place, || self.whole_query(query, names))?;
        self.effort.relation(relation)
    }

    fn whole_query<'a>(&self, query: &'a Query, names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let names = self.with(query, names)?;
        let (relation, sort) = match &query.body {
            QueryBody::Select(select) => self.select(select, &query.order_by, &names)?,
            body => {
                let relation = self.body(body, &names)?;
                self.sort_body(relation, query, &names)?
            }
        };
        self.bound(relation, sort, query, &names)
    }

    /// The names that the query sees: each WITH query sees those before it.
    fn with<'a, 'o>(&self, query: &'a Query, names: &Names<'a, 'o>) -> Result<Names<'a, 'o>, SqlError> {
        let mut names = names.clone();
        for (index, definition) in query.with.iter().enumerate() {
            let name = &definition.name;
            if query.with[..index].iter().any(|earlier| earlier.name.is(&name.text)) {
                let message = format!("WITH query name '{}' specified more than once", name.text.to_lowercase());
                return Err(SqlError::at(name.place, ErrorClass::DuplicateNamedQuery, message));
            }
            // Also one that is never used must be right.
            let relation = self.query(&definition.query, &names.alone())?;
            super::relation::rename(relation, Some(name), &definition.columns)?;
            names.with = Some(Rc::new(With { definition, earlier: names.with.take() }));
        }
        Ok(names)
    }

    fn body<'a>(&self, body: &'a QueryBody, names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        match body {
            QueryBody::Select(select) => Ok(self.select(select, &[], names)?.0),
            QueryBody::Set(operation) => self.set_operation(operation, names),
            QueryBody::Values(rows) => {
                let values = self.values(rows, names)?;
                self.under_domain(values, names)
            }
            QueryBody::Table(name) => {
                let mut table = self.table(name, names)?;
                table.fields.retain(|field| !field.is_hidden);
                self.under_domain(table, names)
            }
            QueryBody::Nested(query) => self.query(query, names),
        }
    }

    /// The keys of an ORDER BY after anything but a lone SELECT: only the columns of the result can be named.
    fn sort_body<'a>(
        &self,
        relation: Relation,
        query: &'a Query,
        names: &Names<'a, '_>,
    ) -> Result<(Relation, Vec<Sort>), SqlError> {
        let Relation { plan, fields } = relation;
        let mut cx = Context::new(plan, Rc::new(fields.clone()), Clause::Select, names);
        let mut sort = Vec::new();
        let mut more = Vec::new();
        for item in &query.order_by {
            let key = match &item.key.kind {
                ExprKind::Integer(position) => {
                    let field =
                        usize::try_from(*position).ok().and_then(|p| p.checked_sub(1)).and_then(|p| fields.get(p));
                    let field = field.ok_or_else(|| position_error(*position, item.key.place))?;
                    Typed::column(field.node.clone())
                }
                _ => self.expression(&item.key, &mut cx)?,
            };
            check_orderable(&key.ty, &item.key)?;
            let name = match key.node {
                Some(node) => node.column,
                None => {
                    let name = self.fresh("s");
                    more.push(key.expr.alias(&name));
                    name
                }
            };
            sort.push(Sort::new(column(&name), !item.is_descending, item.is_nulls_first));
        }
        let plan = plan::extend(cx.plan, more)?;
        Ok((Relation { plan, fields }, sort))
    }

    /// ORDER BY, OFFSET and LIMIT.
    fn bound(
        &self,
        relation: Relation,
        sort: Vec<Sort>,
        query: &Query,
        names: &Names<'_, '_>,
    ) -> Result<Relation, SqlError> {
        let Relation { plan, fields } = relation;
        let rows = match query.limit {
            Some(Limit::Rows(rows) | Limit::WithTies(rows)) => Some(rows),
            _ => None,
        };
        let is_with_ties = matches!(query.limit, Some(Limit::WithTies(_)));
        if is_with_ties && query.order_by.is_empty() {
            let message = "FETCH FIRST WITH TIES clause requires ORDER BY";
            return Err(SqlError::at(query.place, ErrorClass::MissingOrderBy, message));
        }
        let domain = self.domain_names(names);
        let is_bounded = rows.is_some() || query.offset.is_some();
        if !is_bounded || (domain.is_empty() && !is_with_ties) {
            let plan = plan::limit(plan::sort(plan, sort), query.offset, rows);
            return Ok(Relation { plan, fields });
        }
        // Counted for each row around, or with ties: by numbering the rows.
        let over = || Over {
            partition_by: domain.iter().map(|name| column(name)).collect(),
            order_by: sort.clone(),
            ..Over::default()
        };
        let (plan, number) = self.numbered(plan, "row_number", over())?;
        let skip = query.offset.unwrap_or(0);
        let bound = |count: u64| lit(i64::try_from(count).unwrap_or(i64::MAX));
        let mut predicate = column(&number).gt(bound(skip));
        let mut plan = plan;
        if let Some(rows) = rows {
            let last = bound(skip.saturating_add(rows));
            let mut counted = number;
            if is_with_ties && rows > 0 {
                (plan, counted) = self.numbered(plan, "rank", over())?;
            }
            predicate = predicate.and(column(&counted).lt_eq(last));
        }
        let plan = plan::sort(plan::filter(plan, predicate)?, sort);
        Ok(Relation { plan, fields })
    }

    /// The plan with a column of a window function without arguments.
    pub(super) fn numbered(
        &self,
        plan: LogicalPlan,
        function: &str,
        over: Over,
    ) -> Result<(LogicalPlan, String), SqlError> {
        let resolved = self.functions.window(function, &[], &mut super::coerce::no_lambda);
        let resolved = resolved.map_err(|error| error.at(Place { line: 1, column: 1 }))?;
        let name = self.fresh("w");
        let call = resolved.window(Vec::new(), over)?;
        let plan = self.window_columns(plan, vec![(call, name.clone())])?;
        Ok((plan, name))
    }

    fn set_operation<'a>(&self, operation: &'a SetOperation, names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let left = self.body(&operation.left, names)?;
        let right = self.body(&operation.right, names)?;
        let word = match operation.operator {
            SetOperator::Union => "UNION",
            SetOperator::Except => "EXCEPT",
            SetOperator::Intersect => "INTERSECT",
        };
        if left.fields.len() != right.fields.len() {
            let counts = format!("{}, {}", left.fields.len(), right.fields.len());
            let message = format!("{word} query has different number of fields: {counts}");
            return Err(SqlError::at(operation.place, ErrorClass::TypeMismatch, message));
        }
        let mut fields = Vec::new();
        for (index, (a, b)) in left.fields.iter().zip(&right.fields).enumerate() {
            let (a_type, b_type) = (&a.node.ty, &b.node.ty);
            let Some(common) = common_super_type(a_type, b_type) else {
                let types = format!("{a_type}, {b_type}");
                let message = format!("column {} in {word} query has incompatible types: {types}", index + 1);
                return Err(SqlError::at(operation.place, ErrorClass::TypeMismatch, message));
            };
            let node = Node::whole(self.fresh("u"), common);
            fields.push(Field::new(a.name.clone(), node));
        }
        let domain = self.domain_names(names);
        let is_canonical = operation.is_distinct || operation.operator != SetOperator::Union;
        let left = aligned(left, &fields, &domain, is_canonical)?;
        let right = aligned(right, &fields, &domain, is_canonical)?;
        let plan = match operation.operator {
            SetOperator::Union if operation.is_distinct => plan::distinct(plan::union(left, right)?),
            SetOperator::Union => plan::union(left, right)?,
            SetOperator::Intersect => self.matching(left, right, JoinType::LeftSemi, operation.is_distinct)?,
            SetOperator::Except => self.matching(left, right, JoinType::LeftAnti, operation.is_distinct)?,
        };
        Ok(Relation { plan, fields })
    }

    /// INTERSECT and EXCEPT. With ALL each row is told from its equals by its number among them.
    fn matching(
        &self,
        mut left: LogicalPlan,
        mut right: LogicalPlan,
        kind: JoinType,
        is_distinct: bool,
    ) -> Result<LogicalPlan, SqlError> {
        let names = plan::names(&left);
        let mut renamed: Vec<String> = names.iter().map(|_| self.fresh("m")).collect();
        let aliases = names.iter().zip(&renamed).map(|(name, other)| column(name).alias(other));
        right = plan::project(right, aliases.collect())?;
        let mut on: Vec<(Expr, Expr)> =
            names.iter().zip(&renamed).map(|(name, other)| (column(name), column(other))).collect();
        if is_distinct {
            return plan::join_null_safe(plan::distinct(left), right, kind, on);
        }
        let over = |names: &[String]| Over {
            partition_by: names.iter().map(|name| column(name)).collect(),
            ..Over::default()
        };
        let (numbered, number) = self.numbered(left, "row_number", over(&names))?;
        left = numbered;
        let (numbered, other) = self.numbered(right, "row_number", over(&renamed))?;
        right = numbered;
        on.push((column(&number), column(&other)));
        renamed.push(other);
        let joined = plan::join_null_safe(left, right, kind, on)?;
        plan::select(joined, names.iter().map(String::as_str))
    }

    /// `VALUES`
    fn values<'a>(&self, rows: &'a [ast::Expr], names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let mut compiled: Vec<Vec<Typed>> = Vec::new();
        let mut plans = Vec::new();
        let alone = names.alone();
        for row in rows {
            let mut cx = Context::new(plan::one_row(), Rc::new(Vec::new()), Clause::Values, &alone);
            let values = match &row.kind {
                ExprKind::Row(items) => self.expressions(items, &mut cx)?,
                _ => vec![self.expression(row, &mut cx)?],
            };
            if compiled.first().is_some_and(|first| first.len() != values.len()) {
                let message = "Values rows have different number of columns";
                return Err(SqlError::at(row.place, ErrorClass::TypeMismatch, message));
            }
            compiled.push(values);
            plans.push(cx.plan);
        }
        let place = rows[0].place;
        let mut fields = Vec::new();
        for index in 0..compiled[0].len() {
            let types = compiled.iter().map(|row| &row[index].ty);
            let ty = common_type(types, |a, b| {
                let message = format!("Values rows have mismatched types: {a} vs {b}");
                SqlError::at(place, ErrorClass::TypeMismatch, message)
            })?;
            fields.push(Field::new(None, Node::whole(self.fresh("v"), ty)));
        }
        let arrow = fields.iter().map(|field| ArrowField::new(&field.node.column, data_type(&field.node.ty), true));
        let schema = DFSchema::from_unqualified_fields(arrow.collect(), Default::default()).map_err(plan::fault)?;
        let rows = compiled.into_iter().map(|row| {
            let row = row.into_iter().zip(&fields).map(|(value, field)| coerce(value, &field.node.ty).map(relabel));
            row.collect::<Result<Vec<_>, SqlError>>()
        });
        let values = rows.collect::<Result<Vec<_>, _>>()?;
        if plans.iter().any(|plan| !plan::names(plan).is_empty()) {
            return Ok(Relation { plan: rows_of(plans, values, &fields)?, fields });
        }
        Ok(Relation { plan: LogicalPlan::Values(Values { schema: Arc::new(schema), values }), fields })
    }
}

/// VALUES with subqueries, which have been joined to the plan of their row.
fn rows_of(plans: Vec<LogicalPlan>, values: Vec<Vec<Expr>>, fields: &[Field]) -> Result<LogicalPlan, SqlError> {
    let rows = plans.into_iter().zip(values).map(|(plan, values)| {
        let named = values.into_iter().zip(fields).map(|(value, field)| value.alias(&field.node.column));
        plan::project(plan, named.collect())
    });
    let mut all = None;
    for row in rows {
        all = Some(match all {
            Some(before) => plan::union(before, row?)?,
            None => row?,
        });
    }
    all.ok_or_else(|| SqlError::new(ErrorClass::GenericInternalError, "VALUES without rows"))
}

/// The relation's columns under the names and in the types of others.
fn aligned(
    relation: Relation,
    fields: &[Field],
    domain: &[String],
    is_canonical: bool,
) -> Result<LogicalPlan, SqlError> {
    let mut expressions = Vec::new();
    for (from, to) in relation.fields.into_iter().zip(fields) {
        let (name, ty) = (&to.node.column, &to.node.ty);
        let value = Typed::column(from.node);
        let value = if value.ty == Type::Unknown { null(ty)? } else { coerce(value, ty)? };
        let expr = relabel(value);
        expressions.push(if is_canonical { canonical(expr, ty).alias(name) } else { expr.alias(name) });
    }
    expressions.extend(domain.iter().map(|name| column(name)));
    plan::project(relation.plan, expressions)
}
