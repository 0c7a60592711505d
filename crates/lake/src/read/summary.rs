//! Summaries: how many records match, over time and by their values. The indexes alone answer; no record is read.

use std::time::Duration;

use opentrail_catalog::StoreKind;
use opentrail_model::{AccountId, Attribute, Filter};
use opentrail_stdx::Timestamp;
use parking_lot::Mutex;

use super::Source;
use crate::format::{CountQuestion, Tally, TimeRange, ValueCounts};
use crate::shared::Shared;
use crate::store::StoreKey;

/// A question about many records.
#[derive(Debug, Clone, PartialEq)]
pub struct Summarize {
    /// Which records.
    pub filter: Filter,
    /// The earliest time; none: that of the oldest record which is kept.
    pub from: Option<Timestamp>,
    /// The latest time, included.
    pub to: Timestamp,
    /// The most parts of the time in between; one at least.
    pub buckets_max: usize,
    /// Whose values are counted. Event ids are not: every record has its own.
    pub facets: Vec<Attribute>,
    /// How many values of each are named.
    pub top: usize,
}

/// What is known of the records that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The earliest time that was asked for.
    pub from: Timestamp,
    /// The latest.
    pub to: Timestamp,
    /// How many records match.
    pub total: u64,
    /// How long a bucket is.
    pub bucket: Duration,
    /// Parts of the time, without gaps. The first may begin before `from`: buckets begin at multiples of their length.
    pub buckets: Vec<Bucket>,
    /// As they were asked for.
    pub facets: Vec<Facet>,
    /// Whether all was counted. Else each count is a lower bound.
    pub is_exact: bool,
}

/// A part of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub start: Timestamp,
    /// The records that match.
    pub count: u64,
    /// Those of them that have an error code.
    pub errors: u64,
}

/// The values of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Of which attribute.
    pub attribute: Attribute,
    /// The most frequent values, with how many records have each. A record may have several.
    pub values: Vec<(String, u64)>,
    /// How many values there are.
    pub distinct: u64,
    /// What the counts of all other values sum up to.
    pub others: u64,
}

/// The lengths that people like to read, in seconds; longer ones are whole days.
const LENGTHS: [u64; 20] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 28_800, 43_200, DAY];
const DAY: u64 = 86_400;

pub(super) fn summarize(shared: &Shared, account: &AccountId, question: &Summarize, until: Timestamp) -> Summary {
    let view = shared.store(&StoreKey::history(account)).unwrap_or_default();
    let mut sources: Vec<Source> = Source::of(&view).collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.times.1));
    let kept_from = |source: &Source| shared.cutoff(StoreKind::History, source.origin);
    let oldest = sources.iter().map(|source| source.times.0.max(kept_from(source))).min();
    let from = question.from.or(oldest).unwrap_or(question.to).min(question.to);
    let (bucket_secs, starts) = buckets(from, question.to, question.buckets_max);
    let may_answer = |(oldest, newest): (Timestamp, Timestamp)| newest >= from && oldest <= question.to;
    sources.retain(|source| may_answer(source.times) && source.times.1 >= kept_from(source));
    let count = Count { shared, question, from, starts: &starts, until };
    let (tally, is_whole) = count.all(sources);
    let is_readable = view
        .segments
        .iter()
        .all(|stored| stored.is_readable() || !may_answer((stored.row.time_min, stored.row.time_max)));
    let buckets: Vec<Bucket> = starts
        .iter()
        .zip(&tally.buckets)
        .map(|(start, (count, errors))| Bucket { start: *start, count: *count, errors: *errors })
        .collect();
    let values = |(place, attribute): (usize, &Attribute)| facet(*attribute, tally.values(place, question.top));
    Summary {
        from,
        to: question.to,
        total: buckets.iter().map(|bucket| bucket.count).sum(),
        bucket: Duration::from_secs(bucket_secs),
        buckets,
        facets: question.facets.iter().enumerate().map(values).collect(),
        is_exact: is_whole && is_readable && tally.untold.iter().all(|untold| *untold == 0),
    }
}

/// The work of counting, part by part.
struct Count<'a> {
    shared: &'a Shared,
    question: &'a Summarize,
    from: Timestamp,
    starts: &'a [Timestamp],
    until: Timestamp,
}

impl Count<'_> {
    /// Counts all parts on as many cores as there are, those that come first, first; tells whether all were counted.
    fn all(&self, sources: Vec<Source>) -> (Tally, bool) {
        let others = self.shared.options.cores.min(sources.len()).saturating_sub(1);
        let waiting = Mutex::new(sources.into_iter());
        let work = || self.some(|| waiting.lock().next());
        std::thread::scope(|scope| {
            let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
            let (mut tally, mut is_whole) = work();
            for other in others {
                let (more, is_whole_too) = other.join().expect("counting doesn't panic");
                tally.add(&more);
                is_whole &= is_whole_too;
            }
            (tally, is_whole)
        })
    }

    /// Counts parts as long as there are some, and time.
    fn some(&self, next: impl Fn() -> Option<Source>) -> (Tally, bool) {
        let mut tally = Tally::new(self.starts.len(), self.question.facets.len());
        let mut is_whole = true;
        while let Some(mut source) = next() {
            if self.shared.clock.now() > self.until {
                return (tally, false);
            }
            let cutoff = self.shared.cutoff(StoreKind::History, source.origin);
            let asked = CountQuestion {
                filter: &self.question.filter,
                range: TimeRange { from: Some(self.from.max(cutoff)), to: Some(self.question.to) },
                starts: self.starts,
                facets: &self.question.facets,
            };
            is_whole &= source.count(self.shared, &asked, &mut tally);
        }
        (tally, is_whole)
    }
}

fn facet(attribute: Attribute, counted: ValueCounts) -> Facet {
    Facet { attribute, values: counted.top, distinct: counted.distinct, others: counted.others }
}

/// The shortest length with which no more than `buckets_max` buckets cover the time, and when each begins.
fn buckets(from: Timestamp, to: Timestamp, buckets_max: usize) -> (u64, Vec<Timestamp>) {
    let buckets_max = i64::try_from(buckets_max.max(1)).unwrap_or(i64::MAX);
    let bounds = |secs: u64| {
        let ms = i64::try_from(secs * 1000).unwrap_or(i64::MAX);
        (ms, from.as_ms().div_euclid(ms), to.as_ms().div_euclid(ms))
    };
    let fits = |secs: &u64| {
        let (_, first, last) = bounds(*secs);
        last - first < buckets_max
    };
    let doubled = std::iter::successors(Some(2 * DAY), |days| Some(days * 2)).take(40);
    let secs = LENGTHS.into_iter().chain(doubled).find(fits).unwrap_or(u64::MAX / 1000);
    let (ms, first, last) = bounds(secs);
    (secs, (first..=last).map(|number| Timestamp::from_ms(number.saturating_mul(ms))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, buckets_max: usize, expected: (u64, usize, &str)) {
        let [from, to] = [from, to].map(|text| Timestamp::parse_iso(text).expect("a time"));
        let (secs, starts) = buckets(from, to, buckets_max);
        assert_eq!((secs, starts.len(), starts[0].iso().as_str()), expected);
        assert!(starts[0] <= from && starts.iter().all(|start| *start <= to));
    }

    #[test]
    fn buckets_have_lengths_that_people_like() {
        check("2026-11-22T10:00:00.500Z", "2026-11-22T10:00:00.900Z", 60, (1, 1, "2026-11-22T10:00:00Z"));
        check("2026-11-22T09:00:00Z", "2026-11-22T09:59:59.999Z", 60, (60, 60, "2026-11-22T09:00:00Z"));
        check("2026-11-22T09:00:30Z", "2026-11-22T10:00:30Z", 60, (120, 31, "2026-11-22T09:00:00Z"));
        check("2026-08-24T11:22:33Z", "2026-11-22T11:22:33Z", 60, (172_800, 46, "2026-08-23T00:00:00Z"));
        check("2012-01-01T00:00:00Z", "2026-11-22T00:00:00Z", 1, (DAY * 32_768, 1, "1970-01-01T00:00:00Z"));
        check("1969-12-31T23:59:58Z", "1970-01-01T00:00:01Z", 2, (2, 2, "1969-12-31T23:59:58Z"));
    }
}
