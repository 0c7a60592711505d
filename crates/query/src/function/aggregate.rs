//! Aggregates: what they gather of a group's rows, and how DataFusion drives them.

mod accumulator;
mod approximate;
mod array;
mod buckets;
mod by;
mod counts;
mod extreme;
mod gather;
mod map;
mod reduce;
mod statistics;
mod sums;
mod tally;
mod text;
mod udaf;

pub(super) use map::histograms;
pub(super) use udaf::Udaf;

use std::ops::Range;

use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_schema::DataType;
use opentrail_trino::{SqlError, Type};

use super::Registry;
use super::lambda::Lambda;

pub(super) fn register(to: &mut Registry) {
    counts::register(to);
    sums::register(to);
    statistics::register(to);
    // Before `extreme`: what both take is theirs.
    by::register(to);
    extreme::register(to);
    array::register(to);
    map::register(to);
    text::register(to);
    approximate::register(to);
    reduce::register(to);
}

/// An aggregate.
pub(super) trait Aggregate: Send + Sync {
    /// Nothing gathered yet.
    fn begin(&self, of: &Types) -> Result<Box<dyn Fold>, SqlError>;

    /// The arrow types of what [`Fold::state`] answers.
    fn state(&self, of: &Types) -> Vec<DataType>;

    /// The answer for no rows at all is NULL unless this tells otherwise; used by DataFusion's planner only.
    fn is_nullable(&self) -> bool {
        true
    }
}

/// The types and lambdas of one call of an aggregate.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Types {
    /// Of all arguments; lambdas are `Type::Function`.
    pub(super) parameters: Vec<Type>,
    /// Of the answer.
    pub(super) returns: Type,
    /// The lambdas; they capture nothing.
    pub(super) lambdas: Vec<Lambda>,
}

impl Types {
    /// The types of the arguments that are values.
    pub(super) fn values(&self) -> impl Iterator<Item = &Type> {
        self.parameters.iter().filter(|of| !matches!(of, Type::Function(..)))
    }

    /// The arrow type of the answer.
    pub(super) fn shape(&self) -> DataType {
        super::shape::data_type(&self.returns)
    }
}

/// What is known of the groups so far. Groups are numbered from 0.
pub(super) trait Fold: Send + Sync {
    /// There are so many groups now.
    fn grow(&mut self, groups: usize) -> Result<(), SqlError>;

    /// Takes rows in; each belongs to the group of its number.
    fn update(&mut self, rows: &Rows<'_>) -> Result<(), SqlError>;

    /// Takes in what [`Self::state`] told elsewhere; one row of `states` a group there.
    fn merge(&mut self, states: &[ArrayRef], groups: &[usize]) -> Result<(), SqlError>;

    /// The answers of these groups.
    fn answer(&self, groups: Range<usize>) -> Result<ArrayRef, SqlError>;

    /// All that is known of these groups.
    fn state(&self, groups: Range<usize>) -> Result<Vec<ArrayRef>, SqlError>;

    /// Forgets the first groups; the others move up.
    fn forget(&mut self, first: usize) -> Result<(), SqlError>;

    /// Bytes of memory.
    fn size(&self) -> usize;
}

/// Rows that come in.
pub(super) struct Rows<'a> {
    /// The arguments.
    pub(super) columns: &'a [ArrayRef],
    /// The group of each row.
    pub(super) groups: &'a [usize],
    /// Which rows count; all, if there is none.
    pub(super) filter: Option<&'a BooleanArray>,
}

impl Rows<'_> {
    /// Rows that count, with their groups.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let counts = |row: usize| self.filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.groups.iter().copied().enumerate().filter(move |(row, _)| counts(*row))
    }

    /// An argument.
    pub(super) fn column(&self, index: usize) -> Result<&ArrayRef, SqlError> {
        self.columns.get(index).ok_or_else(|| super::fault::internal("an aggregate lacks an argument"))
    }
}

/// The first argument.
fn first(columns: &[ArrayRef]) -> Result<&ArrayRef, SqlError> {
    columns.first().ok_or_else(|| super::fault::internal("an aggregate lacks an argument"))
}
