//! Counting rows without looking at any: how many match, when they were, and which values they have.

mod tally;

use opentrail_model::{Attribute, Filter};
use opentrail_stdx::Timestamp;

pub(crate) use self::tally::{Tally, ValueCounts};
use super::FormatError;
use super::plan::{self, TermIndex};
use super::row::TimeRange;
use super::rows::Bitmap;

/// What is counted of the rows that match.
#[derive(Debug)]
pub(crate) struct CountQuestion<'q> {
    pub(crate) filter: &'q Filter,
    pub(crate) range: TimeRange,
    /// When each bucket begins, ascending; it ends where the next begins. There is at least one.
    pub(crate) starts: &'q [Timestamp],
    /// Whose values are counted. Event ids are not: every row has its own.
    pub(crate) facets: &'q [Attribute],
}

/// What rows are counted by.
pub(super) trait CountIndex: TermIndex {
    /// How many rows are earlier than that.
    fn rows_before(&self, time: Timestamp) -> Result<u32, FormatError>;

    /// Calls `each` with every value that rows in `among` have, and with how many of them.
    fn count_terms(
        &self,
        attribute: Attribute,
        among: &Bitmap,
        each: &mut dyn FnMut(&str, u32),
    ) -> Result<(), FormatError>;
}

/// Counts the rows of a segment.
pub(super) fn count(
    index: &dyn CountIndex,
    question: &CountQuestion<'_>,
    tally: &mut Tally,
) -> Result<(), FormatError> {
    let low = question.range.from.map_or(Ok(0), |from| index.rows_before(from))?;
    let end = rows_until(index, question.range.to)?;
    if low >= end {
        return Ok(());
    }
    let mut matching = Bitmap::new(index.row_count());
    plan::plan(question.filter, index)?.gather(&mut matching)?;
    matching.keep(low..end);
    if matching.count(low..end) == 0 {
        return Ok(());
    }
    count_times(index, question.starts, low..end, &matching, tally)?;
    for (facet, attribute) in question.facets.iter().enumerate() {
        index
            .count_terms(*attribute, &matching, &mut |value, count| tally.add_value(facet, value, u64::from(count)))?;
    }
    Ok(())
}

fn count_times(
    index: &dyn CountIndex,
    starts: &[Timestamp],
    range: std::ops::Range<u32>,
    matching: &Bitmap,
    tally: &mut Tally,
) -> Result<(), FormatError> {
    let mut errors = Bitmap::new(index.row_count());
    index.rows_of_attribute(Attribute::ErrorCode)?.gather(&mut errors)?;
    errors.intersect(matching);
    let mut first = range.start;
    for bucket in 0..starts.len() {
        let next = match starts.get(bucket + 1) {
            Some(next) if first < range.end => index.rows_before(*next)?.clamp(first, range.end),
            _ => range.end,
        };
        tally.add_rows(bucket, matching.count(first..next), errors.count(first..next));
        first = next;
    }
    Ok(())
}

/// How many rows are not later than `to`.
fn rows_until(index: &dyn CountIndex, to: Option<Timestamp>) -> Result<u32, FormatError> {
    // After the last millisecond of all there is none.
    match to.and_then(|to| to.as_ms().checked_add(1)) {
        Some(past) => index.rows_before(Timestamp::from_ms(past)),
        None => Ok(index.row_count()),
    }
}
