//! A value to compare with, in the form of its column.

use std::cmp::Ordering;

use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit};

use crate::read::scalar::Scalar;

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Boolean(bool),
    /// Also of dates.
    Int(i64),
    Float(f64),
    Decimal(i128, i8),
    /// Also of text.
    Bytes(Vec<u8>),
    /// Since 1970.
    Nanos(i128),
}

impl Key {
    /// The value for a column of an Arrow type; nothing when they are not comparable.
    pub(super) fn of(data_type: &DataType, value: &Scalar) -> Option<Key> {
        Some(match (data_type, value) {
            (DataType::Boolean, Scalar::Boolean(value)) => Key::Boolean(*value),
            (DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64, Scalar::Int(value)) => {
                Key::Int(*value)
            }
            (DataType::Float32 | DataType::Float64, Scalar::Float(value)) => Key::Float(*value),
            (DataType::Decimal128(..), Scalar::Int(value)) => Key::Decimal(i128::from(*value), 0),
            (DataType::Decimal128(..), Scalar::Decimal { value, scale }) => Key::Decimal(*value, *scale),
            (DataType::Utf8, Scalar::Text(text)) => Key::Bytes(text.as_bytes().to_vec()),
            (DataType::Binary, Scalar::Binary(bytes)) => Key::Bytes(bytes.clone()),
            (DataType::Date32, Scalar::Date(days)) => Key::Int(i64::from(*days)),
            (DataType::Timestamp(..), value) => Key::Nanos(nanos(value)?),
            _ => return None,
        })
    }

    /// A bound of statistics in the form of this key, as it stands to it.
    pub(super) fn order_of(&self, bound: &Scalar, unit: i128) -> Option<Ordering> {
        Some(match (bound, self) {
            (Scalar::Boolean(bound), Key::Boolean(key)) => bound.cmp(key),
            (Scalar::Int(bound), Key::Int(key)) => bound.cmp(key),
            (Scalar::Date(bound), Key::Int(key)) => i64::from(*bound).cmp(key),
            (Scalar::Float(bound), Key::Float(key)) => return bound.partial_cmp(key),
            (Scalar::Decimal { value, scale }, Key::Decimal(key, of)) => {
                compare_decimals((*value, *scale), (*key, *of))
            }
            (Scalar::Text(bound), Key::Bytes(key)) => bound.as_bytes().cmp(key),
            (bound, Key::Nanos(key)) => {
                // What is read is cut to the unit, and so must be its bounds.
                let bound = nanos(bound)?;
                (bound.div_euclid(unit) * unit).cmp(key)
            }
            _ => return None,
        })
    }
}

fn nanos(value: &Scalar) -> Option<i128> {
    match value {
        Scalar::TimestampMicros(micros) => Some(i128::from(*micros) * 1000),
        Scalar::TimestampNanos(nanos) => Some(i128::from(*nanos)),
        _ => None,
    }
}

/// The nanoseconds of a timestamp type's unit; 1 for other types.
pub(super) fn unit_nanos(data_type: &DataType) -> i128 {
    match data_type {
        DataType::Timestamp(TimeUnit::Second, _) => 1_000_000_000,
        DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000,
        _ => 1,
    }
}

/// Compares decimals, each with its scale.
pub(super) fn compare_decimals((left, left_scale): (i128, i8), (right, right_scale): (i128, i8)) -> Ordering {
    if left_scale == right_scale {
        return left.cmp(&right);
    }
    // Scales differ by 255 at most, 256 bits have 76 digits: where the product overflows, the sign and being zero
    // decide.
    let raise = |value: i128, digits: i16| {
        let power = i256::from_i128(10).checked_pow(digits.max(0) as u32);
        power.and_then(|power| i256::from_i128(value).checked_mul(power))
    };
    let more = i16::from(left_scale) - i16::from(right_scale);
    match (raise(left, -more), raise(right, more)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (None, _) if left != 0 => left.cmp(&0),
        (_, None) if right != 0 => 0.cmp(&right),
        _ => left.cmp(&right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_across_scales() {
        assert_eq!(compare_decimals((15, 1), (150, 2)), Ordering::Equal);
        assert_eq!(compare_decimals((15, 1), (151, 2)), Ordering::Less);
        assert_eq!(compare_decimals((-1, 0), (1, 38)), Ordering::Less);
        assert_eq!(compare_decimals((1, -127), (i128::MAX, 127)), Ordering::Greater);
        assert_eq!(compare_decimals((0, -127), (1, 127)), Ordering::Less);
        assert_eq!(compare_decimals((5, 127), (-7, -127)), Ordering::Greater);
    }

    #[test]
    fn bounds_are_cut_to_the_unit() {
        let key = Key::Nanos(1_000);
        assert_eq!(key.order_of(&Scalar::TimestampNanos(1_999), 1_000), Some(Ordering::Equal));
        assert_eq!(key.order_of(&Scalar::TimestampNanos(-1), 1_000), Some(Ordering::Less));
        assert_eq!(key.order_of(&Scalar::TimestampMicros(1), 1), Some(Ordering::Equal));
    }
}
