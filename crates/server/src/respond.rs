//! Answers in the forms of the AWS protocol families.

use http::header::{CONNECTION, CONTENT_TYPE, DATE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use opentrail_stdx::Timestamp;

use crate::body::{Body, full};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// What every answer of a JSON or query service carries.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    /// `x-amzn-RequestId`, also the record's `requestID`.
    pub(crate) request_id: String,
    /// When the call arrived.
    pub(crate) arrived_at: Timestamp,
}

/// An answer of a JSON 1.1 service; errors close the connection, as CloudTrail's do.
pub(crate) fn json(stamp: &Stamp, status: u16, body: impl Into<bytes::Bytes>) -> Response<Body> {
    stamped(stamp, status, "application/x-amz-json-1.1", body)
}

/// An answer of a query service.
pub(crate) fn xml(stamp: &Stamp, status: u16, body: impl Into<bytes::Bytes>) -> Response<Body> {
    stamped(stamp, status, "text/xml", body)
}

/// The error envelope of JSON services.
pub(crate) fn json_error(stamp: &Stamp, status: u16, code: &str, message: &str) -> Response<Body> {
    json(stamp, status, serde_json::json!({"__type": code, "message": message}).to_string())
}

/// The error envelope of query services.
pub(crate) fn query_error(stamp: &Stamp, status: u16, code: &str, message: &str) -> Response<Body> {
    let fault = if status < 500 { "Sender" } else { "Receiver" };
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{fault}</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        escaped(code),
        escaped(message),
        stamp.request_id
    );
    xml(stamp, status, body)
}

/// An answer for machines and people: plain text.
pub(crate) fn text(status: u16, body: impl Into<bytes::Bytes>) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = status_code(status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// Text as it may stand in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn stamped(stamp: &Stamp, status: u16, content_type: &'static str, body: impl Into<bytes::Bytes>) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = status_code(status);
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(&stamp.request_id).expect("request ids are UUIDs"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(DATE, HeaderValue::from_str(&stamp.arrived_at.http_date()).expect("dates are ASCII"));
    if status >= 400 {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
