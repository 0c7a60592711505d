//! CloudEvents 1.0 over HTTP in JSON: structured, batched, or binary (CloudEvents specification, "HTTP Protocol Binding").

mod binary;

use std::collections::BTreeMap;

use opentrail_stdx::Timestamp;
use serde_json::value::RawValue;

use crate::event::{Event, User};
use crate::members::Members;
use crate::rejected::Mistake;
use crate::{Delivery, Malformed, Received, items, media_type};

const EXPECTED: &str =
    "`application/cloudevents+json`, `application/cloudevents-batch+json`, or the attributes as headers (`ce-…`)";

/// The attributes of an event and its data, as JSON.
type Attributes<'a> = BTreeMap<String, &'a RawValue>;

pub(crate) fn receive(delivery: &Delivery<'_>) -> Result<Received, Malformed> {
    let at = delivery.at;
    let mut received = Received::default();
    match media_type(delivery.headers).as_str() {
        "application/cloudevents+json" | "application/cloudevents-batch+json" => {
            return Ok(items::map(items::values(delivery.body)?, |item| structured(item, at)));
        }
        found if found.starts_with("application/cloudevents") || !binary::is_binary(delivery.headers) => {
            return Err(Malformed::MediaType { found: found.to_owned(), expected: EXPECTED });
        }
        media_type => {
            let made = binary::attributes(delivery, media_type);
            let made = made.and_then(|attributes| event(&borrowed(&attributes), at));
            received.push(made.map_err(|mistake| mistake.at("body".to_owned(), delivery.body)));
        }
    }
    Ok(received)
}

fn borrowed(attributes: &BTreeMap<String, Box<RawValue>>) -> Attributes<'_> {
    attributes.iter().map(|(name, value)| (name.clone(), &**value)).collect()
}

fn structured(item: &RawValue, at: Timestamp) -> Result<Event, Mistake> {
    event(&serde_json::from_str(item.get())?, at)
}

fn event(attributes: &Attributes<'_>, at: Timestamp) -> Result<Event, Mistake> {
    let version = required(attributes, "specversion")?;
    if version != "1.0" {
        return Err(Mistake::invalid(format!("`specversion` is `{version}`; only `1.0` is known")));
    }
    let (id, source) = (required(attributes, "id")?, required(attributes, "source")?);
    let event_time = match optional(attributes, "time")? {
        None => at,
        Some(text) => Timestamp::parse_iso(&text).ok_or_else(|| Mistake::invalid("`time` is no RFC 3339 time"))?,
    };
    Ok(Event {
        // An id is unique within its source, and neither has a space.
        uid: format!("{source} {id}"),
        event_name: required(attributes, "type")?,
        event_time,
        user: user(attributes, &source)?,
        event_source: source,
        user_agent: None,
        source_ip_address: None,
        failure: None,
        request_parameters: data(attributes),
        response_elements: Members::default(),
        additional: additional(attributes),
    })
}

/// A text that there must be.
fn required(attributes: &Attributes<'_>, name: &str) -> Result<String, Mistake> {
    optional(attributes, name)?.filter(|text| !text.is_empty()).ok_or_else(|| Mistake::missing(name))
}

fn optional(attributes: &Attributes<'_>, name: &str) -> Result<Option<String>, Mistake> {
    let Some(value) = attributes.get(name) else { return Ok(None) };
    serde_json::from_str(value.get()).map_err(|_| Mistake::invalid(format!("`{name}` is no text")))
}

/// The extension "auth context" tells who; where it isn't used, the source is all that is known.
fn user(attributes: &Attributes<'_>, source: &str) -> Result<User, Mistake> {
    let kind = optional(attributes, "authtype")?.filter(|kind| !kind.is_empty());
    let id = optional(attributes, "authid")?.filter(|id| !id.is_empty());
    let claims = optional(attributes, "authclaims")?;
    let is_known = kind.is_some() || id.is_some();
    Ok(User {
        kind: kind.unwrap_or_else(|| if is_known { "unknown" } else { "source" }.to_owned()),
        principal_id: id.unwrap_or_else(|| if is_known { "unknown" } else { source }.to_owned()),
        details: Members::default().text("claims", claims.as_deref()),
    })
}

/// The members of the data, or the data as one member when it is no object.
fn data(attributes: &Attributes<'_>) -> Members {
    if let Some(members) = attributes.get("data").and_then(|data| items::members(data)) {
        return members.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    }
    let member = |name: &str| attributes.get(name).copied();
    Members::default().raw("data", member("data")).raw("data_base64", member("data_base64"))
}

/// The other attributes, and the extensions.
fn additional(attributes: &Attributes<'_>) -> Members {
    const ELSEWHERE: [&str; 9] =
        ["type", "source", "time", "specversion", "data", "data_base64", "authtype", "authid", "authclaims"];
    let others = attributes.iter().filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()));
    others.fold(Members::default(), |members, (name, value)| members.raw(name, Some(value)))
}
