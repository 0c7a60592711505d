//! From JSON: level by level, all rows at once.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use opentrail_trino::{SqlError, Type};

use super::super::json::{Kind, compact, elements, kind, members, unquote};
use super::super::native::{Native, Text};
use super::super::shape::data_type;
use super::super::{fault, lists, print};
use super::apply::{Job, is_mendable, strict};

/// Is there a cast from JSON to this type?
pub(super) fn exists(to: &Type) -> bool {
    match to {
        Type::Json | Type::Varchar { .. } | Type::Boolean => true,
        Type::Array(item) => exists(item),
        Type::Map(key, value) => is_key(key) && exists(value),
        Type::Row(fields) => fields.iter().all(|(_, field)| exists(field)),
        Type::Date | Type::Timestamp { .. } | Type::IpAddress | Type::Uuid => true,
        other => other.is_numeric(),
    }
}

fn is_key(of: &Type) -> bool {
    of.is_numeric() || of.is_varchar() || *of == Type::Boolean
}

pub(super) fn cast(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    let column = Text::column(job.array)?;
    let values: Vec<Option<&str>> = (0..arrow_array::Array::len(column)).map(|row| Text::get(&column, row)).collect();
    if !matches!(job.to, Type::Array(_) | Type::Map(..) | Type::Row(_)) && job.is_lenient {
        return leaves(&values, job.to, true);
    }
    build(&values, job.to)
}

/// JSON values as a column of a type; JSON's null is NULL.
fn build(values: &[Option<&str>], to: &Type) -> Result<ArrayRef, SqlError> {
    match to {
        Type::Array(item) => arrays(values, item, to),
        Type::Map(key, value) => maps(values, key, value, to),
        Type::Row(fields) => rows(values, fields, to),
        _ => leaves(values, to, false),
    }
}

/// The value, unless it is JSON's null.
fn present(value: Option<&str>) -> Option<&str> {
    value.filter(|value| kind(value) != Some(Kind::Null))
}

fn wrong(to: &Type, value: &str) -> SqlError {
    let begin: String = value.chars().take(100).collect();
    fault::cast(format!("Cannot cast to {to}. Unexpected JSON: {begin}"))
}

fn arrays(values: &[Option<&str>], item: &Type, to: &Type) -> Result<ArrayRef, SqlError> {
    let (mut items, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        let value = present(*value);
        let found = value.map(|value| elements(value).ok_or_else(|| wrong(to, value))).transpose()?;
        valid.push(found.is_some());
        let found = found.unwrap_or_default();
        lengths.push(found.len());
        items.extend(found.into_iter().map(Some));
    }
    lists::list(build(&items, item)?, lengths, valid, &data_type(to))
}

fn maps(values: &[Option<&str>], key: &Type, of: &Type, to: &Type) -> Result<ArrayRef, SqlError> {
    let (mut keys, mut items, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for value in values {
        let value = present(*value);
        let found = value.map(|value| members(value).ok_or_else(|| wrong(to, value))).transpose()?;
        valid.push(found.is_some());
        // Of members with the same name the last one counts.
        let mut found = found.unwrap_or_default();
        found.reverse();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.dedup_by(|b, a| a.0 == b.0);
        lengths.push(found.len());
        for (name, item) in found {
            keys.push(name.into_owned());
            items.push(Some(item));
        }
    }
    let names: ArrayRef = Arc::new(StringArray::from(keys));
    let names = strict(&names, &Type::VARCHAR, key, false)?;
    lists::map(&names, &build(&items, of)?, lengths, valid, &data_type(to))
}

/// Objects by the names of their members without regard to case, arrays by position.
fn rows(values: &[Option<&str>], fields: &[(Option<String>, Type)], to: &Type) -> Result<ArrayRef, SqlError> {
    let mut columns: Vec<Vec<Option<&str>>> = vec![Vec::with_capacity(values.len()); fields.len()];
    let mut valid = Vec::with_capacity(values.len());
    for value in values {
        let value = present(*value);
        valid.push(value.is_some());
        match value.map(|value| (value, kind(value))) {
            None => columns.iter_mut().for_each(|column| column.push(None)),
            Some((value, Some(Kind::Array))) => {
                let items = elements(value).filter(|items| items.len() == fields.len());
                let items = items.ok_or_else(|| wrong(to, value))?;
                columns.iter_mut().zip(items).for_each(|(column, item)| column.push(Some(item)));
            }
            Some((value, _)) => {
                let found = members(value).ok_or_else(|| wrong(to, value))?;
                for (column, (name, _)) in columns.iter_mut().zip(fields) {
                    let name = name.as_deref().unwrap_or_default();
                    let exact = found.iter().rev().find(|(member, _)| *member == name);
                    let any = || found.iter().rev().find(|(member, _)| member.eq_ignore_ascii_case(name));
                    column.push(exact.or_else(any).map(|(_, item)| *item));
                }
            }
        }
    }
    let columns =
        columns.iter().zip(fields).map(|(column, (_, of))| build(column, of)).collect::<Result<Vec<_>, _>>()?;
    let DataType::Struct(fields) = data_type(to) else { return Err(fault::internal("a row type was expected")) };
    let row = StructArray::try_new(fields, columns, Some(NullBuffer::from(valid)));
    Ok(Arc::new(row.map_err(fault::internal)?))
}

fn leaves(values: &[Option<&str>], to: &Type, is_lenient: bool) -> Result<ArrayRef, SqlError> {
    let texts = values.iter().map(|value| match value {
        None => Ok(None),
        Some(value) if *to == Type::Json => Ok(compact(value)),
        Some(value) => match leaf(value, to) {
            Err(error) if is_lenient && is_mendable(&error) => Ok(None),
            other => other,
        },
    });
    let texts: StringArray = texts.collect::<Result<_, SqlError>>()?;
    let texts: ArrayRef = Arc::new(texts);
    if *to == Type::Json {
        return Ok(texts);
    }
    // The text of the scalar is cast on as a text would be.
    match to {
        Type::Tinyint | Type::Smallint | Type::Integer | Type::Bigint | Type::Decimal { .. } => {
            super::apply::cast(&whole(&texts)?, &Type::Decimal { precision: 38, scale: 18 }, to, is_lenient)
                .or_else(|_| super::apply::cast(&texts, &Type::VARCHAR, to, is_lenient))
        }
        _ => super::apply::cast(&texts, &Type::VARCHAR, to, is_lenient),
    }
}

fn whole(texts: &ArrayRef) -> Result<ArrayRef, SqlError> {
    super::apply::cast(texts, &Type::VARCHAR, &Type::Decimal { precision: 38, scale: 18 }, false)
}

/// The text of a scalar that is to become another type.
fn leaf(value: &str, to: &Type) -> Result<Option<String>, SqlError> {
    let trimmed = value.trim_ascii();
    match kind(value) {
        Some(Kind::Null) => Ok(None),
        Some(Kind::Text) => Ok(unquote(value).map(std::borrow::Cow::into_owned)),
        Some(Kind::Number) if *to == Type::Boolean => {
            Ok(trimmed.parse::<f64>().ok().map(|number| (number != 0.0).to_string()))
        }
        Some(Kind::Number) if to.is_varchar() && trimmed.contains(['.', 'e', 'E']) => {
            Ok(trimmed.parse::<f64>().ok().map(print::double))
        }
        Some(Kind::Number) => Ok(Some(trimmed.to_owned())),
        Some(Kind::Boolean(truth)) if to.is_numeric() => Ok(Some(i32::from(truth).to_string())),
        Some(Kind::Boolean(_)) => Ok(Some(trimmed.to_owned())),
        _ => Err(wrong(to, value)),
    }
}
