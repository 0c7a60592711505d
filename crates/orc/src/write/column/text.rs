//! Strings: a dictionary while it pays, their bytes otherwise.

mod dictionary;
mod profit;

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_bytes;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::dictionary::Dictionary;
use crate::write::statistics::{Kind, Texts};
use crate::write::stream::{IntStream, OutStream, Packer};
use arrow_array::cast::AsArray;
use arrow_array::types::ArrowDictionaryKeyType;
use arrow_array::{Array, DictionaryArray, GenericStringArray, OffsetSizeTrait, downcast_dictionary_array};
use arrow_schema::DataType;

/// How long a value may be, and whether shorter ones are padded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    None,
    /// Of a varchar, characters.
    Varchar(usize),
    /// Of a char, characters.
    Char(usize),
}

#[derive(Debug)]
pub(super) struct Strings {
    limit: Limit,
    /// Whether stripes begin with a dictionary at all.
    tries_dictionary: bool,
    /// Whether the stripe still has one.
    has_dictionary: bool,
    dictionary: Dictionary,
    /// The largest dictionary, bytes.
    dictionary_bytes_max: usize,
    /// The entry of each row.
    entries: Vec<u32>,
    /// Where in `entries` each row group starts.
    starts: Vec<usize>,
    /// The row group that had each entry last: an entry is learnt from once in a row group.
    last_group: Vec<u32>,
    /// Of all rows of the stripe that are in `entries`.
    value_bytes: usize,
    data: OutStream,
    lengths: IntStream,
    references: IntStream,
    dictionary_data: OutStream,
    statistics: Texts,
    /// A padded value; kept to spare allocations.
    padded: Vec<u8>,
}

impl Strings {
    pub(super) fn new(limit: Limit, tries_dictionary: bool, dictionary_bytes_max: usize) -> Self {
        Self {
            limit,
            tries_dictionary,
            has_dictionary: tries_dictionary,
            dictionary: Dictionary::default(),
            dictionary_bytes_max,
            entries: Vec::new(),
            starts: Vec::new(),
            last_group: Vec::new(),
            value_bytes: 0,
            data: OutStream::bytes(),
            lengths: IntStream::unsigned(),
            references: IntStream::unsigned(),
            dictionary_data: OutStream::bytes(),
            statistics: Texts::default(),
            padded: Vec::new(),
        }
    }

    fn append_each<'a>(
        &mut self,
        rows: &Rows,
        value: impl Fn(usize) -> &'a str,
        bloom: &mut Option<&mut Bloom>,
    ) -> Result<(), Refused> {
        for row in rows.iter().flat_map(Clone::clone) {
            let value = value(row).as_bytes();
            match self.limit {
                Limit::None => self.push(value, bloom),
                Limit::Varchar(most) => {
                    check_length(value, most, row)?;
                    self.push(value, bloom);
                }
                Limit::Char(length) => {
                    let characters = check_length(value, length, row)?;
                    let mut padded = std::mem::take(&mut self.padded);
                    padded.clear();
                    padded.extend_from_slice(value);
                    padded.resize(value.len() + length - characters, b' ');
                    self.push(&padded, bloom);
                    self.padded = padded;
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, value: &[u8], bloom: &mut Option<&mut Bloom>) {
        self.statistics.add_bytes(value.len());
        if self.has_dictionary {
            match self.entry_of(value) {
                Some(entry) => return self.push_entry(entry, value, bloom),
                None => self.give_up_dictionary(),
            }
        }
        self.statistics.widen(value);
        if let Some(bloom) = bloom {
            bloom.add(hash_bytes(value));
        }
        self.data.raw().extend_from_slice(value);
        self.lengths.push(value.len() as i64);
    }

    /// The entry of a value; that of the row before is tried first, since many columns change seldom.
    fn entry_of(&mut self, value: &[u8]) -> Option<u32> {
        if let Some(last) = self.entries.last()
            && self.dictionary.value(*last) == value
        {
            return Some(*last);
        }
        self.dictionary.insert(value)
    }

    fn push_entry(&mut self, entry: u32, value: &[u8], bloom: &mut Option<&mut Bloom>) {
        self.entries.push(entry);
        self.value_bytes += value.len();
        let group = self.starts.len() as u32;
        if self.last_group.len() <= entry as usize {
            self.last_group.resize(entry as usize + 1, 0);
        }
        if self.last_group[entry as usize] != group {
            self.last_group[entry as usize] = group;
            self.statistics.widen(value);
            if let Some(bloom) = bloom {
                bloom.add(hash_bytes(value));
            }
        }
    }

    /// Values that lie one after the other go as one piece, when nothing else is to be done with each.
    fn append_strings<O: OffsetSizeTrait>(
        &mut self,
        array: &GenericStringArray<O>,
        rows: &Rows,
        bloom: &mut Option<&mut Bloom>,
    ) -> Result<(), Refused> {
        if self.has_dictionary || !matches!(self.limit, Limit::None) {
            return self.append_each(rows, |row| array.value(row), bloom);
        }
        let (offsets, bytes) = (array.value_offsets(), array.value_data());
        for range in rows.iter().filter(|range| !range.is_empty()) {
            let run = &offsets[range.start..=range.end];
            let (start, end) = (run[0].as_usize(), run[range.len()].as_usize());
            self.statistics.add_bytes(end - start);
            self.data.raw().extend_from_slice(&bytes[start..end]);
            self.lengths.extend(run.windows(2).map(|pair| (pair[1] - pair[0]).as_usize() as i64));
            for pair in run.windows(2) {
                let value = &bytes[pair[0].as_usize()..pair[1].as_usize()];
                self.statistics.widen(value);
                if let Some(bloom) = bloom {
                    bloom.add(hash_bytes(value));
                }
            }
        }
        Ok(())
    }

    fn append_dictionary<K: ArrowDictionaryKeyType>(
        &mut self,
        array: &DictionaryArray<K>,
        rows: &Rows,
        bloom: &mut Option<&mut Bloom>,
    ) -> Result<(), Refused> {
        let key = |row: usize| array.key(row).expect("rows that are null don't come here");
        match array.values().data_type() {
            DataType::Utf8 => {
                let values = array.values().as_string::<i32>();
                self.append_each(rows, |row| values.value(key(row)), bloom)
            }
            DataType::LargeUtf8 => {
                let values = array.values().as_string::<i64>();
                self.append_each(rows, |row| values.value(key(row)), bloom)
            }
            DataType::Utf8View => {
                let values = array.values().as_string_view();
                self.append_each(rows, |row| values.value(key(row)), bloom)
            }
            _ => Err(Refused::Type),
        }
    }
}

/// The characters of a value, which may be `most`.
fn check_length(value: &[u8], most: usize, row: usize) -> Result<usize, Refused> {
    let characters = value.iter().filter(|byte| *byte & 0xc0 != 0x80).count();
    if characters <= most {
        return Ok(characters);
    }
    Err(Refused::Value { row, problem: format!("{characters} characters where the type allows {most}") })
}

impl Values for Strings {
    fn append(&mut self, array: &dyn Array, rows: &Rows, mut bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let bloom = &mut bloom;
        match array.data_type() {
            DataType::Utf8 => self.append_strings::<i32>(downcast(array)?, rows, bloom)?,
            DataType::LargeUtf8 => self.append_strings::<i64>(downcast(array)?, rows, bloom)?,
            DataType::Utf8View => {
                let values = array.as_string_view();
                self.append_each(rows, |row| values.value(row), bloom)?;
            }
            DataType::Dictionary(_, _) => downcast_dictionary_array!(
                array => self.append_dictionary(array, rows, bloom)?,
                _ => return Err(Refused::Type)
            ),
            _ => return Err(Refused::Type),
        }
        if self.has_dictionary && self.is_hopeless() {
            self.give_up_dictionary();
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.lengths.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        self.statistics.cut();
        Kind::Texts(std::mem::take(&mut self.statistics))
    }

    fn mark(&mut self) {
        if self.has_dictionary {
            self.starts.push(self.entries.len());
        } else {
            self.data.mark();
            self.lengths.out().mark();
        }
    }

    fn end_stripe(&mut self, packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        if self.has_dictionary && self.pays() {
            return Ok(self.write_dictionary());
        }
        if self.has_dictionary {
            self.spell_out(&mut |data, lengths| {
                data.settle(packer)?;
                lengths.out().settle(packer)
            })?;
            self.lengths.flush();
            self.end_dictionary();
        }
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        if !self.has_dictionary {
            visit(StreamKind::Data, &mut self.data)?;
            return visit(StreamKind::Length, self.lengths.out());
        }
        visit(StreamKind::Data, self.references.out())?;
        visit(StreamKind::Length, self.lengths.out())?;
        visit(StreamKind::DictionaryData, &mut self.dictionary_data)
    }

    fn buffered_bytes(&self) -> usize {
        let encoded = self.data.buffered_bytes() + self.lengths.buffered_bytes();
        encoded + self.dictionary.value_bytes() + 20 * self.dictionary.len() + 4 * self.entries.len()
    }

    fn memory_bytes(&self) -> usize {
        let streams = self.data.memory_bytes() + self.lengths.memory_bytes() + self.references.memory_bytes();
        let dictionary = self.dictionary.memory_bytes() + self.dictionary_data.memory_bytes();
        streams + dictionary + 4 * (self.entries.capacity() + self.last_group.capacity()) + self.padded.capacity()
    }

    fn reset(&mut self) {
        self.data.reset();
        self.lengths.out().reset();
        self.references.out().reset();
        self.dictionary_data.reset();
        self.dictionary.clear();
        self.entries.clear();
        self.last_group.clear();
        self.starts.clear();
        self.value_bytes = 0;
        self.has_dictionary = self.tries_dictionary;
    }
}
