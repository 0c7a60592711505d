//! Real records, where a folder of them is at hand: each comes back as it went in, and is found by what it says.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bytes::Bytes;
use opentrail_model::{Filter, Terms, View};
use opentrail_stdx::{SystemDisk, Timestamp};

use super::*;
use crate::format::row::TimeRange;

fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = std::env::var_os("OPENTRAIL_SHARED").map_or_else(beside, PathBuf::from).join("data");
    folder.is_dir().then_some(folder)
}

fn rows() -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    let mut paths: Vec<_> =
        std::fs::read_dir(folder()?).expect("a folder").map(|it| it.expect("a file").path()).collect();
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "gz")) {
        let file = std::fs::File::open(&path).expect("a file of records");
        for line in std::io::BufRead::lines(std::io::BufReader::new(flate2::read::GzDecoder::new(file))) {
            let record = Bytes::from(line.expect("a line"));
            let time = describe(&record).time.unwrap_or(Timestamp::EPOCH);
            rows.push(Row { position: rows.len() as u64, time, record });
        }
    }
    Some(sorted(rows))
}

#[test]
fn real_records_come_back_as_they_went_in() {
    let Some(rows) = rows() else {
        eprintln!("SKIPPED: no folder of real records (set OPENTRAIL_SHARED)");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let options = SegmentOptions::new(Table::Events, Stay::Medium);
    let facts =
        write_segment(&SystemDisk, folder.path(), NAME, rows.iter().cloned().map(Ok), &options).expect("a disk");
    let segment = Segment::open(&SystemDisk, folder.path(), NAME, &facts).expect("a segment");
    let again: Vec<Row> = segment.rows().and_then(Iterator::collect).expect("undamaged");
    assert!(again == rows, "a record came back changed");
    assert_eq!(
        rebuild_index(&SystemDisk, folder.path(), NAME, Table::Events, facts.orc_crc).expect("from the ORC file"),
        facts
    );
    eprintln!("{} real records: {facts:?}", rows.len());

    let memory = MemorySegment::new(testing::filed(&rows));
    let mut counts: BTreeMap<(Attribute, String), usize> = BTreeMap::new();
    for row in &rows {
        let view = View::parse(&row.record).expect("a record");
        for (attribute, term) in Terms::of(&view).iter() {
            *counts.entry((attribute, term.to_owned())).or_default() += 1;
        }
    }
    for ((attribute, value), count) in counts.into_iter().filter(|((attribute, _), _)| *attribute != Attribute::EventId)
    {
        let filter = Filter::Is { attribute, value };
        let hits = segment.lookup(&filter, TimeRange::default(), None, usize::MAX).expect("undamaged");
        assert_eq!(hits.len(), count, "{filter:?}");
        assert_eq!(memory.lookup(&filter, TimeRange::default(), None, usize::MAX).expect("undamaged"), hits);
    }
}
