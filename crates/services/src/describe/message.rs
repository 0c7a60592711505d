//! What requests and responses carry, under the models' names.

use std::borrow::Cow;
use std::io::Read as _;

use http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::recognise::{Pairs, labels};
use crate::table::{Kind, Member, Model, Place, Protocol, Shape};
use crate::wire::{cbor, form, json, scalar, xml};
use crate::{Body, Exchange, Operation, Response};

/// A packed document may not unpack to more.
const UNPACKED_BYTES_MAX: u64 = 4 << 20;

/// A body that is there as a whole, unpacked.
#[derive(Debug)]
pub(super) struct Document<'a>(Cow<'a, [u8]>);

impl<'a> Document<'a> {
    /// None of a body that is empty or wasn't kept to its end.
    pub(super) fn of(headers: &HeaderMap, body: Body<'a>) -> Option<Self> {
        if !body.is_whole || body.bytes.is_empty() {
            return None;
        }
        let Some(coding) = headers.get(header::CONTENT_ENCODING) else { return Some(Self(body.bytes.into())) };
        if coding != "gzip" {
            return None;
        }
        let mut plain = Vec::new();
        let unpacker = flate2::read::GzDecoder::new(body.bytes);
        unpacker.take(UNPACKED_BYTES_MAX + 1).read_to_end(&mut plain).ok()?;
        (plain.len() as u64 <= UNPACKED_BYTES_MAX).then(|| Self(plain.into()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What a request asks.
pub(super) fn request(exchange: &Exchange<'_>, body: Option<&Document<'_>>) -> Map<String, Value> {
    let operation = exchange.operation;
    let (model, members) = (operation.model(), operation.model().members(operation.inner.input));
    match operation.protocol {
        Protocol::Query | Protocol::Ec2 => {
            let tree = form(exchange.request, body);
            form::structure(model, operation.protocol, members, &tree)
        }
        Protocol::Json | Protocol::Cbor => document(operation, members, body),
        Protocol::RestJson | Protocol::RestXml => {
            let mut asked = in_head(exchange, members);
            asked.extend(document(operation, members, body));
            asked
        }
    }
}

/// The form of a request, in its body or its URI.
pub(super) fn form(request: &http::request::Parts, body: Option<&Document<'_>>) -> form::Node {
    form::parse(body.map_or_else(|| Pairs::of(request), |body| Pairs::new(body.bytes())))
}

/// What a response tells.
pub(super) fn response(
    operation: &Operation,
    response: &Response<'_>,
    body: Option<&Document<'_>>,
) -> Map<String, Value> {
    let (model, members) = (operation.model(), operation.model().members(operation.inner.output));
    if operation.protocol.is_form() {
        let root = body.and_then(|body| xml::parse(body.bytes()));
        let Some(root) = root else { return Map::new() };
        let result = root.child(&format!("{}Result", operation.inner.name)).unwrap_or(&root);
        return xml::structure(model, members, result);
    }
    let mut told = in_headers(response.headers, model, members);
    told.extend(document(operation, members, body));
    told
}

/// The members that stand in a body.
fn document(operation: &Operation, members: &[Member], body: Option<&Document<'_>>) -> Map<String, Value> {
    let Some(body) = body.map(Document::bytes) else { return Map::new() };
    let (model, protocol) = (operation.model(), operation.protocol);
    let payload = members.iter().find(|member| member.place == Place::Payload);
    if let Some(payload) = payload {
        let value = match (payload.kind, protocol) {
            (Kind::Blob, _) => None,
            (Kind::String, _) => std::str::from_utf8(body).ok().map(Value::from),
            (kind, Protocol::RestXml) => xml::parse(body).map(|root| xml::decode(model, kind, &root)),
            (kind, _) => json::parse(body).map(|value| json::decode(model, protocol, kind, value)),
        };
        return value.map(|value| (payload.name.to_owned(), value)).into_iter().collect();
    }
    let parsed = match protocol {
        Protocol::RestXml => {
            return xml::parse(body).map(|root| xml::structure(model, members, &root)).unwrap_or_default();
        }
        Protocol::Cbor => cbor::parse(body),
        _ => json::parse(body),
    };
    match parsed {
        Some(Value::Object(object)) => json::structure(model, protocol, members, object),
        _ => Map::new(),
    }
}

/// The members in a request's path, query and headers.
fn in_head(exchange: &Exchange<'_>, members: &[Member]) -> Map<String, Value> {
    let (operation, request) = (exchange.operation, exchange.request);
    let mut found = Map::new();
    let labels = labels(operation.inner, request.uri.path(), None);
    for member in members {
        let value = match member.place {
            Place::Uri => labels
                .iter()
                .find(|(name, _)| *name == member.wire_name())
                .map(|(_, text)| scalar::parsed(member.kind, text)),
            Place::Query => in_query(exchange, members, member),
            _ => None,
        };
        found.extend(value.map(|value| (member.name.to_owned(), value)));
    }
    found.extend(in_headers(&request.headers, operation.model(), members));
    found
}

fn in_query(exchange: &Exchange<'_>, members: &[Member], member: &Member) -> Option<Value> {
    let pairs = || Pairs::of(exchange.request);
    let named = || pairs().filter(|(key, _)| key == member.wire_name()).map(|(_, text)| text);
    let Kind::Shape(number) = member.kind else {
        return named().next().map(|text| scalar::parsed(member.kind, &text));
    };
    match exchange.operation.model().shape(number) {
        Shape::List { item, .. } => {
            let items: Vec<_> = named().map(|text| scalar::parsed(item.kind, &text)).collect();
            (!items.is_empty()).then(|| items.into())
        }
        // All that no other member is for.
        Shape::Map { .. } => {
            let is_other = |key: &str| members.iter().any(|it| it.place == Place::Query && it.wire_name() == key);
            let rest: Map<_, _> =
                pairs().filter(|(key, _)| !is_other(key)).map(|(key, text)| (key.into_owned(), text.into())).collect();
            (!rest.is_empty()).then(|| rest.into())
        }
        Shape::Structure { .. } => None,
    }
}

/// The members in headers.
fn in_headers(headers: &HeaderMap, model: &Model, members: &[Member]) -> Map<String, Value> {
    let mut found = Map::new();
    for member in members {
        let value = match member.place {
            Place::Header => {
                let text = headers.get(member.wire_name()).and_then(|value| value.to_str().ok());
                text.map(|text| in_header(model, member, text))
            }
            Place::Headers => {
                let prefix = member.wire_name().to_ascii_lowercase();
                let named =
                    headers.iter().filter_map(|(name, value)| Some((name.as_str().strip_prefix(&*prefix)?, value)));
                let named: Map<_, _> =
                    named.filter_map(|(name, value)| Some((name.to_owned(), value.to_str().ok()?.into()))).collect();
                (!named.is_empty()).then(|| named.into())
            }
            _ => None,
        };
        found.extend(value.map(|value| (member.name.to_owned(), value)));
    }
    found
}

fn in_header(model: &Model, member: &Member, text: &str) -> Value {
    match member.kind {
        Kind::Shape(number) => match model.shape(number) {
            Shape::List { item, .. } => text.split(',').map(|text| scalar::parsed(item.kind, text.trim())).collect(),
            _ => Value::Null,
        },
        kind => scalar::parsed(kind, text),
    }
}
