//! Names of trails.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A trail's name: 3 to 128 letters, digits, `.`, `_` and `-`, beginning and ending with a letter or digit, without
/// two of `._-` in a row, and not an IPv4 address (CloudTrail user guide, "Naming requirements").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrailName(String);

/// The text can't name a trail; the message is the one that CloudTrail prints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidTrailName {
    /// CloudTrail's own words.
    pub message: String,
}

impl TrailName {
    const CHARS_MIN: usize = 3;
    const CHARS_MAX: usize = 128;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TrailName {
    type Err = InvalidTrailName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(message) => Err(InvalidTrailName { message }),
        }
    }
}

/// What is wrong with a name, in the order in which CloudTrail looks.
fn fault(text: &str) -> Option<String> {
    let length = text.chars().count();
    let is_edge_bad = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    if length < TrailName::CHARS_MIN {
        return Some(format!(
            "Trail name too short. Minimum allowed length: 3 characters. Specified name length: {length} characters."
        ));
    }
    if length > TrailName::CHARS_MAX {
        return Some(format!(
            "Trail name too long. Maximum allowed length: 128 characters. Specified name length: {length} characters."
        ));
    }
    if is_edge_bad(text.chars().next()) {
        return Some("Trail name must starts with a letter or number.".to_owned());
    }
    if is_edge_bad(text.chars().next_back()) {
        return Some("Trail name must ends with a letter or number.".to_owned());
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || is_separator(c)) {
        return Some(
            "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), \
             hyphens (-), and underscores (_)."
                .to_owned(),
        );
    }
    if text.as_bytes().windows(2).any(|pair| pair.iter().all(|byte| is_separator(char::from(*byte)))) {
        return Some("Trail name must not have adjacent periods, hyphens or underscores.".to_owned());
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return Some("Trail name must not be in IP address format.".to_owned());
    }
    None
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | '_' | '-')
}

impl fmt::Display for TrailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for TrailName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TrailName {
    type Error = InvalidTrailName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TrailName> for String {
    fn from(name: TrailName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let answer = match text.parse::<TrailName>() {
            Ok(name) => format!("ok {name}"),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&answer);
    }

    #[test]
    fn names_that_are_fine() {
        for name in ["abc", "a.b-c_d", "Trail1", "999", "1.2.3", "1.2.3.4.5", "256.1.1.1", &"x".repeat(128)] {
            assert_eq!(name.parse::<TrailName>().expect("valid").as_str(), name);
        }
    }

    #[test]
    fn faults_are_told_in_cloudtrails_words_and_order() {
        check(
            "",
            expect!["Trail name too short. Minimum allowed length: 3 characters. Specified name length: 0 characters."],
        );
        check(
            "-a",
            expect!["Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters."],
        );
        check(
            &"-".repeat(129),
            expect![
                "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters."
            ],
        );
        check("-a!-", expect!["Trail name must starts with a letter or number."]);
        check("été", expect!["Trail name must starts with a letter or number."]);
        check("a!b-", expect!["Trail name must ends with a letter or number."]);
        check(
            "a b--c",
            expect![
                "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_)."
            ],
        );
        check("my-_x", expect!["Trail name must not have adjacent periods, hyphens or underscores."]);
        check("192.168.5.4", expect!["Trail name must not be in IP address format."]);
    }
}
