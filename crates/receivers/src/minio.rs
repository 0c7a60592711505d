//! MinIO's audit webhook: one entry a request, or several one after the other.

use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::address::address;
use crate::event::{Event, Failure, User};
use crate::hidden::{self, Fields};
use crate::items;
use crate::members::Members;
use crate::rejected::Mistake;
use crate::{Delivery, Malformed, Received, uid};

/// What MinIO tells of a request, in its version 1.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(rename = "deploymentid")]
    deployment_id: Option<String>,
    site_name: Option<String>,
    time: Option<String>,
    event: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    trigger: Option<String>,
    #[serde(borrow)]
    api: Option<Api<'a>>,
    #[serde(rename = "remotehost")]
    remote_host: Option<String>,
    #[serde(rename = "requestID")]
    request_id: Option<String>,
    user_agent: Option<String>,
    request_path: Option<String>,
    request_host: Option<String>,
    request_node: Option<String>,
    #[serde(borrow)]
    request_claims: Option<&'a RawValue>,
    request_query: Option<Fields>,
    request_header: Option<Fields>,
    response_header: Option<Fields>,
    #[serde(borrow)]
    tags: Option<&'a RawValue>,
    access_key: Option<String>,
    parent_user: Option<String>,
    error: Option<String>,
}

/// The call.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Api<'a> {
    name: Option<String>,
    bucket: Option<String>,
    object: Option<String>,
    #[serde(borrow)]
    objects: Option<&'a RawValue>,
    status: Option<String>,
    status_code: Option<u16>,
    #[serde(borrow)]
    rx: Option<&'a RawValue>,
    #[serde(borrow)]
    tx: Option<&'a RawValue>,
    #[serde(borrow)]
    time_to_response: Option<&'a RawValue>,
}

pub(crate) fn receive(delivery: &Delivery<'_>) -> Result<Received, Malformed> {
    let mut items = items::values(delivery.body)?;
    // What MinIO sends at its start to see whether somebody is there.
    items.retain(|(_, item)| item.get() != "{}");
    Ok(items::map(items, event))
}

fn event(item: &RawValue) -> Result<Event, Mistake> {
    let mut entry: Entry<'_> = serde_json::from_str(item.get())?;
    let api = entry.api.take().unwrap_or_default();
    let event_name = present(api.name.as_ref()).or_else(|| present(entry.event.as_ref()));
    let event_name = event_name.ok_or_else(|| Mistake::missing("api.name"))?.to_owned();
    let time = entry.time.as_deref().ok_or_else(|| Mistake::missing("time"))?;
    let event_time = Timestamp::parse_iso(time).ok_or_else(|| Mistake::invalid("`time` is no RFC 3339 time"))?;
    let content = uid::of_content(item.get().as_bytes());
    Ok(Event {
        // MinIO's id of a request is not one of an entry: a request may be told more than once, in parts.
        uid: entry.request_id.as_ref().map_or_else(|| content.clone(), |id| format!("{id}/{content}")),
        event_source: event_source(&entry, &event_name).to_owned(),
        event_name,
        event_time,
        user: user(&entry),
        user_agent: entry.user_agent.clone(),
        source_ip_address: entry.remote_host.as_deref().and_then(address),
        failure: failure(&entry, &api),
        request_parameters: Members::default()
            .text("bucketName", api.bucket.as_deref())
            .text("key", api.object.as_deref())
            .raw("objects", api.objects)
            .text("Host", entry.request_host.as_deref())
            .text("path", entry.request_path.as_deref())
            .object("query", hidden::fields(entry.request_query.take()))
            .object("headers", hidden::fields(entry.request_header.take())),
        response_elements: Members::default().object("headers", hidden::fields(entry.response_header.take())),
        additional: additional(&entry, &api),
    })
}

fn present(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// S3, the administration, or the tokens: by the path and the call.
fn event_source(entry: &Entry<'_>, event_name: &str) -> &'static str {
    let path = entry.request_path.as_deref().unwrap_or_default();
    if path.starts_with("/minio/admin/") {
        "admin.minio"
    } else if event_name.starts_with("AssumeRole") {
        "sts.minio"
    } else {
        "s3.minio"
    }
}

/// The user behind the key: keys of services and of sessions have a parent. Without a key it is MinIO itself that works,
/// or nobody who is known.
fn user(entry: &Entry<'_>) -> User {
    let key = present(entry.access_key.as_ref());
    let (kind, principal_id) = match (present(entry.parent_user.as_ref()).or(key), present(entry.remote_host.as_ref()))
    {
        (Some(user), _) => ("User", user),
        (None, Some(_)) => ("Anonymous", "anonymous"),
        (None, None) => ("Service", "minio"),
    };
    let details = Members::default()
        .text("accessKey", key)
        .text("parentUser", entry.parent_user.as_deref())
        .raw("claims", entry.request_claims);
    User { kind: kind.to_owned(), principal_id: principal_id.to_owned(), details }
}

fn failure(entry: &Entry<'_>, api: &Api<'_>) -> Option<Failure> {
    let has_failed = api.status_code.is_some_and(|code| code >= 400) || entry.error.is_some();
    let code = || {
        let words = present(api.status.as_ref()).filter(|_| api.status_code.is_some_and(|code| code >= 400));
        words.map_or_else(|| "Error".to_owned(), |words| words.split_whitespace().collect())
    };
    has_failed.then(|| Failure { code: code(), message: entry.error.clone() })
}

fn additional(entry: &Entry<'_>, api: &Api<'_>) -> Members {
    let members = Members::default()
        .text("requestID", entry.request_id.as_deref())
        .text("deploymentId", entry.deployment_id.as_deref())
        .text("siteName", entry.site_name.as_deref())
        .text("node", entry.request_node.as_deref())
        .text("type", entry.kind.as_deref())
        .text("trigger", present(entry.event.as_ref()).or(entry.trigger.as_deref()))
        .text("status", api.status.as_deref())
        .raw("bytesTransferredIn", api.rx)
        .raw("bytesTransferredOut", api.tx)
        .raw("timeToResponse", api.time_to_response)
        .raw("tags", entry.tags)
        .text("error", entry.error.as_deref())
        .text("remoteHost", entry.remote_host.as_deref());
    match api.status_code {
        Some(code) => members.value("httpStatusCode", code),
        None => members,
    }
}
