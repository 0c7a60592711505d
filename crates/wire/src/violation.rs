//! Broken constraints: what they are, how AWS words them, and which error they become.

use std::fmt;

use crate::schema::Pattern;
use crate::{Error, ErrorShape, Operation};

/// At most so many violations are kept; a body can hold far more.
const KEPT_MAX: usize = 100;

/// At most so many characters of a value are shown in a message.
const SHOWN_CHARS_MAX: usize = 2048;

/// A constraint of the model that a value breaks.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Where, as AWS writes it: `tagsList.1.member.key`.
    pub path: String,
    /// The members on the way, by their names on the wire, outermost first: `TagsList`, `Key`.
    pub members: Vec<&'static str>,
    /// The shape that carries the constraint.
    pub shape: &'static str,
    /// The value; nothing if it is missing.
    pub value: Option<String>,
    /// What it breaks.
    pub constraint: Constraint,
}

/// What the model asks of a value.
#[derive(Debug, Clone)]
pub enum Constraint {
    /// A required member must be there.
    NotNull,
    /// At least so many characters, items or entries.
    LengthMin(i64),
    /// At most so many characters, items or entries.
    LengthMax(i64),
    /// At least this number.
    ValueMin(i64),
    /// At most this number.
    ValueMax(i64),
    /// The whole text matches.
    Pattern(&'static Pattern),
    /// One of these.
    Values(&'static [&'static str]),
    /// These hold for each item, key or value of a collection.
    Each(Whose, Vec<Constraint>),
}

/// Which parts of a collection a constraint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The items of a list.
    Items,
    /// The keys of a map.
    MapKeys,
    /// The values of a map.
    MapValues,
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => f.write_str("Member must not be null"),
            Self::LengthMin(min) => write!(f, "Member must have length greater than or equal to {min}"),
            Self::LengthMax(max) => write!(f, "Member must have length less than or equal to {max}"),
            Self::ValueMin(min) => write!(f, "Member must have value greater than or equal to {min}"),
            Self::ValueMax(max) => write!(f, "Member must have value less than or equal to {max}"),
            Self::Pattern(pattern) => {
                write!(f, "Member must satisfy regular expression pattern: {}", pattern.source())
            }
            Self::Values(values) => write!(f, "Member must satisfy enum value set: [{}]", values.join(", ")),
            Self::Each(whose, inner) => {
                let whose = match whose {
                    Whose::Items => "Member",
                    Whose::MapKeys => "Map keys",
                    Whose::MapValues => "Map value",
                };
                let inner: Vec<String> = inner.iter().map(Self::to_string).collect();
                write!(f, "{whose} must satisfy constraint: [{}]", inner.join(", "))
            }
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => {
                write!(f, "Value '{}'", cut(value))?;
            }
            None => f.write_str("Value null")?,
        }
        write!(f, " at '{}' failed to satisfy constraint: {}", self.path, self.constraint)
    }
}

/// All the constraints that a request breaks, in the model's order.
#[derive(Debug, Clone, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(crate) fn add(&mut self, violation: impl FnOnce() -> Violation) {
        if self.0.len() < KEPT_MAX {
            self.0.push(violation());
        }
    }

    /// Whether the request keeps to the model.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The violations, in the model's order.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "error" } else { "errors" };
        let each: Vec<String> = self.0.iter().map(Violation::to_string).collect();
        write!(f, "{} validation {plural} detected: {}", self.0.len(), each.join("; "))
    }
}

/// The error that a request with these violations is answered.
///
/// The service checks the model's constraints before it looks at anything else, and most of them surface as
/// `ValidationException`. Some operations have an error of their own for a member; where the operation models that
/// error, it stands in:
///
/// | member | constraint | error |
/// |---|---|---|
/// | `MaxResults`, `MaxQueryResults` | range | `InvalidMaxResultsException` |
/// | `NextToken` | length, pattern | `InvalidNextTokenException` |
/// | `EventCategory` of the request | value set | `InvalidEventCategoryException` |
/// | `QueryStatus` of the request | value set | `InvalidQueryStatusException` |
/// | inside `LookupAttributes` | any | `InvalidLookupAttributesException` |
/// | inside `EventSelectors`, `AdvancedEventSelectors` | any | `InvalidEventSelectorsException` |
/// | inside `InsightSelectors` | any | `InvalidInsightSelectorsException` |
/// | inside `TagsList`, `Tags` | any | `InvalidTagParameterException` |
///
/// The first violation decides. A member of the request itself that is missing is always a `ValidationException`. The
/// message is the validation text, except for a bad `ReadWriteType`, whose own text is known.
pub fn violation_error(operation: Operation, violations: &Violations) -> Error {
    let own = violations.0.first().and_then(|first| Some((first, own_error(operation, first)?)));
    match own {
        Some((first, shape)) => Error::modelled(shape, own_message(first).unwrap_or_else(|| violations.to_string())),
        None => Error::validation(violations.to_string()),
    }
}

/// The operation's own error for the violation, if it has one.
fn own_error(operation: Operation, violation: &Violation) -> Option<ErrorShape> {
    use ErrorShape as E;
    let at_top = violation.members.len() == 1;
    if at_top && matches!(violation.constraint, Constraint::NotNull) {
        return None;
    }
    let shape = match *violation.members.first()? {
        "MaxResults" | "MaxQueryResults" => E::InvalidMaxResultsException,
        "NextToken" => E::InvalidNextTokenException,
        "EventCategory" => E::InvalidEventCategoryException,
        "QueryStatus" => E::InvalidQueryStatusException,
        "LookupAttributes" => E::InvalidLookupAttributesException,
        "EventSelectors" | "AdvancedEventSelectors" => E::InvalidEventSelectorsException,
        "InsightSelectors" => E::InvalidInsightSelectorsException,
        "TagsList" | "Tags" => E::InvalidTagParameterException,
        _ => return None,
    };
    operation.errors().contains(&shape).then_some(shape)
}

/// The text of an error whose own words are known.
fn own_message(violation: &Violation) -> Option<String> {
    let value = violation.value.as_deref().filter(|_| violation.members.ends_with(&["ReadWriteType"]))?;
    Some(format!("Value {} for ReadWriteType is invalid.", cut(value)))
}

fn cut(value: &str) -> String {
    value.chars().take(SHOWN_CHARS_MAX).collect()
}
