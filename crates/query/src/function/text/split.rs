//! Splitting texts, and joining them.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, collect, input, ternary};
use super::super::kernel::{Call, Kernel};
use super::super::lists::Lists;
use super::super::native::{I64, Native, Reader, Text};
use super::super::output::{Entries, Items};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("split(varchar, varchar) -> array(varchar)", binary::<Text, Text, _>(|text, at| split(text, at, i64::MAX)));
    to.add("split(varchar, varchar, bigint) -> array(varchar)", ternary::<Text, Text, I64, _>(split));
    to.add("split_part(varchar, varchar, bigint) -> varchar", ternary::<Text, Text, I64, _>(split_part));
    to.add("split_to_map(varchar, varchar, varchar) -> map(varchar, varchar)", ternary::<Text, Text, Text, _>(to_map));
    to.add(
        "split_to_multimap(varchar, varchar, varchar) -> map(varchar, array(varchar))",
        ternary::<Text, Text, Text, _>(to_multimap),
    );
    to.add("concat_ws(varchar, varchar...) -> varchar", Kernel::total(concat_ws));
    to.add("concat_ws(varchar, array(varchar)) -> varchar", Kernel::total(concat_items));
}

fn split(text: &str, at: &str, limit: i64) -> Result<Items<String>, SqlError> {
    if at.is_empty() {
        return Err(fault::argument("The delimiter may not be the empty string"));
    }
    let limit = usize::try_from(limit).ok().filter(|limit| *limit > 0);
    let limit = limit.ok_or_else(|| fault::argument("Limit must be positive"))?;
    Ok(text.splitn(limit, at).map(str::to_owned).collect())
}

/// NULL beyond the last part.
fn split_part(text: &str, at: &str, index: i64) -> Result<Option<String>, SqlError> {
    let index = usize::try_from(index).ok().filter(|index| *index > 0);
    let index = index.ok_or_else(|| fault::argument("Index must be greater than zero"))?;
    if at.is_empty() {
        // Each letter is a part.
        return Ok(text.chars().nth(index - 1).map(String::from));
    }
    Ok(text.split(at).nth(index - 1).map(str::to_owned))
}

fn pairs<'a>(text: &'a str, entry: &str, between: &str) -> Result<Vec<(&'a str, &'a str)>, SqlError> {
    if entry.is_empty() || between.is_empty() {
        return Err(fault::argument("entryDelimiter and keyValueDelimiter must not be empty"));
    }
    if entry == between {
        return Err(fault::argument("entryDelimiter and keyValueDelimiter must not be the same"));
    }
    let entries = text.split(entry).filter(|part| !part.is_empty());
    let pairs = entries.map(|part| {
        part.split_once(between).ok_or_else(|| {
            fault::argument(format!("Key-value delimiter must appear exactly once in each entry. Bad input: '{part}'"))
        })
    });
    pairs.collect()
}

fn to_map(text: &str, entry: &str, between: &str) -> Result<Entries<String, String>, SqlError> {
    let mut entries: Vec<(String, Option<String>)> = Vec::new();
    for (key, value) in pairs(text, entry, between)? {
        if entries.iter().any(|(known, _)| known == key) {
            return Err(fault::argument(format!("Duplicate keys ({key}) are not allowed")));
        }
        entries.push((key.to_owned(), Some(value.to_owned())));
    }
    Ok(Entries(entries))
}

fn to_multimap(text: &str, entry: &str, between: &str) -> Result<Entries<String, Items<String>>, SqlError> {
    let mut entries: Vec<(String, Option<Items<String>>)> = Vec::new();
    for (key, value) in pairs(text, entry, between)? {
        match entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, Some(items))) => items.0.push(Some(value.to_owned())),
            _ => entries.push((key.to_owned(), Some(std::iter::once(value.to_owned()).collect()))),
        }
    }
    Ok(Entries(entries))
}

/// NULL texts are skipped; a NULL separator gives NULL.
fn concat_ws(call: &Call<'_>) -> Result<arrow_array::ArrayRef, SqlError> {
    let readers = call.inputs.iter().map(Reader::<Text>::new).collect::<Result<Vec<_>, _>>()?;
    collect(call, |row| {
        let (separator, rest) = readers.split_first()?;
        let parts: Vec<&str> = rest.iter().filter_map(|reader| reader.get(row)).collect();
        Some(parts.join(separator.get(row)?))
    })
}

fn concat_items(call: &Call<'_>) -> Result<arrow_array::ArrayRef, SqlError> {
    let (separator, lists) = (Reader::<Text>::new(input(call, 0)?)?, Lists::new(input(call, 1)?)?);
    let items = Text::column(lists.values())?;
    collect(call, |row| {
        let (separator, range) = (separator.get(row)?, lists.get(row)?);
        let parts: Vec<&str> = range.filter_map(|index| Text::get(&items, index)).collect();
        Some(parts.join(separator))
    })
}
