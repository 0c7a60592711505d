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
/// | `RetentionPeriod` | range | `InvalidParameterException` |
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
        "RetentionPeriod" => E::InvalidParameterException,
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;

    fn check(operation: Operation, body: &Value, expected: &Expect) {
        let error = match crate::check(operation, body) {
            Ok(violations) => violation_error(operation, &violations),
            Err(error) => error,
        };
        expected.assert_eq(&error.to_string());
    }

    #[test]
    fn the_words_are_awss() {
        check(
            Operation::GetChannel,
            &json!({"Channel": "ab"}),
            &expect![
                "ValidationException: 1 validation error detected: Value 'ab' at 'channel' failed to satisfy constraint: Member must have length greater than or equal to 3"
            ],
        );
        check(
            Operation::CreateTrail,
            &json!({"S3BucketName": null}),
            &expect![
                "ValidationException: 2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value null at 's3BucketName' failed to satisfy constraint: Member must not be null"
            ],
        );
        check(
            Operation::DescribeQuery,
            &json!({"QueryId": "NOT-A-UUID"}),
            &expect![[
                r"ValidationException: 2 validation errors detected: Value 'NOT-A-UUID' at 'queryId' failed to satisfy constraint: Member must have length greater than or equal to 36; Value 'NOT-A-UUID' at 'queryId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-f0-9\-]+$"
            ]],
        );
        check(
            Operation::ListDashboards,
            &json!({"Type": "OTHER", "MaxResults": 1001}),
            &expect![
                "ValidationException: 2 validation errors detected: Value 'OTHER' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [MANAGED, CUSTOM]; Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"
            ],
        );
    }

    #[test]
    fn collections_have_their_own_words() {
        check(
            Operation::StartImport,
            &json!({"Destinations": ["ab"]}),
            &expect![[
                r"ValidationException: 1 validation error detected: Value '[ab]' at 'destinations' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: ^[a-zA-Z0-9._/\-:]+$]"
            ]],
        );
        check(
            Operation::StartDashboardRefresh,
            &json!({"DashboardId": "d", "QueryParameterValues": {"ab": ""}}),
            &expect![[
                r"ValidationException: 2 validation errors detected: Value '{ab=}' at 'queryParameterValues' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: ^[a-zA-Z0-9._/\-:$]+$]; Value '{ab=}' at 'queryParameterValues' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^[a-zA-Z0-9._/\-:]+$]"
            ]],
        );
        check(
            Operation::AddTags,
            &json!({"ResourceId": "arn", "TagsList": [{"Key": "a"}, {"Key": ""}, null]}),
            &expect![
                "InvalidTagParameterException: 2 validation errors detected: Value '' at 'tagsList.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'tagsList.3.member' failed to satisfy constraint: Member must not be null"
            ],
        );
    }

    #[test]
    fn operations_answer_their_own_errors() {
        check(
            Operation::LookupEvents,
            &json!({"MaxResults": 51}),
            &expect![
                "InvalidMaxResultsException: 1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50"
            ],
        );
        check(
            Operation::LookupEvents,
            &json!({"EventCategory": "management"}),
            &expect![
                "InvalidEventCategoryException: 1 validation error detected: Value 'management' at 'eventCategory' failed to satisfy constraint: Member must satisfy enum value set: [insight]"
            ],
        );
        check(
            Operation::LookupEvents,
            &json!({"LookupAttributes": [{"AttributeKey": "eventId", "AttributeValue": "x"}]}),
            &expect![
                "InvalidLookupAttributesException: 1 validation error detected: Value 'eventId' at 'lookupAttributes.1.member.attributeKey' failed to satisfy constraint: Member must satisfy enum value set: [EventId, EventName, ReadOnly, Username, ResourceType, ResourceName, EventSource, AccessKeyId]"
            ],
        );
        check(
            Operation::PutEventSelectors,
            &json!({"TrailName": "t", "EventSelectors": [{"ReadWriteType": "Both"}]}),
            &expect!["InvalidEventSelectorsException: Value Both for ReadWriteType is invalid."],
        );
        check(
            Operation::ListQueries,
            &json!({"EventDataStore": "abc", "QueryStatus": "DONE"}),
            &expect![
                "InvalidQueryStatusException: 1 validation error detected: Value 'DONE' at 'queryStatus' failed to satisfy constraint: Member must satisfy enum value set: [QUEUED, RUNNING, FINISHED, FAILED, CANCELLED, TIMED_OUT]"
            ],
        );
        check(
            Operation::PutInsightSelectors,
            &json!({"TrailName": "t", "InsightSelectors": [{"InsightType": "Other"}]}),
            &expect![
                "InvalidInsightSelectorsException: 1 validation error detected: Value 'Other' at 'insightSelectors.1.member.insightType' failed to satisfy constraint: Member must satisfy enum value set: [ApiCallRateInsight, ApiErrorRateInsight]"
            ],
        );
        check(
            Operation::ListImports,
            &json!({"NextToken": "abc"}),
            &expect![
                "InvalidNextTokenException: 1 validation error detected: Value 'abc' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 4"
            ],
        );
        check(
            Operation::AddTags,
            &json!({"ResourceId": "arn"}),
            &expect![
                "ValidationException: 1 validation error detected: Value null at 'tagsList' failed to satisfy constraint: Member must not be null"
            ],
        );
    }

    #[test]
    fn lengths_count_code_points() {
        let tagged = |key: &str| json!({"ResourceId": "arn", "TagsList": [{"Key": key}]});
        let violations = |key: &str| crate::check(Operation::AddTags, &tagged(key)).expect("typed").iter().count();
        assert_eq!(violations(&"\u{1F600}".repeat(128)), 0);
        assert_eq!(violations(&"\u{1F600}".repeat(129)), 1);
    }

    #[test]
    fn a_flood_of_violations_is_bounded() {
        let tags = vec![json!({"Key": ""}); 10_000];
        let violations = crate::check(Operation::AddTags, &json!({"ResourceId": "a", "TagsList": tags}));
        assert_eq!(violations.expect("typed").iter().count(), KEPT_MAX);
    }
}
