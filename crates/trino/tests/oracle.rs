//! Queries and refusals from a folder of them, where one is at hand: all queries parse, and what the text alone condemns is refused
//! with its class, whatever sort of UUID the store has.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::PathBuf;

use opentrail_trino::{ErrorClass, parse};

const IDS: [&str; 4] = [
    "a3f1c2d4-0b1e-4c6d-8f2a-1234567890ab",
    "12345678-1234-4234-8234-123456789012",
    "3e8f1c2a-7b1d-4e55-9c3f-0a1b2c3d4e5f",
    "12e45678-1234-4234-8234-123456789012",
];

fn statements(of: &str) -> Option<Vec<(String, String)>> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let shared = std::env::var_os("OPENTRAIL_SHARED").map_or_else(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(shared.join("sql-oracle").join(of)) else {
        eprintln!("SKIPPED: no folder of queries (set OPENTRAIL_SHARED)");
        return None;
    };
    let paths =
        entries.map(|entry| entry.expect("entry").path()).filter(|path| path.extension().is_some_and(|it| it == "sql"));
    let mut statements: Vec<_> =
        paths.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).expect("a statement"))).collect();
    statements.sort();
    Some(statements)
}

#[test]
fn all_queries_parse_and_print_to_the_same_tree() {
    for of in ["lake", "athena"] {
        let Some(statements) = statements(of) else { return };
        for (path, statement) in &statements {
            for id in IDS {
                let query = parse(&statement.replace("$EDS_ID", id)).unwrap_or_else(|error| panic!("{path}: {error}"));
                let printed = query.to_string();
                let again = parse(&printed).unwrap_or_else(|error| panic!("{path}: {printed}: {error}"));
                assert_eq!(again.to_string(), printed, "{path}");
            }
        }
        eprintln!("{} queries of {of}, each with {} names of its store", statements.len(), IDS.len());
    }
}

#[test]
fn refusals_have_their_class() {
    let Some(statements) = statements("errors") else { return };
    for (path, statement) in &statements {
        let header = |name: &str| {
            let line = statement.lines().find_map(|line| line.strip_prefix(&format!("-- {name}: ")));
            line.map(str::to_owned).unwrap_or_else(|| panic!("{path}: no {name}"))
        };
        for id in IDS {
            let result = parse(&statement.replace("$EDS_ID", id));
            match (header("when").as_str(), result) {
                ("parse", Err(error)) => assert_eq!(error.class.name(), header("class"), "{path}: {error}"),
                ("parse", Ok(query)) => panic!("{path} must be refused, but is {query}"),
                (_, result) => {
                    assert!(result.is_ok(), "{path}: {result:?}");
                    let is_known = ErrorClass::ALL.iter().any(|class| class.name() == header("class"));
                    assert!(is_known, "{path}: the class has no name here");
                }
            }
        }
    }
    eprintln!("{} refusals", statements.len());
}
