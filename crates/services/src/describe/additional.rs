//! `additionalEventData`: what S3 tells of the transfer.

use http::HeaderMap;
use opentrail_model::EventCategory;
use serde_json::{Map, Value};

use crate::{AuthenticationMethod, Exchange, SignatureVersion};

/// Only S3's records have it.
pub(super) fn of(exchange: &Exchange<'_>) -> Option<Value> {
    if !matches!(exchange.operation.head.name, "s3" | "s3control") {
        return None;
    }
    let (transfer, response) = (exchange.transfer, exchange.response);
    let is_data_event = exchange.operation.category() == EventCategory::Data;
    let header = |name: &str| {
        let headers = response.map(|response| response.headers);
        headers.and_then(|headers| headers.get(name)?.to_str().ok())
    };
    let mut data = Map::new();
    let mut add = |name: &str, value: Option<Value>| data.extend(value.map(|value| (name.to_owned(), value)));
    add("SignatureVersion", transfer.signature.map(|version| version.name().into()));
    add("CipherSuite", transfer.cipher_suite.map(Value::from));
    add("objectSize", object_bytes(exchange).map(Value::from));
    add("bytesTransferredIn", Some(transfer.bytes_in.into()));
    let encrypted = header("x-amz-server-side-encryption").filter(|_| !exchange.operation.is_read_only());
    add("SSEApplied", encrypted.map(|it| encryption(it, exchange).into()));
    add("startTime", is_data_event.then(|| transfer.started.as_ms().into()));
    add("AuthenticationMethod", transfer.authentication.map(|method| method.name().into()));
    add("endTime", is_data_event.then(|| transfer.ended.as_ms().into()));
    add("x-amz-id-2", header("x-amz-id-2").map(Value::from));
    add("httpStatusCode", response.filter(|_| is_data_event).map(|response| response.status.as_u16().into()));
    add("bytesTransferredOut", Some(transfer.bytes_out.into()));
    Some(Value::Object(data))
}

/// The size of the object that was put or fetched: a range's total, or the length of what was sent, before its chunks' signatures.
fn object_bytes(exchange: &Exchange<'_>) -> Option<u64> {
    let response = exchange.response.filter(|response| response.status.is_success())?;
    let text = |headers: &'_ HeaderMap, name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let size = match exchange.operation.name() {
        // A form has more in it than the object.
        _ if exchange.operation.upload.is_some() => None,
        "PutObject" => text(&exchange.request.headers, "x-amz-decoded-content-length")
            .or_else(|| text(&exchange.request.headers, "content-length")),
        "GetObject" => text(response.headers, "content-range")
            .and_then(|range| range.rsplit_once('/').map(|(_, total)| total.to_owned()))
            .or_else(|| text(response.headers, "content-length")),
        _ => None,
    };
    size?.parse().ok()
}

fn encryption(header: &str, exchange: &Exchange<'_>) -> &'static str {
    let is_asked = exchange.request.headers.contains_key("x-amz-server-side-encryption");
    match header {
        "AES256" if is_asked => "SSE_S3",
        "AES256" => "Default_SSE_S3",
        "aws:kms:dsse" => "DSSE_KMS",
        _ => "SSE_KMS",
    }
}

impl SignatureVersion {
    /// The name in records.
    fn name(self) -> &'static str {
        match self {
            Self::V2 => "SigV2",
            Self::V4 => "SigV4",
        }
    }
}

impl AuthenticationMethod {
    /// The name in records.
    fn name(self) -> &'static str {
        match self {
            Self::Header => "AuthHeader",
            Self::Query => "QueryString",
            Self::Form => "HtmlForm",
        }
    }
}
