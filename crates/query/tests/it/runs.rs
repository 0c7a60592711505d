//! Runs within their limits: what they may take, and that they can be called off.
#![allow(clippy::unwrap_used, reason = "tests unwrap")]

use std::path::Path;
use std::task::Poll;

use opentrail_query::{Limits, Row, Run, begin, prepare};
use opentrail_trino::{ErrorClass, SqlError};

use crate::memory::Memory;

fn limits(dir: &Path) -> Limits {
    Limits {
        memory_bytes: 16 << 20,
        spill_bytes: 1 << 30,
        spill_dir: dir.to_owned(),
        threads: 1,
        row_bytes_max: 1 << 20,
    }
}

async fn run(statement: &str, limits: &Limits) -> Result<Run, SqlError> {
    begin(&prepare(statement, &Memory::default(), 0)?, limits).await
}

async fn rows(statement: &str, limits: &Limits) -> Result<Vec<Row>, SqlError> {
    let mut run = run(statement, limits).await?;
    let mut all = Vec::new();
    while let Some(rows) = run.next().await? {
        all.extend(rows);
    }
    Ok(all)
}

fn pairs(count: u32) -> String {
    format!("UNNEST(sequence(1, 1000)) AS a (x), UNNEST(sequence(1, {count})) AS b (y)")
}

/// A run that held its thread until its end would hold it for years here.
#[tokio::test]
async fn endless_runs_give_way() {
    let dir = tempfile::tempdir().unwrap();
    let many = "UNNEST(sequence(1, 10000))";
    let product = format!("{many} AS a (x), {many} AS b (y), {many} AS c (z)");
    for statement in [
        format!("SELECT count(*) FROM {product}"),
        format!("SELECT x FROM {product} WHERE x + y + z < 0"),
        format!(
            "SELECT max(x) FROM {many} AS a (x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b (y) CROSS JOIN {many} AS c (z) GROUP BY y % 2"
        ),
    ] {
        let mut run = run(&statement, &limits(dir.path())).await.unwrap();
        for _ in 0..3 {
            let first = futures::poll!(std::pin::pin!(run.next()));
            assert!(matches!(first, Poll::Pending), "{statement}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn what_does_not_fit_into_memory_goes_to_disk() {
    let dir = tempfile::tempdir().unwrap();
    let limits = limits(dir.path());
    let groups = format!("SELECT count(*), sum(x) FROM (SELECT x, y FROM {} GROUP BY x, y)", pairs(600));
    let sum = (600 * 1000 * 1001 / 2).to_string();
    assert_eq!(rows(&groups, &limits).await.unwrap(), [[Some("600000".to_owned()), Some(sum)]]);
    let sorted = format!("SELECT x, y FROM {} ORDER BY y DESC, x", pairs(600));
    let sorted = rows(&sorted, &limits).await.unwrap();
    assert_eq!(sorted.len(), 600_000);
    assert_eq!(sorted[1000], [Some("1".to_owned()), Some("599".to_owned())]);
}

#[tokio::test]
async fn without_room_a_run_fails_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { spill_bytes: 100_000, ..limits(dir.path()) };
    let groups = format!("SELECT count(*) FROM (SELECT x, y FROM {} GROUP BY x, y)", pairs(1000));
    let error = rows(&groups, &limits).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::ExceededLocalMemoryLimit, "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "what was spilled is gone");
}

#[tokio::test]
async fn a_row_that_is_too_great_fails_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { row_bytes_max: 1000, ..limits(dir.path()) };
    assert_eq!(rows("SELECT rpad('', 1000, 'x')", &limits).await.unwrap().len(), 1);
    let error = rows("SELECT rpad('', 1001, 'x')", &limits).await.unwrap_err();
    assert_eq!(error.class, ErrorClass::ExceededFunctionMemoryLimit);
}
