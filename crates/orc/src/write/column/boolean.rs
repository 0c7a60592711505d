//! Booleans: a stream of bits.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::Kind;
use crate::write::stream::{BitStream, Packer};
use arrow_array::{Array, BooleanArray};

#[derive(Debug)]
pub(super) struct Booleans {
    bits: BitStream,
    trues: u64,
}

impl Booleans {
    pub(super) fn new() -> Self {
        Self { bits: BitStream::new(), trues: 0 }
    }
}

impl Values for Booleans {
    fn append(&mut self, array: &dyn Array, rows: &Rows, _bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let values = downcast::<BooleanArray>(array)?.values();
        for range in rows {
            let slice = values.slice(range.start, range.len());
            self.trues += slice.count_set_bits() as u64;
            slice.iter().for_each(|value| self.bits.push(value));
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.bits.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Booleans(std::mem::take(&mut self.trues))
    }

    fn mark(&mut self) {
        self.bits.mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        self.bits.end();
        Ok(direct(EncodingKind::Direct))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, self.bits.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.bits.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.bits.memory_bytes()
    }
}
