//! Which rows are wanted.

use memchr::memmem::Finder;

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
    /// The column's value is like a pattern.
    Like {
        /// A column of text, not inside a list, map or union.
        column: ColumnPath,
        /// What it is to be like.
        pattern: TextPattern,
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
            Predicate::Compare { column, .. }
            | Predicate::In { column, .. }
            | Predicate::Like { column, .. }
            | Predicate::IsNull { column }
            | Predicate::IsNotNull { column } => paths.push(column.clone()),
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

/// A pattern of SQL's `LIKE` in which only `%` stands for something: any text.
///
/// ```
/// use opentrail_orc::TextPattern;
///
/// let denied = TextPattern::new("%Denied%");
/// assert!(denied.matches(b"Client.AccessDenied.1"));
/// ```
#[derive(Debug, Clone)]
pub struct TextPattern {
    /// The text before the first `%`.
    begin: String,
    /// Those between two, in their order.
    middle: Vec<Finder<'static>>,
    /// The text after the last `%`; nothing when there is none, and the whole text is `begin`.
    end: Option<String>,
}

impl TextPattern {
    /// Reads `%` as any text, and every other character as itself.
    pub fn new(pattern: &str) -> TextPattern {
        let mut pieces = pattern.split('%');
        let begin = pieces.next().unwrap_or_default().to_owned();
        let end = pieces.next_back().map(str::to_owned);
        let middle = pieces.filter(|piece| !piece.is_empty()).map(|piece| Finder::new(piece).into_owned());
        TextPattern { begin, middle: middle.collect(), end }
    }

    /// Whether a text is like it.
    pub fn matches(&self, text: &[u8]) -> bool {
        let Some(rest) = text.strip_prefix(self.begin.as_bytes()) else { return false };
        let Some(end) = &self.end else { return rest.is_empty() };
        let Some(mut rest) = rest.strip_suffix(end.as_bytes()) else { return false };
        // The first place of each piece leaves the most for those that follow.
        for piece in &self.middle {
            let Some(at) = piece.find(rest) else { return false };
            rest = &rest[at + piece.needle().len()..];
        }
        true
    }
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &TextPattern) -> bool {
        let needles = |of: &TextPattern| of.middle.iter().map(|piece| piece.needle().to_vec()).collect::<Vec<_>>();
        (&self.begin, &self.end) == (&other.begin, &other.end) && needles(self) == needles(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_like_sql_says() {
        for (pattern, like, unlike) in [
            ("", &[""][..], &["a"][..]),
            ("abc", &["abc"], &["", "ab", "abcd", "xabc"]),
            ("%", &["", "a"], &[]),
            ("%%", &["", "a"], &[]),
            ("a%", &["a", "ab"], &["", "ba"]),
            ("%a", &["a", "ba"], &["", "ab"]),
            ("%ab%", &["ab", "xabx", "aab"], &["a", "ba", "axb"]),
            ("a%a", &["aa", "aba"], &["a", "ab"]),
            ("a%bc%bc", &["abcbc", "axbcxbc"], &["abc", "abcb"]),
            ("%aa%aa%", &["aaaa", "aabaa"], &["aaa"]),
        ] {
            for text in like {
                assert!(TextPattern::new(pattern).matches(text.as_bytes()), "`{text}` LIKE `{pattern}`");
            }
            for text in unlike {
                assert!(!TextPattern::new(pattern).matches(text.as_bytes()), "`{text}` NOT LIKE `{pattern}`");
            }
        }
    }
}
