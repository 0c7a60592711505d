//! The file that tells who holds the upstream's keys.

use std::net::IpAddr;

use opentrail_model::{AccountId, Principal, PrincipalKind, UserIdentity};
use opentrail_stdx::Timestamp;
use serde::Deserialize;

use crate::pattern::matches;
use crate::subnet::Subnet;

/// Who holds which key, and which callers are services.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// Whole keys before patterns, else as they stand in the file.
    principals: Vec<PrincipalRule>,
    services: Vec<ServiceRule>,
    loaded_at: Timestamp,
}

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// It is no such file.
    #[error(transparent)]
    Malformed(#[from] toml::de::Error),
    /// A `[[principal]]` doesn't name one principal.
    #[error("the principal of access key `{0}` must be one of `user`, `role` with `session`, `root = true`")]
    Principal(String),
    /// A `[[service]]` would be everybody.
    #[error("the service `{0}` needs at least one of `access_key`, `user_agent`, `source`")]
    Unconditional(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    principal: Vec<PrincipalRule>,
    #[serde(default)]
    service: Vec<ServiceRule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrincipalRule {
    access_key: String,
    account: Option<AccountId>,
    #[serde(default)]
    root: bool,
    user: Option<String>,
    role: Option<String>,
    session: Option<String>,
    /// `/` when there is none.
    #[serde(default = "no_path")]
    path: String,
    /// The unique id of user or role.
    id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceRule {
    name: String,
    access_key: Option<String>,
    user_agent: Option<String>,
    source: Option<Vec<Subnet>>,
}

fn no_path() -> String {
    "/".to_owned()
}

impl Mapping {
    /// Reads a file.
    ///
    /// # Errors
    /// It isn't one that tells who is who.
    pub fn parse(text: &str, loaded_at: Timestamp) -> Result<Self, MappingError> {
        let File { mut principal, service } = toml::from_str(text)?;
        if let Some(rule) = principal.iter().find(|rule| !rule.is_clear()) {
            return Err(MappingError::Principal(rule.access_key.clone()));
        }
        let is_open =
            |rule: &&ServiceRule| rule.access_key.is_none() && rule.user_agent.is_none() && rule.source.is_none();
        if let Some(rule) = service.iter().find(is_open) {
            return Err(MappingError::Unconditional(rule.name.clone()));
        }
        principal.sort_by_key(|rule| rule.access_key.contains('*'));
        Ok(Self { principals: principal, services: service, loaded_at })
    }

    /// The holder of a key; `account` is whose it is where the file doesn't say.
    pub(crate) fn principal(&self, access_key_id: &str, account: &AccountId) -> Option<Principal> {
        let rule = self.principals.iter().find(|rule| matches(&rule.access_key, access_key_id))?;
        Some(rule.principal(account, self.loaded_at))
    }

    /// The service that calls so.
    pub(crate) fn service(
        &self,
        access_key_id: Option<&str>,
        user_agent: Option<&str>,
        source: IpAddr,
    ) -> Option<&str> {
        let is_met = |pattern: &Option<String>, actual: Option<&str>| {
            pattern.as_ref().is_none_or(|pattern| actual.is_some_and(|actual| matches(pattern, actual)))
        };
        let rule = self.services.iter().find(|rule| {
            is_met(&rule.access_key, access_key_id)
                && is_met(&rule.user_agent, user_agent)
                && rule.source.as_ref().is_none_or(|subnets| subnets.iter().any(|subnet| subnet.contains(source)))
        });
        rule.map(|rule| rule.name.as_str())
    }
}

impl PrincipalRule {
    fn is_clear(&self) -> bool {
        matches!(
            (self.root, &self.user, &self.role, &self.session),
            (true, None, None, None) | (false, Some(_), None, None) | (false, None, Some(_), Some(_))
        )
    }

    fn principal(&self, default: &AccountId, loaded_at: Timestamp) -> Principal {
        let account = self.account.clone().unwrap_or_else(|| default.clone());
        let id = |prefix, name: &str| self.id.clone().unwrap_or_else(|| unique_id(prefix, &account, name));
        let kind = match (&self.user, &self.role, &self.session) {
            (Some(user), _, _) => {
                PrincipalKind::User { id: id("AIDA", user), name: user.clone(), path: self.path.clone() }
            }
            (_, Some(role), Some(session)) => PrincipalKind::Session {
                role_id: id("AROA", role),
                role: role.clone(),
                role_path: self.path.clone(),
                session: session.clone(),
                created_at: loaded_at,
            },
            _ => PrincipalKind::Root,
        };
        Principal { account, kind }
    }
}

/// An id in the form of AWS's, made of the name: the same each time, and no two names share one.
fn unique_id(prefix: &str, account: &AccountId, name: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    // FNV-1a with 128 bits.
    let hash = account
        .as_str()
        .bytes()
        .chain([b'/'])
        .chain(name.bytes())
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
    let letters = (0..17).map(|place| char::from(LETTERS[(hash >> (place * 5)) as usize & 31]));
    prefix.chars().chain(letters).collect()
}

/// What is told of a key that nobody mapped.
pub(crate) fn unknown(access_key_id: &str, account: &AccountId) -> UserIdentity {
    UserIdentity {
        kind: Some("Unknown".to_owned()),
        principal_id: Some(access_key_id.to_owned()),
        account_id: Some(account.to_string()),
        access_key_id: Some(access_key_id.to_owned()),
        user_name: Some(access_key_id.to_owned()),
        ..UserIdentity::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(text: &str) -> Result<Mapping, MappingError> {
        Mapping::parse(text, Timestamp::from_secs(1_789_319_538))
    }

    fn arn(mapping: &Mapping, key: &str) -> Option<String> {
        mapping.principal(key, &"123456789012".parse().expect("valid")).and_then(|principal| principal.arn())
    }

    #[test]
    fn keys_and_patterns_lead_to_principals() {
        let mapping = mapping(
            r#"
            [[principal]]
            access_key = "AKIA*"
            user = "somebody"

            [[principal]]
            access_key = "AKIAALICE"
            user = "alice"
            path = "/dev/"

            [[principal]]
            access_key = "ci-*"
            account = "210987654321"
            role = "Deploy"
            session = "ci"

            [[principal]]
            access_key = "minioadmin"
            root = true
            "#,
        )
        .expect("valid");
        assert_eq!(arn(&mapping, "AKIAALICE").as_deref(), Some("arn:aws:iam::123456789012:user/dev/alice"));
        assert_eq!(arn(&mapping, "AKIABOB").as_deref(), Some("arn:aws:iam::123456789012:user/somebody"));
        assert_eq!(arn(&mapping, "ci-7").as_deref(), Some("arn:aws:sts::210987654321:assumed-role/Deploy/ci"));
        assert_eq!(arn(&mapping, "minioadmin").as_deref(), Some("arn:aws:iam::123456789012:root"));
        assert_eq!(arn(&mapping, "other"), None);
    }

    #[test]
    fn ids_that_are_made_look_like_aws_and_stay() {
        let account = "123456789012".parse().expect("valid");
        let id = unique_id("AIDA", &account, "alice");
        assert_eq!((id.len(), &id), (21, &unique_id("AIDA", &account, "alice")));
        assert_ne!(id, unique_id("AIDA", &account, "bob"));
    }

    #[test]
    fn services_are_told_by_what_the_rule_asks_for() {
        let mapping = mapping(
            r#"
            [[service]]
            name = "config.amazonaws.com"
            user_agent = "config-recorder/*"
            source = ["10.0.0.0/8"]
            "#,
        )
        .expect("valid");
        let service = |agent, source: &str| mapping.service(None, Some(agent), source.parse().expect("valid"));
        assert_eq!(service("config-recorder/1.0", "10.0.0.7"), Some("config.amazonaws.com"));
        assert_eq!(service("config-recorder/1.0", "192.0.2.1"), None, "anybody can name itself so");
        assert_eq!(service("aws-cli/2", "10.0.0.7"), None);
    }

    #[test]
    fn what_is_unclear_is_refused() {
        let two = "[[principal]]\naccess_key = \"A\"\nuser = \"a\"\nroot = true";
        assert!(mapping(two).expect_err("two at once").to_string().contains("access key `A`"));
        let half = "[[principal]]\naccess_key = \"A\"\nrole = \"a\"";
        assert!(matches!(mapping(half), Err(MappingError::Principal(_))));
        let open = "[[service]]\nname = \"x.amazonaws.com\"";
        assert!(matches!(mapping(open), Err(MappingError::Unconditional(_))));
        let typo = "[[principal]]\naccess_keys = \"A\"";
        assert!(mapping(typo).expect_err("unknown").to_string().contains("unknown field `access_keys`"));
    }
}
