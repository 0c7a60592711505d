//! How a column is named: the way from the root to it.

use std::fmt;
use std::str::FromStr;

/// The path of a column, as in `userIdentity.arn`.
///
/// A list's child is called `element`, a map's children `key` and `value`, a union's children `0`, `1`, …. A name that
/// holds a dot or a backtick is quoted with backticks, a backtick inside doubled: `` `a.b`.c ``.
///
/// ```
/// use opentrail_orc::ColumnPath;
///
/// let path = ColumnPath::from("resources.element.ARN");
/// assert_eq!(path.segments(), ["resources", "element", "ARN"]);
/// assert_eq!(ColumnPath::from("`a.b`.c").segments(), ["a.b", "c"]);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ColumnPath(Vec<String>);

impl ColumnPath {
    /// The path of the root struct, which has no segments.
    pub fn root() -> Self {
        Self::default()
    }

    /// A path from its segments, each taken as it is.
    pub fn new<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }

    /// The path of a child of this column.
    pub fn child(&self, name: &str) -> Self {
        let mut segments = self.0.clone();
        segments.push(name.to_owned());
        Self(segments)
    }

    /// The names from the root's child down.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Whether this column is `other` or lies below it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl From<&str> for ColumnPath {
    fn from(text: &str) -> Self {
        let mut segments = Vec::new();
        let mut segment = String::new();
        let mut quoted = false;
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '`' if quoted && chars.peek() == Some(&'`') => {
                    chars.next();
                    segment.push('`');
                }
                '`' => quoted = !quoted,
                '.' if !quoted => segments.push(std::mem::take(&mut segment)),
                other => segment.push(other),
            }
        }
        if !(segments.is_empty() && segment.is_empty()) {
            segments.push(segment);
        }
        Self(segments)
    }
}

impl From<String> for ColumnPath {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl FromStr for ColumnPath {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for ColumnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            if segment.contains(['.', '`']) {
                write!(f, "`{}`", segment.replace('`', "``"))?;
            } else {
                f.write_str(segment)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ColumnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ColumnPath({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_quoted_and_empty() {
        assert_eq!(ColumnPath::from("a.b").segments(), ["a", "b"]);
        assert_eq!(ColumnPath::from("`a``.b`.c").segments(), ["a`.b", "c"]);
        assert_eq!(ColumnPath::from(""), ColumnPath::root());
        assert_eq!(ColumnPath::from("a.").segments(), ["a", ""]);
        assert!(ColumnPath::from("a.b").starts_with(&ColumnPath::from("a")));
        assert!(!ColumnPath::from("ab").starts_with(&ColumnPath::from("a")));
    }

    proptest! {
        #[test]
        fn printed_paths_read_back(segments in prop::collection::vec("[a.`é]{1,4}", 0..4)) {
            let path = ColumnPath::new(segments);
            prop_assert_eq!(ColumnPath::from(path.to_string()), path);
        }
    }
}
