//! The columns of a stripe: what makes Arrow arrays of decoded streams.
//!
//! A column is read in *slots*: the places its parent has for it. Where the parent is null, the file stores nothing
//! and the slot is null.

mod build;
mod decimal;
mod nested;
mod number;
mod presence;
mod text;
mod time;

use std::collections::HashMap;
use std::fmt;

use arrow_array::ArrayRef;
use arrow_buffer::NullBuffer;

pub(crate) use self::build::{Wanted, build};
use self::presence::Presence;
use crate::Error;
use crate::proto::RowIndex;
use crate::read::decode::Positions;

/// A column of a stripe, read forwards.
pub(crate) trait Column: fmt::Debug + Send {
    /// The next slots as an array of `slots.count`.
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error>;

    /// Leaves out the next slots; `count` counts only those where the parent is not null.
    fn skip(&mut self, count: usize) -> Result<(), Error>;

    /// Goes to the begin of a row group.
    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error>;
}

/// The places that a parent has for a column's values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slots<'a> {
    pub(crate) count: usize,
    /// Where the parent itself is not null.
    pub(crate) parent: Option<&'a NullBuffer>,
}

impl Slots<'_> {
    /// Slots of a parent without nulls.
    pub(crate) fn all(count: usize) -> Slots<'static> {
        Slots { count, parent: None }
    }
}

/// The row indexes of a stripe's columns, by column id.
#[derive(Debug, Default)]
pub(crate) struct RowIndexes(pub(crate) HashMap<u32, RowIndex>);

impl RowIndexes {
    /// Where the streams of a column are at the begin of a row group.
    pub(crate) fn positions(&self, column: u32, group: usize) -> Result<Positions<'_>, Error> {
        let entry = self.0.get(&column).and_then(|index| index.entry.get(group));
        let entry = entry
            .ok_or_else(|| Error::corrupt(format!("column {column}"), format!("no row index for row group {group}")))?;
        Ok(Positions::new(&entry.positions))
    }
}

/// How many bytes of arrays may still be made for a batch.
///
/// A few bytes of runs can stand for gigabytes of values, so the file's size does not bound its arrays.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    left: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Budget {
        Budget { limit, left: limit }
    }

    /// Allows `count` values of `each` bytes, or refuses the batch.
    pub(crate) fn charge(&mut self, count: usize, each: usize) -> Result<(), Error> {
        match count.checked_mul(each).and_then(|bytes| self.left.checked_sub(bytes)) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let what =
                    format!("a batch of more than {} bytes (`memory_bytes`; or read fewer rows a batch)", self.limit);
                Err(Error::unsupported("the reader", what))
            }
        }
    }
}

/// Moves `values`, which has one for each valid slot, to their slots.
fn spread<T: Copy + Default>(values: Vec<T>, nulls: Option<&NullBuffer>) -> Vec<T> {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { return values };
    let mut slots = vec![T::default(); nulls.len()];
    let mut from = 0;
    for (begin, end) in nulls.valid_slices() {
        slots[begin..end].copy_from_slice(&values[from..from + (end - begin)]);
        from += end - begin;
    }
    slots
}
