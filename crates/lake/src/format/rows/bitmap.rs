//! A set as bits.

use std::ops::Range;

use super::RowSet;
use crate::format::FormatError;

const WORD: u32 = u64::BITS;

/// A bit for each row of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Bitmap {
    words: Vec<u64>,
    rows: u32,
}

impl Bitmap {
    /// The empty set in a segment of `rows` rows.
    pub(in crate::format) fn new(rows: u32) -> Self {
        Self { words: vec![0; rows.div_ceil(WORD) as usize], rows }
    }

    /// How many rows the segment has.
    pub(in crate::format) fn rows(&self) -> u32 {
        self.rows
    }

    /// Adds a row; one that the segment doesn't have is none.
    pub(in crate::format) fn insert(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut((row / WORD) as usize) {
            *word |= 1_u64 << (row % WORD);
        }
    }

    /// Adds every row.
    pub(in crate::format) fn insert_all(&mut self) {
        self.words.fill(u64::MAX);
        self.trim();
    }

    /// Adds the rows of another set of the same segment.
    pub(in crate::format) fn union(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// Keeps the rows that another set of the same segment has, too.
    pub(in crate::format) fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Makes it the set of all other rows.
    pub(in crate::format) fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// Keeps the rows of a range.
    pub(in crate::format) fn keep(&mut self, range: Range<u32>) {
        for (index, word) in (0_u32..).zip(&mut self.words) {
            *word &= mask(&range, index);
        }
    }

    /// Is this row in it?
    pub(in crate::format) fn has(&self, row: u32) -> bool {
        self.words.get((row / WORD) as usize).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// How many rows of a range are in it.
    pub(in crate::format) fn count(&self, range: Range<u32>) -> u32 {
        if range.is_empty() {
            return 0;
        }
        let (first, last) = (range.start / WORD, (range.end - 1) / WORD);
        let words = self.words.get(first as usize..).unwrap_or_default();
        let masked = |(index, word): (u32, &u64)| (word & mask(&range, index)).count_ones();
        (first..=last).zip(words).map(masked).sum()
    }

    /// No bit stands for a row that the segment doesn't have.
    fn trim(&mut self) {
        let rows = 0..self.rows;
        if let Some((last, index)) = self.words.last_mut().zip(self.rows.checked_sub(1)) {
            *last &= mask(&rows, index / WORD);
        }
    }
}

/// The bits of a word that stand for rows of a range.
fn mask(range: &Range<u32>, word: u32) -> u64 {
    let first = u64::from(word) * u64::from(WORD);
    let inside = |row: u32| u64::from(row).saturating_sub(first).min(u64::from(WORD));
    let below = |bits: u64| if bits == u64::from(WORD) { u64::MAX } else { (1 << bits) - 1 };
    below(inside(range.end)) & !below(inside(range.start))
}

impl RowSet for Bitmap {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let mut index = (at_most / WORD) as usize;
        let mut mask = u64::MAX >> (WORD - 1 - at_most % WORD);
        if index >= self.words.len() {
            let Some(last) = self.words.len().checked_sub(1) else { return Ok(None) };
            (index, mask) = (last, u64::MAX);
        }
        loop {
            let word = self.words[index] & mask;
            if word != 0 {
                let bit = WORD - 1 - word.leading_zeros();
                return Ok(u32::try_from(index).ok().map(|index| index * WORD + bit));
            }
            let Some(before) = index.checked_sub(1) else { return Ok(None) };
            (index, mask) = (before, u64::MAX);
        }
    }

    fn size_max(&self) -> u32 {
        self.count(0..self.rows)
    }

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        into.union(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn bitmap(rows: u32, members: &BTreeSet<u32>) -> Bitmap {
        let mut bitmap = Bitmap::new(rows);
        members.iter().for_each(|row| bitmap.insert(*row));
        bitmap
    }

    proptest! {
        #[test]
        fn bits_are_a_set(
            rows in 1_u32..200,
            a in proptest::collection::btree_set(0_u32..200, 0..150),
            b in proptest::collection::btree_set(0_u32..200, 0..150),
            from in 0_u32..250,
            length in 0_u32..250,
        ) {
            let [a, b] = [a, b].map(|set| set.into_iter().filter(|row| *row < rows).collect::<BTreeSet<_>>());
            let (mut kept, mut both, mut either, mut others) =
                (bitmap(rows, &a), bitmap(rows, &a), bitmap(rows, &a), bitmap(rows, &a));
            let range = from..from + length;
            prop_assert_eq!(kept.count(range.clone()) as usize, a.iter().filter(|row| range.contains(row)).count());
            kept.keep(range.clone());
            prop_assert_eq!(kept, bitmap(rows, &a.iter().copied().filter(|row| range.contains(row)).collect()));
            both.intersect(&bitmap(rows, &b));
            prop_assert_eq!(both, bitmap(rows, &(&a & &b)));
            either.union(&bitmap(rows, &b));
            prop_assert_eq!(either, bitmap(rows, &(&a | &b)));
            others.invert();
            prop_assert_eq!(&others, &bitmap(rows, &(0..rows).filter(|row| !a.contains(row)).collect()));
            others.insert_all();
            prop_assert_eq!(others.size_max(), rows);
            prop_assert!((0..250).all(|row| bitmap(rows, &a).has(row) == a.contains(&row)));
        }
    }
}
