//! Parsing: shown by the printed tree, which has all parentheses; refusals by their message.

use super::*;

/// The tree of a whole statement.
fn check(text: &str, expected: &str) {
    match parse(text) {
        Ok(query) => {
            assert_eq!(query.to_string(), expected, "{text}");
            let again = parse(expected).map(|query| query.to_string());
            assert_eq!(again, Ok(expected.to_owned()), "what is printed parses to the same");
        }
        Err(error) => panic!("{text}: {error}"),
    }
}

/// The tree of an expression.
fn expr(text: &str, expected: &str) {
    check(&format!("SELECT {text}"), &format!("SELECT {expected}"));
}

/// The class and the whole message.
fn refused(text: &str, expected: &str) {
    let error = parse(text).expect_err(text);
    assert_eq!(format!("{} {error}", error.class), expected, "{text}");
}

mod expressions;
mod queries;
mod refusals;
