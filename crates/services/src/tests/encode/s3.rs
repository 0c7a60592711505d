//! S3's records back to its requests: headers, query and documents have their names on the wire.

use serde_json::{Map, Value};

use super::{Message, write};
use crate::Operation;

pub(super) fn request(operation: &Operation, parameters: &Map<String, Value>) -> Message {
    let mut message = Message { method: operation.inner.method.to_owned(), ..Message::default() };
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    let label = |name: &str| match name {
        "Bucket" => text("bucketName").unwrap_or("x").to_owned(),
        "Key" => text("key").unwrap_or("x").to_owned(),
        _ => "x".to_owned(),
    };
    let (path, mut query) = write::target(operation, label);
    // A request to a bucket's own host has no bucket in its path.
    let host = text("Host").unwrap_or_default();
    let bucket = text("bucketName").filter(|bucket| host.starts_with(&format!("{bucket}.")));
    let path = bucket.and_then(|bucket| path.strip_prefix(&format!("/{bucket}")).map(str::to_owned)).unwrap_or(path);
    for (name, value) in parameters {
        match name.as_str() {
            "bucketName" | "key" => {}
            "Host" => message.headers.push(("host".to_owned(), host.to_owned())),
            "bucketPolicy" => message.body = value.to_string().into_bytes(),
            name if name.starts_with("x-amz-") => message.headers.push((name.to_owned(), write::plain(value))),
            name if name.starts_with(|first: char| first.is_ascii_uppercase()) && value.is_object() => {
                message.body = write::raw_xml(name, value).into_bytes();
            }
            name if query.iter().any(|pair| pair.split('=').next() == Some(name)) => {}
            name => query.push(format!("{}={}", super::percent(name), super::percent(&write::plain(value)))),
        }
    }
    message.uri = write::joined(if path.is_empty() { "/" } else { &path }, &query);
    message
}

pub(super) fn response(elements: &Map<String, Value>) -> Message {
    let mut message = Message { status: 200, ..Message::default() };
    for (name, value) in elements {
        match value {
            Value::Object(_) => message.body = write::raw_xml(name, value).into_bytes(),
            value => message.headers.push((name.clone(), write::plain(value))),
        }
    }
    message
}
