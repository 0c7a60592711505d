use std::path::Path;

use opentrail_model::{Attribute, Filter, Terms, View};
use opentrail_stdx::{Disk, SimDisk};
use proptest::prelude::*;

use super::*;
use crate::format::FormatError;
use crate::format::plan::{self, Part, TermIndex};
use crate::format::row::{Place, Row, describe};
use crate::format::rows::{Listed, Rows};
use crate::format::testing;

const PATH: &str = "/lake/a.idx";

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(Row::place);
    rows
}

fn values(rows: &[Row]) -> (Vec<ValuePlace>, Vec<ValueChunk>) {
    let (mut values, mut offset) = (Vec::new(), 0);
    for row in rows {
        let bytes = u32::try_from(row.record.len()).expect("short");
        values.push(ValuePlace { chunk: offset / 1000, offset: offset % 1000, bytes });
        offset += bytes;
    }
    let chunk = |number: u32| ValueChunk {
        offset: u64::from(number) * 100 + 3,
        stored_bytes: 97,
        is_original: number.is_multiple_of(3),
        crc: number,
    };
    (values, (0..=offset / 1000).map(chunk).collect())
}

const ORC: Orc = Orc { bytes: 7, crc: 8, block_bytes: 9 };

fn encode(rows: &[Row]) -> Vec<u8> {
    let mut writer = IndexWriter::default();
    for row in rows {
        let view = View::parse(&row.record).expect("a record");
        writer.push(row.place(), describe(&row.record).hash, &Terms::of(&view));
    }
    let (values, chunks) = values(rows);
    writer.finish(Vec::new(), ORC, Totals { record_bytes: 1, mistyped: 2 }, &values, &chunks).expect("memory")
}

fn disk_with(bytes: &[u8]) -> SimDisk {
    let disk = SimDisk::new(1);
    disk.create_dir_all(Path::new("/lake")).expect("a disk");
    disk.create(Path::new(PATH)).and_then(|mut file| file.write_at(0, bytes)).expect("a disk");
    disk
}

fn open(disk: &SimDisk) -> Result<Index, FormatError> {
    Index::open(disk, Path::new(PATH))
}

/// An index whose event ids are looked up in the rows.
struct Subject<'s> {
    index: &'s Index,
    rows: &'s [Row],
}

impl Subject<'_> {
    fn by_id(&self, filter: &Filter) -> Rows<'_> {
        let rows = (0_u32..).zip(self.rows).filter(|(_, row)| testing::matches(row, filter)).map(|(number, _)| number);
        Box::new(Listed::new(rows.collect::<Vec<_>>()))
    }
}

impl TermIndex for Subject<'_> {
    fn row_count(&self) -> u32 {
        self.index.row_count()
    }

    fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError> {
        match attribute {
            Attribute::EventId => Ok(self.by_id(&Filter::Is { attribute, value: value.to_owned() })),
            _ => self.index.rows_of_term(attribute, value),
        }
    }

    fn rows_of_part(&self, attribute: Attribute, part: Part<'_>) -> Result<Rows<'_>, FormatError> {
        match (attribute, part) {
            (Attribute::EventId, Part::Prefix(value)) => {
                Ok(self.by_id(&Filter::Prefix { attribute, value: value.to_owned() }))
            }
            (Attribute::EventId, Part::Contains(value)) => {
                Ok(self.by_id(&Filter::Contains { attribute, value: value.to_owned() }))
            }
            _ => self.index.rows_of_part(attribute, part),
        }
    }

    fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError> {
        self.index.rows_of_attribute(attribute)
    }
}

/// What an index should tell of rows.
struct Truth<'t> {
    rows: &'t [Row],
    answers: Vec<(&'t Filter, Vec<u32>)>,
    hashes: Vec<u64>,
    values: Vec<ValuePlace>,
    chunks: Vec<ValueChunk>,
}

impl<'t> Truth<'t> {
    fn of(rows: &'t [Row], filters: &'t [Filter]) -> Self {
        let answer = |filter: &'t Filter| {
            let matching = (0_u32..).zip(rows).filter(|(_, row)| testing::matches(row, filter));
            let mut numbers: Vec<u32> = matching.map(|(number, _)| number).collect();
            numbers.reverse();
            (filter, numbers)
        };
        let (values, chunks) = values(rows);
        let hashes = rows.iter().map(|row| describe(&row.record).hash).collect();
        Self { rows, answers: filters.iter().map(answer).collect(), hashes, values, chunks }
    }

    /// Asks the index everything, of some rows; an error is passed on.
    fn check(&self, index: &Index) -> Result<(), FormatError> {
        let subject = Subject { index, rows: self.rows };
        let count = index.row_count();
        assert_eq!(count as usize, self.rows.len());
        for (filter, expected) in &self.answers {
            let found = plan::newest(plan::plan(filter, &subject)?, 0, count, usize::MAX)?;
            assert_eq!(found, *expected, "{filter:?}");
        }
        for number in (0..count).step_by(1 + self.rows.len() / 25) {
            let (at, row) = (number as usize, &self.rows[number as usize]);
            let (first, places) = index.places_around(number)?;
            assert_eq!(places[(number - first) as usize], row.place());
            assert!(index.position_max_around(number).1 >= row.position);
            assert_eq!(index.rows_before(row.place())?, number);
            assert_eq!(index.rows_before(Place { position: row.position + 1, ..row.place() })?, number + 1);
            assert_eq!(index.value(number)?, self.values[at]);
            assert!(index.rows_of(self.hashes[at])?.contains(&number));
        }
        for (number, chunk) in (0_u32..).zip(&self.chunks).step_by(1 + self.chunks.len() / 5) {
            assert_eq!(index.chunk(number)?, Some(*chunk));
        }
        assert_eq!(index.chunk(u32::try_from(self.chunks.len()).expect("few"))?, None);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn indexes_tell_what_rows_say(
        rows in prop_oneof![4 => testing::rows(1..60), 1 => testing::rows(500..1200)],
        filters in proptest::collection::vec(testing::filter(), 1..8),
    ) {
        let rows = sorted(rows);
        let index = open(&disk_with(&encode(&rows))).expect("an index");
        Truth::of(&rows, &filters).check(&index).expect("undamaged");
        prop_assert_eq!(index.orc(), ORC);
    }

    #[test]
    fn a_damaged_index_says_so_or_tells_the_truth(
        rows in testing::rows(1..40),
        filters in proptest::collection::vec(testing::filter(), 1..6),
        change in (any::<proptest::sample::Index>(), 1_u8..),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let rows = sorted(rows);
        let mut bytes = encode(&rows);
        match cut {
            Some(cut) => bytes.truncate(cut.index(bytes.len())),
            None => bytes[change.0.index(encode(&rows).len())] ^= change.1,
        }
        let disk = disk_with(&bytes);
        let told = open(&disk).and_then(|index| Truth::of(&rows, &filters).check(&index));
        if let Err(error) = told {
            prop_assert!(matches!(error, FormatError::Damaged { .. }), "{error}");
        }
    }
}

#[test]
fn no_damaged_byte_makes_a_wrong_answer() {
    let row = |position: u64| {
        let record =
            format!(r#"{{"eventID":"{position}","eventName":"Name{}","readOnly":{}}}"#, position % 7, position % 5 > 2);
        Row { position, time: opentrail_stdx::Timestamp::from_secs(1_700_000_000), record: record.into() }
    };
    let rows: Vec<Row> = (0..80).map(row).collect();
    let bytes = encode(&rows);
    let is = |attribute, value: &str| Filter::Is { attribute, value: value.to_owned() };
    let filters = [
        is(Attribute::ReadOnly, "true"),
        Filter::Contains { attribute: Attribute::EventName, value: "3".to_owned() },
        Filter::Has(Attribute::EventId),
    ];
    let truth = Truth::of(&rows, &filters);
    let mut noticed = 0;
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        noticed += usize::from(open(&disk_with(&damaged)).and_then(|index| truth.check(&index)).is_err());
    }
    // The rest wasn't asked for.
    assert!(noticed > bytes.len() / 2, "{noticed} of {}", bytes.len());
}
