//! PutAuditEvents: takes events from outside of AWS through a channel into the stores that it leads to.
//!
//! - Documented: the limits, the codes of what is refused, one by one or as a whole; a policy opens a channel to others, and
//!   may ask for an external id; its owner may call unless a policy denies it.
//! - Ours: an event of the same id and time is kept once; stores that rest or are deleted get nothing, and with none left every
//!   event is answered `AccountNotSubscribed`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Response};
use opentrail_intake::audit::{AuditEvent, Refusal};
use opentrail_model::{ChannelArn, Decision, PolicyPrincipal, PolicyRequest};
use opentrail_sigv4::Family;
use opentrail_wire::shapes::{
    self, AuditEventResultEntry, PutAuditEventsRequest, PutAuditEventsResponse, ResultErrorEntry,
};
use opentrail_wire::{Error, ErrorShape, Operation, audit, encode};
use serde_json::{Value, json};

use crate::app::App;
use crate::body::Body;
use crate::channel::{self, ChannelError, Checked, KnownChannel};
use crate::gate::Authenticated;
use crate::listener::Peer;
use crate::record::{CallFacts, Origin};
use crate::respond::{Stamp, json as json_answer};
use crate::service::call::{Answered, unrecorded};

/// The longest request.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// The action that policies of channels speak of.
const ACTION: &str = "cloudtrail-data:PutAuditEvents";

/// Answers a call of `cloudtrail-data`.
pub(crate) async fn answer(
    app: &App,
    peer: &Peer,
    stamp: &Stamp,
    parts: &Parts,
    body: &Bytes,
    caller: &Authenticated,
) -> Answered {
    let query = parts.uri.query().unwrap_or_default();
    let decoded = if parts.uri.path() != audit::PATH || parts.method != http::Method::POST {
        Err(Error::unknown_operation())
    } else if body.len() > REQUEST_BYTES_MAX {
        Err(Error::request_entity_too_large(format!("The request is longer than {REQUEST_BYTES_MAX} bytes.")))
    } else {
        audit::decode(query, body)
    };
    let (parameters, checked) = match decoded {
        Ok(request) => {
            let parameters = json!({ "channelArn": request.channel_arn, "externalId": request.external_id });
            (parameters, check(app, caller, &request).await.map(|(channel, checked)| (request, channel, checked)))
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let facts = facts(parameters, checked.as_ref().err());
    match checked {
        Ok((request, channel, checked)) => {
            let origin = Origin { peer, headers: &parts.headers, at: app.clock.now() };
            let call = origin.call_by(caller.key(), caller.region(), facts, &stamp.request_id);
            match channel::keep(app, &channel.stored, checked, Some(call)).await {
                // The events and their call are durable, and the answer may say so. The same again changes nothing.
                Ok(results) => {
                    let body = encode(&response(request, results));
                    Answered { response: rest(json_answer(stamp, 200, body)), facts: None }
                }
                Err(error) => {
                    tracing::warn!(%error, request_id = stamp.request_id, "events could not be taken in");
                    Answered { response: rest(unrecorded(Family::Json, stamp, &error)), facts: None }
                }
            }
        }
        Err(error) => {
            let mut response = rest(json_answer(stamp, error.status, error.to_rest_json()));
            response.headers_mut().insert(audit::ERROR_TYPE_HEADER, HeaderValue::from_static(error.code));
            Answered { response, facts: Some(facts) }
        }
    }
}

/// Of REST-JSON.
fn rest(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// What was put is in the stores: the record of the call tells by whom and where.
fn facts(mut parameters: Value, error: Option<&Error>) -> CallFacts {
    if let Some(members) = parameters.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    let operation = Operation::PutAuditEvents;
    CallFacts {
        event_source: format!("{}.amazonaws.com", operation.endpoint_prefix()),
        event_name: operation.name().to_owned(),
        is_read_only: operation.is_read_only(),
        is_data_event: true,
        request_parameters: Some(parameters).filter(|parameters| !parameters.is_null()),
        response_elements: None,
        error: error.map(|error| (error.code.to_owned(), error.message.clone())),
    }
}

async fn check(
    app: &App,
    caller: &Authenticated,
    request: &PutAuditEventsRequest,
) -> Result<(Arc<KnownChannel>, Checked), Error> {
    let channel = find(app, caller, &request.channel_arn).await?;
    check_rights(caller, &channel, request.external_id.as_deref())?;
    let mut ids = HashSet::with_capacity(request.audit_events.len());
    if let Some(twice) = request.audit_events.iter().find(|event| !ids.insert(&event.id)) {
        let message = format!("The request has more than one event with the id {}.", twice.id);
        return Err(Error::modelled(ErrorShape::DuplicatedAuditEventId, message));
    }
    let events: Vec<AuditEvent<'_>> = request.audit_events.iter().map(audit_event).collect();
    let checked = channel::check(app, &channel, &events);
    Ok((channel, checked))
}

fn audit_event(event: &shapes::AuditEvent) -> AuditEvent<'_> {
    AuditEvent { id: &event.id, data: &event.event_data, checksum: event.event_data_checksum.as_deref() }
}

/// How each event went.
fn response(request: PutAuditEventsRequest, results: Vec<Result<String, Refusal>>) -> PutAuditEventsResponse {
    let mut response = PutAuditEventsResponse::default();
    for (event, result) in request.audit_events.into_iter().zip(results) {
        let id = event.id;
        match result {
            Ok(event_id) => response.successful.push(AuditEventResultEntry { event_id, id }),
            Err(Refusal { code, message }) => {
                let error_message = message.chars().take(1024).collect();
                response.failed.push(ResultErrorEntry { error_code: code.to_owned(), error_message, id });
            }
        }
    }
    response
}

/// The channel, in the Region that was called.
async fn find(app: &App, caller: &Authenticated, named: &str) -> Result<Arc<KnownChannel>, Error> {
    let invalid = || Error::modelled(ErrorShape::InvalidChannelARN, format!("{named} is not the ARN of a channel."));
    let arn: ChannelArn = named.parse().map_err(|_| invalid())?;
    let is_here = arn.region == *caller.region();
    let found = if is_here { app.channels.find(&app.catalog, &arn).await.map_err(unavailable)? } else { None };
    found.ok_or_else(|| Error::modelled(ErrorShape::ChannelNotFound, format!("The channel {arn} was not found.")))
}

fn check_rights(caller: &Authenticated, channel: &KnownChannel, external_id: Option<&str>) -> Result<(), Error> {
    let arn = &channel.stored.channel.arn;
    let resource = arn.to_string();
    let external_id = external_id.map(|id| ("cloudtrail:ExternalId".to_owned(), vec![id.to_owned()]));
    let context: BTreeMap<_, _> = external_id.into_iter().collect();
    let principal = PolicyPrincipal::from(&caller.key().principal);
    let request = PolicyRequest { principal: &principal, action: ACTION, resource: &resource, context: &context };
    let decision = channel.policy.as_ref().map_or(Decision::Unspecified, |policy| policy.decide(&request));
    let is_owner = caller.key().principal.account == arn.account;
    if decision == Decision::Allow || (is_owner && decision == Decision::Unspecified) {
        return Ok(());
    }
    let who = caller.key().principal.arn().unwrap_or_else(|| caller.key().principal.account.to_string());
    let message = format!("User: {who} is not authorized to perform: {ACTION} on resource: {resource}.");
    Err(Error::modelled(ErrorShape::ChannelInsufficientPermission, message))
}

fn unavailable(error: ChannelError) -> Error {
    tracing::error!(%error, "events could not be taken in");
    match error {
        ChannelError::Catalog(error) => Error::service_unavailable(error.to_string()),
        ChannelError::Policy(error) => Error::internal(error.to_string()),
    }
}
