//! Parts of texts, and where they are.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, ternary};
use super::super::native::{Bytes, I64, Text};
use super::super::{Registry, fault};

/// The most letters that padding makes, as Trino has it.
const PAD_MAX: i64 = i32::MAX as i64 / 64;

pub(super) fn register(to: &mut Registry) {
    for name in ["substr(varchar, bigint) -> varchar", "substring(varchar, bigint) -> varchar"] {
        to.add(name, binary::<Text, I64, _>(|text, start| part(text, start, i64::MAX)));
    }
    for name in ["substr(varchar, bigint, bigint) -> varchar", "substring(varchar, bigint, bigint) -> varchar"] {
        to.add(name, ternary::<Text, I64, I64, _>(part));
    }
    to.add(
        "substr(varbinary, bigint) -> varbinary",
        binary::<Bytes, I64, _>(|bytes, start| bytes_part(bytes, start, i64::MAX)),
    );
    to.add("substr(varbinary, bigint, bigint) -> varbinary", ternary::<Bytes, I64, I64, _>(bytes_part));
    for signature in ["strpos(varchar, varchar) -> bigint", "index(varchar, varchar) -> bigint"] {
        to.add(signature, binary::<Text, Text, _>(|text, wanted| text.find(wanted).map_or(0, |at| letters(text, at))));
    }
    to.add(
        "position(varchar, varchar) -> bigint",
        binary::<Text, Text, _>(|wanted, text| text.find(wanted).map_or(0, |at| letters(text, at))),
    );
    to.add("strpos(varchar, varchar, bigint) -> bigint", ternary::<Text, Text, I64, _>(nth_position));
    to.add("starts_with(varchar, varchar) -> boolean", binary::<Text, Text, _>(|text, begin| text.starts_with(begin)));
    to.add("ends_with(varchar, varchar) -> boolean", binary::<Text, Text, _>(|text, end| text.ends_with(end)));
    to.add("replace(varchar, varchar) -> varchar", binary::<Text, Text, _>(|text, from| text.replace(from, "")));
    to.add(
        "replace(varchar, varchar, varchar) -> varchar",
        ternary::<Text, Text, Text, _>(|text, from, into| text.replace(from, into)),
    );
    to.add(
        "lpad(varchar, bigint, varchar) -> varchar",
        ternary::<Text, I64, Text, _>(|text, size, with| pad(text, size, with, true)),
    );
    to.add(
        "rpad(varchar, bigint, varchar) -> varchar",
        ternary::<Text, I64, Text, _>(|text, size, with| pad(text, size, with, false)),
    );
    to.add(
        "lpad(varbinary, bigint, varbinary) -> varbinary",
        ternary::<Bytes, I64, Bytes, _>(|bytes, size, with| bytes_pad(bytes, size, with, true)),
    );
    to.add(
        "rpad(varbinary, bigint, varbinary) -> varbinary",
        ternary::<Bytes, I64, Bytes, _>(|bytes, size, with| bytes_pad(bytes, size, with, false)),
    );
}

/// The position of the letter at a byte, counted from 1.
fn letters(text: &str, byte: usize) -> i64 {
    i64::try_from(text[..byte].chars().count() + 1).unwrap_or(i64::MAX)
}

/// From a position (1 is the first, -1 the last) so many letters; nothing where the position is 0 or outside.
fn part(text: &str, start: i64, length: i64) -> String {
    if start == 0 || length <= 0 {
        return String::new();
    }
    let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let skipped = if start > 0 {
        distance - 1
    } else {
        match text.chars().count().checked_sub(distance) {
            Some(skipped) => skipped,
            None => return String::new(),
        }
    };
    text.chars().skip(skipped).take(usize::try_from(length).unwrap_or(usize::MAX)).collect()
}

fn bytes_part(bytes: &[u8], start: i64, length: i64) -> Vec<u8> {
    if start == 0 || length <= 0 {
        return Vec::new();
    }
    let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let skipped = if start > 0 { Some(distance - 1) } else { bytes.len().checked_sub(distance) };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    skipped.map_or_else(Vec::new, |skipped| bytes.iter().skip(skipped).take(length).copied().collect())
}

/// Where the n-th occurrence begins; from the end, if n is negative.
fn nth_position(text: &str, wanted: &str, nth: i64) -> Result<i64, SqlError> {
    if nth == 0 {
        return Err(fault::argument("'instance' must not be 0"));
    }
    let skipped = usize::try_from(nth.unsigned_abs() - 1).unwrap_or(usize::MAX);
    if wanted.is_empty() {
        return Ok(if nth == 1 { 1 } else { 0 });
    }
    let mut from = if nth > 0 { 0 } else { text.len() };
    let mut found = None;
    for _ in 0..=skipped {
        found = if nth > 0 { text[from..].find(wanted).map(|at| at + from) } else { text[..from].rfind(wanted) };
        let Some(at) = found else { break };
        let step = wanted.chars().next().map_or(1, char::len_utf8);
        // Occurrences may overlap; backwards, an earlier one must begin before.
        from = if nth > 0 {
            at + step
        } else {
            let end = at + wanted.len();
            text[..end].char_indices().next_back().map_or(0, |(last, _)| last)
        };
    }
    Ok(found.map_or(0, |at| letters(text, at)))
}

fn pad(text: &str, size: i64, with: &str, is_left: bool) -> Result<String, SqlError> {
    let size = pad_size(size, with.is_empty())?;
    let own = text.chars().count();
    if own >= size {
        return Ok(text.chars().take(size).collect());
    }
    let filling: String = with.chars().cycle().take(size - own).collect();
    Ok(if is_left { filling + text } else { text.to_owned() + &filling })
}

fn bytes_pad(bytes: &[u8], size: i64, with: &[u8], is_left: bool) -> Result<Vec<u8>, SqlError> {
    let size = pad_size(size, with.is_empty())?;
    let filling = with.iter().copied().cycle().take(size.saturating_sub(bytes.len()));
    let own = bytes.iter().copied().take(size);
    Ok(if is_left { filling.chain(own).collect() } else { own.chain(filling).collect() })
}

fn pad_size(size: i64, is_empty: bool) -> Result<usize, SqlError> {
    if is_empty {
        return Err(fault::argument("Padding string must not be empty"));
    }
    let size = usize::try_from(size).ok().filter(|_| size <= PAD_MAX);
    size.ok_or_else(|| fault::argument(format!("Target length must be in the range [0..{PAD_MAX}]")))
}
