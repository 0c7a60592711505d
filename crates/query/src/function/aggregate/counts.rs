//! Counting, and truth of all or any.

use arrow_array::{Array, ArrayRef, BooleanArray};
use datafusion::functions_aggregate::count::count_udaf;
use opentrail_trino::SqlError;

use super::super::Registry;
use super::super::native::{Bool, Native};
use super::Types;
use super::tally::{Tallied, Tally, bytes, count};

pub(super) fn register(to: &mut Registry) {
    to.add_builtin("count() -> bigint", count_udaf);
    to.add_builtin("count(T) -> bigint", count_udaf);
    to.add_aggregate("count_if(boolean) -> bigint", Tallied::<CountIf>::new());
    to.add_aggregate("bool_and(boolean) -> boolean", Tallied::<Truth<true>>::new());
    to.add_aggregate("every(boolean) -> boolean", Tallied::<Truth<true>>::new());
    to.add_aggregate("bool_or(boolean) -> boolean", Tallied::<Truth<false>>::new());
}

#[derive(Default, Clone)]
struct CountIf(i64);

impl Tally for CountIf {
    type Columns<'a> = &'a BooleanArray;
    type Out = i64;
    const IS_NEVER_NULL: bool = true;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        Bool::column(super::first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        self.0 += i64::from(columns.is_valid(row) && columns.value(row));
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0 += other.0;
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<i64>, SqlError> {
        Ok(Some(self.0))
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.extend(self.0.to_le_bytes());
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        i64::try_from(count(from)?).ok().map(Self)
    }
}

/// All true (`bool_and`) or any true (`bool_or`).
#[derive(Default, Clone)]
struct Truth<const ALL: bool>(Option<bool>);

impl<const ALL: bool> Tally for Truth<ALL> {
    type Columns<'a> = &'a BooleanArray;
    type Out = bool;

    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError> {
        Bool::column(super::first(columns)?)
    }

    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError> {
        if columns.is_valid(row) {
            self.merge(Self(Some(columns.value(row))))?;
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), SqlError> {
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => Some(if ALL { a && b } else { a || b }),
            (a, b) => a.or(b),
        };
        Ok(())
    }

    fn answer(&self, _: &Types) -> Result<Option<bool>, SqlError> {
        Ok(self.0)
    }

    fn save(&self, to: &mut Vec<u8>) {
        to.push(self.0.map_or(2, u8::from));
    }

    fn load(from: &mut &[u8]) -> Option<Self> {
        let [byte] = bytes(from)?;
        Some(Self((byte < 2).then_some(byte == 1)))
    }
}
