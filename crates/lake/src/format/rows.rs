//! Sets of row numbers that are asked from the end: what filters over an index are made of.

mod bitmap;
mod combine;
mod leaf;

pub(super) use self::bitmap::Bitmap;
pub(super) use self::combine::{And, Not, Or};
pub(super) use self::leaf::{All, Empty, Listed};
use super::FormatError;

/// A set of row numbers.
pub(super) trait RowSet {
    /// The greatest member that is at most `at_most`. From call to call `at_most` never rises.
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError>;

    /// About how many members there are; never less than there are.
    fn size_max(&self) -> u32;

    /// Adds all members to `into`, at once instead of one after the other. Only a set that was not asked yet is gathered.
    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        gather_each(self, into)
    }
}

/// Adds the members of a set one after the other.
fn gather_each(set: &mut (impl RowSet + ?Sized), into: &mut Bitmap) -> Result<(), FormatError> {
    let mut at_most = into.rows().checked_sub(1);
    while let Some(row) = at_most.map(|highest| set.seek(highest)).transpose()?.flatten() {
        into.insert(row);
        at_most = row.checked_sub(1);
    }
    Ok(())
}

/// A set whose members are found when they are asked for.
pub(super) type Rows<'i> = Box<dyn RowSet + 'i>;

/// A set of few terms is asked term by term; of more, their rows are gathered in a bitmap first.
pub(super) const TERMS_ASKED_MAX: usize = 16;
