//! Of numbers and of what is counted. Without a value there is no range.

use crate::proto;

/// Integers, and dates in days.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Integers {
    range: Option<(i64, i64)>,
    /// Whether it ever left 64 bits is judged at the end: no sum of a row group can leave 128.
    sum: i128,
}

impl Integers {
    pub(in crate::write) fn add_all(&mut self, values: impl Iterator<Item = i64>) {
        let (low, high) = self.range.unwrap_or((i64::MAX, i64::MIN));
        let (low, high, sum) = values
            .fold((low, high, 0), |(low, high, sum), value| (value.min(low), value.max(high), sum + i128::from(value)));
        self.range = (low <= high).then_some((low, high));
        self.sum += sum;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some((low, high)) = other.range {
            self.add_all([low, high].into_iter());
            self.sum += other.sum - i128::from(low) - i128::from(high);
        }
    }

    pub(super) fn to_proto(&self) -> proto::IntegerStatistics {
        proto::IntegerStatistics {
            minimum: self.range.map(|range| range.0),
            maximum: self.range.map(|range| range.1),
            sum: i64::try_from(self.sum).ok(),
        }
    }

    pub(super) fn to_date_proto(&self) -> proto::DateStatistics {
        proto::DateStatistics {
            minimum: self.range.map(|range| range.0 as i32),
            maximum: self.range.map(|range| range.1 as i32),
        }
    }
}

/// Floats and doubles. With a NaN among them there is no range that tells where it is, so none is given; the sum is NaN
/// then, which is how readers know.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Doubles {
    range: Option<(f64, f64)>,
    has_nan: bool,
    sum: f64,
}

impl Doubles {
    pub(in crate::write) fn add(&mut self, value: f64) {
        self.has_nan |= value.is_nan();
        let (low, high) = self.range.unwrap_or((value, value));
        self.range = Some((low.min(value), high.max(value)));
        self.sum += value;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some((low, high)) = other.range {
            let sum = self.sum + other.sum;
            self.add(low);
            self.add(high);
            self.has_nan |= other.has_nan;
            self.sum = sum;
        }
    }

    pub(super) fn to_proto(&self) -> proto::DoubleStatistics {
        // Zeros are equal whatever their sign; the range must hold both, whichever came first.
        let range = self
            .range
            .filter(|_| !self.has_nan)
            .map(|(low, high)| (if low == 0.0 { -0.0 } else { low }, if high == 0.0 { 0.0 } else { high }));
        proto::DoubleStatistics {
            minimum: range.map(|range| range.0),
            maximum: range.map(|range| range.1),
            sum: Some(self.sum).filter(|sum| !sum.is_infinite()),
        }
    }
}

/// Decimals of one scale.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Decimals {
    scale: u32,
    range: Option<(i128, i128)>,
    /// Absent once it left 128 bits.
    sum: Option<i128>,
}

impl Decimals {
    pub(in crate::write) fn new(scale: u32) -> Self {
        Self { scale, range: None, sum: Some(0) }
    }

    pub(in crate::write) fn add(&mut self, value: i128) {
        self.sum = self.sum.and_then(|sum| sum.checked_add(value));
        self.widen(value, value);
    }

    fn widen(&mut self, low: i128, high: i128) {
        let (old_low, old_high) = self.range.unwrap_or((low, high));
        self.range = Some((old_low.min(low), old_high.max(high)));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.sum = self.sum.zip(other.sum).and_then(|(sum, more)| sum.checked_add(more));
        if let Some((low, high)) = other.range {
            self.widen(low, high);
        }
    }

    pub(super) fn to_proto(&self) -> proto::DecimalStatistics {
        // Readers hold sums in decimals of 38 digits.
        let sum = self.sum.filter(|sum| sum.unsigned_abs() < 10u128.pow(38));
        proto::DecimalStatistics {
            minimum: self.range.map(|range| decimal_text(range.0, self.scale)),
            maximum: self.range.map(|range| decimal_text(range.1, self.scale)),
            sum: sum.map(|sum| decimal_text(sum, self.scale)),
        }
    }
}

/// A decimal as the Java reference prints it: without trailing zeros behind the point.
pub(in crate::write) fn decimal_text(value: i128, scale: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// Timestamps: milliseconds since 1970 in UTC, and nanoseconds below them.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Timestamps {
    range: Option<((i64, i32), (i64, i32))>,
}

impl Timestamps {
    pub(in crate::write) fn add(&mut self, millis: i64, nanos: i32) {
        let time = (millis, nanos);
        let (low, high) = self.range.unwrap_or((time, time));
        self.range = Some((low.min(time), high.max(time)));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some((low, high)) = other.range {
            self.add(low.0, low.1);
            self.add(high.0, high.1);
        }
    }

    /// Nanoseconds are stored plus 1; absent they mean 0 of the earliest and 999,999 of the latest.
    pub(super) fn to_proto(&self) -> proto::TimestampStatistics {
        proto::TimestampStatistics {
            minimum_utc: self.range.map(|(low, _)| low.0),
            maximum_utc: self.range.map(|(_, high)| high.0),
            minimum_nanos: self.range.map(|(low, _)| low.1 + 1).filter(|nanos| *nanos != 1),
            maximum_nanos: self.range.map(|(_, high)| high.1 + 1).filter(|nanos| *nanos != 1_000_000),
            ..Default::default()
        }
    }
}

/// Children of lists and maps.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Counts {
    range: Option<(u64, u64)>,
    total: u64,
}

impl Counts {
    pub(in crate::write) fn add(&mut self, children: u64) {
        self.widen(children, children);
        self.total += children;
    }

    fn widen(&mut self, low: u64, high: u64) {
        let (old_low, old_high) = self.range.unwrap_or((low, high));
        self.range = Some((old_low.min(low), old_high.max(high)));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if let Some((low, high)) = other.range {
            self.widen(low, high);
            self.total += other.total;
        }
    }

    pub(super) fn to_proto(&self) -> proto::CollectionStatistics {
        proto::CollectionStatistics {
            min_children: Some(self.range.map_or(0, |range| range.0)),
            max_children: Some(self.range.map_or(0, |range| range.1)),
            total_children: Some(self.total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_without_trailing_zeros() {
        let examples =
            [(0, 2, "0"), (150, 2, "1.5"), (-5, 1, "-0.5"), (10_000, 2, "100"), (7, 0, "7"), (-1, 3, "-0.001")];
        for (value, scale, expected) in examples {
            assert_eq!(decimal_text(value, scale), expected);
        }
    }

    #[test]
    fn sums_that_overflow_are_left_out() {
        let mut all = Integers::default();
        all.add_all([i64::MAX].into_iter());
        let mut more = Integers::default();
        more.add_all([i64::MAX].into_iter());
        all.merge(&more);
        assert_eq!(all.to_proto().sum, None);
        let mut less = Integers::default();
        less.add_all([-i64::MAX].into_iter());
        all.merge(&less);
        assert_eq!(all.to_proto().sum, Some(i64::MAX));
        assert_eq!(all.to_proto().minimum, Some(-i64::MAX));
    }

    #[test]
    fn zeros_and_nans_of_doubles() {
        let mut doubles = Doubles::default();
        doubles.add(0.0);
        assert!(doubles.to_proto().minimum.unwrap().is_sign_negative());
        doubles.add(f64::NAN);
        assert_eq!(doubles.to_proto().minimum, None);
        assert!(doubles.to_proto().sum.unwrap().is_nan());
    }

    #[test]
    fn nanoseconds_are_stored_plus_one() {
        let mut times = Timestamps::default();
        times.add(-1, 999_999);
        times.add(5, 0);
        let proto = times.to_proto();
        assert_eq!((proto.minimum_utc, proto.minimum_nanos), (Some(-1), Some(1_000_000)));
        assert_eq!((proto.maximum_utc, proto.maximum_nanos), (Some(5), Some(1)));
    }
}
