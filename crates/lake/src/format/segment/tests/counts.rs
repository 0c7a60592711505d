//! Counts are those of the records themselves.

use std::collections::BTreeMap;

use opentrail_model::{Attribute, Filter, Terms, View};
use opentrail_stdx::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::format::{CountQuestion, Tally, TimeRange, ValueCounts};

const TOP: usize = 3;

/// Every attribute whose values can be counted.
fn facets() -> Vec<Attribute> {
    Attribute::ALL.into_iter().filter(|attribute| *attribute != Attribute::EventId).collect()
}

/// Counts by reading the records.
fn truth(rows: &[Row], filter: &Filter, range: TimeRange, starts: &[Timestamp]) -> (Vec<(u64, u64)>, Vec<ValueCounts>) {
    let mut buckets = vec![(0, 0); starts.len()];
    let mut values: Vec<BTreeMap<String, u64>> = vec![BTreeMap::new(); facets().len()];
    for row in rows.iter().filter(|row| range.contains(row.time) && testing::matches(row, filter)) {
        let view = View::parse(&row.record).expect("a record");
        let terms = Terms::of(&view);
        let bucket = starts.iter().rposition(|start| *start <= row.time).unwrap_or(0);
        buckets[bucket].0 += 1;
        buckets[bucket].1 += u64::from(terms.values(Attribute::ErrorCode).next().is_some());
        for (counts, attribute) in values.iter_mut().zip(facets()) {
            let mut own: Vec<&str> = terms.values(attribute).collect();
            own.sort_unstable();
            own.dedup();
            own.iter().for_each(|value| *counts.entry((*value).to_owned()).or_default() += 1);
        }
    }
    (buckets, values.into_iter().map(top).collect())
}

fn top(counts: BTreeMap<String, u64>) -> ValueCounts {
    let distinct = counts.len() as u64;
    let mut sorted: Vec<(String, u64)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let others = sorted.split_off(sorted.len().min(TOP)).iter().map(|(_, count)| count).sum();
    ValueCounts { top: sorted, distinct, others }
}

fn counted(tally: &Tally) -> (Vec<(u64, u64)>, Vec<ValueCounts>) {
    (tally.buckets.clone(), (0..facets().len()).map(|facet| tally.values(facet, TOP)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_are_those_of_the_records(
        rows in prop_oneof![3 => testing::rows(1..60), 1 => testing::rows(500..1200)],
        questions in proptest::collection::vec(testing::question(), 1..6),
        starts in proptest::collection::btree_set(-3_i64..45, 1..9),
    ) {
        let rows = sorted(rows);
        let disk = disk();
        let facts = write(&disk, &rows).expect("a disk");
        let segment = open(&disk, &facts).expect("a segment");
        let memory = MemorySegment::new(testing::filed(&rows));
        let starts: Vec<_> = starts.into_iter().map(|second| Timestamp::from_secs(1_700_000_000 + second)).collect();
        let facets = facets();
        // What everybody asks, beside what chance does.
        let all = Question { filter: Filter::All, range: TimeRange::default(), after: None, limit: 0 };
        for Question { filter, range, .. } in questions.iter().chain([&all]) {
            let question = CountQuestion { filter, range: *range, starts: &starts, facets: &facets };
            let expected = truth(&rows, filter, *range, &starts);
            let mut tally = Tally::new(starts.len(), facets.len());
            segment.count(&question, &mut tally).expect("undamaged");
            prop_assert_eq!(&counted(&tally), &expected, "{:?} on disk", filter);
            let mut tally = Tally::new(starts.len(), facets.len());
            memory.count(&question, &mut tally).expect("memory doesn't fail");
            prop_assert_eq!(&counted(&tally), &expected, "{:?} in memory", filter);
        }
    }
}
