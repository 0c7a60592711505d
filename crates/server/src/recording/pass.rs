//! The way of a call to an upstream and back.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode, response};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::upgrade::OnUpgrade;
use opentrail_catalog::AccessKey;
use opentrail_model::Region;
use opentrail_proxy::{Answer, Capture, Captured, Ending, Held, Tap, is_upgrade, join, pass_answer};
use opentrail_recorder::{Caller, Judged};
use opentrail_services::{CallError, Operation, Recognition, Upload};
use opentrail_sigv4::{AuthError, BodyHash, Claim, Family, Payload, Presented, SecretKey};

use super::checked::{Checked, Refused};
use super::door::Door;
use super::observe::{Answered, Observed, Outcome};
use super::peek::{Peeked, peek};
use super::refuse::{Form, Refusal};
use super::routing::Route;
use crate::app::App;
use crate::body::{Body, BodyError, CALL_BYTES_MAX, full};
use crate::listener::Peer;

/// Answers of an announced length up to this are held back whole, so that one that can't be recorded becomes a proper error.
const WITHHELD_BYTES_MAX: u64 = 64 * 1024;

/// Passes a call on, and its answer back when it is recorded.
pub(crate) async fn answer(
    app: Arc<App>,
    door: Arc<Door>,
    peer: Arc<Peer>,
    mut route: Route,
    head: Parts,
    body: Incoming,
) -> Response<Body> {
    let form = Form::of(&head, &route.service);
    let request_id = app.entropy.uuid();
    let started = app.clock.now();
    let body = body.map_err(|error| -> BodyError { Box::new(error) }).boxed_unsync();
    let Ok((operation, Peeked { seen, is_whole, body })) = recognised(&route, &door, body).await else {
        return form.answer(&Refusal::aborted(), &request_id);
    };
    let key = key(&app, &mut route, operation.as_ref());
    let region = region(&route, &door);
    let caller = caller(&app, &door, &peer, &route, key.as_deref(), &head);
    let room = operation.as_ref().map_or(UNKNOWN_BYTES_MAX, |operation| operation.capture().request_bytes_max);
    let observed = Observed {
        owner: route.target.account.clone().unwrap_or_else(|| caller.account.clone()),
        request: Capture::new(room),
        is_verified: key.is_some(),
        head: head.clone(),
        service: route.service.clone(),
        app,
        door,
        peer,
        operation,
        caller,
        region,
        started,
        request_id,
    };
    if let Err(cause) = observed.admit().await {
        return form.answer(&form.unrecorded(&cause), &observed.request_id);
    }
    let kept = Captured { bytes: seen.len() as u64, kept: seen, has_ended: is_whole };
    if let Some(response) = denied(&observed, form, &kept).await {
        return response;
    }
    let (body, refused) = match key {
        None => (body, Refused::default()),
        Some(key) => match verified(&observed, &key, body).await {
            Ok(checked) => checked,
            Err(refusal) => return give_up(observed, form, refusal).await,
        },
    };
    send(observed, &route, form, head, body, &refused).await
}

/// What is kept of the body of a request that no operation is known of: enough for the name in a form.
const UNKNOWN_BYTES_MAX: usize = 16 * 1024;

/// The operation, for which the body's beginning may be needed, as it is for an endpoint's policy.
async fn recognised(route: &Route, door: &Door, body: Body) -> Result<(Option<Operation>, Peeked), BodyError> {
    let judges = door.endpoint.as_ref().is_some_and(|endpoint| endpoint.policy.is_some());
    let bytes_max = match &route.recognition {
        Recognition::NeedsBody(pending) => pending.bytes_max(),
        Recognition::Operation(operation) if judges => operation.capture().request_bytes_max,
        Recognition::Operation(_) | Recognition::Unknown(_) => 0,
    };
    let peeked = peek(body, bytes_max).await;
    peeked.map(|peeked| (operation(&route.recognition, &peeked.seen), peeked))
}

fn operation(recognition: &Recognition, seen: &[u8]) -> Option<Operation> {
    match recognition {
        Recognition::Operation(operation) => Some(operation.clone()),
        Recognition::NeedsBody(pending) => match pending.resolve(seen) {
            Recognition::Operation(operation) => Some(operation),
            Recognition::NeedsBody(_) | Recognition::Unknown(_) => None,
        },
        Recognition::Unknown(_) => None,
    }
}

/// The key of ours that a call is signed with. A browser's form signs its policy, which the upstream judges: we verify none of it,
/// so that nobody is believed who names a key of ours there.
fn key(app: &App, route: &mut Route, operation: Option<&Operation>) -> Option<Arc<AccessKey>> {
    let upload = operation.and_then(Operation::upload).filter(|_| route.claim.is_none());
    if let Some(upload) = upload {
        route.claim = claim_of(upload);
        return None;
    }
    app.keys.get(&route.claim.as_ref()?.access_key_id)
}

/// Whose key a browser's form is signed with.
fn claim_of(upload: &Upload) -> Option<Claim> {
    let in_version_four = upload.field("x-amz-credential").and_then(Claim::of_credential);
    in_version_four.or_else(|| upload.field("AWSAccessKeyId").map(Claim::of_version_two))
}

/// The Region that the caller signed for.
fn region(route: &Route, door: &Door) -> Region {
    let scope = route.claim.as_ref().and_then(|claim| claim.scope.as_ref());
    scope.and_then(|scope| scope.region.parse().ok()).unwrap_or_else(|| door.region.clone())
}

fn caller(app: &App, door: &Door, peer: &Peer, route: &Route, key: Option<&AccessKey>, head: &Parts) -> Caller {
    let recording = &app.recording;
    let claimed = route.claim.as_ref().map(|claim| claim.access_key_id.as_str());
    let account = route.target.account.as_ref().unwrap_or(&door.account);
    let caller = match (key, claimed) {
        (Some(key), _) => Caller {
            identity: key.principal.user_identity(Some(&key.id)),
            account: key.principal.account.clone(),
            is_known: true,
        },
        (None, Some(id)) => {
            Caller::of_key(id, account, &recording.mapping, recording.sessions.known(), app.clock.now())
        }
        (None, None) => Caller::anonymous(account),
    };
    let agent = head.headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    caller.behind_service(&recording.mapping, claimed, agent, peer.address.ip())
}

/// The answer to a call that the endpoint's policy doesn't let pass.
async fn denied(observed: &Observed, form: Form, kept: &Captured) -> Option<Response<Body>> {
    let endpoint = observed.door.endpoint.as_ref().filter(|endpoint| endpoint.policy.is_some())?;
    let call = observed.call(kept, None);
    let allows = observed.operation.as_ref().is_some_and(|operation| {
        endpoint.allows(&Judged {
            operation,
            caller: &observed.caller,
            resources: &call.resources,
            region: observed.region.as_str(),
            source: observed.peer.address.ip().to_canonical(),
            is_encrypted: observed.peer.tls.is_some(),
            at: observed.started,
        })
    });
    if allows {
        return None;
    }
    let refusal = match observed.record_denied(&call).await {
        Ok(()) => form.denied(&call.event_name),
        Err(cause) => form.unrecorded(&cause),
    };
    Some(form.answer(&refusal, &observed.request_id))
}

/// The hash in place of a body's that is a stream of events, each with a signature of its own.
const SIGNED_EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

/// Verifies the signature of a key of ours; what the body must be is watched while it passes.
async fn verified(observed: &Observed, key: &AccessKey, body: Body) -> Result<(Body, Refused), Refusal> {
    let family = Family::of_request(&observed.head);
    let refused = |error: &AuthError| {
        let rendered = error.render(family);
        Refusal { status: rendered.status, code: rendered.code.to_owned(), message: rendered.message }
    };
    let presented = Presented::from_request(&observed.head).and_then(|it| it.ok_or(AuthError::Missing));
    let presented = presented.map_err(|error| refused(&error))?;
    presented
        .check_token(key.session_token.as_ref().map(opentrail_catalog::Secret::expose))
        .map_err(|it| refused(&it))?;
    let secret = SecretKey::new(key.secret.expose());
    let now = observed.app.clock.now();
    let slot = Refused::default();
    if observed.head.headers.get("x-amz-content-sha256").is_some_and(|it| it == SIGNED_EVENTS) {
        return Err(Refusal::signed_events());
    }
    if presented.needs_body() {
        let body = whole(body).await?;
        presented.verify(&observed.head, &secret, BodyHash::of(&body), now).map_err(|error| refused(&error))?;
        return Ok((full(body), slot));
    }
    let verified = presented.verify(&observed.head, &secret, BodyHash::Pending, now).map_err(|it| refused(&it))?;
    if presented.payload == Payload::Unsigned || body.is_end_stream() {
        return Ok((body, slot));
    }
    let checked = match verified.decoder(&observed.head).map_err(|error| refused(&error))? {
        Some(decoder) => Checked::chunked(body, decoder, Arc::clone(&slot)),
        None => Checked::hashed(body, &verified, Arc::clone(&slot)),
    };
    Ok((checked.boxed_unsync(), slot))
}

/// A whole body, bounded: such signatures cover the hash of all of it.
async fn whole(body: Body) -> Result<Bytes, Refusal> {
    match peek(body, CALL_BYTES_MAX).await {
        Ok(Peeked { seen, is_whole: true, .. }) => Ok(seen),
        Ok(_) => Err(Refusal {
            status: 413,
            code: "RequestEntityTooLargeException".to_owned(),
            message: "the body of a call that is signed with a key of OpenTrail's can have at most 2 MiB".to_owned(),
        }),
        Err(_) => Err(Refusal::aborted()),
    }
}

async fn send(
    observed: Observed,
    route: &Route,
    form: Form,
    head: Parts,
    body: Body,
    refused: &Refused,
) -> Response<Body> {
    let body = Tap::new(body, observed.request.clone()).boxed_unsync();
    let wants_upgrade = is_upgrade(&head);
    let mut request = Request::from_parts(head, body);
    let upgrade = wants_upgrade.then(|| hyper::upgrade::on(&mut request));
    match route.target.upstream.send(request).await {
        Ok(response) => returned(observed, form, response, upgrade).await,
        Err(error) => {
            let refusal = refused.get().map_or_else(
                || Refusal::from(&error),
                |error| {
                    let rendered = error.render(Family::of_request(&observed.head));
                    Refusal { status: rendered.status, code: rendered.code.to_owned(), message: rendered.message }
                },
            );
            give_up(observed, form, refusal).await
        }
    }
}

/// Records that there is no upstream's answer, and tells the caller.
async fn give_up(observed: Observed, form: Form, refusal: Refusal) -> Response<Body> {
    let request_id = observed.request_id.clone();
    let error = CallError { code: refusal.code.clone(), message: Some(refusal.message.clone()) };
    match observed.record(Outcome::Refused(error)).await {
        Ok(()) => form.answer(&refusal, &request_id),
        Err(cause) => form.answer(&form.unrecorded(&cause), &request_id),
    }
}

/// Passes the upstream's answer back. Its end comes only when the record is durable.
async fn returned(
    observed: Observed,
    form: Form,
    mut response: Response<Answer>,
    upgrade: Option<OnUpgrade>,
) -> Response<Body> {
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(caller) = upgrade
    {
        let upstream = hyper::upgrade::on(&mut response);
        observed.app.recording.tasks.spawn().start(async move { drop(join(caller, upstream).await) });
    }
    let (mut head, body) = response.into_parts();
    pass_answer(&mut head);
    let capture = Capture::new(observed.response_bytes_max(head.status));
    let body = Tap::new(body, capture.clone());
    if body.size_hint().exact().is_some_and(|bytes| bytes <= WITHHELD_BYTES_MAX) {
        withheld(observed, form, head, body, &capture).await
    } else {
        flowing(observed, head, body, capture)
    }
}

/// A short answer is given when its record is durable, or not at all.
async fn withheld(
    observed: Observed,
    form: Form,
    head: response::Parts,
    mut body: Tap<Answer>,
    capture: &Capture,
) -> Response<Body> {
    let mut frames: Vec<Result<Frame<Bytes>, BodyError>> = Vec::new();
    let mut ending = Ending::Whole;
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            ending = Ending::Cut;
        }
        frames.push(frame);
    }
    drop(body);
    let request_id = observed.request_id.clone();
    let answered = Answered { status: head.status, headers: head.headers.clone(), body: capture.take(), ending };
    if let Err(cause) = observed.record(Outcome::Answered(Box::new(answered))).await {
        tracing::warn!(error = %cause, request_id, "an upstream's answer is withheld: the call could not be recorded");
        return form.answer(&form.unrecorded(&cause), &request_id);
    }
    let body = match frames.pop() {
        None => full(Bytes::new()),
        Some(Ok(frame)) if frames.is_empty() && frame.is_data() => full(frame.into_data().unwrap_or_default()),
        last => StreamBody::new(futures::stream::iter(frames.into_iter().chain(last))).boxed_unsync(),
    };
    Response::from_parts(head, body)
}

/// A long answer flows, but for its end.
fn flowing(observed: Observed, head: response::Parts, body: Tap<Answer>, capture: Capture) -> Response<Body> {
    let (status, headers) = (head.status, head.headers.clone());
    let spawn = observed.app.recording.tasks.spawn();
    let held = Held::new(body, spawn, move |ending| async move {
        let request_id = observed.request_id.clone();
        let answered = Answered { status, headers, body: capture.take(), ending };
        observed.record(Outcome::Answered(Box::new(answered))).await.map_err(|cause| {
            tracing::warn!(error = %cause, request_id, "an upstream's answer is cut: the call could not be recorded");
            let cause: BodyError = Box::new(cause);
            cause
        })
    });
    Response::from_parts(head, held.boxed_unsync())
}
