//! Aggregates that keep a few numbers a group.

use std::marker::PhantomData;
use std::ops::Range;

use arrow_array::builder::BinaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use opentrail_trino::SqlError;

use super::super::fault;
use super::super::output::{Output, Sink};
use super::{Aggregate, Fold, Rows, Types};

/// What is known of one group.
pub(super) trait Tally: Default + Clone + Send + Sync + 'static {
    /// The arguments, ready to read.
    type Columns<'a>;
    /// The answer's kind.
    type Out: Output;

    /// Prepares the arguments.
    fn columns(columns: &[ArrayRef]) -> Result<Self::Columns<'_>, SqlError>;
    /// Takes a row in.
    fn add(&mut self, columns: &Self::Columns<'_>, row: usize) -> Result<(), SqlError>;
    /// Takes in what another tally knows.
    fn merge(&mut self, other: Self) -> Result<(), SqlError>;
    /// The answer.
    fn answer(&self, of: &Types) -> Result<Option<Self::Out>, SqlError>;
    /// Writes all that is known.
    fn save(&self, to: &mut Vec<u8>);
    /// Reads what [`Self::save`] wrote.
    fn load(from: &mut &[u8]) -> Option<Self>;
    /// Bytes of memory beyond the struct's own.
    fn heap(&self) -> usize {
        0
    }
    /// The answer for no rows is not NULL.
    const IS_NEVER_NULL: bool = false;
}

/// An aggregate that is a tally.
pub(super) struct Tallied<T>(PhantomData<T>);

impl<T: Tally> Tallied<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Tally> Aggregate for Tallied<T> {
    fn begin(&self, of: &Types) -> Result<Box<dyn Fold>, SqlError> {
        let types = Types { parameters: of.parameters.clone(), returns: of.returns.clone(), lambdas: Vec::new() };
        Ok(Box::new(Tallies::<T> { types, groups: Vec::new(), heap: 0 }))
    }

    fn state(&self, _: &Types) -> Vec<DataType> {
        vec![DataType::Binary]
    }

    fn is_nullable(&self) -> bool {
        !T::IS_NEVER_NULL
    }
}

struct Tallies<T> {
    types: Types,
    groups: Vec<T>,
    heap: usize,
}

impl<T: Tally> Tallies<T> {
    fn group(&mut self, group: usize) -> Result<&mut T, SqlError> {
        self.groups.get_mut(group).ok_or_else(|| fault::internal("a group without a place"))
    }
}

impl<T: Tally> Fold for Tallies<T> {
    fn grow(&mut self, groups: usize) -> Result<(), SqlError> {
        if groups > self.groups.len() {
            self.groups.resize_with(groups, T::default);
        }
        Ok(())
    }

    fn update(&mut self, rows: &Rows<'_>) -> Result<(), SqlError> {
        let columns = T::columns(rows.columns)?;
        for (row, group) in rows.iter() {
            let tally = self.groups.get_mut(group).ok_or_else(|| fault::internal("a group without a place"))?;
            let before = tally.heap();
            tally.add(&columns, row)?;
            self.heap = (self.heap + tally.heap()).saturating_sub(before);
        }
        Ok(())
    }

    fn merge(&mut self, states: &[ArrayRef], groups: &[usize]) -> Result<(), SqlError> {
        let states = states.first().and_then(|states| states.as_binary_opt::<i32>());
        let states = states.ok_or_else(|| fault::internal("an aggregate's state is not binary"))?;
        for (row, group) in groups.iter().enumerate() {
            if states.is_valid(row) {
                let other = T::load(&mut states.value(row));
                let other = other.ok_or_else(|| fault::internal("an aggregate's state is cut short"))?;
                let tally = self.group(*group)?;
                let before = tally.heap();
                tally.merge(other)?;
                let after = tally.heap();
                self.heap = (self.heap + after).saturating_sub(before);
            }
        }
        Ok(())
    }

    fn answer(&self, groups: Range<usize>) -> Result<ArrayRef, SqlError> {
        let mut sink = <T::Out as Output>::Sink::new(&self.types.shape(), groups.len());
        for tally in self.groups.get(groups).unwrap_or_default() {
            sink.push(tally.answer(&self.types)?)?;
        }
        sink.finish()
    }

    fn state(&self, groups: Range<usize>) -> Result<Vec<ArrayRef>, SqlError> {
        let mut states = BinaryBuilder::new();
        let mut bytes = Vec::new();
        for tally in self.groups.get(groups).unwrap_or_default() {
            bytes.clear();
            tally.save(&mut bytes);
            states.append_value(&bytes);
        }
        Ok(vec![std::sync::Arc::new(states.finish())])
    }

    fn forget(&mut self, first: usize) -> Result<(), SqlError> {
        self.groups.drain(..first.min(self.groups.len()));
        self.heap = self.groups.iter().map(T::heap).sum();
        Ok(())
    }

    fn size(&self) -> usize {
        self.groups.capacity() * size_of::<T>() + self.heap
    }
}

/// Reads so many bytes.
pub(super) fn bytes<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = from.split_first_chunk::<N>()?;
    *from = rest;
    Some(*head)
}

/// Reads a double.
pub(super) fn double(from: &mut &[u8]) -> Option<f64> {
    bytes(from).map(f64::from_le_bytes)
}

/// Reads a count.
pub(super) fn count(from: &mut &[u8]) -> Option<u64> {
    bytes(from).map(u64::from_le_bytes)
}
