//! Which rows of a column are not null. A stripe without a null has no such stream.

use super::stream::{BitStream, OutStream};

/// Bits are made from the first null on; until then rows are only counted.
#[derive(Debug)]
pub(super) struct Present {
    bits: BitStream,
    has_null: bool,
    /// The rows of each row group so far, while there is no null.
    groups: Vec<usize>,
}

impl Present {
    pub(super) fn new() -> Self {
        Self { bits: BitStream::new(), has_null: false, groups: Vec::new() }
    }

    /// A row group starts here.
    pub(super) fn mark(&mut self) {
        if self.has_null {
            self.bits.mark();
        } else {
            self.groups.push(0);
        }
    }

    /// Appends rows that all are null, or all are not.
    pub(super) fn push_run(&mut self, present: bool, rows: usize) {
        if !present && rows > 0 && !self.has_null {
            self.begin_bits();
        }
        if self.has_null {
            self.bits.push_run(present, rows);
        } else if let Some(group) = self.groups.last_mut() {
            *group += rows;
        }
    }

    /// Makes the bits of the rows counted so far.
    fn begin_bits(&mut self) {
        self.has_null = true;
        for (index, rows) in std::mem::take(&mut self.groups).into_iter().enumerate() {
            if index > 0 {
                self.bits.flush();
            }
            self.bits.mark();
            self.bits.push_run(true, rows);
        }
    }

    /// The row group ends.
    pub(super) fn flush(&mut self) {
        if self.has_null {
            self.bits.flush();
        }
    }

    /// The stripe is complete.
    pub(super) fn end(&mut self) {
        if self.has_null {
            self.bits.end();
        }
    }

    /// The stream, if there is a null.
    pub(super) fn out(&mut self) -> Option<&mut OutStream> {
        if self.has_null { Some(self.bits.out()) } else { None }
    }

    pub(super) fn buffered_bytes(&self) -> usize {
        self.bits.buffered_bytes()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bits.memory_bytes()
    }

    /// Empty again, for the next stripe.
    pub(super) fn reset(&mut self) {
        self.bits.out().reset();
        self.has_null = false;
        self.groups.clear();
    }
}
