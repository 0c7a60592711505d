//! Answers of our own in the protocol that the caller speaks, when there is no upstream's to pass on.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use opentrail_intake::IntakeError;
use opentrail_journal::AppendError;
use opentrail_proxy::SendError;

use crate::body::{Body, full};
use crate::respond::escaped;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The forms of error answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// S3, Route 53, CloudFront: an XML document, S3's without an envelope.
    S3,
    RestXml,
    Query,
    Ec2,
    /// JSON 1.0 and 1.1.
    Json,
    RestJson,
    Cbor,
}

/// An error that we answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Form {
    /// The form that a caller understands, by the marks of its protocol.
    pub(crate) fn of(parts: &Parts, service: &str) -> Self {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if text("smithy-protocol") == "rpc-v2-cbor" {
            return Self::Cbor;
        }
        if parts.headers.contains_key("x-amz-target") {
            return Self::Json;
        }
        if text("content-type").starts_with("application/x-www-form-urlencoded") {
            return if service == "ec2" { Self::Ec2 } else { Self::Query };
        }
        match service {
            "s3" | "s3-outposts" | "s3express" => Self::S3,
            "route53" | "cloudfront" | "s3control" => Self::RestXml,
            _ => Self::RestJson,
        }
    }

    /// Denied by a policy, in the words of services of this form.
    pub(crate) fn denied(self, action: &str) -> Refusal {
        let (status, code) = match self {
            Self::Json | Self::Cbor => (400, "AccessDeniedException"),
            Self::RestJson => (403, "AccessDeniedException"),
            Self::Ec2 => (403, "UnauthorizedOperation"),
            Self::S3 | Self::RestXml | Self::Query => (403, "AccessDenied"),
        };
        let message = format!("{action} is not allowed because no VPC endpoint policy allows it");
        Refusal { status, code: code.to_owned(), message }
    }

    /// The call can't be recorded.
    pub(crate) fn unrecorded(self, cause: &IntakeError) -> Refusal {
        let (status, code) = match cause {
            IntakeError::TooManyRegions { .. } => (400, "LimitExceededException"),
            IntakeError::Journal(AppendError::Busy { .. }) => (503, "SlowDown"),
            _ => (503, "ServiceUnavailable"),
        };
        Refusal { status, code: code.to_owned(), message: cause.to_string() }
    }

    /// The answer itself.
    pub(crate) fn answer(self, refusal: &Refusal, request_id: &str) -> Response<Body> {
        let Refusal { status, code, message } = refusal;
        let (code_xml, message_xml) = (escaped(code), escaped(message));
        let fault = if *status < 500 { "Sender" } else { "Receiver" };
        let error =
            format!("<Error><Type>{fault}</Type><Code>{code_xml}</Code><Message>{message_xml}</Message></Error>");
        let json = || serde_json::json!({ "__type": code, "message": message }).to_string().into_bytes();
        let (content_type, body) = match self {
            Self::S3 => (
                "application/xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code_xml}</Code><Message>{message_xml}\
                     </Message><RequestId>{request_id}</RequestId></Error>"
                )
                .into_bytes(),
            ),
            Self::RestXml | Self::Query => (
                "text/xml",
                format!("<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>").into_bytes(),
            ),
            Self::Ec2 => (
                "text/xml",
                format!(
                    "<Response><Errors><Error><Code>{code_xml}</Code><Message>{message_xml}</Message></Error></Errors>\
                     <RequestID>{request_id}</RequestID></Response>"
                )
                .into_bytes(),
            ),
            Self::Json => ("application/x-amz-json-1.1", json()),
            Self::RestJson => ("application/json", json()),
            Self::Cbor => ("application/cbor", cbor(&[("__type", code), ("message", message)])),
        };
        let mut response = Response::new(full(body));
        *response.status_mut() = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
        self.head(response.headers_mut(), content_type, code, request_id);
        response
    }

    fn head(self, headers: &mut HeaderMap, content_type: &'static str, code: &str, request_id: &str) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, id);
        }
        if self == Self::RestJson
            && let Ok(code) = HeaderValue::from_str(code)
        {
            headers.insert(ERROR_TYPE, code);
        }
        if self == Self::Cbor {
            headers.insert(HeaderName::from_static("smithy-protocol"), HeaderValue::from_static("rpc-v2-cbor"));
        }
    }
}

impl Refusal {
    /// The caller broke its request off.
    pub(crate) fn aborted() -> Self {
        let message = "the request's body could not be read to its end".to_owned();
        Self { status: 400, code: "RequestAborted".to_owned(), message }
    }

    /// The body is a stream of signed events, which would have to be verified one by one.
    pub(crate) fn signed_events() -> Self {
        let message = "events that are signed with a key of OpenTrail's are not passed on: use a key of the upstream's";
        Self { status: 501, code: "NotImplemented".to_owned(), message: message.to_owned() }
    }
}

/// The upstream gave no answer.
impl From<&SendError> for Refusal {
    fn from(error: &SendError) -> Self {
        let (status, code) = match error {
            SendError::Silent(_) => (504, "GatewayTimeout"),
            SendError::Body(_) => (400, "RequestAborted"),
            SendError::Unreachable(_) | SendError::Cut(_) => (502, "BadGateway"),
        };
        Self { status, code: code.to_owned(), message: error.to_string() }
    }
}

/// A map of texts (RFC 8949).
fn cbor(members: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(members.len()).expect("a few members")];
    for text in members.iter().flat_map(|(name, value)| [name, value]) {
        let length = u32::try_from(text.len()).expect("a short text");
        bytes.push(0x7a);
        bytes.extend(length.to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use http::Request;
    use http_body_util::BodyExt;

    use super::*;

    fn form(headers: &[(&str, &str)], service: &str) -> Form {
        let request = headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
        Form::of(&request.body(()).expect("valid").into_parts().0, service)
    }

    #[test]
    fn the_protocol_is_told_by_its_marks() {
        let target = ("x-amz-target", "DynamoDB_20120810.GetItem");
        let encoded = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        assert_eq!(form(&[target], "dynamodb"), Form::Json);
        assert_eq!(form(&[encoded], "iam"), Form::Query);
        assert_eq!(form(&[encoded], "ec2"), Form::Ec2);
        assert_eq!(form(&[("smithy-protocol", "rpc-v2-cbor")], "monitoring"), Form::Cbor);
        assert_eq!(form(&[], "s3"), Form::S3);
        assert_eq!(form(&[], "route53"), Form::RestXml);
        assert_eq!(form(&[], "lambda"), Form::RestJson);
    }

    async fn check(form: Form, expected: Expect) {
        let refusal = Refusal { status: 502, code: "BadGateway".to_owned(), message: "a & b".to_owned() };
        let answer = form.answer(&refusal, "id");
        assert_eq!(answer.status(), 502);
        let body = answer.into_body().collect().await.expect("no error").to_bytes();
        expected.assert_eq(&String::from_utf8_lossy(&body));
    }

    #[tokio::test]
    async fn each_form_has_its_envelope() {
        check(
            Form::S3,
            expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>BadGateway</Code><Message>a &amp; b</Message><RequestId>id</RequestId></Error>"#]],
        )
        .await;
        check(Form::Query, expect!["<ErrorResponse><Error><Type>Receiver</Type><Code>BadGateway</Code><Message>a &amp; b</Message></Error><RequestId>id</RequestId></ErrorResponse>"]).await;
        check(Form::Ec2, expect!["<Response><Errors><Error><Code>BadGateway</Code><Message>a &amp; b</Message></Error></Errors><RequestID>id</RequestID></Response>"]).await;
        check(Form::Json, expect![[r#"{"__type":"BadGateway","message":"a & b"}"#]]).await;
    }

    #[test]
    fn cbor_is_a_map_of_texts() {
        assert_eq!(cbor(&[("a", "bc")]), b"\xa1\x7a\0\0\0\x01a\x7a\0\0\0\x02bc");
    }
}
