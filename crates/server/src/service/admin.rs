//! The service `opentrail` (in the credential scope): access keys, for root users only; what the console and
//! `opentrail lookup` ask beside CloudTrail's API, for everyone of the account. `docs/extensions.md` describes it.
//!
//! JSON 1.1 like CloudTrail, target `OpenTrail.<Operation>`. Its calls are recorded like all others, with
//! `eventSource` `opentrail.amazonaws.com` and without secrets.

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use opentrail_catalog::{AccessKey, Secret};
use opentrail_model::{AccountId, Principal, PrincipalKind};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::body::Body;
use crate::credentials::{generate_pair, unique_id};
use crate::gate::Authenticated;
use crate::record::CallFacts;
use crate::respond::{Stamp, json as json_answer, json_error};
use crate::service::call::{Answered, target};
use crate::service::search::{self, SearchError};
use crate::service::{health, preview, sign_in, summary, verification};

/// Why a call was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdminError {
    #[error("only a root user may manage access keys")]
    NotRoot,
    #[error("{0}")]
    Invalid(String),
    #[error("no access key has the id `{0}`")]
    NotFound(String),
    #[error("the operation `{0}` is not known; there are {all}", all = OPERATIONS.join(", "))]
    UnknownOperation(String),
    #[error("the account has no trail `{0}`")]
    NoTrail(String),
    #[error(transparent)]
    Verify(#[from] opentrail_verify::Error),
    #[error("{}", .0.message)]
    CloudTrail(opentrail_wire::Error),
    #[error(transparent)]
    Search(#[from] SearchError),
    #[error("event history cannot be read now; try again later")]
    History(#[from] opentrail_lake::Error),
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
}

/// What there is to ask.
const OPERATIONS: [&str; 9] = [
    "CreateKey",
    "DeleteKey",
    "GetHealth",
    "ListKeys",
    "PreviewSelectors",
    "SearchEvents",
    "SignIn",
    "SummarizeEvents",
    "VerifyTrail",
];

impl From<opentrail_wire::Error> for AdminError {
    fn from(error: opentrail_wire::Error) -> Self {
        Self::CloudTrail(error)
    }
}

impl AdminError {
    fn code(&self) -> (u16, &'static str) {
        match self {
            Self::NotRoot => (400, "AccessDeniedException"),
            Self::Invalid(_) | Self::Search(SearchError::Invalid(_)) => (400, "ValidationException"),
            Self::NotFound(_) => (400, "ResourceNotFoundException"),
            Self::UnknownOperation(_) => (400, "UnknownOperationException"),
            Self::NoTrail(_) => (400, "TrailNotFoundException"),
            Self::Verify(opentrail_verify::Error::Bucket(_)) => (400, "ValidationException"),
            Self::Verify(_) => (503, "ServiceUnavailable"),
            Self::CloudTrail(error) => (error.status, error.code),
            Self::Search(SearchError::History(_)) | Self::History(_) | Self::Catalog(_) => (503, "ServiceUnavailable"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CreateKey {
    account: Option<String>,
    user_name: Option<String>,
    role_name: Option<String>,
    session_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteKey {
    access_key_id: String,
}

/// What an operation answers.
enum Reply {
    /// A document.
    Json(Value),
    /// Lines that are made while they are read.
    Stream(Response<Body>),
}

/// Answers an admin call.
pub(crate) async fn answer(app: &App, stamp: &Stamp, parts: &Parts, body: &Bytes, caller: &Authenticated) -> Answered {
    let target = target(parts).unwrap_or_default();
    let operation = target.strip_prefix("OpenTrail.").unwrap_or(target);
    let outcome = match operation {
        "SearchEvents" => search::answer(app, stamp, body, caller).await.map(Reply::Stream).map_err(Into::into),
        _ => perform(app, operation, body, caller).await.map(Reply::Json),
    };
    let request: Option<Value> = serde_json::from_slice(body).ok();
    let facts = |response_elements, error| CallFacts {
        event_source: "opentrail.amazonaws.com".to_owned(),
        event_name: operation.to_owned(),
        is_read_only: !matches!(operation, "CreateKey" | "DeleteKey"),
        is_data_event: false,
        request_parameters: request.as_ref().map(lower_camel).filter(|value| *value != json!({})),
        response_elements,
        error,
    };
    match outcome {
        Ok(Reply::Stream(response)) => Answered { response, facts: Some(facts(None, None)) },
        Ok(Reply::Json(answer)) => {
            let elements = (operation == "CreateKey").then(|| hide_secrets(lower_camel(&answer)));
            Answered { response: json_answer(stamp, 200, answer.to_string()), facts: Some(facts(elements, None)) }
        }
        Err(error) => {
            if let AdminError::Search(SearchError::History(source)) | AdminError::History(source) = &error {
                tracing::error!(error = source as &dyn std::error::Error, "event history could not be read");
            }
            let ((status, code), message) = (error.code(), error.to_string());
            let known = !matches!(error, AdminError::UnknownOperation(_));
            let facts = known.then(|| facts(None, Some((code.to_owned(), message.clone()))));
            Answered { response: json_error(stamp, status, code, &message), facts }
        }
    }
}

async fn perform(app: &App, operation: &str, body: &Bytes, caller: &Authenticated) -> Result<Value, AdminError> {
    match operation {
        "SummarizeEvents" => Ok(summary::answer(app, body, caller).await?),
        "GetHealth" => health::answer(app, caller).await,
        "VerifyTrail" => verification::answer(app, body, caller).await,
        "PreviewSelectors" => preview::answer(app, body, caller).await,
        sign_in::SIGN_IN => Ok(sign_in::answer(caller)),
        "CreateKey" | "ListKeys" | "DeleteKey" => manage_keys(app, operation, body, caller).await,
        _ => Err(AdminError::UnknownOperation(operation.to_owned())),
    }
}

async fn manage_keys(app: &App, operation: &str, body: &Bytes, caller: &Authenticated) -> Result<Value, AdminError> {
    // The root of the server's own account manages the keys of all accounts; other roots have no part in it.
    let principal = &caller.key().principal;
    if principal.kind != PrincipalKind::Root || principal.account != app.config.account_id.value {
        return Err(AdminError::NotRoot);
    }
    match operation {
        "CreateKey" => create(app, parse(body)?).await,
        "DeleteKey" => delete(app, &parse::<DeleteKey>(body)?.access_key_id).await,
        _ => Ok(json!({ "Keys": app.keys.list().iter().map(|key| describe(key)).collect::<Vec<_>>() })),
    }
}

async fn create(app: &App, request: CreateKey) -> Result<Value, AdminError> {
    let principal = principal(app, request)?;
    let is_session = matches!(principal.kind, PrincipalKind::Session { .. });
    let (id, secret) = generate_pair(app.entropy.as_ref());
    // Keys of sessions begin with ASIA and come with a token, as at AWS.
    let id = if is_session { id.replacen("AKIA", "ASIA", 1) } else { id };
    let token = is_session.then(|| Secret::new(app.entropy.text(TOKEN, 200)));
    let key = AccessKey {
        id,
        secret,
        is_root: principal.kind == PrincipalKind::Root,
        principal,
        session_token: token,
        created_at: app.clock.now(),
    };
    let mut answer = describe(&key);
    answer["SecretAccessKey"] = key.secret.expose().into();
    if let Some(token) = &key.session_token {
        answer["SessionToken"] = token.expose().into();
    }
    app.keys.insert(key).await?;
    Ok(answer)
}

const TOKEN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

async fn delete(app: &App, id: &str) -> Result<Value, AdminError> {
    let Some(key) = app.keys.get(id) else { return Err(AdminError::NotFound(id.to_owned())) };
    let last_root = key.is_root && app.keys.list().iter().filter(|key| key.is_root).count() == 1;
    if last_root {
        return Err(AdminError::Invalid(format!("`{id}` is the last root key; make another one first")));
    }
    app.keys.delete(id).await?;
    Ok(json!({}))
}

fn principal(app: &App, request: CreateKey) -> Result<Principal, AdminError> {
    let account: AccountId = match request.account {
        Some(account) => account.parse().map_err(|error| AdminError::Invalid(format!("{error}")))?,
        None => app.config.account_id.value.clone(),
    };
    let kind = match (request.user_name, request.role_name, request.session_name) {
        (None, None, None) => PrincipalKind::Root,
        (Some(name), None, None) => {
            let name = checked("user name", name)?;
            PrincipalKind::User { id: principal_id(app, "AIDA", &account, &name), name, path: "/".to_owned() }
        }
        (None, Some(role), Some(session)) => {
            let role = checked("role name", role)?;
            PrincipalKind::Session {
                role_id: principal_id(app, "AROA", &account, &role),
                role,
                role_path: "/".to_owned(),
                session: checked("session name", session)?,
                created_at: app.clock.now(),
            }
        }
        _ => return Err(AdminError::Invalid("give a user name, or a role name and a session name".to_owned())),
    };
    Ok(Principal { account, kind })
}

/// The unique id that this user or role has already, or a fresh one: two keys of one user show the same id.
fn principal_id(app: &App, prefix: &str, account: &AccountId, wanted: &str) -> String {
    let of_same = |key: &std::sync::Arc<AccessKey>| match &key.principal.kind {
        _ if key.principal.account != *account => None,
        PrincipalKind::User { name, id, .. } if prefix == "AIDA" && name == wanted => Some(id.clone()),
        PrincipalKind::Session { role, role_id, .. } if prefix == "AROA" && role == wanted => Some(role_id.clone()),
        _ => None,
    };
    app.keys.list().iter().find_map(of_same).unwrap_or_else(|| unique_id(prefix, app.entropy.as_ref()))
}

/// IAM's rule for names (IAM user guide, "IAM and AWS STS quotas"): 1 to 64 letters, digits and `_+=,.@-`.
fn checked(what: &str, name: String) -> Result<String, AdminError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(name);
    }
    Err(AdminError::Invalid(format!("the {what} `{name}` must be 1 to 64 letters, digits and `_+=,.@-`")))
}

fn describe(key: &AccessKey) -> Value {
    json!({
        "AccessKeyId": key.id,
        "Arn": key.principal.arn(),
        "Account": key.principal.account,
        "CreatedAt": key.created_at.iso(),
    })
}

pub(crate) fn parse<T: for<'de> Deserialize<'de>>(body: &Bytes) -> Result<T, AdminError> {
    serde_json::from_slice(body).map_err(|error| AdminError::Invalid(format!("the body is not as expected: {error}")))
}

/// Member names with their first letter lowered, null members left out, as records have them.
fn lower_camel(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let lowered = members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        (first.into_iter().chain(letters).collect::<String>(), lower_camel(value))
    });
    Value::Object(lowered.collect())
}

fn hide_secrets(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.remove("secretAccessKey");
        members.remove("sessionToken");
    }
    value
}
