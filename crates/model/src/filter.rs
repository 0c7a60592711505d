//! What one may ask of records: attributes, and filters over them.
//!
//! [`Terms::of`] says which values a record has for each [`Attribute`]; a [`Filter`] is a question about them.
//! [`Filter::matches`] is the meaning of a filter; indexes answer the same by other means.

mod parse;
mod print;
mod terms;

use serde::{Deserialize, Deserializer, Serialize};

pub use self::parse::{FilterProblem, FilterSyntaxError};
pub use self::terms::Terms;

/// The most filters that may stand inside one another.
pub const FILTER_DEPTH_MAX: usize = 32;

/// The most parts of a filter.
pub const FILTER_NODES_MAX: usize = 256;

/// The longest value of a filter, in bytes.
pub const FILTER_VALUE_BYTES_MAX: usize = 4096;

/// Something that records are looked up by. The numbers are persisted: keep stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Attribute {
    /// `eventID`.
    EventId = 1,
    /// `eventName`.
    EventName = 2,
    /// `true` or `false`: `readOnly`, or what the operation's name tells.
    ReadOnly = 3,
    /// The user as lookups name him: IAM user, session or `root`.
    Username = 4,
    /// The type of a resource that the event is looked up by, such as `AWS::S3::Bucket`.
    ResourceType = 5,
    /// The name of such a resource.
    ResourceName = 6,
    /// `eventSource`.
    EventSource = 7,
    /// `userIdentity.accessKeyId`.
    AccessKeyId = 8,
    /// `sourceIPAddress`.
    SourceIp = 9,
    /// `errorCode`.
    ErrorCode = 10,
    /// `userIdentity.arn`.
    UserArn = 11,
    /// `awsRegion`.
    Region = 12,
    /// `recipientAccountId`.
    Account = 13,
    /// `eventCategory`, or what follows from other members when it is absent.
    Category = 14,
}

impl Attribute {
    /// All of them, by number.
    pub const ALL: [Self; 14] = [
        Self::EventId,
        Self::EventName,
        Self::ReadOnly,
        Self::Username,
        Self::ResourceType,
        Self::ResourceName,
        Self::EventSource,
        Self::AccessKeyId,
        Self::SourceIp,
        Self::ErrorCode,
        Self::UserArn,
        Self::Region,
        Self::Account,
        Self::Category,
    ];

    /// The name that people write, in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventId => "event-id",
            Self::EventName => "event-name",
            Self::ReadOnly => "read-only",
            Self::Username => "username",
            Self::ResourceType => "resource-type",
            Self::ResourceName => "resource-name",
            Self::EventSource => "event-source",
            Self::AccessKeyId => "access-key-id",
            Self::SourceIp => "source-ip",
            Self::ErrorCode => "error-code",
            Self::UserArn => "user-arn",
            Self::Region => "region",
            Self::Account => "account",
            Self::Category => "category",
        }
    }

    /// The attribute of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }

    /// The attribute of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| *attribute as u8 == number)
    }
}

impl std::fmt::Display for Attribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Attribute {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(UnknownAttribute(name.into_owned())))
    }
}

/// There is no such attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown attribute `{0}`; there are {names}", names = names())]
pub struct UnknownAttribute(pub String);

fn names() -> String {
    let names: Vec<_> = Attribute::ALL.iter().map(|attribute| format!("`{attribute}`")).collect();
    names.join(", ")
}

/// A question about a record. All comparisons are of exact bytes, case included.
///
/// As JSON: `"all"`, `{"is":{"attribute":"event-name","value":"PutObject"}}`, likewise `prefix` and `contains`,
/// `{"has":"error-code"}`, `{"and":[…]}`, `{"or":[…]}`, `{"not":…}`. What was read from JSON is within bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Filter {
    /// Every record.
    All,
    /// Records of which some value of the attribute is this one.
    Is {
        /// The attribute.
        attribute: Attribute,
        /// Its value.
        value: String,
    },
    /// Records of which some value of the attribute begins so.
    Prefix {
        /// The attribute.
        attribute: Attribute,
        /// How its value begins.
        value: String,
    },
    /// Records of which some value of the attribute has this inside.
    Contains {
        /// The attribute.
        attribute: Attribute,
        /// A part of its value.
        value: String,
    },
    /// Records that have a value of the attribute.
    Has(Attribute),
    /// Records that match all of these; every record when there are none.
    And(Vec<Filter>),
    /// Records that match one of these; no record when there are none.
    Or(Vec<Filter>),
    /// Records that don't match this.
    Not(Box<Filter>),
}

/// A filter is larger than we are willing to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterTooLarge {
    /// Too many levels.
    #[error("filter nests deeper than {FILTER_DEPTH_MAX} levels")]
    TooDeep,
    /// Too many parts.
    #[error("filter has more than {FILTER_NODES_MAX} parts")]
    TooManyParts,
    /// A value is too long.
    #[error("a value of the filter is longer than {FILTER_VALUE_BYTES_MAX} bytes")]
    ValueTooLong,
}

impl Filter {
    /// Does a record with these terms match?
    pub fn matches(&self, terms: &Terms<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Is { attribute, value } => terms.values(*attribute).any(|term| term == value),
            Self::Prefix { attribute, value } => terms.values(*attribute).any(|term| term.starts_with(value)),
            Self::Contains { attribute, value } => terms.values(*attribute).any(|term| term.contains(value)),
            Self::Has(attribute) => terms.values(*attribute).next().is_some(),
            Self::And(filters) => filters.iter().all(|filter| filter.matches(terms)),
            Self::Or(filters) => filters.iter().any(|filter| filter.matches(terms)),
            Self::Not(filter) => !filter.matches(terms),
        }
    }

    /// Is this within bounds? Whoever builds a filter from what a stranger wrote asks first.
    pub fn check(&self) -> Result<(), FilterTooLarge> {
        self.check_below(FILTER_DEPTH_MAX, &mut FILTER_NODES_MAX.clone())
    }

    fn check_below(&self, depth: usize, nodes: &mut usize) -> Result<(), FilterTooLarge> {
        let depth = depth.checked_sub(1).ok_or(FilterTooLarge::TooDeep)?;
        *nodes = nodes.checked_sub(1).ok_or(FilterTooLarge::TooManyParts)?;
        match self {
            Self::All | Self::Has(_) => Ok(()),
            Self::Is { value, .. } | Self::Prefix { value, .. } | Self::Contains { value, .. } => {
                if value.len() > FILTER_VALUE_BYTES_MAX { Err(FilterTooLarge::ValueTooLong) } else { Ok(()) }
            }
            Self::And(filters) | Self::Or(filters) => {
                filters.iter().try_for_each(|filter| filter.check_below(depth, nodes))
            }
            Self::Not(filter) => filter.check_below(depth, nodes),
        }
    }
}

impl Serialize for Filter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Each level is checked when it is complete; the parser's own limit of depth bounds the recursion until then.
        let filter = Self::deserialize(deserializer)?;
        filter.check().map_err(serde::de::Error::custom)?;
        Ok(filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::View;

    fn is(attribute: Attribute, value: &str) -> Filter {
        Filter::Is { attribute, value: value.to_owned() }
    }

    #[test]
    fn names_and_numbers_lead_back() {
        for attribute in Attribute::ALL {
            assert_eq!(Attribute::from_name(attribute.name()), Some(attribute));
            assert_eq!(Attribute::from_number(attribute as u8), Some(attribute));
        }
        assert_eq!((Attribute::from_name("EventId"), Attribute::from_number(0)), (None, None));
    }

    #[test]
    fn matches_as_it_says() {
        let record = br#"{"eventName":"PutObject","errorCode":"","readOnly":false,"awsRegion":"eu-west-1",
            "eventCategory":"Data","userIdentity":{"arn":"arn:aws:iam::1:user/bob"}}"#;
        let view = View::parse(record).expect("a record");
        let terms = Terms::of(&view);
        let prefix = |value: &str| Filter::Prefix { attribute: Attribute::UserArn, value: value.to_owned() };
        let contains = |value: &str| Filter::Contains { attribute: Attribute::UserArn, value: value.to_owned() };
        for (filter, expected) in [
            (Filter::All, true),
            (is(Attribute::EventName, "PutObject"), true),
            (is(Attribute::EventName, "putobject"), false),
            (is(Attribute::ReadOnly, "false"), true),
            (is(Attribute::Category, "Data"), true),
            (prefix("arn:aws:iam"), true),
            (prefix("aws"), false),
            (contains("user/"), true),
            (contains(""), true),
            (Filter::Has(Attribute::ErrorCode), false),
            (Filter::Has(Attribute::Region), true),
            (Filter::And(vec![]), true),
            (Filter::Or(vec![]), false),
            (Filter::Not(Box::new(Filter::Has(Attribute::Username))), true),
            (Filter::And(vec![is(Attribute::Region, "eu-west-1"), prefix("x")]), false),
            (Filter::Or(vec![is(Attribute::Region, "eu-west-1"), prefix("x")]), true),
        ] {
            assert_eq!(filter.matches(&terms), expected, "{filter:?}");
        }
    }

    #[test]
    fn json_leads_back_and_is_bounded() {
        let filter = Filter::And(vec![
            Filter::All,
            Filter::Not(Box::new(Filter::Has(Attribute::ErrorCode))),
            Filter::Or(vec![is(Attribute::SourceIp, "192.0.2.1")]),
        ]);
        let json = serde_json::to_string(&filter).expect("JSON");
        assert_eq!(
            json,
            r#"{"and":["all",{"not":{"has":"error-code"}},{"or":[{"is":{"attribute":"source-ip","value":"192.0.2.1"}}]}]}"#
        );
        assert_eq!(serde_json::from_str::<Filter>(&json).expect("a filter"), filter);
        let nested = |levels: usize| format!("{}\"all\"{}", "{\"not\":".repeat(levels), "}".repeat(levels));
        assert!(serde_json::from_str::<Filter>(&nested(FILTER_DEPTH_MAX - 1)).is_ok());
        assert!(serde_json::from_str::<Filter>(&nested(FILTER_DEPTH_MAX)).is_err());
        assert!(serde_json::from_str::<Filter>(&nested(10_000)).is_err());
        let many = format!("{{\"or\":[{}\"all\"]}}", "\"all\",".repeat(FILTER_NODES_MAX));
        let error = serde_json::from_str::<Filter>(&many).expect_err("too many parts").to_string();
        assert!(error.contains("more than 256 parts"), "{error}");
        let error = serde_json::from_str::<Filter>(r#"{"has":"colour"}"#).expect_err("no attribute").to_string();
        assert!(error.contains("unknown attribute `colour`"), "{error}");
    }
}
