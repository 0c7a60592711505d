//! What is left of a word without its endings, by the Snowball algorithms.

use opentrail_trino::SqlError;
use rust_stemmers::{Algorithm, Stemmer};

use super::super::adapt::{binary, unary};
use super::super::native::Text;
use super::super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("word_stem(varchar) -> varchar", unary::<Text, _>(|word| stem(word, "en")));
    to.add("word_stem(varchar, varchar) -> varchar", binary::<Text, Text, _>(stem));
}

fn stem(word: &str, language: &str) -> Result<String, SqlError> {
    Ok(Stemmer::create(algorithm(language)?).stem(word).into_owned())
}

/// Of Trino's languages those that the crate knows: not Armenian, Basque, Catalan, Irish and Lithuanian.
fn algorithm(language: &str) -> Result<Algorithm, SqlError> {
    Ok(match language {
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        "tr" => Algorithm::Turkish,
        other => return Err(fault::argument(format!("Unknown stemmer language: {other}"))),
    })
}
