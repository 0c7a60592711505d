//! What statistics say, and which of them can be believed.

use crate::proto;
use crate::read::scalar::Scalar;

/// What is known of a column's values in a row group, a stripe or a file.
///
/// Only what can be relied on: known faults of writers are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnStatistics {
    /// How many values are not null.
    pub values: Option<u64>,
    /// Whether a value may be null while its parent is not. True when it isn't known.
    pub has_null: bool,
    /// No value is below. Nothing when it isn't known or there are no values.
    pub minimum: Option<Scalar>,
    /// No value is above.
    pub maximum: Option<Scalar>,
    /// Whether both are values that occur, and no mere bounds.
    pub is_exact: bool,
    /// Of booleans: how many are true.
    pub trues: Option<u64>,
    /// Of integers, when it did not overflow.
    pub sum: Option<i64>,
}

/// Which statistics of a writer are right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust {
    /// Strings, dates, decimals: before HIVE-8732 their maximum was overwritten.
    ranges: bool,
    /// Before ORC-517 the decimals of a column were compared at different scales.
    decimals: bool,
    /// Before ORC-101 bloom filters hashed text in the platform's character set.
    pub(crate) old_blooms_of_text: bool,
}

impl Trust {
    pub(crate) fn of(writer: u32, version: u32) -> Trust {
        // The faults are those of Java; the other writers came later.
        let since = |fix| writer != 0 || version >= fix;
        Trust { ranges: since(1), decimals: since(7), old_blooms_of_text: since(5) }
    }
}

impl ColumnStatistics {
    pub(crate) fn of(stored: &proto::ColumnStatistics, trust: Trust) -> ColumnStatistics {
        let mut known = ColumnStatistics {
            values: stored.number_of_values,
            has_null: stored.has_null.unwrap_or(true),
            ..ColumnStatistics::default()
        };
        known.ranges(stored, trust);
        if let Some(buckets) = &stored.bucket_statistics {
            known.trues = buckets.count.first().copied();
            if let (Some(trues), Some(values)) = (known.trues, known.values.filter(|values| *values > 0)) {
                known.range(Some(Scalar::Boolean(trues >= values)), Some(Scalar::Boolean(trues > 0)), true);
            }
        }
        known
    }

    fn ranges(&mut self, stored: &proto::ColumnStatistics, trust: Trust) {
        if let Some(of) = &stored.int_statistics {
            self.range(of.minimum.map(Scalar::Int), of.maximum.map(Scalar::Int), true);
            self.sum = of.sum;
        } else if let Some(of) = &stored.double_statistics {
            // A NaN that came first stays in both; one that came later is in neither.
            let number = |bound: Option<f64>| bound.filter(|it| !it.is_nan()).map(Scalar::Float);
            self.range(number(of.minimum), number(of.maximum), false);
        } else if !trust.ranges {
            // Nothing else is right.
        } else if let Some(of) = &stored.string_statistics {
            let is_exact = of.minimum.is_some() && of.maximum.is_some();
            let text = |value: &Option<String>, bound: &Option<String>| {
                value.clone().or_else(|| bound.clone()).map(Scalar::Text)
            };
            self.range(text(&of.minimum, &of.lower_bound), text(&of.maximum, &of.upper_bound), is_exact);
        } else if let Some(of) = &stored.date_statistics {
            self.range(of.minimum.map(Scalar::Date), of.maximum.map(Scalar::Date), true);
        } else if let Some(of) = stored.decimal_statistics.as_ref().filter(|_| trust.decimals) {
            let decimal = |text: &Option<String>| text.as_deref().and_then(parse_decimal);
            self.range(decimal(&of.minimum), decimal(&of.maximum), true);
        } else if let Some(of) = &stored.timestamp_statistics {
            // Those without UTC count in a zone that nobody wrote down.
            let mut minimum = of.minimum_utc.and_then(|millis| nanos(millis, of.minimum_nanos, 0));
            let mut maximum = of.maximum_utc.and_then(|millis| nanos(millis, of.maximum_nanos, 999_999));
            let is_exact = of.minimum_nanos.is_some() && of.maximum_nanos.is_some() && of.minimum_utc > Some(0);
            if let (Some(from), Some(to)) = (of.minimum_utc, of.maximum_utc)
                && from <= 0
            {
                // The last second before 1970 can't be stored: writers count it, but what is read is a second later.
                let to = if to >= -1000 { to.max(1000) } else { to };
                // And some cut what is before 1970 towards it.
                (minimum, maximum) =
                    (nanos(from.saturating_sub(1), None, 0), nanos(to.saturating_add(1), None, 999_999));
            }
            self.range(minimum, maximum, is_exact);
        }
    }

    fn range(&mut self, minimum: Option<Scalar>, maximum: Option<Scalar>, is_exact: bool) {
        self.is_exact = is_exact && minimum.is_some() && maximum.is_some();
        (self.minimum, self.maximum) = (minimum, maximum);
    }
}

/// A bound in nanoseconds; stored are the milliseconds, and one more than the nanoseconds below them.
fn nanos(millis: i64, below: Option<i32>, unknown: i64) -> Option<Scalar> {
    let below = below.filter(|stored| (1..=1_000_000).contains(stored)).map_or(unknown, |stored| i64::from(stored) - 1);
    millis.checked_mul(1_000_000)?.checked_add(below).map(Scalar::TimestampNanos)
}

/// `-12.50`; nothing for what is too long or no plain number.
fn parse_decimal(text: &str) -> Option<Scalar> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let scale = i8::try_from(fraction.len()).ok()?;
    let value = format!("{whole}{fraction}").parse().ok()?;
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(Scalar::Decimal { value, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_from_text() {
        assert_eq!(parse_decimal("-12.50"), Some(Scalar::Decimal { value: -1250, scale: 2 }));
        assert_eq!(parse_decimal("7"), Some(Scalar::Decimal { value: 7, scale: 0 }));
        assert_eq!(parse_decimal("-0.5"), Some(Scalar::Decimal { value: -5, scale: 1 }));
        for text in ["", "1e5", "1.-5", "1.+5", "99999999999999999999999999999999999999999"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn what_old_writers_got_wrong_is_left_out() {
        let text =
            proto::StringStatistics { maximum: Some("z".into()), minimum: Some("a".into()), ..Default::default() };
        let stored = proto::ColumnStatistics { string_statistics: Some(text), ..Default::default() };
        assert_eq!(ColumnStatistics::of(&stored, Trust::of(0, 0)).maximum, None);
        assert_eq!(ColumnStatistics::of(&stored, Trust::of(0, 1)).maximum, Some(Scalar::Text("z".into())));
        assert!(ColumnStatistics::of(&stored, Trust::of(1, 6)).has_null, "not known is perhaps");
    }

    #[test]
    fn bounds_before_1970_are_wide() {
        let of = |from, to| {
            let times =
                proto::TimestampStatistics { minimum_utc: Some(from), maximum_utc: Some(to), ..Default::default() };
            let stored = proto::ColumnStatistics { timestamp_statistics: Some(times), ..Default::default() };
            let known = ColumnStatistics::of(&stored, Trust::of(0, 9));
            (known.minimum.unwrap(), known.maximum.unwrap())
        };
        use Scalar::TimestampNanos as Nanos;
        assert_eq!(of(5, 7), (Nanos(5_000_000), Nanos(7_999_999)));
        assert_eq!(of(-9000, -7000), (Nanos(-9_001_000_000), Nanos(-6_998_000_001)));
        assert_eq!(of(-500, -400), (Nanos(-501_000_000), Nanos(1_001_999_999)));
    }

    #[test]
    fn bounds_of_timestamps_cover_their_millisecond() {
        assert_eq!(nanos(5, None, 999_999), Some(Scalar::TimestampNanos(5_999_999)));
        assert_eq!(nanos(-5, Some(1), 0), Some(Scalar::TimestampNanos(-5_000_000)));
        assert_eq!(nanos(5, Some(124), 0), Some(Scalar::TimestampNanos(5_000_123)));
        assert_eq!(nanos(i64::MAX, None, 0), None);
    }
}
