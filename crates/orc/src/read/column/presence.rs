//! Which slots of a column are null.

use arrow_buffer::{BooleanBufferBuilder, NullBuffer};

use crate::Error;
use crate::read::column::Slots;
use crate::read::decode::Positions;
use crate::read::decode::boolean::Booleans;

/// The PRESENT stream of a column, if it has one: without nulls there is none.
#[derive(Debug)]
pub(super) struct Presence(pub(super) Option<Booleans>);

impl Presence {
    /// The nulls of the next slots: those of the parent and the column's own. Nothing when there are none.
    pub(super) fn read(&mut self, slots: Slots<'_>) -> Result<Option<NullBuffer>, Error> {
        let nulls = match (&mut self.0, slots.parent) {
            (None, None) => return Ok(None),
            (None, Some(parent)) => parent.clone(),
            (Some(present), None) => NullBuffer::new(present.read(slots.count)?),
            (Some(present), Some(parent)) => {
                let own = present.read(parent.len() - parent.null_count())?;
                let mut bits = BooleanBufferBuilder::new(parent.len());
                let mut from = 0;
                for (begin, end) in parent.valid_slices() {
                    bits.append_n(begin - bits.len(), false);
                    bits.append_buffer(&own.slice(from, end - begin));
                    from += end - begin;
                }
                bits.append_n(parent.len() - bits.len(), false);
                NullBuffer::new(bits.finish())
            }
        };
        Ok((nulls.null_count() > 0).then_some(nulls))
    }

    /// Leaves out `count` slots and says how many of them have a value.
    pub(super) fn skip(&mut self, count: usize) -> Result<usize, Error> {
        match &mut self.0 {
            Some(present) => present.skip(count),
            None => Ok(count),
        }
    }

    pub(super) fn seek(&mut self, positions: &mut Positions<'_>) -> Result<(), Error> {
        match &mut self.0 {
            Some(present) => present.seek(positions),
            None => Ok(()),
        }
    }
}

/// How many of the slots have a value.
pub(super) fn valid_count(count: usize, nulls: Option<&NullBuffer>) -> usize {
    count - nulls.map_or(0, NullBuffer::null_count)
}
