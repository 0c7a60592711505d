//! From bytes to a typed request, and from a typed response to text.

use serde_json::{Map, Value};

use crate::codec::Structure;
use crate::violation::Violations;
use crate::{Error, Operation, validate, violation_error};

/// The largest body that is looked at.
pub const BODY_BYTES_MAX: usize = 2 << 20;

/// How deep a body may nest; the deepest request of the models needs 8.
pub const NESTING_MAX: usize = 32;

/// Reads a request.
///
/// The order is AWS's: a body that is not JSON, then a value of the wrong type (`SerializationException` both), then
/// the model's constraints. Members that the model doesn't know are ignored; an empty body is an empty structure.
pub fn decode<T: Structure>(operation: Operation, body: &[u8]) -> Result<T, Error> {
    decode_value(operation, parse(body)?)
}

/// Reads a request whose body is parsed already.
pub fn decode_value<T: Structure>(operation: Operation, value: Value) -> Result<T, Error> {
    validate::types(T::shape(), &value)?;
    let violations = validate::constraints(T::shape(), &value);
    if !violations.is_empty() {
        return Err(violation_error(operation, &violations));
    }
    T::read(value).map_err(Error::from)
}

/// Which constraints of its model a request breaks. An error is a body that is not even of the right types.
pub fn check(operation: Operation, body: &Value) -> Result<Violations, Error> {
    validate::types(operation.input(), body)?;
    Ok(validate::constraints(operation.input(), body))
}

/// Parses a body into a JSON object of bounded size and depth.
pub fn parse(body: &[u8]) -> Result<Value, Error> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Error::request_entity_too_large(format!("Request body is larger than {BODY_BYTES_MAX} bytes.")));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    // The parser gives up beyond 128 levels.
    let value: Value =
        serde_json::from_slice(body).map_err(|_| Error::serialization("Request body is not valid JSON."))?;
    if depth(&value) > NESTING_MAX {
        return Err(Error::serialization(format!("Request body is nested deeper than {NESTING_MAX} levels.")));
    }
    if value.is_object() { Ok(value) } else { Err(Error::serialization("Request body is not a JSON object.")) }
}

/// How deep a value goes. The parser has bounded it.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Writes a structure: compact, members in the model's order, absent ones left out.
pub fn encode<T: Structure>(value: &T) -> String {
    let mut out = Vec::with_capacity(256);
    value.write(&mut out);
    String::from_utf8(out).expect("JSON is text")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Timestamp;
    use crate::shapes::{
        CreateTrailRequest, GetTrailStatusResponse, ImportSource, PublicKey, S3ImportSource, StopLoggingResponse,
    };

    fn refused(operation: Operation, body: &[u8], expected: &Expect) {
        let error = match parse(body).and_then(|body| crate::check(operation, &body)) {
            Ok(violations) => panic!("the body is of the right types: {violations}"),
            Err(error) => error,
        };
        assert_eq!(error.status, 400);
        expected.assert_eq(&error.to_json());
    }

    #[test]
    fn what_is_not_json_is_refused_first() {
        let op = Operation::CreateTrail;
        refused(
            op,
            b"{\"Name\":",
            &expect![[r#"{"__type":"SerializationException","message":"Request body is not valid JSON."}"#]],
        );
        refused(
            op,
            b"{}x",
            &expect![[r#"{"__type":"SerializationException","message":"Request body is not valid JSON."}"#]],
        );
        refused(
            op,
            b"\xff",
            &expect![[r#"{"__type":"SerializationException","message":"Request body is not valid JSON."}"#]],
        );
        refused(
            op,
            b"[]",
            &expect![[r#"{"__type":"SerializationException","message":"Request body is not a JSON object."}"#]],
        );
    }

    #[test]
    fn types_are_refused_before_constraints() {
        let op = Operation::CreateTrail;
        refused(
            op,
            br#"{"Name":5}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"NUMBER_VALUE can not be converted to a String"}"#
            ]],
        );
        refused(
            op,
            br#"{"IsMultiRegionTrail":"yes"}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"STRING_VALUE can not be converted to a Boolean"}"#
            ]],
        );
        refused(
            op,
            br#"{"TagsList":[{"Key":true}]}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"TRUE_VALUE can not be converted to a String"}"#
            ]],
        );
        refused(
            op,
            br#"{"Name":["a"]}"#,
            &expect![[r#"{"__type":"SerializationException","message":"Start of list found where not expected"}"#]],
        );
        refused(
            op,
            br#"{"TagsList":{}}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"Start of structure or map found where not expected."}"#
            ]],
        );
        refused(
            Operation::LookupEvents,
            br#"{"MaxResults":1.5}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"DECIMAL_VALUE can not be converted to an Integer"}"#
            ]],
        );
        refused(
            Operation::LookupEvents,
            br#"{"MaxResults":3000000000}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"NUMBER_VALUE can not be converted to an Integer"}"#
            ]],
        );
        refused(
            Operation::LookupEvents,
            br#"{"StartTime":"soon"}"#,
            &expect![[
                r#"{"__type":"SerializationException","message":"STRING_VALUE can not be converted to a Date"}"#
            ]],
        );
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let large = vec![b' '; BODY_BYTES_MAX + 1];
        assert_eq!(parse(&large).expect_err("too large").status, 413);
        let nested = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(NESTING_MAX - 1).as_bytes()).is_ok());
        assert_eq!(parse(nested(NESTING_MAX).as_bytes()).expect_err("too deep").code, "SerializationException");
        assert_eq!(parse(nested(400_000).as_bytes()).expect_err("too deep").code, "SerializationException");
        assert!(parse(br#"{"x":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}"#).is_ok(), "brackets in a text are text");
    }

    #[test]
    fn strangers_nulls_and_nothing_are_fine() {
        let body = br#"{"Name":"t","S3BucketName":"b","KmsKeyId":null,"Surprise":{"deep":[1]}}"#;
        let request: CreateTrailRequest = decode(Operation::CreateTrail, body).expect("valid");
        let expected = CreateTrailRequest {
            name: "t".to_owned(),
            s3_bucket_name: "b".to_owned(),
            ..CreateTrailRequest::default()
        };
        assert_eq!(request, expected);
        for empty in [&b""[..], b" \n", b"{}"] {
            assert!(decode::<crate::shapes::DescribeTrailsRequest>(Operation::DescribeTrails, empty).is_ok());
        }
    }

    #[test]
    fn answers_are_compact_in_model_order() {
        let status = GetTrailStatusResponse {
            is_logging: Some(false),
            latest_delivery_attempt_time: Some(String::new()),
            latest_notification_attempt_time: Some(String::new()),
            latest_notification_attempt_succeeded: Some(String::new()),
            latest_delivery_attempt_succeeded: Some(String::new()),
            time_logging_started: Some(String::new()),
            time_logging_stopped: Some(String::new()),
            ..GetTrailStatusResponse::default()
        };
        assert_eq!(encode(&status).len(), 209, "the length that the service was seen to send");
        let started = GetTrailStatusResponse {
            start_logging_time: Some(Timestamp::from_millis(1_789_319_538_551)),
            ..GetTrailStatusResponse::default()
        };
        assert_eq!(encode(&started), r#"{"StartLoggingTime":1.789319538551E9}"#);
        assert_eq!(encode(&StopLoggingResponse::default()), "{}");
        let key = PublicKey { value: Some(crate::shapes::Blob(vec![1, 2, 3])), ..PublicKey::default() };
        assert_eq!(encode(&key), r#"{"Value":"AQID"}"#);
        let source = ImportSource {
            s3: S3ImportSource {
                s3_location_uri: "s3://b/".to_owned(),
                s3_bucket_region: "us-east-1".to_owned(),
                s3_bucket_access_role_arn: "a\"\u{1}".to_owned(),
            },
        };
        assert_eq!(
            encode(&source),
            r#"{"S3":{"S3LocationUri":"s3://b/","S3BucketRegion":"us-east-1","S3BucketAccessRoleArn":"a\"\u0001"}}"#
        );
    }
}
