//! Account ids, Regions and partitions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An AWS account id: twelve decimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// The text is not twelve decimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("account id `{0}` must be twelve digits")]
pub struct InvalidAccountId(pub String);

impl AccountId {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_account_id(text) { Ok(Self(text.to_owned())) } else { Err(InvalidAccountId(text.to_owned())) }
    }
}

/// Twelve decimal digits?
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A Region such as `us-east-1`: it names a scope, and need not be one that AWS has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

/// The text can't name a Region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Region `{0}` must be 1 to 32 lower-case letters, digits and hyphens, such as `us-east-1`")]
pub struct InvalidRegion(pub String);

impl Region {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that this Region lies in, as ARNs print it.
    pub fn partition(&self) -> &'static str {
        const BY_PREFIX: [(&str, &str); 7] = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("us-iso-", "aws-iso"),
            ("us-isob-", "aws-iso-b"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-isof-", "aws-iso-f"),
            ("eusc-", "aws-eusc"),
        ];
        BY_PREFIX.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
    }
}

impl FromStr for Region {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_valid = (1..=32).contains(&text.len()) && text.bytes().all(allowed);
        if is_valid { Ok(Self(text.to_owned())) } else { Err(InvalidRegion(text.to_owned())) }
    }
}

/// The Region in which a partition records its global services: their records carry it as `awsRegion`.
pub fn leader_region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        "aws-iso-e" => "eu-isoe-west-1",
        "aws-iso-f" => "us-isof-south-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    }
}

macro_rules! text_type {
    ($name:ty, $error:ty) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

text_type!(AccountId, InvalidAccountId);
text_type!(Region, InvalidRegion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_twelve_digits() {
        assert_eq!("123456789012".parse::<AccountId>().expect("valid").to_string(), "123456789012");
        for bad in ["", "12345678901", "1234567890123", "12345678901a", "١٢٣٤٥٦"] {
            assert_eq!(bad.parse::<AccountId>(), Err(InvalidAccountId(bad.to_owned())));
        }
    }

    #[test]
    fn regions_name_their_partition() {
        let cases = [
            ("us-east-1", "aws"),
            ("eu-central-2", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
            ("my-lab", "aws"),
        ];
        for (region, partition) in cases {
            assert_eq!(region.parse::<Region>().expect("valid").partition(), partition, "{region}");
        }
        for bad in ["", "US-EAST-1", "us_east_1", "us east", &"a".repeat(33)] {
            assert!(bad.parse::<Region>().is_err(), "{bad}");
        }
    }

    #[test]
    fn serde_keeps_the_text_and_checks_it() {
        let region: Region = serde_json::from_str("\"eu-west-1\"").expect("valid");
        assert_eq!(serde_json::to_string(&region).expect("text"), "\"eu-west-1\"");
        assert!(serde_json::from_str::<AccountId>("\"12\"").is_err());
    }
}
