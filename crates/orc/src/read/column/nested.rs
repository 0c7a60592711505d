//! Structs, lists, maps and unions.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, ListArray, MapArray, StructArray, UnionArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow_schema::{FieldRef, Fields, UnionFields};

use super::presence::valid_count;
use super::text::offsets;
use super::{Budget, Column, Presence, RowIndexes, Slots, spread};
use crate::Error;
use crate::read::decode::byte_rle::Bytes;
use crate::read::decode::integer::Integers;

/// A struct of the wanted children.
#[derive(Debug)]
pub(super) struct StructColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) fields: Fields,
    pub(super) children: Vec<Box<dyn Column>>,
}

impl Column for StructColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        let nulls = self.presence.read(slots)?;
        let within = Slots { count: slots.count, parent: nulls.as_ref() };
        let arrays = self.children.iter_mut().map(|child| child.read(within, budget)).collect::<Result<_, _>>()?;
        Ok(Arc::new(StructArray::try_new_with_length(self.fields.clone(), arrays, nulls, slots.count)?))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        self.children.iter_mut().try_for_each(|child| child.skip(count))
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        if self.presence.0.is_some() {
            self.presence.seek(&mut indexes.positions(self.id, group)?)?;
        }
        self.children.iter_mut().try_for_each(|child| child.seek(indexes, group))
    }
}

/// A list, or a map as the list of its entries.
#[derive(Debug)]
pub(super) struct ListColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) lengths: Integers,
    pub(super) children: Children,
}

/// What a list's elements are.
#[derive(Debug)]
pub(super) enum Children {
    List { field: FieldRef, element: Box<dyn Column> },
    Map { entries: FieldRef, fields: Fields, key: Box<dyn Column>, value: Box<dyn Column> },
}

impl ListColumn {
    fn array(
        &mut self,
        offsets: OffsetBuffer<i32>,
        nulls: Option<NullBuffer>,
        budget: &mut Budget,
    ) -> Result<ArrayRef, Error> {
        let slots = Slots::all(offsets.last().copied().unwrap_or(0) as usize);
        Ok(match &mut self.children {
            Children::List { field, element } => {
                Arc::new(ListArray::try_new(Arc::clone(field), offsets, element.read(slots, budget)?, nulls)?)
            }
            Children::Map { entries, fields, key, value } => {
                let keys = key.read(slots, budget)?;
                if keys.null_count() > 0 {
                    return Err(Error::unsupported(format!("column {}", self.id), "a map with a null key"));
                }
                let arrays = vec![keys, value.read(slots, budget)?];
                let pairs = StructArray::try_new_with_length(fields.clone(), arrays, None, slots.count)?;
                Arc::new(MapArray::try_new(Arc::clone(entries), offsets, pairs, nulls, false)?)
            }
        })
    }

    fn children(&mut self) -> impl Iterator<Item = &mut Box<dyn Column>> {
        let (first, second) = match &mut self.children {
            Children::List { element, .. } => (element, None),
            Children::Map { key, value, .. } => (key, Some(value)),
        };
        std::iter::once(first).chain(second)
    }
}

impl Column for ListColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 20)?;
        let nulls = self.presence.read(slots)?;
        let mut lengths = Vec::new();
        self.lengths.append(valid_count(slots.count, nulls.as_ref()), &mut lengths)?;
        let offsets = offsets(&spread(lengths, nulls.as_ref()), &self.lengths)?;
        self.array(offsets, nulls, budget)
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        let sum = self.lengths.skip_sum(count)?;
        let elements = usize::try_from(sum).map_err(|_| self.lengths.stream().corrupt(format!("{sum} elements")))?;
        self.children().try_for_each(|child| child.skip(elements))
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        self.lengths.seek(&mut positions)?;
        self.children().try_for_each(|child| child.seek(indexes, group))
    }
}

/// A union. Arrow's unions have no nulls of their own: a null is one of the first child.
#[derive(Debug)]
pub(super) struct UnionColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) tags: Bytes,
    pub(super) fields: UnionFields,
    pub(super) children: Vec<Box<dyn Column>>,
}

impl UnionColumn {
    /// The slots that a child has: those of its tag, for the first child also the nulls.
    fn slots_of(&self, child: usize, tags: &[u8], nulls: Option<&NullBuffer>) -> (usize, Option<NullBuffer>) {
        let count = tags.iter().filter(|tag| usize::from(**tag) == child).count();
        let Some(nulls) = nulls.filter(|_| child == 0) else { return (count, None) };
        // Null slots have the tag 0 here.
        let valid = tags.iter().enumerate().filter(|(_, tag)| **tag == 0).map(|(slot, _)| nulls.is_valid(slot));
        (count, Some(NullBuffer::new(BooleanBuffer::from_iter(valid))))
    }

    fn check(&self, tags: &[u8]) -> Result<(), Error> {
        match tags.iter().find(|tag| usize::from(**tag) >= self.children.len()) {
            Some(tag) => Err(self.tags.stream().corrupt(format!("tag {tag} of a union of {}", self.children.len()))),
            None => Ok(()),
        }
    }
}

impl Column for UnionColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 10)?;
        let nulls = self.presence.read(slots)?;
        let mut tags = Vec::new();
        self.tags.append(valid_count(slots.count, nulls.as_ref()), &mut tags)?;
        self.check(&tags)?;
        let tags = spread(tags, nulls.as_ref());
        let mut used = vec![0i32; self.children.len()];
        let mut offsets = Vec::with_capacity(tags.len());
        for tag in &tags {
            let used = &mut used[usize::from(*tag)];
            offsets.push(*used);
            *used += 1;
        }
        let mut arrays = Vec::with_capacity(self.children.len());
        for child in 0..self.children.len() {
            let (count, parent) = self.slots_of(child, &tags, nulls.as_ref());
            arrays.push(self.children[child].read(Slots { count, parent: parent.as_ref() }, budget)?);
        }
        let type_ids: Vec<i8> = tags.into_iter().map(|tag| tag as i8).collect();
        Ok(Arc::new(UnionArray::try_new(self.fields.clone(), type_ids.into(), Some(offsets.into()), arrays)?))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        const STEP: usize = 64 * 1024;
        let mut left = self.presence.skip(count)?;
        while left > 0 {
            let mut tags = vec![0; left.min(STEP)];
            self.tags.read(&mut tags)?;
            self.check(&tags)?;
            for (child, column) in self.children.iter_mut().enumerate() {
                column.skip(tags.iter().filter(|tag| usize::from(**tag) == child).count())?;
            }
            left -= tags.len();
        }
        Ok(())
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        self.tags.seek(&mut positions)?;
        self.children.iter_mut().try_for_each(|child| child.seek(indexes, group))
    }
}
