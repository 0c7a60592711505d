//! Regular expressions, as Java writes them.

mod pattern;

pub(super) use pattern::Pattern;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, UInt32Array};
use opentrail_trino::SqlError;

use super::adapt::{collect, input};
use super::kernel::{Call, Kernel};
use super::lists::list;
use super::memo::Memo;
use super::native::{I64, Reader, Text};
use super::output::Items;
use super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("regexp_like(varchar, varchar) -> boolean", over(|pattern, text| pattern.is_match(text)));
    to.add("regexp_extract(varchar, varchar) -> varchar", over(|pattern, text| extract(pattern, text, 0)));
    to.add("regexp_extract(varchar, varchar, bigint) -> varchar", over_group(extract));
    to.add(
        "regexp_extract_all(varchar, varchar) -> array(varchar)",
        over(|pattern, text| extract_all(pattern, text, 0)),
    );
    to.add("regexp_extract_all(varchar, varchar, bigint) -> array(varchar)", over_group(extract_all));
    to.add("regexp_split(varchar, varchar) -> array(varchar)", over(split));
    to.add(
        "regexp_count(varchar, varchar) -> bigint",
        over(|pattern, text| i64::try_from(pattern.all(text)?.len()).map_err(fault::internal)),
    );
    to.add("regexp_position(varchar, varchar) -> integer", over(|pattern, text| position(pattern, text, 1, 1)));
    to.add(
        "regexp_position(varchar, varchar, bigint) -> integer",
        over_group(|pattern, text, start| position(pattern, text, start, 1)),
    );
    to.add(
        "regexp_position(varchar, varchar, bigint, bigint) -> integer",
        Kernel::partial(|call| {
            let occurrence = Reader::<I64>::new(input(call, 3)?)?;
            let start = Reader::<I64>::new(input(call, 2)?)?;
            patterns(call, |pattern, text, row| {
                let (Some(start), Some(occurrence)) = (start.get(row), occurrence.get(row)) else { return Ok(None) };
                position(pattern, text, start, occurrence).map(Some)
            })
        }),
    );
    to.add("regexp_replace(varchar, varchar) -> varchar", over(|pattern, text| pattern.replace(text, "")));
    to.add(
        "regexp_replace(varchar, varchar, varchar) -> varchar",
        Kernel::partial(|call| {
            let replacement = Reader::<Text>::new(input(call, 2)?)?;
            patterns(call, |pattern, text, row| {
                replacement.get(row).map(|with| pattern.replace(text, with)).transpose()
            })
        }),
    );
    to.add(
        "regexp_replace(varchar, varchar, function(array(varchar), varchar)) -> varchar",
        Kernel::partial(replace_by),
    );
}

/// Row by row, the pattern prepared once as long as it stays the same.
fn patterns<R: super::output::Output>(
    call: &Call<'_>,
    answer: impl Fn(&Pattern, &str, usize) -> Result<Option<R>, SqlError>,
) -> Result<ArrayRef, SqlError> {
    let (text, pattern) = (Reader::<Text>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
    let mut known = Memo::default();
    collect(call, |row| {
        let (text, pattern) = (text.get(row)?, pattern.get(row)?);
        Some(known.get(pattern, |pattern| Pattern::new(pattern)).and_then(|pattern| answer(pattern, text, row)))
    })
}

fn over<R: super::output::Answer + 'static>(
    answer: impl Fn(&Pattern, &str) -> Result<R, SqlError> + Send + Sync + 'static,
) -> Kernel {
    Kernel::partial(move |call| patterns(call, |pattern, text, _| answer(pattern, text)?.answer()))
}

/// With a number behind the pattern.
fn over_group<R: super::output::Answer + 'static>(
    answer: impl Fn(&Pattern, &str, i64) -> Result<R, SqlError> + Send + Sync + 'static,
) -> Kernel {
    Kernel::partial(move |call| {
        let group = Reader::<I64>::new(input(call, 2)?)?;
        patterns(call, |pattern, text, row| match group.get(row) {
            Some(group) => answer(pattern, text, group)?.answer(),
            None => Ok(None),
        })
    })
}

fn extract(pattern: &Pattern, text: &str, group: i64) -> Result<Option<String>, SqlError> {
    let group = pattern.group(group)?;
    let found = pattern.first(text, 0)?;
    Ok(found.and_then(|groups| groups.get(group).cloned().flatten()).map(|range| text[range].to_owned()))
}

fn extract_all(pattern: &Pattern, text: &str, group: i64) -> Result<Items<String>, SqlError> {
    let group = pattern.group(group)?;
    let all = pattern.all(text)?.into_iter();
    Ok(Items(all.map(|groups| groups.get(group).cloned().flatten().map(|range| text[range].to_owned())).collect()))
}

fn split(pattern: &Pattern, text: &str) -> Result<Items<String>, SqlError> {
    let mut parts = Vec::new();
    let mut begin = 0;
    for groups in pattern.all(text)? {
        if let Some(Some(range)) = groups.first() {
            parts.push(text[begin..range.start].to_owned());
            begin = range.end;
        }
    }
    parts.push(text[begin..].to_owned());
    Ok(parts.into_iter().collect())
}

/// The letter at which an occurrence begins, counted from 1; -1 if there is none.
fn position(pattern: &Pattern, text: &str, start: i64, occurrence: i64) -> Result<i32, SqlError> {
    if start < 1 {
        return Err(fault::argument("start position cannot be smaller than 1"));
    }
    if occurrence < 1 {
        return Err(fault::argument("occurrence cannot be smaller than 1"));
    }
    let skipped = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let from = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(skipped);
    let Some(from) = from else { return Ok(-1) };
    let all = pattern.all_from(text, from)?;
    let nth = usize::try_from(occurrence - 1).unwrap_or(usize::MAX);
    let found = all.get(nth).and_then(|groups| groups.first().cloned().flatten());
    Ok(found.map_or(-1, |range| i32::try_from(text[..range.start].chars().count() + 1).unwrap_or(i32::MAX)))
}

/// Each match becomes what the lambda answers for its groups.
fn replace_by(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let (text, pattern) = (Reader::<Text>::new(input(call, 0)?)?, Reader::<Text>::new(input(call, 1)?)?);
    let mut known = Memo::default();
    let mut found = Vec::with_capacity(call.rows);
    let (mut groups, mut lengths, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..call.rows {
        let both = text.get(row).zip(pattern.get(row));
        let matches = match both {
            Some((text, pattern)) => Some((text, known.get(pattern, |pattern| Pattern::new(pattern))?.all(text)?)),
            None => None,
        };
        for one in matches.iter().flat_map(|(_, all)| all) {
            let text = both.map_or("", |(text, _)| text);
            let captured = one.get(1..).unwrap_or_default();
            lengths.push(captured.len());
            groups.extend(captured.iter().map(|range| range.clone().map(|range| text[range].to_owned())));
            rows.push(u32::try_from(row).unwrap_or(u32::MAX));
        }
        found.push(matches);
    }
    let shape = super::data_type(&opentrail_trino::Type::array(opentrail_trino::Type::VARCHAR));
    let items: ArrayRef = std::sync::Arc::new(arrow_array::StringArray::from(groups));
    let all = vec![true; lengths.len()];
    let lambda = call.lambdas.first().ok_or_else(|| fault::internal("`regexp_replace` lacks its lambda"))?;
    let answers = lambda.evaluate(call.inputs, &[list(items, lengths, all, &shape)?], &UInt32Array::from(rows))?;
    let answers = answers.as_string_opt::<i32>().ok_or_else(|| fault::internal("a lambda answered no text"))?;
    let mut next = 0;
    collect(call, |row| {
        let (text, matches) = found.get(row)?.as_ref()?;
        let (mut out, mut begin) = (String::new(), 0);
        let mut is_null = false;
        for one in matches {
            let range = one.first().cloned().flatten().unwrap_or(0..0);
            out.push_str(&text[begin..range.start]);
            is_null |= answers.is_null(next);
            out.push_str(if answers.is_valid(next) { answers.value(next) } else { "" });
            begin = range.end;
            next += 1;
        }
        out.push_str(&text[begin..]);
        (!is_null).then_some(out)
    })
}
