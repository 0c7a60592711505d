//! ARNs of trails, and what callers may write where a trail is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{InvalidTrailName, TrailName};
use crate::account::{AccountId, Region};

/// `arn:<partition>:cloudtrail:<home Region>:<account>:trail/<name>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrailArn {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// The trail's home Region.
    pub region: Region,
    /// The owner.
    pub account: AccountId,
    /// The trail's name.
    pub name: TrailName,
}

/// The text is not the ARN of a trail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "CloudTrail ARN {0} is not valid. A trail ARN has the form arn:partition:cloudtrail:region:account:trail/name."
)]
pub struct InvalidTrailArn(pub String);

impl TrailArn {
    /// The ARN of a trail called `name` at home in `region`.
    pub fn new(region: Region, account: AccountId, name: TrailName) -> Self {
        Self { partition: region.partition().to_owned(), region, account, name }
    }
}

impl FromStr for TrailArn {
    type Err = InvalidTrailArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| InvalidTrailArn(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<TrailArn> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let (arn, partition, service) = (next()?, next()?, next()?);
    let (region, account, resource) = (next()?, next()?, next()?);
    let is_partition = partition == "aws" || partition.strip_prefix("aws-").is_some_and(is_lower_words);
    if arn != "arn" || service != "cloudtrail" || !is_partition {
        return None;
    }
    Some(TrailArn {
        partition: partition.to_owned(),
        region: region.parse().ok()?,
        account: account.parse().ok()?,
        name: resource.strip_prefix("trail/")?.parse().ok()?,
    })
}

fn is_lower_words(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

impl fmt::Display for TrailArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, region, account, name } = self;
        write!(f, "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}")
    }
}

impl TryFrom<String> for TrailArn {
    type Error = InvalidTrailArn;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TrailArn> for String {
    fn from(arn: TrailArn) -> Self {
        arn.to_string()
    }
}

/// A trail as a caller refers to it: by name, or by ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TrailRef {
    /// A plain name, to be found in the caller's account and Region.
    Name(TrailName),
    /// A full ARN.
    Arn(TrailArn),
}

/// The text refers to no trail that could exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrailRefError {
    /// It is a name, and a bad one.
    #[error(transparent)]
    InvalidName(#[from] InvalidTrailName),
    /// It starts like an ARN, and isn't one of a trail.
    #[error(transparent)]
    InvalidArn(#[from] InvalidTrailArn),
}

impl TrailRef {
    /// Reads what a caller wrote: text that starts with `arn:` must be a trail's ARN, other text a trail's name.
    pub fn parse(text: &str) -> Result<Self, TrailRefError> {
        if text.starts_with("arn:") { Ok(Self::Arn(text.parse()?)) } else { Ok(Self::Name(text.parse()?)) }
    }

    /// The name in either form.
    pub fn name(&self) -> &TrailName {
        match self {
            Self::Name(name) => name,
            Self::Arn(arn) => &arn.name,
        }
    }
}

impl fmt::Display for TrailRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Arn(arn) => arn.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_every_partition_round_trip() {
        for text in [
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/my-trail",
            "arn:aws-cn:cloudtrail:cn-north-1:123456789012:trail/a.b",
            "arn:aws-us-gov:cloudtrail:us-gov-west-1:123456789012:trail/Trail_1",
            "arn:aws-iso-b:cloudtrail:us-isob-east-1:123456789012:trail/abc",
        ] {
            let arn: TrailArn = text.parse().expect("valid");
            assert_eq!(arn.to_string(), text);
            let built = TrailArn::new(arn.region.clone(), arn.account.clone(), arn.name.clone());
            assert_eq!(built, arn);
            assert_eq!(TrailRef::parse(text), Ok(TrailRef::Arn(arn)));
        }
    }

    #[test]
    fn what_is_not_a_trail_arn_is_refused() {
        for text in [
            "arn:",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/a",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/a:bc",
            "arn:aws:cloudtrail:us-east-1:123456789012:trail/abc/def",
            "arn:aws:cloudtrail:us-east-1:12345678901:trail/abc",
            "arn:aws:cloudtrail::123456789012:trail/abc",
            "arn:aws:cloudtrail:us-east-1:123456789012:channel/abc",
            "arn:aws:s3:us-east-1:123456789012:trail/abc",
            "arn:foo:cloudtrail:us-east-1:123456789012:trail/abc",
            "arn:aws-:cloudtrail:us-east-1:123456789012:trail/abc",
        ] {
            assert_eq!(TrailRef::parse(text), Err(TrailRefError::InvalidArn(InvalidTrailArn(text.to_owned()))));
        }
    }

    #[test]
    fn other_text_is_a_name() {
        assert_eq!(TrailRef::parse("abc").expect("valid").to_string(), "abc");
        assert!(matches!(TrailRef::parse("Arn:aws"), Err(TrailRefError::InvalidName(_))));
    }
}
