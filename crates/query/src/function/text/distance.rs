//! How far texts are from each other, and how they sound.

use opentrail_trino::SqlError;

use super::super::adapt::{binary, unary};
use super::super::native::Text;
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("levenshtein_distance(varchar, varchar) -> bigint", binary::<Text, Text, _>(levenshtein));
    to.add(
        "hamming_distance(varchar, varchar) -> bigint",
        binary::<Text, Text, _>(|a, b| {
            if a.chars().count() != b.chars().count() {
                return Err(fault::argument(
                    "The input strings to hamming_distance function must have the same length",
                ));
            }
            i64::try_from(a.chars().zip(b.chars()).filter(|(a, b)| a != b).count()).map_err(fault::internal)
        }),
    );
    to.add("soundex(varchar) -> varchar", unary::<Text, _>(soundex));
}

fn levenshtein(a: &str, b: &str) -> Result<i64, SqlError> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() * b.len() > 1_000_000 {
        return Err(fault::argument("The combined inputs size exceeded max Levenshtein distance"));
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    i64::try_from(row[b.len()]).map_err(fault::internal)
}

fn soundex(text: &str) -> Result<String, SqlError> {
    let code = |letter: char| match letter {
        'B' | 'F' | 'P' | 'V' => '1',
        'C' | 'G' | 'J' | 'K' | 'Q' | 'S' | 'X' | 'Z' => '2',
        'D' | 'T' => '3',
        'L' => '4',
        'M' | 'N' => '5',
        'R' => '6',
        'H' | 'W' => '-',
        _ => '0',
    };
    if !text.is_ascii() {
        return Err(fault::argument("soundex takes ASCII letters only"));
    }
    let mut letters = text.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    let Some(first) = letters.next() else { return Ok(String::new()) };
    let mut sound = String::from(first);
    let mut last = code(first);
    for code in letters.map(code).filter(|code| *code != '-') {
        if code != last && code != '0' && sound.len() < 4 {
            sound.push(code);
        }
        last = code;
    }
    Ok(format!("{sound:0<4}"))
}
