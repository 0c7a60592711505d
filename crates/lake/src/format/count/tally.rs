//! What was counted so far, over many segments.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use xxhash_rust::xxh3::Xxh3Default;

/// The most values of all facets that are told apart; some 100 bytes each.
const VALUES_MAX: usize = 400_000;

type Counts = HashMap<Box<str>, u64, BuildHasherDefault<Xxh3Default>>;

/// Sums over segments.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Of each bucket: the rows that match, and how many of them have an error.
    pub(crate) buckets: Vec<(u64, u64)>,
    facets: Vec<Counts>,
    /// How many more values are told apart.
    values_left: usize,
    /// What was counted of values that came too late to be told apart.
    pub(crate) untold: Vec<u64>,
}

/// The values of one facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ValueCounts {
    /// The most frequent, most frequent first; equals by value.
    pub(crate) top: Vec<(String, u64)>,
    /// How many there are.
    pub(crate) distinct: u64,
    /// The sum of all others.
    pub(crate) others: u64,
}

impl Tally {
    /// Nothing yet.
    pub(crate) fn new(buckets: usize, facets: usize) -> Self {
        Self {
            buckets: vec![(0, 0); buckets],
            facets: vec![Counts::default(); facets],
            values_left: VALUES_MAX,
            untold: vec![0; facets],
        }
    }

    pub(super) fn add_rows(&mut self, bucket: usize, rows: u32, errors: u32) {
        self.buckets[bucket].0 += u64::from(rows);
        self.buckets[bucket].1 += u64::from(errors);
    }

    pub(super) fn add_value(&mut self, facet: usize, value: &str, rows: u64) {
        if let Some(count) = self.facets[facet].get_mut(value) {
            *count += rows;
        } else if self.values_left > 0 {
            self.values_left -= 1;
            self.facets[facet].insert(value.into(), rows);
        } else {
            self.untold[facet] += rows;
        }
    }

    /// Adds what was counted elsewhere of the same question.
    pub(crate) fn add(&mut self, other: &Self) {
        for (bucket, more) in self.buckets.iter_mut().zip(&other.buckets) {
            *bucket = (bucket.0 + more.0, bucket.1 + more.1);
        }
        for (facet, counts) in other.facets.iter().enumerate() {
            counts.iter().for_each(|(value, rows)| self.add_value(facet, value, *rows));
            self.untold[facet] += other.untold[facet];
        }
    }

    /// The `top` most frequent values of a facet.
    pub(crate) fn values(&self, facet: usize, top: usize) -> ValueCounts {
        let mut values: Vec<(&str, u64)> = self.facets[facet].iter().map(|(value, count)| (&**value, *count)).collect();
        let distinct = values.len() as u64;
        let by_count = |a: &(&str, u64), b: &(&str, u64)| b.1.cmp(&a.1).then(a.0.cmp(b.0));
        let sum: u64 = values.iter().map(|(_, count)| count).sum();
        if top < values.len() {
            values.select_nth_unstable_by(top, by_count);
            values.truncate(top);
        }
        values.sort_unstable_by(by_count);
        let others = sum - values.iter().map(|(_, count)| count).sum::<u64>() + self.untold[facet];
        ValueCounts {
            top: values.into_iter().map(|(value, count)| (value.to_owned(), count)).collect(),
            distinct,
            others,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first_and_the_rest_is_summed() {
        let mut tally = Tally::new(1, 1);
        for (value, rows) in [("b", 2), ("a", 2), ("c", 9), ("d", 1), ("b", 1), ("e", 2)] {
            tally.add_value(0, value, rows);
        }
        let values = |top| tally.values(0, top);
        let top = vec![("c".to_owned(), 9), ("b".to_owned(), 3), ("a".to_owned(), 2)];
        assert_eq!(values(3), ValueCounts { top, distinct: 5, others: 3 });
        assert_eq!((values(0).top.len(), values(0).others), (0, 17));
        assert_eq!((values(9).top.len(), values(9).others), (5, 0));
        let mut more = Tally::new(1, 1);
        more.add_rows(0, 5, 2);
        more.add_value(0, "a", 9);
        tally.add(&more);
        assert_eq!((tally.buckets[0], tally.values(0, 1).top), ((5, 2), vec![("a".to_owned(), 11)]));
    }

    #[test]
    fn memory_is_bounded() {
        let mut tally = Tally::new(1, 2);
        (0..=VALUES_MAX).for_each(|number| tally.add_value(0, &number.to_string(), 1));
        tally.add_value(1, "late", 3);
        tally.add_value(0, "0", 1);
        assert_eq!((tally.values(0, 1).distinct, tally.untold.clone()), (VALUES_MAX as u64, vec![1, 3]));
        assert_eq!((tally.values(0, 1).top[0].1, tally.values(1, 1).others), (2, 3));
    }
}
