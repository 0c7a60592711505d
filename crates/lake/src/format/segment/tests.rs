mod counts;
mod damage;
mod real;
mod versions;

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use opentrail_model::Attribute;
use opentrail_orc::{CompareOp, Predicate, Scalar};
use opentrail_stdx::{Disk, SimDisk};
use proptest::prelude::*;

use super::*;
use crate::format::FormatError;
use crate::format::columns::CHECKSUM;
use crate::format::memory::MemorySegment;
use crate::format::row::{Hit, Place, Row, SegmentFacts, describe};
use crate::format::testing::{self, Question};

const DIR: &str = "/lake";
const NAME: &str = "a";

fn dir() -> &'static Path {
    Path::new(DIR)
}

fn disk() -> SimDisk {
    let disk = SimDisk::new(1);
    disk.create_dir_all(dir()).expect("a disk");
    disk
}

/// Small pieces, so that few rows have several.
fn options() -> SegmentOptions {
    let (zstd_level, compression_block_bytes, stripe_bytes) = (1, 4096, 256 * 1024);
    SegmentOptions { table: Table::Events, zstd_level, compression_block_bytes, stripe_bytes }
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(Row::place);
    rows
}

fn write(disk: &dyn Disk, rows: &[Row]) -> Result<SegmentFacts, FormatError> {
    write_segment(disk, dir(), NAME, rows.iter().cloned().map(Ok), &options())
}

fn open(disk: &dyn Disk, facts: &SegmentFacts) -> Result<Segment, FormatError> {
    Segment::open(disk, dir(), NAME, facts)
}

fn places(hits: &[Hit]) -> Vec<Place> {
    hits.iter().map(|hit| hit.place).collect()
}

/// Asks a segment and looks at the records that it answers; an error is passed on.
fn check(segment: &Segment, rows: &[Row], question: &Question) -> Result<(), FormatError> {
    let Question { filter, range, after, limit } = question;
    let hits = segment.lookup(filter, *range, *after, *limit)?;
    assert_eq!(places(&hits), testing::truth(rows, question), "{question:?}");
    for hit in hits.iter().step_by(1 + hits.len() / 10) {
        assert_eq!(segment.record(hit.row)?, rows[hit.row as usize].record);
    }
    let after = after.map(|after| after.position);
    let hits = segment.arrivals(after, filter, *limit)?;
    assert_eq!(places(&hits), testing::arrived(rows, after, filter, *limit), "{question:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn answers_are_those_of_the_filter(
        rows in prop_oneof![3 => testing::rows(1..60), 1 => testing::rows(500..700)],
        questions in proptest::collection::vec(testing::question(), 1..8),
    ) {
        let rows = sorted(rows);
        let disk = disk();
        let facts = write(&disk, &rows).expect("a disk");
        let segment = open(&disk, &facts).expect("a segment").with_chunks(&Arc::new(ChunkCache::new(10_000)));
        segment.verify().expect("whole");
        let memory = MemorySegment::new(testing::filed(&rows));
        for question in &questions {
            check(&segment, &rows, question).expect("undamaged");
            let Question { filter, range, after, limit } = question;
            prop_assert_eq!(
                segment.lookup(filter, *range, *after, *limit).expect("undamaged"),
                memory.lookup(filter, *range, *after, *limit).expect("undamaged")
            );
        }
        let again: Vec<Row> = segment.rows().and_then(Iterator::collect).expect("undamaged");
        prop_assert_eq!(&again, &rows);
        for (number, row) in (0_u32..).zip(&rows).step_by(17) {
            let hash = describe(&row.record).hash;
            prop_assert!(segment.rows_of(hash).expect("undamaged").contains(&number));
            prop_assert_eq!(segment.rows_of(hash).expect("undamaged"), memory.rows_of(hash));
        }
    }
}

/// Rows with records of some kilobytes, and one that is larger than any chunk.
fn large_rows() -> Vec<Row> {
    let row = |position: u64| {
        let pad = if position == 5 { 50_000 } else { 700 * usize::try_from(position % 5).expect("small") };
        let noise: String =
            (0..pad).map(|n| char::from(b'a' + u8::try_from((n * n / 7 + n) % 26).expect("small"))).collect();
        let record =
            format!(r#"{{"eventID":"id-{position}","eventName":"N{}","errorMessage":"{noise}"}}"#, position % 3);
        Row { position, time: opentrail_stdx::Timestamp::from_secs(1_700_000_000), record: record.into() }
    };
    (0..60).map(row).collect()
}

#[test]
fn texts_may_span_chunks() {
    let (disk, rows) = (disk(), large_rows());
    let facts = write(&disk, &rows).expect("a disk");
    let segment = open(&disk, &facts).expect("a segment");
    for (number, row) in (0_u32..60).zip(&rows).rev() {
        assert_eq!(segment.record(number).expect("undamaged"), row.record);
    }
}

#[test]
fn facts_tell_what_was_written() {
    let (disk, rows) = (disk(), large_rows());
    let facts = write(&disk, &rows).expect("a disk");
    let bytes = |file: String| disk.read(&dir().join(file)).expect("there");
    let (orc, idx) = (bytes(format!("{NAME}.orc")), bytes(format!("_{NAME}.idx")));
    assert_eq!((facts.rows, facts.position_min, facts.position_max, facts.mistyped), (60, 0, 59, 0));
    assert_eq!((facts.time_min_ms, facts.time_max_ms), (1_700_000_000_000, 1_700_000_000_000));
    assert_eq!(facts.record_bytes, rows.iter().map(|row| row.record.len() as u64).sum::<u64>());
    assert_eq!((facts.orc_bytes, facts.orc_crc), (orc.len() as u64, crc_fast::crc32_iscsi(&orc)));
    assert_eq!((facts.idx_bytes, facts.idx_crc), (idx.len() as u64, crc_fast::crc32_iscsi(&idx)));
    let again: SegmentFacts =
        serde_json::from_str(&serde_json::to_string(&facts).expect("JSON")).expect("the same facts");
    assert_eq!(again, facts);
}

#[test]
fn what_has_no_place_in_a_segment_is_refused() {
    let disk = disk();
    assert!(matches!(write(&disk, &[]), Err(FormatError::RowCount { rows: 0 })));
    let mut rows = large_rows();
    rows.swap(3, 4);
    assert!(matches!(write(&disk, &rows), Err(FormatError::OutOfOrder { position: 3 })));
    let mut rows = large_rows();
    rows[2].record = bytes::Bytes::from_static(b"{\"a\":\"\xff\"}");
    assert!(matches!(write(&disk, &rows), Err(FormatError::Record { position: 2, .. })));
    // What is no JSON object is kept as it is, and counted.
    rows[2].record = bytes::Bytes::from_static(b"{\"eventName\":");
    let facts = write(&disk, &rows).expect("leftovers are overwritten");
    assert_eq!(facts.mistyped, 1);
    assert_eq!(open(&disk, &facts).and_then(|segment| segment.record(2)).expect("undamaged"), rows[2].record);
}

#[test]
fn an_index_is_made_again_from_its_orc_file() {
    let (disk, mut rows) = (disk(), large_rows());
    rows[7].record = bytes::Bytes::from_static(br#"{"eventName":5,"requestParameters":[],"requestID":"r"}"#);
    let facts = write(&disk, &rows).expect("a disk");
    let idx = dir().join(format!("_{NAME}.idx"));
    let before = disk.read(&idx).expect("there");
    disk.remove(&idx).expect("there");
    assert!(matches!(open(&disk, &facts), Err(FormatError::Io { .. })));
    assert_eq!(rebuild_index(&disk, dir(), NAME, Table::Events, facts.orc_crc).expect("from the ORC file"), facts);
    assert_eq!(disk.read(&idx).expect("there"), before);
    open(&disk, &facts).and_then(|segment| segment.verify()).expect("whole");
}

#[test]
fn files_of_another_segment_are_refused() {
    let disk = disk();
    let facts = write(&disk, &large_rows()).expect("a disk");
    let other =
        write_segment(&disk, dir(), "b", large_rows()[..30].iter().cloned().map(Ok), &options()).expect("a disk");
    assert!(Segment::open(&disk, dir(), "b", &other).is_ok());
    assert!(matches!(Segment::open(&disk, dir(), "b", &facts), Err(FormatError::Damaged { .. })));
    assert!(matches!(Segment::open(&disk, dir(), "c", &facts), Err(FormatError::Io { .. })));
}

#[test]
fn event_ids_are_found_by_their_records() {
    let (disk, rows) = (disk(), large_rows());
    let facts = write(&disk, &rows).expect("a disk");
    let segment = open(&disk, &facts).expect("a segment");
    let attribute = Attribute::EventId;
    let found = |filter: opentrail_model::Filter| {
        let hits = segment.lookup(&filter, crate::format::row::TimeRange::default(), None, 100).expect("undamaged");
        hits.iter().map(|hit| hit.row).collect::<Vec<_>>()
    };
    assert_eq!(found(opentrail_model::Filter::Is { attribute, value: "id-17".to_owned() }), [17]);
    assert_eq!(found(opentrail_model::Filter::Prefix { attribute, value: "id-5".to_owned() }).len(), 11);
    assert_eq!(found(opentrail_model::Filter::Contains { attribute, value: "-1".to_owned() }).len(), 11);
}

#[test]
fn checksums_are_made_when_they_are_read() {
    let (disk, rows) = (disk(), large_rows());
    write(&disk, &rows).expect("a disk");
    let metadata = orc_metadata(&disk, dir(), NAME).expect("a segment");
    let sum = |row: &Row| crate::format::row::checksum(&row.record);
    let predicate = Predicate::compare(CHECKSUM, CompareOp::Eq, Scalar::from(sum(&rows[3]).as_str()));
    for predicate in [None, Some(predicate)] {
        let wanted =
            ColumnsWanted { columns: vec![CHECKSUM.into()], dictionaries: Vec::new(), predicate, stripes: None };
        let read = ColumnRows::open(&disk, dir(), NAME, &metadata, wanted).expect("a segment");
        let sums: Vec<String> = read
            .flat_map(|batch| {
                let batch = batch.expect("undamaged");
                let sums = batch.column_by_name(CHECKSUM).expect("it was asked for").as_string::<i32>().clone();
                sums.iter().flatten().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(sums, rows.iter().map(sum).collect::<Vec<_>>());
    }
}
