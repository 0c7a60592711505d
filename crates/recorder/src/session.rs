//! Sessions that STS handed out while we looked on: later calls with their keys are told as theirs.

use std::collections::HashMap;
use std::time::Duration;

use opentrail_model::{AccountId, SessionAttributes, SessionContext, SessionIssuer, UserIdentity};
use opentrail_services::Call;
use opentrail_stdx::Timestamp;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most sessions that are remembered; beyond, the one that ends first is forgotten.
const SESSIONS_MAX: usize = 100_000;

/// The longest sessions there are: GetFederationToken's and GetSessionToken's.
const SECONDS_MAX: u64 = 36 * 60 * 60;

/// Whom temporary credentials belong to. There is no secret in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// `userIdentity` of calls with its key, without the key.
    pub identity: UserIdentity,
    /// The account that the calls are made in.
    pub account: AccountId,
}

/// The sessions that are remembered.
#[derive(Debug, Default)]
pub struct Sessions(RwLock<HashMap<String, Remembered>>);

#[derive(Debug, Clone)]
struct Remembered {
    session: Session,
    expires_at: Timestamp,
}

impl Sessions {
    /// The session that a key belongs to, unless it is over.
    pub fn get(&self, access_key_id: &str, now: Timestamp) -> Option<Session> {
        self.0.read().get(access_key_id).filter(|it| it.expires_at > now).map(|it| it.session.clone())
    }

    /// Remembers a session until it is over.
    pub fn insert(&self, access_key_id: String, session: Session, expires_at: Timestamp, now: Timestamp) {
        let mut sessions = self.0.write();
        if sessions.len() >= SESSIONS_MAX {
            sessions.retain(|_, it| it.expires_at > now);
        }
        if sessions.len() >= SESSIONS_MAX
            && let Some(first) = sessions.iter().min_by_key(|(_, it)| it.expires_at).map(|(key, _)| key.clone())
        {
            sessions.remove(&first);
        }
        sessions.insert(access_key_id, Remembered { session, expires_at });
    }
}

/// What an answer of STS tells about the credentials that it hands out: their key, their session, and when it is over.
///
/// `caller` made the call, `now` it was answered.
pub fn learn(call: &Call, caller: &UserIdentity, now: Timestamp) -> Option<(String, Session, Timestamp)> {
    if call.event_source != "sts.amazonaws.com" || call.error.is_some() {
        return None;
    }
    let answer = call.response_elements.as_ref()?;
    let asked = call.request_parameters.as_ref().unwrap_or(&Value::Null);
    let access_key_id = text(answer, &["credentials", "accessKeyId"])?;
    let handed = Handed { asked, answer, caller, now };
    let (identity, seconds) = match call.event_name.as_str() {
        "AssumeRole" | "AssumeRoleWithWebIdentity" => (handed.role()?, 60 * 60),
        // The assertion says how long, which isn't recorded: as long as it may be.
        "AssumeRoleWithSAML" => (handed.role()?, 12 * 60 * 60),
        "GetSessionToken" => (handed.own()?, 12 * 60 * 60),
        "GetFederationToken" => (handed.federated()?, 12 * 60 * 60),
        _ => return None,
    };
    let seconds = asked.get("durationSeconds").and_then(Value::as_u64).unwrap_or(seconds).min(SECONDS_MAX);
    let account = identity.account_id.as_deref()?.parse().ok()?;
    Some((access_key_id, Session { identity, account }, now.plus(Duration::from_secs(seconds))))
}

/// The caller of a federation call, who doesn't sign: the answer tells whom the token spoke of.
pub(crate) fn federated_caller(call: &Call) -> Option<UserIdentity> {
    let answer = call.response_elements.as_ref();
    let told = |name| answer.and_then(|answer| text(answer, &[name])).unwrap_or_default();
    let (kind, provider, subject, principal_id) = match call.event_name.as_str() {
        "AssumeRoleWithWebIdentity" => {
            let (provider, subject) = (told("provider"), told("subjectFromWebIdentityToken"));
            ("WebIdentityUser", provider.clone(), subject.clone(), format!("{provider}:{}:{subject}", told("audience")))
        }
        "AssumeRoleWithSAML" => {
            let (qualifier, subject) = (told("nameQualifier"), told("subject"));
            ("SAMLUser", qualifier.clone(), subject.clone(), format!("{qualifier}:{subject}"))
        }
        _ => return None,
    };
    let is_told = !subject.is_empty();
    Some(UserIdentity {
        kind: Some(kind.to_owned()),
        principal_id: is_told.then_some(principal_id),
        user_name: is_told.then_some(subject),
        identity_provider: is_told.then_some(provider),
        ..UserIdentity::default()
    })
}

struct Handed<'a> {
    asked: &'a Value,
    answer: &'a Value,
    caller: &'a UserIdentity,
    now: Timestamp,
}

impl Handed<'_> {
    /// A session of the role that was assumed.
    fn role(&self) -> Option<UserIdentity> {
        let principal_id = text(self.answer, &["assumedRoleUser", "assumedRoleId"])?;
        let arn = text(self.answer, &["assumedRoleUser", "arn"])?;
        let role_arn = text(self.asked, &["roleArn"])?;
        let account = account_of(&arn)?;
        let issuer = SessionIssuer {
            kind: "Role".to_owned(),
            principal_id: principal_id.split(':').next().unwrap_or_default().to_owned(),
            user_name: role_arn.rsplit('/').next().map(str::to_owned),
            arn: role_arn,
            account_id: account.clone(),
        };
        let source_identity = text(self.answer, &["sourceIdentity"])
            .or_else(|| text(self.asked, &["sourceIdentity"]))
            .or_else(|| self.inherited());
        let context = SessionContext {
            session_issuer: Some(issuer),
            web_id_federation_data: self.web_identity(),
            attributes: Some(self.attributes()),
            source_identity,
        };
        Some(UserIdentity {
            kind: Some("AssumedRole".to_owned()),
            principal_id: Some(principal_id),
            arn: Some(arn),
            account_id: Some(account),
            session_context: Some(context),
            ..UserIdentity::default()
        })
    }

    /// The source identity goes along when a session assumes a further role.
    fn inherited(&self) -> Option<String> {
        self.caller.session_context.as_ref()?.source_identity.clone()
    }

    fn web_identity(&self) -> Option<Value> {
        text(self.answer, &["subjectFromWebIdentityToken"])?;
        let provider = text(self.answer, &["provider"]).unwrap_or_default();
        Some(json!({ "federatedProvider": provider, "attributes": {} }))
    }

    /// A session of the caller itself.
    fn own(&self) -> Option<UserIdentity> {
        self.caller.arn.as_ref()?;
        let context = SessionContext { attributes: Some(self.attributes()), ..SessionContext::default() };
        Some(UserIdentity { access_key_id: None, session_context: Some(context), ..self.caller.clone() })
    }

    /// A session of somebody whom the caller vouches for.
    fn federated(&self) -> Option<UserIdentity> {
        let arn = text(self.answer, &["federatedUser", "arn"])?;
        let account = account_of(&arn)?;
        let issuer = SessionIssuer {
            kind: self.caller.kind.clone()?,
            principal_id: self.caller.principal_id.clone()?,
            arn: self.caller.arn.clone()?,
            account_id: account.clone(),
            user_name: self.caller.user_name.clone(),
        };
        let context = SessionContext {
            session_issuer: Some(issuer),
            attributes: Some(self.attributes()),
            ..SessionContext::default()
        };
        Some(UserIdentity {
            kind: Some("FederatedUser".to_owned()),
            principal_id: text(self.answer, &["federatedUser", "federatedUserId"]),
            arn: Some(arn),
            account_id: Some(account),
            session_context: Some(context),
            ..UserIdentity::default()
        })
    }

    fn attributes(&self) -> SessionAttributes {
        let has_mfa = self.asked.get("serialNumber").is_some_and(|serial| !serial.is_null());
        SessionAttributes { creation_date: self.now.iso(), mfa_authenticated: has_mfa.to_string() }
    }
}

fn text(value: &Value, path: &[&str]) -> Option<String> {
    path.iter().try_fold(value, |value, name| value.get(name))?.as_str().map(str::to_owned)
}

fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use opentrail_model::EventCategory;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse_iso("2026-09-13T17:00:00Z").expect("valid")
    }

    fn call(event_name: &str, request: Value, response: Value) -> Call {
        Call {
            event_source: "sts.amazonaws.com".to_owned(),
            event_name: event_name.to_owned(),
            aws_region: "us-east-1".to_owned(),
            api_version: None,
            category: EventCategory::Management,
            read_only: true,
            request_parameters: Some(request),
            response_elements: Some(response),
            error: None,
            resources: Vec::new(),
            request_id: None,
            additional_event_data: None,
            followers: Vec::new(),
        }
    }

    fn alice() -> UserIdentity {
        UserIdentity {
            kind: Some("IAMUser".to_owned()),
            principal_id: Some("AIDAALICE".to_owned()),
            arn: Some("arn:aws:iam::123456789012:user/alice".to_owned()),
            account_id: Some("123456789012".to_owned()),
            access_key_id: Some("AKIAALICE".to_owned()),
            user_name: Some("alice".to_owned()),
            ..UserIdentity::default()
        }
    }

    fn check(call: &Call, expected: Expect) {
        let (key, session, expires_at) = learn(call, &alice(), now()).expect("credentials were handed out");
        let identity = serde_json::to_string_pretty(&session.identity).expect("text");
        expected.assert_eq(&format!("{key} until {}\n{identity}\n", expires_at.iso()));
        let stored = serde_json::to_string(&session).expect("text");
        assert_eq!(serde_json::from_str::<Session>(&stored).expect("valid"), session, "as it is stored");
    }

    fn assumed() -> Value {
        json!({
            "credentials": { "accessKeyId": "ASIAROLE", "sessionToken": "…" },
            "assumedRoleUser": { "assumedRoleId": "AROADEPLOY:ci", "arn": "arn:aws:sts::123456789012:assumed-role/Deploy/ci" },
        })
    }

    #[test]
    fn an_assumed_role_is_followed() {
        let asked = json!({
            "roleArn": "arn:aws:iam::123456789012:role/ops/Deploy",
            "serialNumber": "arn:aws:iam::123456789012:mfa/alice",
            "sourceIdentity": "alice",
            "durationSeconds": 900,
        });
        check(
            &call("AssumeRole", asked, assumed()),
            expect![[r#"
                ASIAROLE until 2026-09-13T17:15:00Z
                {
                  "type": "AssumedRole",
                  "principalId": "AROADEPLOY:ci",
                  "arn": "arn:aws:sts::123456789012:assumed-role/Deploy/ci",
                  "accountId": "123456789012",
                  "sessionContext": {
                    "sessionIssuer": {
                      "type": "Role",
                      "principalId": "AROADEPLOY",
                      "arn": "arn:aws:iam::123456789012:role/ops/Deploy",
                      "accountId": "123456789012",
                      "userName": "Deploy"
                    },
                    "attributes": {
                      "creationDate": "2026-09-13T17:00:00Z",
                      "mfaAuthenticated": "true"
                    },
                    "sourceIdentity": "alice"
                  }
                }
            "#]],
        );
    }

    fn web_identity() -> Call {
        let mut answer = assumed();
        answer["subjectFromWebIdentityToken"] = "repo:a/b".into();
        answer["provider"] = "tokens.example".into();
        answer["audience"] = "sts.amazonaws.com".into();
        call("AssumeRoleWithWebIdentity", json!({ "roleArn": "arn:aws:iam::123456789012:role/Deploy" }), answer)
    }

    #[test]
    fn a_web_identity_is_told() {
        let (_, session, _) = learn(&web_identity(), &UserIdentity::default(), now()).expect("credentials");
        let context = session.identity.session_context.expect("a context");
        assert_eq!(
            context.web_id_federation_data,
            Some(json!({ "federatedProvider": "tokens.example", "attributes": {} }))
        );
        let caller = federated_caller(&web_identity()).expect("a federation call");
        assert_eq!(
            serde_json::to_value(&caller).expect("JSON"),
            json!({
                "type": "WebIdentityUser",
                "principalId": "tokens.example:sts.amazonaws.com:repo:a/b",
                "userName": "repo:a/b",
                "identityProvider": "tokens.example",
            })
        );
    }

    fn saml() -> Call {
        let mut answer = assumed();
        answer["subject"] = "ann".into();
        answer["subjectType"] = "persistent".into();
        answer["nameQualifier"] = "bdGOnTesti4=".into();
        answer["sourceIdentity"] = "ann@example.org".into();
        call("AssumeRoleWithSAML", json!({ "roleArn": "arn:aws:iam::123456789012:role/Deploy" }), answer)
    }

    #[test]
    fn a_saml_user_is_told() {
        let caller = federated_caller(&saml()).expect("a federation call");
        assert_eq!(
            serde_json::to_value(&caller).expect("JSON"),
            json!({
                "type": "SAMLUser",
                "principalId": "bdGOnTesti4=:ann",
                "userName": "ann",
                "identityProvider": "bdGOnTesti4=",
            })
        );
        let (key, session, expires_at) = learn(&saml(), &UserIdentity::default(), now()).expect("credentials");
        assert_eq!((key.as_str(), expires_at.iso().as_str()), ("ASIAROLE", "2026-09-14T05:00:00Z"));
        let context = session.identity.session_context.expect("a context");
        assert_eq!(
            (context.web_id_federation_data, context.source_identity.as_deref()),
            (None, Some("ann@example.org"))
        );
    }

    #[test]
    fn a_session_of_ones_own_is_followed() {
        let answer = json!({ "credentials": { "accessKeyId": "ASIAOWN" } });
        let (_, session, expires_at) =
            learn(&call("GetSessionToken", Value::Null, answer), &alice(), now()).expect("some");
        assert_eq!(expires_at.iso(), "2026-09-14T05:00:00Z");
        assert_eq!(session.identity.arn, alice().arn);
        let attributes = session.identity.session_context.and_then(|context| context.attributes).expect("some");
        assert_eq!(attributes.mfa_authenticated, "false");
    }

    #[test]
    fn a_federated_user_is_followed() {
        let answer = json!({
            "credentials": { "accessKeyId": "ASIAFED" },
            "federatedUser": { "federatedUserId": "123456789012:bob", "arn": "arn:aws:sts::123456789012:federated-user/bob" },
        });
        let (_, session, _) =
            learn(&call("GetFederationToken", json!({ "name": "bob" }), answer), &alice(), now()).expect("some");
        assert_eq!(session.identity.kind.as_deref(), Some("FederatedUser"));
        let issuer = session.identity.session_context.and_then(|context| context.session_issuer).expect("some");
        assert_eq!((issuer.kind.as_str(), issuer.user_name.as_deref()), ("IAMUser", Some("alice")));
    }

    #[test]
    fn refusals_and_other_services_hand_nothing_out() {
        let mut refused = call("AssumeRole", Value::Null, assumed());
        refused.error = Some(opentrail_services::CallError { code: "AccessDenied".to_owned(), message: None });
        assert_eq!(learn(&refused, &alice(), now()), None);
        let mut other = call("AssumeRole", Value::Null, assumed());
        other.event_source = "iam.amazonaws.com".to_owned();
        assert_eq!(learn(&other, &alice(), now()), None);
    }

    #[test]
    fn sessions_end() {
        let sessions = Sessions::default();
        let session = Session { identity: alice(), account: "123456789012".parse().expect("valid") };
        sessions.insert("ASIA".to_owned(), session.clone(), now().plus(Duration::from_secs(1)), now());
        assert_eq!(sessions.get("ASIA", now()), Some(session));
        assert_eq!(sessions.get("ASIA", now().plus(Duration::from_secs(1))), None);
    }
}
