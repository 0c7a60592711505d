//! What JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY are made of. Behind input and path come an object with the
//! values of the path's variables, and what is answered when the path leads nowhere or fails: `null`, `error`, `false`,
//! `true`, `[]` or `{}`.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use opentrail_trino::SqlError;

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::memo::Memo;
use super::super::native::{Bool, Reader, Text};
use super::super::output::Output;
use super::super::{Registry, fault};
use super::path::scalar_text;
use super::scan::{Kind, kind, unquote};
use super::sqlpath::{Failure, SqlPath, Variables, wrapped};
use super::write::{compact, quote};

pub(super) fn register(to: &mut Registry) {
    to.add("$json_exists(varchar, varchar, varchar, varchar) -> boolean", Kernel::partial(exists));
    to.add("$json_value(varchar, varchar, varchar, varchar, varchar) -> varchar", Kernel::partial(value));
    to.add("$json_state(varchar, varchar, varchar) -> bigint", Kernel::partial(state));
    to.add(
        "$json_query(varchar, varchar, varchar, varchar, varchar, varchar, varchar) -> varchar",
        Kernel::partial(query),
    );
    to.add("$json_object(boolean, any...) -> varchar", Kernel::partial(object));
    to.add("$json_array(boolean, any...) -> varchar", Kernel::total(array));
}

type Found<'a> = Result<Vec<Cow<'a, str>>, Failure>;

/// What each row's path leads to, with the row's number.
fn each<R: Output>(
    call: &Call<'_>,
    answer: impl Fn(Found<'_>, usize) -> Result<Option<R>, SqlError>,
) -> Result<ArrayRef, SqlError> {
    let text = |index: usize| Reader::<Text>::new(input(call, index)?);
    let (json, path, variables) = (text(0)?, text(1)?, text(2)?);
    let mut paths = Memo::default();
    collect(call, |row| {
        let (json, path, variables) = (json.get(row)?, path.get(row)?, variables.get(row)?);
        let found = |path: &SqlPath| path.find(json, &Variables::read(variables)?);
        Some(paths.get(path, |path| SqlPath::new(path)).and_then(|path| answer(found(path), row)))
    })
}

fn word(failure: Failure) -> SqlError {
    fault::argument(match failure {
        Failure::Input => "conversion to JSON failed",
        Failure::Path => "path evaluation failed",
    })
}

fn empty() -> SqlError {
    fault::argument("JSON path found no items")
}

fn exists(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let on_error = Reader::<Text>::new(input(call, 3)?)?;
    each(call, |found, row| match (found, on_error.get(row)) {
        (Ok(items), _) => Ok(Some(!items.is_empty())),
        (Err(failure), Some("error")) => Err(word(failure)),
        (Err(_), Some("true")) => Ok(Some(true)),
        (Err(_), Some("false")) => Ok(Some(false)),
        (Err(_), _) => Ok(None),
    })
}

/// The only item as a text; an error if it is no scalar or there are several.
fn single(found: Found<'_>) -> Result<Option<Option<String>>, SqlError> {
    let items = found.map_err(word)?;
    match items.as_slice() {
        [] => Ok(None),
        [item] if kind(item) == Some(Kind::Null) => Ok(Some(None)),
        [item] => match scalar_text(item) {
            Some(text) => Ok(Some(Some(text))),
            None => Err(fault::argument("JSON path found an item that is no scalar")),
        },
        _ => Err(fault::argument("JSON path found multiple items")),
    }
}

fn value(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (on_empty, on_error) = (Reader::<Text>::new(input(call, 3)?)?, Reader::<Text>::new(input(call, 4)?)?);
    each(call, |found, row| {
        let fails = on_error.get(row) == Some("error");
        match single(found) {
            Ok(Some(value)) => Ok(value),
            Ok(None) if on_empty.get(row) == Some("error") && fails => Err(empty()),
            Ok(None) => Ok(None),
            Err(error) if fails => Err(error),
            Err(_) => Ok(None),
        }
    })
}

/// 0: there is a value, 1: the path leads nowhere, 2: it fails.
fn state(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    each(call, |found, _| {
        Ok(Some(match single(found) {
            Ok(Some(_)) => 0_i64,
            Ok(None) => 1,
            Err(_) => 2,
        }))
    })
}

fn query(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let option = |index: usize| Reader::<Text>::new(input(call, index)?);
    let (wrapper, quotes, on_empty, on_error) = (option(3)?, option(4)?, option(5)?, option(6)?);
    each(call, |found, row| {
        let failed = |error: SqlError| match on_error.get(row) {
            Some("error") => Err(error),
            Some("null") | None => Ok(None),
            Some(other) => Ok(Some(other.to_owned())),
        };
        let items = match found {
            Ok(items) => items,
            Err(failure) => return failed(word(failure)),
        };
        match (items.as_slice(), wrapper.get(row)) {
            ([], _) => match on_empty.get(row) {
                Some("error") => failed(empty()),
                Some("null") | None => Ok(None),
                Some(other) => Ok(Some(other.to_owned())),
            },
            ([item], Some("without")) => Ok(Some(one(item, quotes.get(row) == Some("omit")))),
            ([item], Some("conditional")) if matches!(kind(item), Some(Kind::Array | Kind::Object)) => {
                Ok(compact(item))
            }
            (_, Some("without")) => failed(fault::argument("JSON path found multiple items")),
            (several, _) => Ok(compact(&wrapped(several))),
        }
    })
}

fn one(item: &str, is_bare: bool) -> String {
    match unquote(item) {
        Some(text) if is_bare && kind(item) == Some(Kind::Text) => text.into_owned(),
        _ => compact(item).unwrap_or_default(),
    }
}

/// Whether NULLs are left out, and the other arguments: names or JSON texts.
fn made<'a>(call: &Call<'a>) -> Result<(bool, Vec<Reader<'a, Text>>), SqlError> {
    let is_absent = Reader::<Bool>::new(input(call, 0)?)?.get(0).unwrap_or(false);
    let parts = call.inputs.iter().skip(1).map(Reader::new).collect::<Result<_, _>>()?;
    Ok((is_absent, parts))
}

fn object(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (is_absent, parts) = made(call)?;
    collect(call, |row| {
        let mut members = Vec::new();
        for pair in parts.chunks(2) {
            let Some(name) = pair.first().and_then(|name| name.get(row)) else {
                return Some(Err(fault::argument("A name in JSON_OBJECT must not be NULL")));
            };
            let value = pair.get(1).and_then(|value| value.get(row));
            if value.is_some() || !is_absent {
                let mut member = String::new();
                quote(name, &mut member);
                member.push(':');
                member.push_str(value.unwrap_or("null"));
                members.push(member);
            }
        }
        Some(Ok(format!("{{{}}}", members.join(","))))
    })
}

fn array(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (is_absent, parts) = made(call)?;
    collect(call, |row| {
        let items = parts.iter().map(|part| part.get(row)).filter(|item| item.is_some() || !is_absent);
        Some(format!("[{}]", items.map(|item| item.unwrap_or("null")).collect::<Vec<_>>().join(",")))
    })
}
