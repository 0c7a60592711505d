//! The files of `slt/`: statements with the rows that Trino's documentation and the standard promise, in the form of sqllogictest.
//!
//! A record is `query <types> [rowsort]`, the statement, `----`, the rows; or `query error <words>` and the statement, whose class
//! and message must contain the words. Types: `I` a whole number, `R` another number, `B` a truth value, `T` all else. Cells
//! have one space between them; `NULL` and `(empty)` are what they say, a line break is `\\n`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use opentrail_query::{prepare, value};
use opentrail_trino::Type;

use crate::memory::Memory;

/// 2026-01-01T00:00:00Z
const NOW_MS: i64 = 1_767_225_600_000;

/// One record of a file.
struct Record {
    line: usize,
    head: String,
    statement: String,
    rows: Vec<String>,
}

fn records(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).peekable();
    while let Some((number, head)) = lines.next() {
        if head.is_empty() {
            continue;
        }
        let mut record = Record { line: number + 1, head: head.to_owned(), statement: String::new(), rows: Vec::new() };
        let mut is_statement = true;
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.is_empty()) {
            match (is_statement, line) {
                (true, "----") => is_statement = false,
                (true, line) => {
                    record.statement.push_str(line);
                    record.statement.push('\n');
                }
                (false, row) => record.rows.push(row.to_owned()),
            }
        }
        records.push(record);
    }
    records
}

const fn letter(of: &Type) -> char {
    match of {
        Type::Tinyint | Type::Smallint | Type::Integer | Type::Bigint => 'I',
        Type::Real | Type::Double | Type::Decimal { .. } => 'R',
        Type::Boolean => 'B',
        _ => 'T',
    }
}

/// The types and the rows of a statement, or class and message of its failure.
async fn run(statement: &str) -> Result<(String, Vec<String>), String> {
    let words = |error: opentrail_trino::SqlError| format!("{} {error}", error.class.name());
    let prepared = prepare(statement, &Memory::default(), NOW_MS).map_err(words)?;
    let batches = prepared.collect().await.map_err(words)?;
    let mut rows = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cells = prepared.columns().iter().zip(batch.columns());
            let cells = cells.map(|((_, ty), array)| match value::text(array, row, ty).as_deref() {
                None => "NULL".to_owned(),
                Some("") => "(empty)".to_owned(),
                Some(text) => text.replace('\n', "\\n"),
            });
            rows.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    Ok((prepared.columns().iter().map(|(_, ty)| letter(ty)).collect(), rows))
}

/// What is wrong with a record, if anything is.
async fn complaint(record: &Record) -> Option<String> {
    let answer = run(&record.statement).await;
    if let Some(words) = record.head.strip_prefix("query error ") {
        return match answer {
            Err(message) if message.contains(words) => None,
            other => Some(format!("expected the error: {words}\ngot: {other:?}")),
        };
    }
    let mut head = record.head.split(' ').skip(1);
    let types = head.next().unwrap_or_default();
    let (got_types, mut got) = match answer {
        Ok(answer) => answer,
        Err(message) => return Some(message),
    };
    if head.next() == Some("rowsort") {
        got.sort();
    }
    (got_types != types || got != record.rows)
        .then(|| format!("expected {types}:\n{}\ngot {got_types}:\n{}", record.rows.join("\n"), got.join("\n")))
}

async fn check(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a file of the folder");
    let mut complaints = String::new();
    let records = records(&text);
    assert!(!records.is_empty(), "{} has no records", path.display());
    for record in records {
        assert!(record.head.starts_with("query "), "{}:{}: `query` begins a record", path.display(), record.line);
        if let Some(complaint) = complaint(&record).await {
            let statement = &record.statement;
            let _ = writeln!(complaints, "{}:{}:\n{statement}{complaint}\n", path.display(), record.line);
        }
    }
    complaints
}

#[tokio::test]
async fn every_statement_answers_as_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("slt");
    let files = std::fs::read_dir(&folder).expect("the folder of statements");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut complaints = String::new();
    for file in files {
        complaints.push_str(&check(&file).await);
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}
