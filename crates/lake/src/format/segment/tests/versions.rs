//! Segments that earlier versions wrote: every one still opens and tells the same.

use std::path::PathBuf;

use opentrail_model::Filter;
use opentrail_stdx::{SystemDisk, Timestamp};

use super::*;
use crate::format::row::TimeRange;

/// The versions of which files are stored.
const VERSIONS: [&str; 1] = ["v1"];

fn folder(version: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/segment")).join(version)
}

/// The rows of every stored version.
fn rows() -> Vec<Row> {
    let row = |position: u64| {
        let user = ["alice", "bob", "carol"][usize::try_from(position % 3).expect("small")];
        let error = if position.is_multiple_of(10) { r#","errorCode":"AccessDenied""# } else { "" };
        let record = format!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/{user}","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE{user}","userName":"{user}"}},"eventTime":"2026-01-{:02}T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{}"{error},"requestParameters":{{"bucketName":"b{}","key":"k"}},"responseElements":null,"requestID":"R{position}","eventID":"00000000-0000-4000-8000-{position:012}","readOnly":false,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}}"#,
            1 + position / 50,
            position % 200,
            position % 5,
        );
        let time = describe(record.as_bytes()).time.unwrap_or(Timestamp::EPOCH);
        Row { position: 1000 + position, time, record: record.into() }
    };
    (0..600).map(row).collect()
}

/// Writes the files of the present version; to be run by hand when there is a new one.
fn store(version: &str) {
    let folder = folder(version);
    std::fs::create_dir_all(&folder).expect("a folder");
    let rows = rows().into_iter().map(Ok);
    let facts = write_segment(&SystemDisk, &folder, "segment", rows, &SegmentOptions::new(Table::Events, Stay::Medium))
        .expect("a disk");
    let json = serde_json::to_string_pretty(&facts).expect("JSON");
    std::fs::write(folder.join("facts.json"), json + "\n").expect("a disk");
}

#[test]
fn every_stored_version_still_opens() {
    if std::env::var_os("OPENTRAIL_STORE_SEGMENT").is_some() {
        store("v1");
    }
    for version in VERSIONS {
        let folder = folder(version);
        let facts = std::fs::read_to_string(folder.join("facts.json")).expect("facts");
        let facts: SegmentFacts = serde_json::from_str(&facts).expect("facts");
        let segment = Segment::open(&SystemDisk, &folder, "segment", &facts).expect("a segment");
        segment.verify().expect("whole");
        let again: Vec<Row> = segment.rows().and_then(Iterator::collect).expect("undamaged");
        assert!(again == rows(), "version {version} tells something else");
        let filter = Filter::And(vec![
            Filter::Is { attribute: Attribute::Username, value: "bob".to_owned() },
            Filter::Has(Attribute::ErrorCode),
        ]);
        let hits = segment.lookup(&filter, TimeRange::default(), None, 3).expect("undamaged");
        assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [580, 550, 520], "version {version}");
        let id = "00000000-0000-4000-8000-000000000123".to_owned();
        let filter = Filter::Is { attribute: Attribute::EventId, value: id };
        let hits = segment.lookup(&filter, TimeRange::default(), None, 3).expect("undamaged");
        assert_eq!(hits.iter().map(|hit| hit.row).collect::<Vec<_>>(), [123], "version {version}");
    }
}
