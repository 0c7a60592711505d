//! Statements over log files: what is read of them, and what damage does.

use std::io::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use opentrail_blob::{Error, Listed, Memory, Object, Objects};
use opentrail_query::{LogCounts, LogFiles, LogPlaces, LogTables, Prepared, prepare, value};
use opentrail_trino::{ErrorClass, SqlError};

/// A log file of these records.
pub(crate) fn log_file(records: &[impl AsRef<str>]) -> Vec<u8> {
    let records: Vec<&str> = records.iter().map(AsRef::as_ref).collect();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    write!(packed, "{{\"Records\":[{}]}}", records.join(",")).expect("memory");
    packed.finish().expect("memory")
}

/// Files by their keys, under `AWSLogs/`.
pub(crate) fn files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> LogFiles {
    let memory = Memory::new();
    for (key, body) in files {
        let object =
            Object { body: Bytes::from(body), content_type: None, content_encoding: None, metadata: Vec::new() };
        memory.insert(key, object);
    }
    LogFiles {
        place: Arc::new(memory),
        prefix: "AWSLogs/".to_owned(),
        name: "s3://logs/".to_owned(),
        is_log_file: |key| key.ends_with(".json.gz"),
        skips_damage: false,
        file_bytes_max: 1 << 20,
    }
}

/// Of two accounts, two Regions and three days a file each with two records.
fn some() -> LogFiles {
    let mut all = Vec::new();
    for account in ["111111111111", "222222222222"] {
        for region in ["eu-west-1", "us-east-1"] {
            for day in ["2026/01/31", "2026/02/01", "2026/02/02"] {
                let key =
                    format!("AWSLogs/{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_x.json.gz");
                let record = |number: u32| {
                    format!(
                        r#"{{"eventName":"E{number}","awsRegion":"{region}","userIdentity":{{"arn":"a{number}"}},"eventTime":"{}T00:00:00Z"}}"#,
                        day.replace('/', "-")
                    )
                };
                all.push((key, log_file(&[record(1), record(2)])));
            }
        }
    }
    all.push(("AWSLogs/111111111111/CloudTrail/eu-west-1/2026/01/31/notes.txt".to_owned(), b"no log file".to_vec()));
    files(all)
}

/// The rows of an answer, a line each, and what was read.
async fn ask(files: LogFiles, statement: &str) -> Result<(Vec<String>, LogCounts), SqlError> {
    let tables = LogTables::new(files);
    let prepared = prepare(statement, &tables, 1_790_000_100_000)?;
    Ok((lines(&prepared).await?, tables.counts()))
}

async fn lines(prepared: &Prepared) -> Result<Vec<String>, SqlError> {
    let mut lines = Vec::new();
    for batch in prepared.collect().await? {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(prepared.columns());
            let cells = cells.map(|(array, (_, of))| value::text(array, row, of).unwrap_or_else(|| "NULL".to_owned()));
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    lines.sort();
    Ok(lines)
}

async fn rows(statement: &str) -> (Vec<String>, u64) {
    let (rows, counts) = ask(some(), statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    (rows, counts.files())
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_on_keys_leave_files_unread() {
    for (condition, files) in [
        ("true", 12),
        ("eventname = 'E1'", 12),
        ("account = '111111111111'", 6),
        ("account = '111111111111' AND region IN ('us-east-1', 'x')", 3),
        ("date >= '2026/02/01'", 8),
        ("date BETWEEN '2026/01/31' AND '2026/02/01' AND region = 'eu-west-1'", 4),
        ("year = '2026' AND month = '02'", 8),
        ("day IN ('01', '31') AND substr(region, 1, 2) = 'us'", 4),
        ("account = '1' OR day = '31'", 4),
        ("region LIKE 'eu-%' AND awsregion = region", 6),
        ("account = '3'", 0),
    ] {
        let counted = rows(&format!("SELECT count(*) FROM cloudtrail_logs WHERE {condition}")).await;
        let records = if condition.starts_with("eventname") { files } else { 2 * files };
        assert_eq!(counted, (vec![records.to_string()], files), "{condition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_tell_where_they_are_from() {
    let statement = "SELECT \"$path\", account, region, date, useridentity.arn FROM cloudtrail_logs \
                     WHERE eventname = 'E2' AND day = '31' AND account = '222222222222' AND region = 'us-east-1'";
    let key = "AWSLogs/222222222222/CloudTrail/us-east-1/2026/01/31/222222222222_CloudTrail_us-east-1_x.json.gz";
    assert_eq!(rows(statement).await.0, [format!("s3://logs/{key}|222222222222|us-east-1|2026/01/31|a2")]);
    let tables = LogTables::new(some());
    for statement in ["SELECT * FROM cloudtrail_logs", "SELECT l.* FROM cloudtrail_logs l", "TABLE cloudtrail_logs"] {
        let prepared = prepare(statement, &tables, 0).expect("it is right");
        let titles: Vec<&str> = prepared.columns().iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(
            (titles.len(), titles[0], *titles.last().expect("some")),
            (35, "eventversion", "date"),
            "{statement}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listing_steps_over_folders() {
    // More files than one page of a listing has, in a folder that is not wanted.
    let key = |account: &str, number: u32| {
        format!("AWSLogs/{account}/CloudTrail/us-east-1/2026/01/01/{account}_CloudTrail_us-east-1_{number}.json.gz")
    };
    let file = log_file(&[r#"{"eventName":"E"}"#]);
    let mut all: Vec<_> = (0..3000).map(|number| (key("111111111111", number), file.clone())).collect();
    all.push((key("222222222222", 0), file));
    let statement = "SELECT count(*) FROM cloudtrail_logs WHERE account = '222222222222'";
    let (rows, counts) = ask(files(all), statement).await.expect("an answer");
    assert_eq!((rows, counts.files(), counts.listings()), (vec!["1".to_owned()], 1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_fails_the_query_or_is_counted() {
    let cut = log_file(&[r#"{"eventName":"A"}"#, r#"{"eventName":"B"}"#]);
    let cut = cut[..cut.len() - 12].to_vec();
    let odd = br#"{"Records":[{"eventName":"C"}, oops, {"eventName":"D"}]}"#.to_vec();
    let damaged =
        || files([("AWSLogs/cut.json.gz".to_owned(), cut.clone()), ("AWSLogs/odd.json.gz".to_owned(), odd.clone())]);
    let statement = "SELECT eventname FROM cloudtrail_logs";
    let error = ask(damaged(), statement).await.expect_err("damage");
    assert_eq!(error.class.name(), "HIVE_BAD_DATA");
    assert!(
        error.message.starts_with("s3://logs/AWSLogs/") && error.message.contains("is damaged at record"),
        "{error}"
    );
    let (rows, counts) = ask(LogFiles { skips_damage: true, ..damaged() }, statement).await.expect("the rest");
    assert!(rows.ends_with(&["C".to_owned(), "D".to_owned()]), "{rows:?}");
    assert_eq!((counts.damaged(), counts.damage().len()), (2, 2));
}

/// A bucket that nobody may read.
#[derive(Debug)]
struct Shut;

#[async_trait]
impl Objects for Shut {
    async fn list(&self, _: &str, _: Option<&str>) -> Result<Vec<Listed>, Error> {
        Err(Error::access_denied("no"))
    }

    async fn get(&self, _: &str) -> Result<Option<Object>, Error> {
        Err(Error::access_denied("no"))
    }
}

/// The bucket `logs`, as [`some`] has it, among others that are shut.
fn places() -> LogPlaces {
    LogPlaces::new(|bucket, prefix| {
        let files = LogFiles { prefix: prefix.to_owned(), name: format!("s3://{bucket}/"), ..some() };
        if bucket == "logs" { files } else { LogFiles { place: Arc::new(Shut), ..files } }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_tables() {
    let places = places();
    let statement = "SELECT cloudtrail_logs.region, count(*) \
        FROM \"s3://logs/AWSLogs/\".cloudtrail_logs JOIN \"s3://logs/AWSLogs/222222222222/\" AS other \
          ON other.eventname = cloudtrail_logs.eventname AND other.region = cloudtrail_logs.region AND other.date = cloudtrail_logs.date \
        WHERE cloudtrail_logs.date = '2026/02/01' AND other.date = '2026/02/01' AND cloudtrail_logs.account = '111111111111' \
        GROUP BY 1";
    let prepared = prepare(statement, &places, 0).expect("both are tables");
    assert_eq!(lines(&prepared).await.expect("an answer"), ["eu-west-1|2", "us-east-1|2"]);
    let counts = places.counts();
    assert_eq!((counts.files(), counts.records()), (4, 8), "of each side one day of one account in two Regions");
    assert!(counts.bytes() > 0);
    assert_eq!(places.named().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_places_that_can_be_read_are_read() {
    let places = places();
    for statement in ["TABLE \"s3:///x\"", "TABLE \"file:///etc\"", "TABLE cloudtrail_logs", "TABLE a.\"s3://logs\""] {
        assert_eq!(prepare(statement, &places, 0).expect_err(statement).class, ErrorClass::TableNotFound);
    }
    let prepared = prepare("TABLE \"s3://shut/x\"", &places, 0).expect("whether it can be read is another question");
    let problem = "Files of s3://shut/x can't be listed: AccessDenied: no";
    assert_eq!(lines(&prepared).await.expect_err("it is shut").to_string(), problem);
    let named = places.named();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].check().await.expect_err("it is shut").to_string(), problem);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beyond_the_bound_fail_the_query() {
    let small = LogFiles { file_bytes_max: 10, ..some() };
    let error = ask(small, "SELECT count(*) FROM cloudtrail_logs").await.expect_err("too large");
    assert!(error.message.contains("and 10 are the most"), "{error}");
}
