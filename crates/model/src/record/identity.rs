//! `userIdentity` (CloudTrail user guide, "CloudTrail userIdentity element").

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who made a call. Members print in the order that real records have; absent ones are left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserIdentity {
    /// `Root`, `IAMUser`, `AssumedRole`, `AWSService`, `AWSAccount`, …; absent on service events.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `AIDA…`, `AROA…:session`, or the account for root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
    /// The caller's ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The account that granted the credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The access key that signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// The user's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Where temporary credentials came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_context: Option<SessionContext>,
    /// The service that called on the caller's behalf, or by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoked_by: Option<String>,
    /// Who vouched for a caller that has no credentials of AWS yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_provider: Option<String>,
}

impl UserIdentity {
    /// A service that acts by itself.
    pub fn service(name: &str) -> Self {
        Self { kind: Some("AWSService".to_owned()), invoked_by: Some(name.to_owned()), ..Self::default() }
    }

    /// A caller of another account, of whom only the account is told.
    pub fn other_account(principal_id: &str, account: &str) -> Self {
        Self {
            kind: Some("AWSAccount".to_owned()),
            principal_id: Some(principal_id.to_owned()),
            account_id: Some(account.to_owned()),
            ..Self::default()
        }
    }

    /// A caller who didn't sign, as S3 records it.
    pub fn anonymous() -> Self {
        Self::other_account("", "anonymous")
    }

    /// The account itself acting through AWS: the identity of service events.
    pub fn aws_internal(account: &str) -> Self {
        Self { account_id: Some(account.to_owned()), invoked_by: Some("AWS Internal".to_owned()), ..Self::default() }
    }
}

/// What temporary credentials say about their origin.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionContext {
    /// Who issued the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_issuer: Option<SessionIssuer>,
    /// The web identity behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_id_federation_data: Option<Value>,
    /// When it began, and whether with a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<SessionAttributes>,
    /// The identity that the first caller set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
}

/// The principal that a session was made from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionIssuer {
    /// `Root`, `IAMUser` or `Role`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its unique id.
    pub principal_id: String,
    /// Its ARN.
    pub arn: String,
    /// Its account.
    pub account_id: String,
    /// Its name; root has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

/// Two facts about a session, both as text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionAttributes {
    /// `2024-06-04T23:10:46Z`.
    pub creation_date: String,
    /// `true` or `false`.
    pub mfa_authenticated: String,
}
