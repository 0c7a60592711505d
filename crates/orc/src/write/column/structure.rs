//! Structs, the root among them: nothing of their own but their children.

use super::{Column, Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::Kind;
use crate::write::stream::Packer;
use arrow_array::{Array, StructArray};

#[derive(Debug)]
pub(super) struct Struct {
    children: Vec<Column>,
}

impl Struct {
    pub(super) fn new(children: Vec<Column>) -> Self {
        Self { children }
    }
}

impl Values for Struct {
    /// Children have rows where the struct is not null, and there only.
    fn append(&mut self, array: &dyn Array, rows: &Rows, _bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let arrays = downcast::<StructArray>(array)?.columns();
        if arrays.len() != self.children.len() {
            return Err(Refused::Type);
        }
        for (child, array) in self.children.iter_mut().zip(arrays) {
            child.append(array, rows)?;
        }
        Ok(())
    }

    fn flush(&mut self) {}

    fn take_statistics(&mut self) -> Kind {
        Kind::None
    }

    fn mark(&mut self) {}

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::Direct))
    }

    fn visit(&mut self, _visit: &mut Visit<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn buffered_bytes(&self) -> usize {
        0
    }

    fn memory_bytes(&self) -> usize {
        0
    }

    fn children(&self) -> &[Column] {
        &self.children
    }

    fn children_mut(&mut self) -> &mut [Column] {
        &mut self.children
    }
}
