//! Letters: cases, code points, normal forms, bytes.

use unicode_normalization::UnicodeNormalization;

use super::super::adapt::{binary, unary};
use super::super::native::{Bytes, I64, Text};
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add(
        "lower(varchar) -> varchar",
        unary::<Text, _>(|text| text.chars().flat_map(char::to_lowercase).collect::<String>()),
    );
    to.add("upper(varchar) -> varchar", unary::<Text, _>(|text| text.chars().map(upper).collect::<String>()));
    to.add("length(varchar) -> bigint", unary::<Text, _>(|text| i64::try_from(text.chars().count()).ok()));
    to.add("length(varbinary) -> bigint", unary::<Bytes, _>(|bytes| i64::try_from(bytes.len()).ok()));
    to.add("reverse(varchar) -> varchar", unary::<Text, _>(|text| text.chars().rev().collect::<String>()));
    to.add(
        "reverse(varbinary) -> varbinary",
        unary::<Bytes, _>(|bytes| bytes.iter().rev().copied().collect::<Vec<u8>>()),
    );
    to.add(
        "chr(bigint) -> varchar",
        unary::<I64, _>(|code| {
            let letter = u32::try_from(code).ok().and_then(char::from_u32);
            letter.map(String::from).ok_or_else(|| fault::argument(format!("Not a valid Unicode code point: {code}")))
        }),
    );
    to.add(
        "codepoint(varchar) -> integer",
        unary::<Text, _>(|text| {
            let mut letters = text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => i32::try_from(u32::from(letter)).map_err(fault::internal),
                _ => Err(fault::argument("Input string must be a single character string")),
            }
        }),
    );
    to.add("normalize(varchar) -> varchar", unary::<Text, _>(|text| text.nfc().collect::<String>()));
    to.add(
        "normalize(varchar, varchar) -> varchar",
        binary::<Text, Text, _>(|text, form| match form.to_ascii_uppercase().as_str() {
            "NFC" => Ok(text.nfc().collect::<String>()),
            "NFD" => Ok(text.nfd().collect()),
            "NFKC" => Ok(text.nfkc().collect()),
            "NFKD" => Ok(text.nfkd().collect()),
            _ => Err(fault::argument(format!("Normalization form must be one of [NFD, NFC, NFKD, NFKC]: {form}"))),
        }),
    );
    to.add("to_utf8(varchar) -> varbinary", unary::<Text, _>(|text| text.as_bytes().to_vec()));
    to.add("from_utf8(varbinary) -> varchar", unary::<Bytes, _>(|bytes| String::from_utf8_lossy(bytes).into_owned()));
    to.add(
        "from_utf8(varbinary, varchar) -> varchar",
        binary::<Bytes, Text, _>(|bytes, replacement| {
            if replacement.chars().count() > 1 {
                return Err(fault::argument("Replacement character string must empty or a single character"));
            }
            let mut text = String::new();
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                if !chunk.invalid().is_empty() {
                    text.push_str(replacement);
                }
            }
            Ok(text)
        }),
    );
    to.add(
        "translate(varchar, varchar, varchar) -> varchar",
        super::super::adapt::ternary::<Text, Text, Text, _>(|text, from, into| {
            let into: Vec<char> = into.chars().collect();
            let mut table = std::collections::HashMap::new();
            for (index, letter) in from.chars().enumerate() {
                table.entry(letter).or_insert_with(|| into.get(index).copied());
            }
            text.chars().filter_map(|letter| table.get(&letter).copied().unwrap_or(Some(letter))).collect::<String>()
        }),
    );
    to.add(
        "title_case(varchar) -> varchar",
        unary::<Text, _>(|text| {
            let mut is_start = true;
            text.chars()
                .map(|letter| {
                    let is_first = std::mem::replace(&mut is_start, letter.is_whitespace());
                    if is_first { upper(letter) } else { letter.to_lowercase().next().unwrap_or(letter) }
                })
                .collect::<String>()
        }),
    );
    to.add(
        "luhn_check(varchar) -> boolean",
        unary::<Text, _>(|text| {
            if text.is_empty() {
                return Ok(None);
            }
            let mut sum = 0;
            for (index, letter) in text.chars().rev().enumerate() {
                let digit = letter
                    .to_digit(10)
                    .ok_or_else(|| fault::argument(format!("Input is not a valid digits-only string: {text}")))?;
                let twice = digit * 2;
                sum += if index % 2 == 0 {
                    digit
                } else if twice > 9 {
                    twice - 9
                } else {
                    twice
                };
            }
            Ok(Some(sum % 10 == 0))
        }),
    );
}

/// The upper-case letter; itself, where that would be several.
fn upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => letter,
    }
}
