//! Real records, where a folder of them is at hand: each is read, and has what every record has.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use opentrail_model::{EventCategory, Routed, Selectors};

fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = std::env::var_os("OPENTRAIL_SHARED").map_or_else(beside, PathBuf::from).join("data");
    folder.is_dir().then_some(folder)
}

fn records() -> Option<Vec<String>> {
    let mut records = Vec::new();
    for entry in std::fs::read_dir(folder()?).expect("folder of records") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "gz") {
            let file = std::fs::File::open(&path).expect("file of records");
            records.extend(BufReader::new(GzDecoder::new(file)).lines().map(|line| line.expect("a line")));
        }
    }
    Some(records)
}

#[test]
fn real_records_are_read() {
    let Some(records) = records() else {
        eprintln!("SKIPPED: no folder of real records (set OPENTRAIL_SHARED)");
        return;
    };
    let mut counts = BTreeMap::new();
    let everything = Selectors::default();
    for record in &records {
        let event = Routed::parse(record.as_bytes()).expect("a record");
        let is_aggregated = event.category == EventCategory::Aggregated;
        assert!(event.event_source.is_some() || event.category == EventCategory::Insight, "{record}");
        assert!(event.event_instant().is_some() || is_aggregated || event.event_time.is_some(), "{record}");
        assert_ne!(event.category, EventCategory::Other, "{record}");
        assert_eq!(everything.matches(&event), event.category == EventCategory::Management, "{record}");
        *counts.entry(event.category.as_str()).or_insert(0) += 1;
    }
    eprintln!("{} real records: {counts:?}", records.len());
    assert!(counts.contains_key("Management"));
}
