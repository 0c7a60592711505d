//! Doors for the fuzzer, which is compiled with the feature `fuzzing`: no checksum is compared there.

use std::path::Path;

use opentrail_model::{Attribute, Filter, Terms, View};
use opentrail_stdx::{Disk, SimDisk, Timestamp};

use super::FormatError;
use super::index::{Index, IndexWriter, Orc, Totals, ValueChunk, ValuePlace};
use super::plan::{self, Part, TermIndex};
use super::row::{Row, describe};
use super::rows::{Empty, Rows};

/// The index of some made-up rows.
pub fn index() -> Vec<u8> {
    let mut writer = IndexWriter::default();
    let (mut values, mut chunks) = (Vec::new(), Vec::new());
    for number in 0..700_u32 {
        let record = format!(
            r#"{{"eventID":"{number}","eventName":"Name{}","sourceIPAddress":"192.0.2.{}","readOnly":{}}}"#,
            number % 40,
            number.wrapping_mul(7919) % 256,
            number % 3 == 0
        );
        let time = Timestamp::from_secs(1_700_000_000 + i64::from(number / 9));
        let row = Row { position: u64::from(number), time, record: record.into() };
        let view = View::parse(&row.record).unwrap_or_default();
        writer.push(row.place(), describe(&row.record).hash, &Terms::of(&view));
        values.push(ValuePlace { chunk: number / 9, offset: number % 9 * 80, bytes: 80 });
        chunks.push(ValueChunk { offset: u64::from(number) * 9, stored_bytes: 9, is_original: false, crc: number });
    }
    writer.finish(Vec::new(), Orc::default(), Totals::default(), &values, &chunks).expect("memory can be written to")
}

/// Opens bytes as an index and asks it everything.
pub fn ask_index(bytes: &[u8]) {
    let (disk, dir) = (SimDisk::new(1), Path::new("/lake"));
    let path = dir.join("a.idx");
    let made = disk.create_dir_all(dir).and_then(|()| disk.create(&path)?.write_at(0, bytes));
    made.expect("a disk in memory");
    if let Ok(index) = Index::open(&disk, &path) {
        let rows = index.row_count();
        for row in [0, 1, rows / 2, rows - 1] {
            let _ = index.places_around(row).and_then(|(_, places)| index.rows_before(places[0]));
            let _ = index.value(row).and_then(|value| index.chunk(value.chunk));
            let _ = index.rows_of(u64::from(row) << 40);
        }
        let index = Asked(&index);
        for attribute in Attribute::ALL {
            for value in ["", "Name7", "192.0.2.1", "true", "Management"] {
                let value = value.to_owned();
                let is = Filter::Is { attribute, value: value.clone() };
                let prefix = Filter::Prefix { attribute, value: value.clone() };
                let part = Filter::Not(Box::new(Filter::Contains { attribute, value }));
                for filter in [Filter::And(vec![prefix, part]), is, Filter::Has(attribute)] {
                    let _ = plan::plan(&filter, &index).and_then(|set| plan::newest(set, 1, rows, 100));
                }
            }
        }
    }
}

/// An index without the records that event ids are looked up in.
struct Asked<'a>(&'a Index);

impl TermIndex for Asked<'_> {
    fn row_count(&self) -> u32 {
        self.0.row_count()
    }

    fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError> {
        self.0.rows_of_term(attribute, value)
    }

    fn rows_of_part(&self, attribute: Attribute, part: Part<'_>) -> Result<Rows<'_>, FormatError> {
        if attribute == Attribute::EventId { Ok(Box::new(Empty)) } else { self.0.rows_of_part(attribute, part) }
    }

    fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError> {
        self.0.rows_of_attribute(attribute)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_changed_index_panics(changes in proptest::collection::vec((any::<proptest::sample::Index>(), 1_u8..), 1..6)) {
            let mut bytes = index();
            for (place, change) in changes {
                let place = place.index(bytes.len());
                bytes[place] ^= change;
            }
            ask_index(&bytes);
        }
    }
}
