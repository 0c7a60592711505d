//! Why a call failed, and the service's id of it.

use http::{HeaderMap, StatusCode};

use super::message::Document;
use crate::table::Protocol;
use crate::wire::{cbor, json, xml};
use crate::{CallError, Operation, Response};

/// The error that a response tells.
pub(super) fn of(operation: &Operation, response: &Response<'_>, body: Option<&Document<'_>>) -> Option<CallError> {
    // A browser that uploaded is sent to the page that its form names.
    let is_sent_on = operation.upload.is_some() && response.status == StatusCode::SEE_OTHER;
    if response.status.as_u16() < 300 || response.status == StatusCode::NOT_MODIFIED || is_sent_on {
        return None;
    }
    let told = match operation.protocol {
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => in_xml(body),
        Protocol::Json | Protocol::Cbor | Protocol::RestJson => in_json(operation.protocol, response.headers, body),
    };
    let (code, message) = told.or_else(|| unsaid(operation, response.status))?;
    Some(CallError { code: name(operation, response.status, code), message })
}

type Told = (String, Option<String>);

/// `<ErrorResponse><Error>`, `<Response><Errors><Error>`, or S3's `<Error>` alone.
fn in_xml(body: Option<&Document<'_>>) -> Option<Told> {
    let root = xml::parse(body?.bytes())?;
    let inner = root.child("Errors").unwrap_or(&root);
    let error = inner.child("Error").unwrap_or(inner);
    let text = |names: [&str; 2]| names.iter().find_map(|name| error.text_of(name)).map(str::to_owned);
    Some((text(["Code", "code"])?, text(["Message", "message"])))
}

fn in_json(protocol: Protocol, headers: &HeaderMap, body: Option<&Document<'_>>) -> Option<Told> {
    let parse = if protocol == Protocol::Cbor { cbor::parse } else { json::parse };
    let document = body.and_then(|body| parse(body.bytes())).unwrap_or_default();
    let member = |names: &[&str]| names.iter().find_map(|name| document[*name].as_str()).map(str::to_owned);
    let header = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code = header.or_else(|| member(&["__type", "code", "Code"]))?;
    Some((bare(&code).to_owned(), member(&["message", "Message", "errorMessage"])))
}

/// `Code` of `namespace#Code:http://…`.
fn bare(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default()
}

/// What a status without a document means; answers to HEAD have none.
fn unsaid(operation: &Operation, status: StatusCode) -> Option<Told> {
    if operation.head.name != "s3" {
        return (status.as_u16() >= 400).then(|| (status.as_u16().to_string(), None));
    }
    let (code, message) = match status {
        StatusCode::FORBIDDEN => ("AccessDenied", "Access Denied"),
        StatusCode::NOT_FOUND if operation.inner.uri.contains("{Key+}") => {
            ("NoSuchKey", "The specified key does not exist.")
        }
        StatusCode::NOT_FOUND => ("NoSuchBucket", "The specified bucket does not exist"),
        StatusCode::PRECONDITION_FAILED => {
            ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        }
        StatusCode::MOVED_PERMANENTLY => ("PermanentRedirect", "The bucket is in another Region"),
        status if status.is_server_error() => ("InternalError", "We encountered an internal error. Please try again."),
        _ => ("BadRequest", "Bad Request"),
    };
    Some((code.to_owned(), Some(message.to_owned())))
}

/// The name that records have for an error.
fn name(operation: &Operation, status: StatusCode, code: String) -> String {
    let side = if status.is_server_error() { "Server" } else { "Client" };
    match operation.protocol {
        Protocol::Ec2 if !code.starts_with("Client.") && !code.starts_with("Server.") => format!("{side}.{code}"),
        // The exception's own name, which the wire shortens.
        Protocol::Query => operation.model().error_name(&code).map_or(code, str::to_owned),
        // Whoever decides on rights does so for all services alike.
        Protocol::Json | Protocol::Cbor | Protocol::RestJson if code == "AccessDeniedException" => {
            "AccessDenied".to_owned()
        }
        _ => code,
    }
}

/// The service's id of a request.
pub(super) fn request_id(response: &Response<'_>, body: Option<&Document<'_>>) -> Option<String> {
    const HEADERS: [&str; 4] = ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id", "amazon-request-id"];
    let header = HEADERS.iter().find_map(|name| response.headers.get(*name)?.to_str().ok());
    header.map(str::to_owned).or_else(|| {
        let root = xml::parse(body?.bytes())?;
        let metadata = root.child("ResponseMetadata").unwrap_or(&root);
        ["RequestId", "requestId", "RequestID"].iter().find_map(|name| metadata.text_of(name)).map(str::to_owned)
    })
}
