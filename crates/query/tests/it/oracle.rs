//! Queries over real records with answers that other engines computed, where a folder of them is at hand.

mod compare;
mod load;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use opentrail_query::{prepare, value};
use opentrail_trino::Type;
use serde_json::Value;

use crate::memory::Memory;

/// Queries that fail for a known reason. One that passes must leave the list.
const KNOWN_FAILURES: &[(&str, &str)] = &[];

/// 2026-01-01
const NOW_MS: i64 = 1_767_225_600_000;

/// A letter first, digits only, and the beginnings of floating-point numbers.
const STORE_IDS: [&str; 4] = [
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "12345678-1234-4234-8234-123456789012",
    "3e8f1c2a-0b1d-4c3e-9f4a-5b6c7d8e9f0a",
    "12e45678-90ab-4cde-8f01-23456789abcd",
];

fn folder(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = std::env::var_os("OPENTRAIL_SHARED").map_or_else(beside, PathBuf::from).join(name);
    folder.is_dir().then_some(folder)
}

/// The rows of an answer as JSON, and the titles and types of its columns.
type Answer = (Vec<(String, Type)>, Vec<Vec<Value>>);

async fn answer(statement: &str, tables: &Memory) -> Result<Answer, opentrail_trino::SqlError> {
    let prepared = prepare(statement, tables, NOW_MS)?;
    let columns = prepared.columns().to_vec();
    let mut rows = Vec::new();
    for batch in prepared.collect().await? {
        for row in 0..batch.num_rows() {
            let cells = columns.iter().zip(batch.columns()).map(|((_, ty), array)| {
                let mut json = String::new();
                value::write_json(&mut json, array, row, ty);
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error} in a cell: {json}"))
            });
            rows.push(cells.collect());
        }
    }
    Ok((columns, rows))
}

fn statements(folder: &Path) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder).expect("a folder of queries").map(|entry| entry.expect("an entry").path());
    let queries = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
    let named = |path: PathBuf| {
        let parent = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (format!("{parent}/{stem}"), std::fs::read_to_string(&path).expect("a query"))
    };
    queries.map(named).collect()
}

/// A statement must fail for the reason that its head tells, and at the time that it tells.
async fn refusal(statement: &str, tables: &Memory) -> Result<(), String> {
    let head = |name: &str| {
        let line = statement.lines().find_map(|line| line.strip_prefix(&format!("-- {name}: ")));
        line.expect("a head").to_owned()
    };
    let (class, when) = (head("class"), head("when"));
    let prepared = prepare(statement, tables, NOW_MS);
    let (error, at) = match prepared {
        Err(error) if error.class.is_parse() => (error, "parse"),
        Err(error) => (error, "analysis"),
        Ok(prepared) => (prepared.collect().await.err().ok_or("it was answered")?, "run"),
    };
    if error.class.name() != class || !when.split(" or ").any(|when| when == at) {
        return Err(format!("{} at {at}: {error}", error.class.name()));
    }
    if error.class.is_analysis() && error.place.is_none() {
        return Err(format!("no place: {error}"));
    }
    Ok(())
}

#[tokio::test]
async fn real_records_give_the_answers_of_other_engines() {
    let (Some(oracle), Some(data)) = (folder("sql-oracle"), folder("data")) else {
        eprintln!("SKIPPED: no folder of queries and answers (set OPENTRAIL_SHARED)");
        return;
    };
    let tables = load::tables(&data, &STORE_IDS);
    let only = std::env::var("ORACLE_ONLY").unwrap_or_default();
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut store, mut total) = (0, 0);
    for kind in ["lake", "athena", "errors"] {
        for (name, statement) in statements(&oracle.join(kind)) {
            if !name.contains(&only) {
                continue;
            }
            total += 1;
            // Each query with one ID in turn; the first of them with all.
            let ids = if name.contains("/001") || name.contains("/017") {
                STORE_IDS.to_vec()
            } else {
                vec![STORE_IDS[store % 4]]
            };
            store += 1;
            let mut outcome = Ok(());
            for id in ids {
                let statement = statement.replace("$EDS_ID", id);
                let one = if kind == "errors" {
                    refusal(&statement, &tables).await
                } else {
                    let expected = oracle.join(format!("{name}.expected.json"));
                    let expected = std::fs::read_to_string(expected).expect("an answer");
                    let expected: Value = serde_json::from_str(&expected).expect("an answer");
                    match answer(&statement, &tables).await {
                        Ok((columns, rows)) => compare::compare(&statement, &columns, &rows, &expected),
                        Err(error) => Err(format!("{} {error}", error.class.name())),
                    }
                };
                outcome = outcome.and(one);
            }
            match outcome {
                Ok(()) => *counts.entry(kind).or_default() += 1,
                Err(reason) => {
                    failures.insert(name, reason);
                }
            }
        }
    }
    eprintln!("of {total} statements passed: {counts:?}");
    let known: BTreeMap<_, _> = KNOWN_FAILURES.iter().copied().collect();
    for (name, reason) in &failures {
        eprintln!("{} {name}: {reason}", if known.contains_key(name.as_str()) { "known" } else { "FAILED" });
    }
    let new: Vec<_> = failures.keys().filter(|name| !known.contains_key(name.as_str())).collect();
    let mended: Vec<_> = known.keys().filter(|name| name.contains(&only) && !failures.contains_key(**name)).collect();
    assert!(new.is_empty(), "{} statements fail that are not known to: {new:?}", new.len());
    assert!(mended.is_empty(), "these pass and must leave the list of known failures: {mended:?}");
}
