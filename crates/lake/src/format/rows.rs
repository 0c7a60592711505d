//! Sets of row numbers that are asked from the end: what filters over an index are made of.

mod combine;
mod leaf;

pub(super) use self::combine::{And, Not, Or};
pub(super) use self::leaf::{All, Bitmap, Empty, Listed};
use super::FormatError;

/// A set of row numbers.
pub(super) trait RowSet {
    /// The greatest member that is at most `at_most`. From call to call `at_most` never rises.
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError>;

    /// About how many members there are; never less than there are.
    fn size_max(&self) -> u32;
}

/// A set whose members are found when they are asked for.
pub(super) type Rows<'i> = Box<dyn RowSet + 'i>;

/// A set of few terms is asked term by term; of more, their rows are gathered in a bitmap first.
pub(super) const TERMS_ASKED_MAX: usize = 16;
