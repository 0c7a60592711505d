//! ARNs of what belongs to the Lake: event data stores, channels and dashboards.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Region};

/// The parts of `arn:<partition>:cloudtrail:<Region>:<account>:<kind>/<name>`, whose partition is that of its Region.
fn parse<'t>(text: &'t str, kind: &str) -> Option<(Region, AccountId, &'t str)> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let (arn, partition, service) = (next()?, next()?, next()?);
    let (region, account, resource) = (next()?, next()?, next()?);
    let region: Region = region.parse().ok()?;
    let is_ours = arn == "arn" && service == "cloudtrail" && partition == region.partition();
    let (found, name) = resource.split_once('/')?;
    if is_ours && found == kind { Some((region, account.parse().ok()?, name)) } else { None }
}

/// Is this a UUID in lower-case text?
pub fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |(part, length): (&&str, usize)| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(is_hex)
}

/// Can this name a dashboard: 3 to 128 letters, digits, `_` and `-`?
pub fn is_dashboard_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (3..=128).contains(&text.len()) && text.bytes().all(is_allowed)
}

macro_rules! lake_arn {
    ($(#[$doc:meta])* $name:ident, $error:ident, $what:literal, $kind:literal, $id:ident, $is_id:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name {
            /// The only Region where it is known.
            pub region: Region,
            /// The owner.
            pub account: AccountId,
            $id: String,
        }

        #[doc = concat!("The text is not the ARN of ", $what, ".")]
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("`{0}` is not the ARN of {what}", what = $what)]
        pub struct $error(pub String);

        impl $name {
            /// The ARN in `region` of `account`; nothing when the last part can't name one.
            pub fn new(region: Region, account: AccountId, $id: &str) -> Option<Self> {
                $is_id($id).then(|| Self { region, account, $id: $id.to_owned() })
            }

            /// What stands behind the slash.
            pub fn $id(&self) -> &str {
                &self.$id
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let parsed = parse(text, $kind).and_then(|(region, account, last)| Self::new(region, account, last));
                parsed.ok_or_else(|| $error(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (partition, region, account) = (self.region.partition(), &self.region, &self.account);
                write!(f, concat!("arn:{}:cloudtrail:{}:{}:", $kind, "/{}"), partition, region, account, self.$id)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(arn: $name) -> Self {
                arn.to_string()
            }
        }
    };
}

lake_arn!(
    /// `arn:<partition>:cloudtrail:<Region>:<account>:eventdatastore/<UUID>`.
    EventDataStoreArn, InvalidEventDataStoreArn, "an event data store", "eventdatastore", id, is_uuid
);
lake_arn!(
    /// `arn:<partition>:cloudtrail:<Region>:<account>:channel/<UUID>`.
    ChannelArn, InvalidChannelArn, "a channel", "channel", id, is_uuid
);
lake_arn!(
    /// `arn:<partition>:cloudtrail:<Region>:<account>:dashboard/<name>`.
    DashboardArn, InvalidDashboardArn, "a dashboard", "dashboard", name, is_dashboard_name
);

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    #[test]
    fn arns_round_trip() {
        let text = format!("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/{ID}");
        let arn: EventDataStoreArn = text.parse().expect("valid");
        assert_eq!((arn.id(), arn.to_string()), (ID, text.clone()));
        let stored = serde_json::to_string(&arn).expect("text");
        assert_eq!(serde_json::from_str::<EventDataStoreArn>(&stored).expect("valid"), arn);
        let text = format!("arn:aws-cn:cloudtrail:cn-north-1:123456789012:channel/{ID}");
        assert_eq!(text.parse::<ChannelArn>().expect("valid").to_string(), text);
        let text = "arn:aws:cloudtrail:us-east-1:123456789012:dashboard/AWSCloudTrail-Overview";
        assert_eq!(text.parse::<DashboardArn>().expect("valid").name(), "AWSCloudTrail-Overview");
    }

    #[test]
    fn what_is_not_one_is_refused() {
        let upper = ID.to_uppercase();
        for text in [
            "",
            ID,
            "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore",
            "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/",
            "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/1234",
            &format!("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/{upper}"),
            &format!("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/{ID}/x"),
            &format!("arn:aws:cloudtrail:us-east-1:123456789012:channel/{ID}"),
            &format!("arn:aws:cloudtrail:us-east-1:12345678901:eventdatastore/{ID}"),
            &format!("arn:aws-cn:cloudtrail:us-east-1:123456789012:eventdatastore/{ID}"),
            &format!("arn:aws:s3:us-east-1:123456789012:eventdatastore/{ID}"),
        ] {
            assert_eq!(text.parse::<EventDataStoreArn>(), Err(InvalidEventDataStoreArn(text.to_owned())));
        }
        for name in ["ab", "a b", "ä-ä", &"x".repeat(129)] {
            let text = format!("arn:aws:cloudtrail:us-east-1:123456789012:dashboard/{name}");
            assert!(text.parse::<DashboardArn>().is_err(), "{name}");
        }
    }
}
