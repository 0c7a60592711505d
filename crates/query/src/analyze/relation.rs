//! FROM: tables, subqueries, joins.

use std::collections::HashSet;
use std::rc::Rc;

use datafusion::common::{Column, JoinType, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{Expr, LogicalPlan, TableScanBuilder, lit};
use opentrail_trino::ast::{self, BinaryOperator, Identifier, JoinConstraint, JoinKind, RelationKind};
use opentrail_trino::{ErrorClass, Place, SqlError, Type, common_super_type};

use super::Analyzer;
use super::coerce::{coerce, compare};
use super::context::{Clause, Context, Names, Typed};
use super::expression::when;
use super::plan;
use super::scope::{self, Field, Node, not_found};
use super::unnest::Unnested;
use crate::nearest::hint;
use crate::table::Table;

/// Rows, and the columns that can be named. The plan may have more columns.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) plan: LogicalPlan,
    pub(super) fields: Vec<Field>,
}

impl Analyzer<'_> {
    /// The relations of FROM side by side, each of which sees those before it.
    pub(super) fn from<'a>(&self, from: &'a [ast::Relation], names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let mut base = self.domain_plan(names)?.map(|plan| Relation { plan, fields: Vec::new() });
        for relation in from {
            base = Some(self.effort.relation(self.beside(base, relation, names)?)?);
        }
        Ok(base.unwrap_or_else(|| Relation { plan: plan::one_row(), fields: Vec::new() }))
    }

    /// A relation beside those before it, as in a cross join.
    fn beside<'a>(
        &self,
        left: Option<Relation>,
        relation: &'a ast::Relation,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        if let Some(unnested) = Unnested::of(relation) {
            let left = left.unwrap_or_else(|| Relation { plan: plan::one_row(), fields: Vec::new() });
            return self.unnest(left, &unnested, false, names);
        }
        if let Some((query, alias, columns)) = lateral(relation) {
            let left = left.unwrap_or_else(|| Relation { plan: plan::one_row(), fields: Vec::new() });
            return self.lateral(left, query, alias, columns, JoinType::Inner, names);
        }
        if let RelationKind::Join(join) = &relation.kind {
            let inner = self.beside(None, &join.left, names)?;
            let joined = self.effort.relation(self.join(inner, join, relation.place, names)?)?;
            return match left {
                Some(left) => crossed(left, joined),
                None => Ok(joined),
            };
        }
        let right = self.leaf(relation, names)?;
        match left {
            Some(left) => crossed(left, right),
            None => Ok(right),
        }
    }

    /// A relation that sees nothing beside it.
    fn leaf<'a>(&self, relation: &'a ast::Relation, names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        match &relation.kind {
            RelationKind::Table(name) => self.table(name, names),
            RelationKind::Subquery(query) => self.query(query, &names.alone()),
            RelationKind::Aliased { relation, alias, columns } => {
                rename(self.beside(None, relation, names)?, Some(alias), columns)
            }
            RelationKind::Join(_) | RelationKind::Unnest { .. } | RelationKind::Lateral(_) => {
                self.beside(None, relation, names)
            }
        }
    }

    /// A WITH query or a table.
    pub(super) fn table<'a>(&self, name: &[Identifier], names: &Names<'a, '_>) -> Result<Relation, SqlError> {
        let last = &name[name.len() - 1];
        let mut with = names.with.as_ref();
        while let (Some(one), true) = (with, name.len() == 1) {
            if one.definition.name.is(&last.text) {
                let names = Names { with: one.earlier.clone(), outer: None };
                let relation = self.query(&one.definition.query, &names)?;
                return rename(relation, Some(&one.definition.name), &one.definition.columns);
            }
            with = one.earlier.as_ref();
        }
        let parts: Vec<String> = name.iter().map(|part| part.text.clone()).collect();
        let Some(table) = self.tables.table(&parts) else {
            let known = self.tables.names();
            let hint = hint(&parts.join("."), known.iter().map(String::as_str));
            let message = format!("Table '{}' does not exist{hint}", parts.join(".").to_lowercase());
            return Err(SqlError::at(name[0].place, ErrorClass::TableNotFound, message));
        };
        self.scan(table.as_ref(), &last.text.to_lowercase())
    }

    /// All leaves of a table, each a column of its own; those that nobody asks for are never read.
    fn scan(&self, table: &dyn Table, alias: &str) -> Result<Relation, SqlError> {
        self.effort.scan()?;
        let mut leaves = Vec::new();
        let mut fields = Vec::new();
        let shown = table.columns().len().saturating_sub(table.hidden_columns());
        for (index, (name, ty)) in table.columns().iter().enumerate() {
            let node = self.leaf_nodes(&mut vec![index], ty, &mut leaves);
            let relation = Some(alias.to_owned());
            fields.push(Field { relation, name: Some(name.clone()), node, is_hidden: index >= shown });
        }
        let paths: Vec<Vec<usize>> = leaves.iter().map(|(path, _)| path.clone()).collect();
        let scan = TableReference::bare(self.fresh("t"));
        let source = provider_as_source(table.scan(&paths));
        let plan = TableScanBuilder::new(scan.clone(), source).build().map_err(plan::fault)?;
        let columns = leaves
            .iter()
            .enumerate()
            .map(|(index, (_, name))| Expr::Column(Column::new(Some(scan.clone()), format!("c{index}"))).alias(name));
        Ok(Relation { plan: plan::project(LogicalPlan::TableScan(plan), columns.collect())?, fields })
    }

    /// The node of a column or of a field in it, and those beneath.
    fn leaf_nodes(&self, path: &mut Vec<usize>, ty: &Type, leaves: &mut Vec<(Vec<usize>, String)>) -> Node {
        let name = self.fresh("c");
        leaves.push((path.clone(), name.clone()));
        let mut node = Node::whole(name, ty.clone());
        if let Type::Row(fields) = ty {
            for (index, (_, field)) in fields.iter().enumerate() {
                path.push(index);
                node.children.push(self.leaf_nodes(path, field, leaves));
                path.pop();
            }
        }
        node
    }

    fn join<'a>(
        &self,
        left: Relation,
        join: &'a ast::Join,
        place: Place,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        if let Some(unnested) = Unnested::of(&join.right) {
            return self.join_unnest(left, &unnested, join, names);
        }
        if let Some((query, alias, columns)) = lateral(&join.right) {
            let kind = match (join.kind, is_true(&join.constraint)) {
                (JoinKind::Cross, _) | (JoinKind::Inner, true) => JoinType::Inner,
                (JoinKind::Left, true) => JoinType::Left,
                _ => {
                    let message = "LATERAL join is supported with CROSS JOIN, or with ON TRUE only";
                    return Err(SqlError::at(join.right.place, ErrorClass::NotSupported, message));
                }
            };
            return self.lateral(left, query, alias, columns, kind, names);
        }
        let right = self.beside(None, &join.right, names)?;
        match &join.constraint {
            JoinConstraint::None => crossed(left, right),
            JoinConstraint::On(condition) => self.join_on(left, right, join.kind, condition, names),
            JoinConstraint::Using(columns) => self.join_using(left, right, join.kind, columns),
            JoinConstraint::Natural => {
                let columns = shared_names(&left, &right, place);
                if columns.is_empty() {
                    return joined(left, right, join.kind, lit(true));
                }
                self.join_using(left, right, join.kind, &columns)
            }
        }
    }

    fn join_unnest<'a>(
        &self,
        left: Relation,
        unnested: &Unnested<'a>,
        join: &'a ast::Join,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        match (join.kind, &join.constraint) {
            (JoinKind::Cross, _) => self.unnest(left, unnested, false, names),
            (JoinKind::Left, constraint) if is_true(constraint) => self.unnest(left, unnested, true, names),
            (JoinKind::Inner, JoinConstraint::On(condition)) => {
                let joined = self.unnest(left, unnested, false, names)?;
                self.where_on(joined, condition, names)
            }
            _ => {
                let message = "UNNEST in other than CROSS JOIN, JOIN ON and LEFT JOIN ON TRUE is not supported";
                Err(SqlError::at(join.right.place, ErrorClass::NotSupported, message))
            }
        }
    }

    fn join_on<'a>(
        &self,
        left: Relation,
        right: Relation,
        kind: JoinKind,
        condition: &'a ast::Expr,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        if matches!(kind, JoinKind::Inner | JoinKind::Cross) {
            return self.where_on(crossed(left, right)?, condition, names);
        }
        let both = crossed(left.clone(), right.clone())?;
        let columns = both.plan.schema().fields().len();
        let mut cx = Context::new(both.plan, Rc::new(both.fields), Clause::JoinOn, names);
        let predicate = self.truth(condition, &mut cx, on_words)?;
        if cx.plan.schema().fields().len() == columns {
            return joined(left, right, kind, predicate);
        }
        // Subqueries have been joined to all pairs of rows, of which an outer join knows nothing. Those that take nothing from one
        // of its sides are joined to the other before: that makes no row more or less.
        if let Ok((plan, predicate)) = self.condition_over(&left, &cx.fields, condition, names) {
            return joined(Relation { plan, ..left }, right, kind, predicate);
        }
        let (plan, predicate) = self.condition_over(&right, &cx.fields, condition, names).map_err(|_| {
            let message = "A subquery in the condition of an outer join must not take values from both of its sides";
            SqlError::at(condition.place, ErrorClass::NotSupported, message)
        })?;
        joined(left, Relation { plan, ..right }, kind, predicate)
    }

    /// A condition over both sides of a join whose subqueries are joined to one of them.
    fn condition_over<'a>(
        &self,
        side: &Relation,
        fields: &Rc<Vec<Field>>,
        condition: &'a ast::Expr,
        names: &Names<'a, '_>,
    ) -> Result<(LogicalPlan, Expr), SqlError> {
        let mut cx = Context::new(side.plan.clone(), Rc::clone(fields), Clause::JoinOn, names);
        let predicate = self.truth(condition, &mut cx, on_words)?;
        if !plan::has_join_keys(&cx.plan) {
            return Err(SqlError::at(
                condition.place,
                ErrorClass::NotSupported,
                "A subquery takes values from the other side",
            ));
        }
        Ok((cx.plan, predicate))
    }

    /// The condition of an inner join.
    fn where_on<'a>(
        &self,
        both: Relation,
        condition: &'a ast::Expr,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        let fields = Rc::new(both.fields);
        let mut cx = Context::new(both.plan, Rc::clone(&fields), Clause::JoinOn, names);
        let predicate = self.truth(condition, &mut cx, on_words)?;
        let plan = plan::filter(cx.take_plan(), predicate)?;
        drop(cx);
        Ok(Relation { plan, fields: Rc::unwrap_or_clone(fields) })
    }

    /// Each column of USING appears once, without a relation's name, before all others.
    fn join_using(
        &self,
        left: Relation,
        right: Relation,
        kind: JoinKind,
        columns: &[Identifier],
    ) -> Result<Relation, SqlError> {
        let mut conditions = Vec::new();
        let mut merged = Vec::new();
        let mut fields = Vec::new();
        let mut used = Vec::new();
        for name in columns {
            let side = |side: &Relation| match scope::find(&side.fields, &[name])? {
                Some((field, _)) => Ok(Typed::column(field.node.clone())),
                None => {
                    let names = side.fields.iter().filter_map(|field| field.name.as_deref());
                    Err(not_found(&[name], 0, names))
                }
            };
            let (a, b) = (side(&left)?, side(&right)?);
            used.extend([&a, &b].map(|one| one.node.as_ref().map(|node| node.column.clone())));
            conditions.push(compare(self.functions, BinaryOperator::Equal, a.clone(), b.clone(), name.place)?);
            let common = common_super_type(&a.ty, &b.ty).ok_or_else(|| {
                let message = format!("Cannot join {} with {}", a.ty, b.ty);
                SqlError::at(name.place, ErrorClass::TypeMismatch, message)
            })?;
            let (a, b) = (coerce(a, &common)?.expr, coerce(b, &common)?.expr);
            let value = match kind {
                JoinKind::Right => b,
                JoinKind::Full => when(vec![(a.clone().is_not_null(), a)], b),
                _ => a,
            };
            let node = Node::whole(self.fresh("j"), common);
            merged.push(value.alias(&node.column));
            fields.push(Field::new(Some(name.text.clone()), node));
        }
        let condition = conditions.into_iter().reduce(Expr::and);
        let plan = plan::join(left.plan, right.plan, join_type(kind), Vec::new(), condition)?;
        let rest = left.fields.into_iter().chain(right.fields);
        fields.extend(rest.filter(|field| !used.contains(&Some(field.node.column.clone()))));
        Ok(Relation { plan: plan::extend(plan, merged)?, fields })
    }
}

fn join_type(kind: JoinKind) -> JoinType {
    match kind {
        JoinKind::Cross | JoinKind::Inner => JoinType::Inner,
        JoinKind::Left => JoinType::Left,
        JoinKind::Right => JoinType::Right,
        JoinKind::Full => JoinType::Full,
    }
}

/// The names that columns of both sides have.
fn shared_names(left: &Relation, right: &Relation, place: Place) -> Vec<Identifier> {
    let of_right: HashSet<String> =
        right.fields.iter().filter_map(|field| Some(field.name.as_ref()?.to_lowercase())).collect();
    let names = left.fields.iter().filter_map(|field| field.name.clone());
    let names = names.filter(|name| of_right.contains(&name.to_lowercase()));
    names.map(|text| Identifier { text, is_quoted: true, place }).collect()
}

/// Both sides where the predicate is true, and what an outer join keeps besides.
fn joined(left: Relation, right: Relation, kind: JoinKind, predicate: Expr) -> Result<Relation, SqlError> {
    let mut fields = left.fields;
    fields.extend(right.fields);
    let plan = plan::join(left.plan, right.plan, join_type(kind), Vec::new(), Some(predicate))?;
    Ok(Relation { plan, fields })
}

fn on_words(ty: &Type) -> String {
    format!("JOIN ON clause must evaluate to a boolean: actual type {ty}")
}

/// `ON TRUE`, or nothing.
fn is_true(constraint: &JoinConstraint) -> bool {
    match constraint {
        JoinConstraint::None => true,
        JoinConstraint::On(condition) => condition.kind == ast::ExprKind::Boolean(true),
        _ => false,
    }
}

/// A query that sees the relations before it, its alias and column aliases.
fn lateral(relation: &ast::Relation) -> Option<(&ast::Query, Option<&Identifier>, &[Identifier])> {
    match &relation.kind {
        RelationKind::Lateral(query) => Some((query, None, &[])),
        RelationKind::Aliased { relation, alias, columns } => match &relation.kind {
            RelationKind::Lateral(query) => Some((query, Some(alias), columns)),
            _ => None,
        },
        _ => None,
    }
}

/// All pairs of rows.
fn crossed(left: Relation, right: Relation) -> Result<Relation, SqlError> {
    let mut fields = left.fields;
    fields.extend(right.fields);
    Ok(Relation { plan: plan::cross(left.plan, right.plan)?, fields })
}

/// Gives the relation a name, and its columns other names.
pub(super) fn rename(
    mut relation: Relation,
    alias: Option<&Identifier>,
    columns: &[Identifier],
) -> Result<Relation, SqlError> {
    let Some(alias) = alias else { return Ok(relation) };
    let there = relation.fields.iter().filter(|field| !field.is_hidden).count();
    if !columns.is_empty() && columns.len() != there {
        let given = columns.len();
        let message =
            format!("Column alias list has {given} entries but '{}' has {there} columns available", alias.text);
        return Err(SqlError::at(alias.place, ErrorClass::MismatchedColumnAliases, message));
    }
    for (index, field) in relation.fields.iter_mut().enumerate() {
        field.relation = Some(alias.text.to_lowercase());
        if let Some(name) = columns.get(index) {
            field.name = Some(name.text.clone());
        }
    }
    Ok(relation)
}
