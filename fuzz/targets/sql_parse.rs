//! Any text as a statement: refused at a place inside it, or a tree that can be printed, and its print parsed or refused again. That
//! both trees are the same is held for real statements in the crate's tests: here a subquery that is a grouping set by
//! itself would gain parentheses each time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_trino::{parse, parse_type};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = parse_type(text);
    match parse(text) {
        Ok(query) => {
            let _ = parse(&query.to_string());
        }
        Err(error) => {
            let Some(place) = error.place else { return };
            let line = text.split('\n').nth(place.line as usize - 1).expect("a line of the text");
            assert!(place.column as usize <= line.chars().count() + 1);
        }
    }
});
