//! Floats and doubles: their IEEE 754 bytes, lowest first.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_double;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::statistics::{Doubles, Kind};
use crate::write::stream::{OutStream, Packer};
use arrow_array::{Array, Float32Array, Float64Array};
use arrow_schema::DataType;

#[derive(Debug)]
pub(super) struct Floats {
    stream: OutStream,
    statistics: Doubles,
}

impl Floats {
    pub(super) fn new() -> Self {
        Self { stream: OutStream::bytes(), statistics: Doubles::default() }
    }

    fn learn(&mut self, values: impl Iterator<Item = f64>, bloom: &mut Option<&mut Bloom>) {
        for value in values {
            self.statistics.add(value);
            if let Some(bloom) = bloom {
                bloom.add(hash_double(value));
            }
        }
    }
}

impl Values for Floats {
    fn append(&mut self, array: &dyn Array, rows: &Rows, mut bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        if array.data_type() == &DataType::Float32 {
            let values = downcast::<Float32Array>(array)?.values();
            for range in rows {
                let slice = &values[range.clone()];
                self.learn(slice.iter().map(|value| f64::from(*value)), &mut bloom);
                self.stream.raw().extend(slice.iter().flat_map(|value| value.to_le_bytes()));
            }
        } else {
            let values = downcast::<Float64Array>(array)?.values();
            for range in rows {
                let slice = &values[range.clone()];
                self.learn(slice.iter().copied(), &mut bloom);
                self.stream.raw().extend(slice.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
        Ok(())
    }

    fn flush(&mut self) {}

    fn take_statistics(&mut self) -> Kind {
        Kind::Doubles(std::mem::take(&mut self.statistics))
    }

    fn mark(&mut self) {
        self.stream.mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::Direct))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, &mut self.stream)
    }

    fn buffered_bytes(&self) -> usize {
        self.stream.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.stream.memory_bytes()
    }
}
