//! What a request says about where records go, checked before anything is asked of the outside.
//!
//! Topics, log groups and keys are not built in OpenTrail yet, so none of them exists: a reference to one is checked
//! for its form exactly as AWS does, and then answered as AWS answers a reference to a missing one.

use std::net::Ipv4Addr;

use opentrail_model::{AccountId, Region, TrailArn};

use crate::Error;

/// Longest `S3KeyPrefix`.
const PREFIX_CHARS_MAX: usize = 200;
/// Longest name of an SNS topic.
const TOPIC_CHARS_MAX: usize = 256;
/// Longest name of a log group.
const LOG_GROUP_CHARS_MAX: usize = 512;

/// What a request wants of a setting that it may leave alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked<T> {
    /// The member was not there.
    Kept,
    /// The member was empty.
    Removed,
    /// The member had a value.
    Set(T),
}

pub(crate) fn asked(member: Option<String>) -> Asked<String> {
    match member {
        None => Asked::Kept,
        Some(text) if text.is_empty() => Asked::Removed,
        Some(text) => Asked::Set(text),
    }
}

/// A log group and a role, both of them well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logs;

/// A bucket's name (CloudTrail user guide, "Naming requirements for Amazon S3 buckets").
pub(crate) fn check_bucket_name(name: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        is_edge(bytes.first()) && is_edge(bytes.last()) && bytes.iter().all(|byte| is_bucket_byte(*byte))
    };
    let is_valid = (3..=63).contains(&name.len()) && name.split('.').all(is_label) && name.parse::<Ipv4Addr>().is_err();
    if is_valid { Ok(()) } else { Err(Error::InvalidBucketName(name.to_owned())) }
}

fn is_bucket_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// A key prefix.
pub(crate) fn check_prefix(prefix: &str) -> Result<(), Error> {
    let length = prefix.chars().count();
    if length > PREFIX_CHARS_MAX { Err(Error::InvalidPrefix { length, max: PREFIX_CHARS_MAX }) } else { Ok(()) }
}

/// A topic's name or ARN. FIFO topics are refused: their names end in `.fifo`.
pub(crate) fn check_topic(topic: &str) -> Result<(), Error> {
    let name = match topic.strip_prefix("arn:") {
        None => Some(topic),
        Some(rest) => match *rest.split(':').collect::<Vec<_>>() {
            [_, "sns", region, account, name] if !region.is_empty() && is_account(account) => Some(name),
            _ => None,
        },
    };
    let is_valid = |name: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        (1..=TOPIC_CHARS_MAX).contains(&name.len()) && name.bytes().all(allowed)
    };
    if name.is_some_and(is_valid) { Ok(()) } else { Err(Error::InvalidTopicName(topic.to_owned())) }
}

/// The log group and role of a request: both or neither; an empty one of them alone removes both.
pub(crate) fn check_logs(group: Option<String>, role: Option<String>, trail: &TrailArn) -> Result<Asked<Logs>, Error> {
    const PAIR: &str = "You must specify a log group and a role ARN.";
    match (asked(group), asked(role)) {
        (Asked::Kept, Asked::Kept) => Ok(Asked::Kept),
        (Asked::Kept | Asked::Removed, Asked::Kept | Asked::Removed) => Ok(Asked::Removed),
        (Asked::Set(_), Asked::Kept | Asked::Removed) => Err(Error::LogRole(PAIR)),
        (Asked::Kept | Asked::Removed, Asked::Set(_)) => Err(Error::LogGroup(PAIR)),
        (Asked::Set(group), Asked::Set(role)) => {
            check_log_group(&group, trail)?;
            check_role(&role)?;
            Ok(Asked::Set(Logs))
        }
    }
}

/// `arn:<partition>:logs:<Region>:<account>:log-group:<name>:*`, in the trail's Region and account.
fn check_log_group(arn: &str, trail: &TrailArn) -> Result<(), Error> {
    let malformed = Error::LogGroup("CloudTrail cannot validate the specified log group ARN.");
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", _, "logs", region, account, "log-group", name, "*"] = *parts else { return Err(malformed) };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/#".contains(&byte);
    let is_name = (1..=LOG_GROUP_CHARS_MAX).contains(&name.len()) && name.bytes().all(allowed);
    if region.is_empty() || !is_name || account != trail.account.as_str() {
        return Err(malformed);
    }
    if region != trail.region.as_str() {
        return Err(Error::LogGroup("You must specify a log group that is in the current region."));
    }
    Ok(())
}

fn check_role(arn: &str) -> Result<(), Error> {
    if is_role(arn) { Ok(()) } else { Err(Error::LogRole("CloudTrail cannot validate the specified role ARN.")) }
}

/// `arn:<partition>:iam::<account>:role/<path and name>`.
pub(crate) fn is_role(arn: &str) -> bool {
    let ["arn", _, "iam", "", account, role] = *arn.split(':').collect::<Vec<_>>() else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte);
    let is_name = |name: &str| !name.is_empty() && !name.ends_with('/') && name.bytes().all(allowed);
    is_account(account) && role.strip_prefix("role/").is_some_and(is_name)
}

/// A key's id, ARN, alias or alias ARN; an ARN must be of the resource's Region.
pub(crate) fn is_key_reference(key: &str, home: &Region) -> bool {
    match key.strip_prefix("arn:") {
        None => is_alias(key) || is_key_id(key),
        Some(rest) => match *rest.splitn(5, ':').collect::<Vec<_>>() {
            [partition, "kms", region, account, resource] => {
                let is_here = partition == home.partition() && region == home.as_str() && is_account(account);
                is_here && (is_alias(resource) || resource.strip_prefix("key/").is_some_and(is_key_id))
            }
            _ => false,
        },
    }
}

fn is_alias(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/".contains(&byte);
    text.strip_prefix("alias/").is_some_and(|name| !name.is_empty() && text.len() <= 256 && name.bytes().all(allowed))
}

/// A UUID, or `mrk-` and 32 hexadecimal digits for a multi-Region key.
fn is_key_id(text: &str) -> bool {
    let is_hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(id) = text.strip_prefix("mrk-") {
        return is_hex(id, 32);
    }
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| is_hex(part, length))
}

fn is_account(text: &str) -> bool {
    text.parse::<AccountId>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail() -> TrailArn {
        "arn:aws:cloudtrail:us-east-1:123456789012:trail/abc".parse().expect("valid")
    }

    #[test]
    fn bucket_names() {
        for good in ["abc", "my-logs", "a.b.c", "logs-123456789012", &"a".repeat(63)] {
            assert!(check_bucket_name(good).is_ok(), "{good}");
        }
        for bad in
            ["", "ab", "My-logs", "a_b", "-ab", "ab-", "a..b", "a.-b", "a-.b", "192.168.5.4", "a/b", &"a".repeat(64)]
        {
            assert!(matches!(check_bucket_name(bad), Err(Error::InvalidBucketName(_))), "{bad}");
        }
    }

    #[test]
    fn prefixes_have_at_most_200_characters() {
        assert!(check_prefix(&"ü".repeat(200)).is_ok());
        assert!(matches!(check_prefix(&"p".repeat(201)), Err(Error::InvalidPrefix { length: 201, max: 200 })));
    }

    #[test]
    fn topics() {
        for good in ["topic", "A_b-1", &"t".repeat(256), "arn:aws:sns:us-east-1:123456789012:topic"] {
            assert!(check_topic(good).is_ok(), "{good}");
        }
        for bad in [
            "a b",
            "topic.fifo",
            &"t".repeat(257),
            "arn:aws:sns:us-east-1:1:topic",
            "arn:aws:sqs:us-east-1:123456789012:t",
            "arn:",
        ] {
            assert!(matches!(check_topic(bad), Err(Error::InvalidTopicName(_))), "{bad}");
        }
    }

    #[test]
    fn keys() {
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        for good in [id, "alias/mine", "mrk-1234abcd12ab34cd56ef1234567890ab"] {
            assert!(is_key_reference(good, &trail().region), "{good}");
        }
        assert!(is_key_reference(&format!("arn:aws:kms:us-east-1:123456789012:key/{id}"), &trail().region));
        assert!(is_key_reference("arn:aws:kms:us-east-1:999999999999:alias/mine", &trail().region));
        for bad in ["key", "alias/", "1234", "arn:aws:kms:us-east-1:123456789012:key/1", "arn:aws:s3:::b"] {
            assert!(!is_key_reference(bad, &trail().region), "{bad}");
        }
        assert!(!is_key_reference(&format!("arn:aws:kms:eu-west-1:123456789012:key/{id}"), &trail().region));
    }

    #[test]
    fn log_groups_come_with_roles() {
        let check = |group: Option<&str>, role: Option<&str>| {
            let asked = check_logs(group.map(str::to_owned), role.map(str::to_owned), &trail());
            asked.map_err(|error| error.to_string())
        };
        let group = "arn:aws:logs:us-east-1:123456789012:log-group:trail:*";
        let role = "arn:aws:iam::123456789012:role/service/CloudTrail";
        assert_eq!(check(None, None), Ok(Asked::Kept));
        for removed in [(Some(""), None), (None, Some("")), (Some(""), Some(""))] {
            assert_eq!(check(removed.0, removed.1), Ok(Asked::Removed));
        }
        assert_eq!(check(Some(group), Some(role)), Ok(Asked::Set(Logs)));
        let pair = Err("You must specify a log group and a role ARN.".to_owned());
        for other in [None, Some("")] {
            assert_eq!(check(Some(group), other), pair);
            assert_eq!(check(other, Some(role)), pair);
        }
        let malformed = Err("CloudTrail cannot validate the specified log group ARN.".to_owned());
        for bad in ["x", &group[..group.len() - 2], "arn:aws:logs:us-east-1:1:log-group:trail:*"] {
            assert_eq!(check(Some(bad), Some(role)), malformed);
        }
        let elsewhere = Err("You must specify a log group that is in the current region.".to_owned());
        assert_eq!(check(Some(&group.replace("us-east-1", "eu-west-1")), Some(role)), elsewhere);
        for bad in ["x", "arn:aws:iam::1:role/r", "arn:aws:iam::123456789012:user/u", "arn:aws:iam::123456789012:role/"]
        {
            assert_eq!(
                check(Some(group), Some(bad)),
                Err("CloudTrail cannot validate the specified role ARN.".to_owned())
            );
        }
    }
}
