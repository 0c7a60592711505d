//! Subqueries, as joins to the plan that the expression around is computed over.
//!
//! A subquery that refers to the row around it is planned for all rows at once: its domain, the distinct values of what it
//! takes from the rows around, is joined to its FROM, and each of its clauses keeps the columns of the domain, by which the
//! result is joined back.

use std::rc::Rc;

use datafusion::common::JoinType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, LogicalPlan, lit};
use opentrail_trino::ast::{self, BinaryOperator, ExprKind, Identifier, Quantifier, Query};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::Analyzer;
use super::coerce::{canonical, compare, something, unify};
use super::context::{Clause, Context, Domain, DomainColumn, Names, Outer, Typed};
use super::expression::when;
use super::plan::{self, column};
use super::relation::{Relation, rename};
use super::scope::Node;
use super::udf;

/// A planned subquery, and what it takes from the rows around.
struct Planned {
    relation: Relation,
    domain: Vec<DomainColumn>,
}

impl Planned {
    /// Pairs of an expression over the plan around and one over the subquery's plan, whose columns have these names, that
    /// have to be equal. NULL is a value here, so each key is two pairs that are never NULL. (A join in which NULL equals NULL
    /// would not do: DataFusion adds conditions it finds above to its keys.)
    fn keys(&self, names: &[String]) -> Result<Vec<(Expr, Expr)>, SqlError> {
        let mut pairs = Vec::new();
        for (key, name) in self.domain.iter().zip(names) {
            let default = lit(something(&key.ty)?);
            let (outer, local) = (canonical(key.outer.clone(), &key.ty), column(name));
            let present = |value: &Expr| when(vec![(value.clone().is_not_null(), value.clone())], default.clone());
            pairs.push((present(&outer), present(&local)));
            pairs.push((outer.is_null(), local.is_null()));
        }
        Ok(pairs)
    }

    fn locals(&self) -> Vec<String> {
        self.domain.iter().map(|key| key.local.clone()).collect()
    }
}

impl Analyzer<'_> {
    /// Names of the columns that the plans of this query have from the rows around.
    pub(super) fn domain_names(&self, names: &Names<'_, '_>) -> Vec<String> {
        names.outer.map_or_else(Vec::new, |outer| outer.domain.columns.iter().map(|key| key.local.clone()).collect())
    }

    /// The distinct values of what this query takes from the rows around.
    pub(super) fn domain_plan(&self, names: &Names<'_, '_>) -> Result<Option<LogicalPlan>, SqlError> {
        let Some(outer) = names.outer.filter(|outer| !outer.domain.columns.is_empty()) else { return Ok(None) };
        let columns = &outer.domain.columns;
        let values = columns.iter().map(|key| canonical(key.outer.clone(), &key.ty).alias(&key.local));
        let plan = plan::distinct(plan::project(outer.context.plan.clone(), values.collect())?);
        // As before GROUP BY: that the columns are distinct here says nothing about what is made of them.
        let columns = columns.iter().map(|key| udf::same(column(&key.local)).alias(&key.local));
        Ok(Some(plan::project(plan, columns.collect())?))
    }

    /// A relation that takes nothing from the rows around, for each of them.
    pub(super) fn under_domain(&self, relation: Relation, names: &Names<'_, '_>) -> Result<Relation, SqlError> {
        match self.domain_plan(names)? {
            Some(domain) => Ok(Relation { plan: plan::cross(domain, relation.plan)?, fields: relation.fields }),
            None => Ok(relation),
        }
    }

    /// Plans a subquery. Each attempt that misses a column of the rows around is followed by one that has it.
    fn planned<'a>(&self, query: &'a Query, cx: &Context<'a, '_>) -> Result<Planned, SqlError> {
        if !cx.lambdas.is_empty() {
            let message = "Lambda expression cannot contain subqueries";
            return Err(SqlError::at(query.place, ErrorClass::NotSupported, message));
        }
        let mut domain = Domain::default();
        loop {
            let outer = Outer { context: cx, domain: &domain };
            let names = Names { with: cx.names.with.clone(), outer: Some(&outer) };
            let attempt = self.query(query, &names);
            let missing = domain.missing.take();
            match (attempt, missing) {
                (Ok(relation), _) => return Ok(Planned { relation, domain: domain.columns }),
                (Err(_), Some(missing)) => domain.columns.push(missing),
                (Err(error), None) => return Err(error),
            }
        }
    }

    /// The same with a single column.
    fn planned_column<'a>(
        &self,
        query: &'a Query,
        place: Place,
        cx: &Context<'a, '_>,
    ) -> Result<(Planned, Node), SqlError> {
        let planned = self.planned(query, cx)?;
        let [field] = planned.relation.fields.as_slice() else {
            let count = planned.relation.fields.len();
            let message = format!("Multiple columns returned by subquery are not yet supported. Found {count}");
            return Err(SqlError::at(place, ErrorClass::NotSupported, message));
        };
        let node = field.node.clone();
        Ok((planned, node))
    }

    /// `LATERAL (query)` beside the relations before it.
    pub(super) fn lateral<'a>(
        &self,
        left: Relation,
        query: &'a Query,
        alias: Option<&Identifier>,
        columns: &[Identifier],
        kind: JoinType,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        let fields = Rc::new(left.fields);
        let cx = Context::new(left.plan, Rc::clone(&fields), Clause::JoinOn, names);
        let planned = self.planned(query, &cx)?;
        let keys = planned.keys(&planned.locals())?;
        let right = rename(planned.relation, alias, columns)?;
        let always = (keys.is_empty() && kind != JoinType::Inner).then(|| lit(true));
        let plan = plan::join(cx.plan.clone(), right.plan, kind, keys, always)?;
        drop(cx);
        let mut fields = Rc::unwrap_or_clone(fields);
        fields.extend(right.fields);
        Ok(Relation { plan, fields })
    }

    /// `(SELECT …)` as a value.
    pub(super) fn scalar_subquery<'a>(
        &self,
        query: &'a Query,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let (planned, node) = self.planned_column(query, place, cx)?;
        let name = self.fresh("q");
        let calls = vec![(udf::single(column(&node.column)), name.clone())];
        self.attach(&planned, planned.relation.plan.clone(), calls, cx)?;
        Ok(Typed::new(column(&name), node.ty))
    }

    /// `EXISTS (SELECT …)`
    pub(super) fn exists<'a>(
        &self,
        query: &'a Query,
        _place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let planned = self.planned(query, cx)?;
        let name = self.fresh("q");
        let calls = vec![(self.count_all()?, name.clone())];
        let plan = planned.relation.plan.clone();
        let plan = if planned.domain.is_empty() { plan::limit(plan, None, Some(1)) } else { plan };
        self.attach(&planned, plan, calls, cx)?;
        // Beside rows without any in the subquery the count is NULL.
        Ok(Typed::new(when(vec![(column(&name).gt(lit(0_i64)), lit(true))], lit(false)), Type::Boolean))
    }

    /// Joins aggregates over a subquery to the plan around, one row for each of its rows.
    fn attach(
        &self,
        planned: &Planned,
        plan: LogicalPlan,
        calls: Vec<(Expr, String)>,
        cx: &mut Context<'_, '_>,
    ) -> Result<(), SqlError> {
        let right = self.aggregate_by(plan, &planned.locals(), calls)?;
        let left = cx.take_plan();
        cx.plan = if planned.domain.is_empty() {
            plan::cross(left, right)?
        } else {
            let (keys, right) = self.renamed_keys(planned, right)?;
            plan::join(left, right, JoinType::Left, keys, None)?
        };
        Ok(())
    }

    /// A plan with the domain's columns under new names, and the pairs to join by. The old names may be in use on the left.
    fn renamed_keys(
        &self,
        planned: &Planned,
        right: LogicalPlan,
    ) -> Result<(Vec<(Expr, Expr)>, LogicalPlan), SqlError> {
        let locals = planned.locals();
        let renamed: Vec<String> = locals.iter().map(|_| self.fresh("r")).collect();
        let expressions =
            plan::names(&right).into_iter().map(|name| match locals.iter().position(|local| *local == name) {
                Some(index) => column(&name).alias(&renamed[index]),
                None => column(&name),
            });
        let expressions = expressions.collect();
        let right = plan::project(right, expressions)?;
        Ok((planned.keys(&renamed)?, right))
    }

    /// `value IN (SELECT …)`, with NULL where neither answer is certain.
    pub(super) fn in_subquery<'a>(
        &self,
        value: &'a ast::Expr,
        query: &'a Query,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        let (planned, value, items, item) = self.in_parts(value, query, place, cx)?;
        let (rows, known, found) = (self.fresh("q"), self.fresh("q"), self.fresh("q"));
        let count = self.simple_aggregate("count", vec![Typed::new(column(&item), value.ty.clone())])?;
        let calls = vec![(self.count_all()?, rows.clone()), (count, known.clone())];
        self.attach(&planned, items.clone(), calls, cx)?;
        let matches = plan::filter(items, column(&item).is_not_null())?;
        let matches = {
            let mut columns = vec![column(&item).alias(&found)];
            columns.extend(planned.locals().iter().map(|name| column(name)));
            plan::distinct(plan::project(matches, columns)?)
        };
        let (mut keys, matches) = self.renamed_keys(&planned, matches)?;
        keys.push((value.expr.clone(), column(&found)));
        cx.plan = plan::join(cx.take_plan(), matches, JoinType::Left, keys, None)?;
        let nothing = column(&rows).is_null().or(column(&rows).eq(lit(0_i64)));
        let unknown = value.expr.is_null().or(column(&rows).not_eq(column(&known)));
        let answer = when(
            vec![
                (column(&found).is_not_null(), lit(true)),
                (nothing, lit(false)),
                (unknown, lit(ScalarValue::Boolean(None))),
            ],
            lit(false),
        );
        Ok(Typed::new(answer, Type::Boolean))
    }

    /// Both sides of IN in one type: the planned subquery, the value, and a plan whose column has the items beside the domain.
    fn in_parts<'a>(
        &self,
        value: &'a ast::Expr,
        query: &'a Query,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<(Planned, Typed, LogicalPlan, String), SqlError> {
        let value = self.expression(value, cx)?;
        let planned = self.planned(query, cx)?;
        let columns = &planned.relation.fields;
        let item = match (columns.as_slice(), &value.ty) {
            ([only], _) => Typed::column(only.node.clone()),
            (several, Type::Row(fields)) if several.len() == fields.len() => {
                let columns = several.iter().map(|field| Typed::column(field.node.clone())).collect();
                let mut nowhere = Context::new(plan::one_row(), Rc::new(Vec::new()), Clause::Select, &cx.names);
                self.operator("$row", columns, place, &mut nowhere)?
            }
            (several, _) => {
                let count = several.len();
                let message = format!("Multiple columns returned by subquery are not yet supported. Found {count}");
                return Err(SqlError::at(place, ErrorClass::NotSupported, message));
            }
        };
        let types = format!("{} vs {}", value.ty, item.ty);
        let Some((value, item, common)) = unify(value, item, place)? else {
            let message = format!("value and result of subquery must be of the same type for IN expression: {types}");
            return Err(SqlError::at(place, ErrorClass::TypeMismatch, message));
        };
        let value = Typed::new(canonical(value.expr, &common), common.clone());
        let name = self.fresh("q");
        let mut expressions = vec![canonical(item.expr, &common).alias(&name)];
        expressions.extend(planned.locals().iter().map(|name| column(name)));
        let items = plan::project(planned.relation.plan.clone(), expressions)?;
        Ok((planned, value, items, name))
    }

    /// A subquery as a term of WHERE, where NULL is as good as false: rows stay or go, nothing is computed.
    pub(super) fn semi_join<'a>(&self, term: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<(), SqlError> {
        let (query, kind) = match &term.kind {
            ExprKind::InSubquery { value, query } => {
                let (planned, value, items, item) = self.in_parts(value, query, term.place, cx)?;
                let items = plan::filter(items, column(&item).is_not_null())?;
                let (mut keys, items) = self.renamed_keys(&planned, items)?;
                keys.push((value.expr, column(&item)));
                cx.plan = plan::join(cx.take_plan(), items, JoinType::LeftSemi, keys, None)?;
                return Ok(());
            }
            ExprKind::Exists(query) => (query, JoinType::LeftSemi),
            ExprKind::Not(inner) => match &inner.kind {
                ExprKind::Exists(query) => (query, JoinType::LeftAnti),
                _ => unreachable!("terms that are subqueries only"),
            },
            _ => unreachable!("terms that are subqueries only"),
        };
        let planned = self.planned(query, cx)?;
        if planned.domain.is_empty() {
            let answer = self.exists(query, term.place, cx)?.expr;
            let answer = if kind == JoinType::LeftAnti { !answer } else { answer };
            cx.plan = plan::filter(cx.take_plan(), answer)?;
            return Ok(());
        }
        let locals = planned.locals();
        let matches = plan::select(planned.relation.plan.clone(), locals.iter().map(String::as_str))?;
        let (keys, matches) = self.renamed_keys(&planned, matches)?;
        cx.plan = plan::join(cx.take_plan(), matches, kind, keys, None)?;
        Ok(())
    }

    /// `value > ALL (SELECT …)` and its kin: by the least and the greatest of the subquery.
    pub(super) fn quantified<'a>(
        &self,
        operator: BinaryOperator,
        quantifier: Quantifier,
        value: &'a ast::Expr,
        query: &'a Query,
        place: Place,
        cx: &mut Context<'a, '_>,
    ) -> Result<Typed, SqlError> {
        match (operator, quantifier) {
            (BinaryOperator::Equal, Quantifier::Any) => return self.in_subquery(value, query, place, cx),
            (BinaryOperator::NotEqual, Quantifier::All) => {
                let found = self.in_subquery(value, query, place, cx)?;
                return Ok(Typed::new(!found.expr, Type::Boolean));
            }
            _ => {}
        }
        let (planned, value, items, item) = self.in_parts(value, query, place, cx)?;
        let ty = value.ty.clone();
        if !ty.is_orderable() {
            let message = format!("Type [{ty}] must be orderable in order to be used in quantified comparison");
            return Err(SqlError::at(place, ErrorClass::TypeMismatch, message));
        }
        let (rows, known, least, greatest) = (self.fresh("q"), self.fresh("q"), self.fresh("q"), self.fresh("q"));
        let of = |name: &str| self.simple_aggregate(name, vec![Typed::new(column(&item), ty.clone())]);
        let calls = vec![
            (self.count_all()?, rows.clone()),
            (of("count")?, known.clone()),
            (of("min")?, least.clone()),
            (of("max")?, greatest.clone()),
        ];
        self.attach(&planned, items, calls, cx)?;
        let holds = |bound: &str| {
            let bound = Typed::new(column(bound), ty.clone());
            compare(self.functions, operator, value.clone(), bound, place)
        };
        let is_all = quantifier == Quantifier::All;
        let is_less = matches!(operator, BinaryOperator::LessThan | BinaryOperator::LessThanOrEqual);
        let decided = match operator {
            // `= ALL` holds if both ends are equal to the value; `<> ANY` if either end is not.
            BinaryOperator::Equal => holds(&least)?.and(holds(&greatest)?),
            BinaryOperator::NotEqual => holds(&least)?.or(holds(&greatest)?),
            _ if is_less == is_all => holds(&least)?,
            _ => holds(&greatest)?,
        };
        let nothing = column(&rows).is_null().or(column(&rows).eq(lit(0_i64)));
        let unknown = value.expr.clone().is_null().or(column(&rows).not_eq(column(&known)));
        let decisive = if is_all { decided.is_false() } else { decided.is_true() };
        let answer = when(
            vec![(nothing, lit(is_all)), (decisive, lit(!is_all)), (unknown, lit(ScalarValue::Boolean(None)))],
            lit(is_all),
        );
        Ok(Typed::new(answer, Type::Boolean))
    }
}
