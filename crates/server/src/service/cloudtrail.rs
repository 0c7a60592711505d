//! The CloudTrail API, and what the record of each of its calls says.

use bytes::Bytes;
use http::request::Parts;
use opentrail_api::Caller;
use opentrail_wire::{Error, Operation, dispatch_value, event_elements, event_parameters, parse};
use serde_json::Value;

use crate::app::App;
use crate::gate::Authenticated;
use crate::record::CallFacts;
use crate::respond::{Stamp, json as json_answer, json_error};
use crate::service::call::{Answered, target};

/// Answers a call of CloudTrail.
pub(crate) async fn answer(app: &App, stamp: &Stamp, parts: &Parts, body: &Bytes, caller: &Authenticated) -> Answered {
    let target = target(parts).unwrap_or_default();
    let Ok(operation) = Operation::from_target(target) else {
        // There is no operation that a record could name.
        return Answered { response: error_response(stamp, &Error::unknown_operation()), facts: None };
    };
    if operation == Operation::GetChannel {
        app.ingestions.write(&app.catalog).await;
    }
    let context = Caller { principal: caller.key().principal.clone(), region: caller.region().clone() };
    let (parameters, result) = match parse(body) {
        Ok(request) => {
            let parameters = event_parameters(operation, &request);
            (parameters, dispatch_value(&app.api, &context, operation, request).await.result)
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let facts = facts(operation, parameters, &result);
    let response = match &result {
        Ok(text) => json_answer(stamp, 200, text.clone()),
        Err(error) => error_response(stamp, error),
    };
    Answered { response, facts: Some(facts) }
}

fn error_response(stamp: &Stamp, error: &Error) -> http::Response<crate::body::Body> {
    json_error(stamp, error.status, error.code, &error.message)
}

/// CloudTrail's own conventions: parameters in lower camel case; `responseElements` null for reads, for errors and for
/// answers without members (CloudTrail user guide, "CloudTrail record contents").
fn facts(operation: Operation, parameters: Value, result: &Result<String, Error>) -> CallFacts {
    let response = match result {
        Ok(text) if !operation.is_read_only() => serde_json::from_str(text).unwrap_or_default(),
        _ => Value::Null,
    };
    let shown = |value: Value| Some(value).filter(|value| !value.is_null());
    CallFacts {
        event_source: format!("{}.amazonaws.com", operation.endpoint_prefix()),
        event_name: operation.name().to_owned(),
        is_read_only: operation.is_read_only(),
        is_data_event: false,
        request_parameters: shown(parameters),
        response_elements: shown(event_elements(operation, &response)),
        error: result.as_ref().err().map(|error| (error.code.to_owned(), error.message.clone())),
    }
}
