//! Sets that are there already.

use super::{Bitmap, RowSet};
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

    fn gather(&mut self, _into: &mut Bitmap) -> Result<(), FormatError> {
        Ok(())
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

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        into.insert_all();
        Ok(())
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

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        self.rows.as_ref().iter().for_each(|row| into.insert(*row));
        Ok(())
    }
}
