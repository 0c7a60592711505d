//! Binaries: their bytes, and how many each has.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_bytes;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::Kind;
use crate::write::stream::{IntStream, OutStream, Packer};
use arrow_array::{Array, BinaryArray, BinaryViewArray, FixedSizeBinaryArray, LargeBinaryArray};
use arrow_schema::DataType;

#[derive(Debug)]
pub(super) struct Binaries {
    data: OutStream,
    lengths: IntStream,
    bytes: i64,
}

impl Binaries {
    pub(super) fn new() -> Self {
        Self { data: OutStream::bytes(), lengths: IntStream::unsigned(), bytes: 0 }
    }

    fn append_each<'a>(&mut self, rows: &Rows, value: impl Fn(usize) -> &'a [u8], mut bloom: Option<&mut Bloom>) {
        for row in rows.iter().flat_map(Clone::clone) {
            let value = value(row);
            self.data.raw().extend_from_slice(value);
            self.lengths.push(value.len() as i64);
            self.bytes = self.bytes.saturating_add(value.len() as i64);
            if let Some(bloom) = &mut bloom {
                bloom.add(hash_bytes(value));
            }
        }
    }
}

impl Values for Binaries {
    fn append(&mut self, array: &dyn Array, rows: &Rows, bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        match array.data_type() {
            DataType::Binary => {
                let values = downcast::<BinaryArray>(array)?;
                self.append_each(rows, |row| values.value(row), bloom);
            }
            DataType::LargeBinary => {
                let values = downcast::<LargeBinaryArray>(array)?;
                self.append_each(rows, |row| values.value(row), bloom);
            }
            DataType::BinaryView => {
                let values = downcast::<BinaryViewArray>(array)?;
                self.append_each(rows, |row| values.value(row), bloom);
            }
            _ => {
                let values = downcast::<FixedSizeBinaryArray>(array)?;
                self.append_each(rows, |row| values.value(row), bloom);
            }
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.lengths.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Binaries(std::mem::take(&mut self.bytes))
    }

    fn mark(&mut self) {
        self.data.mark();
        self.lengths.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, &mut self.data)?;
        visit(StreamKind::Length, self.lengths.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.data.buffered_bytes() + self.lengths.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.data.memory_bytes() + self.lengths.memory_bytes()
    }
}
