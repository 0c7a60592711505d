//! UNNEST.

use std::rc::Rc;
use std::sync::Arc;

use datafusion::common::{Column, NullHandling, UnnestOptions};
use datafusion::logical_expr::{LogicalPlan, Unnest};
use opentrail_trino::ast::{self, Identifier, RelationKind};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use super::Analyzer;
use super::context::{Clause, Context, Names};
use super::plan::{self, column};
use super::relation::Relation;
use super::scope::{Field, Node};
use super::udf;
use crate::function::data_type;

/// `UNNEST(…) [WITH ORDINALITY] [AS alias [(columns)]]`
pub(super) struct Unnested<'a> {
    expressions: &'a [ast::Expr],
    is_with_ordinality: bool,
    alias: Option<&'a Identifier>,
    columns: &'a [Identifier],
    place: Place,
}

impl<'a> Unnested<'a> {
    /// None for other relations.
    pub(super) fn of(relation: &'a ast::Relation) -> Option<Self> {
        let (inner, alias, columns): (_, _, &'a [Identifier]) = match &relation.kind {
            RelationKind::Aliased { relation, alias, columns } => (relation.as_ref(), Some(alias), columns),
            _ => (relation, None, &[]),
        };
        let RelationKind::Unnest { expressions, is_with_ordinality } = &inner.kind else { return None };
        Some(Self { expressions, is_with_ordinality: *is_with_ordinality, alias, columns, place: inner.place })
    }
}

/// A column that comes out: the part of the zipped element that has it, its name and type.
struct Part {
    index: usize,
    name: Option<String>,
    ty: Type,
}

impl Analyzer<'_> {
    /// The rows of `left`, each with the elements of its arrays and maps. If `is_outer`, a row without elements stays.
    pub(super) fn unnest<'a>(
        &self,
        left: Relation,
        unnested: &Unnested<'a>,
        is_outer: bool,
        names: &Names<'a, '_>,
    ) -> Result<Relation, SqlError> {
        let fields = Rc::new(left.fields);
        let mut cx = Context::new(left.plan, Rc::clone(&fields), Clause::Unnest, names);
        let mut parts = Vec::new();
        let mut sources = Vec::new();
        for ast in unnested.expressions {
            let value = self.expression(ast, &mut cx)?;
            match &value.ty {
                Type::Array(item) => parts.push(item.as_ref().clone()),
                Type::Map(key, item) => parts.extend([key.as_ref().clone(), item.as_ref().clone()]),
                other => {
                    let message = format!("Cannot unnest type: {other}");
                    return Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, message));
                }
            }
            sources.push(value.expr);
        }
        if unnested.is_with_ordinality {
            parts.push(Type::Bigint);
        }
        let zipped = self.fresh("z");
        let plan = self.unnest_plan(cx.take_plan(), sources, &parts, &zipped, unnested, is_outer)?;
        drop(cx);
        let mut fields = Rc::unwrap_or_clone(fields);
        self.unnested_columns(plan, &zipped, &parts, unnested, &mut fields).map(|plan| Relation { plan, fields })
    }

    fn unnest_plan(
        &self,
        plan: LogicalPlan,
        sources: Vec<datafusion::logical_expr::Expr>,
        parts: &[Type],
        zipped: &str,
        unnested: &Unnested<'_>,
        is_outer: bool,
    ) -> Result<LogicalPlan, SqlError> {
        let values = parts.len() - usize::from(unnested.is_with_ordinality);
        let arrow = parts[..values].iter().enumerate().map(|(index, ty)| (format!("e{index}"), data_type(ty)));
        let ordinality = unnested.is_with_ordinality.then(|| "ordinality".to_owned());
        let zip = udf::zip(sources, arrow.collect(), ordinality, is_outer);
        let plan = plan::extend(plan, vec![zip.alias(zipped)])?;
        let options = UnnestOptions::new().with_null_handling(NullHandling::Drop);
        let column = vec![Column::new_unqualified(zipped)];
        Unnest::try_new(Arc::new(plan), column, options).map(LogicalPlan::Unnest).map_err(plan::fault)
    }

    /// The parts of the elements as columns; those of an array of rows are its fields.
    fn unnested_columns(
        &self,
        plan: LogicalPlan,
        zipped: &str,
        parts: &[Type],
        unnested: &Unnested<'_>,
        fields: &mut Vec<Field>,
    ) -> Result<LogicalPlan, SqlError> {
        let flat: usize = parts.iter().map(|part| if let Type::Row(fields) = part { fields.len() } else { 1 }).sum();
        // With one alias for each element, a row stays whole (as Athena has it); else its fields are columns (Trino's way).
        let is_whole = unnested.columns.len() == parts.len() && flat != parts.len();
        let mut out: Vec<(Part, Option<usize>)> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            match part {
                Type::Row(row) if !is_whole => {
                    let row = row.iter().enumerate();
                    let fields = row
                        .map(|(field, (name, ty))| (Part { index, name: name.clone(), ty: ty.clone() }, Some(field)));
                    out.extend(fields);
                }
                ty => out.push((Part { index, name: None, ty: ty.clone() }, None)),
            }
        }
        if !unnested.columns.is_empty() && unnested.columns.len() != out.len() {
            let (given, there) = (unnested.columns.len(), out.len());
            let alias = unnested.alias.map_or("UNNEST", |alias| alias.text.as_str());
            let message = format!("Column alias list has {given} entries but '{alias}' has {there} columns available");
            return Err(SqlError::at(unnested.place, ErrorClass::MismatchedColumnAliases, message));
        }
        let relation = unnested.alias.map(|alias| alias.text.to_lowercase());
        let kept: Vec<String> = plan::names(&plan).into_iter().filter(|name| name != zipped).collect();
        let mut expressions: Vec<_> = kept.iter().map(|name| column(name)).collect();
        for (position, (part, field)) in out.into_iter().enumerate() {
            let element = udf::field(column(zipped), part.index);
            let value = match field {
                Some(field) => udf::field(element, field),
                None => element,
            };
            let node = Node::whole(self.fresh("n"), part.ty);
            expressions.push(value.alias(&node.column));
            let name = unnested.columns.get(position).map(|name| name.text.clone()).or(part.name);
            fields.push(Field { relation: relation.clone(), name, node, is_hidden: false });
        }
        plan::project(plan, expressions)
    }
}
