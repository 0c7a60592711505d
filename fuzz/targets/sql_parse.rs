//! Any text as a statement: refused at a place inside it, or a tree that can be printed, and its print parses to the same tree (or is
//! refused, when the parentheses that it gained nest too deep).
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_trino::{parse, parse_type};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = parse_type(text);
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            if let Ok(again) = parse(&printed) {
                assert_eq!(again.to_string(), printed);
            }
        }
        Err(error) => {
            let Some(place) = error.place else { return };
            let line = text.split('\n').nth(place.line as usize - 1).expect("a line of the text");
            assert!(place.column as usize <= line.chars().count() + 1);
        }
    }
});
