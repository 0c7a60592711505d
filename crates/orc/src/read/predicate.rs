//! Which rows are wanted.

use crate::ColumnPath;
use crate::read::scalar::Scalar;

/// A condition on rows, with SQL's three values: a comparison with a null is neither true nor false, and only rows
/// where the whole is true are wanted.
///
/// Columns may lie inside structs; a null struct's children are null. They need not be in the projection.
///
/// Text and bytes are compared byte by byte. NaN equals nothing and is in no order.
///
/// ```
/// use opentrail_orc::{CompareOp, Predicate, Scalar};
///
/// let root = Predicate::compare("userIdentity.type", CompareOp::Eq, Scalar::from("Root"));
/// let failed = Predicate::IsNotNull { column: "errorCode".into() };
/// let wanted = Predicate::And(vec![root, failed]);
/// # let _ = wanted;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// The column's value stands in this order to the given one.
    Compare {
        /// A column that is not nested, not inside a list, map or union.
        column: ColumnPath,
        /// The order.
        op: CompareOp,
        /// What to compare with: of the column's type.
        value: Scalar,
    },
    /// The column's value is one of these.
    In {
        /// As in a comparison.
        column: ColumnPath,
        /// Of the column's type. Without any, no row is wanted.
        values: Vec<Scalar>,
    },
    /// The column is null. It may be nested.
    IsNull {
        /// Any column that is not inside a list, map or union.
        column: ColumnPath,
    },
    /// The column is not null.
    IsNotNull {
        /// Any column that is not inside a list, map or union.
        column: ColumnPath,
    },
    /// All are true. Without any, every row is wanted.
    And(Vec<Predicate>),
    /// One at least is true. Without any, no row is wanted.
    Or(Vec<Predicate>),
    /// It is false.
    Not(Box<Predicate>),
}

impl Predicate {
    /// A comparison.
    pub fn compare(column: impl Into<ColumnPath>, op: CompareOp, value: Scalar) -> Predicate {
        Predicate::Compare { column: column.into(), op, value }
    }

    /// Adds the columns that it looks at, each as often as it does.
    pub fn columns(&self, paths: &mut Vec<ColumnPath>) {
        match self {
            Predicate::Compare { column, .. } | Predicate::In { column, .. } => paths.push(column.clone()),
            Predicate::IsNull { column } | Predicate::IsNotNull { column } => paths.push(column.clone()),
            Predicate::And(all) | Predicate::Or(all) => all.iter().for_each(|one| one.columns(paths)),
            Predicate::Not(one) => one.columns(paths),
        }
    }
}

/// An order between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `<>`
    NotEq,
    /// `<`
    Lt,
    /// `<=`
    LtEq,
    /// `>`
    Gt,
    /// `>=`
    GtEq,
}
