//! Who a key belongs to.

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::record::{SessionAttributes, SessionContext, SessionIssuer, UserIdentity};

/// An authenticated caller: an account, and who of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Principal {
    /// The account that granted the credentials.
    pub account: AccountId,
    /// Root, user, role session or service.
    pub kind: PrincipalKind,
}

/// The kinds of principal that can hold a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// The account's root user.
    Root,
    /// An IAM user.
    User {
        /// The user name.
        name: String,
        /// The IAM path, `/` when there is none.
        path: String,
        /// The unique id, `AIDA…`.
        id: String,
    },
    /// A session of an assumed role.
    Session {
        /// The role name.
        role: String,
        /// The role's IAM path, `/` when there is none.
        role_path: String,
        /// The role's unique id, `AROA…`.
        role_id: String,
        /// The session name.
        session: String,
        /// When the session began.
        #[serde(with = "timestamp_ms")]
        created_at: Timestamp,
    },
    /// A service that acts by itself.
    Service {
        /// Its principal, such as `cloudtrail.amazonaws.com`.
        name: String,
    },
}

impl Principal {
    /// The caller's ARN; a service has none.
    pub fn arn(&self) -> Option<String> {
        let account = &self.account;
        match &self.kind {
            PrincipalKind::Root => Some(format!("arn:aws:iam::{account}:root")),
            PrincipalKind::User { name, path, .. } => Some(format!("arn:aws:iam::{account}:user{path}{name}")),
            PrincipalKind::Session { role, session, .. } => {
                Some(format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"))
            }
            PrincipalKind::Service { .. } => None,
        }
    }

    /// The ARN of the role that a session was made from; other principals have none.
    pub fn role_arn(&self) -> Option<String> {
        match &self.kind {
            PrincipalKind::Session { role, role_path, .. } => {
                Some(format!("arn:aws:iam::{}:role{role_path}{role}", self.account))
            }
            PrincipalKind::Root | PrincipalKind::User { .. } | PrincipalKind::Service { .. } => None,
        }
    }

    /// The `principalId` of records, which is also STS's `UserId`: the account for root, `AIDA…` for a user,
    /// `AROA…:session` for a session, the service's name for a service.
    pub fn id(&self) -> String {
        match &self.kind {
            PrincipalKind::Root => self.account.to_string(),
            PrincipalKind::User { id, .. } => id.clone(),
            PrincipalKind::Session { role_id, session, .. } => format!("{role_id}:{session}"),
            PrincipalKind::Service { name } => name.clone(),
        }
    }

    /// The `userIdentity` of a record of this principal's call (CloudTrail user guide, "userIdentity element").
    pub fn user_identity(&self, access_key_id: Option<&str>) -> UserIdentity {
        let kind = match &self.kind {
            PrincipalKind::Service { name } => return UserIdentity::service(name),
            PrincipalKind::Root => "Root",
            PrincipalKind::User { .. } => "IAMUser",
            PrincipalKind::Session { .. } => "AssumedRole",
        };
        let user_name = match &self.kind {
            PrincipalKind::User { name, .. } => Some(name.clone()),
            _ => None,
        };
        UserIdentity {
            kind: Some(kind.to_owned()),
            principal_id: Some(self.id()),
            arn: self.arn(),
            account_id: Some(self.account.to_string()),
            access_key_id: access_key_id.map(str::to_owned),
            user_name,
            session_context: self.session_context(),
            ..UserIdentity::default()
        }
    }

    fn session_context(&self) -> Option<SessionContext> {
        let PrincipalKind::Session { role, role_id, created_at, .. } = &self.kind else { return None };
        let issuer = SessionIssuer {
            kind: "Role".to_owned(),
            principal_id: role_id.clone(),
            arn: self.role_arn().unwrap_or_default(),
            account_id: self.account.to_string(),
            user_name: Some(role.clone()),
        };
        let attributes = SessionAttributes { creation_date: created_at.iso(), mfa_authenticated: "false".to_owned() };
        Some(SessionContext { session_issuer: Some(issuer), attributes: Some(attributes), ..SessionContext::default() })
    }
}

/// Timestamps in stored text: milliseconds since the epoch.
pub(crate) mod timestamp_ms {
    use opentrail_stdx::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(time.as_ms())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_ms)
    }

    /// The same for instants that may be unset.
    pub(crate) mod option {
        use opentrail_stdx::Timestamp;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        pub(crate) fn serialize<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
            time.map(Timestamp::as_ms).serialize(serializer)
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
            Option::<i64>::deserialize(deserializer).map(|ms| ms.map(Timestamp::from_ms))
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn principal(kind: PrincipalKind) -> Principal {
        Principal { account: "123456789012".parse().expect("valid"), kind }
    }

    fn session() -> PrincipalKind {
        PrincipalKind::Session {
            role: "Admin".to_owned(),
            role_path: "/ops/".to_owned(),
            role_id: "AROAEXAMPLE".to_owned(),
            session: "alice".to_owned(),
            created_at: Timestamp::parse_iso("2026-06-04T23:10:46.500Z").expect("valid"),
        }
    }

    fn user() -> PrincipalKind {
        PrincipalKind::User { name: "bob".to_owned(), path: "/dev/".to_owned(), id: "AIDAEXAMPLE".to_owned() }
    }

    fn check(kind: PrincipalKind, expected: Expect) {
        let identity = principal(kind).user_identity(Some("AKIAEXAMPLE"));
        expected.assert_eq(&serde_json::to_string(&identity).expect("text"));
    }

    #[test]
    fn identities_have_the_shapes_of_real_records() {
        check(
            PrincipalKind::Root,
            expect![[
                r#"{"type":"Root","principalId":"123456789012","arn":"arn:aws:iam::123456789012:root","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE"}"#
            ]],
        );
        check(
            user(),
            expect![[
                r#"{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::123456789012:user/dev/bob","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE","userName":"bob"}"#
            ]],
        );
        check(
            session(),
            expect![[
                r#"{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice","arn":"arn:aws:sts::123456789012:assumed-role/Admin/alice","accountId":"123456789012","accessKeyId":"AKIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::123456789012:role/ops/Admin","accountId":"123456789012","userName":"Admin"},"attributes":{"creationDate":"2026-06-04T23:10:46Z","mfaAuthenticated":"false"}}}"#
            ]],
        );
        check(
            PrincipalKind::Service { name: "cloudtrail.amazonaws.com".to_owned() },
            expect![[r#"{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"}"#]],
        );
    }

    #[test]
    fn stored_form_round_trips() {
        for kind in [PrincipalKind::Root, user(), session(), PrincipalKind::Service { name: "x".to_owned() }] {
            let stored = serde_json::to_string(&principal(kind.clone())).expect("text");
            assert_eq!(serde_json::from_str::<Principal>(&stored).expect("valid"), principal(kind));
        }
    }
}
