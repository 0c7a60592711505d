//! Columns, fields of rows, parameters of lambdas.

use opentrail_trino::ast::{self, ExprKind, Identifier};
use opentrail_trino::{ErrorClass, Place, SqlError, Type};

use crate::analyze::Analyzer;
use crate::analyze::context::{Context, DomainColumn, Outer, Typed};
use crate::analyze::plan::column;
use crate::analyze::scope::{self, Field, Node, field_index, not_found};
use crate::analyze::udf;

/// The parts of a dotted path; none if it does not begin with a name.
pub(in crate::analyze) fn path(ast: &ast::Expr) -> Option<Vec<&Identifier>> {
    match &ast.kind {
        ExprKind::Identifier(name) => Some(vec![name]),
        ExprKind::Dereference { base, field } => {
            let mut parts = path(base)?;
            parts.push(field);
            Some(parts)
        }
        _ => None,
    }
}

impl Analyzer<'_> {
    /// A name, or a path of names.
    pub(super) fn name<'a>(&self, ast: &'a ast::Expr, cx: &mut Context<'a, '_>) -> Result<Typed, SqlError> {
        let Some(parts) = path(ast) else {
            let ExprKind::Dereference { base, field } = &ast.kind else { unreachable!("names and paths only") };
            let row = self.expression(base, cx)?;
            return self.field(row, std::slice::from_ref(&field), ast.place, || base.to_string());
        };
        match self.column(&parts, cx)? {
            Some((value, used)) => self.field(value, &parts[used..], ast.place, || scope::dotted(&parts[..used])),
            None => Err(unknown(&parts, cx)),
        }
    }

    /// What a path begins with, and how many of its parts that takes. None if there is no such name.
    pub(in crate::analyze) fn column(
        &self,
        parts: &[&Identifier],
        cx: &Context<'_, '_>,
    ) -> Result<Option<(Typed, usize)>, SqlError> {
        let lower = parts[0].text.to_lowercase();
        let parameter = cx.lambdas.iter().rev().flatten().find(|parameter| parameter.name == lower);
        if let Some(parameter) = parameter {
            return Ok(Some((Typed::new(column(&parameter.column), parameter.ty.clone()), 1)));
        }
        let found = scope::find(&cx.fields, parts);
        // `relation.column` is no field of the title `relation`.
        if !matches!(found, Ok(Some((_, 2))))
            && let Some(titled) = title(&lower, parts[0], cx)?
        {
            return Ok(Some((titled, 1)));
        }
        if let Some((field, used)) = found? {
            return self.field_column(field, parts, used, cx).map(Some);
        }
        match cx.names.outer {
            Some(outer) => self.outer_column(parts, outer),
            None => Ok(None),
        }
    }

    /// A column of the relation, as deep into its rows as there are columns for their fields.
    fn field_column(
        &self,
        field: &Field,
        parts: &[&Identifier],
        mut used: usize,
        cx: &Context<'_, '_>,
    ) -> Result<(Typed, usize), SqlError> {
        let mut trail: Vec<(&Node, usize)> = vec![(&field.node, 0)];
        while let Some(part) = parts.get(used) {
            let (node, _) = trail[trail.len() - 1];
            let Type::Row(fields) = &node.ty else { break };
            let Some(index) = field_index(fields, part) else { break };
            let Some(child) = node.children.get(index) else { break };
            trail.push((child, index));
            used += 1;
        }
        let Some(grouping) = &cx.grouping else {
            return Ok((Typed::column(trail[trail.len() - 1].0.clone()), used));
        };
        let Some(value) = grouping.column(&trail) else {
            let name = scope::dotted(&parts[..used]);
            let message = format!("'{name}' must be an aggregate expression or appear in GROUP BY clause");
            return Err(SqlError::at(parts[0].place, ErrorClass::ExpressionNotAggregate, message));
        };
        Ok((value, used))
    }

    /// A column of the row that the subquery is evaluated for.
    fn outer_column(&self, parts: &[&Identifier], outer: &Outer<'_, '_>) -> Result<Option<(Typed, usize)>, SqlError> {
        let Some((value, used)) = self.column(parts, outer.context)? else { return Ok(None) };
        let known = outer.domain.columns.iter().find(|known| known.outer == value.expr);
        if let Some(known) = known {
            return Ok(Some((Typed::new(column(&known.local), known.ty.clone()), used)));
        }
        // The plans of this attempt lack the column: the next attempt will have it.
        let local = self.fresh("d");
        *outer.domain.missing.borrow_mut() = Some(DomainColumn { outer: value.expr, ty: value.ty, local });
        Err(SqlError::at(parts[0].place, ErrorClass::GenericInternalError, "a correlated column was not planned"))
    }

    /// Fields of a row, of a field of it, and so on.
    fn field(
        &self,
        mut value: Typed,
        rest: &[&Identifier],
        place: Place,
        base: impl Fn() -> String,
    ) -> Result<Typed, SqlError> {
        for (position, part) in rest.iter().enumerate() {
            let Type::Row(fields) = &value.ty else {
                let message = format!("Expression {} is not of type ROW", base());
                return Err(SqlError::at(place, ErrorClass::TypeMismatch, message));
            };
            let Some(index) = field_index(fields, part) else {
                let names = fields.iter().filter_map(|(name, _)| name.as_deref());
                let error = not_found(&rest[..=position], position, names);
                let quoted = scope::dotted(&rest[..=position]);
                let message = error.message.replacen(&quoted, &format!("{}.{quoted}", base()), 1);
                return Err(SqlError { message, place: Some(place), ..error });
            };
            let ty = fields[index].1.clone();
            value = Typed::new(udf::field(value.expr, index), ty);
        }
        Ok(value)
    }
}

/// ORDER BY: a title of the result.
fn title(lower: &str, part: &Identifier, cx: &Context<'_, '_>) -> Result<Option<Typed>, SqlError> {
    let mut titled = cx.titles.iter().filter(|(title, _)| title == lower).map(|(_, value)| value);
    let Some(first) = titled.next() else { return Ok(None) };
    if titled.any(|other| other.expr != first.expr) {
        let message = format!("Column '{lower}' is ambiguous");
        return Err(SqlError::at(part.place, ErrorClass::AmbiguousName, message));
    }
    Ok(Some(first.clone()))
}

/// No relation in sight has such a column.
fn unknown(parts: &[&Identifier], cx: &Context<'_, '_>) -> SqlError {
    let lower = parts[0].text.to_lowercase();
    let is_relation = |field: &&Field| field.relation.as_ref() == Some(&lower);
    if parts.len() > 1 && cx.fields.iter().any(|field| is_relation(&field)) {
        let names = cx.fields.iter().filter(is_relation).filter_map(|field| field.name.as_deref());
        return not_found(&parts[..2], 1, names);
    }
    let parameters = cx.lambdas.iter().flatten().map(|parameter| parameter.name.as_str());
    let names = cx.fields.iter().filter_map(|field| field.name.as_deref()).chain(parameters);
    let relations = cx.fields.iter().filter_map(|field| field.relation.as_deref());
    not_found(parts, 0, names.chain(relations.filter(|_| parts.len() > 1)))
}
