//! From what a record says of a call back to the bytes that the call was: the other way round of the whole crate.

mod ec2;
mod members;
mod s3;
mod write;

use http::request::Parts;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Map, Value};

use crate::Operation;
use crate::table::{Member, Place, Protocol};
pub(super) use write::{cbor, percent};

/// A request or a response.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) method: String,
    pub(super) uri: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) status: u16,
}

impl Message {
    pub(super) fn parts(&self) -> Parts {
        let mut request = Request::builder().method(self.method.as_str()).uri(self.uri.as_str());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap_or_else(|error| panic!("{error}: {self:?}")).into_parts().0
    }

    pub(super) fn header_map(&self) -> HeaderMap {
        let pair = |(name, value): &(String, String)| {
            Some((http::HeaderName::try_from(name.as_str()).ok()?, http::HeaderValue::from_str(value).ok()?))
        };
        self.headers.iter().filter_map(pair).collect()
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).expect("a status")
    }
}

/// The request that a record tells of.
pub(super) fn request(operation: &Operation, parameters: &Map<String, Value>) -> Message {
    match operation.head.name {
        "s3" | "s3control" => s3::request(operation, parameters),
        "ec2" => ec2::request(operation, parameters),
        _ => {
            let input = operation.model().members(operation.inner.input);
            let asked = members::structure(operation, input, parameters);
            modelled_request(operation, &asked)
        }
    }
}

/// The request with these members, under the model's names.
pub(super) fn modelled_request(operation: &Operation, asked: &Map<String, Value>) -> Message {
    let input = operation.model().members(operation.inner.input);
    let mut message = Message { method: operation.inner.method.to_owned(), uri: "/".to_owned(), ..Message::default() };
    match operation.protocol {
        Protocol::Query | Protocol::Ec2 => {
            let mut form = format!("Action={}&Version={}", operation.inner.name, operation.head.version);
            write::form(operation, input, asked, &mut form);
            message.body = form.into_bytes();
            message.headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        Protocol::Json => {
            let target = operation.head.target.unwrap_or_default();
            message.headers.push(("x-amz-target".to_owned(), format!("{target}.{}", operation.inner.name)));
            message.body = document(operation, input, asked);
        }
        Protocol::Cbor => {
            message.headers.push(("smithy-protocol".to_owned(), "rpc-v2-cbor".to_owned()));
            let target = operation.head.target.unwrap_or_default();
            message.uri = format!("/service/{target}/operation/{}", operation.inner.name);
            message.body = document(operation, input, asked);
        }
        Protocol::RestJson | Protocol::RestXml => {
            message.uri = write::uri(operation, input, asked);
            message.headers.extend(write::headers(input, asked));
            message.body = document(operation, input, asked);
        }
    }
    message
}

/// The response that a record tells of.
pub(super) fn response(operation: &Operation, elements: &Map<String, Value>) -> Message {
    match operation.head.name {
        "s3" => s3::response(elements),
        "ec2" => ec2::response(operation, elements),
        _ => {
            let output = operation.model().members(operation.inner.output);
            let told = members::structure(operation, output, elements);
            if told.is_empty() && !elements.is_empty() && output.len() == 1 {
                // Recorded as the members of the one thing that was answered.
                let wrapped = Map::from_iter([(output[0].name.to_owned(), Value::Object(elements.clone()))]);
                return modelled_response(operation, &members::structure(operation, output, &wrapped));
            }
            modelled_response(operation, &told)
        }
    }
}

/// The response with these members, under the model's names.
pub(super) fn modelled_response(operation: &Operation, told: &Map<String, Value>) -> Message {
    let output = operation.model().members(operation.inner.output);
    let mut message = Message { status: 200, ..Message::default() };
    if operation.protocol == Protocol::Query {
        let name = operation.inner.name;
        let content = write::xml_members(operation.model(), output, told);
        message.body = format!("<{name}Response><{name}Result>{content}</{name}Result></{name}Response>").into_bytes();
    } else {
        message.headers = write::headers(output, told);
        message.body = document(operation, output, told);
    }
    message
}

/// The body with the members that stand in it.
fn document(operation: &Operation, members: &[Member], told: &Map<String, Value>) -> Vec<u8> {
    let model = operation.model();
    if let Some(payload) = members.iter().find(|member| member.place == Place::Payload) {
        let Some(value) = told.get(payload.name) else { return Vec::new() };
        return match (operation.protocol, value) {
            (Protocol::RestXml, value) => write::xml_element(model, payload, payload.wire_name(), value).into_bytes(),
            (_, Value::String(text)) => text.clone().into_bytes(),
            (protocol, value) => write::json(model, protocol, payload.kind, value).to_string().into_bytes(),
        };
    }
    match operation.protocol {
        Protocol::RestXml => format!("<Root>{}</Root>", write::xml_members(model, members, told)).into_bytes(),
        protocol => {
            let value = Value::Object(write::json_members(model, protocol, members, told));
            if protocol == Protocol::Cbor { cbor(&value) } else { value.to_string().into_bytes() }
        }
    }
}

/// The response that tells of an error as records name it.
pub(super) fn error(operation: &Operation, code: &str, text: &str) -> Message {
    let plain = code.trim_start_matches("Client.").trim_start_matches("Server.");
    let status = if code.starts_with("Server.") { 500 } else { 400 };
    let text = write::escaped(text);
    let body = match operation.protocol {
        Protocol::Ec2 => {
            format!(
                "<Response><Errors><Error><Code>{plain}</Code><Message>{text}</Message></Error></Errors></Response>"
            )
        }
        Protocol::Query => {
            let wire = operation.model().error_code(code).unwrap_or(code);
            format!("<ErrorResponse><Error><Code>{wire}</Code><Message>{text}</Message></Error></ErrorResponse>")
        }
        Protocol::RestXml => format!("<Error><Code>{code}</Code><Message>{text}</Message></Error>"),
        _ => {
            let wire = if code == "AccessDenied" { "AccessDeniedException" } else { code };
            let error = serde_json::json!({"__type": wire, "message": text});
            let is_cbor = operation.protocol == Protocol::Cbor;
            let body = if is_cbor { cbor(&error) } else { error.to_string().into_bytes() };
            return Message { status, body, ..Message::default() };
        }
    };
    Message { status, body: body.into_bytes(), ..Message::default() }
}
