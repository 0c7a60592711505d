//! Files that somebody changed, and disks that fail.

use opentrail_model::Filter;
use opentrail_stdx::Fault;

use super::*;
use crate::format::row::TimeRange;

fn questions() -> Vec<Question> {
    let is = |attribute, value: &str| Filter::Is { attribute, value: value.to_owned() };
    let filters = [
        Filter::All,
        is(Attribute::EventName, "N1"),
        is(Attribute::EventId, "id-40"),
        Filter::Contains { attribute: Attribute::EventName, value: "2".to_owned() },
    ];
    let question = |filter| Question { filter, range: TimeRange::default(), after: None, limit: 5 };
    filters.into_iter().map(question).collect()
}

/// Every answer that a segment gives, and every record; an error is passed on.
fn check_all(segment: &Segment, rows: &[Row]) -> Result<(), FormatError> {
    for question in &questions() {
        check(segment, rows, question)?;
    }
    let again = segment.rows()?.collect::<Result<Vec<Row>, _>>()?;
    assert_eq!(again, rows);
    Ok(())
}

#[test]
fn a_damaged_byte_makes_an_error_or_no_difference() {
    let (disk, rows) = (disk(), large_rows());
    let facts = write(&disk, &rows).expect("a disk");
    let whole = open(&disk, &facts).expect("a segment");
    check_all(&whole, &rows).expect("undamaged");
    for (file, bytes) in [(format!("{NAME}.orc"), facts.orc_bytes), (format!("_{NAME}.idx"), facts.idx_bytes)] {
        let path = dir().join(&file);
        let step = usize::try_from(bytes / 150).expect("small").max(1);
        let mut noticed = 0;
        for place in (0..usize::try_from(bytes).expect("small")).step_by(step) {
            disk.tamper(&path, |file| file[place] ^= 0x20).expect("there");
            match open(&disk, &facts) {
                Ok(segment) => {
                    noticed += usize::from(check_all(&segment, &rows).is_err());
                    assert!(matches!(segment.verify(), Err(FormatError::Damaged { .. })), "{file} byte {place}");
                }
                Err(error) => {
                    assert!(matches!(error, FormatError::Damaged { .. }), "{error}");
                    noticed += 1;
                }
            }
            disk.tamper(&path, |file| file[place] ^= 0x20).expect("there");
        }
        assert!(noticed > 0, "{file}");
    }
    check_all(&whole, &rows).expect("mended");
}

#[test]
fn a_damaged_orc_file_makes_no_index() {
    let (disk, rows) = (disk(), large_rows());
    let facts = write(&disk, &rows).expect("a disk");
    let path = dir().join(format!("{NAME}.orc"));
    let bytes = usize::try_from(facts.orc_bytes).expect("small");
    for place in (0..bytes).step_by(bytes / 60) {
        disk.tamper(&path, |file| file[place] ^= 0x20).expect("there");
        let rebuilt = rebuild_index(&disk, dir(), NAME, Table::Events, facts.orc_crc);
        assert!(matches!(rebuilt, Err(FormatError::Damaged { .. })), "byte {place}");
        disk.tamper(&path, |file| file[place] ^= 0x20).expect("there");
        // Put back, the file has its index still.
        open(&disk, &facts).and_then(|segment| segment.verify()).expect("whole");
    }
}

#[test]
fn a_cut_file_is_an_error() {
    let disk = disk();
    let facts = write(&disk, &large_rows()).expect("a disk");
    for file in [format!("{NAME}.orc"), format!("_{NAME}.idx")] {
        let path = dir().join(&file);
        let whole = disk.read(&path).expect("there");
        for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
            disk.tamper(&path, |file| file.truncate(cut)).expect("there");
            assert!(open(&disk, &facts).is_err(), "{file} cut to {cut}");
        }
        disk.tamper(&path, |file| *file = whole).expect("there");
    }
    open(&disk, &facts).expect("mended");
}

#[test]
fn after_any_fault_it_is_whole_or_was_never_told() {
    let rows = large_rows();
    let count = {
        let disk = disk();
        let before = disk.operations();
        write(&disk, &rows).expect("a disk");
        disk.operations() - before
    };
    for operation in 0..count {
        for fault in Fault::ALL {
            let disk = disk();
            disk.plan(disk.operations() + operation, fault);
            let told = write(&disk, &rows);
            disk.clear_plan();
            disk.crash(operation);
            if let Ok(facts) = &told {
                let segment = open(&disk, facts).expect("what was told is there");
                segment.verify().expect("whole");
                check_all(&segment, &rows).expect("whole");
            }
            // The same name can be written again, whatever was left.
            disk.create_dir_all(dir()).expect("a disk");
            let facts = write(&disk, &rows).expect("a working disk");
            open(&disk, &facts).and_then(|segment| segment.verify()).expect("whole");
        }
    }
}
