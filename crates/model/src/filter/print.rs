//! Filters as people write them.

use std::fmt;

use super::Filter;

/// As [`std::str::FromStr`] reads it: `event-name = GetObject AND NOT (error-code = *)`.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Is { attribute, value } => write!(f, "{attribute} = {}", Value(value)),
            Self::Prefix { attribute, value } => write!(f, "{attribute} ^= {}", Value(value)),
            Self::Contains { attribute, value } => write!(f, "{attribute} *= {}", Value(value)),
            Self::Has(attribute) => write!(f, "{attribute} = *"),
            Self::And(filters) => join(f, filters, "AND", "all"),
            Self::Or(filters) => join(f, filters, "OR", "NOT all"),
            Self::Not(filter) => write!(f, "NOT {}", Part(filter)),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, filters: &[Filter], word: &str, empty: &str) -> fmt::Result {
    match filters {
        [] => f.write_str(empty),
        [one] => write!(f, "{one}"),
        [first, rest @ ..] => {
            write!(f, "{}", Part(first))?;
            rest.iter().try_for_each(|filter| write!(f, " {word} {}", Part(filter)))
        }
    }
}

/// A filter inside of another one.
struct Part<'a>(&'a Filter);

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Filter::And(filters) | Filter::Or(filters) if filters.len() != 1 => write!(f, "({})", self.0),
            Filter::And(filters) | Filter::Or(filters) => write!(f, "{}", Part(&filters[0])),
            other => write!(f, "{other}"),
        }
    }
}

/// A value, in quotes where it must be.
struct Value<'a>(&'a str);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/._@+-".contains(&byte);
        if !self.0.is_empty() && self.0.bytes().all(is_plain) {
            return f.write_str(self.0);
        }
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
