//! What a condition can be in a set of rows of which only statistics are known.

use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr, Not};

use super::key::Key;
use super::{CompareOp, Leaf, Test};
use crate::proto::TypeKind;
use crate::read::statistics::ColumnStatistics;

/// The outcomes that a condition can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcomes {
    pub(super) yes: bool,
    pub(super) no: bool,
    pub(super) null: bool,
}

impl Outcomes {
    pub(super) const ANY: Outcomes = Outcomes { yes: true, no: true, null: true };
    pub(super) const YES: Outcomes = Outcomes { yes: true, no: false, null: false };
    pub(super) const NO: Outcomes = Outcomes { yes: false, no: true, null: false };
    const NULL: Outcomes = Outcomes { yes: false, no: false, null: true };

    /// Whether the condition can be true for some row.
    pub(crate) fn may_hold(self) -> bool {
        self.yes
    }

    /// Whether it is true for every row.
    pub(crate) fn holds(self) -> bool {
        self == Self::YES
    }
}

impl BitAnd for Outcomes {
    type Output = Outcomes;

    fn bitand(self, with: Outcomes) -> Outcomes {
        Outcomes {
            yes: self.yes && with.yes,
            no: self.no || with.no,
            null: self.null && (with.null || with.yes) || with.null && self.yes,
        }
    }
}

impl BitOr for Outcomes {
    type Output = Outcomes;

    fn bitor(self, with: Outcomes) -> Outcomes {
        !(!self & !with)
    }
}

impl Not for Outcomes {
    type Output = Outcomes;

    fn not(self) -> Outcomes {
        Outcomes { yes: self.no, no: self.yes, null: self.null }
    }
}

impl Leaf {
    /// What the condition can be, given the statistics of the column and of the structs it is in, outermost first.
    /// Unknown ones are `None`.
    pub(super) fn possible(&self, way: &[Option<ColumnStatistics>]) -> Outcomes {
        let Some(Some(own)) = way.last() else { return Outcomes::ANY };
        // A column counts only its own nulls, not those of the structs around it.
        let null = way.iter().any(|it| it.as_ref().is_none_or(|it| it.has_null));
        let none = own.values == Some(0);
        if none && !null {
            // Neither values nor nulls: these statistics were never filled in.
            return Outcomes::ANY;
        }
        match &self.test {
            Test::IsNull => Outcomes { yes: null, no: !none, null: false },
            Test::IsNotNull => Outcomes { yes: !none, no: null, null: false },
            Test::Compare(..) | Test::In(_) | Test::Like(_) if none => Outcomes::NULL,
            Test::Like(_) => Outcomes { yes: true, no: true, null },
            Test::Compare(op, key) => Outcomes { null, ..self.compare(*op, key, own) },
            Test::In(keys) => {
                let each = keys.iter().map(|key| self.compare(CompareOp::Eq, key, own));
                Outcomes { null, ..each.fold(Outcomes::NO, |all, one| all | one) }
            }
        }
    }

    fn compare(&self, op: CompareOp, key: &Key, known: &ColumnStatistics) -> Outcomes {
        use Ordering::{Equal, Greater, Less};
        // Some writers pad the values of a char for statistics, some don't.
        if self.kind == TypeKind::Char {
            return Outcomes::ANY;
        }
        let order = |bound: &Option<_>| bound.as_ref().and_then(|bound| key.order_of(bound, self.unit));
        let (low, high) = (order(&known.minimum), order(&known.maximum));
        if let Key::Float(key) = key {
            return floats(op, *key, low, high);
        }
        let (yes, no) = match op {
            CompareOp::Eq => (low != Some(Greater) && high != Some(Less), (low, high) != (Some(Equal), Some(Equal))),
            CompareOp::NotEq => ((low, high) != (Some(Equal), Some(Equal)), low != Some(Greater) && high != Some(Less)),
            CompareOp::Lt => (matches!(low, None | Some(Less)), high != Some(Less)),
            CompareOp::LtEq => (low != Some(Greater), matches!(high, None | Some(Greater))),
            CompareOp::Gt => (matches!(high, None | Some(Greater)), low != Some(Greater)),
            CompareOp::GtEq => (high != Some(Less), matches!(low, None | Some(Less))),
        };
        Outcomes { yes, no, null: false }
    }
}

/// Statistics may know nothing of a NaN, and not which zero they have. Nothing is concluded that a total order, in
/// which NaN is the greatest and the zeros differ, would contradict.
fn floats(op: CompareOp, key: f64, low: Option<Ordering>, high: Option<Ordering>) -> Outcomes {
    let below = low != Some(Ordering::Greater);
    let yes = match op {
        _ if key.is_nan() => true,
        CompareOp::Eq => below && high != Some(Ordering::Less),
        CompareOp::Lt | CompareOp::LtEq => below,
        CompareOp::NotEq | CompareOp::Gt | CompareOp::GtEq => true,
    };
    Outcomes { yes, no: true, null: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::scalar::Scalar;

    #[test]
    fn outcomes_follow_the_tables_of_three_values() {
        // The outcomes of sets are those of all their members.
        let single = [Outcomes::YES, Outcomes::NO, Outcomes::NULL];
        let table = |a: usize, b: usize| if a == 1 || b == 1 { 1 } else { a.max(b) };
        for (a, left) in single.into_iter().enumerate() {
            for (b, right) in single.into_iter().enumerate() {
                assert_eq!(left & right, single[table(a, b)], "{left:?} and {right:?}");
            }
        }
        let some = Outcomes { yes: true, no: false, null: true };
        assert_eq!(some & some, some);
        assert_eq!(some | Outcomes::NO, some);
        assert_eq!(!some, Outcomes { yes: false, no: true, null: true });
    }

    fn check(test: Test, known: &ColumnStatistics) -> String {
        let leaf = Leaf { id: 1, kind: TypeKind::Long, way: vec![1], steps: vec![0], unit: 1, test };
        let Outcomes { yes, no, null } = leaf.possible(&[Some(known.clone())]);
        [(yes, "yes"), (no, "no"), (null, "null")].iter().filter(|it| it.0).map(|it| it.1).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ranges_leave_only_what_they_allow() {
        let range = |low, high| ColumnStatistics {
            values: Some(9),
            minimum: Some(Scalar::Int(low)),
            maximum: Some(Scalar::Int(high)),
            ..ColumnStatistics::default()
        };
        let compare = |op, key, known: &ColumnStatistics| check(Test::Compare(op, Key::Int(key)), known);
        use CompareOp::*;
        let known = range(3, 7);
        for (op, below, low, inside, high, above) in [
            (Eq, "no", "yes no", "yes no", "yes no", "no"),
            (NotEq, "yes", "yes no", "yes no", "yes no", "yes"),
            (Lt, "no", "no", "yes no", "yes no", "yes"),
            (LtEq, "no", "yes no", "yes no", "yes", "yes"),
            (Gt, "yes", "yes no", "yes no", "no", "no"),
            (GtEq, "yes", "yes", "yes no", "yes no", "no"),
        ] {
            let found = [2, 3, 5, 7, 8].map(|key| compare(op, key, &known));
            assert_eq!(found, [below, low, inside, high, above], "{op:?}");
        }
        assert_eq!(compare(Eq, 3, &range(3, 3)), "yes");
        assert_eq!(check(Test::In(vec![Key::Int(1), Key::Int(9)]), &known), "no");
        assert_eq!(check(Test::In(vec![]), &known), "no");
    }

    #[test]
    fn what_is_not_known_is_possible() {
        let nulls = ColumnStatistics { values: Some(0), has_null: true, ..ColumnStatistics::default() };
        let test = || Test::Compare(CompareOp::Eq, Key::Int(1));
        assert_eq!(check(test(), &nulls), "null");
        assert_eq!(check(Test::IsNull, &nulls), "yes");
        assert_eq!(check(Test::IsNotNull, &nulls), "no");
        let empty = ColumnStatistics { values: Some(0), ..ColumnStatistics::default() };
        assert_eq!(check(test(), &empty), "yes no null");
        let unbounded = ColumnStatistics { values: Some(4), ..ColumnStatistics::default() };
        assert_eq!(check(test(), &unbounded), "yes no");
        assert_eq!(check(Test::IsNull, &unbounded), "no");
    }

    #[test]
    fn a_struct_around_may_be_null() {
        let leaf =
            Leaf { id: 2, kind: TypeKind::Long, way: vec![1, 2], steps: vec![0, 0], unit: 1, test: Test::IsNull };
        let full = ColumnStatistics { values: Some(4), ..ColumnStatistics::default() };
        let nulls = ColumnStatistics { has_null: true, ..full.clone() };
        assert!(leaf.possible(&[Some(nulls), Some(full.clone())]).yes);
        assert!(leaf.possible(&[None, Some(full.clone())]).yes);
        assert!(!leaf.possible(&[Some(full.clone()), Some(full)]).yes);
    }

    #[test]
    fn floats_reckon_with_nan_and_both_zeros() {
        use Ordering::{Equal, Greater};
        assert!(floats(CompareOp::Gt, 5.0, None, None).yes);
        assert!(floats(CompareOp::Lt, 0.0, Some(Equal), Some(Greater)).yes);
        assert!(!floats(CompareOp::Lt, -1.0, Some(Greater), Some(Greater)).yes);
        assert!(!floats(CompareOp::Eq, -1.0, Some(Greater), Some(Greater)).yes);
        assert!(floats(CompareOp::Eq, f64::NAN, None, None).yes);
    }
}
