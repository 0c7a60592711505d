//! `to_char`, `to_timestamp` and `to_date` with Teradata's patterns.

use opentrail_trino::SqlError;

use super::super::adapt::binary;
use super::super::kernel::Kernel;
use super::super::moment::DAY;
use super::super::native::Text;
use super::super::{Registry, fault};
use super::format::{Field, Piece, formatted, parsed};
use super::joda;

pub(super) fn register(to: &mut Registry) {
    to.add("to_char(timestamptz, varchar) -> varchar", Kernel::partial(|call| formatted(call, pattern)));
    to.add("to_timestamp(varchar, varchar) -> timestamp3", Kernel::partial(|call| parsed(call, pattern, false)));
    to.add(
        "to_date(varchar, varchar) -> date",
        binary::<Text, Text, _>(|text, format| {
            let moment = joda::read(text, &pattern(format)?);
            let moment = moment.ok_or_else(|| fault::argument(format!("Invalid format: \"{text}\"")))?;
            i32::try_from(moment.nanos.div_euclid(DAY)).map_err(fault::internal)
        }),
    );
}

/// Letters in either case, the longest first.
const FIELDS: [(&str, Field, usize); 8] = [
    ("yyyy", Field::Year, 4),
    ("hh24", Field::Hour, 2),
    ("yy", Field::ShortYear, 2),
    ("mm", Field::Month, 2),
    ("dd", Field::Day, 2),
    ("hh", Field::Hour12, 2),
    ("mi", Field::Minute, 2),
    ("ss", Field::Second, 2),
];

fn pattern(text: &str) -> Result<Vec<Piece>, SqlError> {
    let lower = text.to_ascii_lowercase();
    let (mut rest, mut pieces) = (lower.as_str(), Vec::new());
    while let Some(letter) = rest.chars().next() {
        if let Some((word, field, width)) = FIELDS.iter().find(|(word, ..)| rest.starts_with(word)) {
            pieces.push(Piece::Number(*field, *width));
            rest = &rest[word.len()..];
        } else if "-/,.;: ".contains(letter) {
            pieces.push(Piece::Text(letter.to_string()));
            rest = &rest[letter.len_utf8()..];
        } else {
            return Err(fault::argument(format!(
                "Failed to tokenize string [{text}] at offset [{}]",
                lower.len() - rest.len()
            )));
        }
    }
    Ok(pieces)
}
