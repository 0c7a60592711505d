//! PutAuditEvents: takes events from outside of AWS through a channel into the stores that it leads to.
//!
//! - Documented: the limits, the codes of what is refused, one by one or as a whole; a policy opens a channel to others, and
//!   may ask for an external id; its owner may call unless a policy denies it.
//! - Ours: an event of the same id and time is kept once; stores that rest or are deleted get nothing, and with none left every
//!   event is answered `AccountNotSubscribed`.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use opentrail_catalog::StoredChannel;
use opentrail_intake::IntakeError;
use opentrail_intake::audit::{AuditEvent, Refusal};
use opentrail_journal::AppendError;
use opentrail_model::{ChannelArn, Decision, Policy, PolicyPrincipal, PolicyRequest};
use opentrail_wire::shapes::{
    self, AuditEventResultEntry, PutAuditEventsRequest, PutAuditEventsResponse, ResultErrorEntry,
};
use opentrail_wire::{Error, ErrorShape, Operation, audit, encode};
use serde_json::{Value, json};

use crate::app::App;
use crate::channel;
use crate::gate::Authenticated;
use crate::record::CallFacts;
use crate::respond::{Stamp, json as json_answer};
use crate::service::call::Answered;
use crate::service::cloudtrail::facts;

/// The longest request.
const REQUEST_BYTES_MAX: usize = 1 << 20;

/// The action that policies of channels speak of.
const ACTION: &str = "cloudtrail-data:PutAuditEvents";

/// Answers a call of `cloudtrail-data`.
pub(crate) async fn answer(app: &App, stamp: &Stamp, parts: &Parts, body: &Bytes, caller: &Authenticated) -> Answered {
    let query = parts.uri.query().unwrap_or_default();
    let decoded = if parts.uri.path() != audit::PATH || parts.method != http::Method::POST {
        Err(Error::unknown_operation())
    } else if body.len() > REQUEST_BYTES_MAX {
        Err(Error::request_entity_too_large(format!("The request is longer than {REQUEST_BYTES_MAX} bytes.")))
    } else {
        audit::decode(query, body)
    };
    let (parameters, result) = match decoded {
        Ok(request) => {
            let parameters = json!({ "channelArn": request.channel_arn, "externalId": request.external_id });
            (parameters, put(app, caller, request).await)
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let result = result.map(|response| encode(&response));
    let mut response = match &result {
        Ok(text) => json_answer(stamp, 200, text.clone()),
        Err(error) => json_answer(stamp, error.status, error.to_rest_json()),
    };
    if let Err(error) = &result {
        response.headers_mut().insert(audit::ERROR_TYPE_HEADER, HeaderValue::from_static(error.code));
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let facts = facts(Operation::PutAuditEvents, shown(parameters), &result);
    // What was put is in the stores: the record of the call tells by whom and where.
    let facts = CallFacts { is_data_event: true, response_elements: None, ..facts };
    Answered { response, facts: Some(facts) }
}

/// Parameters without those that weren't given.
fn shown(mut parameters: Value) -> Value {
    if let Some(members) = parameters.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    parameters
}

async fn put(
    app: &App,
    caller: &Authenticated,
    request: PutAuditEventsRequest,
) -> Result<PutAuditEventsResponse, Error> {
    let stored = find(app, caller, &request.channel_arn).await?;
    check_rights(app, caller, &stored.channel.arn, request.external_id.as_deref()).await?;
    let mut ids = BTreeSet::new();
    if let Some(twice) = request.audit_events.iter().find(|event| !ids.insert(&event.id)) {
        let message = format!("The request has more than one event with the id {}.", twice.id);
        return Err(Error::modelled(ErrorShape::DuplicatedAuditEventId, message));
    }
    let stores = channel::destinations(app, &stored).await.map_err(unavailable)?;
    let events: Vec<AuditEvent<'_>> = request.audit_events.iter().map(audit_event).collect();
    let taken = channel::take(app, &stored, &stores, &events).await.map_err(|error| not_taken(&error))?;
    let mut response = PutAuditEventsResponse::default();
    for (event, result) in request.audit_events.iter().zip(taken) {
        let id = event.id.clone();
        match result {
            Ok(event_id) => response.successful.push(AuditEventResultEntry { event_id, id }),
            Err(Refusal { code, message }) => {
                let error_message = message.chars().take(1024).collect();
                response.failed.push(ResultErrorEntry { error_code: code.to_owned(), error_message, id });
            }
        }
    }
    Ok(response)
}

fn audit_event(event: &shapes::AuditEvent) -> AuditEvent<'_> {
    AuditEvent { id: &event.id, data: &event.event_data, checksum: event.event_data_checksum.as_deref() }
}

/// The channel, in the Region that was called.
async fn find(app: &App, caller: &Authenticated, named: &str) -> Result<StoredChannel, Error> {
    let invalid = || Error::modelled(ErrorShape::InvalidChannelARN, format!("{named} is not the ARN of a channel."));
    let arn: ChannelArn = named.parse().map_err(|_| invalid())?;
    let found =
        if arn.region == *caller.region() { app.catalog.channel(&arn).await.map_err(unavailable)? } else { None };
    found.ok_or_else(|| Error::modelled(ErrorShape::ChannelNotFound, format!("The channel {arn} was not found.")))
}

async fn check_rights(
    app: &App,
    caller: &Authenticated,
    channel: &ChannelArn,
    external_id: Option<&str>,
) -> Result<(), Error> {
    let resource = channel.to_string();
    let text = app.catalog.resource_policy(&resource).await.map_err(unavailable)?;
    let policy = text.as_deref().map(Policy::parse).transpose().map_err(|error| Error::internal(error.to_string()))?;
    let external_id = external_id.map(|id| ("cloudtrail:ExternalId".to_owned(), vec![id.to_owned()]));
    let context: BTreeMap<_, _> = external_id.into_iter().collect();
    let principal = PolicyPrincipal::from(&caller.key().principal);
    let request = PolicyRequest { principal: &principal, action: ACTION, resource: &resource, context: &context };
    let decision = policy.map_or(Decision::Unspecified, |policy| policy.decide(&request));
    let is_owner = caller.key().principal.account == channel.account;
    if decision == Decision::Allow || (is_owner && decision == Decision::Unspecified) {
        return Ok(());
    }
    let who = caller.key().principal.arn().unwrap_or_else(|| caller.key().principal.account.to_string());
    let message = format!("User: {who} is not authorized to perform: {ACTION} on resource: {resource}.");
    Err(Error::modelled(ErrorShape::ChannelInsufficientPermission, message))
}

fn unavailable(error: opentrail_catalog::Error) -> Error {
    tracing::error!(%error, "events could not be taken in");
    Error::service_unavailable(error.to_string())
}

fn not_taken(error: &IntakeError) -> Error {
    match error {
        IntakeError::Journal(AppendError::Busy { .. }) => Error::throttling(error.to_string()),
        _ => Error::service_unavailable(error.to_string()),
    }
}
