//! Sets made of sets. Nothing is read before it is asked for.

use super::{Bitmap, RowSet, Rows};
use crate::format::FormatError;

/// What a set last answered: once the sets that it is made of have been asked about lower rows, they can't be asked
/// about higher ones.
#[derive(Default)]
struct Answer(Option<Option<u32>>);

impl Answer {
    /// The answer, if it is the same for `at_most`.
    fn still(&self, at_most: u32) -> Option<Option<u32>> {
        self.0.filter(|answer| answer.is_none_or(|row| row <= at_most))
    }
}

/// Where the smallest of some sets has less than one row in so many, the others are asked about its members only.
const FEW: u32 = 64;

/// Rows that are in all of the sets.
pub(in crate::format) struct And<'i> {
    sets: Vec<Rows<'i>>,
    answer: Answer,
}

impl<'i> And<'i> {
    /// At least one set.
    pub(in crate::format) fn new(mut sets: Vec<Rows<'i>>) -> Self {
        // The smallest leads: the others are only asked about its members.
        sets.sort_by_key(|set| set.size_max());
        Self { sets, answer: Answer::default() }
    }

    fn find(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let mut candidate = at_most;
        'candidates: loop {
            for set in &mut self.sets {
                match set.seek(candidate)? {
                    None => return Ok(None),
                    Some(row) if row < candidate => {
                        candidate = row;
                        // Where the first set leads to, the others follow; where another does, all are asked again.
                        continue 'candidates;
                    }
                    Some(_) => {}
                }
            }
            return Ok(Some(candidate));
        }
    }
}

impl RowSet for And<'_> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        if let Some(answer) = self.answer.still(at_most) {
            return Ok(answer);
        }
        let answer = self.find(at_most)?;
        self.answer = Answer(Some(answer));
        Ok(answer)
    }

    fn size_max(&self) -> u32 {
        self.sets.first().map_or(0, |set| set.size_max())
    }

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        if self.size_max() < into.rows() / FEW {
            return super::gather_each(self, into);
        }
        let mut all = Bitmap::new(into.rows());
        all.insert_all();
        for set in &mut self.sets {
            let mut members = Bitmap::new(into.rows());
            set.gather(&mut members)?;
            all.intersect(&members);
        }
        into.union(&all);
        Ok(())
    }
}

/// Rows that are in one of the sets.
pub(in crate::format) struct Or<'i>(Vec<Head<'i>>);

/// A set and what it last answered.
struct Head<'i> {
    set: Rows<'i>,
    answer: Answer,
}

impl<'i> Or<'i> {
    pub(in crate::format) fn new(sets: Vec<Rows<'i>>) -> Self {
        Self(sets.into_iter().map(|set| Head { set, answer: Answer::default() }).collect())
    }
}

impl RowSet for Or<'_> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let mut greatest = None;
        for head in &mut self.0 {
            let row = match head.answer.still(at_most) {
                Some(answer) => answer,
                None => head.set.seek(at_most)?,
            };
            head.answer = Answer(Some(row));
            greatest = greatest.max(row);
        }
        Ok(greatest)
    }

    fn size_max(&self) -> u32 {
        self.0.iter().fold(0, |sum, head| sum.saturating_add(head.set.size_max()))
    }

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        self.0.iter_mut().try_for_each(|head| head.set.gather(into))
    }
}

/// Rows of a segment that are not in the set.
pub(in crate::format) struct Not<'i> {
    set: Rows<'i>,
    rows: u32,
    /// Of the set.
    member: Answer,
    answer: Answer,
}

impl<'i> Not<'i> {
    pub(in crate::format) fn new(set: Rows<'i>, rows: u32) -> Self {
        Self { set, rows, member: Answer::default(), answer: Answer::default() }
    }

    fn find(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        let mut candidate = self.rows.checked_sub(1).map(|last| last.min(at_most));
        while let Some(row) = candidate {
            let member = match self.member.still(row) {
                Some(member) => member,
                None => self.set.seek(row)?,
            };
            self.member = Answer(Some(member));
            if member != Some(row) {
                break;
            }
            candidate = row.checked_sub(1);
        }
        Ok(candidate)
    }
}

impl RowSet for Not<'_> {
    fn seek(&mut self, at_most: u32) -> Result<Option<u32>, FormatError> {
        if let Some(answer) = self.answer.still(at_most) {
            return Ok(answer);
        }
        let answer = self.find(at_most)?;
        self.answer = Answer(Some(answer));
        Ok(answer)
    }

    fn size_max(&self) -> u32 {
        self.rows
    }

    fn gather(&mut self, into: &mut Bitmap) -> Result<(), FormatError> {
        let mut others = Bitmap::new(into.rows());
        self.set.gather(&mut others)?;
        others.invert();
        into.union(&others);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{All, Bitmap, Empty, Listed};
    use super::*;

    const ROWS: u32 = 200;

    #[derive(Debug, Clone)]
    enum Shape {
        All,
        Empty,
        Listed(Vec<u32>),
        Bitmap(Vec<u32>),
        And(Vec<Shape>),
        Or(Vec<Shape>),
        Not(Box<Shape>),
    }

    impl Shape {
        fn set(&self) -> Rows<'_> {
            match self {
                Self::All => Box::new(All(ROWS)),
                Self::Empty => Box::new(Empty),
                Self::Listed(rows) => Box::new(Listed::new(rows)),
                Self::Bitmap(rows) => {
                    let mut set = Bitmap::new(ROWS);
                    rows.iter().for_each(|row| set.insert(*row));
                    Box::new(set)
                }
                Self::And(shapes) => Box::new(And::new(shapes.iter().map(Self::set).collect())),
                Self::Or(shapes) => Box::new(Or::new(shapes.iter().map(Self::set).collect())),
                Self::Not(shape) => Box::new(Not::new(shape.set(), ROWS)),
            }
        }

        fn has(&self, row: u32) -> bool {
            match self {
                Self::All => true,
                Self::Empty => false,
                Self::Listed(rows) | Self::Bitmap(rows) => rows.contains(&row),
                Self::And(shapes) => shapes.iter().all(|shape| shape.has(row)),
                Self::Or(shapes) => shapes.iter().any(|shape| shape.has(row)),
                Self::Not(shape) => !shape.has(row),
            }
        }
    }

    fn shape() -> impl Strategy<Value = Shape> {
        let rows = || proptest::collection::btree_set(0..ROWS, 0..120).prop_map(|rows| rows.into_iter().collect());
        let leaf = prop_oneof![
            Just(Shape::All),
            Just(Shape::Empty),
            rows().prop_map(Shape::Listed),
            rows().prop_map(Shape::Bitmap),
        ];
        leaf.prop_recursive(4, 16, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 1..4).prop_map(Shape::And),
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Shape::Or),
                inner.prop_map(|shape| Shape::Not(Box::new(shape))),
            ]
        })
    }

    proptest! {
        #[test]
        fn sets_are_what_they_are_made_of(shape in shape(), steps in proptest::collection::vec(1_u32..20, 0..30)) {
            let mut set = shape.set();
            let expected = |at_most: u32| (0..=at_most.min(ROWS - 1)).rev().find(|row| shape.has(*row));
            let mut at_most = ROWS + 5;
            for step in steps {
                prop_assert_eq!(set.seek(at_most).expect("no disk"), expected(at_most), "at most {}", at_most);
                let Some(lower) = at_most.checked_sub(step) else { break };
                at_most = lower;
            }
            let count = (0..ROWS).filter(|row| shape.has(*row)).count();
            prop_assert!(set.size_max() as usize >= count);
            let mut gathered = Bitmap::new(ROWS);
            gathered.insert(7);
            shape.set().gather(&mut gathered).expect("no disk");
            prop_assert!((0..ROWS).all(|row| gathered.has(row) == (row == 7 || shape.has(row))));
        }
    }
}
