//! Calls of JSON and query services: collect, authenticate, answer, record, and only then reply.

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use hyper::body::Incoming;
use opentrail_catalog::AccessKey;
use opentrail_intake::{Alone, IntakeError};
use opentrail_journal::AppendError;
use opentrail_model::Region;
use opentrail_sigv4::{AuthError, BodyHash, Family};

use crate::app::App;
use crate::body::{Body, CollectError, collect};
use crate::gate::{self, Authenticated};
use crate::listener::Peer;
use crate::record::{CallFacts, Origin};
use crate::respond::{Stamp, json_error, query_error};
use crate::service::{admin, audit, cloudtrail, import, sign_in, sts};

/// An answer, and what the record of the call says; nothing when there is no operation to speak of.
pub(crate) struct Answered {
    pub(crate) response: Response<Body>,
    pub(crate) facts: Option<CallFacts>,
}

/// Who called, as far as the record is concerned.
struct Who<'a> {
    key: &'a AccessKey,
    region: &'a Region,
    /// No other record comes before that of this call.
    alone: Option<Alone<'a>>,
}

/// Answers a call; also names the service, for metrics.
pub(crate) async fn answer(
    app: &App,
    peer: &Peer,
    family: Family,
    parts: Parts,
    body: Incoming,
) -> (&'static str, Response<Body>) {
    let stamp = Stamp { request_id: app.entropy.uuid(), arrived_at: app.clock.now() };
    if let Some(sha256) = import::announced(&parts) {
        return ("opentrail", Box::pin(streamed(app, peer, &stamp, &parts, body, sha256)).await);
    }
    let body = match collect(body).await {
        Ok(body) => body,
        Err(CollectError::TooLarge) => {
            let message = "the request's body is larger than 2 MiB";
            return ("refused", error(family, &stamp, 413, "RequestEntityTooLargeException", message));
        }
        Err(CollectError::Broken) => {
            let message = "the request's body could not be read to its end";
            return ("refused", error(family, &stamp, 400, "RequestAbortedException", message));
        }
    };
    let caller = match gate::authenticate(app, &parts, BodyHash::of(&body)) {
        Ok(Some(caller)) => caller,
        Ok(None) => return ("refused", refused(app, peer, family, &stamp, &parts, &body, &AuthError::Missing).await),
        Err(error) => return ("refused", refused(app, peer, family, &stamp, &parts, &body, &error).await),
    };
    // Refused before anything is done, if it could not be recorded.
    if let Err(error) = app.recorder.admit(&caller.key().principal.account, caller.region()).await {
        return ("refused", unrecorded(family, &stamp, &error));
    }
    // Its own record is the last that the trail or store gets.
    let alone = if ends_logging(&parts) { Some(app.recorder.alone().await) } else { None };
    let (name, answered) = serve(app, &stamp, &parts, &body, &caller).await;
    let who = Who { key: caller.key(), region: caller.region(), alone };
    (name, record(app, peer, family, &stamp, &parts, who, answered).await)
}

/// A call whose body is read as it comes: its signature covers the hash that it announces, which is then compared.
async fn streamed(
    app: &App,
    peer: &Peer,
    stamp: &Stamp,
    parts: &Parts,
    body: Incoming,
    sha256: [u8; 32],
) -> Response<Body> {
    let family = Family::Json;
    let caller = match gate::authenticate(app, parts, BodyHash::Sha256(sha256)) {
        Ok(Some(caller)) => caller,
        Ok(None) => return refused(app, peer, family, stamp, parts, &Bytes::new(), &AuthError::Missing).await,
        Err(error) => return refused(app, peer, family, stamp, parts, &Bytes::new(), &error).await,
    };
    let account = &caller.key().principal.account;
    if let Err(error) = app.recorder.admit(account, caller.region()).await {
        return unrecorded(family, stamp, &error);
    }
    let answered = match caller.service() {
        "opentrail" => import::import(app, stamp, parts, account, sha256, body).await,
        service => unserved(stamp, parts, &Bytes::new(), service),
    };
    let who = Who { key: caller.key(), region: caller.region(), alone: None };
    record(app, peer, family, stamp, parts, who, answered).await
}

/// Whether a call is meant to end a trail's logging, or a store's ingestion.
fn ends_logging(parts: &Parts) -> bool {
    let operation = target(parts).and_then(|target| target.rsplit('.').next());
    matches!(operation, Some("StopLogging" | "DeleteTrail" | "StopEventDataStoreIngestion" | "DeleteEventDataStore"))
}

/// `X-Amz-Target`, by which JSON services are told their operation.
pub(crate) fn target(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok())
}

async fn serve(
    app: &App,
    stamp: &Stamp,
    parts: &Parts,
    body: &Bytes,
    caller: &Authenticated,
) -> (&'static str, Answered) {
    match caller.service() {
        "cloudtrail" => ("cloudtrail", cloudtrail::answer(app, stamp, parts, body, caller).await),
        "cloudtrail-data" => ("cloudtrail-data", audit::answer(app, stamp, parts, body, caller).await),
        "sts" => ("sts", sts::answer(stamp, body, caller)),
        "opentrail" => match import::answer(app, stamp, parts, body, &caller.key().principal.account).await {
            Some(answered) => ("opentrail", answered),
            None => ("opentrail", admin::answer(app, stamp, parts, body, caller).await),
        },
        service => ("unserved", unserved(stamp, parts, body, service)),
    }
}

/// Records the call; the answer goes out only when its record is durable.
async fn record(
    app: &App,
    peer: &Peer,
    family: Family,
    stamp: &Stamp,
    parts: &Parts,
    who: Who<'_>,
    answered: Answered,
) -> Response<Body> {
    let Some(facts) = answered.facts else { return answered.response };
    let origin = Origin { peer, headers: &parts.headers, at: app.clock.now() };
    let identity = who.key.principal.user_identity(Some(&who.key.id));
    let scope = (who.key.principal.account.as_str(), who.region);
    let mut record = origin.call(facts, identity, scope, &stamp.request_id);
    if sign_in::is_sign_in(parts) {
        record = sign_in::record(record, who.key, origin.address().as_deref());
    }
    let recorded = match who.alone {
        Some(alone) => alone.record(vec![record]).await,
        None => app.recorder.record(vec![record]).await,
    };
    match recorded {
        // The evidence is in hand: the call may be acknowledged.
        Ok(_durable) => answered.response,
        Err(error) => {
            tracing::warn!(%error, request_id = stamp.request_id, "a call could not be recorded and is not acknowledged");
            unrecorded(family, stamp, &error)
        }
    }
}

/// A signature that doesn't hold. When the key is known, the attempt is recorded.
async fn refused(
    app: &App,
    peer: &Peer,
    family: Family,
    stamp: &Stamp,
    parts: &Parts,
    body: &Bytes,
    auth_error: &AuthError,
) -> Response<Body> {
    let rendered = auth_error.render(family);
    let response = error(family, stamp, rendered.status, rendered.code, &rendered.message);
    let Some(suspect) = gate::suspect(app, parts) else { return response };
    let Some(event_name) = operation_name(parts, body) else { return response };
    let facts = not_done(&suspect.service, event_name, (rendered.code.to_owned(), rendered.message));
    let who = Who { key: &suspect.key, region: &suspect.region, alone: None };
    record(app, peer, family, stamp, parts, who, Answered { response, facts: Some(facts) }).await
}

/// A service that we don't serve. Truthful, and recorded where the operation can be told.
fn unserved(stamp: &Stamp, parts: &Parts, body: &Bytes, service: &str) -> Answered {
    let message = format!("OpenTrail does not serve `{service}` on this port; it serves cloudtrail, s3 and sts.");
    let (code, response) = match Family::of_service(service) {
        Family::Query => ("InvalidAction", query_error(stamp, 400, "InvalidAction", &message)),
        _ => ("UnknownOperationException", json_error(stamp, 400, "UnknownOperationException", &message)),
    };
    let facts = operation_name(parts, body).map(|name| not_done(service, name, (code.to_owned(), message)));
    Answered { response, facts }
}

/// What is recorded of a call that no service of ours looked into.
fn not_done(service: &str, event_name: String, error: (String, String)) -> CallFacts {
    CallFacts {
        event_source: event_source(service),
        is_read_only: looks_read_only(&event_name),
        event_name,
        is_data_event: false,
        request_parameters: None,
        response_elements: None,
        error: Some(error),
    }
}

/// The operation that a request names: the end of its target, or its `Action`.
fn operation_name(parts: &Parts, body: &Bytes) -> Option<String> {
    let name = match target(parts) {
        Some(target) => target.rsplit('.').next()?.to_owned(),
        None => sts::form_value(body, "Action")?,
    };
    let is_name = (1..=128).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some(name)
}

fn event_source(service: &str) -> String {
    let host: String =
        service.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(64).collect();
    format!("{}.amazonaws.com", host.to_ascii_lowercase())
}

/// What an operation that we don't know does, by the naming habits of AWS.
fn looks_read_only(operation: &str) -> bool {
    ["Get", "List", "Describe", "Lookup", "Search"].iter().any(|verb| operation.starts_with(verb))
}

fn error(family: Family, stamp: &Stamp, status: u16, code: &str, message: &str) -> Response<Body> {
    match family {
        Family::Query => query_error(stamp, status, code, message),
        Family::Json | Family::S3 => json_error(stamp, status, code, message),
    }
}

/// What a caller is told whose call can't be recorded.
fn unrecorded(family: Family, stamp: &Stamp, cause: &IntakeError) -> Response<Body> {
    let (status, code) = match cause {
        IntakeError::TooManyRegions { .. } => (400, "LimitExceededException"),
        IntakeError::Journal(AppendError::Busy { .. }) => (400, "ThrottlingException"),
        _ => (503, "ServiceUnavailable"),
    };
    error(family, stamp, status, code, &cause.to_string())
}
