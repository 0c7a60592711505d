//! Decimals: integers of any length, each with a scale of its own.

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array};

use super::presence::valid_count;
use super::{Budget, Column, Presence, RowIndexes, Slots, spread};
use crate::Error;
use crate::read::decode::integer::Integers;
use crate::read::decode::varint;
use crate::read::stream::Stream;

/// A column of decimals. Each value is brought to the column's scale.
#[derive(Debug)]
pub(super) struct DecimalColumn {
    pub(super) id: u32,
    pub(super) presence: Presence,
    pub(super) data: Stream,
    pub(super) scales: Integers,
    pub(super) precision: u8,
    pub(super) scale: i8,
}

impl Column for DecimalColumn {
    fn read(&mut self, slots: Slots<'_>, budget: &mut Budget) -> Result<ArrayRef, Error> {
        budget.charge(slots.count, 40)?;
        let nulls = self.presence.read(slots)?;
        let mut scales = Vec::new();
        self.scales.append(valid_count(slots.count, nulls.as_ref()), &mut scales)?;
        let mut values = Vec::with_capacity(scales.len());
        for scale in scales {
            let value = varint::signed_128(&mut self.data)?;
            let scaled = rescale(value, scale, i64::from(self.scale));
            values.push(scaled.ok_or_else(|| {
                self.data.corrupt(format!("the decimal {value} of scale {scale} has too many digits"))
            })?);
        }
        let array = Decimal128Array::new(spread(values, nulls.as_ref()).into(), nulls);
        Ok(Arc::new(array.with_precision_and_scale(self.precision, self.scale)?))
    }

    fn skip(&mut self, count: usize) -> Result<(), Error> {
        let count = self.presence.skip(count)?;
        for _ in 0..count {
            varint::signed_128(&mut self.data)?;
        }
        self.scales.skip(count)
    }

    fn seek(&mut self, indexes: &RowIndexes, group: usize) -> Result<(), Error> {
        let mut positions = indexes.positions(self.id, group)?;
        self.presence.seek(&mut positions)?;
        positions.seek(&mut self.data)?;
        self.scales.seek(&mut positions)
    }
}

/// The value with another scale; rounded half away from zero when digits are lost, nothing when it no longer fits.
fn rescale(value: i128, from: i64, to: i64) -> Option<i128> {
    let power = |digits: i64| 10i128.checked_pow(u32::try_from(digits).ok()?);
    if from == to {
        return Some(value);
    }
    if from < to {
        return if value == 0 { Some(0) } else { value.checked_mul(power(to.checked_sub(from)?)?) };
    }
    let Some(divisor) = power(from.checked_sub(to)?) else { return Some(0) };
    let (whole, rest) = (value / divisor, value % divisor);
    Some(if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { whole + value.signum() } else { whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_brought_together() {
        assert_eq!(rescale(15, 1, 3), Some(1500));
        assert_eq!(rescale(-1250, 3, 1), Some(-13));
        assert_eq!(rescale(1249, 3, 1), Some(12));
        assert_eq!(rescale(i128::MAX, 0, 1), None);
        assert_eq!(rescale(7, 60, 0), Some(0));
        assert_eq!(rescale(7, i64::MIN, 5), None);
    }
}
