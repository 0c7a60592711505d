//! `additionalEventData`: what S3 tells of the transfer.

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
    add("bytesTransferredIn", Some(transfer.bytes_in.into()));
    add("SSEApplied", header("x-amz-server-side-encryption").map(|it| encryption(it).into()));
    add("startTime", is_data_event.then(|| transfer.started.as_ms().into()));
    add("AuthenticationMethod", transfer.authentication.map(|method| method.name().into()));
    add("endTime", is_data_event.then(|| transfer.ended.as_ms().into()));
    add("x-amz-id-2", header("x-amz-id-2").map(Value::from));
    add("httpStatusCode", response.filter(|_| is_data_event).map(|response| response.status.as_u16().into()));
    add("bytesTransferredOut", Some(transfer.bytes_out.into()));
    Some(Value::Object(data))
}

fn encryption(header: &str) -> &'static str {
    match header {
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
