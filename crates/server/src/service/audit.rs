//! PutAuditEvents: takes events from outside of AWS through a channel into the stores that it leads to.
//!
//! - Documented: the limits, the codes of what is refused, one by one or as a whole; a policy opens a channel to others, and
//!   may ask for an external id; its owner may call unless a policy denies it.
//! - Ours: an event of the same id and time is kept once; stores that rest or are deleted get nothing, and with none left every
//!   event is answered `AccountNotSubscribed`.

use std::collections::{BTreeMap, HashSet};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Response};
use opentrail_catalog::{StoreKind, StoredChannel};
use opentrail_intake::Put;
use opentrail_intake::audit::{AuditEvent, Refusal, Way, audit_record};
use opentrail_journal::Category;
use opentrail_model::{ChannelArn, Decision, EventDataStoreCategory, Policy, PolicyPrincipal, PolicyRequest};
use opentrail_sigv4::Family;
use opentrail_wire::shapes::{AuditEventResultEntry, PutAuditEventsRequest, PutAuditEventsResponse, ResultErrorEntry};
use opentrail_wire::{Error, ErrorShape, Operation, audit, encode};
use serde_json::{Value, json};

use crate::app::App;
use crate::body::Body;
use crate::gate::Authenticated;
use crate::ingestions::Outcome;
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
            (parameters, check(app, caller, &request).await)
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let facts = facts(parameters, checked.as_ref().err());
    match checked {
        Ok(checked) => {
            let origin = Origin { peer, headers: &parts.headers, at: app.clock.now() };
            let call = origin.call_by(caller.key(), caller.region(), facts, &stamp.request_id);
            // From here on the events and their call are durable, and the answer may say so. The same again changes nothing.
            match app.recorder.put(checked.put, call).await {
                Ok(_durable) => {
                    app.ingestions.note(checked.channel, app.clock.now(), checked.last);
                    Answered { response: rest(json_answer(stamp, 200, encode(&checked.response))), facts: None }
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

/// A request that may be answered once its records are durable.
struct Checked {
    put: Put,
    response: PutAuditEventsResponse,
    channel: i64,
    last: Vec<Outcome>,
}

async fn check(app: &App, caller: &Authenticated, request: &PutAuditEventsRequest) -> Result<Checked, Error> {
    let stored = find(app, caller, &request.channel_arn).await?;
    let arn = &stored.channel.arn;
    check_rights(app, caller, arn, request.external_id.as_deref()).await?;
    let mut ids = HashSet::with_capacity(request.audit_events.len());
    if let Some(twice) = request.audit_events.iter().find(|event| !ids.insert(&event.id)) {
        let message = format!("The request has more than one event with the id {}.", twice.id);
        return Err(Error::modelled(ErrorShape::DuplicatedAuditEventId, message));
    }
    let stores = destinations(app, &stored).await?;
    let (response, records) = check_events(app, arn, request, &stores);
    let (account, region, category) = (arn.account.clone(), arn.region.clone(), Category::ActivityAuditLog);
    let last = last(request, &response);
    Ok(Checked { put: Put { account, region, category, records }, response, channel: stored.id, last })
}

/// Each event's record for each store, and the answer that holds once they are durable.
fn check_events(
    app: &App,
    channel: &ChannelArn,
    request: &PutAuditEventsRequest,
    stores: &[u128],
) -> (PutAuditEventsResponse, Vec<(u128, Bytes)>) {
    let (mut response, mut records) = (PutAuditEventsResponse::default(), Vec::new());
    let way = Way::new(channel, app.clock.now());
    for event in &request.audit_events {
        let checksum = event.event_data_checksum.as_deref();
        let made = audit_record(AuditEvent { id: &event.id, data: &event.event_data, checksum }, &way);
        let made = made.and_then(|record| if stores.is_empty() { Err(not_subscribed()) } else { Ok(record) });
        let id = event.id.clone();
        match made {
            Ok(record) => {
                records.extend(stores.iter().map(|store| (*store, record.text.clone())));
                response.successful.push(AuditEventResultEntry { event_id: record.event_id, id });
            }
            Err(Refusal { code, message }) => {
                let error_message = message.chars().take(1024).collect();
                response.failed.push(ResultErrorEntry { error_code: code.to_owned(), error_message, id });
            }
        }
    }
    (response, records)
}

fn not_subscribed() -> Refusal {
    let message = "The channel leads to no event data store that takes in events.".to_owned();
    Refusal { code: "AccountNotSubscribed", message }
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

/// The stores that take in what comes through a channel now.
async fn destinations(app: &App, stored: &StoredChannel) -> Result<Vec<u128>, Error> {
    let mut stores = Vec::new();
    for arn in &stored.channel.destinations {
        let found = app.catalog.event_data_store(arn).await.map_err(unavailable)?;
        let is_open = found.is_some_and(|found| {
            found.store.takes_in() && found.store.category() == EventDataStoreCategory::ActivityAuditLog
        });
        if let Some(StoreKind::EventDataStore(number)) = StoreKind::event_data_store(arn.id()).filter(|_| is_open) {
            stores.push(number);
        }
    }
    Ok(stores)
}

/// How the last events went, for GetChannel, the latest last.
fn last(request: &PutAuditEventsRequest, response: &PutAuditEventsResponse) -> Vec<Outcome> {
    let outcome = |id: &String, error_code| Outcome { event_id: id.clone(), error_code };
    let failed = response.failed.last().map(|entry| outcome(&entry.id, Some(entry.error_code.clone())));
    let successful = response.successful.last().map(|entry| outcome(&entry.event_id, None));
    let last = request.audit_events.last().map(|event| &event.id);
    let is_last_refused = response.failed.last().map(|entry| &entry.id) == last;
    let in_order = if is_last_refused { [successful, failed] } else { [failed, successful] };
    in_order.into_iter().flatten().collect()
}

fn unavailable(error: opentrail_catalog::Error) -> Error {
    tracing::error!(%error, "events could not be taken in");
    Error::service_unavailable(error.to_string())
}
