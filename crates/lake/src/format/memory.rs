//! A segment in memory: rows that are not in a file yet, found by the same questions.

use std::sync::OnceLock;

use bytes::Bytes;
use opentrail_model::{Attribute, Filter, Terms, View};
use opentrail_stdx::Timestamp;

use super::FormatError;
use super::count::{self, CountIndex, CountQuestion, Tally};
use super::plan::{self, Part, Position, TermIndex};
use super::row::{Hit, Place, Row, TimeRange};
use super::rows::{Bitmap, Empty, Listed, Or, Rows, TERMS_ASKED_MAX};
use super::terms::{SortedTerms, TermLog, slot};

/// Rows in memory with an index over them. It never changes; two become one by [`MemorySegment::merge`].
#[derive(Debug, Default)]
pub(crate) struct MemorySegment {
    /// Ascending by place.
    rows: Vec<Row>,
    /// By the place of their attribute. Made by the first question that needs them, or by [`MemorySegment::index`].
    terms: OnceLock<Vec<SortedTerms>>,
    /// Hashes of identities with their rows, ascending.
    identities: Vec<(u64, u32)>,
    /// The least and the greatest position; every question asks for them.
    positions: Option<(u64, u64)>,
    bytes: usize,
}

impl MemorySegment {
    /// Of rows in any order, each with the hash of its identity. A record that can't be read is found by its place only.
    pub(crate) fn new(mut filed: Vec<(Row, u64)>) -> Self {
        filed.sort_by_key(|(row, _)| row.place());
        let mut identities: Vec<_> = (0_u32..).zip(&filed).map(|(number, (_, hash))| (*hash, number)).collect();
        identities.sort_unstable();
        Self::from_parts(filed.into_iter().map(|(row, _)| row).collect(), OnceLock::new(), identities)
    }

    /// Looks into the records now, so that no question has to.
    #[must_use]
    pub(crate) fn index(mut self) -> Self {
        self.bytes += self.terms().iter().map(SortedTerms::memory_bytes).sum::<usize>();
        self
    }

    /// All rows of several segments.
    pub(crate) fn merge(parts: &[&Self]) -> Self {
        let mut order: Vec<(Place, usize, usize)> = Vec::with_capacity(parts.iter().map(|part| part.rows.len()).sum());
        for (part, segment) in parts.iter().enumerate() {
            order.extend(segment.rows.iter().enumerate().map(|(row, it)| (it.place(), part, row)));
        }
        order.sort_unstable();
        let mut rows_now: Vec<Vec<u32>> = parts.iter().map(|part| vec![0; part.rows.len()]).collect();
        let mut rows = Vec::with_capacity(order.len());
        for (now, (_, part, row)) in (0_u32..).zip(&order) {
            rows_now[*part][*row] = now;
            rows.push(parts[*part].rows[*row].clone());
        }
        let terms: Option<Vec<_>> = parts.iter().map(|part| part.terms.get()).collect();
        let terms_at = |terms: &[&Vec<SortedTerms>], place: usize| {
            let of_parts = terms.iter().zip(&rows_now).filter_map(|(terms, now)| Some((terms.get(place)?, &**now)));
            SortedTerms::merge(&of_parts.collect::<Vec<_>>())
        };
        // Where one part was never asked, the whole waits for a question too.
        let all = |terms: Vec<_>| (0..Attribute::ALL.len()).map(|place| terms_at(&terms, place)).collect();
        let terms: Option<Vec<SortedTerms>> = terms.map(all);
        let mut identities = Vec::with_capacity(rows.len());
        for (part, now) in parts.iter().zip(&rows_now) {
            identities.extend(part.identities.iter().map(|(hash, row)| (*hash, now[*row as usize])));
        }
        identities.sort_unstable();
        Self::from_parts(rows, terms.map_or_else(OnceLock::new, OnceLock::from), identities)
    }

    fn from_parts(rows: Vec<Row>, terms: OnceLock<Vec<SortedTerms>>, identities: Vec<(u64, u32)>) -> Self {
        let records: usize = rows.iter().map(|row| row.record.len() + size_of::<Row>()).sum();
        let terms_bytes: usize = terms.get().into_iter().flatten().map(SortedTerms::memory_bytes).sum();
        let bytes = records + terms_bytes + identities.len() * size_of::<(u64, u32)>();
        let of_rows = || rows.iter().map(|row| row.position);
        let positions = of_rows().min().zip(of_rows().max());
        Self { rows, terms, identities, positions, bytes }
    }

    /// The rows, ascending by place.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// About how much memory this takes, in bytes. Records that share a buffer with others are counted by their length,
    /// and terms when they were there from the beginning.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.bytes
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The earliest and the latest time; nothing without rows.
    pub(crate) fn times(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.rows.first()?.time, self.rows.last()?.time))
    }

    /// The least and the greatest position; nothing without rows.
    pub(crate) fn positions(&self) -> Option<(u64, u64)> {
        self.positions
    }

    /// The newest rows in `range` that match, newest first, strictly before `after` in that order, at most `limit`.
    pub(crate) fn lookup(
        &self,
        filter: &Filter,
        range: TimeRange,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Hit>, FormatError> {
        let low = range.from.map_or(0, |from| self.rows.partition_point(|row| row.time < from));
        let end = range.to.map_or(self.rows.len(), |to| self.rows.partition_point(|row| row.time <= to));
        let before = after.map_or(self.rows.len(), |after| self.rows.partition_point(|row| row.place() < after));
        let found = plan::newest(plan::plan(filter, self)?, number(low), number(end.min(before)), limit)?;
        Ok(found.into_iter().map(|row| self.hit(row)).collect())
    }

    /// The rows that match with the least positions after `after` (or of all), ascending by position, at most `limit`.
    pub(crate) fn arrivals(&self, after: Option<u64>, filter: &Filter, limit: usize) -> Result<Vec<Hit>, FormatError> {
        let position_of = |row: u32| Ok(Position::At(self.rows[row as usize].position));
        let found = plan::arrivals(plan::plan(filter, self)?, self.row_count(), after, limit, position_of)?;
        Ok(found.into_iter().map(|row| self.hit(row)).collect())
    }

    /// The rows that have one of the values of each attribute, ascending; all, when nothing is asked.
    pub(crate) fn candidates(&self, terms: &[(Attribute, Vec<String>)]) -> Result<Vec<u32>, FormatError> {
        let is = |attribute: Attribute, value: &String| Filter::Is { attribute, value: value.clone() };
        let one_of = |(attribute, values): &(Attribute, Vec<String>)| {
            Filter::Or(values.iter().map(|value| is(*attribute, value)).collect())
        };
        let filter = Filter::And(terms.iter().map(one_of).collect());
        let mut rows = plan::newest(plan::plan(&filter, self)?, 0, self.row_count(), usize::MAX)?;
        rows.reverse();
        Ok(rows)
    }

    /// Counts the rows that match.
    pub(crate) fn count(&self, question: &CountQuestion<'_>, tally: &mut Tally) -> Result<(), FormatError> {
        count::count(self, question, tally)
    }

    /// The text of a row's record.
    #[allow(clippy::unnecessary_wraps, reason = "the same question to a segment on disk can fail")]
    pub(crate) fn record(&self, row: u32) -> Result<Bytes, FormatError> {
        Ok(self.rows[row as usize].record.clone())
    }

    /// The rows whose identity has this hash.
    pub(crate) fn rows_of(&self, hash: u64) -> Vec<u32> {
        let first = self.identities.partition_point(|(known, _)| *known < hash);
        self.identities[first..].iter().take_while(|(known, _)| *known == hash).map(|(_, row)| *row).collect()
    }

    fn hit(&self, row: u32) -> Hit {
        Hit { place: self.rows[row as usize].place(), row }
    }

    fn terms(&self) -> &[SortedTerms] {
        self.terms.get_or_init(|| {
            let mut log = TermLog::default();
            for row in &self.rows {
                log.push(Terms::of(&View::parse(&row.record).unwrap_or_default()).iter());
            }
            log.finish().map(|(_, terms)| terms).collect()
        })
    }

    fn terms_of(&self, attribute: Attribute) -> Option<&SortedTerms> {
        self.terms().get(slot(attribute))
    }
}

impl TermIndex for MemorySegment {
    fn row_count(&self) -> u32 {
        number(self.rows.len())
    }

    fn rows_of_term(&self, attribute: Attribute, value: &str) -> Result<Rows<'_>, FormatError> {
        let rows = self.terms_of(attribute).map_or(&[][..], |terms| terms.rows_of(value));
        Ok(Box::new(Listed::new(rows)))
    }

    fn rows_of_part(&self, attribute: Attribute, part: Part<'_>) -> Result<Rows<'_>, FormatError> {
        let Some(terms) = self.terms_of(attribute) else { return Ok(Box::new(Empty)) };
        let lists: Vec<&[u32]> = match part {
            Part::Prefix(value) => {
                terms.iter_from(value).take_while(|(term, _)| term.starts_with(value)).map(|(_, rows)| rows).collect()
            }
            Part::Contains(_) => terms.iter().filter(|(term, _)| part.fits(term)).map(|(_, rows)| rows).collect(),
        };
        if lists.len() <= TERMS_ASKED_MAX {
            return Ok(Box::new(Or::new(
                lists.into_iter().map(|rows| Box::new(Listed::new(rows)) as Rows<'_>).collect(),
            )));
        }
        let mut gathered = Bitmap::new(self.row_count());
        lists.into_iter().flatten().for_each(|row| gathered.insert(*row));
        Ok(Box::new(gathered))
    }

    fn rows_of_attribute(&self, attribute: Attribute) -> Result<Rows<'_>, FormatError> {
        let rows = self.terms_of(attribute).map(SortedTerms::present).unwrap_or_default();
        Ok(Box::new(Listed::new(rows)))
    }
}

impl CountIndex for MemorySegment {
    fn rows_before(&self, time: Timestamp) -> Result<u32, FormatError> {
        Ok(number(self.rows.partition_point(|row| row.time < time)))
    }

    fn count_terms(
        &self,
        attribute: Attribute,
        among: &Bitmap,
        each: &mut dyn FnMut(&str, u32),
    ) -> Result<(), FormatError> {
        for (term, rows) in self.terms_of(attribute).into_iter().flat_map(SortedTerms::iter) {
            let count: u32 = rows.iter().map(|row| u32::from(among.has(*row))).sum();
            if count > 0 {
                each(term, count);
            }
        }
        Ok(())
    }
}

/// A count of rows in memory, which never reach four milliards.
fn number(rows: usize) -> u32 {
    u32::try_from(rows).expect("rows in memory are counted by u32")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::row::describe;
    use super::super::testing;
    use super::*;

    fn check(segment: &MemorySegment, rows: &[Row], question: &testing::Question) {
        let hits = segment
            .lookup(&question.filter, question.range, question.after, question.limit)
            .expect("memory doesn't fail");
        let places: Vec<Place> = hits.iter().map(|hit| hit.place).collect();
        assert_eq!(places, testing::truth(rows, question));
        for hit in &hits {
            assert_eq!(segment.rows()[hit.row as usize].place(), hit.place);
        }
        let after = question.after.map(|after| after.position);
        let hits = segment.arrivals(after, &question.filter, question.limit).expect("memory doesn't fail");
        let places: Vec<Place> = hits.iter().map(|hit| hit.place).collect();
        assert_eq!(places, testing::arrived(rows, after, &question.filter, question.limit));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn answers_are_those_of_the_filter(
            rows in testing::rows(0..120),
            cut in 0_usize..120,
            questions in proptest::collection::vec(testing::question(), 1..12),
        ) {
            let whole = MemorySegment::new(testing::filed(&rows));
            let (head, tail) = rows.split_at(cut.min(rows.len()));
            let [head, tail] = [head, tail].map(|rows| MemorySegment::new(testing::filed(rows)).index());
            let merged = MemorySegment::merge(&[&head, &MemorySegment::default().index(), &tail]);
            let unasked = MemorySegment::merge(&[&head, &MemorySegment::new(Vec::new())]);
            prop_assert!(merged.terms.get().is_some() && unasked.terms.get().is_none());
            prop_assert_eq!(whole.rows(), merged.rows());
            for question in &questions {
                check(&whole, &rows, question);
                check(&merged, &rows, question);
            }
            for row in &rows {
                for segment in [&whole, &merged] {
                    let found = segment.rows_of(describe(&row.record).hash);
                    prop_assert!(found.iter().any(|it| segment.rows()[*it as usize] == *row));
                }
            }
        }
    }
}
