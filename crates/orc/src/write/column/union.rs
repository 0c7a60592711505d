//! Unions: which child each row has, and the children.

use super::{Column, Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::Kind;
use crate::write::stream::{ByteStream, Packer};
use arrow_array::{Array, UnionArray};
use std::ops::Range;

#[derive(Debug)]
pub(super) struct Union {
    tags: ByteStream,
    /// Arrow's number of each child, in the order of the children.
    type_ids: Vec<i8>,
    children: Vec<Column>,
}

impl Union {
    pub(super) fn new(type_ids: Vec<i8>, children: Vec<Column>) -> Self {
        Self { tags: ByteStream::new(), type_ids, children }
    }

    fn tag_of(&self, type_id: i8) -> Option<usize> {
        self.type_ids.iter().position(|id| *id == type_id)
    }
}

impl Values for Union {
    fn append(&mut self, array: &dyn Array, rows: &Rows, _bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let unions = downcast::<UnionArray>(array)?;
        let mut below: Vec<Vec<Range<usize>>> = vec![Vec::new(); self.children.len()];
        for row in rows.iter().flat_map(Clone::clone) {
            let tag = self.tag_of(unions.type_id(row)).ok_or(Refused::Type)?;
            self.tags.extend(std::iter::once(tag as u8));
            let at = unions.value_offset(row);
            match below[tag].last_mut() {
                Some(last) if last.end == at => last.end += 1,
                _ => below[tag].push(at..at + 1),
            }
        }
        for ((child, rows), type_id) in self.children.iter_mut().zip(&below).zip(&self.type_ids) {
            child.append(unions.child(*type_id), rows)?;
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.tags.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::None
    }

    fn mark(&mut self) {
        self.tags.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::Direct))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, self.tags.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.tags.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.tags.memory_bytes()
    }

    fn children(&self) -> &[Column] {
        &self.children
    }

    fn children_mut(&mut self) -> &mut [Column] {
        &mut self.children
    }
}
