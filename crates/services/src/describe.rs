//! From an exchange to what its record says.

mod additional;
mod deletions;
mod dynamodb;
mod ec2;
mod error;
mod hidden;
mod message;
mod render;
mod resources;
mod s3;
mod saml;
mod time;

use opentrail_model::account::leader_region;
use serde_json::{Map, Value};

use crate::{Call, CallError, Exchange, Operation, knowledge};
use message::Document;
use render::Renderer;

/// Describes a call as CloudTrail does.
pub fn describe(exchange: &Exchange<'_>) -> Call {
    let operation = exchange.operation;
    let answer = exchange.response.and_then(|response| Document::of(response.headers, response.body));
    let error = exchange.response.and_then(|response| error::of(operation, &response, answer.as_ref()));
    let request_parameters = parameters(exchange).filter(|_| !is_refused_unread(exchange, error.as_ref()));
    let elements = || elements(exchange, answer.as_ref());
    let response_elements = if error.is_none() && operation.shows_response() { elements() } else { None };
    let resources = resources::of(exchange, request_parameters.as_ref(), response_elements.as_ref());
    let call = Call {
        event_source: source(exchange),
        event_name: operation.event_name().into_owned(),
        aws_region: if operation.is_global() { leader_region(exchange.partition) } else { exchange.region }.to_owned(),
        api_version: knowledge::api_version(operation.head),
        category: operation.category(),
        read_only: operation.is_read_only(),
        request_parameters: request_parameters.map(Value::Object),
        response_elements: response_elements.map(Value::Object),
        error,
        resources,
        request_id: exchange.response.and_then(|response| error::request_id(&response, answer.as_ref())),
        additional_event_data: additional::of(exchange),
        followers: Vec::new(),
    };
    let followers = deletions::of(exchange, &call, answer.as_ref());
    Call { followers, ..call }
}

/// S3 Express has a name of its own in records, by its buckets.
fn source(exchange: &Exchange<'_>) -> String {
    let is_express =
        exchange.operation.head.name == "s3" && s3::bucket(exchange).is_some_and(|it| it.ends_with("--x-s3"));
    if is_express { "s3express.amazonaws.com".to_owned() } else { exchange.operation.event_source() }
}

fn parameters(exchange: &Exchange<'_>) -> Option<Map<String, Value>> {
    let operation = exchange.operation;
    let body = Document::of(&exchange.request.headers, exchange.request_body);
    let parameters = match operation.head.name {
        "s3" | "s3control" => s3::parameters(exchange, body.as_ref()),
        "ec2" => ec2::parameters(operation, exchange.request, body.as_ref()),
        _ => {
            let input = operation.model().members(operation.inner.input);
            let asked = message::request(exchange, body.as_ref());
            let assertion = asked.get("SAMLAssertion").and_then(Value::as_str).map(saml::parameters);
            let mut parameters = Renderer::new(operation).structure(input, asked);
            parameters.extend(assertion.unwrap_or_default());
            if operation.head.name == "dynamodb" { dynamodb::with_request_items(parameters) } else { parameters }
        }
    };
    (!parameters.is_empty()).then_some(parameters)
}

fn elements(exchange: &Exchange<'_>, body: Option<&Document<'_>>) -> Option<Map<String, Value>> {
    let (operation, response) = (exchange.operation, exchange.response?);
    let elements = match operation.head.name {
        "s3" => s3::elements(operation, &response, body),
        "s3control" => Map::new(),
        "ec2" => ec2::elements(operation, body),
        _ => {
            let output = operation.model().members(operation.inner.output);
            let answered = message::response(operation, &response, body);
            known_shape(operation, Renderer::new(operation).structure(output, answered))
        }
    };
    (!elements.is_empty()).then_some(elements)
}

/// Services whose answers, if they are one thing, are recorded as that thing's members.
const UNWRAPPED: [&str; 5] = ["docdb", "elasticache", "neptune", "rds", "redshift"];

/// Writes of Secrets Manager that are recorded with nothing but the secret's ARN, under a name of its own.
const ARN_ONLY: [&str; 3] = ["CreateSecret", "PutSecretValue", "UpdateSecret"];

/// Elements in the shape that a service's records have.
fn known_shape(operation: &Operation, mut elements: Map<String, Value>) -> Map<String, Value> {
    let only = if elements.len() == 1 { elements.values_mut().next() } else { None };
    match (operation.head.name, only) {
        (service, Some(Value::Object(inner))) if UNWRAPPED.contains(&service) => std::mem::take(inner),
        ("secretsmanager", _) if ARN_ONLY.contains(&operation.inner.name) => {
            elements.remove("aRN").map(|arn| ("arn".to_owned(), arn)).into_iter().collect()
        }
        _ => elements,
    }
}

/// Was the request turned away before its service had looked at it? Such records have no parameters.
fn is_refused_unread(exchange: &Exchange<'_>, error: Option<&CallError>) -> bool {
    use crate::table::Protocol;
    let is_gated = matches!(exchange.operation.protocol, Protocol::Json | Protocol::Cbor | Protocol::RestJson);
    let is_refusal = |error: &CallError| {
        let by_policy = error.message.as_deref().is_some_and(|text| text.contains("is not authorized to perform"));
        (error.code == "AccessDenied" && by_policy) || error.code == "ThrottlingException"
    };
    is_gated && error.is_some_and(is_refusal)
}

/// What a request asks, under the models' names.
#[cfg(test)]
pub(crate) fn requested(exchange: &Exchange<'_>) -> Map<String, Value> {
    let body = Document::of(&exchange.request.headers, exchange.request_body);
    message::request(exchange, body.as_ref())
}

#[cfg(test)]
pub(crate) use ec2::classic_set;

#[cfg(test)]
mod tests;
