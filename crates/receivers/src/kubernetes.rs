//! Kubernetes' audit webhook: an `EventList` of `audit.k8s.io/v1`, or one `Event`.

use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::address::address;
use crate::event::{Event, Failure, User};
use crate::hidden::HIDDEN;
use crate::items::{self, Item};
use crate::members::Members;
use crate::rejected::Mistake;
use crate::{Delivery, Malformed, Received};

/// The one version there is.
const API_VERSION: &str = "audit.k8s.io/v1";

/// Resources whose objects are or carry credentials.
const SECRET_RESOURCES: [&str; 3] = ["secrets", "tokenreviews", "serviceaccounts/token"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventList<'a> {
    api_version: Option<String>,
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuditEvent<'a> {
    level: Option<String>,
    #[serde(rename = "auditID")]
    audit_id: Option<String>,
    stage: Option<String>,
    #[serde(rename = "requestURI")]
    request_uri: Option<String>,
    verb: Option<String>,
    #[serde(borrow, default)]
    user: Caller<'a>,
    #[serde(borrow)]
    impersonated_user: Option<&'a RawValue>,
    #[serde(rename = "sourceIPs")]
    source_ips: Option<Vec<String>>,
    user_agent: Option<String>,
    object_ref: Option<ObjectRef>,
    #[serde(borrow)]
    response_status: Option<Status<'a>>,
    #[serde(borrow)]
    request_object: Option<&'a RawValue>,
    #[serde(borrow)]
    response_object: Option<&'a RawValue>,
    request_received_timestamp: Option<String>,
    stage_timestamp: Option<String>,
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
struct Caller<'a> {
    username: Option<String>,
    uid: Option<String>,
    #[serde(borrow)]
    groups: Option<&'a RawValue>,
    #[serde(borrow)]
    extra: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ObjectRef {
    resource: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    uid: Option<String>,
    api_group: Option<String>,
    api_version: Option<String>,
    resource_version: Option<String>,
    subresource: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Status<'a> {
    status: Option<String>,
    message: Option<String>,
    reason: Option<String>,
    code: Option<u16>,
    #[serde(borrow)]
    details: Option<&'a RawValue>,
}

pub(crate) fn receive(delivery: &Delivery<'_>) -> Result<Received, Malformed> {
    let broken = |error: serde_json::Error| Malformed::Broken(error.to_string());
    let body: &RawValue = serde_json::from_slice(delivery.body).map_err(broken)?;
    let list: EventList<'_> = serde_json::from_str(body.get()).map_err(broken)?;
    if let Some(version) = list.api_version.filter(|version| version != API_VERSION) {
        return Err(Malformed::Broken(format!("`apiVersion` is `{version}`; only `{API_VERSION}` is known")));
    }
    let items: Vec<Item<'_>> = match list.items {
        Some(items) => items.into_iter().enumerate().map(|(index, it)| (format!("items[{index}]"), it)).collect(),
        None => vec![("body".to_owned(), body)],
    };
    items::within(items.len())?;
    Ok(items::map(items, event))
}

fn event(item: &RawValue) -> Result<Event, Mistake> {
    let event: AuditEvent<'_> = serde_json::from_str(item.get())?;
    let audit_id = event.audit_id.as_deref().ok_or_else(|| Mistake::missing("auditID"))?;
    let stage = event.stage.as_deref().ok_or_else(|| Mistake::missing("stage"))?;
    let verb = event.verb.as_deref().filter(|verb| !verb.is_empty()).ok_or_else(|| Mistake::missing("verb"))?;
    let time = event.stage_timestamp.as_deref().or(event.request_received_timestamp.as_deref());
    let time = time.ok_or_else(|| Mistake::missing("stageTimestamp"))?;
    let time = Timestamp::parse_iso(time).ok_or_else(|| Mistake::invalid("`stageTimestamp` is no RFC 3339 time"))?;
    let resource = event.object_ref.as_ref().and_then(ObjectRef::path);
    let is_secret = resource.as_deref().is_some_and(|it| SECRET_RESOURCES.contains(&it));
    let source = event.source_ips.as_ref().and_then(|addresses| addresses.first());
    Ok(Event {
        // A request is told at each of its stages.
        uid: format!("{audit_id}/{stage}"),
        event_name: event_name(verb, resource.as_deref(), event.request_uri.as_deref()),
        event_source: event_source(event.object_ref.as_ref()),
        event_time: time,
        user: user(&event)?,
        user_agent: event.user_agent.clone(),
        source_ip_address: source.and_then(|text| address(text)),
        failure: event.response_status.as_ref().and_then(failure),
        request_parameters: request(&event, is_secret),
        response_elements: response(&event, is_secret),
        additional: additional(&event),
    })
}

impl ObjectRef {
    /// `pods`, `pods/exec`.
    fn path(&self) -> Option<String> {
        let resource = self.resource.as_deref().filter(|it| !it.is_empty())?;
        let subresource = self.subresource.as_deref().filter(|it| !it.is_empty());
        Some(subresource.map_or_else(|| resource.to_owned(), |it| format!("{resource}/{it}")))
    }
}

/// `create pods`, as `kubectl auth can-i` says it; `get /healthz` for what is no resource.
fn event_name(verb: &str, resource: Option<&str>, uri: Option<&str>) -> String {
    let path = uri.and_then(|uri| uri.split('?').next()).filter(|path| !path.is_empty());
    match resource.or(path) {
        Some(object) => format!("{verb} {object}"),
        None => verb.to_owned(),
    }
}

/// The API group, `core` for the one without a name.
fn event_source(object: Option<&ObjectRef>) -> String {
    let Some(object) = object else { return "kubernetes".to_owned() };
    let group = object.api_group.as_deref().filter(|group| !group.is_empty());
    format!("{}.kubernetes", group.unwrap_or("core"))
}

fn user(event: &AuditEvent<'_>) -> Result<User, Mistake> {
    let name = event.user.username.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Mistake::missing("user.username"))?;
    let kind = match name.strip_prefix("system:") {
        None => "User",
        Some("anonymous") => "Anonymous",
        Some(rest) if rest.starts_with("serviceaccount:") => "ServiceAccount",
        Some(rest) if rest.starts_with("node:") => "Node",
        Some(_) => "System",
    };
    let details = Members::default()
        .text("uid", event.user.uid.as_deref())
        .raw("groups", event.user.groups)
        .raw("extra", event.user.extra)
        .raw("impersonatedUser", event.impersonated_user);
    Ok(User { kind: kind.to_owned(), principal_id: name.to_owned(), details })
}

fn failure(status: &Status<'_>) -> Option<Failure> {
    let code = status.code.filter(|code| *code >= 400)?;
    let reason = status.reason.clone().filter(|reason| !reason.is_empty());
    Some(Failure { code: reason.unwrap_or_else(|| code.to_string()), message: status.message.clone() })
}

fn request(event: &AuditEvent<'_>, is_secret: bool) -> Members {
    let unnamed = ObjectRef::default();
    let object = event.object_ref.as_ref().unwrap_or(&unnamed);
    let members = Members::default()
        .text("resource", object.resource.as_deref())
        .text("subresource", object.subresource.as_deref())
        .text("namespace", object.namespace.as_deref())
        .text("name", object.name.as_deref())
        .text("uid", object.uid.as_deref())
        .text("apiGroup", object.api_group.as_deref())
        .text("apiVersion", object.api_version.as_deref())
        .text("resourceVersion", object.resource_version.as_deref())
        .text("requestURI", event.request_uri.as_deref());
    payload(members, "requestObject", event.request_object, is_secret)
}

fn response(event: &AuditEvent<'_>, is_secret: bool) -> Members {
    let members = match &event.response_status {
        None => Members::default(),
        Some(status) => {
            let members = Members::default()
                .text("status", status.status.as_deref())
                .text("reason", status.reason.as_deref())
                .text("message", status.message.as_deref())
                .raw("details", status.details);
            status.code.into_iter().fold(members, |members, code| members.value("code", code))
        }
    };
    payload(members, "responseObject", event.response_object, is_secret)
}

fn payload(members: Members, name: &str, object: Option<&RawValue>, is_secret: bool) -> Members {
    if is_secret && object.is_some() { members.text(name, Some(HIDDEN)) } else { members.raw(name, object) }
}

fn additional(event: &AuditEvent<'_>) -> Members {
    let members = Members::default()
        .text("auditID", event.audit_id.as_deref())
        .text("level", event.level.as_deref())
        .text("stage", event.stage.as_deref())
        .text("requestReceivedTimestamp", event.request_received_timestamp.as_deref())
        .text("stageTimestamp", event.stage_timestamp.as_deref());
    let members = match &event.source_ips {
        Some(addresses) if !addresses.is_empty() => members.value("sourceIPs", addresses),
        _ => members,
    };
    members.raw("annotations", event.annotations)
}
