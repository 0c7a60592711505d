//! A call of any service: its request is recognised or not; what it says is described the same way twice, whatever its bodies are.
#![no_main]

use http::StatusCode;
use http::request::Parts;
use libfuzzer_sys::fuzz_target;
use opentrail_services::{Body, Exchange, Recognition, Response, Services, Transfer, describe};

fuzz_target!(|data: &[u8]| {
    let mut sections = data.splitn(3, |byte| *byte == 0);
    let Some(parts) = sections.next().and_then(request) else { return };
    let (asked, answered) = (sections.next().unwrap_or_default(), sections.next().unwrap_or_default());
    // The service that signs is a header here.
    let signing_name = parts.headers.get("signing-name").and_then(|value| value.to_str().ok());
    let services = Services::embedded().with_s3_domains(["s3.example.com"]);
    let operation = match services.recognise(&parts, signing_name) {
        Recognition::NeedsBody(pending) => pending.resolve(asked),
        other => other,
    };
    let operation = match operation {
        Recognition::Operation(operation) => operation,
        Recognition::NeedsBody(_) => panic!("a form is asked for once"),
        Recognition::Unknown(_) => return,
    };
    let _ = operation.capture();
    for status in [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND] {
        let body = |bytes| Body { bytes, is_whole: true };
        let exchange = Exchange {
            operation: &operation,
            request: &parts,
            request_body: body(asked),
            response: Some(Response { status, headers: &parts.headers, body: body(answered) }),
            account: "123456789012",
            region: "us-east-1",
            partition: "aws",
            transfer: Transfer::default(),
        };
        let call = describe(&exchange);
        assert!(call.error.is_some() == (status != StatusCode::OK), "a failure is told");
        assert_eq!(call, describe(&exchange), "the same call is told alike");
    }
});

/// `METHOD target`, then `name:value` lines. Lines that HTTP doesn't allow are left out.
fn request(data: &[u8]) -> Option<Parts> {
    let mut lines = data.split(|byte| *byte == b'\n');
    let line = lines.next()?;
    let space = line.iter().position(|byte| *byte == b' ')?;
    let method = http::Method::from_bytes(&line[..space]).ok()?;
    let uri = http::Uri::try_from(&line[space + 1..]).ok()?;
    let (mut parts, ()) = http::Request::new(()).into_parts();
    (parts.method, parts.uri) = (method, uri);
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = http::HeaderName::from_bytes(&line[..colon]);
        let value = http::HeaderValue::from_bytes(&line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (name, value) {
            parts.headers.try_append(name, value).ok()?;
        }
    }
    Some(parts)
}
