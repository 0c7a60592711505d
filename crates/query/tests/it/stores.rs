//! Statements over stores of the lake: records in memory and in segments, conditions that are pushed down to them.
#![allow(clippy::unwrap_used, reason = "tests unwrap")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use opentrail_catalog::Catalog;
use opentrail_journal::{Category, Entry, Envelope, MemoryJournal, Origin};
use opentrail_lake::{Engine, LakeParts, Options, StoreSnapshot};
use opentrail_model::AccountId;
use opentrail_query::{Limits, StoreTables, begin, prepare, value};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{Clock, ManualClock, Timestamp};

const ACCOUNT: &str = "123456789012";
const ID: &str = "01234567-89AB-cdef-0123-456789abcdef";

fn record(number: u64, at: Timestamp) -> String {
    let error = if number.is_multiple_of(5) { r#""errorCode":"AccessDenied","# } else { "" };
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","userName":"user{}"}},"eventTime":"{}","eventName":"{}","eventID":"id-{number}",{error}"requestParameters":{{"number":{number}}},"eventCategory":"Management","managementEvent":true,"recipientAccountId":"{ACCOUNT}"}}"#,
        number % 3,
        at.iso(),
        ["GetTrail", "PutRule", "GetRole"][usize::try_from(number % 3).unwrap()],
    )
}

/// Fifty records, of which the first thirty are in segments.
async fn snapshot() -> StoreSnapshot {
    let (journal, clock) =
        (Arc::new(MemoryJournal::default()), Arc::new(ManualClock::at(Timestamp::from_secs(1_790_000_000))));
    let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.unwrap();
    let options = Options { flush_age: Duration::from_secs(60), in_background: false, cores: 1, ..Options::default() };
    let parts = LakeParts {
        journal: Arc::clone(&journal) as _,
        catalog,
        disk: Arc::new(SimDisk::new(1)),
        dir: PathBuf::from("data/lake"),
        clock: Arc::clone(&clock) as _,
        options,
    };
    let mut engine = Engine::open(parts).await.unwrap();
    for number in 0..50 {
        let arrived_at = clock.now();
        let envelope = Envelope {
            account: ACCOUNT.to_owned(),
            region: "us-east-1".to_owned(),
            category: Category::Management,
            origin: Origin::Call,
            arrived_at,
        };
        journal.append(Entry { envelope, record: record(number, arrived_at).into() });
        clock.advance(Duration::from_secs(1));
        if number == 29 {
            engine.tick().await.unwrap();
            clock.advance(Duration::from_secs(61));
            assert_eq!(engine.tick().await.unwrap().flushed, 1);
        }
    }
    engine.tick().await.unwrap();
    engine.lake().history_snapshot(&ACCOUNT.parse::<AccountId>().unwrap())
}

/// The rows of an answer, a line each, and how many records were looked at.
async fn rows(snapshot: &StoreSnapshot, statement: &str) -> (Vec<String>, u64) {
    let mut tables = StoreTables::new();
    tables.add(ID, snapshot.clone());
    let statement = statement.replace("$EDS", ID);
    let prepared =
        prepare(&statement, &tables, 1_790_000_100_000).unwrap_or_else(|error| panic!("{statement}: {error}"));
    let batches = prepared.collect().await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    let mut lines = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cells = batch
                .columns()
                .iter()
                .zip(prepared.columns())
                .map(|(array, (_, of))| value::text(array, row, of).unwrap_or_else(|| "NULL".to_owned()));
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    (lines, tables.counts().records())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_hold_for_memory_and_segments() {
    let snapshot = snapshot().await;
    let check = async |statement: &str, expected: &[&str]| {
        assert_eq!(rows(&snapshot, statement).await.0, expected, "{statement}");
    };
    check("SELECT count(*) FROM $EDS", &["50"]).await;
    check("SELECT count(*) FROM $EDS WHERE errorCode IS NOT NULL", &["10"]).await;
    check("SELECT eventID FROM $EDS WHERE eventID IN ('id-3', 'id-45') ORDER BY eventTime", &["id-3", "id-45"]).await;
    check("SELECT count(*) FROM $EDS WHERE eventName LIKE 'Get%' AND userIdentity.userName = 'user2'", &["16"]).await;
    check(
        "SELECT userIdentity.userName, count(*) FROM $EDS GROUP BY 1 ORDER BY 1",
        &["user0|17", "user1|17", "user2|16"],
    )
    .await;
    check("SELECT element_at(requestParameters, 'number') FROM $EDS WHERE eventID = 'id-40'", &["40"]).await;
    check("SELECT count(*) FROM $EDS WHERE NOT (eventName LIKE 'Get%')", &["17"]).await;
    // What is NULL is neither equal nor different.
    check("SELECT count(*) FROM $EDS WHERE errorCode <> 'AccessDenied'", &["0"]).await;
    check("SELECT count(*) FROM $EDS WHERE NOT (errorCode = 'x')", &["10"]).await;
    check("SELECT count(*) FROM $EDS WHERE NOT (errorCode = 'x' AND eventName = 'PutRule')", &["36"]).await;
    check("SELECT count(*) FROM $EDS WHERE userIdentity.arn IS NULL AND errorCode IS NULL", &["40"]).await;
    check("SELECT count(*) FROM $EDS WHERE eventTime < timestamp '2100-01-01 00:00:00' OR errorCode = 'x'", &["50"])
        .await;
    assert_eq!(rows(&snapshot, "SELECT eventID FROM $EDS LIMIT 7").await.0.len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_hold_for_memory_and_segments() {
    let snapshot = snapshot().await;
    let check = async |statement: &str, expected: &[&str]| {
        assert_eq!(rows(&snapshot, statement).await.0, expected, "{statement}");
    };
    let all = [
        "AccessDenied|user0|4",
        "AccessDenied|user1|3",
        "AccessDenied|user2|3",
        "NULL|user0|13",
        "NULL|user1|14",
        "NULL|user2|13",
    ];
    check("SELECT errorCode, userIdentity.userName, count(*) FROM $EDS GROUP BY 1, 2 ORDER BY 1, 2", &all).await;
    // The same where texts are looked at.
    check("SELECT errorCode, userIdentity.userName || '', count(*) FROM $EDS GROUP BY 1, 2 ORDER BY 1, 2", &all).await;
    let each = ["user0|1", "user1|1", "user2|1"];
    check("SELECT userIdentity.userName, count(DISTINCT eventName) FROM $EDS GROUP BY 1 ORDER BY 1", &each).await;
    check("SELECT eventName, count(*) FROM $EDS WHERE eventName LIKE '%Trail%' GROUP BY eventName", &["GetTrail|17"])
        .await;
    check(
        "SELECT n, count(*) FROM (SELECT userIdentity.userName AS n, errorCode AS e FROM $EDS) \
         WHERE e LIKE '%ied' GROUP BY n ORDER BY n",
        &["user0|4", "user1|3", "user2|3"],
    )
    .await;
    check(
        "SELECT errorCode, count(*) FILTER (WHERE eventName = 'PutRule') FROM $EDS GROUP BY 1 ORDER BY 1",
        &["AccessDenied|3", "NULL|14"],
    )
    .await;
    check("SELECT eventName, max(eventName) FROM $EDS GROUP BY 1 ORDER BY 1 LIMIT 1", &["GetRole|GetRole"]).await;
    check("SELECT eventSource, count(*) FROM $EDS GROUP BY eventSource", &["NULL|50"]).await;
    check("SELECT eventName, count(*) FROM $EDS WHERE eventName = 'none' GROUP BY eventName", &[]).await;
    check("SELECT eventName, errorCode, count(*) FROM $EDS WHERE eventName = 'none' GROUP BY 1, 2", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn first_rows_have_their_large_columns() {
    let snapshot = snapshot().await;
    let of = |number: u64| format!("id-{number}|{number}");
    let columns = "eventID, element_at(requestParameters, 'number')";
    // The newest are in memory, the oldest in a segment; those in the middle in both.
    for (condition, order, expected) in [
        ("true", "eventTime DESC LIMIT 3", vec![49, 48, 47]),
        ("true", "eventTime LIMIT 2", vec![0, 1]),
        ("eventName = 'PutRule'", "eventTime DESC LIMIT 2", vec![49, 46]),
        ("eventName LIKE '%Role%' AND errorCode IS NOT NULL", "eventTime DESC LIMIT 9", vec![35, 20, 5]),
        ("eventTime >= timestamp '2100-01-01 00:00:00'", "eventTime LIMIT 5", vec![]),
    ] {
        let statement = format!("SELECT {columns} FROM (SELECT * FROM $EDS WHERE {condition} ORDER BY {order})");
        let expected: Vec<String> = expected.into_iter().map(of).collect();
        assert_eq!(rows(&snapshot, &statement).await.0, expected, "{statement}");
    }
    let (lines, _) = rows(&snapshot, "SELECT eventJson, eventName FROM $EDS ORDER BY eventTime DESC LIMIT 1").await;
    let at = Timestamp::from_secs(1_790_000_000 + 49 + 61);
    assert_eq!(lines, [format!("{}|PutRule", record(49, at))]);
    let middle = "SELECT eventID, cardinality(requestParameters) FROM $EDS WHERE eventID IN ('id-29', 'id-30', 'id-1') \
                  ORDER BY eventTime DESC LIMIT 3";
    assert_eq!(rows(&snapshot, middle).await.0, ["id-30|1", "id-29|1", "id-1|1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_not_into_question_is_not_read() {
    let snapshot = snapshot().await;
    assert_eq!(rows(&snapshot, "SELECT count(eventName) FROM $EDS").await, (vec!["50".to_owned()], 50));
    // Of the tail one record, of the segment nothing: its index has no such event id.
    assert_eq!(rows(&snapshot, "SELECT eventName FROM $EDS WHERE eventID = 'id-40'").await.1, 1);
    assert_eq!(
        rows(&snapshot, "SELECT eventName FROM $EDS WHERE eventTime < timestamp '2000-01-01 00:00:00'").await.1,
        0
    );
}

/// How many records a run matched, counted without reading, and read.
async fn cost(snapshot: &StoreSnapshot, statement: &str) -> (u64, u64, u64) {
    let spilled = tempfile::tempdir().unwrap();
    let mut tables = StoreTables::new();
    tables.add(ID, snapshot.clone());
    let limits = Limits {
        memory_bytes: 16 << 20,
        spill_bytes: 1 << 20,
        spill_dir: spilled.path().to_owned(),
        threads: 2,
        row_bytes_max: 1 << 20,
    };
    let statement = statement.replace("$EDS", ID);
    let mut run = begin(&prepare(&statement, &tables, 0).unwrap(), &limits).await.unwrap();
    while run.next().await.unwrap().is_some() {}
    (run.meter().rows_matched(), run.meter().rows_counted(), tables.counts().records())
}

#[tokio::test(flavor = "multi_thread")]
async fn matched_records_are_counted_wherever_they_are_filtered() {
    let snapshot = snapshot().await;
    for (condition, matched) in [
        ("eventName LIKE 'Get%'", 33),
        ("eventName LIKE '%Trail'", 17),
        ("eventName LIKE 'Get%' AND eventName LIKE '%Trail'", 17),
        ("eventTime < timestamp '2100-01-01 00:00:00'", 50),
        ("eventID = 'id-40'", 1),
    ] {
        let statement = format!("SELECT count(*), max(eventID) FROM $EDS WHERE {condition}");
        let (rows_matched, rows_counted, _) = cost(&snapshot, &statement).await;
        assert_eq!((rows_matched, rows_counted), (matched, 0), "{condition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_counted_without_being_read_are_told() {
    let snapshot = snapshot().await;
    for (statement, expected) in [
        ("SELECT count(*) FROM $EDS", (50, 50, 0)),
        ("SELECT (SELECT count(*) FROM $EDS) + (SELECT count(*) FROM $EDS)", (100, 100, 0)),
        ("SELECT count(*) FROM (VALUES 1, 2)", (0, 0, 0)),
        ("SELECT count(*) FROM $EDS WHERE eventID = 'id-40'", (1, 0, 1)),
    ] {
        assert_eq!(cost(&snapshot, statement).await, expected, "{statement}");
    }
    // How far reading goes before it hears that there are enough depends on the threads.
    let (matched, counted, read) = cost(&snapshot, "SELECT count(*) FROM (SELECT eventID FROM $EDS LIMIT 7)").await;
    assert!(matched == read && (7..=50).contains(&read), "{matched} of {read}");
    assert_eq!(counted, 0);
}
