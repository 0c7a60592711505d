//! The embedded S3 on our port: authenticate, watch the body, answer, record, and only then reply.

use std::sync::Arc;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use opentrail_catalog::AccessKey;
use opentrail_intake::IntakeError;
use opentrail_journal::AppendError;
use opentrail_model::{EventCategory, Record, Region, Resource, UserIdentity};
use opentrail_s3::{Authentication, CallResource, Caller, S3Call};
use opentrail_sigv4::{AuthError, BodyHash, Kind};
use serde_json::Value;

use crate::app::App;
use crate::body::{Body, full};
use crate::gate::{self, Authenticated};
use crate::listener::Peer;
use crate::payload::{Payload, refusal};
use crate::record::Origin;
use crate::respond::escaped;

/// Answers an S3 request.
pub(crate) async fn answer(app: &App, peer: &Peer, parts: Parts, body: Incoming) -> Response<Body> {
    let headers = parts.headers.clone();
    let (who, payload, refused) = match gate::authenticate(app, &parts, BodyHash::Pending) {
        Ok(None) => (Who::nobody(app), Payload::unsigned(body), None),
        Ok(Some(caller)) => match payload(body, &parts, &caller) {
            Ok(payload) => (Who::known(&caller), payload, None),
            Err((body, error)) => (Who::known(&caller), Payload::unsigned(body), Some(error)),
        },
        Err(error) => (Who::suspected(app, &parts), Payload::unsigned(body), Some(error)),
    };
    // Refused before anything is done, if it could not be recorded.
    if let Err(error) = who.admit(app).await {
        return unrecorded(&error);
    }
    let caller = Caller {
        source_ip: Some(peer.address.ip().to_canonical()),
        cipher_suite: peer.tls.as_ref().map(|tls| tls.cipher_suite.clone()),
        refusal: refused.as_ref().map(refusal),
        ..who.caller
    };
    let request = http::Request::from_parts(parts, payload);
    let (response, call) = app.s3.call(request, caller).await;
    if who.key.is_none() && refused.is_some() {
        // A key that we don't know belongs to no account that could be told.
        return response.map(boxed);
    }
    let origin = Origin { peer, headers: &headers, at: app.clock.now() };
    let records = records(app, &origin, who.key.as_deref(), call);
    if records.is_empty() {
        return response.map(boxed);
    }
    match app.recorder.record(records).await {
        // The evidence is in hand: the call may be acknowledged.
        Ok(_durable) => response.map(boxed),
        Err(error) => {
            tracing::warn!(%error, "an S3 call could not be recorded and is not acknowledged");
            unrecorded(&error)
        }
    }
}

/// Who calls, in the forms that S3 and records need.
struct Who {
    key: Option<Arc<AccessKey>>,
    region: Region,
    caller: Caller,
}

impl Who {
    /// Whether a record of this caller would be taken now; for nobody's, the server's own scope stands in.
    async fn admit(&self, app: &App) -> Result<(), IntakeError> {
        let own = &app.config.account_id.value;
        let account = self.key.as_ref().map_or(own, |key| &key.principal.account);
        app.recorder.admit(account, &self.region).await
    }

    fn nobody(app: &App) -> Self {
        let region = app.config.region.value.clone();
        Self { key: None, caller: caller(None, Authentication::Anonymous, &region), region }
    }

    fn known(caller: &Authenticated) -> Self {
        let authentication = match caller.kind() {
            Kind::Header => Authentication::Header,
            Kind::Presigned { .. } => Authentication::Query,
            Kind::PresignedVersionTwo { .. } => Authentication::QueryVersionTwo,
        };
        let key = caller.shared_key();
        let region = caller.region().clone();
        Self { caller: self::caller(Some(&key), authentication, &region), region, key: Some(key) }
    }

    fn suspected(app: &App, parts: &Parts) -> Self {
        let Some(suspect) = gate::suspect(app, parts) else { return Self::nobody(app) };
        let in_header = parts.headers.contains_key("authorization");
        let authentication = if in_header { Authentication::Header } else { Authentication::Query };
        let caller = caller(Some(&suspect.key), authentication, &suspect.region);
        Self { caller, region: suspect.region, key: Some(suspect.key) }
    }
}

fn caller(key: Option<&Arc<AccessKey>>, authentication: Authentication, region: &Region) -> Caller {
    Caller {
        principal: key.map(|key| key.principal.clone()),
        access_key_id: key.map(|key| key.id.clone()),
        authentication,
        region: region.to_string(),
        source_ip: None,
        cipher_suite: None,
        refusal: None,
    }
}

fn payload(body: Incoming, parts: &Parts, caller: &Authenticated) -> Result<Payload<Incoming>, (Incoming, AuthError)> {
    match caller.verified().decoder(parts) {
        Ok(Some(decoder)) => Ok(Payload::chunked(body, decoder)),
        Ok(None) => Ok(Payload::hashed(body, caller.verified())),
        Err(error) => Err((body, error)),
    }
}

/// One record for each account that has a part in the call: the caller's, and the bucket owner's when it is another.
fn records(app: &App, origin: &Origin<'_>, key: Option<&AccessKey>, mut call: S3Call) -> Vec<Record> {
    let followers = std::mem::take(&mut call.followers);
    let mut records = Vec::new();
    for call in std::iter::once(call).chain(followers) {
        let accounts = recipients(key, &call);
        let shared = (accounts.len() > 1).then(|| app.entropy.uuid());
        records.extend(accounts.into_iter().map(|account| Record {
            shared_event_id: shared.clone(),
            ..record(origin, identity(key, &account), call.clone(), account)
        }));
    }
    records
}

fn recipients(key: Option<&AccessKey>, call: &S3Call) -> Vec<String> {
    let caller = key.map(|key| key.principal.account.to_string());
    let owner = call.bucket_account.clone().filter(|owner| Some(owner) != caller.as_ref());
    caller.into_iter().chain(owner).collect()
}

/// The caller as an account may know it: in full in its own copy, by account and id in another's.
fn identity(key: Option<&AccessKey>, recipient: &str) -> UserIdentity {
    match key {
        None => UserIdentity::anonymous(),
        Some(key) if key.principal.account.as_str() == recipient => key.principal.user_identity(Some(&key.id)),
        Some(key) => UserIdentity::other_account(&key.principal.id(), key.principal.account.as_str()),
    }
}

/// The record of one S3 call for one account.
pub(crate) fn record(origin: &Origin<'_>, identity: UserIdentity, call: S3Call, recipient: String) -> Record {
    let base = origin.record(identity, &call.region, &call.request_id);
    Record {
        user_agent: base.user_agent.as_deref().map(|agent| format!("[{agent}]")),
        ..from_call(base, call, recipient)
    }
}

/// Fills in what S3 knows of the call.
pub(crate) fn from_call(base: Record, call: S3Call, recipient: String) -> Record {
    let (error_code, error_message) = call.error.unzip();
    Record {
        event_source: "s3.amazonaws.com".to_owned(),
        event_name: call.event_name,
        aws_region: call.region,
        error_code,
        error_message,
        request_parameters: some(call.request_parameters),
        response_elements: some(call.response_elements),
        additional_event_data: some(call.additional_event_data),
        request_id: Some(call.request_id),
        read_only: Some(call.is_read_only),
        resources: call.resources.into_iter().map(resource).collect(),
        event_type: if call.is_service_event { "AwsServiceEvent" } else { "AwsApiCall" }.to_owned(),
        management_event: Some(!call.is_data_event),
        event_category: if call.is_data_event { EventCategory::Data } else { EventCategory::Management },
        recipient_account_id: Some(recipient),
        ..base
    }
}

fn some(value: Value) -> Option<Value> {
    (!value.is_null()).then_some(value)
}

fn resource(resource: CallResource) -> Resource {
    Resource {
        account_id: resource.account,
        kind: Some(resource.kind.to_owned()),
        arn: resource.arn,
        arn_prefix: resource.arn_prefix,
    }
}

fn boxed(body: opentrail_s3::Body) -> Body {
    body.map_err(Into::into).boxed_unsync()
}

/// What a caller is told whose call can't be recorded.
fn unrecorded(cause: &IntakeError) -> Response<Body> {
    let (status, code) = match cause {
        IntakeError::TooManyRegions { .. } => (StatusCode::BAD_REQUEST, "InvalidRequest"),
        IntakeError::Journal(AppendError::Busy { .. }) => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
    };
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message></Error>",
        escaped(&cause.to_string())
    );
    let mut response = Response::new(full(document));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}
