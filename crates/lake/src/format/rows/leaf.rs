//! Sets that are there already.

use super::RowSet;
use crate::format::FormatError;

/// No row.
pub(in crate::format) struct Empty;

impl RowSet for Empty {
    fn seek(&mut self, _at_most: u32) -> Result<Option<u32>, FormatError> {
        Ok(None)
    }

    fn size_max(&self) -> u32 {
        0
    }
}

/// Every row of a segment of so many.
pub(in crate::format) struct All(pub(in crate::format) u32);

impl RowSet for All {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        Ok(self.0.checked_sub(1).map(|last| last.min(at_most)))
    }

    fn size_max(&self) -> u32 {
        self.0
    }
}

/// Rows in ascending order.
pub(in crate::format) struct Listed<L> {
    rows: L,
    /// Rows from here on are greater than what was last asked for.
    end: usize,
}

impl<L: AsRef<[u32]>> Listed<L> {
    pub(in crate::format) fn new(rows: L) -> Self {
        let end = rows.as_ref().len();
        Self { rows, end }
    }
}

impl<L: AsRef<[u32]>> RowSet for Listed<L> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let rows = self.rows.as_ref();
        // Mostly the answer is close: look in steps that double, then between the last two.
        let mut step = 1;
        let mut low = self.end;
        while low > 0 && rows[low - 1] > at_most {
            self.end = low - 1;
            low = low.saturating_sub(step);
            step *= 2;
        }
        self.end = low + rows[low..self.end].partition_point(|row| *row <= at_most);
        Ok(self.end.checked_sub(1).map(|last| rows[last]))
    }

    fn size_max(&self) -> u32 {
        u32::try_from(self.rows.as_ref().len()).unwrap_or(u32::MAX)
    }
}

/// A bit for each row of a segment.
pub(in crate::format) struct Bitmap {
    words: Vec<u64>,
    members: u32,
}

impl Bitmap {
    /// The empty set in a segment of `rows` rows.
    pub(in crate::format) fn new(rows: u32) -> Self {
        Self { words: vec![0; rows.div_ceil(64) as usize], members: 0 }
    }

    /// Adds a row; one that the segment doesn't have is none.
    pub(in crate::format) fn insert(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            let bit = 1_u64 << (row % 64);
            self.members += u32::from(*word & bit == 0);
            *word |= bit;
        }
    }
}

impl RowSet for Bitmap {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let mut index = at_most as usize / 64;
        let mut mask = u64::MAX >> (63 - at_most % 64);
        if index >= self.words.len() {
            let Some(last) = self.words.len().checked_sub(1) else { return Ok(None) };
            (index, mask) = (last, u64::MAX);
        }
        loop {
            let word = self.words[index] & mask;
            if word != 0 {
                let bit = 63 - word.leading_zeros();
                return Ok(u32::try_from(index).ok().map(|index| index * 64 + bit));
            }
            let Some(before) = index.checked_sub(1) else { return Ok(None) };
            (index, mask) = (before, u64::MAX);
        }
    }

    fn size_max(&self) -> u32 {
        self.members
    }
}
