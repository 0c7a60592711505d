//! Trimming.

use super::super::Registry;
use super::super::adapt::{binary, unary};
use super::super::native::Text;

pub(super) fn register(to: &mut Registry) {
    to.add("trim(varchar) -> varchar", unary::<Text, _>(|text| text.trim_matches(is_blank).to_owned()));
    to.add("btrim(varchar) -> varchar", unary::<Text, _>(|text| text.trim_matches(is_blank).to_owned()));
    to.add("ltrim(varchar) -> varchar", unary::<Text, _>(|text| text.trim_start_matches(is_blank).to_owned()));
    to.add("rtrim(varchar) -> varchar", unary::<Text, _>(|text| text.trim_end_matches(is_blank).to_owned()));
    for name in ["trim(varchar, varchar) -> varchar", "btrim(varchar, varchar) -> varchar"] {
        to.add(
            name,
            binary::<Text, Text, _>(|text, letters| text.trim_matches(|letter| letters.contains(letter)).to_owned()),
        );
    }
    to.add(
        "ltrim(varchar, varchar) -> varchar",
        binary::<Text, Text, _>(|text, letters| text.trim_start_matches(|letter| letters.contains(letter)).to_owned()),
    );
    to.add(
        "rtrim(varchar, varchar) -> varchar",
        binary::<Text, Text, _>(|text, letters| text.trim_end_matches(|letter| letters.contains(letter)).to_owned()),
    );
}

/// Unicode white space without the non-breaking kinds.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{2007}' | '\u{202f}')
}
