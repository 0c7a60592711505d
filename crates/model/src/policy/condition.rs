//! Conditions (IAM user guide, "Condition operators" and "Set operators").

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::net::IpAddr;

use opentrail_stdx::Timestamp;

use super::glob::{Glob, lookup};

type Context = BTreeMap<String, Vec<String>>;

/// One operator applied to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: Operator,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// `ForAnyValue:StringNotLikeIfExists`, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    quantifier: Quantifier,
    is_negated: bool,
    test: Test,
    if_exists: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    None,
    ForAll,
    ForAny,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    IpAddress,
    Arn,
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn holds(self, ordering: Option<Ordering>) -> bool {
        ordering.is_some_and(|ordering| match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        })
    }
}

impl Operator {
    /// Reads the operator's name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let (quantifier, name) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Quantifier::ForAll, rest),
            Some(("ForAnyValue", rest)) => (Quantifier::ForAny, rest),
            Some(_) => return None,
            None => (Quantifier::None, name),
        };
        let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
        let (test, is_negated) = test_from_name(name)?;
        let is_null = test == Test::Null;
        (!is_null || !if_exists && quantifier == Quantifier::None).then_some(Self {
            quantifier,
            is_negated,
            test,
            if_exists,
        })
    }
}

impl Operator {
    /// Is it just the operator of that name?
    pub(super) fn is_plain(self, name: &str) -> bool {
        Self::from_name(name) == Some(self)
    }
}

fn test_from_name(name: &str) -> Option<(Test, bool)> {
    Some(match name {
        "StringEquals" => (Test::StringEquals, false),
        "StringNotEquals" => (Test::StringEquals, true),
        "StringEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, false),
        "StringNotEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, true),
        "StringLike" => (Test::StringLike, false),
        "StringNotLike" => (Test::StringLike, true),
        "Bool" => (Test::Bool, false),
        "BinaryEquals" => (Test::Binary, false),
        "IpAddress" => (Test::IpAddress, false),
        "NotIpAddress" => (Test::IpAddress, true),
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
        "Null" => (Test::Null, false),
        _ => return ordered_test(name),
    })
}

fn ordered_test(name: &str) -> Option<(Test, bool)> {
    let (test, order): (fn(Order) -> Test, _) = match name.strip_prefix("Numeric") {
        Some(order) => (Test::Numeric, order),
        None => (Test::Date, name.strip_prefix("Date")?),
    };
    Some(match order {
        "Equals" => (test(Order::Equal), false),
        "NotEquals" => (test(Order::Equal), true),
        "LessThan" => (test(Order::Less), false),
        "LessThanEquals" => (test(Order::LessOrEqual), false),
        "GreaterThan" => (test(Order::Greater), false),
        "GreaterThanEquals" => (test(Order::GreaterOrEqual), false),
        _ => return None,
    })
}

impl Condition {
    /// Does the condition hold in this context?
    pub(super) fn holds(&self, context: &Context, has_variables: bool) -> bool {
        let actual = lookup(context, &self.key).filter(|values| !values.is_empty());
        let Operator { quantifier, is_negated, test, if_exists } = self.operator;
        if test == Test::Null {
            return self
                .values
                .iter()
                .any(|value| value.eq_ignore_ascii_case(if actual.is_none() { "true" } else { "false" }));
        }
        let Some(actual) = actual else {
            return match quantifier {
                Quantifier::ForAll => true,
                Quantifier::ForAny => if_exists,
                Quantifier::None => is_negated || if_exists,
            };
        };
        let variables = has_variables.then_some(context);
        let is_match = |value: &String| self.values.iter().any(|wanted| test.holds(value, wanted, variables));
        match quantifier {
            Quantifier::None => actual.iter().any(is_match) != is_negated,
            Quantifier::ForAny => actual.iter().any(|value| is_match(value) != is_negated),
            Quantifier::ForAll => actual.iter().all(|value| is_match(value) != is_negated),
        }
    }
}

impl Test {
    fn holds(self, actual: &str, wanted: &str, context: Option<&Context>) -> bool {
        match self {
            Self::StringEquals | Self::Binary => literal(wanted, context).is_some_and(|wanted| wanted == actual),
            Self::StringEqualsIgnoreCase => {
                literal(wanted, context).is_some_and(|wanted| wanted.to_lowercase() == actual.to_lowercase())
            }
            Self::StringLike => Glob::new(wanted, context).is_some_and(|glob| glob.matches(actual)),
            Self::Numeric(order) => order.holds(compare(number(actual), number(wanted))),
            Self::Date(order) => order.holds(compare(date(actual), date(wanted))),
            Self::Bool => actual.eq_ignore_ascii_case(wanted),
            Self::IpAddress => is_in_network(actual, wanted),
            Self::Arn => is_arn_like(actual, wanted, context),
            Self::Null => false,
        }
    }
}

fn compare<T: PartialOrd>(actual: Option<T>, wanted: Option<T>) -> Option<Ordering> {
    actual?.partial_cmp(&wanted?)
}

/// Text whose variables are filled in, without wildcards.
fn literal(text: &str, context: Option<&Context>) -> Option<String> {
    let Some(context) = context.filter(|_| text.contains("${")) else { return Some(text.to_owned()) };
    Glob::literal(text, context)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

/// ISO 8601, with or without a time of day, or seconds since the epoch.
fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let of_day = || Timestamp::parse_iso(&format!("{text}T00:00:00Z"));
    let of_epoch = || text.parse().ok().map(Timestamp::from_secs);
    Timestamp::parse_iso(text).or_else(of_day).or_else(of_epoch)
}

/// Each of the six parts of an ARN matches by itself, so that no `*` crosses a colon but in the last.
fn is_arn_like(actual: &str, wanted: &str, context: Option<&Context>) -> bool {
    let (actual, wanted): (Vec<_>, Vec<_>) = (actual.splitn(6, ':').collect(), wanted.splitn(6, ':').collect());
    let is_part =
        |(actual, wanted): (&&str, &&str)| Glob::new(wanted, context).is_some_and(|glob| glob.matches(actual));
    actual.len() == wanted.len() && actual.iter().zip(&wanted).all(is_part)
}

fn is_in_network(actual: &str, network: &str) -> bool {
    let (base, bits) = network.split_once('/').map_or((network, None), |(base, bits)| (base, Some(bits)));
    let (Ok(actual), Ok(base)) = (actual.parse::<IpAddr>(), base.parse::<IpAddr>()) else { return false };
    let (actual, base, width) = match (actual, base) {
        (IpAddr::V4(actual), IpAddr::V4(base)) => (u128::from(actual.to_bits()), u128::from(base.to_bits()), 32),
        (IpAddr::V6(actual), IpAddr::V6(base)) => (actual.to_bits(), base.to_bits(), 128),
        _ => return false,
    };
    match bits.map_or(Ok(width), str::parse::<u32>) {
        Ok(bits) if bits <= width => (actual ^ base).checked_shr(width - bits).unwrap_or(0) == 0,
        _ => false,
    }
}
