//! `PutAuditEvents`, the one operation of `cloudtrail-data`, and how it travels.
//!
//! It speaks REST-JSON: `POST /PutAuditEvents?channelArn=…&externalId=…` with the events in the body. An error names
//! its code in the header [`ERROR_TYPE_HEADER`] and carries [`Error::to_rest_json`] as its body.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::shapes::PutAuditEventsRequest;
use crate::{Error, Operation, decode_value, parse};

/// The path; the method is POST.
pub const PATH: &str = "/PutAuditEvents";

/// The header that carries the code of an error.
pub const ERROR_TYPE_HEADER: &str = "x-amzn-errortype";

/// Reads a request from its query string and its body.
pub fn decode(query: &str, body: &[u8]) -> Result<PutAuditEventsRequest, Error> {
    decode_value(Operation::PutAuditEvents, document(query, body)?)
}

/// The request as one JSON document, whose members come from where the model binds them: those of the query string
/// are never read from the body.
pub fn document(query: &str, body: &[u8]) -> Result<Value, Error> {
    let mut document = parse(body)?;
    let members = document.as_object_mut().expect("`parse` answers objects only");
    for member in Operation::PutAuditEvents.input().members().iter().filter(|member| member.in_query) {
        members.shift_remove(member.name);
        if let Some(value) = query_value(query, member.name)? {
            members.insert(member.name.to_owned(), Value::String(value));
        }
    }
    Ok(document)
}

/// The first value of this name, decoded.
fn query_value(query: &str, name: &str) -> Result<Option<String>, Error> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let decoded = percent_decode_str(&text).decode_utf8().map(|it| it.into_owned());
        decoded.map_err(|_| Error::serialization("Query string is not UTF-8."))
    };
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if decoded(key)? == name {
            return decoded(value).map(Some);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const BODY: &[u8] = br#"{"auditEvents":[{"id":"a-1","eventData":"{}"}],"channelArn":"arn:ignored"}"#;

    #[test]
    fn members_come_from_where_they_are_bound() {
        let query = "channelArn=arn%3Aaws%3Acloudtrail%3Aus-east-1%3A123456789012%3Achannel%2Fx&externalId=a%20b";
        let error = decode(query, BODY).expect_err("a space is not allowed in an external ID");
        expect![[r"ValidationException: 1 validation error detected: Value 'a b' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\w+=,.@:\/-]*$"]]
            .assert_eq(&error.to_string());
        let request = decode(&query.replace("%20", "-"), BODY).expect("valid");
        assert_eq!(request.channel_arn, "arn:aws:cloudtrail:us-east-1:123456789012:channel/x");
        assert_eq!(request.external_id.as_deref(), Some("a-b"));
        assert_eq!(request.audit_events[0].id, "a-1");
    }

    #[test]
    fn a_channel_in_the_body_is_no_channel() {
        let error = decode("", BODY).expect_err("the channel is required");
        expect!["ValidationException: 1 validation error detected: Value null at 'channelArn' failed to satisfy constraint: Member must not be null"]
            .assert_eq(&error.to_string());
    }

    #[test]
    fn a_rest_error_has_only_a_message() {
        let error = Error::modelled(crate::ErrorShape::ChannelNotFound, "no \"x\"");
        assert_eq!((error.code, error.status), ("ChannelNotFound", 400));
        assert_eq!(error.to_rest_json(), r#"{"message":"no \"x\""}"#);
    }
}
