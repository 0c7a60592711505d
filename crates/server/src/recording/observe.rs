//! A call to an upstream while it is under way: all that its record will be made of.

use std::sync::Arc;

use http::header::USER_AGENT;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use opentrail_intake::IntakeError;
use opentrail_model::{AccountId, EventCategory, Record, Region};
use opentrail_proxy::{Capture, Captured, Ending};
use opentrail_recorder::{Caller, Passage, is_unproven};
use opentrail_services::{
    AuthenticationMethod, Body, Call, CallError, Exchange, Operation, Response, SignatureVersion, Transfer, Upload,
    describe,
};
use opentrail_stdx::Timestamp;
use serde_json::json;

use super::door::Door;
use super::settings::RecorderFail;
use crate::app::App;
use crate::listener::Peer;
use crate::record::Origin;
use crate::service::call::{event_source, looks_read_only, operation_name};

/// A call under way.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) app: Arc<App>,
    pub(crate) door: Arc<Door>,
    pub(crate) peer: Arc<Peer>,
    pub(crate) head: Parts,
    /// The signing name of the service.
    pub(crate) service: String,
    /// What it was recognised as.
    pub(crate) operation: Option<Operation>,
    pub(crate) caller: Caller,
    /// Whether we have verified the signature ourselves.
    pub(crate) is_verified: bool,
    pub(crate) region: Region,
    /// Whose resources the upstream has.
    pub(crate) owner: AccountId,
    /// What passes of the request's body.
    pub(crate) request: Capture,
    pub(crate) started: Timestamp,
    pub(crate) request_id: String,
}

/// What the upstream answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Captured,
    pub(crate) ending: Ending,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The upstream answered, perhaps not to the end.
    Answered(Box<Answered>),
    /// It did not, and the caller was told so.
    Refused(CallError),
}

impl Observed {
    /// How much of the answer's body to keep.
    pub(crate) fn response_bytes_max(&self, status: StatusCode) -> usize {
        let capture = self.operation.as_ref().map(Operation::capture);
        let is_error = status.as_u16() >= 300;
        capture.map_or(0, |capture| if is_error { capture.error_bytes_max } else { capture.response_bytes_max })
    }

    /// Would a record be taken now? What would not be is refused before anything is done, unless the setting says otherwise.
    ///
    /// Only who has been proven to hold a key may add a Region to an account, of which there can't be many: for others the
    /// door's own stands in until the upstream has answered.
    pub(crate) async fn admit(&self) -> Result<(), IntakeError> {
        let region = if self.is_verified { &self.region } else { &self.door.region };
        match self.app.recorder.admit(&self.caller.account, region).await {
            Err(_) if self.app.recording.fail == RecorderFail::Open => Ok(()),
            admitted => admitted,
        }
    }

    /// Makes the call's records durable. An error means that they are not, and that the answer may not be given.
    pub(crate) async fn record(self, outcome: Outcome) -> Result<(), IntakeError> {
        let kept = self.request.take();
        let mut call = match &outcome {
            Outcome::Answered(answered) => self.call(&kept, Some(answered)),
            Outcome::Refused(error) => Call { error: Some(error.clone()), ..self.call(&kept, None) },
        };
        if let Outcome::Answered(answered) = &outcome
            && answered.ending == Ending::Cut
        {
            let message = "the upstream broke off in the middle of its answer".to_owned();
            call.error = Some(CallError { code: "BadGateway".to_owned(), message: Some(message) });
        }
        let done = self.keep(call).await;
        match done {
            Err(error) if self.app.recording.fail == RecorderFail::Open => {
                self.app.recording.note_unrecorded();
                tracing::warn!(%error, request_id = self.request_id, "a call passed without a record");
                Ok(())
            }
            done => done,
        }
    }

    async fn keep(&self, mut call: Call) -> Result<(), IntakeError> {
        let is_refused = call.error.as_ref().is_some_and(|error| is_unproven(&error.code));
        let mut caller = self.caller.clone();
        if is_refused && !self.is_verified {
            caller = caller.unproven(&self.door.account);
            call.aws_region = self.door.region.to_string();
        }
        self.app.recording.sessions.learn_from(&call, &caller.identity).await?;
        let _durable = self.app.recorder.record(self.passage(caller).records(call, || self.app.entropy.uuid())).await?;
        Ok(())
    }

    /// The record of a call that the endpoint's policy keeps from the upstream.
    pub(crate) async fn record_denied(&self, call: &Call) -> Result<(), IntakeError> {
        let Some(endpoint) = &self.door.endpoint else { return Ok(()) };
        let record: Record = self.passage(self.caller.clone()).denied(endpoint, call, &self.app.entropy.uuid());
        let _durable = self.app.recorder.record(vec![record]).await?;
        Ok(())
    }

    fn passage(&self, caller: Caller) -> Passage<'_> {
        let origin = Origin { peer: &self.peer, headers: &self.head.headers, at: self.app.clock.now() };
        Passage {
            caller,
            at: origin.at,
            source: self.peer.address.ip().to_canonical(),
            user_agent: self.head.headers.get(USER_AGENT).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()),
            tls: origin.tls_details(),
            endpoint: self.door.endpoint.as_ref(),
            request_id: self.request_id.clone(),
        }
    }

    /// What the service says of the call, as far as it has come.
    pub(crate) fn call(&self, request: &Captured, answered: Option<&Answered>) -> Call {
        let Some(operation) = &self.operation else { return self.unknown(request, answered) };
        let cipher_suite = self.peer.tls.as_ref().map(|tls| tls.cipher_suite.as_str());
        let (signature, authentication) = match operation.upload() {
            Some(upload) => form_signature(upload),
            None => signature(&self.head),
        };
        describe(&Exchange {
            operation,
            request: &self.head,
            request_body: body(request),
            response: answered.map(|answered| Response {
                status: answered.status,
                headers: &answered.headers,
                body: body(&answered.body),
            }),
            account: self.owner.as_str(),
            region: self.region.as_str(),
            partition: self.region.partition(),
            transfer: Transfer {
                bytes_in: request.bytes,
                bytes_out: answered.map_or(0, |answered| answered.body.bytes),
                started: self.started,
                ended: self.app.clock.now(),
                signature,
                authentication,
                cipher_suite,
            },
        })
    }

    /// A call of no operation that we know is recorded all the same, by what can be seen of it.
    fn unknown(&self, request: &Captured, answered: Option<&Answered>) -> Call {
        let name = operation_name(&self.head, &request.kept);
        let error = answered.filter(|answered| answered.status.as_u16() >= 400).map(|answered| CallError {
            code: answered.status.as_str().to_owned(),
            message: answered.status.canonical_reason().map(str::to_owned),
        });
        let is_read = matches!(self.head.method, http::Method::GET | http::Method::HEAD);
        Call {
            event_source: event_source(&self.service),
            read_only: name.as_deref().map_or(is_read, looks_read_only),
            event_name: name.unwrap_or_else(|| "UnknownOperation".to_owned()),
            aws_region: self.region.to_string(),
            api_version: None,
            category: EventCategory::Management,
            request_parameters: Some(json!({ "method": self.head.method.as_str(), "path": self.head.uri.path() })),
            response_elements: None,
            error,
            resources: Vec::new(),
            request_id: None,
            additional_event_data: None,
            followers: Vec::new(),
        }
    }
}

fn body(captured: &Captured) -> Body<'_> {
    Body { bytes: &captured.kept, is_whole: captured.is_whole() }
}

/// How a browser's form is signed.
fn form_signature(upload: &Upload) -> (Option<SignatureVersion>, Option<AuthenticationMethod>) {
    let version = match (upload.field("x-amz-signature"), upload.field("signature")) {
        (Some(_), _) => Some(SignatureVersion::V4),
        (None, Some(_)) => Some(SignatureVersion::V2),
        (None, None) => None,
    };
    (version, version.map(|_| AuthenticationMethod::Form))
}

/// How a request is signed, and where.
fn signature(head: &Parts) -> (Option<SignatureVersion>, Option<AuthenticationMethod>) {
    let query = head.uri.query().unwrap_or_default();
    if let Some(value) = head.headers.get("authorization") {
        let version = if value.as_bytes().starts_with(b"AWS4-") { SignatureVersion::V4 } else { SignatureVersion::V2 };
        return (Some(version), Some(AuthenticationMethod::Header));
    }
    let has = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    if has("X-Amz-Signature") {
        return (Some(SignatureVersion::V4), Some(AuthenticationMethod::Query));
    }
    if has("AWSAccessKeyId") && has("Signature") {
        return (Some(SignatureVersion::V2), Some(AuthenticationMethod::Query));
    }
    (None, None)
}
