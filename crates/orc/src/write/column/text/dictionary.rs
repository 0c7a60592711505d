//! What becomes of a dictionary: written as it is, or spelled out as plain values.

use super::Strings;
use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind};
use crate::write::dictionary::Dictionary;
use crate::write::stream::{IntStream, OutStream};

/// Rows encoded between two compressions, when a whole stripe is encoded at once.
const SETTLE_ROWS: usize = 16_384;

impl Strings {
    /// Writes what the dictionary holds as plain values, and goes on without it.
    pub(super) fn give_up_dictionary(&mut self) {
        self.spell_out(&mut |_, _| Ok(())).expect("nothing fails between the rows");
        self.end_dictionary();
    }

    pub(super) fn end_dictionary(&mut self) {
        self.has_dictionary = false;
        self.dictionary = Dictionary::default();
        self.entries = Vec::new();
        self.last_group = Vec::new();
        self.starts.clear();
        self.value_bytes = 0;
    }

    /// Plain values for the rows so far, with the row groups' marks. Calls `between` now and then.
    pub(super) fn spell_out(
        &mut self,
        between: &mut dyn FnMut(&mut OutStream, &mut IntStream) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut starts = self.starts.iter().peekable();
        for (row, entry) in self.entries.iter().enumerate() {
            while starts.next_if(|start| **start == row).is_some() {
                self.lengths.flush();
                self.data.mark();
                self.lengths.out().mark();
            }
            let value = self.dictionary.value(*entry);
            self.data.raw().extend_from_slice(value);
            self.lengths.push(value.len() as i64);
            if row % SETTLE_ROWS == 0 {
                between(&mut self.data, &mut self.lengths)?;
            }
        }
        for _ in starts {
            self.lengths.flush();
            self.data.mark();
            self.lengths.out().mark();
        }
        Ok(())
    }

    /// The dictionary in the order of its values, and references to it.
    pub(super) fn write_dictionary(&mut self) -> ColumnEncoding {
        let sorted = self.dictionary.sorted();
        let mut ranks = vec![0; sorted.len()];
        for (rank, entry) in sorted.iter().enumerate() {
            ranks[*entry as usize] = rank as i64;
            let value = self.dictionary.value(*entry);
            self.dictionary_data.raw().extend_from_slice(value);
            self.lengths.push(value.len() as i64);
        }
        self.lengths.flush();
        let ends = self.starts.iter().skip(1).copied().chain([self.entries.len()]);
        for (start, end) in self.starts.iter().copied().zip(ends) {
            self.references.out().mark();
            self.references.extend(self.entries[start..end].iter().map(|entry| ranks[*entry as usize]));
            self.references.flush();
        }
        let kind = Some(EncodingKind::DictionaryV2 as i32);
        ColumnEncoding { kind, dictionary_size: Some(sorted.len() as u32), ..ColumnEncoding::default() }
    }
}
