//! Decimals: unscaled values as numbers of any length, and the scale of each, which is always the column's.

use super::{Refused, Rows, Values, Visit, direct, downcast};
use crate::Error;
use crate::hash::hash_bytes;
use crate::proto::{ColumnEncoding, EncodingKind, StreamKind};
use crate::write::bloom::Bloom;
use crate::write::encode::varint::{put_128, zigzag_128};
use crate::write::statistics::{self, Kind, decimal_text};
use crate::write::stream::{IntStream, OutStream, Packer};
use arrow_array::{Array, Decimal128Array};

#[derive(Debug)]
pub(super) struct Decimals {
    data: OutStream,
    scales: IntStream,
    precision: u32,
    scale: u32,
    statistics: statistics::Decimals,
}

impl Decimals {
    /// `precision` is at most 38, `scale` at most `precision`.
    pub(super) fn new(precision: u32, scale: u32) -> Self {
        Self {
            data: OutStream::bytes(),
            scales: IntStream::signed(),
            precision,
            scale,
            statistics: statistics::Decimals::new(scale),
        }
    }
}

impl Values for Decimals {
    fn append(&mut self, array: &dyn Array, rows: &Rows, mut bloom: Option<&mut Bloom>) -> Result<(), Refused> {
        let values = downcast::<Decimal128Array>(array)?.values();
        let limit = 10u128.pow(self.precision);
        for row in rows.iter().flat_map(Clone::clone) {
            let value = values[row];
            if value.unsigned_abs() >= limit {
                let problem = format!("{value} has more than {} digits", self.precision);
                return Err(Refused::Value { row, problem });
            }
            self.statistics.add(value);
            if let Some(bloom) = &mut bloom {
                bloom.add(hash_bytes(decimal_text(value, self.scale).as_bytes()));
            }
            put_128(zigzag_128(value), self.data.raw());
            self.scales.push(self.scale.into());
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.scales.flush();
    }

    fn take_statistics(&mut self) -> Kind {
        Kind::Decimals(std::mem::replace(&mut self.statistics, statistics::Decimals::new(self.scale)))
    }

    fn mark(&mut self) {
        self.data.mark();
        self.scales.out().mark();
    }

    fn end_stripe(&mut self, _packer: &mut Packer) -> Result<ColumnEncoding, Error> {
        Ok(direct(EncodingKind::DirectV2))
    }

    fn visit(&mut self, visit: &mut Visit<'_>) -> Result<(), Error> {
        visit(StreamKind::Data, &mut self.data)?;
        visit(StreamKind::Secondary, self.scales.out())
    }

    fn buffered_bytes(&self) -> usize {
        self.data.buffered_bytes() + self.scales.buffered_bytes()
    }

    fn memory_bytes(&self) -> usize {
        self.data.memory_bytes() + self.scales.memory_bytes()
    }
}
