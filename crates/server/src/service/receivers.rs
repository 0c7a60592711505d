//! The door of receivers: `POST /receivers/<name>`, and `/receivers/<name>/v1/logs` where OTLP's exporters put it.
//!
//! What is answered with 200 is durable. Who hasn't the receiver's token learns nothing else, and leaves nothing but a count.
//! Each other request is recorded as a PutAuditEvents on the channel, made by `receivers.opentrail` from the sender's address.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, Method, Response};
use hyper::body::Incoming;
use opentrail_intake::audit::{AuditEvent, Refusal};
use opentrail_model::{AccountId, UserIdentity};
use opentrail_receivers::otlp::{self, Encoding};
use opentrail_receivers::{BYTES_MAX, Delivery, Event, Malformed, Received, Rejected, RejectedItem, receive};
use opentrail_sigv4::Claim;
use opentrail_stdx::Timestamp;
use serde_json::{Value, json};

use crate::app::App;
use crate::body::{Body, CollectError, collect};
use crate::channel::{self, KnownChannel};
use crate::listener::Peer;
use crate::receivers::{FormatName, Receiver};
use crate::record::{CallFacts, Origin};
use crate::respond::text;

const PATH: &str = "/receivers/";
/// How long a sender may take to send a body.
const BODY_TIME_MAX: Duration = Duration::from_secs(30);
/// When a sender shall try again, in seconds.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("5");
/// So many rejected items are told one by one.
const TOLD_MAX: usize = 100;
/// Who made the call, as far as its record is concerned.
const SERVICE: &str = "receivers.opentrail";

/// How a delivery ended.
enum Outcome {
    /// What could be kept is durable.
    Kept { accepted: usize, rejected: Vec<Rejected> },
    /// Nothing is kept, and the sender has to mend something.
    Refused { status: u16, message: String },
    /// Not now. Some of it may be kept, once.
    Later { message: String },
}

/// Is a request for a receiver? A signed one for a bucket of that name is not.
pub(crate) fn is_addressed(app: &App, parts: &Parts) -> bool {
    !app.receivers.is_empty() && parts.uri.path().starts_with(PATH) && Claim::of(parts).is_none()
}

/// Answers a delivery.
pub(crate) async fn answer(app: &Arc<App>, peer: &Peer, parts: Parts, body: Incoming) -> Response<Body> {
    let path = parts.uri.path().strip_prefix(PATH).unwrap_or_default();
    let (name, rest) = path.split_once('/').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Some(receiver) = app.receivers.admit(name, token(&parts.headers)) else { return unauthorized() };
    let is_there = rest.is_none() || (rest == Some("v1/logs") && receiver.format_name == FormatName::OtlpLogs);
    let outcome = match (is_there, &parts.method) {
        (false, _) => Outcome::refused(404, "there is nothing at this path"),
        (true, &Method::POST) => deliver(app, &receiver, &parts, body).await,
        (true, _) => Outcome::refused(405, "deliveries are made by POST"),
    };
    let outcome = record(app, peer, &receiver, &parts, outcome).await;
    observe(app, &receiver, &outcome);
    respond(&receiver, &parts, outcome)
}

/// What the sender shows: a bearer token. MinIO sends the token as it is set, which may be without the word.
fn token(headers: &HeaderMap) -> &[u8] {
    let shown = headers.get(AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
    match shown.split_at_checked(7) {
        Some((word, token)) if word.eq_ignore_ascii_case(b"bearer ") => token.trim_ascii(),
        _ => shown,
    }
}

impl Outcome {
    fn refused(status: u16, message: impl Into<String>) -> Self {
        Self::Refused { status, message: message.into() }
    }
}

async fn deliver(app: &Arc<App>, receiver: &Arc<Receiver>, parts: &Parts, body: Incoming) -> Outcome {
    let _turn = app.receivers.turns.acquire().await.expect("the semaphore is never closed");
    let body = match tokio::time::timeout(BODY_TIME_MAX, collect(body, BYTES_MAX)).await {
        Ok(Ok(body)) => body,
        Ok(Err(CollectError::TooLarge)) => return Outcome::refused(413, format!("more than {BYTES_MAX} bytes")),
        Ok(Err(CollectError::Broken)) => return Outcome::refused(400, "the body could not be read to its end"),
        Err(_) => return Outcome::refused(408, "the body did not come in time"),
    };
    let prepared = match prepare(Arc::clone(receiver), parts, body, app.clock.now()).await {
        Ok(prepared) => prepared,
        Err(malformed) => return Outcome::refused(status(&malformed), malformed.to_string()),
    };
    let kept = keep(app, receiver, prepared).await;
    kept.unwrap_or_else(|error| Outcome::Later { message: format!("{error:#}") })
}

fn status(malformed: &Malformed) -> u16 {
    match malformed {
        Malformed::MediaType { .. } | Malformed::Encoding(_) => 415,
        Malformed::TooLarge { .. } => 413,
        Malformed::Broken(_) => 400,
    }
}

/// Events as they go through the channel: UID and document.
type Documents = Vec<(String, String)>;

struct Prepared {
    events: Documents,
    rejected: Vec<Rejected>,
    at: Timestamp,
}

/// Reads a delivery, on a thread that may take its time.
async fn prepare(receiver: Arc<Receiver>, parts: &Parts, body: Bytes, at: Timestamp) -> Result<Prepared, Malformed> {
    let headers = parts.headers.clone();
    let read = tokio::task::spawn_blocking(move || {
        let delivery = Delivery { headers: &headers, body: &body, at };
        let Received { events, rejected } = receive(&receiver.format, &delivery)?;
        Ok(Prepared { events: documents(events, &receiver.channel.account), rejected, at })
    });
    read.await.expect("reading a delivery does not panic, and is not called off")
}

fn documents(events: Vec<Event>, account: &AccountId) -> Documents {
    events.into_iter().map(|event| (event.uid.clone(), event.document(account))).collect()
}

/// Takes the events in, and what is rejected as events of their own.
async fn keep(app: &App, receiver: &Receiver, prepared: Prepared) -> anyhow::Result<Outcome> {
    let arn = &receiver.channel;
    app.recorder.admit(&arn.account, &arn.region).await?;
    let Prepared { events, mut rejected, at } = prepared;
    let channel = open_channel(app, receiver).await?;
    let results = take(app, &channel, &events).await?;
    let accepted = results.iter().filter(|result| result.is_ok()).count();
    for ((uid, document), result) in events.iter().zip(results) {
        if let Err(refusal) = result {
            let item = RejectedItem::of(document.as_bytes());
            let (place, message) = (format!("UID {uid}"), refusal.message);
            rejected.push(Rejected { place, code: refusal.code, message, item });
        }
    }
    let received = Received { events: Vec::new(), rejected };
    let quarantine = documents(received.quarantine(&receiver.name, at), &arn.account);
    for refusal in take(app, &channel, &quarantine).await?.into_iter().filter_map(Result::err) {
        tracing::error!(receiver = receiver.name, code = refusal.code, "a rejected item could not be kept");
    }
    Ok(Outcome::Kept { accepted, rejected: received.rejected })
}

/// The channel. Without stores the sender shall keep its events and come again.
async fn open_channel(app: &App, receiver: &Receiver) -> anyhow::Result<Arc<KnownChannel>> {
    let found = app.channels.find(&app.catalog, &receiver.channel).await?;
    let found = found.ok_or_else(|| anyhow::anyhow!("the channel {} was not found", receiver.channel))?;
    anyhow::ensure!(!found.stores.is_empty(), "the channel leads to no event data store that takes in events");
    Ok(found)
}

async fn take(
    app: &App,
    channel: &KnownChannel,
    documents: &Documents,
) -> anyhow::Result<Vec<Result<String, Refusal>>> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let events: Vec<AuditEvent<'_>> = documents.iter().map(audit_event).collect();
    let checked = channel::check(app, channel, &events);
    Ok(channel::keep(app, &channel.stored, checked, None).await?)
}

fn audit_event((uid, document): &(String, String)) -> AuditEvent<'_> {
    AuditEvent { id: uid, data: document, checksum: None }
}

/// Records the request; an answer of success goes out only when its record is durable.
async fn record(app: &App, peer: &Peer, receiver: &Receiver, parts: &Parts, outcome: Outcome) -> Outcome {
    let (response_elements, error) = match &outcome {
        Outcome::Kept { accepted, rejected } => {
            (Some(json!({ "accepted": accepted, "rejected": rejected.len() })), None)
        }
        Outcome::Refused { message, .. } => (None, Some(("InvalidData".to_owned(), message.clone()))),
        Outcome::Later { .. } => return outcome,
    };
    let arn = &receiver.channel;
    let parameters = json!({
        "channelArn": arn.to_string(),
        "receiver": receiver.name,
        "format": receiver.format_name,
    });
    let facts = CallFacts {
        event_source: "cloudtrail-data.amazonaws.com".to_owned(),
        event_name: "PutAuditEvents".to_owned(),
        is_read_only: false,
        is_data_event: true,
        request_parameters: Some(parameters),
        response_elements,
        error,
    };
    let origin = Origin { peer, headers: &parts.headers, at: app.clock.now() };
    let identity = UserIdentity::service(SERVICE);
    let record = origin.call(facts, identity, (arn.account.as_str(), &arn.region), &app.entropy.uuid());
    match app.recorder.record(vec![record]).await {
        Ok(_durable) => outcome,
        Err(error) => Outcome::Later { message: error.to_string() },
    }
}

/// Counts, and tells the operator what is not as it should be, without any of its content.
fn observe(app: &App, receiver: &Receiver, outcome: &Outcome) {
    let name = receiver.name.as_str();
    match outcome {
        Outcome::Kept { accepted, rejected } => {
            app.metrics.observe_received(name, *accepted, rejected.len());
            if let Some(first) = rejected.first() {
                let (items, place, code) = (rejected.len(), first.place.as_str(), first.code);
                tracing::warn!(
                    receiver = name,
                    items,
                    place,
                    code,
                    "a receiver rejected items, see its RejectItem events"
                );
            }
        }
        Outcome::Refused { status, .. } => {
            tracing::warn!(receiver = name, status, "a receiver refused a delivery, see the record of the call");
        }
        Outcome::Later { message } => {
            tracing::warn!(receiver = name, reason = message, "a receiver could not keep a delivery now");
        }
    }
}

fn unauthorized() -> Response<Body> {
    let mut response = text(401, "there is no such receiver, or the token is not its own\n");
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// The answer in the sender's convention.
fn respond(receiver: &Receiver, parts: &Parts, outcome: Outcome) -> Response<Body> {
    let is_later = matches!(outcome, Outcome::Later { .. });
    let encoding = Encoding::of(&parts.headers).filter(|_| receiver.format_name == FormatName::OtlpLogs);
    let (status, media_type, body) = match encoding {
        Some(encoding) => otlp_answer(encoding, outcome),
        None => json_answer(receiver.format_name, outcome),
    };
    let mut response = text(status, body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if is_later {
        response.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS);
    }
    response
}

fn otlp_answer(encoding: Encoding, outcome: Outcome) -> (u16, &'static str, Bytes) {
    let (status, body) = match outcome {
        Outcome::Kept { rejected, .. } => (200, otlp::success(encoding, &rejected)),
        Outcome::Refused { status, message } => (status, otlp::failure(encoding, status, &message)),
        Outcome::Later { message } => (503, otlp::failure(encoding, 503, &message)),
    };
    (status, encoding.media_type(), body.into())
}

/// MinIO and Kubernetes look at the status alone, and would send what can't be read for ever; others are told with 400 that
/// nothing of theirs could be.
fn json_answer(format: FormatName, outcome: Outcome) -> (u16, &'static str, Bytes) {
    let (status, body) = match outcome {
        Outcome::Kept { accepted, rejected } => {
            let reads_answers = !matches!(format, FormatName::Minio | FormatName::Kubernetes);
            let is_all_wrong = accepted == 0 && !rejected.is_empty();
            (if reads_answers && is_all_wrong { 400 } else { 200 }, told(accepted, &rejected))
        }
        Outcome::Refused { status, message } => (status, json!({ "message": message })),
        Outcome::Later { message } => (503, json!({ "message": message })),
    };
    (status, "application/json", body.to_string().into())
}

fn told(accepted: usize, rejected: &[Rejected]) -> Value {
    let items = rejected.iter().take(TOLD_MAX);
    let items: Vec<Value> =
        items.map(|it| json!({ "place": it.place, "code": it.code, "message": it.message })).collect();
    json!({ "accepted": accepted, "rejected": rejected.len(), "items": items })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_with_or_without_the_word() {
        for (shown, expected) in
            [("Bearer abc", "abc"), ("bearer  abc", "abc"), ("abc", "abc"), ("Bearer", "Bearer"), ("", "")]
        {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(shown))]);
            assert_eq!(token(&headers), expected.as_bytes(), "{shown}");
        }
        assert_eq!(token(&HeaderMap::new()), b"");
    }

    #[test]
    fn a_status_says_what_its_sender_shall_do() {
        let rejected = |count: usize| {
            let item = RejectedItem::of(b"x");
            vec![Rejected { place: "body".to_owned(), code: "InvalidData", message: "no".to_owned(), item }; count]
        };
        let status =
            |format, accepted, count| json_answer(format, Outcome::Kept { accepted, rejected: rejected(count) }).0;
        for format in [FormatName::Minio, FormatName::Kubernetes] {
            assert_eq!((status(format, 0, 2), status(format, 1, 2), status(format, 0, 0)), (200, 200, 200));
        }
        for format in [FormatName::CloudEvents, FormatName::Json] {
            assert_eq!((status(format, 0, 2), status(format, 1, 2), status(format, 0, 0)), (400, 200, 200));
        }
        let (status, _, body) =
            json_answer(FormatName::Json, Outcome::Kept { accepted: 1, rejected: rejected(TOLD_MAX + 1) });
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!((status, body["rejected"].as_u64()), (200, Some(101)));
        assert_eq!(body["items"].as_array().map(Vec::len), Some(TOLD_MAX));
    }
}
