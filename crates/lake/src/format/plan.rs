//! From a filter to the set of rows that match it.

use std::collections::BinaryHeap;

use opentrail_model::{Attribute, Filter};

use super::FormatError;
use super::rows::{All, And, Empty, Not, Or, Rows};

/// How a term is compared.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'f> {
    /// It begins so.
    Prefix(&'f str),
    /// It has this inside.
    Contains(&'f str),
}

impl Part<'_> {
    /// Does a term compare so?
    pub(super) fn fits(self, term: &str) -> bool {
        match self {
            Self::Prefix(value) => term.starts_with(value),
            Self::Contains(value) => term.contains(value),
        }
    }
}

/// What rows are found by.
pub(super) trait TermIndex {
    /// How many rows there are.
    fn row_count(&self) -> u32;
    /// The rows that have exactly this value.
    fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError>;
    /// The rows that have a value that compares so.
    fn rows_of_part(&self, attribute: Attribute, part: Part<'_>) -> Result<Rows<'_>, FormatError>;
    /// The rows that have a value.
    fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError>;
}

/// The rows that match a filter.
pub(super) fn plan<'i>(filter: &Filter, index: &'i dyn TermIndex) -> Result<Rows<'i>, FormatError> {
    match filter {
        Filter::All => Ok(Box::new(All(index.row_count()))),
        Filter::Is { value, .. } if value.is_empty() => Ok(Box::new(Empty)),
        Filter::Is { attribute, value } => index.rows_of_term(*attribute, value),
        // Every value begins with nothing and has it inside.
        Filter::Prefix { attribute, value } | Filter::Contains { attribute, value } if value.is_empty() => {
            index.rows_of_attribute(*attribute)
        }
        Filter::Prefix { attribute, value } => index.rows_of_part(*attribute, Part::Prefix(value)),
        Filter::Contains { attribute, value } => index.rows_of_part(*attribute, Part::Contains(value)),
        Filter::Has(attribute) => index.rows_of_attribute(*attribute),
        Filter::And(filters) if filters.is_empty() => Ok(Box::new(All(index.row_count()))),
        Filter::And(filters) => Ok(Box::new(And::new(plan_all(filters, index)?))),
        Filter::Or(filters) => Ok(Box::new(Or::new(plan_all(filters, index)?))),
        Filter::Not(filter) => Ok(Box::new(Not::new(plan(filter, index)?, index.row_count()))),
    }
}

fn plan_all<'i>(filters: &[Filter], index: &'i dyn TermIndex) -> Result<Vec<Rows<'i>>, FormatError> {
    filters.iter().map(|filter| plan(filter, index)).collect()
}

/// The greatest members of `set` from `low` to before `end`, greatest first, at most `limit`.
pub(super) fn newest(mut set: Rows<'_>, low: u32, end: u32, limit: usize) -> Result<Vec<u32>, FormatError> {
    let mut found = Vec::new();
    let mut at_most = end.checked_sub(1);
    while let Some(highest) = at_most
        && found.len() < limit
    {
        let Some(row) = set.seek(highest)?.filter(|row| *row >= low) else { break };
        found.push(row);
        at_most = row.checked_sub(1);
    }
    Ok(found)
}

/// The members of `set` with the least positions after `after` (or of all), least first, at most `limit`. `position_of`
/// tells the position of a row, or that neither it nor others before it come into question.
pub(super) fn arrivals(
    mut set: Rows<'_>,
    rows: u32,
    after: Option<u64>,
    limit: usize,
    mut position_of: impl FnMut(u32) -> Result<Position, FormatError>,
) -> Result<Vec<u32>, FormatError> {
    let mut least: BinaryHeap<(u64, u32)> = BinaryHeap::new();
    let mut at_most = rows.checked_sub(1).filter(|_| limit > 0);
    while let Some(row) = at_most.map(|highest| set.seek(highest)).transpose()?.flatten() {
        match position_of(row)? {
            Position::At(position) => {
                if after.is_none_or(|after| position > after) {
                    least.push((position, row));
                    if least.len() > limit {
                        least.pop();
                    }
                }
                at_most = row.checked_sub(1);
            }
            Position::NoneDownTo(first) => at_most = first.checked_sub(1),
        }
    }
    Ok(least.into_sorted_vec().into_iter().map(|(_, row)| row).collect())
}

/// The journal position of a row.
pub(super) enum Position {
    /// This one.
    At(u64),
    /// Not after the one that was asked for, and neither are those of the rows before it down to this one.
    NoneDownTo(u32),
}
